//! Update, Suspend, Resume, Remove and ResendInvitation: somebody who is here.

use super::draft::{Draft, changes};
use crate::{
    account::{Account, AccountStatus},
    change_file::{ChangeFault, Field, Taken, taken},
    channel::Channel,
    customer::FederationType,
    dictionary::Attribute,
    life::Turn,
    plan::{AccountStep, Carried, PlannedRow, Step, accounts, life, seats},
    subscription::Side,
    values::ids::AccountId,
};

/// The fields that give details of somebody who is here.
const DETAILS: [Field; 13] = [
    Field::GivenName,
    Field::FamilyName,
    Field::Language,
    Field::TimeZone,
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

/// Other details.
pub(super) fn update(mut draft: Draft<'_, '_>) -> PlannedRow {
    let Some(existing) = draft.person() else {
        return nobody(draft);
    };
    if matches!(existing.status, AccountStatus::Leaver | AccountStatus::Deleted) {
        draft.fault_of_status(existing.status);
        return done(draft, existing, None);
    }
    let gives = |field: &Field| draft.asked.has(*field) && taken(draft.action, *field) != Taken::Not;
    if !DETAILS.iter().any(gives) {
        draft.fault(ChangeFault::UpdateEmpty);
    }
    draft.federation();
    if draft.asked.text(Field::FederationType) == Some("") {
        let field = Field::FederationType;
        draft.fault_of(field, ChangeFault::FieldEmpty { field });
    }
    let has_mail = draft.seating(Some(existing)).covers(Side::Mail) || !draft.world.has_subscriptions(draft.customer);
    draft.check_mail(false, has_mail);
    let cells = draft.cells(&DETAILS);
    let planned = accounts::edit(draft.world, draft.row, existing.id, &cells);
    let step = draft.absorb(planned);
    if step
        .as_ref()
        .is_some_and(|step| changes(step, Attribute::FederationType))
    {
        draft.check_holder(existing, step.as_ref());
    }
    done(draft, existing, step)
}

/// Nobody signs in any more; seats stay.
pub(super) fn suspend(mut draft: Draft<'_, '_>) -> PlannedRow {
    let Some(existing) = draft.person() else {
        return nobody(draft);
    };
    let step = match existing.status {
        AccountStatus::Leaver | AccountStatus::Deleted => {
            draft.fault_of_status(existing.status);
            None
        }
        AccountStatus::Disabled => None,
        AccountStatus::Pending | AccountStatus::Active | AccountStatus::Inactive | AccountStatus::Locked => {
            turn(&mut draft, existing, Turn::Disable)
        }
    };
    draft.check_holder(existing, step.as_ref());
    done(draft, existing, step)
}

/// Somebody whom a machine disabled signs in again; whom a person disabled, a person enables.
pub(super) fn resume(mut draft: Draft<'_, '_>) -> PlannedRow {
    let Some(existing) = draft.person() else {
        return nobody(draft);
    };
    let step = match existing.status {
        AccountStatus::Leaver | AccountStatus::Deleted => {
            draft.fault_of_status(existing.status);
            None
        }
        AccountStatus::Disabled if existing.disabled_by.is_some_and(Channel::is_machine) => {
            turn(&mut draft, existing, Turn::Enable)
        }
        AccountStatus::Disabled => {
            let email = draft.told();
            draft.fault(match existing.disabled_by {
                Some(Channel::System) => ChangeFault::DisabledForAbsence { email },
                _ => ChangeFault::DisabledByPerson { email },
            });
            None
        }
        AccountStatus::Pending | AccountStatus::Active | AccountStatus::Inactive | AccountStatus::Locked => None,
    };
    done(draft, existing, step)
}

/// Somebody is deleted: their seats end, and what is kept in them goes to somebody else or nowhere.
pub(super) fn remove(mut draft: Draft<'_, '_>) -> PlannedRow {
    let Some(existing) = draft.person() else {
        return nobody(draft);
    };
    if existing.status == AccountStatus::Deleted {
        return done(draft, existing, None);
    }
    let heir = heir(&mut draft, existing);
    if draft.asked.filled(Field::AssignTo).is_some() && !draft.seating(Some(existing)).covers(Side::Collab) {
        draft.fault_of(Field::AssignTo, ChangeFault::AssignToMail);
    }
    let mut step = turn(&mut draft, existing, Turn::Delete);
    if let Some(Step::Account(_, AccountStep::Turn { seats, .. })) = &mut step {
        for end in seats.iter_mut().filter(|end| end.seat.covers(Side::Collab)) {
            end.content_to = heir;
        }
    }
    draft.check_holder(existing, step.as_ref());
    let snapshot = draft.world.snapshot;
    let days = snapshot.rules.timers.deleted_days;
    if days > 0 && draft.is_sound() {
        let until = (snapshot.day)(snapshot.now.plus_seconds(i64::from(days) * 86_400));
        draft.notice(ChangeFault::Restorable { until });
    }
    done(draft, existing, step)
}

/// Who gets what somebody keeps: an active person of the same customer with a collaboration seat.
pub(super) fn heir(draft: &mut Draft<'_, '_>, from: &Account) -> Option<AccountId> {
    let field = Field::AssignTo;
    let address = draft.address(field)?;
    let heir = draft.at(&address).filter(|heir| heir.status.is_in_force());
    let email = address.to_string();
    let Some(heir) = heir else {
        draft.fault_of(field, ChangeFault::AssignToNone { email });
        return None;
    };
    if heir.id == from.id {
        draft.fault_of(field, ChangeFault::AssignToSelf);
        return None;
    }
    if !draft.world.seats(heir.id).iter().any(|seat| seat.covers(Side::Collab)) {
        draft.fault_of(field, ChangeFault::AssignToNoCollab { email });
        return None;
    }
    Some(heir.id)
}

/// The invitation once more, for who has something to activate.
pub(super) fn invite(mut draft: Draft<'_, '_>) -> PlannedRow {
    let Some(existing) = draft.person() else {
        return nobody(draft);
    };
    let email = draft.told();
    let seats = draft.world.seats(existing.id);
    let is_invited = existing.status == AccountStatus::Pending || seats.iter().any(|seat| !seat.active);
    let federation = seats::federation_of(draft.customer, &existing.attributes);
    match existing.status {
        AccountStatus::Leaver | AccountStatus::Deleted | AccountStatus::Disabled => {
            draft.fault_of_status(existing.status);
        }
        // Who is locked before they have activated their account had a one-time password tried: it is unlocked in the portal.
        AccountStatus::Locked if is_invited => draft.fault_of_status(existing.status),
        AccountStatus::Pending | AccountStatus::Active | AccountStatus::Inactive | AccountStatus::Locked => {
            if federation == FederationType::Federated {
                draft.fault(ChangeFault::InvitationFederated { email: email.clone() });
            } else if !is_invited {
                draft.fault(ChangeFault::InvitationNothing { email: email.clone() });
            }
        }
    }
    let step = match is_just_invited(&draft, existing) {
        true => {
            draft.notice(ChangeFault::InvitationRecent { email });
            None
        }
        false => Some(AccountStep::Invite.on(existing)),
    };
    draft.check_holder(existing, step.as_ref());
    done(draft, existing, step)
}

/// Whether somebody was sent an invitation so lately that they are sent no other.
pub(super) fn is_just_invited(draft: &Draft<'_, '_>, existing: &Account) -> bool {
    let snapshot = draft.world.snapshot;
    let last = snapshot.file.carried.invited(existing.id);
    last.is_some_and(|at| snapshot.now < at.plus_seconds(Carried::BETWEEN_INVITATIONS))
}

/// A turn as a form asks for it.
fn turn(draft: &mut Draft<'_, '_>, existing: &Account, turn: Turn) -> Option<Step> {
    let planned = life::turn(draft.world, draft.row, existing.id, turn);
    draft.absorb(planned)
}

/// The row of somebody who is here.
pub(super) fn done(draft: Draft<'_, '_>, existing: &Account, step: Option<Step>) -> PlannedRow {
    draft.finish(existing.full_name(), Some(existing), step)
}

/// The row of nobody who is here; what is wrong is told.
pub(super) fn nobody(draft: Draft<'_, '_>) -> PlannedRow {
    let name = super::draft::written_name(draft.asked);
    draft.finish(name, None, None)
}
