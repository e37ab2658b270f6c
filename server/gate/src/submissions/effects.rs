//! What follows a change in the same transaction: one-time links, letters, passwords that are good no more. It all becomes
//! true together with the change, or not at all.

mod absences;
mod change_files;
mod gathered;
pub(crate) mod linking;
mod telling;

use std::collections::HashMap;

use domain::{
    account::{Account, AccountStatus},
    channel::Channel,
    life::{Then, Turn},
    offer::OfferEnd,
    organisation::OrganisationCode,
    plan::{AccountRef, AccountStep, ContactStep, HeldRole, PlannedRow, RoleStep, RowKind, Step, TokenStep},
    submission::{Outcome, State},
    values::{
        ids::{AccountId, Timestamp},
        links,
    },
};
use store::{
    Transaction,
    access::{credentials, factors, rights, sessions},
    directory::{apply::Applied, newcomers, offers, organisations, people},
    submissions::Submission,
    trail::events,
};

use crate::{
    Gate, GateError, calendar,
    connectors::email::telling::tell_result,
    service::letters::{self, FactorNews, Letter, RoleEnd},
    sign_in::password_sign_in::counting::forgive_all,
};

pub(crate) use self::gathered::{Doing, OfChangeFile, address, first_name};
use self::{
    gathered::{Aftermath, Linking, MadeLink},
    linking::Because,
};

/// Does what follows from applied rows.
pub(crate) async fn follow(
    gate: &Gate,
    tx: &Transaction,
    doing: &Doing<'_>,
    done: &[(&PlannedRow, &Applied)],
) -> Result<Vec<MadeLink>, GateError> {
    let mut after = Aftermath {
        gate,
        tx,
        doing,
        by: doing.actor.name().to_owned(),
        people: HashMap::new(),
        names: doing.names.clone(),
        subscriptions: HashMap::new(),
        linking: Linking::default(),
        letters: Vec::new(),
        former: HashMap::new(),
        moved: Vec::new(),
        roles: Vec::new(),
        absences: Vec::new(),
    };
    after.meet(done).await?;
    let rows: Vec<_> = done.iter().map(|(row, _)| *row).collect();
    after.prepare_links(&rows).await?;
    for (row, applied) in done {
        after.of_row(row, applied).await?;
    }
    let links = after.keep_first_links().await?;
    letters::post_all(tx, &after.letters, gate.now()).await?;
    after.tell_of_moves().await?;
    after.tell_of_roles().await?;
    after.tell_of_absences().await?;
    Ok(links)
}

/// Tells the sender of a file how it ended.
pub(crate) async fn tell_sender(gate: &Gate, tx: &Transaction, submission: &Submission) -> Result<(), GateError> {
    if submission.channel == Channel::EmailCsv && submission.state == State::Applied {
        return tell_result(gate, tx, submission).await;
    }
    let sender = submission
        .actor
        .account()
        .filter(|_| submission.channel == Channel::PortalCsv);
    let Some(sender) = sender else { return Ok(()) };
    let Some(sender) = people::by_ids(tx, &[sender.0]).await?.pop() else {
        return Ok(());
    };
    let totals = &submission.totals;
    let done = |kind: RowKind| totals.count(|tally| tally.kind == kind && tally.outcome == Outcome::Done);
    let letter = Letter::UploadFinished {
        first_name: first_name(&sender.attributes),
        file_name: submission.file_name.clone(),
        created: done(RowKind::Create),
        updated: done(RowKind::Update),
        no_change: done(RowKind::NoChange),
        left_out: totals.with(Outcome::LeftOut),
        skipped: totals.with(Outcome::LeftOut).saturating_sub(totals.rejected()),
        back_to_review: totals.with(Outcome::Stale),
        link: format!("{}{}", gate.rules.url, links::submission(&submission.id)),
    };
    letters::post(tx, address(&sender.attributes), &letter, gate.now()).await?;
    Ok(())
}

impl Aftermath<'_> {
    /// Reads, once for all rows, the accounts that are here already.
    async fn meet(&mut self, done: &[(&PlannedRow, &Applied)]) -> Result<(), GateError> {
        // Of a change file people are told that their details have changed.
        let tells_all = self.doing.change_file.is_some();
        let ids: Vec<_> = done
            .iter()
            .filter(|(row, _)| tells_all || !telling::tells_nobody(&row.step))
            .filter_map(|(row, _)| row.step.account())
            .map(|account| account.0)
            .collect();
        let met = people::by_ids(self.tx, &ids).await?;
        self.people = met.into_iter().map(|account| (account.id, account)).collect();
        let told = done
            .iter()
            .filter(|(row, _)| telling::tells_former_addresses(&row.step));
        let told: Vec<_> = told.filter_map(|(row, _)| row.step.account()).collect();
        let since = self.gate.now().plus_seconds(-telling::RECENTLY);
        self.former = events::given_up_addresses(self.tx, &told, since).await?;
        Ok(())
    }

    async fn of_row(&mut self, row: &PlannedRow, applied: &Applied) -> Result<(), GateError> {
        self.note_roles(&row.step);
        self.note_absence(&row.step);
        match &row.step {
            Step::CreateAccount {
                organisation,
                attributes,
                with_password,
                stay,
                provision,
            } => {
                if let Some(id) = applied.subject {
                    // Who sent a change file hands no passwords over (S2: people register by the invitation).
                    let is_invited = self.doing.change_file.is_some() || !with_password;
                    let is_sent_now = is_invited && stay.starts.is_none() && provision.invites();
                    self.take_private_address(row.row, AccountId(id), is_sent_now);
                    if is_sent_now {
                        self.welcome(AccountId(id), organisation, attributes).await?;
                    }
                }
            }
            Step::Account(of, AccountStep::ResetPassword { .. }) => {
                if let Some(account) = self.people.get(&of.account).cloned() {
                    self.reset(&account, Because::Asked).await?;
                }
            }
            Step::Account(of, AccountStep::ResetFactors) => {
                if let Some(account) = self.people.get(&of.account).cloned() {
                    self.reset_factors(&account).await?;
                }
            }
            Step::Account(of, AccountStep::Update { changes, .. }) => {
                self.address_changed(of.account, changes);
                self.details_changed(row, of, changes).await?;
            }
            Step::Account(of, AccountStep::Seats { seats, .. }) => self.seats_changed(row, of, seats).await?,
            Step::Account(of, AccountStep::Invite) => {
                self.invite_again(of).await?;
            }
            Step::Account(of, AccountStep::AskRename { to }) => self.ask_rename(of, to).await?,
            Step::Account(of, AccountStep::Move { to, before, ends, .. }) => {
                self.account_moved(of, to, *before, ends).await?
            }
            Step::Role(account, RoleStep::Grant { .. }) => self.end_shown_ways_in(*account).await?,
            Step::Token(TokenStep::Revoke { account, name, .. }) => self.token_revoked(*account, name),
            Step::Account(of, AccountStep::ChoosePassword) => {
                credentials::end_links(self.tx, of.account).await?;
                if let Some(account) = self.people.get(&of.account).filter(|account| account.activated) {
                    let letter = Letter::PasswordChanged {
                        first_name: first_name(&account.attributes),
                    };
                    self.letters.push((address(&account.attributes).to_owned(), letter));
                }
            }
            Step::Account(of, AccountStep::Turn { turn, before, ends, .. }) => {
                self.turned(of, *turn, *before, ends).await?
            }
            Step::Contact(of, ContactStep::Offer { to, to_name }) => {
                let lapses_on = self.gate.lapses_at(self.gate.now());
                let letter = Letter::OfferReceived {
                    first_name: String::new(),
                    contact: row.name.clone(),
                    from: self.name(&of.organisation).await?,
                    to: to_name.clone(),
                    by: self.by.clone(),
                    lapses_on,
                    link: self.offers(),
                };
                self.tell_administrators(to, &letter).await?;
            }
            Step::Contact(_, ContactStep::EndOffer { offer, end }) => self.offer_ended(row, offer, *end).await?,
            Step::Contact(
                _,
                ContactStep::Move {
                    offer: Some((offer, end)),
                    ..
                },
            ) => self.offer_ended(row, offer, *end).await?,
            Step::Contact(_, ContactStep::Delete { offer: Some(offer) }) => {
                self.offer_ended(row, offer, OfferEnd::ContactDeleted).await?
            }
            _ => {}
        }
        Ok(())
    }

    /// The connector is told, or else their program stops without a word.
    fn token_revoked(&mut self, holder: AccountId, name: &str) {
        let by_oneself = self.doing.actor.account() == Some(holder);
        if let Some(account) = self.people.get(&holder).filter(|_| !by_oneself) {
            let letter = Letter::TokenRevoked {
                first_name: first_name(&account.attributes),
                name: name.to_owned(),
                by: self.by.clone(),
            };
            self.letters.push((address(&account.attributes).to_owned(), letter));
        }
    }

    /// Somebody who has lost their second factor signs in by their password alone, and sets up another.
    async fn reset_factors(&mut self, account: &Account) -> Result<(), GateError> {
        factors::remove_all(self.tx, &[account.id.0]).await?;
        sessions::end_all(self.tx, account.id, None).await?;
        forgive_all(self.tx, account).await?;
        let letter = Letter::SecondFactor {
            first_name: first_name(&account.attributes),
            news: FactorNews::Reset { by: self.by.clone() },
        };
        for address in self.former_addresses(account) {
            self.letters.push((address, letter.clone()));
        }
        self.letters.push((address(&account.attributes).to_owned(), letter));
        Ok(())
    }

    async fn turned(
        &mut self,
        of: &AccountRef,
        turn: Turn,
        before: AccountStatus,
        ends: &[HeldRole],
    ) -> Result<(), GateError> {
        let organisation = &of.organisation;
        let Some(account) = self.people.get(&of.account).cloned() else {
            return Ok(());
        };
        if (turn, account.status) == (Turn::Restore, AccountStatus::Pending) && account.starts_at.is_some() {
            // It is sent on their first day.
            return Ok(());
        }
        if (turn, account.status) == (Turn::Restore, AccountStatus::Pending) {
            // The link that its person was sent ended when it was deleted.
            return self
                .invite(account.id, organisation, &account.attributes, self.doing.viewer)
                .await;
        }
        if (turn, before) == (Turn::MarkLeaver, AccountStatus::Disabled) {
            // What was shut stays shut: a leaver could sign in.
            credentials::revoke(self.tx, account.id, self.gate.now()).await?;
        }
        let first_name = first_name(&account.attributes);
        // After the turn, what comes next is counted from now.
        let gate = self.gate;
        let next = |status| {
            let (span, _) = gate.rules.timers.of(status)?;
            calendar::after(gate.now(), span)
        };
        let letter = match turn {
            Turn::MarkLeaver => Some(Letter::LeaverMarked {
                first_name,
                organisation: String::new(),
                by: self.by.clone(),
                deleted_on: next(AccountStatus::Leaver),
                roles: self.ended(&account, ends, RoleEnd::Leaver).await?,
            }),
            Turn::KeepOn => Some(Letter::LeaverUndone {
                first_name,
                organisation: String::new(),
            }),
            Turn::Idle => {
                next(AccountStatus::Inactive).map(|deleted_on| Letter::AccountEnding { first_name, deleted_on })
            }
            Turn::Lock => Some(Letter::AccountLocked {
                first_name,
                way_back: format!("{}{}", self.gate.rules.url, links::PASSWORD_RESET),
            }),
            Turn::Unlock => {
                forgive_all(self.tx, &account).await?;
                None
            }
            Turn::Delete | Turn::Disable => {
                credentials::end_links(self.tx, account.id).await?;
                None
            }
            Turn::Activate => {
                newcomers::forget_private_addresses(self.tx, &[account.id.0]).await?;
                None
            }
            _ => None,
        };
        let Some(mut letter) = letter else { return Ok(()) };
        if let Letter::LeaverMarked { organisation: name, .. } | Letter::LeaverUndone { organisation: name, .. } =
            &mut letter
        {
            *name = self.name(organisation).await?;
        }
        self.letters.push((address(&account.attributes).to_owned(), letter));
        Ok(())
    }

    /// The person who made the offer is told how it ended; where they ended it themselves, the other side is.
    async fn offer_ended(
        &mut self,
        row: &PlannedRow,
        offer: &domain::plan::OpenOffer,
        end: OfferEnd,
    ) -> Result<(), GateError> {
        let letter = Letter::OfferEnded {
            first_name: String::new(),
            contact: row.name.clone(),
            to: self.name(&offer.to).await?,
            how: end,
            by: (end != OfferEnd::Lapsed).then(|| self.by.clone()),
            link: self.offers(),
        };
        match end {
            OfferEnd::Accepted | OfferEnd::Declined | OfferEnd::Lapsed => {
                let Some(sender) = offers::sender(self.tx, offer.id).await? else {
                    return Ok(());
                };
                let sender = people::by_ids(self.tx, &[sender.0]).await?.pop();
                self.letters.extend(sender.map(|sender| to(&sender, letter)));
                Ok(())
            }
            OfferEnd::Withdrawn | OfferEnd::ContactDeleted | OfferEnd::ContactMoved => {
                self.tell_administrators(&offer.to, &letter).await
            }
        }
    }

    async fn tell_administrators(&mut self, of: &OrganisationCode, letter: &Letter) -> Result<(), GateError> {
        let administrators = rights::administrators(self.tx, of, self.gate.now()).await?;
        let people = people::by_ids(self.tx, &administrators).await?;
        self.letters
            .extend(people.iter().map(|person| to(person, letter.clone())));
        Ok(())
    }

    fn offers(&self) -> String {
        format!("{}{}", self.gate.rules.url, links::OFFERS)
    }

    async fn name(&mut self, code: &OrganisationCode) -> Result<String, GateError> {
        if let Some(name) = self.names.get(code) {
            return Ok(name.clone());
        }
        let found = organisations::by_codes(self.tx, std::slice::from_ref(code)).await?;
        let name = found.into_iter().next().map(|organisation| organisation.name);
        let name = name.unwrap_or_else(|| code.to_string());
        self.names.insert(code.clone(), name.clone());
        Ok(name)
    }
}

/// What becomes of an account automatically, and when: counted from the beginning of its status, or from its last known
/// use. `None` if its person leaves before then, or the moment never comes.
pub(crate) fn next(gate: &Gate, account: &Account, last_used: Option<Timestamp>) -> Option<(Timestamp, Then)> {
    let (span, then) = gate.rules.timers.of(account.status)?;
    // Somebody who is to come back on a day is not deleted before then.
    let comes_back = account.absence.as_ref().is_some_and(|absence| absence.until.is_some());
    if comes_back && account.status == AccountStatus::Disabled {
        return None;
    }
    let since = match account.status {
        AccountStatus::Active | AccountStatus::Inactive => {
            last_used.map_or(account.since, |used| used.max(account.since))
        }
        _ => account.since,
    };
    let at = calendar::after(since, span)?;
    let leaves_first = account.leaving_at.is_some_and(|leaves| leaves <= at);
    (!leaves_first).then_some((at, then))
}

/// A letter to somebody, by name.
fn to(person: &Account, letter: Letter) -> (String, Letter) {
    let address = address(&person.attributes).to_owned();
    (address, letter.greeting(first_name(&person.attributes)))
}
