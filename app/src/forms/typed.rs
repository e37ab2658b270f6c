//! What a form about one person sends, read by the dictionary: from fields to an attribute's text, and back into the form.

use domain::{
    dictionary::{Attribute, Attributes, Input, MANY},
    problem::{Kind, Problem},
    values::{ids::RowNumber, text},
};
use gate::PersonKind;

use super::{FROM, FormState, SEEN, Subject, THEIRS, fields::Fields, whose};
use crate::islands::{ADDRESS_CHOICE, ANOTHER, KEPT, MADE};

/// As many characters of a field as are looked at and shown again; far more than any field may have.
const LOOKED_AT: usize = 10_000;

/// The organisation that a form is about, as it was sent.
pub(crate) fn organisation(sent: &Fields) -> &str {
    text::trimmed(sent.one(Attribute::Organisation.slug()))
}

/// What was typed and chosen, attribute by attribute. One that was not sent is not asked for.
pub(crate) struct Typed {
    subject: Subject,
    pub(crate) texts: Vec<(Attribute, String)>,
}

impl Typed {
    /// `before` is what the form was shown with.
    pub(crate) fn read(subject: Subject, sent: &Fields, before: &Attributes) -> Self {
        let own = subject
            .attributes()
            .filter(|attribute| sent.one(&whose(*attribute)) != THEIRS);
        let texts = own.filter_map(|attribute| Some((attribute, text_of(subject, sent, before, attribute)?)));
        Self {
            subject,
            texts: texts.collect(),
        }
    }

    pub(crate) fn text(&self, attribute: Attribute) -> Option<&str> {
        let own = self.texts.iter().find(|(own, _)| *own == attribute);
        own.map(|(_, text)| text.as_str())
    }

    /// The form with all that was typed, and with what can be told to be wrong without asking the gate.
    pub(crate) fn form(&self, sent: &Fields, before: &Attributes) -> FormState {
        let mut form = FormState::default();
        for field in [SEEN, FROM] {
            form.keep(field, &cut(sent.one(field)));
        }
        for attribute in self.subject.attributes() {
            let text = self.text(attribute).unwrap_or_else(|| before.text(attribute));
            form.keep(attribute.slug(), &cut(text));
            let length = text.chars().count();
            if length > LOOKED_AT {
                let limit = attribute.entry().limit;
                let kind = Kind::TooLong {
                    attribute,
                    limit,
                    length,
                };
                form.refuse(&Problem::in_cell(RowNumber(1), attribute, "", kind));
            }
            if is_account_address(self.subject, attribute) {
                keep_address(sent, &mut form);
            }
        }
        form
    }
}

/// Which address was chosen, and whether that answer makes sense with what was typed beside it.
fn keep_address(sent: &Fields, form: &mut FormState) {
    let field = Attribute::EmailAddress;
    if sent.one(&whose(field)) == THEIRS {
        form.keep(ADDRESS_CHOICE, KEPT);
        form.keep(field.slug(), "");
        return;
    }
    let (choice, another) = (sent.one(ADDRESS_CHOICE), sent.one(field.slug()));
    form.keep(ADDRESS_CHOICE, &cut(choice));
    form.keep(field.slug(), &cut(another));
    match choice {
        ANOTHER if text::is_blank(another) => {
            form.problem(field.slug(), "Enter the other address, or choose one from the list.");
        }
        MADE | KEPT if !text::is_blank(another) => {
            form.problem(
                field.slug(),
                "Choose “Another address” to use what you typed here, or empty the field.",
            );
        }
        _ => {}
    }
}

/// What one attribute's field says; none where it asks for nothing.
fn text_of(subject: Subject, sent: &Fields, before: &Attributes, attribute: Attribute) -> Option<String> {
    let field = attribute.slug();
    if is_account_address(subject, attribute) {
        return match sent.one(ADDRESS_CHOICE) {
            MADE | KEPT => None,
            ANOTHER => Some(sent.one(field).to_owned()),
            "" => Some(sent.one(field).to_owned()).filter(|text| !text::is_blank(text)),
            chosen => Some(chosen.to_owned()),
        };
    }
    match attribute.input() {
        Input::Choices => {
            let mut chosen: Vec<_> = sent.all(field).map(str::trim).filter(|part| !part.is_empty()).collect();
            chosen.sort_unstable();
            Some(chosen.join(MANY))
        }
        Input::YesOrNo => Some(match (sent.one(field), before.text(attribute)) {
            // A box that was never ticked says nothing; one that was, and is no more, says no.
            ("", "") => String::new(),
            ("", _) => "no".to_owned(),
            (ticked, _) => ticked.to_owned(),
        }),
        Input::Line
        | Input::Lines
        | Input::Address
        | Input::Telephone
        | Input::WebPage
        | Input::Gigabytes
        | Input::Reference
        | Input::Secret => sent.all(field).next().map(ToOwned::to_owned),
    }
}

/// Whether it is the address of an account, which is chosen rather than typed.
pub(crate) fn is_account_address(subject: Subject, attribute: Attribute) -> bool {
    attribute == Attribute::EmailAddress && subject.kind() == PersonKind::Account
}

/// Whether a field's text says what is there; browsers send line ends of their own.
pub(crate) fn is_same(text: &str, there: &str) -> bool {
    text.replace("\r\n", "\n").trim() == there.trim()
}

/// As much of a text as is shown again.
pub(crate) fn cut(text: &str) -> String {
    text.chars().take(LOOKED_AT).collect()
}

#[cfg(test)]
mod tests {
    use domain::dictionary::Value;

    use super::*;

    fn knows(pairs: &[(Attribute, &str)]) -> Attributes {
        let value = |text: &str| Value::stored(text.to_owned());
        pairs
            .iter()
            .map(|(attribute, text)| (*attribute, value(text)))
            .collect()
    }

    fn typed(fields: &[(&str, &str)], before: &Attributes) -> Typed {
        Typed::read(Subject::NewAccount, &Fields::of(fields), before)
    }

    #[test]
    fn ticked_boxes_are_one_text_in_the_lists_order() {
        let typed = typed(&[("role", "Nurse"), ("role", "Consultant")], &Attributes::default());
        assert_eq!(typed.text(Attribute::Role), Some("Consultant; Nurse"));
    }

    #[test]
    fn a_box_says_no_only_where_it_said_yes_before() {
        let hidden = knows(&[(Attribute::HideMobile, "yes")]);
        assert_eq!(typed(&[], &hidden).text(Attribute::HideMobile), Some("no"));
        assert_eq!(typed(&[], &Attributes::default()).text(Attribute::HideMobile), Some(""));
    }

    #[test]
    fn an_address_that_is_made_from_the_name_is_not_asked_for() {
        let chosen = |choice: &str, text: &str| {
            let fields = [(ADDRESS_CHOICE, choice), ("email-address", text)];
            typed(&fields, &Attributes::default())
                .text(Attribute::EmailAddress)
                .map(ToOwned::to_owned)
        };
        assert_eq!(chosen(MADE, ""), None);
        assert_eq!(chosen(ANOTHER, "j@health.example").as_deref(), Some("j@health.example"));
        assert_eq!(
            chosen("jane.smith2@health.example", "").as_deref(),
            Some("jane.smith2@health.example")
        );
    }

    #[test]
    fn a_field_of_two_million_characters_is_too_long_and_breaks_nothing() {
        let absurd = "x".repeat(2_000_000);
        let fields = Fields::of(&[("first-name", &absurd)]);
        let nobody = Attributes::default();
        let form = Typed::read(Subject::NewAccount, &fields, &nobody).form(&fields, &nobody);
        let expected = "First name has 2000000 characters; the most is 120. Shorten it.";
        assert_eq!(form.problem_of("first-name").as_deref(), Some(expected));
        assert_eq!(form.value_of("first-name").chars().count(), LOOKED_AT);
    }

    #[test]
    fn what_is_left_to_somebody_else_is_not_asked_for() {
        let fields = Fields::of(&[("title", "Dr"), ("whose-title", THEIRS)]);
        let now = knows(&[(Attribute::Title, "Prof")]);
        let typed = Typed::read(Subject::NewAccount, &fields, &now);
        assert_eq!(typed.text(Attribute::Title), None);
        assert_eq!(typed.form(&fields, &now).value_of("title"), "Prof");
    }
}
