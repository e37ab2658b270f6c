//! Whether a form can be sent without a field. The dictionary decides, and a label says so of optional fields only.

use domain::dictionary::Attribute;
use gate::PersonKind;

use super::subject::Subject;

/// Whether a form can be sent without a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It cannot.
    Required,
    /// It can.
    Optional,
}

impl Need {
    /// The need of a detail in the form about somebody. `whole` says whether they may be there without a unit.
    #[must_use]
    pub fn of(attribute: Attribute, subject: Subject, whole: bool) -> Self {
        let is_required = match attribute {
            // An account is given one that is made from the name; nothing makes a contact's.
            Attribute::EmailAddress if subject.kind() == PersonKind::Contact => true,
            Attribute::Unit => !whole,
            made if made.is_made_by_service() => !subject.is_new(),
            other => other.entry().required,
        };
        match is_required {
            true => Self::Required,
            false => Self::Optional,
        }
    }

    /// A label, with what it says of the need.
    #[must_use]
    pub fn label(self, label: &str) -> String {
        match self {
            Self::Required => label.to_owned(),
            Self::Optional => format!("{label} (optional)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::values::ids::AccountId;

    use super::*;

    #[test]
    fn only_optional_fields_are_marked_as_the_dictionary_says() {
        let label = |attribute: Attribute, subject, whole| Need::of(attribute, subject, whole).label(attribute.name());
        let new = Subject::NewAccount;
        assert_eq!(label(Attribute::FirstName, new, true), "First name");
        assert_eq!(label(Attribute::JobTitle, new, true), "Job title (optional)");
        let unit = Attribute::Unit.name();
        assert_eq!(label(Attribute::Unit, new, true), format!("{unit} (optional)"));
        assert_eq!(label(Attribute::Unit, new, false), unit);
        // What was made for somebody new cannot be emptied later.
        let name = Attribute::DisplayName.name();
        let known = Subject::Account(AccountId(Default::default()));
        assert_eq!(label(Attribute::DisplayName, new, true), format!("{name} (optional)"));
        assert_eq!(label(Attribute::DisplayName, known, true), name);
        let address = Attribute::EmailAddress.name();
        assert_eq!(label(Attribute::EmailAddress, Subject::NewContact, true), address);
    }
}
