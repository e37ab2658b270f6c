//! The fields of a row, by the table of actions and fields: what is missing, too much, too long or none of the values.

use super::draft::Draft;
use crate::{
    change_file::{ChangeFault, Field, Taken, taken},
    customer::FederationType,
    values::email_address::EmailAddress,
};

impl Draft<'_, '_> {
    /// Checks every field of the row.
    pub(super) fn check_fields(&mut self) {
        for field in Field::ALL.into_iter().filter(|field| *field != Field::Action) {
            self.check_signs(field);
            self.check_taken(field);
            self.check_length(field);
        }
        self.check_email();
        self.check_words();
    }

    /// Elsewhere what cannot be seen is left out, with its sender looking on. Nobody looks on here, and it may be half a value.
    fn check_signs(&mut self, field: Field) {
        let is_control = |sign: &char| sign.is_control() && !sign.is_whitespace();
        let sign = self.asked.text(field).and_then(|text| text.chars().find(is_control));
        if let Some(sign) = sign {
            self.fault_of(field, ChangeFault::FieldControl { field, sign });
        }
    }

    fn check_taken(&mut self, field: Field) {
        let is_filled = match field {
            Field::Password => self.asked.one_time.is_some(),
            field => self.asked.filled(field).is_some(),
        };
        let action = self.action;
        match taken(action, field) {
            Taken::Required if !is_filled && field == Field::EmailAddress => {
                self.fault_of(field, ChangeFault::EmailMissing);
            }
            Taken::Required if !is_filled => self.fault_of(field, ChangeFault::FieldRequired { action, field }),
            Taken::Not if is_filled && field.is_harmless() => {
                self.flagged.insert(field);
                self.notice(ChangeFault::FieldIgnored { action, field });
            }
            Taken::Not if is_filled => self.fault_of(field, ChangeFault::FieldNotTaken { action, field }),
            Taken::Required | Taken::Optional | Taken::WithMail | Taken::SenseWithMail | Taken::See(_) | Taken::Not => {
            }
        }
    }

    fn check_length(&mut self, field: Field) {
        let length = self.asked.filled(field).map_or(0, |text| text.chars().count());
        let limit = field.limit();
        if length <= limit || self.flagged.contains(&field) {
            return;
        }
        let fault = match field {
            Field::EmailAddress => ChangeFault::EmailLong { length },
            field => ChangeFault::FieldLong { field, limit, length },
        };
        self.fault_of(field, fault);
    }

    fn check_email(&mut self) {
        self.email = self.address(Field::EmailAddress);
    }

    /// The address of a field. `None` if there is none, or what stands there is no address: that is told.
    pub(super) fn address(&mut self, field: Field) -> Option<EmailAddress> {
        let text = self.asked.filled(field).filter(|_| !self.flagged.contains(&field))?;
        match EmailAddress::read(text) {
            Ok(address) => Some(address),
            Err(wrong) => {
                let (address, why) = (text.to_owned(), wrong.fault);
                self.fault_of(field, ChangeFault::EmailBad { field, address, why });
                None
            }
        }
    }

    /// Fields that hold one of a few words.
    fn check_words(&mut self) {
        let federations = FederationType::ALL.map(FederationType::word);
        for (field, words) in [
            (Field::SuppressInvitation, &["SUPPRESS_ALL", "SUPPRESS_NONE"][..]),
            (Field::NotesMigration, &["true", "false", "1", "0"][..]),
            (Field::FederationType, &federations[..]),
        ] {
            let Some(text) = self.asked.filled(field).filter(|_| !self.flagged.contains(&field)) else {
                continue;
            };
            if !words.iter().any(|word| word.eq_ignore_ascii_case(text)) {
                let (value, list) = (text.to_owned(), words.join(", "));
                self.fault_of(field, ChangeFault::Value { field, value, list });
            }
        }
    }

    /// How the row says that its person signs in, if it fits their organisation.
    pub(super) fn federation(&mut self) -> Option<FederationType> {
        let field = Field::FederationType;
        let text = self.asked.filled(field).filter(|_| !self.flagged.contains(&field))?;
        let read = FederationType::read(text)?;
        let organisation = self.customer.federation;
        if !organisation.allows(read) {
            let value = read.word().to_owned();
            self.fault_of(field, ChangeFault::FederationValue { value, organisation });
            return None;
        }
        Some(read)
    }
}
