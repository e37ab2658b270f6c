//! Rows that the run has left because they need an answer, such as possible duplicates: nobody is there to answer when a
//! file by email is applied, so administrators are asked whether the account is to be created.

use std::collections::BTreeMap;

use domain::{
    channel::Channel,
    connector::ProposalKind,
    dictionary::Attribute,
    organisation::UnitPath,
    plan::{RowKind, Step},
    submission::Outcome,
    values::text,
};
use store::{
    Transaction,
    access::{
        email::messages,
        proposals::{self, ProposalSubject, Proposed},
    },
    submissions::{
        Submission,
        rows::{self, Filter, Row},
    },
};

use crate::{Gate, GateError};

/// Rows that are read at once.
const STRETCH: u64 = 500;

/// What is not proposed: what names an account that is not there, what the names stand for already, and what is for the
/// person alone.
const LEFT_AWAY: [Attribute; 4] = [
    Attribute::AccountId,
    Attribute::WholeName,
    Attribute::Password,
    Attribute::ActivationEmail,
];

/// Proposes the accounts that a file by email would have created and that were left, as part of the transaction that ends
/// its applying; and ends what the same connector has proposed for the same organisations and says no longer. Where an
/// administrator applied the file, they have answered already.
pub(crate) async fn propose_left(gate: &Gate, tx: &Transaction, submission: &Submission) -> Result<(), GateError> {
    let connector = submission
        .actor
        .account()
        .filter(|_| submission.channel == Channel::EmailCsv);
    let Some(connector) = connector else { return Ok(()) };
    // One moment for all: what is proposed now is no older than what ends below.
    let now = gate.now();
    if submission.applied_by.is_none() {
        // Rows that came to look like somebody only a moment ago went back, and nobody looks at them again.
        for outcome in [Outcome::LeftOut, Outcome::Stale] {
            let filter = Filter {
                kind: Some(RowKind::Create),
                outcome: Some(outcome),
                warned: true,
                ..Filter::default()
            };
            let mut pages = rows::Pages::of(&submission.id, filter, STRETCH);
            while let Some(left) = pages.next(tx).await? {
                for proposed in left.iter().filter_map(proposed) {
                    proposals::put_open(tx, connector, proposed, now).await?;
                }
            }
        }
    }
    // For some of its organisations a later file speaks, which may have been applied first.
    if submission.totals.with(Outcome::Superseded) > 0 {
        return Ok(());
    }
    let Some(message) = messages::of_submission(tx, &submission.id).await? else {
        return Ok(());
    };
    let named = messages::organisations(tx, message.seq).await?;
    Ok(proposals::creations_gone(tx, connector, &named, now).await?)
}

/// What a row that was left proposes, by the values that it was read to have.
fn proposed(row: &Row) -> Option<Proposed> {
    let Step::CreateAccount {
        organisation,
        attributes,
        ..
    } = &row.planned.step
    else {
        return None;
    };
    let cells = row.request.wish.cells()?;
    let mut asked: BTreeMap<_, _> = cells
        .texts
        .iter()
        .filter(|(attribute, _)| !cells.clears(**attribute))
        .map(|(attribute, text)| (*attribute, text::trimmed(text).to_owned()))
        .collect();
    for (attribute, value) in attributes.iter() {
        // What the file does not say is made when the account is created.
        let is_name = matches!(attribute, Attribute::FirstName | Attribute::LastName);
        if is_name || asked.contains_key(&attribute) {
            asked.insert(attribute, value.to_string());
        }
    }
    asked.retain(|attribute, text| !text.is_empty() && !LEFT_AWAY.contains(attribute));
    asked.insert(Attribute::Organisation, organisation.to_string());
    let unit = Some(attributes.text(Attribute::Unit)).filter(|unit| !unit.is_empty());
    Some(Proposed {
        subject: ProposalSubject::NewAccount,
        organisation: organisation.clone(),
        unit: unit.map(UnitPath::parse),
        kind: ProposalKind::Create,
        asked,
    })
}
