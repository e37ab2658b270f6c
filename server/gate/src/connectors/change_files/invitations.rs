//! Invitations that a change file asks for again: the plan is told who was sent one within the hour, because nobody is sent
//! another.

use std::collections::{HashMap, HashSet};

use domain::{
    change_file::{Action, ChangeRow, Field},
    event::{AccountFact, Fact},
    plan::{AccountStep, Carried, Step},
    request::ChangeRequest,
    values::ids::{AccountId, RowNumber, SubmissionId, Timestamp},
};
use store::{
    ConnectionTrait,
    directory::people,
    submissions::rows::{self, Row},
    trail::events,
};

use crate::{Gate, GateError};

/// Notes when those were invited whom rows invite again; a few queries, however many rows there are.
pub(crate) async fn note_earlier(
    gate: &Gate,
    db: &impl ConnectionTrait,
    requests: &[ChangeRequest],
    carried: &mut Carried,
) -> Result<(), GateError> {
    let addresses: Vec<_> = requests.iter().filter_map(invited_address).collect();
    if addresses.is_empty() {
        return Ok(());
    }
    let people: HashSet<_> = people::holding(db, &addresses).await?.into_values().collect();
    let people: Vec<_> = people.into_iter().collect();
    for (account, at) in invited_at(gate, db, &people).await? {
        carried.note_invitation(account, at);
    }
    Ok(())
}

/// The address of whom a row may invite again: by itself, or with a seat to activate.
fn invited_address(request: &ChangeRequest) -> Option<String> {
    let row = request.wish.change_row()?;
    let invites = matches!(
        row.what(),
        Some(Action::ResendInvitation | Action::AssignSeat | Action::ChangeSeat)
    );
    let address = row.filled(Field::EmailAddress).filter(|_| invites)?;
    Some(address.to_lowercase())
}

/// When people were invited last, if that is within the hour: as somebody new, with a seat to activate, or again.
async fn invited_at(
    gate: &Gate,
    db: &impl ConnectionTrait,
    people: &[AccountId],
) -> Result<HashMap<AccountId, Timestamp>, GateError> {
    let since = gate.now().plus_seconds(-Carried::BETWEEN_INVITATIONS);
    let mut invited = HashMap::new();
    let mut made: HashMap<SubmissionId, HashMap<RowNumber, (AccountId, Timestamp)>> = HashMap::new();
    for event in events::of_people_after(db, people, since).await? {
        let Fact::Account(account, _, what) = &event.fact else {
            continue;
        };
        match what {
            AccountFact::Invited => note(&mut invited, (*account, event.at)),
            AccountFact::Created { .. } | AccountFact::SeatAssigned { .. } | AccountFact::SeatChanged { .. } => {
                let rows = made.entry(event.submission.clone()).or_default();
                rows.insert(event.row, (*account, event.at));
            }
            _ => {}
        }
    }
    for (submission, made) in made {
        let numbers: Vec<_> = made.keys().copied().collect();
        for row in rows::numbered(db, &submission, &numbers).await? {
            if let Some(invitation) = made.get(&row.planned.row).filter(|_| invites(&row)) {
                note(&mut invited, *invitation);
            }
        }
    }
    Ok(invited)
}

/// Notes an invitation, unless a later one is known.
fn note(invited: &mut HashMap<AccountId, Timestamp>, (account, at): (AccountId, Timestamp)) {
    let last = invited.entry(account).or_insert(at);
    *last = at.max(*last);
}

/// Whether a row invites its person. Only a change file invites somebody to a seat.
fn invites(row: &Row) -> bool {
    let asked = row.request.wish.change_row();
    let is_of_seats = matches!(row.planned.step, Step::Account(_, AccountStep::Seats { .. }));
    let suppressed = asked.map_or(is_of_seats, ChangeRow::suppresses);
    row.planned.invites(suppressed)
}
