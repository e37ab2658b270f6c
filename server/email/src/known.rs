//! What trusted results say about a sender, as long as none of them contradicts another.

use domain::email::Distrust;

use crate::results::{Outcome, Results};

/// Results that are compared with each other at most.
const MOST: usize = 200;

/// A result that says something about the sender.
pub(crate) struct Stated {
    /// In which field it stands.
    field: usize,
    id: String,
    method: &'static str,
    result: String,
    /// The address or domain that it is about.
    pub(crate) about: String,
}

/// All results that say something about the sender, none of which contradicts another.
pub(crate) struct Known(Vec<Stated>);

impl Known {
    /// # Errors
    /// Two of them contradict each other, or one cannot be read.
    pub(crate) fn of(results: &[Results]) -> Result<Self, Distrust> {
        let mut stated = Vec::new();
        for (field, results) in results.iter().enumerate() {
            if !results.is_sound || results.has_doubtful_login() {
                return Err(Distrust::Contradiction);
            }
            for outcome in &results.list {
                stated.extend(about(outcome).map(|(method, about)| Stated {
                    field,
                    id: results.id.clone(),
                    method,
                    result: outcome.result.clone(),
                    about,
                }));
            }
        }
        let contradict = |one: &Stated| stated.iter().any(|other| one.contradicts(other));
        if stated.len() > MOST || stated.iter().any(contradict) {
            return Err(Distrust::Contradiction);
        }
        Ok(Self(stated))
    }

    pub(crate) fn passed(&self, method: &str) -> impl Iterator<Item = &Stated> {
        let has_passed = move |stated: &&Stated| stated.method == method && stated.has_passed();
        self.0.iter().filter(has_passed)
    }

    /// The method that proves a domain of From. SPF never does: it is about the envelope.
    pub(crate) fn aligned(&self, domain: &str) -> Option<&'static str> {
        // DMARC is about From alone, and knows how strictly its domain asks for signatures.
        let has_failed = |stated: &Stated| stated.method == "dmarc" && stated.result == "fail";
        if self.0.iter().any(has_failed) {
            return None;
        }
        if self.passed("dmarc").any(|dmarc| dmarc.about == domain) {
            return Some("dmarc");
        }
        let signs = |dkim: &Stated| dkim.about == domain || is_parent(&dkim.about, domain);
        self.passed("dkim").any(signs).then_some("dkim")
    }
}

/// Whether a domain is above another one, and not a whole country or kind.
fn is_parent(parent: &str, domain: &str) -> bool {
    let above = domain.strip_suffix(parent).and_then(|rest| rest.strip_suffix('.'));
    parent.contains('.') && above.is_some_and(|rest| !rest.is_empty())
}

/// What a result is about; `None` for one that says nothing about the sender.
fn about(outcome: &Outcome) -> Option<(&'static str, String)> {
    match outcome.method.as_str() {
        "auth" => Some(("auth", outcome.property("smtp.auth").unwrap_or_default())),
        "dmarc" => Some(("dmarc", domain_in(outcome.property("header.from")))),
        "dkim" => {
            let signer = outcome.property("header.d");
            let identity = || outcome.property("header.i");
            Some(("dkim", domain_in(signer.or_else(identity))))
        }
        "arc" => Some(("arc", String::new())),
        _ => None,
    }
}

/// A domain, or that of an address.
fn domain_in(value: Option<String>) -> String {
    let value = value.unwrap_or_default();
    match value.rsplit_once('@') {
        Some((_, domain)) => domain.to_owned(),
        None => value,
    }
}

impl Stated {
    fn has_passed(&self) -> bool {
        self.result == "pass"
    }

    /// Whether one of two results says that something has passed, and the other does not.
    fn contradicts(&self, other: &Self) -> bool {
        if self.method != other.method || !self.has_passed() {
            return false;
        }
        if other.has_passed() {
            // A mail may have many signatures; it has one login and one sender.
            return self.method != "dkim" && self.about != other.about;
        }
        // A server further in, where nobody signs in, says nothing by `none`.
        if other.result == "none" && self.id != other.id {
            return false;
        }
        let is_same = self.about == other.about || other.about.is_empty();
        // One server tries several signatures, also of one domain; or it says that there are none.
        let finds_none = other.result == "none" && other.about.is_empty();
        self.method != "dkim" || finds_none || (self.field != other.field && is_same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parent_is_whole_labels_above_and_more_than_one() {
        for (parent, domain, is) in [
            ("trust.example", "hr.trust.example", true),
            ("trust.example", "a.hr.trust.example", true),
            ("trust.example", "trust.example", false),
            ("rust.example", "trust.example", false),
            ("example", "trust.example", false),
            (".example", "trust.example", false),
            ("", "trust.example", false),
            ("hr.trust.example", "trust.example", false),
        ] {
            assert_eq!(is_parent(parent, domain), is, "{parent} {domain}");
        }
    }

    #[test]
    fn too_many_results_are_compared_with_nothing() {
        let field = format!("mx{}", "; dkim=pass header.d=a.example".repeat(90));
        let fields: Vec<_> = (0..3).filter_map(|_| Results::read(&field)).collect();
        assert!(Known::of(&fields[..2]).is_ok());
        assert_eq!(Known::of(&fields).err(), Some(Distrust::Contradiction));
    }
}
