//! A form that came when its sender was no longer signed in, as it is shown again once they are.

use domain::dictionary::{Attribute, Input, MANY};

use super::{
    FormState,
    fields::{Fields, LeftOut},
};

/// The names of fields whose text nobody but their reader may see. One-time passwords of a file are known by the dictionary.
const SECRETS: [&str; 6] = ["password", "present", "code", "credential", "token", "find"];

/// Whether a field's text may be kept.
#[must_use]
pub fn is_kept(field: &str) -> bool {
    // What a cell held before stands under its attribute's name, too.
    let attribute = Attribute::from_slug(field.strip_prefix("was-").unwrap_or(field));
    !SECRETS.contains(&field) && attribute.is_none_or(|attribute| attribute.input() != Input::Secret)
}

impl FormState {
    /// The form with all that was sent and kept.
    #[must_use]
    pub fn late(sent: Fields, left_out: LeftOut) -> Self {
        let mut form = Self::default();
        for name in sent.names() {
            if !form.has(name) {
                form.keep(name.to_owned(), &as_read(&sent, name));
            }
        }
        form.late = Some((sent, left_out));
        form
    }

    /// What was not kept of a form that came too late; `None` for any other form.
    #[must_use]
    pub fn left_out(&self) -> Option<LeftOut> {
        self.late.as_ref().map(|(_, left_out)| *left_out)
    }

    /// The fields of a form that came too late, for pages that read them in their own way.
    #[must_use]
    pub fn sent_late(&self) -> Option<&Fields> {
        self.late.as_ref().map(|(sent, _)| sent)
    }
}

/// A field's text as its form shows it again. A box that is ticked comes after the field of its name that says no.
fn as_read(sent: &Fields, name: &str) -> String {
    match Attribute::from_slug(name).map(Attribute::input) {
        Some(Input::Choices) => {
            let mut chosen: Vec<_> = sent.all(name).map(str::trim).filter(|part| !part.is_empty()).collect();
            chosen.sort_unstable();
            chosen.join(MANY)
        }
        Some(_) => sent.all(name).last().unwrap_or_default().to_owned(),
        None => sent.joined(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_form_shows_all_that_was_typed() {
        let sent = Fields::of(&[
            ("first-name", " Ada "),
            ("role", "Nurse"),
            ("role", "Consultant"),
            ("hide-mobile", "no"),
            ("hide-mobile", "yes"),
            ("id", "a"),
            ("id", "b"),
        ]);
        let form = FormState::late(sent, LeftOut::Nothing);
        assert_eq!(form.value_of("first-name"), " Ada ");
        assert_eq!(form.value_of(Attribute::Role.slug()), "Consultant; Nurse");
        assert_eq!(form.value_of(Attribute::HideMobile.slug()), "yes");
        assert_eq!(form.value_of("id"), "a b");
        assert!(form.is_sound() && !form.is_fresh());
        assert_eq!(form.left_out(), Some(LeftOut::Nothing));
        assert_eq!(FormState::default().left_out(), None);
    }

    #[test]
    fn passwords_codes_and_tokens_are_not_kept() {
        for field in SECRETS {
            assert!(!is_kept(field), "{field}");
        }
        let one_time = Attribute::Password.slug();
        assert!(!is_kept(one_time) && !is_kept(&format!("was-{one_time}")));
        for field in ["first-name", "reason", "number", "look_alikes", "id", "was-mobile"] {
            assert!(is_kept(field), "{field}");
        }
    }
}
