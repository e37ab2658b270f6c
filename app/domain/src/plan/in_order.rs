//! A snapshot as rows leave the world: earlier rows of a file are laid over it, and each planned row is carried on.

mod after;

use std::collections::HashSet;

use super::{
    AccountStep, PlannedRow, Snapshot, Step,
    carried::{addresses, names_of},
};
use crate::{
    account::Account,
    life::Turn,
    request::ChangeRequest,
    subscription::Seat,
    values::{email_address::EmailAddress, ids::AccountId},
};

/// Lays the people as earlier rows have left them over a snapshot that knows nothing of those rows.
pub(super) fn lay_over(snapshot: &mut Snapshot, requests: &[ChangeRequest]) {
    let carried = std::mem::take(&mut snapshot.file.carried);
    let named = requests.iter().flat_map(addresses);
    let named = named.filter_map(|address| carried.by_address.get(&address).copied());
    let here = snapshot.accounts.iter().map(|account| account.id);
    let wanted: HashSet<_> = named.chain(here).collect();
    for account in wanted.into_iter().filter_map(|id| carried.accounts.get(&id)) {
        let seats = carried.seats.get(&account.id).cloned().unwrap_or_default();
        put(snapshot, account.clone(), seats);
    }
    for address in requests.iter().flat_map(addresses) {
        let Ok(address) = EmailAddress::parse(&address) else {
            continue;
        };
        if let Some(account) = carried.promised.get(&address) {
            snapshot.promised.insert(address, *account);
        }
    }
    snapshot.renaming.extend(carried.renaming.iter().copied());
    snapshot
        .renaming
        .retain(|account| !carried.renaming_over.contains(account));
    snapshot.file.carried = carried;
}

/// Leaves the snapshot as a row leaves the world, and keeps it for the chunks to come.
pub(super) fn carry(snapshot: &mut Snapshot, row: &PlannedRow, suppressed: bool) {
    let taking = &mut snapshot.file.carried.taking;
    taking.add(&row.step, &snapshot.subscriptions);
    let (account, seats) = match &row.step {
        Step::CreateAccount { .. } => match after::created(row, snapshot.now) {
            Some(new) => new,
            None => return,
        },
        Step::Account(of, step) => {
            let Some(before) = snapshot.accounts.iter().find(|account| account.id == of.account) else {
                return;
            };
            let account = after::account(before, step, snapshot.channel, snapshot.now);
            let before = snapshot.seats.get(&of.account).map_or(&[][..], Vec::as_slice);
            (account, after::seats(row.row, before, step))
        }
        _ => return,
    };
    note(snapshot, row, account.id);
    if row.invites(suppressed) {
        snapshot.file.carried.invited.insert(account.id, snapshot.now);
    }
    let carried = &mut snapshot.file.carried;
    if matches!(row.step, Step::CreateAccount { .. }) {
        carried.note_made(account.id);
    }
    if carried.may_come_again(&account) {
        for name in names_of(&account) {
            carried.by_address.insert(name.to_owned(), account.id);
        }
        carried.accounts.insert(account.id, account.clone());
        carried.seats.insert(account.id, seats.clone());
    }
    put(snapshot, account, seats);
}

/// Notes a rename that waits for its person, and one that is over because its person loses access.
fn note(snapshot: &mut Snapshot, row: &PlannedRow, account: AccountId) {
    let carried = &mut snapshot.file.carried;
    match &row.step {
        Step::Account(_, AccountStep::AskRename { to }) => {
            carried.renaming.insert(account);
            carried.promised.insert(to.clone(), account);
            carried.asked.insert(account, to.clone());
            carried.renaming_over.remove(&account);
            snapshot.renaming.insert(account);
            snapshot.promised.insert(to.clone(), account);
        }
        Step::Account(
            _,
            AccountStep::Turn {
                turn: Turn::Disable | Turn::Delete,
                ..
            },
        ) => {
            carried.renaming.remove(&account);
            carried.renaming_over.insert(account);
            snapshot.renaming.remove(&account);
        }
        _ => {}
    }
}

/// Puts somebody into the snapshot, in place of how they were.
fn put(snapshot: &mut Snapshot, account: Account, seats: Vec<Seat>) {
    for name in names_of(&account) {
        if let Ok(address) = EmailAddress::parse(name) {
            snapshot.held_addresses.insert(address, Some(account.id));
        }
    }
    snapshot.seats.insert(account.id, seats);
    match snapshot.accounts.iter_mut().find(|known| known.id == account.id) {
        Some(known) => *known = account,
        None => snapshot.accounts.push(account),
    }
}
