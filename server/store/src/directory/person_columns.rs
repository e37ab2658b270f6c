//! Between the columns of a person's table and the domain's attributes: each attribute's column, once.

use domain::{
    absence::Absence,
    account::{self, Account, AccountStatus, Held},
    contact::Contact,
    dictionary::{Attribute, Attributes, Value},
    hand_edit::HandEdits,
    look_alike::FoldedName,
    organisation::OrganisationCode,
    values::{
        email_address::EmailAddress,
        ids::{AccountId, ContactId, Timestamp},
        text::fold,
    },
};

use crate::{
    StoreError,
    entities::{account as account_table, address as address_table, contact as contact_table},
    trail::events::channel,
    word,
};

macro_rules! attribute_columns {
    ($table:ty, $($attribute:ident $column:ident),* $(,)?) => {
        impl $table {
            pub(crate) fn attributes(&self) -> Attributes {
                let pairs = [$((Attribute::$attribute, &self.$column)),*];
                pairs.into_iter().filter_map(|(attribute, text)| Some((attribute, Value::stored(text.clone()?)))).collect()
            }

            /// `earlier` are the addresses that an account had before; a contact is not found by any. What stands behind
            /// the names is left to [`Self::set_place_and_work`].
            pub(crate) fn set_attributes(&mut self, attributes: &Attributes, earlier: &[String]) {
                $(self.$column = attributes.get(Attribute::$attribute).map(ToString::to_string);)*
                let name = |attribute| attributes.text(attribute);
                let name = FoldedName::of(name(Attribute::FirstName), name(Attribute::LastName));
                self.sort_name = name.sorted();
                self.look_alike = name.key();
                self.search = searched(attributes);
                for address in earlier {
                    self.search += &format!(" {}", fold(address));
                }
            }

            /// Puts place and work behind the names in what is searched. Of the site only its code stands in the row;
            /// `site` is its name.
            pub(crate) fn set_place_and_work(&mut self, site: &str) {
                let behind = [self.site.as_deref(), Some(site), self.job_title.as_deref(), self.unit.as_deref()];
                let behind: Vec<_> = behind.into_iter().flatten().map(fold).filter(|text| !text.is_empty()).collect();
                if !behind.is_empty() {
                    self.search += &format!(" {BEHIND_NAMES} {}", behind.join(" "));
                }
            }
        }
    };
}

macro_rules! both_tables {
    ($($attribute:ident $column:ident),* $(,)?) => {
        attribute_columns! { account_table::Model, $($attribute $column),* }
        attribute_columns! { contact_table::Model, $($attribute $column),* }

        /// An attribute's column of the accounts; none where nothing keeps it.
        pub(crate) const fn column(attribute: Attribute) -> Option<account_table::Column> {
            match attribute {
                $(Attribute::$attribute => Some(account_table::Column::$attribute),)*
                Attribute::AccountId | Attribute::WholeName | Attribute::Organisation => None,
                Attribute::Password | Attribute::ActivationEmail => None,
                // Days are kept as the moments when they begin.
                Attribute::StartDate | Attribute::EndDate => None,
                // Of organisations, which have tables of their own.
                Attribute::Code | Attribute::Name | Attribute::ShortName | Attribute::Parent => None,
                Attribute::Status | Attribute::Sites | Attribute::Units => None,
            }
        }
    };
}

both_tables! {
    Title title, FirstName first_name, Initials initials, LastName last_name, DisplayName display_name,
    EmailAddress email_address, UserName user_name, LocalId local_id, Site site, Unit unit, JobTitle job_title, Department department,
    Telephone telephone, Mobile mobile, HideMobile hide_mobile, Pager pager, Fax fax, WebPage web_page,
    SipAddress sip_address, ClinicalSpecialty clinical_specialty, Role role, WorkArea work_area, Notes notes,
    Quota quota, Language language, TimeZone time_zone, Country country, PostalAddress postal_address,
    AlternateEmail alternate_email, FederationType federation_type, NotesTemplate notes_template, NotesName notes_name,
}

/// The sign between somebody's names and what stands behind them in what is searched: first their site, then their work. No
/// folded text has it.
pub(crate) const BEHIND_NAMES: char = '|';

/// The beginning of what is searched: somebody's names, without the addresses that they had before.
pub(crate) fn searched(attributes: &Attributes) -> String {
    let words = [
        &account::full_name(attributes),
        attributes.text(Attribute::DisplayName),
        attributes.text(Attribute::LocalId),
        attributes.text(Attribute::EmailAddress),
    ];
    words.map(fold).join(" ")
}

impl account_table::Model {
    /// What was changed by hand; most often nothing, and then nothing is kept.
    pub(crate) fn hand_edits(&self) -> Result<HandEdits, StoreError> {
        match self.by_hand.as_str() {
            "" => Ok(HandEdits::new()),
            kept => Ok(serde_json::from_str(kept)?),
        }
    }

    /// Its absence: there is one where there is a reason, if only an empty one.
    pub(crate) fn absence(&self) -> Option<Absence> {
        self.away_reason.as_ref().map(|reason| Absence {
            from: self.away_from.map(Timestamp),
            until: self.back_at.map(Timestamp),
            reason: reason.clone(),
        })
    }

    pub(crate) fn set_absence(&mut self, absence: Option<&Absence>) {
        self.away_from = absence.and_then(|absence| absence.from).map(|at| at.0);
        self.back_at = absence.and_then(|absence| absence.until).map(|at| at.0);
        self.away_reason = absence.map(|absence| absence.reason.clone());
    }

    /// Why files and machines change nothing of it, if they do not.
    pub(crate) fn held(&self) -> Option<Held> {
        let (reason, since) = self.held_reason.as_ref().zip(self.held_since)?;
        Some(Held {
            reason: reason.clone(),
            by: self.held_by.clone().unwrap_or_default(),
            since: Timestamp(since),
        })
    }

    pub(crate) fn set_held(&mut self, held: Option<&Held>) {
        self.held_reason = held.map(|held| held.reason.clone());
        self.held_by = held.map(|held| held.by.clone());
        self.held_since = held.map(|held| held.since.0);
    }

    pub(crate) fn set_hand_edits(&mut self, edits: &HandEdits) -> Result<(), StoreError> {
        self.by_hand = match edits.is_empty() {
            true => String::new(),
            false => serde_json::to_string(edits)?,
        };
        Ok(())
    }
}

/// The domain's account from its row and its former addresses.
pub(crate) fn account(model: &account_table::Model, aliases: Vec<EmailAddress>) -> Result<Account, StoreError> {
    Ok(Account {
        id: AccountId(model.id),
        organisation: code(&model.organisation)?,
        status: status(&model.status)?,
        since: Timestamp(model.since),
        leaving_at: model.leaving_at.map(Timestamp),
        absence: model.absence(),
        starts_at: model.starts_at.map(Timestamp),
        activated: model.activated,
        version: model.version,
        attributes: model.attributes(),
        aliases,
        by_hand: model.hand_edits()?,
        held: model.held(),
        disabled_by: model.disabled_by.as_deref().map(channel).transpose()?,
    })
}

/// The domain's contact from its row.
pub(crate) fn contact(model: &contact_table::Model) -> Result<Contact, StoreError> {
    Ok(Contact {
        id: ContactId(model.id),
        organisation: code(&model.organisation)?,
        deleted_at: (status(&model.status)? == AccountStatus::Deleted).then_some(Timestamp(model.since)),
        version: model.version,
        attributes: model.attributes(),
    })
}

/// An address as it is kept. The error does not name it: errors are written to logs.
pub(crate) fn address(row: &address_table::Model) -> Result<EmailAddress, StoreError> {
    let unreadable = |_| StoreError::Unreadable(format!("an address of account {}", row.account));
    EmailAddress::parse(&row.address).map_err(unreadable)
}

pub(crate) fn code(text: &str) -> Result<OrganisationCode, StoreError> {
    word(text, |text| OrganisationCode::parse(text).ok())
}

pub(crate) fn status(text: &str) -> Result<AccountStatus, StoreError> {
    word(text, |text| {
        AccountStatus::ALL.into_iter().find(|status| status.name() == text)
    })
}
