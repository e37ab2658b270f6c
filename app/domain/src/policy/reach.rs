//! Scopes without anybody who asks: where grants reach, and where two scopes overlap.

use super::{Deed, Grant, Reach, Scope, ScopePart, table};

impl Scope {
    /// Returns where grants allow a deed, no matter who holds them. What a role allows only beside another, or where it is
    /// configured, does not count.
    #[must_use]
    pub fn of(grants: &[Grant], deed: Deed) -> Self {
        let allowing = || grants.iter().filter(|grant| table(grant.role, deed) == Reach::Yes);
        let part = |grant: &Grant| ScopePart {
            path: grant.path.clone(),
            unit: grant.unit.clone(),
        };
        Self {
            everything: allowing().any(|grant| grant.role.is_global()),
            parts: allowing().filter(|grant| !grant.role.is_global()).map(part).collect(),
        }
    }

    /// Returns what lies in both scopes.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> Self {
        match (self.everything, other.everything) {
            (true, _) => other.clone(),
            (_, true) => self.clone(),
            (false, false) => {
                let pairs = self
                    .parts
                    .iter()
                    .flat_map(|one| other.parts.iter().map(move |two| (one, two)));
                let mut parts: Vec<_> = pairs.filter_map(|(one, two)| one.overlap(two)).collect();
                parts.sort_by(|one, two| (&one.path, &one.unit).cmp(&(&two.path, &two.unit)));
                parts.dedup();
                Self {
                    everything: false,
                    parts,
                }
            }
        }
    }
}

impl ScopePart {
    /// Two sub-trees either lie apart, or one lies in the other.
    fn overlap(&self, other: &Self) -> Option<Self> {
        if self.covers(&other.path, other.unit.as_ref()) {
            Some(other.clone())
        } else if other.covers(&self.path, self.unit.as_ref()) {
            Some(self.clone())
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisation::{OrganisationPath, UnitPath};

    fn of(parts: &[(&str, &str)]) -> Scope {
        let part = |(path, unit): &(&str, &str)| ScopePart {
            path: OrganisationPath::stored((*path).to_owned()),
            unit: (!unit.is_empty()).then(|| UnitPath::parse(unit)),
        };
        Scope {
            everything: false,
            parts: parts.iter().map(part).collect(),
        }
    }

    #[test]
    fn the_overlap_of_two_scopes_is_the_smaller_of_each_pair() {
        let everything = Scope {
            everything: true,
            parts: vec![],
        };
        let trust = of(&[("/RIV/", "")]);
        let below = of(&[("/RIV/RIV01/", ""), ("/G7H8J/", "")]);
        let unit = of(&[("/RIV/", "Medicine")]);
        assert_eq!(everything.overlap(&trust), trust);
        assert_eq!(trust.overlap(&everything), trust);
        assert_eq!(trust.overlap(&below), of(&[("/RIV/RIV01/", "")]));
        assert_eq!(below.overlap(&trust), of(&[("/RIV/RIV01/", "")]));
        assert_eq!(trust.overlap(&unit), unit);
        assert_eq!(
            unit.overlap(&of(&[("/RIV/", "Medicine / Ward 7")])),
            of(&[("/RIV/", "Medicine / Ward 7")])
        );
        assert!(
            unit.overlap(&of(&[("/RIV/", "Surgery"), ("/RIV/RIV01/", "")]))
                .is_empty()
        );
    }
}
