//! Conditions of a number format's sections, such as `[>=1000]`.

/// For which numbers a section is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Condition {
    compares: Compares,
    with: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compares {
    Less,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    Greater,
}

impl Condition {
    /// A condition as it stands between its brackets; `None` if it is not one.
    pub(super) fn parse(within: &str) -> Option<Self> {
        let within = within.trim();
        let signs = within
            .find(|c: char| !matches!(c, '<' | '>' | '='))
            .unwrap_or(within.len());
        let (sign, number) = within.split_at(signs);
        let compares = match sign {
            "<" => Compares::Less,
            "<=" => Compares::AtMost,
            "=" => Compares::Equal,
            "<>" => Compares::Unequal,
            ">=" => Compares::AtLeast,
            ">" => Compares::Greater,
            _ => return None,
        };
        let with = number.trim().parse::<f64>().ok().filter(|with| with.is_finite())?;
        Some(Self { compares, with })
    }

    pub(super) fn is_true_of(self, number: f64) -> bool {
        let order = number.partial_cmp(&self.with);
        order.is_some_and(|order| match self.compares {
            Compares::Less => order.is_lt(),
            Compares::AtMost => order.is_le(),
            Compares::Equal => order.is_eq(),
            Compares::Unequal => order.is_ne(),
            Compares::AtLeast => order.is_ge(),
            Compares::Greater => order.is_gt(),
        })
    }

    /// Whether it is true of negative numbers only: their sign is then the section's to write.
    pub(super) fn is_of_negatives(self) -> bool {
        match self.compares {
            Compares::Less => self.with <= 0.0,
            Compares::AtMost | Compares::Equal => self.with < 0.0,
            Compares::Unequal | Compares::AtLeast | Compares::Greater => false,
        }
    }

    /// Whether a negative number of which it is not true belongs to a section for negative ones.
    pub(super) fn leaves_negatives(self) -> bool {
        matches!(self.compares, Compares::AtLeast | Compares::Greater) && self.with == 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_compares_with_a_number_or_is_none() {
        let holds = |within: &str, number| Condition::parse(within).map(|condition| condition.is_true_of(number));
        for (within, number, is_so) in [
            ("<=9999999", 9_999_999.0, true),
            ("<=9999999", 10_000_000.0, false),
            (">=1000", 999.5, false),
            ("<0", -1.0, true),
            ("=1", 1.0, true),
            ("<>1", 1.0, false),
            ("> 0.5", 0.6, true),
        ] {
            assert_eq!(holds(within, number), Some(is_so), "{within} {number}");
        }
        for none in ["", "=>1", ">", ">many", "<NaN", "Red"] {
            assert_eq!(Condition::parse(none), None, "{none}");
        }
    }
}
