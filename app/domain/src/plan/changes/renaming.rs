//! Rename: another address to sign in with.

use super::{
    draft::Draft,
    people::{done, nobody},
};
use crate::{
    account::{Account, AccountStatus},
    change_file::{ChangeFault, Field},
    channel::Channel,
    customer::FederationType,
    dictionary::Attribute,
    plan::{AccountStep, PlannedRow, Step, accounts, seats},
    request::Cells,
    subscription::Side,
    values::email_address::EmailAddress,
};

/// Another address: at once for federated people, whom their organisation knows; others are asked by a link that is sent to
/// it. The old address stays as an alias.
pub(super) fn rename(mut draft: Draft<'_, '_>) -> PlannedRow {
    let new = draft.address(Field::AltEmailAddress);
    let Some(existing) = draft.person() else {
        return nobody(draft);
    };
    if matches!(existing.status, AccountStatus::Leaver | AccountStatus::Deleted) {
        draft.fault_of_status(existing.status);
        return done(draft, existing, None);
    }
    check_seat(&mut draft, existing);
    let step = new.and_then(|new| readdressed(&mut draft, existing, &new));
    draft.check_holder(existing, step.as_ref());
    done(draft, existing, step)
}

/// Where there are subscriptions, only people with a seat of one are renamed (S2); and one rename waits at a time.
fn check_seat(draft: &mut Draft<'_, '_>, existing: &Account) {
    if draft.is_by_service() {
        return;
    }
    let email = draft.told();
    let seating = draft.seating(Some(existing));
    let has_seat = Side::ALL.into_iter().any(|side| seating.covers(side));
    if !has_seat && draft.world.has_subscriptions(draft.customer) {
        draft.fault(ChangeFault::RenameNoSeat { email: email.clone() });
    }
    if draft.world.snapshot.renaming.contains(&existing.id) {
        draft.fault(ChangeFault::RenameWaiting { email });
    }
}

fn readdressed(draft: &mut Draft<'_, '_>, existing: &Account, new: &EmailAddress) -> Option<Step> {
    let email = new.to_string();
    if existing.attributes.text(Attribute::EmailAddress) == new.as_str() {
        draft.notice(ChangeFault::RenameSame { email });
        return None;
    }
    if draft.is_promised(new, Some(existing.id)) {
        draft.fault(ChangeFault::AddressPromised { email: email.clone() });
    }
    let federation = seats::federation_of(draft.customer, &existing.attributes);
    let domain = new.host().to_owned();
    if federation == FederationType::Federated && !draft.customer.owns(&domain) {
        draft.fault_of(Field::EmailAddress, ChangeFault::RenameDomainFederated { domain });
    }
    let has_mail = draft.seating(Some(existing)).covers(Side::Mail);
    // The directory of a hybrid customer leads: what it shows is an alias here before the account is renamed.
    if draft.customer.hybrid && has_mail && !existing.answers_to(new.as_str()) {
        draft.fault(ChangeFault::RenameDirectoryFirst { email: email.clone() });
    }
    let cells = Cells::of([(Attribute::EmailAddress, email.as_str())]);
    let planned = accounts::edit(draft.world, draft.row, existing.id, &cells);
    let step = draft.absorb(planned)?;
    match federation {
        FederationType::Federated | FederationType::ModifiedFederated => Some(step),
        // Its person has used the link.
        FederationType::NonFederated if draft.world.snapshot.channel == Channel::System => Some(step),
        FederationType::NonFederated => Some(AccountStep::AskRename { to: new.clone() }.on(existing)),
    }
}
