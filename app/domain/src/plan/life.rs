//! The life of an account: its turns, its person's leaving, their password, and being forgotten.

use super::{AccountStep, HeldRole, PlannedRow, Step, left_out, matching::World, not_there};
use crate::{
    absence::Absence,
    account::{Account, AccountStatus},
    life::{LinkFor, Turn},
    policy::Role,
    problem::Kind,
    values::{
        email_address::EmailAddress,
        ids::{AccountId, RowNumber, Timestamp},
    },
};

/// Where an account stood before something that is undone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Earlier<'a> {
    /// Its status.
    pub(super) status: AccountStatus,
    /// Its leaving date, if that ended with what is undone.
    pub(super) leaving: Option<Timestamp>,
    /// Its absence, if that ended with what is undone.
    pub(super) absence: Option<&'a Absence>,
}

impl Earlier<'_> {
    /// What a turn back leads to: who was shut out, or a leaver, is so again.
    pub(super) fn instead_of(self, leads: AccountStatus) -> AccountStatus {
        match (leads, self.status) {
            (AccountStatus::Active | AccountStatus::Pending, AccountStatus::Disabled | AccountStatus::Leaver) => {
                self.status
            }
            _ => leads,
        }
    }
}

/// A turn: where it leads, and the roles that end with it.
pub(super) fn turn(world: &World<'_>, row: RowNumber, id: AccountId, turn: Turn) -> PlannedRow {
    turned(world, row, id, turn, (None, None))
}

/// Disabled from now on, for a reason and perhaps until a day.
pub(super) fn disable(world: &World<'_>, row: RowNumber, id: AccountId, away: Absence) -> PlannedRow {
    turned(world, row, id, Turn::Disable, (Some(away), None))
}

/// A turn that takes another back: the account stands where it stood before that.
pub(super) fn turn_back(
    world: &World<'_>,
    row: RowNumber,
    id: AccountId,
    turn: Turn,
    earlier: Earlier<'_>,
) -> PlannedRow {
    turned(world, row, id, turn, (None, Some(earlier)))
}

fn turned(
    world: &World<'_>,
    row: RowNumber,
    id: AccountId,
    turn: Turn,
    (wished, earlier): (Option<Absence>, Option<Earlier<'_>>),
) -> PlannedRow {
    about(world, row, id, |existing| {
        let (name, status) = (existing.full_name(), existing.status);
        let Some(leads) = turn.leads(status, existing.activated) else {
            let is_so = AccountStatus::ALL
                .into_iter()
                .any(|from| turn.leads(from, existing.activated) == Some(status));
            return if is_so {
                Step::Nothing { account: Some(id) }
            } else {
                left_out(row, Kind::CannotTurn { turn, name, status })
            };
        };
        if turn.ends_rights() && world.snapshot.own == Some(id) {
            return left_out(row, Kind::OwnAccount);
        }
        if turn.ends_rights()
            && let Some(kind) = last_holder(world, existing)
        {
            return left_out(row, kind);
        }
        let after = earlier.map_or(leads, |earlier| earlier.instead_of(leads));
        let ahead = |at: &Timestamp| *at > world.snapshot.now;
        // Who leaves already leaves on no other day.
        let leaves = |at: &Timestamp| ahead(at) && after != AccountStatus::Leaver;
        AccountStep::Turn {
            turn,
            before: status,
            after,
            leaving: match turn.ends_rights() {
                true => existing.leaving_at.filter(ahead),
                false => existing.leaving_at.filter(leaves),
            },
            leaves_on: match (status, turn) {
                (AccountStatus::Leaver, Turn::Disable) => last_day(world, existing),
                _ => earlier
                    .filter(|_| !turn.ends_rights())
                    .and_then(|earlier| earlier.leaving)
                    .filter(leaves),
            },
            back: existing.absence.clone().filter(|_| turn.decides_on_absence()),
            away: match turn.decides_on_absence() {
                true => absence_after(world, existing, (turn, after), wished, earlier),
                false => None,
            },
            ends: if turn.ends_rights() { world.roles(id) } else { vec![] },
            seats: match turn {
                Turn::Delete => world.ended_seats(id),
                _ => vec![],
            },
        }
        .on(existing)
    })
}

/// The absence that holds after a turn: the one asked for, the one that was planned, or the one that is brought back.
fn absence_after(
    world: &World<'_>,
    existing: &Account,
    (turn, after): (Turn, AccountStatus),
    wished: Option<Absence>,
    earlier: Option<Earlier<'_>>,
) -> Option<Absence> {
    let now = world.snapshot.now;
    let brought_back = || earlier.and_then(|earlier| earlier.absence.cloned());
    let is_ahead = |absence: &Absence| absence.from.is_some_and(|from| from > now) && !absence.is_over(now);
    let holds = match (turn, after) {
        (Turn::Disable, _) => {
            let planned = || existing.absence.clone().map(Absence::begun);
            wished.or_else(brought_back).or_else(planned)
        }
        // An undo leads to where somebody was away.
        (_, AccountStatus::Disabled) => brought_back().map(Absence::begun),
        (_, AccountStatus::Active | AccountStatus::Inactive | AccountStatus::Locked) => brought_back().filter(is_ahead),
        (_, AccountStatus::Pending | AccountStatus::Leaver | AccountStatus::Deleted) => None,
    };
    // A day of return that has passed brings nobody back.
    holds.map(|absence| Absence {
        until: absence.until.filter(|until| *until > now),
        ..absence
    })
}

/// When a leaver's time is over; `None` if it never is.
fn last_day(world: &World<'_>, leaver: &Account) -> Option<Timestamp> {
    let days = world.snapshot.rules.timers.leaver_days;
    (days > 0).then(|| leaver.since.plus_seconds(i64::from(days) * 86_400))
}

/// A day ahead on which the person leaves; none takes it back.
pub(super) fn leaving(world: &World<'_>, row: RowNumber, id: AccountId, at: Option<Timestamp>) -> PlannedRow {
    about(world, row, id, |existing| {
        let (name, status) = (existing.full_name(), existing.status);
        if existing.leaving_at == at {
            return Step::Nothing { account: Some(id) };
        }
        if at.is_some() && world.snapshot.own == Some(id) {
            return left_out(row, Kind::OwnAccount);
        }
        if at.is_some() && Turn::MarkLeaver.leads(status, existing.activated).is_none() {
            let turn = Turn::MarkLeaver;
            return left_out(row, Kind::CannotTurn { turn, name, status });
        }
        let days = world.snapshot.rules.timers.notice_days;
        let latest = world.snapshot.now.plus_seconds(i64::from(days) * 86_400);
        match at {
            Some(at) if at <= world.snapshot.now => left_out(row, Kind::DateInPast),
            Some(at) if at > latest => left_out(row, Kind::DateTooFar { days }),
            _ => {
                match at.and_then(|at| leaves_while_away(world, existing, at).or_else(|| last_holder(world, existing)))
                {
                    Some(kind) => left_out(row, kind),
                    None => AccountStep::PlanLeaving {
                        before: existing.leaving_at,
                        after: at,
                    }
                    .on(existing),
                }
            }
        }
    })
}

/// Why somebody cannot leave on a day: an absence of theirs would not be over by then.
pub(super) fn leaves_while_away(world: &World<'_>, existing: &Account, at: Timestamp) -> Option<Kind> {
    let absence = existing.absence.as_ref().filter(|absence| absence.outlasts(at))?;
    let away = absence.days(world.snapshot.day);
    Some(Kind::LeavesWhileAway { away })
}

/// Another password, chosen by its person over a one-time link.
pub(super) fn reset_password(world: &World<'_>, row: RowNumber, id: AccountId) -> PlannedRow {
    about(world, row, id, |existing| match existing.status {
        AccountStatus::Deleted | AccountStatus::Disabled => {
            let (name, status) = (existing.full_name(), existing.status);
            left_out(row, Kind::NoPasswordFor { name, status })
        }
        status => AccountStep::ResetPassword {
            link: LinkFor::at(status),
        }
        .on(existing),
    })
}

/// What a person proves themselves with besides a password, taken away.
pub(super) fn reset_factors(world: &World<'_>, row: RowNumber, id: AccountId) -> PlannedRow {
    about(world, row, id, |existing| match existing.status {
        // Somebody with a stolen session and the password would be rid of the factor.
        _ if world.snapshot.own == Some(id) => left_out(row, Kind::OwnAccount),
        AccountStatus::Deleted | AccountStatus::Disabled => {
            let (name, status) = (existing.full_name(), existing.status);
            left_out(row, Kind::NoPasswordFor { name, status })
        }
        _ => AccountStep::ResetFactors.on(existing),
    })
}

/// The person's own choice.
pub(super) fn choose_password(world: &World<'_>, row: RowNumber, id: AccountId) -> PlannedRow {
    about(world, row, id, |existing| AccountStep::ChoosePassword.on(existing))
}

/// A deleted account whose time is up.
pub(super) fn erase(world: &World<'_>, row: RowNumber, id: AccountId) -> PlannedRow {
    about(world, row, id, |existing| match existing.status {
        AccountStatus::Deleted => {
            let own = EmailAddress::parse(existing.attributes.text(crate::dictionary::Attribute::EmailAddress)).ok();
            AccountStep::Erase {
                addresses: own.into_iter().chain(existing.aliases.iter().cloned()).collect(),
            }
            .on(existing)
        }
        _ => Step::Nothing { account: Some(id) },
    })
}

/// Addresses of an erased account whose reservation is over.
pub(super) fn free_addresses(world: &World<'_>, row: RowNumber, id: AccountId) -> PlannedRow {
    let reserved = world.snapshot.reserved.iter().find(|reserved| reserved.account == id);
    let step = match reserved {
        Some(reserved) => Step::FreeAddresses {
            account: id,
            organisation: reserved.organisation.clone(),
            addresses: reserved.addresses.clone(),
        },
        None => Step::Nothing { account: None },
    };
    PlannedRow::bare(row, String::new(), step)
}

/// Why an account may not lose its roles: an organisation would have no Primary Local Administrator, or the service no
/// Global Administrator.
pub(super) fn last_holder(world: &World<'_>, existing: &Account) -> Option<Kind> {
    let held = world.roles(existing.id);
    held.iter().find_map(|held| last_of(world, existing, held))
}

/// Why one role may not end.
pub(super) fn last_of(world: &World<'_>, existing: &Account, held: &HeldRole) -> Option<Kind> {
    let name = existing.full_name();
    let is_last = world.snapshot.last_grants.contains(&held.grant);
    is_last.then(|| match held.role {
        Role::GlobalAdministrator => Kind::LastGlobal { name },
        _ => Kind::LastPrimary {
            name,
            organisation: held.organisation.clone(),
        },
    })
}

/// What is decided about an account that must be there.
pub(super) fn about<'w>(
    world: &World<'w>,
    row: RowNumber,
    id: AccountId,
    decide: impl FnOnce(&'w Account) -> Step,
) -> PlannedRow {
    match world.account(id) {
        Some(existing) => PlannedRow::bare(row, existing.full_name(), decide(existing)),
        None => nobody(row),
    }
}

/// Nobody is there, or nobody whom the asker may see.
pub(super) fn nobody(row: RowNumber) -> PlannedRow {
    PlannedRow::bare(row, String::new(), not_there(row))
}
