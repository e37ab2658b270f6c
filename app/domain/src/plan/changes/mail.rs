//! What goes with a seat that covers mail: fields that it needs, templates, and names in the mail directory.

use super::draft::Draft;
use crate::{
    account::{self, Account},
    change_file::{ChangeFault, Field, Taken, taken},
    dictionary::{Attribute, Attributes, Change, Value},
};

/// As many people of one name are told apart by a number in the mail directory.
const MOST_OF_ONE_NAME: u32 = 10_000;

impl<'x> Draft<'x, '_> {
    /// Checks the fields that go with mail. `gives` says that the row gives a seat that covers it, `has` that its person has
    /// mail then.
    pub(super) fn check_mail(&mut self, gives: bool, has: bool) {
        for field in Field::ALL {
            let is_filled = match field {
                Field::Password => self.asked.one_time.is_some(),
                field => self.asked.filled(field).is_some(),
            };
            match taken(self.action, field) {
                Taken::WithMail if gives && !is_filled => {
                    self.fault_of(field, ChangeFault::FieldRequiredMail { field });
                }
                Taken::SenseWithMail if is_filled && !has => {
                    self.flagged.insert(field);
                    self.notice(ChangeFault::FieldWithoutMail { field });
                }
                _ => {}
            }
        }
        self.check_template();
        self.check_migration();
    }

    /// A template is named as it stands in the customer's list, with or without a file of forms behind it.
    fn check_template(&mut self) {
        let field = Field::NotesTemplate;
        let Some(text) = self.unflagged(field) else { return };
        let templates = &self.customer.templates;
        let is_known = |known: &String| {
            let rest = text.strip_prefix(known.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(','))
        };
        if !templates.is_empty() && !templates.iter().any(is_known) {
            let template = text.to_owned();
            self.fault_of(field, ChangeFault::TemplateUnknown { template });
        }
    }

    /// No mail is brought here from elsewhere, so none is there to be taken over.
    fn check_migration(&mut self) {
        let field = Field::NotesMigration;
        let is_asked = |text: &str| text == "1" || text.eq_ignore_ascii_case("true");
        if self.unflagged(field).is_some_and(is_asked) {
            let email = self.told();
            self.fault_of(field, ChangeFault::MigrationNone { email });
        }
    }

    /// The name in the mail directory of somebody who gets a mailbox: the one of the row, else one made of their names.
    /// `None` if they keep the one they have.
    pub(super) fn notes_name(&mut self, names: &Attributes, existing: Option<&Account>) -> Option<Value> {
        let field = Field::NotesDn;
        let own = existing.map(|existing| existing.id);
        let had = existing.is_some_and(|existing| existing.attributes.get(Attribute::NotesName).is_some());
        if let Some(name) = self.unflagged(field) {
            if self.world.has_notes_name(name, own) {
                let name = name.to_owned();
                self.fault_of(field, ChangeFault::DnTaken { name });
                return None;
            }
            return Some(Value::stored(name.to_owned()));
        }
        let made = account::full_name(names);
        if had || made.is_empty() || self.flagged.contains(&field) {
            return None;
        }
        let numbered = (2..=MOST_OF_ONE_NAME).map(|number| format!("{made} {number}"));
        let mut names = std::iter::once(made.clone()).chain(numbered);
        let free = names.find(|name| !self.world.has_notes_name(name, own));
        free.map(Value::stored)
    }

    /// A field's text if it has one of which nothing wrong is said.
    pub(super) fn unflagged(&self, field: Field) -> Option<&'x str> {
        let text = self.asked.filled(field);
        text.filter(|_| !self.flagged.contains(&field))
    }
}

/// The change that gives somebody a value. `None` if they have it.
pub(super) fn given(existing: &Account, attribute: Attribute, value: Value) -> Option<Change> {
    let before = existing.attributes.get(attribute).cloned();
    let after = Some(value);
    (before != after).then_some(Change {
        attribute,
        before,
        after,
    })
}
