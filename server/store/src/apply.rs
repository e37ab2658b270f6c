//! Applying an authorised plan: the only writer of the directory. Rows and events are written together or not at all.

use std::mem::discriminant;

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    event::{Event, Fact},
    ids::{AccountId, ContactId, GrantId, OfferId, SubmissionId, Timestamp},
    life::Turn,
    offer::OfferEnd,
    organisation::OrganisationCode,
    plan::{AccountRef, ContactRef, DayChange, OpenOffer, PlannedRow, Step},
    policy::AuthorisedPlan,
};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

pub use crate::rows::Applied;
use crate::{
    StoreError, Transaction, credentials,
    entities::{account, address, contact, offer, organisation, person_number, role_grant, site, unit},
    project::project,
    rows, submissions, tokens, trail,
};

/// Proof that a plan is applied, or a history told: facts are projected at no other time.
pub(crate) struct Applying(());

/// Applies every row of a plan within one transaction, and records an event for each.
///
/// # Errors
/// `Conflict` when another transaction took an address or a local ID first; the caller plans again.
pub async fn apply(
    tx: &Transaction,
    authorised: &AuthorisedPlan,
    submission: &SubmissionId,
    at: Timestamp,
) -> Result<Vec<Applied>, StoreError> {
    let (plan, actor) = (authorised.plan(), authorised.actor());
    let (mut written, mut rights) = (Vec::new(), Vec::new());
    let mut applied = Vec::with_capacity(plan.rows.len());
    for (row, by_right) in plan.rows.iter().zip(authorised.rights()) {
        let facts = facts(row);
        rights.extend(facts.iter().map(|_| by_right.clone()));
        applied.push(Applied {
            row: row.row,
            subject: facts.first().map_or_else(|| row.step.subject(), Fact::person),
            address: row.step.new_address().map(|address| address.as_str().to_owned()),
        });
        written.extend(facts.into_iter().map(|fact| Event {
            at,
            submission: submission.clone(),
            row: row.row,
            actor: actor.account(),
            actor_name: actor.name().to_owned(),
            channel: plan.channel,
            fact,
        }));
    }
    tokens::end_before_granting(tx, &written).await?;
    project(&Applying(()), tx, &written).await?;
    tokens::end_with(tx, &written).await?;
    tx.record_changes(written.iter().cloned().zip(rights));
    forget(tx, &written).await?;
    Ok(applied)
}

/// Rebuilds an empty directory from events, in their order.
///
/// # Errors
/// When the database fails, or the events do not add up.
pub async fn replay(tx: &Transaction, events: &[Event]) -> Result<(), StoreError> {
    // Events of one kind are written together; across kinds their order counts.
    for run in events.chunk_by(|one, next| discriminant(&one.fact) == discriminant(&next.fact)) {
        for chunk in run.chunks(500) {
            project(&Applying(()), tx, chunk).await?;
        }
    }
    tx.record_changes(events.iter().map(|event| (event.clone(), vec![])));
    Ok(())
}

/// Whoever is permanently deleted is forgotten everywhere: in the trail, in submissions, and as one who signs in.
async fn forget(tx: &Transaction, written: &[Event]) -> Result<(), StoreError> {
    let (mut erased, mut freed) = (Vec::new(), Vec::new());
    for event in written {
        match &event.fact {
            Fact::AccountErased { account, .. } => erased.push((account.0, event)),
            Fact::ContactErased { contact, .. } => erased.push((contact.0, event)),
            Fact::AddressesFreed { account, .. } => freed.push((account.0, event)),
            _ => {}
        }
    }
    if !freed.is_empty() {
        trail::forget_addresses(tx, &freed).await?;
        let freed: Vec<_> = freed.into_iter().map(|(person, _)| person).collect();
        rows::forget(tx, &freed).await?;
    }
    if !erased.is_empty() {
        trail::forget(tx, &erased).await?;
        let erased: Vec<_> = erased.into_iter().map(|(person, _)| person).collect();
        submissions::drop_files_about(tx, &erased).await?;
        rows::forget(tx, &erased).await?;
        credentials::forget(tx, &erased).await?;
        tokens::forget(tx, &erased).await?;
    }
    Ok(())
}

/// Another first or last day of somebody.
fn day_changed(of: &AccountRef, day: &DayChange) -> Fact {
    let (account, organisation) = (of.account, of.organisation.clone());
    let DayChange { before, after, .. } = *day;
    match day.attribute {
        Attribute::StartDate => Fact::StartPlanned {
            account,
            organisation,
            before,
            after,
        },
        _ => Fact::LeavingPlanned {
            account,
            organisation,
            before,
            after,
        },
    }
}

/// The facts that a step becomes; new things get their IDs here.
fn facts(row: &PlannedRow) -> Vec<Fact> {
    let ended = |account: AccountId| {
        let ends = row.step.ends().iter().cloned();
        ends.map(move |held| Fact::RoleEnded {
            grant: held.grant,
            account,
            role: held.role,
            organisation: held.organisation,
            unit: held.unit,
            reason: String::new(),
        })
    };
    let given_up = |of: &AccountRef, leaving: Option<Timestamp>| {
        leaving.map(|at| Fact::LeavingPlanned {
            account: of.account,
            organisation: of.organisation.clone(),
            before: Some(at),
            after: None,
        })
    };
    let set_again = |account: AccountId, organisation: &OrganisationCode, at: Option<Timestamp>| {
        at.map(|at| Fact::LeavingPlanned {
            account,
            organisation: organisation.clone(),
            before: None,
            after: Some(at),
        })
    };
    let offer_ended = |of: &ContactRef, offer: OpenOffer, end| Fact::OfferEnded {
        offer: offer.id,
        contact: of.contact,
        organisation: of.organisation.clone(),
        to: offer.to,
        end,
    };
    match row.step.clone() {
        Step::CreateAccount {
            organisation,
            attributes,
            stay,
            ..
        } => vec![Fact::AccountCreated {
            account: AccountId(Uuid::now_v7()),
            organisation,
            status: AccountStatus::Pending,
            attributes,
            stay,
        }],
        Step::UpdateAccount { of, changes, days } => {
            let days: Vec<_> = days.iter().map(|day| day_changed(&of, day)).collect();
            let changed = (!changes.is_empty()).then_some(Fact::AccountChanged {
                account: of.account,
                organisation: of.organisation,
                changes,
            });
            changed.into_iter().chain(days).collect()
        }
        Step::TurnAccount {
            of,
            turn,
            before,
            after,
            leaving,
            leaves_on,
            back,
            away,
            ..
        } => {
            // Who is marked as a leaver leaves, if on another day: their date is not given up.
            let given_up = given_up(&of, leaving.filter(|_| turn == Turn::Delete));
            let turned = Fact::AccountTurned {
                account: of.account,
                organisation: of.organisation.clone(),
                turn,
                before,
                after,
                leaving: leaving.filter(|_| !turn.keeps_leaving_date()),
                back,
                away,
            };
            let leaves = set_again(of.account, &of.organisation, leaves_on);
            let turned = given_up.into_iter().chain([turned]).chain(leaves);
            turned.chain(ended(of.account)).collect()
        }
        Step::PlanLeaving { of, before, after } => vec![Fact::LeavingPlanned {
            account: of.account,
            organisation: of.organisation,
            before,
            after,
        }],
        Step::PlanAbsence { of, before, after } => vec![Fact::AbsencePlanned {
            account: of.account,
            organisation: of.organisation,
            before,
            after,
        }],
        Step::MoveAccount {
            of,
            to,
            before,
            changes,
            leaving,
            leaves_on,
            ..
        } => {
            let given_up = given_up(&of, leaving);
            let leaves = set_again(of.account, &to, leaves_on);
            let moved = Fact::AccountMoved {
                account: of.account,
                from: of.organisation,
                organisation: to,
                before,
                changes,
                leaving,
            };
            let moved = given_up.into_iter().chain([moved]).chain(leaves);
            moved.chain(ended(of.account)).collect()
        }
        Step::ResetPassword { of, link } => vec![Fact::PasswordReset {
            account: of.account,
            organisation: of.organisation,
            link,
        }],
        Step::ResetFactors { of } => vec![Fact::FactorsReset {
            account: of.account,
            organisation: of.organisation,
        }],
        Step::ChoosePassword { of } => vec![Fact::PasswordChosen {
            account: of.account,
            organisation: of.organisation,
        }],
        Step::EraseAccount { of, addresses } => vec![Fact::AccountErased {
            account: of.account,
            organisation: of.organisation,
            addresses,
        }],
        Step::FreeAddresses {
            account,
            organisation,
            addresses,
        } => vec![Fact::AddressesFreed {
            account,
            organisation,
            addresses,
        }],
        Step::CreateContact {
            organisation,
            attributes,
        } => vec![Fact::ContactCreated {
            contact: ContactId(Uuid::now_v7()),
            organisation,
            attributes,
        }],
        Step::UpdateContact { of, changes } => vec![Fact::ContactChanged {
            contact: of.contact,
            organisation: of.organisation,
            changes,
        }],
        Step::DeleteContact { of, offer } => {
            let ended = offer.map(|offer| offer_ended(&of, offer, OfferEnd::ContactDeleted));
            let deleted = Fact::ContactDeleted {
                contact: of.contact,
                organisation: of.organisation,
            };
            std::iter::once(deleted).chain(ended).collect()
        }
        Step::RestoreContact { of } => vec![Fact::ContactRestored {
            contact: of.contact,
            organisation: of.organisation,
        }],
        Step::EraseContact { of } => vec![Fact::ContactErased {
            contact: of.contact,
            organisation: of.organisation,
        }],
        Step::MoveContact { of, to, changes, offer } => {
            let ended = offer.map(|(offer, end)| offer_ended(&of, offer, end));
            let moved = Fact::ContactMoved {
                contact: of.contact,
                from: of.organisation,
                organisation: to,
                changes,
            };
            std::iter::once(moved).chain(ended).collect()
        }
        Step::OfferContact { of, to, to_name } => vec![Fact::ContactOffered {
            offer: OfferId(Uuid::now_v7()),
            contact: of.contact,
            organisation: of.organisation,
            to,
            to_name,
        }],
        Step::EndOffer { of, offer, end } => vec![offer_ended(&of, offer, end)],
        Step::FoundOrganisation { organisation } => vec![Fact::OrganisationFounded { organisation }],
        Step::UpdateOrganisation { organisation, changes } => {
            vec![Fact::OrganisationChanged { organisation, changes }]
        }
        Step::GrantRole {
            account,
            role,
            organisation,
            unit,
            terms,
        } => vec![Fact::RoleGranted {
            grant: GrantId(Uuid::now_v7()),
            account,
            role,
            organisation,
            unit,
            terms,
        }],
        Step::RevokeRole { account, held, reason } => vec![Fact::RoleEnded {
            grant: held.grant,
            account,
            role: held.role,
            organisation: held.organisation,
            unit: held.unit,
            reason,
        }],
        Step::MakeToken {
            of,
            token,
            name,
            expires_at,
        } => vec![Fact::TokenMade {
            account: of.account,
            organisation: of.organisation,
            token,
            name,
            expires_at,
        }],
        Step::RevokeToken {
            account,
            organisation,
            token,
            name,
            ..
        } => vec![Fact::TokenRevoked {
            account,
            organisation,
            token,
            name,
        }],
        Step::Nothing { .. } | Step::LeaveOut { .. } => vec![],
    }
}

/// The whole directory as lines of text, in an order of its own: two directories are the same when these are.
///
/// # Errors
/// When the database fails.
pub async fn state(db: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    let mut lines = Vec::new();
    macro_rules! tell {
        ($($table:ident),*) => {$(
            for row in $table::Entity::find().all(db).await? {
                lines.push(format!("{} {row:?}", stringify!($table)));
            }
        )*};
    }
    tell!(
        organisation,
        site,
        unit,
        account,
        contact,
        address,
        person_number,
        role_grant,
        offer
    );
    lines.sort();
    Ok(lines)
}
