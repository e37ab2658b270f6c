//! Activation links of the people whom a submission made. Their mailboxes cannot be read before they activate their
//! accounts, so those who may make links for them are given the links: as a sheet to print, or as a file. Or the links are sent
//! again by email.
//!
//! Each giving makes new links, and earlier ones stop working. It goes through the same plan and proof as a link for one
//! person, so each person's history says so; how many links were given out, of which submission, is recorded besides.

use domain::{
    account::Account,
    channel::Channel,
    policy::{Deed, Scope},
    request::{AccountWish, Wish},
    submission::State,
    trail::{GivenOut, Happening, Record},
    values::ids::{RowNumber, SubmissionId, Timestamp},
};
use store::{
    directory::{
        newcomers::{self, Counts, Giving, Starters},
        people,
    },
    submissions::Submission,
};

use crate::{
    GateError, MadeLink, Visit,
    service::seed::numbered,
    submissions::{
        at_once::Telling,
        claims::commit,
        effects::linking::{Replaces, Viewer},
    },
};

/// People whose links are made at once: one transaction, while others wait to write.
pub const LINKS_AT_ONCE: u64 = 500;

/// Earlier givings that a page lists.
const GIVINGS_SHOWN: u64 = 10;

/// How often it is tried again when somebody activates their account at the same moment.
const TRIES: usize = 3;

/// The people of a submission who have not activated their accounts, as far as the actor may make links for them.
#[derive(Clone, Debug)]
pub struct Newcomers {
    /// The submission.
    pub submission: Submission,
    /// How many there are.
    pub counts: Counts,
    /// How often their links were given out, the latest first, each with the name of who did it.
    pub given: Vec<(Giving, String)>,
}

/// Links that were just made.
#[derive(Clone, Debug)]
pub struct GivenLinks {
    /// The submission.
    pub submission: Submission,
    /// Those to be shown, in the file's order; none where they are sent by email.
    pub links: Vec<MadeLink>,
    /// For how many people links were made.
    pub people: u32,
    /// How many of them were sent their link by email instead of being shown, because they hold a role.
    pub by_email_alone: u32,
    /// Whether links of this submission were given out before.
    pub again: bool,
    /// Whether people got theirs whose first day is still to come.
    pub starters: Starters,
    /// The row behind which there are more; `None` if these were the last.
    pub more_after: Option<RowNumber>,
    /// When the links were made.
    pub at: Timestamp,
}

impl Visit<'_> {
    /// The people of a submission who wait for a link.
    ///
    /// # Errors
    /// `NotFound` where the actor does not see it, or it makes no accounts; `Denied` where they may make links for nobody.
    pub async fn newcomers(&self, id: &SubmissionId) -> Result<Newcomers, GateError> {
        let (submission, scope) = self.submission_of_newcomers(id).await?;
        let db = self.gate.store.reader();
        let givings = newcomers::givings(db, id, GIVINGS_SHOWN).await?;
        let givers: Vec<_> = givings.iter().filter_map(|giving| giving.by).map(|by| by.0).collect();
        let givers = people::by_ids(db, &givers).await?;
        let counts = newcomers::count(db, id, &scope, self.gate.now()).await?;
        let name = |giving: &Giving| {
            let giver = givers.iter().find(|giver| Some(giver.id) == giving.by);
            giver.map_or_else(|| "somebody".to_owned(), Account::full_name)
        };
        Ok(Newcomers {
            counts,
            given: givings.into_iter().map(|giving| (giving, name(&giving))).collect(),
            submission,
        })
    }

    /// Whether the actor may make links for people whom a submission made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn may_give_links(&self, submission: &Submission) -> Result<bool, GateError> {
        Ok(makes_accounts(submission) && !self.scope(Deed::ResetAndUnlock).await?.is_empty())
    }

    /// Makes links for people of a submission who have not activated their accounts, from behind a row on, and gives them
    /// out: [`LINKS_AT_ONCE`] at most. Somebody who gets theirs before their first day is sent none on that day.
    ///
    /// # Errors
    /// As [`Self::newcomers`].
    pub async fn give_links(
        &self,
        id: &SubmissionId,
        after: Option<RowNumber>,
        starters: Starters,
        how: GivenOut,
    ) -> Result<GivenLinks, GateError> {
        let (submission, scope) = self.submission_of_newcomers(id).await?;
        for _ in 1..TRIES {
            match self.try_to_give(&submission, &scope, after, starters, how).await {
                // Somebody has activated their account since they were looked for.
                Err(GateError::Stale) => {}
                given => return given,
            }
        }
        self.try_to_give(&submission, &scope, after, starters, how).await
    }

    async fn try_to_give(
        &self,
        submission: &Submission,
        scope: &Scope,
        after: Option<RowNumber>,
        starters: Starters,
        how: GivenOut,
    ) -> Result<GivenLinks, GateError> {
        let (gate, id) = (self.gate, &submission.id);
        let now = gate.now();
        let tx = gate.store.begin_chunk().await?;
        let mut waiting = newcomers::list(&tx, id, scope, (starters, now), after, LINKS_AT_ONCE + 1).await?;
        let are_more = waiting.len() as u64 > LINKS_AT_ONCE;
        waiting.truncate(LINKS_AT_ONCE as usize);
        let again = !newcomers::givings(&tx, id, 1).await?.is_empty();
        let mut given = GivenLinks {
            submission: submission.clone(),
            links: vec![],
            people: 0,
            by_email_alone: 0,
            again,
            starters,
            more_after: waiting.last().filter(|_| are_more).map(|last| last.row),
            at: now,
        };
        if waiting.is_empty() {
            return Ok(given);
        }
        let wishes = waiting
            .iter()
            .map(|newcomer| Wish::Account(newcomer.account, AccountWish::ResetPassword));
        let wishes = numbered(wishes.collect());
        let telling = Telling {
            viewer: match how {
                GivenOut::Printed | GivenOut::Downloaded => Viewer::AskerAlone,
                GivenOut::Emailed | GivenOut::EmailedPrivately | GivenOut::PrivatelyLater => Viewer::Nobody,
            },
            replaces: Replaces::Activations,
            told: &[],
        };
        let title = format!("Activation links: {}", submission.file_name);
        let done = self
            .done_telling(&tx, Channel::Portal, &title, &wishes, telling)
            .await?;
        let reset = done.rows.iter().filter(|(row, _)| row.step.problems().is_empty());
        given.people = u32::try_from(reset.count()).unwrap_or(u32::MAX);
        given.links = done.links;
        let place = |link: &MadeLink| waiting.iter().position(|newcomer| newcomer.account == link.account);
        given.links.sort_by_key(place);
        if telling.viewer == Viewer::AskerAlone {
            let shown = u32::try_from(given.links.len()).unwrap_or(u32::MAX);
            given.by_email_alone = given.people.saturating_sub(shown);
        }
        let giving = Giving {
            at: now,
            by: self.actor.account(),
            how,
            people: given.people,
        };
        newcomers::note_giving(&tx, id, &giving).await?;
        self.record_giving(&tx, &given, how).await?;
        commit(tx).await?;
        Ok(given)
    }

    async fn record_giving(&self, tx: &store::Transaction, given: &GivenLinks, how: GivenOut) -> Result<(), GateError> {
        let own = match self.actor.account() {
            Some(account) => people::by_ids(tx, &[account.0]).await?.pop(),
            None => None,
        };
        tx.record(Record {
            at: given.at,
            actor: self.actor.account(),
            actor_name: self.actor.name().to_owned(),
            organisation: own.map(|own| own.organisation),
            person: None,
            rights: self
                .gate
                .authority(tx, self.actor)
                .await?
                .rights_to(Deed::ResetAndUnlock),
            happening: Happening::LinksGivenOut {
                submission: given.submission.id.to_string(),
                file: given.submission.file_name.clone(),
                people: given.people,
                how,
                again: given.again,
            },
        });
        Ok(())
    }

    async fn submission_of_newcomers(&self, id: &SubmissionId) -> Result<(Submission, Scope), GateError> {
        let submission = self.submission(id).await?;
        if !makes_accounts(&submission) {
            return Err(GateError::NotFound);
        }
        let scope = self.scope(Deed::ResetAndUnlock).await?;
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        Ok((submission, scope))
    }
}

/// Whether a submission is a file that may have made accounts by now.
fn makes_accounts(submission: &Submission) -> bool {
    let is_of_people = match submission.channel {
        Channel::PortalCsv | Channel::Api | Channel::EmailCsv | Channel::ChangeFile => true,
        Channel::Portal | Channel::Undo | Channel::Organisations | Channel::System => false,
    };
    let is_begun = match submission.state {
        State::Planned => submission.confirmed_at.is_some(),
        State::Applying | State::Applied => true,
        State::Received | State::Unreadable | State::Declined | State::Superseded => false,
    };
    is_of_people && is_begun
}
