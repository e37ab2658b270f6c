//! Applying an authorised plan: the only writer of the directory. Rows and events are written together or not at all.

pub(crate) mod applying;
mod seats;

use domain::{
    dictionary::Attribute,
    event::{AccountFact, ContactFact, Event, Fact, OfferFact, OrganisationFact, RoleFact, TokenFact},
    life::Turn,
    offer::OfferEnd,
    organisation::OrganisationCode,
    plan::{
        AccountStep, ContactRef, ContactStep, DayChange, HeldRole, OpenOffer, OrganisationStep, PlannedRow, RoleStep,
        Step, TokenStep,
    },
    policy::AuthorisedPlan,
    trail::Action,
    values::ids::{AccountId, ContactId, GrantId, OfferId, SubmissionId, Timestamp},
};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use self::applying::Applying;
pub use crate::submissions::rows::Applied;
use crate::{
    StoreError, Transaction,
    access::{change_files::renames, connectors, credentials, tokens},
    directory::project::project,
    entities::{
        account, address, contact, customer, customer_domain, offer, organisation, person_number, role_grant, seat,
        site, subscription, unit,
    },
    submissions::{self, rows},
    trail,
};

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
    let moves_organisations = written.iter().any(|event| matches!(event.fact, Fact::Organisation(_)));
    let known = if moves_organisations { &[] } else { &*plan.organisations };
    project(&Applying(()), tx, &written, known).await?;
    tokens::end_with(tx, &written).await?;
    renames::end_with(tx, &written).await?;
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
    for run in events.chunk_by(|one, next| Action::of(&one.fact) == Action::of(&next.fact)) {
        for chunk in run.chunks(500) {
            project(&Applying(()), tx, chunk, &[]).await?;
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
            Fact::Account(account, _, AccountFact::Erased { .. }) => erased.push((account.0, event)),
            Fact::Contact(contact, _, ContactFact::Erased) => erased.push((contact.0, event)),
            Fact::Account(account, _, AccountFact::AddressesFreed { .. }) => freed.push((account.0, event)),
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
        connectors::forget(tx, &erased).await?;
    }
    Ok(())
}

/// The facts that a step becomes; new things get their IDs here.
fn facts(row: &PlannedRow) -> Vec<Fact> {
    match row.step.clone() {
        Step::CreateAccount {
            organisation,
            attributes,
            stay,
            provision,
            ..
        } => {
            let account = AccountId(Uuid::now_v7());
            let created = AccountFact::Created {
                status: provision.status(),
                attributes,
                stay,
            };
            let assigned = provision.seats.into_iter().map(seats::assigned);
            let facts = std::iter::once(created).chain(assigned);
            facts
                .map(|what| Fact::Account(account, organisation.clone(), what))
                .collect()
        }
        Step::Account(of, step) => {
            let facts = of_account(of.account, of.organisation, step);
            let ends = row.step.ends().iter().cloned();
            let ends = ends.map(|held| role_ended(of.account, held, String::new()));
            facts.into_iter().chain(ends).collect()
        }
        Step::FreeAddresses {
            account,
            organisation,
            addresses,
        } => vec![Fact::Account(
            account,
            organisation,
            AccountFact::AddressesFreed { addresses },
        )],
        Step::CreateContact {
            organisation,
            attributes,
        } => vec![Fact::Contact(
            ContactId(Uuid::now_v7()),
            organisation,
            ContactFact::Created { attributes },
        )],
        Step::Contact(of, step) => of_contact(of, step),
        Step::Organisation(step) => vec![Fact::Organisation(match step {
            OrganisationStep::Found(organisation) => OrganisationFact::Founded(organisation),
            OrganisationStep::Update { organisation, changes } => OrganisationFact::Changed { organisation, changes },
        })],
        Step::Role(
            account,
            RoleStep::Grant {
                role,
                organisation,
                unit,
                terms,
            },
        ) => vec![Fact::Role {
            grant: GrantId(Uuid::now_v7()),
            account,
            role,
            organisation,
            unit,
            what: RoleFact::Granted { terms },
        }],
        Step::Role(account, RoleStep::Revoke { held, reason }) => vec![role_ended(account, held, reason)],
        Step::Token(step) => vec![of_token(step)],
        Step::Customer { before, after } => vec![Fact::Customer {
            before: before.map(|before| *before),
            after: *after,
        }],
        Step::Subscription {
            organisation,
            before,
            after,
        } => vec![Fact::Subscription {
            organisation,
            before: before.map(|before| *before),
            after: *after,
        }],
        Step::Nothing { .. } | Step::LeaveOut { .. } => vec![],
    }
}

/// What a step becomes that is done to an account of this organisation, but for the roles that end with it.
fn of_account(account: AccountId, organisation: OrganisationCode, step: AccountStep) -> Vec<Fact> {
    let here = organisation.clone();
    let fact = |what| Fact::Account(account, here.clone(), what);
    let given_up = |at: Timestamp| {
        fact(AccountFact::LeavingPlanned {
            before: Some(at),
            after: None,
        })
    };
    let set_again = |organisation: &OrganisationCode, at: Timestamp| {
        let planned = AccountFact::LeavingPlanned {
            before: None,
            after: Some(at),
        };
        Fact::Account(account, organisation.clone(), planned)
    };
    match step {
        AccountStep::Update { changes, days } => {
            let changed = (!changes.is_empty()).then_some(AccountFact::Changed { changes });
            let days = days.iter().map(day_changed);
            changed.into_iter().chain(days).map(fact).collect()
        }
        AccountStep::Turn {
            turn,
            before,
            after,
            leaving,
            leaves_on,
            back,
            away,
            seats,
            ..
        } => {
            // Who is marked as a leaver leaves, if on another day: their date is not given up.
            let given_up = leaving.filter(|_| turn == Turn::Delete).map(given_up);
            let turned = fact(AccountFact::Turned {
                turn,
                before,
                after,
                leaving: leaving.filter(|_| !turn.keeps_leaving_date()),
                back,
                away,
            });
            let leaves = leaves_on.map(|at| set_again(&here, at));
            let ended = seats.into_iter().map(|end| fact(seats::revoked(end)));
            given_up
                .into_iter()
                .chain(ended)
                .chain([turned])
                .chain(leaves)
                .collect()
        }
        AccountStep::PlanLeaving { before, after } => vec![fact(AccountFact::LeavingPlanned { before, after })],
        AccountStep::PlanAbsence { before, after } => vec![fact(AccountFact::AbsencePlanned { before, after })],
        AccountStep::Move {
            to,
            before,
            changes,
            leaving,
            leaves_on,
            seats,
            ..
        } => {
            let given_up = leaving.map(given_up);
            let leaves = leaves_on.map(|at| set_again(&to, at));
            let ended: Vec<_> = seats.into_iter().map(|end| fact(seats::revoked(end))).collect();
            let moved = AccountFact::Moved {
                from: organisation,
                before,
                changes,
                leaving,
            };
            let moved = Fact::Account(account, to, moved);
            given_up.into_iter().chain(ended).chain([moved]).chain(leaves).collect()
        }
        AccountStep::ResetPassword { link } => vec![fact(AccountFact::PasswordReset { link })],
        AccountStep::ResetFactors => vec![fact(AccountFact::FactorsReset)],
        AccountStep::ChoosePassword => vec![fact(AccountFact::PasswordChosen)],
        AccountStep::Erase { addresses } => vec![fact(AccountFact::Erased { addresses })],
        AccountStep::Seats { seats, changes } => {
            let changed = (!changes.is_empty()).then_some(AccountFact::Changed { changes });
            let seats = seats.into_iter().map(seats::fact);
            changed.into_iter().chain(seats).map(fact).collect()
        }
        AccountStep::Hold { reason } => vec![fact(AccountFact::Held { reason })],
        AccountStep::Release => vec![fact(AccountFact::Released)],
        AccountStep::AskRename { to } => vec![fact(AccountFact::RenameAsked { to })],
        AccountStep::Invite => vec![fact(AccountFact::Invited)],
    }
}

/// What a step becomes that is done about an API token.
fn of_token(step: TokenStep) -> Fact {
    match step {
        TokenStep::Make {
            of,
            token,
            name,
            expires_at,
        } => Fact::Token {
            account: of.account,
            organisation: of.organisation,
            token,
            name,
            what: TokenFact::Made { expires_at },
        },
        TokenStep::Revoke {
            account,
            organisation,
            token,
            name,
            ..
        } => Fact::Token {
            account,
            organisation,
            token,
            name,
            what: TokenFact::Revoked,
        },
    }
}

/// Another first or last day of somebody.
fn day_changed(day: &DayChange) -> AccountFact {
    let DayChange { before, after, .. } = *day;
    match day.attribute {
        Attribute::StartDate => AccountFact::StartPlanned { before, after },
        _ => AccountFact::LeavingPlanned { before, after },
    }
}

/// What a step becomes that is done to a contact.
fn of_contact(of: ContactRef, step: ContactStep) -> Vec<Fact> {
    let ContactRef {
        contact, organisation, ..
    } = of;
    let fact = |what| Fact::Contact(contact, organisation.clone(), what);
    let offer = |offer: OpenOffer, what| Fact::Offer {
        offer: offer.id,
        contact,
        organisation: organisation.clone(),
        to: offer.to,
        what,
    };
    let ended = |open, end| offer(open, OfferFact::Ended { end });
    match step {
        ContactStep::Update { changes } => vec![fact(ContactFact::Changed { changes })],
        ContactStep::Delete { offer } => {
            let ended = offer.map(|offer| ended(offer, OfferEnd::ContactDeleted));
            std::iter::once(fact(ContactFact::Deleted)).chain(ended).collect()
        }
        ContactStep::Restore => vec![fact(ContactFact::Restored)],
        ContactStep::Erase => vec![fact(ContactFact::Erased)],
        ContactStep::Move { to, changes, offer } => {
            let ended = offer.map(|(offer, end)| ended(offer, end));
            let from = organisation.clone();
            let moved = Fact::Contact(contact, to, ContactFact::Moved { from, changes });
            std::iter::once(moved).chain(ended).collect()
        }
        ContactStep::Offer { to, to_name } => {
            let id = OfferId(Uuid::now_v7());
            vec![offer(OpenOffer { id, to }, OfferFact::Made { to_name })]
        }
        ContactStep::EndOffer { offer, end } => vec![ended(offer, end)],
    }
}

fn role_ended(account: AccountId, held: HeldRole, reason: String) -> Fact {
    Fact::Role {
        grant: held.grant,
        account,
        role: held.role,
        organisation: held.organisation,
        unit: held.unit,
        what: RoleFact::Ended { reason },
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
        offer,
        customer,
        customer_domain,
        subscription,
        seat
    );
    lines.sort();
    Ok(lines)
}
