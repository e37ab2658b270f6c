//! Asking by a form: what is asked for is planned at once; what is wrong goes back to the form, and what can be done waits
//! for a confirmation, as a submission like any file's.

use domain::{
    channel::{Channel, Operation},
    dictionary::{Attribute, Attributes, Value},
    event::Event,
    organisation::{OrganisationCode, OrganisationPath, UnitPath},
    plan::{AccountStep, Change, ContactStep, FileKeys, Plan, Step, cells_that_differ, plan},
    policy::{Deed, authorise},
    problem::{Kind, Problem},
    request::{AccountWish, Cells, ChangeRequest, ContactWish, Wish},
    submission::{State, Totals},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, ContactId, RowNumber, SubmissionId, Timestamp},
        text,
    },
};
use store::{
    directory::{
        people,
        snapshot::{self, Hold},
    },
    submissions::{self, rows},
    trail::events,
};

use uuid::Uuid;

use crate::{Content, GateError, Visit, scope_for, submissions::claims::commit};

/// What a form's asking comes to.
#[derive(Clone, Debug)]
pub enum Asked {
    /// It cannot be done, because of these.
    Wrong(Vec<Problem>),
    /// It is so already.
    Nothing,
    /// It is planned and waits to be confirmed.
    Planned(SubmissionId),
}

/// What somebody asked for by a form and has not decided on yet.
#[derive(Clone, Debug)]
pub struct OpenWish {
    /// As asked.
    pub wish: Wish,
    /// The version of the account or contact that it was planned for.
    pub version: Option<i64>,
}

/// What was changed since a form was shown.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Which detail, what it is, and what it was. The last is told only together with who changed it.
    pub change: Change,
    /// Who changed it; `None` if the history is not the actor's to read.
    pub by: Option<String>,
    /// Whether that was the one who fills the form in, in another window.
    pub by_oneself: bool,
    /// When.
    pub at: Timestamp,
}

impl Visit<'_> {
    /// Asks for one thing. `title` names it in lists.
    ///
    /// # Errors
    /// `Denied` where the actor may do no such thing anywhere, or not there.
    pub async fn ask(&self, title: &str, wish: Wish) -> Result<Asked, GateError> {
        let gate = self.gate;
        let request = ChangeRequest {
            row: RowNumber(1),
            wish,
            promised: None,
        };
        let tx = gate.store.begin().await?;
        let authority = gate.authority(&tx, self.actor).await?;
        let scope = scope_for(&authority, Channel::Portal, std::slice::from_ref(&request));
        if scope.is_empty() && request.wish.account() != self.actor.account() {
            return Err(GateError::Denied);
        }
        if let Some(problem) = self.too_many_misses(&request.wish).await? {
            return Ok(Asked::Wrong(vec![problem]));
        }
        let known = gate.known(Channel::Portal, FileKeys::default(), &authority);
        let snapshot = snapshot::load(&tx, &scope, known, std::slice::from_ref(&request), Hold::Free).await?;
        let planned = plan(&snapshot, std::slice::from_ref(&request));
        let Some(row) = planned.rows.first().cloned() else {
            return Err(GateError::NotFound);
        };
        match &row.step {
            Step::LeaveOut { problems } => {
                self.deny_what_is_seen(&request.wish, problems).await?;
                drop(tx);
                self.note_miss(problems).await?;
                return Ok(Asked::Wrong(problems.clone()));
            }
            Step::Nothing { .. } => return Ok(Asked::Nothing),
            _ => {}
        }
        let places = places(&planned, &row.step);
        authorise(&authority, planned).map_err(|_| GateError::Denied)?;
        let request = ChangeRequest {
            promised: row.step.new_address(),
            ..request
        };
        let mut submission = self.by_form(title);
        submission.state = State::Planned;
        submission.expected_rows = 1;
        submissions::create_without_file(&tx, &submission, &places).await?;
        rows::insert(&tx, &submission.id, &[request], std::slice::from_ref(&row)).await?;
        submission.totals = rows::totals(&tx, &submission.id).await?;
        submissions::save(&tx, &submission).await?;
        commit(tx).await?;
        Ok(Asked::Planned(submission.id))
    }

    /// All that is wrong with a wish. Nothing is asked for by it, whatever the answer: a form that cannot be asked yet is told
    /// of all its problems at once.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn wrong_with(&self, wish: Wish) -> Result<Vec<Problem>, GateError> {
        let gate = self.gate;
        if let Some(problem) = self.too_many_misses(&wish).await? {
            return Ok(vec![problem]);
        }
        let is_guess = matches!(&wish, Wish::Join { address, .. } if !text::is_blank(address));
        let request = ChangeRequest {
            row: RowNumber(1),
            wish,
            promised: None,
        };
        let db = gate.store.moment().await?;
        let authority = gate.authority(&db, self.actor).await?;
        let scope = scope_for(&authority, Channel::Portal, std::slice::from_ref(&request));
        if scope.is_empty() && request.wish.account() != self.actor.account() {
            return Err(GateError::Denied);
        }
        let known = gate.known(Channel::Portal, FileKeys::default(), &authority);
        let snapshot = snapshot::load(&db, &scope, known, std::slice::from_ref(&request), Hold::Free).await?;
        drop(db);
        let planned = plan(&snapshot, std::slice::from_ref(&request));
        let problems = planned.rows.iter().flat_map(|row| row.step.problems());
        let problems: Vec<_> = problems.cloned().collect();
        self.deny_what_is_seen(&request.wish, &problems).await?;
        if is_guess {
            self.note_miss(&problems).await?;
        }
        Ok(problems)
    }

    /// Somebody whom the actor sees, but may not do this with, is no secret: it is denied. Whom they do not see is not
    /// there.
    async fn deny_what_is_seen(&self, wish: &Wish, problems: &[Problem]) -> Result<(), GateError> {
        if !matches!(problems, [only] if only.kind == Kind::NotThere) {
            return Ok(());
        }
        let seen = match (wish.account(), wish.contact()) {
            (Some(account), _) => self.account(account).await.map(drop),
            (_, Some(contact)) => self.contact(contact).await.map(drop),
            (None, None) => Err(GateError::NotFound),
        };
        match seen {
            Ok(()) => Err(GateError::Denied),
            Err(GateError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whether the actor may do an operation by a form anywhere at all.
    ///
    /// # Errors
    /// `Denied` where they may not.
    pub async fn allowed(&self, operation: Operation) -> Result<(), GateError> {
        let deed = Deed::of(operation, Channel::Portal).ok_or(GateError::Denied)?;
        match self.scope(deed).await?.is_empty() {
            true => Err(GateError::Denied),
            false => Ok(()),
        }
    }

    /// Asks for other details of an account: of a form's texts, those that differ from what the form was shown with.
    ///
    /// # Errors
    /// `NotFound` where the actor does not see the account; `Stale` with [`Self::moved_account`] where somebody changed a
    /// detail since that version.
    pub async fn ask_to_edit_account(
        &self,
        id: AccountId,
        seen: i64,
        form: &[(Attribute, String)],
    ) -> Result<Asked, GateError> {
        let (account, _) = self.account_or_own(id).await?;
        if account.version != seen {
            return Err(GateError::Stale);
        }
        let cells = differing(&account.attributes, form);
        if cells.texts.is_empty() {
            return Ok(Asked::Nothing);
        }
        let title = format!("Change {}", account.full_name());
        self.ask(&title, Wish::Account(id, AccountWish::Edit(cells))).await
    }

    /// As [`Self::ask_to_edit_account`], for a contact.
    ///
    /// # Errors
    /// As there.
    pub async fn ask_to_edit_contact(
        &self,
        id: ContactId,
        seen: i64,
        form: &[(Attribute, String)],
    ) -> Result<Asked, GateError> {
        let (contact, _) = self.contact(id).await?;
        if contact.version != seen {
            return Err(GateError::Stale);
        }
        let cells = differing(&contact.attributes, form);
        if cells.texts.is_empty() {
            return Ok(Asked::Nothing);
        }
        let title = format!("Change {}", contact.full_name());
        self.ask(&title, Wish::Contact(id, ContactWish::Edit(cells))).await
    }

    /// What the actor asked for by a form and has not decided on yet: to be asked for otherwise.
    ///
    /// # Errors
    /// `NotFound` where it is not there, not theirs, decided on, or about many.
    pub async fn open_wish(&self, id: &SubmissionId) -> Result<OpenWish, GateError> {
        let review = self.review(id, rows::Filter::default()).await?;
        let submission = &review.submission;
        let is_open = submission.channel == Channel::Portal && submission.state == State::Planned;
        match review.rows.as_slice() {
            [only] if review.is_mine && is_open => Ok(OpenWish {
                wish: only.request.wish.clone(),
                version: match &only.planned.step {
                    Step::Account(of, AccountStep::Update { .. }) => Some(of.version),
                    Step::Contact(of, ContactStep::Update { .. }) => Some(of.version),
                    _ => None,
                },
            }),
            _ => Err(GateError::NotFound),
        }
    }

    /// Throws away what the actor asked for by a form before, once they have asked for it otherwise. `is_same` says whether
    /// it was the same form; nothing is discarded that was not, or is decided on already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withdraw(&self, before: &SubmissionId, is_same: impl Fn(&Wish) -> bool) -> Result<(), GateError> {
        match self.open_wish(before).await {
            Ok(open) if is_same(&open.wish) => {}
            Ok(_) | Err(GateError::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        }
        self.give_up(before).await
    }

    /// Throws away what was asked for otherwise.
    pub(crate) async fn give_up(&self, before: &SubmissionId) -> Result<(), GateError> {
        match self.decline(before).await {
            // Confirmed or discarded in another window just now.
            Ok(()) | Err(GateError::Stale | GateError::NotFound | GateError::Denied) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// What was changed since a version of an account or contact was shown, each detail once, the latest first; with
    /// it, what the person had at that version. What another organisation had of them is not told: it goes back to the
    /// last move at most. Who changed what, and what it was, is for those who may read the history.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn moved_since(
        &self,
        subject: Uuid,
        current: &Attributes,
        versions: i64,
    ) -> Result<(Vec<Moved>, Attributes), GateError> {
        let db = self.gate.store.reader();
        let trail = events::of_subject(db, &subject.to_string(), 1000).await?;
        let since_move = trail
            .into_iter()
            .take_while(|event| event.fact.other_organisation().is_none());
        let counted = since_move.filter(|event| event.fact.is_counted());
        let reads_history = self.reads_history_of(subject).await?;
        let mut moved: Vec<Moved> = Vec::new();
        let mut then = current.clone();
        for event in counted.take(usize::try_from(versions).unwrap_or_default()) {
            let by_oneself = self.is_by_oneself(&event);
            for change in event.fact.changes() {
                then.set(change.attribute, change.before.clone());
                match moved
                    .iter_mut()
                    .find(|known| known.change.attribute == change.attribute)
                {
                    Some(known) => known.change.before.clone_from(&change.before),
                    None => moved.push(Moved {
                        change: change.clone(),
                        by: (reads_history || by_oneself).then(|| event.actor_name.clone()),
                        by_oneself,
                        at: event.at,
                    }),
                }
            }
        }
        moved.retain(|moved| moved.change.before != moved.change.after);
        for hidden in moved.iter_mut().filter(|moved| moved.by.is_none()) {
            hidden.change.before = None;
        }
        Ok((moved, then))
    }

    /// Whether the history of an account or contact is the actor's to read, as everybody's own is.
    async fn reads_history_of(&self, subject: Uuid) -> Result<bool, GateError> {
        if self.actor.account().is_some_and(|own| own.0 == subject) {
            return Ok(true);
        }
        let (db, scope) = (self.gate.store.reader(), self.scope(Deed::ReadAuditTrail).await?);
        let account = people::account(db, &scope, AccountId(subject)).await?;
        Ok(account.is_some() || people::contact(db, &scope, ContactId(subject)).await?.is_some())
    }

    /// Whether all that was changed about a person since a submission came in was changed by the actor, in another window.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn changed_it_oneself(
        &self,
        submission: &submissions::Submission,
        subject: &str,
    ) -> Result<bool, GateError> {
        let trail = events::of_subject(self.gate.store.reader(), subject, 1000).await?;
        let since = |event: &&Event| event.at >= submission.received_at && event.submission != submission.id;
        let mut since = trail.iter().filter(since).peekable();
        Ok(since.peek().is_some() && since.all(|event| self.is_by_oneself(event)))
    }

    fn is_by_oneself(&self, event: &Event) -> bool {
        event.actor.is_some() && event.actor == self.actor.account()
    }

    /// The addresses that a new person of this name could have, best first; free ones only.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn free_addresses(&self, first: &str, last: &str, most: usize) -> Result<Vec<EmailAddress>, GateError> {
        let domain = &self.gate.rules.mail_domain;
        let Some(candidates) = domain::values::address_candidates::candidates(first, last, domain) else {
            return Ok(vec![]);
        };
        let mut candidates = candidates.peekable();
        let Some(stem) = candidates.peek().map(EmailAddress::stem) else {
            return Ok(vec![]);
        };
        let held = store::directory::people::held_addresses(self.gate.store.reader(), &stem).await?;
        let free = candidates.filter(|candidate| !held.iter().any(|held| held == candidate.as_str()));
        Ok(free.take(most).collect())
    }

    /// The display name that the template makes.
    #[must_use]
    pub fn made_display_name(
        &self,
        first: &str,
        last: &str,
        organisation: &domain::organisation::Organisation,
    ) -> String {
        let names = [(Attribute::FirstName, first), (Attribute::LastName, last)];
        let attributes = names
            .into_iter()
            .map(|(attribute, text)| (attribute, Value::stored(text.trim().to_owned())))
            .collect();
        domain::account::display_name(&attributes, organisation, &self.gate.rules).to_string()
    }

    pub(crate) fn by_form(&self, title: &str) -> submissions::Submission {
        let mut submission = self.received(Channel::Portal, "", &Content::from(vec![]));
        submission.file_name = title.to_owned();
        submission.totals = Totals::default();
        submission
    }
}

fn differing(before: &Attributes, form: &[(Attribute, String)]) -> Cells {
    cells_that_differ(before, form)
}

/// The places that a step touches: those who see the submission see all of them.
pub(crate) fn places(planned: &Plan, step: &Step) -> Vec<OrganisationPath> {
    let place = |(code, unit): (OrganisationCode, Option<UnitPath>)| {
        let known = planned.organisations.iter().find(|known| known.code == code)?;
        Some(match unit {
            None => known.path.clone(),
            Some(unit) => OrganisationPath::stored(submissions::unit_place(&known.path, unit.as_str())),
        })
    };
    let mut places: Vec<_> = step.places().into_iter().filter_map(place).collect();
    places.sort();
    places.dedup();
    places
}
