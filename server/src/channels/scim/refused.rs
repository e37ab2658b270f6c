//! What the gate refuses, in the words of SCIM.

use app::routes;
use axum::http::header;
use domain::{dictionary::Attribute, values::ids::AccountId};
use gate::{KnownKey, SyncRefusal};
use scim::{
    definition,
    error::{ScimError, ScimType, Wrong},
    refusal::Refusal,
};

use super::{answers::Failed, call::Call};

/// The answer to what is refused, about an account where there is one.
pub(super) fn answer(call: &Call, refusal: &SyncRefusal, about: Option<AccountId>) -> Failed {
    let page = page(&call.gate.rules().url, about);
    let link = page.as_str();
    match refusal {
        SyncRefusal::Problems(problems) => ScimError::all(problems.iter().map(Wrong::of).collect()).into(),
        SyncRefusal::Known { key, id } => {
            let (key, id) = (name(*key), *id);
            let known = Failed::from(match about {
                None => Refusal::Known { key, id },
                Some(_) => Refusal::KnownOfAnother { key, id },
            });
            known
                .header(header::CONTENT_LOCATION, format!("{}/Users/{id}", call.base))
                .about(id.to_string())
        }
        SyncRefusal::Taken => Refusal::Taken.into(),
        SyncRefusal::Dormant(status) => Refusal::Dormant { status: *status }.into(),
        SyncRefusal::MayNotDisable => Refusal::MayNotDisable { link }.into(),
        SyncRefusal::MayNotCreateDisabled => Refusal::MayNotCreateDisabled.into(),
        SyncRefusal::DisabledByPerson => Refusal::DisabledByPerson { link }.into(),
        SyncRefusal::RoleHolder => Refusal::RoleHolder { link }.into(),
        SyncRefusal::RoleHolderStays => Refusal::RoleHolderStays { link }.into(),
        SyncRefusal::OwnAccount => Refusal::OwnAccount.into(),
        SyncRefusal::NoDelete => Refusal::NoDelete { link }.into(),
        SyncRefusal::Declined => Refusal::Declined { link }.into(),
        SyncRefusal::Leaver => Refusal::Leaver.into(),
        SyncRefusal::Held { reason } => Refusal::Held { reason }.into(),
        SyncRefusal::WhichOrganisation => Refusal::WhichOrganisation.into(),
        SyncRefusal::Braked => Refusal::Braked.into(),
    }
}

/// The refusal of a new account without an organisation as one problem among others.
pub(super) fn which_organisation() -> Wrong {
    let path = definition::path_of(Attribute::Organisation);
    let said = Refusal::WhichOrganisation.error().said;
    Wrong::new(&path, ScimType::InvalidValue, "missing", said)
}

/// The page where an administrator does what a connector may not: the account's, or the list where there is none yet.
pub(super) fn page(portal: &str, about: Option<AccountId>) -> String {
    let path = about.map_or_else(|| routes::PEOPLE.to_owned(), |id| routes::account(&id));
    format!("{portal}{path}")
}

const fn name(key: KnownKey) -> &'static str {
    match key {
        KnownKey::ExternalId => "externalId",
        KnownKey::UserName => "userName",
        KnownKey::EmailAddress => "email address",
        KnownKey::EmployeeNumber => "employeeNumber",
    }
}
