//! Add: somebody new, with their seats.

use super::draft::Draft;
use crate::{
    account::{Account, AccountStatus},
    change_file::{ChangeFault, Field, Keyword},
    customer::FederationType,
    dictionary::{Attribute, Attributes, Value},
    plan::{PlannedRow, Provision, Step, accounts, seats::Seating},
    subscription::{KnownSubscription, NewSeat},
};

/// The fields that give details of somebody new.
const DETAILS: [Field; 15] = [
    Field::EmailAddress,
    Field::GivenName,
    Field::FamilyName,
    Field::Language,
    Field::TimeZone,
    Field::AltEmailAddress,
    Field::NotesTemplate,
    Field::Department,
    Field::JobTitle,
    Field::Country,
    Field::Telephone,
    Field::Mobile,
    Field::Fax,
    Field::Address,
    Field::FederationType,
];

/// Somebody new. The row is applied as a whole or not at all.
pub(super) fn add(mut draft: Draft<'_, '_>) -> PlannedRow {
    let here = check_free(&mut draft);
    let federation = draft.federation();
    let federation = federation.unwrap_or_else(|| draft.customer.federation.default_for_people());
    let is_forced = is_activated(&mut draft, federation);
    let is_active = is_forced || federation == FederationType::Federated;
    let (seats, gives_mail) = seats(&mut draft, is_active);
    let has_mail = gives_mail || !draft.world.has_subscriptions(draft.customer);
    draft.check_mail(gives_mail, has_mail);

    let mut cells = draft.cells(&DETAILS);
    let organisation = draft.customer.organisation.to_string();
    cells.texts.insert(Attribute::Organisation, organisation);
    cells.one_time.clone_from(&draft.asked.one_time);
    let planned = accounts::new(draft.world, draft.row, &cells, None);
    let name = planned.name.clone();
    let step = draft.absorb(planned);
    let step = match step {
        Some(Step::CreateAccount {
            organisation,
            mut attributes,
            with_password,
            stay,
            ..
        }) => {
            settle(&draft, &mut attributes, federation);
            if gives_mail || draft.unflagged(Field::NotesDn).is_some() {
                let name = draft.notes_name(&attributes, None);
                attributes.set(Attribute::NotesName, name);
            }
            Some(Step::CreateAccount {
                organisation,
                attributes,
                with_password,
                stay,
                provision: Provision {
                    status: is_active.then_some(AccountStatus::Active),
                    seats,
                    suppressed: draft.asked.suppresses(),
                },
            })
        }
        other => other,
    };
    draft.finish(name, here, step)
}

/// Whether the address is free, for ever: nobody gets one that somebody else had. Who has it is given back, where they are
/// this customer's.
fn check_free<'w>(draft: &mut Draft<'_, 'w>) -> Option<&'w Account> {
    let email = draft.email.clone()?;
    let Some(existing) = draft.at(&email) else {
        if draft.is_promised(&email, None) {
            let email = email.to_string();
            draft.fault_of(Field::EmailAddress, ChangeFault::AddressPromised { email });
        }
        return None;
    };
    draft.check_held(existing);
    let email = email.to_string();
    let fault = match existing.status {
        AccountStatus::Deleted => {
            let snapshot = draft.world.snapshot;
            let days = snapshot.rules.timers.deleted_days;
            let last = existing.since.plus_seconds(i64::from(days) * 86_400);
            let until = (days > 0).then(|| (snapshot.day)(last));
            ChangeFault::AddressDeleted { email, until }
        }
        _ => ChangeFault::AccountExists { email },
    };
    draft.fault_of(Field::EmailAddress, fault);
    Some(existing)
}

/// Whether the row forces activation, and may: of federated people alone, where nobody has to prove that they read mail.
fn is_activated(draft: &mut Draft<'_, '_>, federation: FederationType) -> bool {
    let field = Field::Activation;
    let Some(text) = draft.unflagged(field) else {
        return false;
    };
    if !text.eq_ignore_ascii_case("FORCE_ACTIVATION") {
        let value = text.to_owned();
        draft.fault_of(field, ChangeFault::ActivationValue { value });
        return false;
    }
    if federation != FederationType::Federated {
        draft.fault_of(field, ChangeFault::ActivationNotFederated);
    }
    if draft.customer.verifies_email {
        draft.fault_of(field, ChangeFault::ActivationVerificationOn);
    }
    let domain = draft.email.as_ref().map(|email| email.host().to_owned());
    if let Some(domain) = domain.filter(|domain| !draft.customer.owns(domain)) {
        draft.fault_of(field, ChangeFault::ActivationDomain { domain });
    }
    true
}

/// The seats that the row gives, and whether one is to cover mail. Those that others need come first, whichever field names
/// them.
fn seats(draft: &mut Draft<'_, '_>, active: bool) -> (Vec<NewSeat>, bool) {
    let mut seating = draft.seating(None);
    let [first, second] = [Field::SubscriptionId, Field::SubscriptionId2].map(|field| draft.unflagged(field));
    if first.is_some() && first == second {
        draft.fault(ChangeFault::SubscriptionTwice);
        return (vec![], false);
    }
    let texts = [first, second].into_iter().flatten();
    let mut known: Vec<_> = texts.filter_map(|text| subscription(&mut seating, text)).collect();
    known.sort_by_key(|known| known.subscription.offering.is_accessory());
    let gives_mail = known.iter().any(|known| known.subscription.offering.covers_mail());
    let seats = known.into_iter().filter_map(|known| seating.assign(known, active));
    let seats = seats.collect();
    draft.seated(seating);
    (seats, gives_mail)
}

/// The subscription that a text names; a word for a kind of seat is none.
pub(super) fn subscription<'w>(seating: &mut Seating<'_, 'w>, text: &str) -> Option<&'w KnownSubscription> {
    if let Some(Keyword::DeleteCollab | Keyword::DeleteMail) = Keyword::read(text) {
        let keyword = text.to_uppercase();
        seating.faults.push(ChangeFault::KeywordWrong { keyword });
        return None;
    }
    seating.subscription(text)
}

/// What somebody new has besides what the row says of them.
fn settle(draft: &Draft<'_, '_>, attributes: &mut Attributes, federation: FederationType) {
    let customer = draft.customer;
    attributes.set(
        Attribute::FederationType,
        Some(Value::stored(federation.slug().to_owned())),
    );
    for (attribute, standard) in [
        (Attribute::Language, &customer.language),
        (Attribute::TimeZone, &customer.time_zone),
    ] {
        if attributes.get(attribute).is_none() {
            attributes.set(attribute, standard.clone().map(Value::stored));
        }
    }
}
