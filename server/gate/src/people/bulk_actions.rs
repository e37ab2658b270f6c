//! One thing for many people: those ticked in a list, all of a search, or those that an upload made or changed. It is one
//! submission with a preview, like a file's.

use std::{collections::BTreeSet, future::ready};

use domain::{
    absence::Absence,
    account::Account,
    channel::{Channel, Operation},
    dictionary::Attribute,
    life::Turn,
    organisation::{Organisation, OrganisationCode},
    plan::RowKind,
    policy::{Deed, Scope},
    request::{AccountWish, Cells, Wish},
    submission::State,
    values::ids::{AccountId, SubmissionId, Timestamp},
};
use store::{
    Transaction,
    directory::people::{self, Query},
    jobs::{self, Task},
    submissions::{self, rows},
};

use crate::{
    GateError, Visit, places,
    service::seed::numbered,
    submissions::claims::{CHUNK, commit},
};

/// Accounts that are looked at to know whether all of them belong to one organisation.
const LOOKED_AT: usize = 1_000;

/// As many people as one asking may be about.
pub const MOST_AT_ONCE: u64 = 20_000;

/// Whom it is about.
#[derive(Clone, Debug)]
pub enum Whom {
    /// These accounts.
    These(Vec<AccountId>),
    /// All accounts that a search finds.
    Search(Query),
    /// The accounts that a submission created, or changed.
    Upload(SubmissionId, RowKind),
    /// Those for whom the actor asked for something before, and has not decided on it yet.
    Asked(SubmissionId),
}

/// What is to be done with each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A turn in their lives.
    Turn(Turn),
    /// They leave on a day ahead.
    Leave(Timestamp),
    /// They are disabled from now, perhaps until a day, and for a reason.
    Away(Absence),
    /// They go to another organisation, site and unit.
    Move(Box<Cells>),
    /// One of their details becomes the same for all of them.
    Change(Box<Cells>),
}

/// The sorts of acts, as a list of people offers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActKind {
    /// A turn in their lives.
    Turn(Turn),
    /// Another organisation.
    Move,
    /// Another value for one detail.
    Change,
}

/// The details that can be changed for many at once: where they work and what as, and the size of their mailboxes.
pub const CHANGED_FOR_MANY: [Attribute; 5] = [
    Attribute::Unit,
    Attribute::Site,
    Attribute::JobTitle,
    Attribute::Department,
    Attribute::Quota,
];

impl ActKind {
    /// Every sort, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Change,
        Self::Turn(Turn::Disable),
        Self::Turn(Turn::Enable),
        Self::Turn(Turn::Unlock),
        Self::Turn(Turn::MarkLeaver),
        Self::Move,
        Self::Turn(Turn::Delete),
        Self::Turn(Turn::Restore),
    ];

    /// The name it is sent by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Turn(turn) => turn.slug(),
            Self::Move => "transfer",
            Self::Change => "change",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Turn(turn) => turn.name(),
            Self::Move => "Transfer to another organisation",
            Self::Change => "Change a detail",
        }
    }

    const fn deed(self) -> Deed {
        match self {
            Self::Turn(Turn::Disable | Turn::Enable) => Deed::DisableAndEnable,
            Self::Turn(Turn::Unlock) => Deed::ResetAndUnlock,
            Self::Turn(_) | Self::Move => Deed::MoveAndEnd,
            // What a file does, done by a form: somebody who may change one person need not be allowed this.
            Self::Change => Deed::UploadCsv,
        }
    }

    /// Whether it can be undone; see [`Turn::back`].
    #[must_use]
    pub const fn can_be_undone(self) -> bool {
        match self {
            Self::Turn(turn) => turn.back().is_some(),
            Self::Move | Self::Change => true,
        }
    }

    /// The deed that undoing it is.
    pub(crate) const fn deed_of_undoing(self) -> Option<Deed> {
        let operation = match self {
            Self::Turn(turn) => match turn.back() {
                Some(back) => back.operation(),
                None => return None,
            },
            Self::Move => Operation::TransferAccount,
            Self::Change => Operation::EditAccount,
        };
        Deed::of(operation, Channel::Undo)
    }
}

impl Act {
    /// Its sort.
    #[must_use]
    pub const fn kind(&self) -> ActKind {
        match self {
            Self::Turn(turn) => ActKind::Turn(*turn),
            Self::Leave(_) => ActKind::Turn(Turn::MarkLeaver),
            Self::Away(_) => ActKind::Turn(Turn::Disable),
            Self::Move(_) => ActKind::Move,
            Self::Change(_) => ActKind::Change,
        }
    }

    /// What a wish for one of many asks for; `None` if it is nothing that is asked for many.
    #[must_use]
    pub fn of(wish: &Wish) -> Option<Self> {
        let Wish::Account(_, wish) = wish else { return None };
        match wish {
            AccountWish::Turn(turn) => Some(Self::Turn(*turn)),
            AccountWish::Leaving(at) => at.map(Self::Leave),
            AccountWish::Absence(absence) => absence.clone().map(Self::Away),
            AccountWish::Move(cells) => Some(Self::Move(Box::new(cells.clone()))),
            AccountWish::Edit(cells) => Some(Self::Change(Box::new(cells.clone()))),
            _ => None,
        }
    }

    fn wish(&self, account: AccountId) -> Wish {
        let wish = match self {
            Self::Turn(turn) => AccountWish::Turn(*turn),
            Self::Leave(at) => AccountWish::Leaving(Some(*at)),
            Self::Away(absence) => AccountWish::Absence(Some(absence.clone())),
            Self::Move(cells) => AccountWish::Move((**cells).clone()),
            Self::Change(cells) => AccountWish::Edit((**cells).clone()),
        };
        Wish::Account(account, wish)
    }
}

impl Visit<'_> {
    /// What the actor may do somewhere with many people at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn acts(&self) -> Result<Vec<ActKind>, GateError> {
        let authority = self.authority().await?;
        let may = |kind: &ActKind| !authority.scope(kind.deed()).is_empty();
        Ok(ActKind::ALL.into_iter().filter(may).collect())
    }

    /// How many accounts are meant, as far as the actor sees them.
    ///
    /// # Errors
    /// As [`Self::meant`].
    pub async fn how_many(&self, whom: &Whom) -> Result<u64, GateError> {
        match whom {
            Whom::Search(query) => self.count_accounts(query).await,
            Whom::These(_) | Whom::Upload(..) | Whom::Asked(_) => Ok(self.meant(whom).await?.len() as u64),
        }
    }

    /// Hands over the accounts that are meant, for an export: some at a time, and at most so many.
    ///
    /// # Errors
    /// As [`Self::meant`], and what `take` says.
    pub async fn each_of<F>(
        &self,
        whom: &Whom,
        most: usize,
        mut take: impl FnMut(Vec<Account>) -> F,
    ) -> Result<(), GateError>
    where
        F: Future<Output = Result<(), GateError>>,
    {
        if let Whom::Search(query) = whom {
            return self.each_account(query, most, take).await;
        }
        let meant = self.meant(whom).await?;
        for chunk in meant.chunks(CHUNK) {
            let ids: Vec<_> = chunk.iter().map(|account| account.0).collect();
            let mut found = people::by_ids(self.gate.store.reader(), &ids).await?;
            // In the order in which they were meant, which is by name.
            found.sort_by_key(|account| ids.iter().position(|id| *id == account.id.0));
            take(found).await?;
        }
        Ok(())
    }

    /// Whom it is about, as far as the actor sees them; one more than [`MOST_AT_ONCE`] where there are more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn meant(&self, whom: &Whom) -> Result<Vec<AccountId>, GateError> {
        let db = self.gate.store.reader();
        let scope = self.scope(Deed::See).await?;
        match whom {
            Whom::These(ids) => {
                let named: Vec<_> = ids.iter().map(|id| id.0).collect();
                Ok(people::ids_within(db, &scope, &named).await?)
            }
            Whom::Search(query) => Ok(people::ids(db, &scope, query, MOST_AT_ONCE + 1).await?),
            Whom::Upload(id, kind) => {
                let submission = self.submission(id).await?;
                let made = rows::subjects(db, &submission.id, *kind, MOST_AT_ONCE + 1).await?;
                Ok(people::ids_within(db, &scope, &made).await?)
            }
            Whom::Asked(before) => {
                let (_, accounts) = self.open_act(before).await?;
                let named: Vec<_> = accounts.iter().map(|account| account.0).collect();
                Ok(people::ids_within(db, &scope, &named).await?)
            }
        }
    }

    /// The organisation that all who are meant belong to, with its sites and units, and whether somebody may be there without
    /// a unit. `None` if they belong to several, or are too many to look at.
    ///
    /// # Errors
    /// As [`Self::meant`].
    pub async fn place_of_all(&self, whom: &Whom) -> Result<Option<(Organisation, bool)>, GateError> {
        let searched = match whom {
            Whom::Search(query) => query.organisation.as_deref(),
            Whom::These(_) | Whom::Upload(..) | Whom::Asked(_) => None,
        };
        let code = if let Some(code) = searched {
            OrganisationCode::parse(code).ok()
        } else if self.how_many(whom).await? > LOOKED_AT as u64 {
            None
        } else {
            let mut codes = BTreeSet::new();
            let gather = |accounts: Vec<Account>| {
                codes.extend(accounts.into_iter().map(|account| account.organisation));
                ready(Ok(()))
            };
            self.each_of(whom, LOOKED_AT, gather).await?;
            codes.pop_first().filter(|_| codes.is_empty())
        };
        let Some(code) = code else { return Ok(None) };
        match self.organisation_for(Operation::EditAccount, &code).await {
            Ok(found) => Ok(Some(found)),
            Err(GateError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What the actor asked for many accounts and has not decided on yet, with those accounts.
    ///
    /// # Errors
    /// `NotFound` where it is not there, not theirs, decided on, or nothing that is asked for many.
    pub async fn open_act(&self, id: &SubmissionId) -> Result<(Act, Vec<AccountId>), GateError> {
        let submission = self.submission(id).await?;
        let is_mine = self.is_mine(&submission).await?;
        if !is_mine || submission.channel != Channel::Portal || submission.state != State::Planned {
            return Err(GateError::NotFound);
        }
        let (mut act, mut accounts) = (None, Vec::new());
        rows::for_each(self.gate.store.reader(), id, |stretch| {
            for row in stretch {
                act = act.take().or_else(|| Act::of(&row.request.wish));
                accounts.extend(row.request.wish.account());
            }
        })
        .await?;
        Ok((act.ok_or(GateError::NotFound)?, accounts))
    }

    /// Asks for one thing for many accounts; it is planned in the background. What was asked for the same ones before is
    /// thrown away.
    ///
    /// # Errors
    /// `Denied` where the actor may do no such thing anywhere; `NotFound` where nobody is meant; `Unanswered` where more
    /// than [`MOST_AT_ONCE`] are.
    pub async fn ask_for_many(&self, title: &str, whom: &Whom, act: &Act) -> Result<SubmissionId, GateError> {
        let gate = self.gate;
        let scope = self.scope(act.kind().deed()).await?;
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        let meant = self.meant(whom).await?;
        if meant.is_empty() {
            return Err(GateError::NotFound);
        }
        if meant.len() as u64 > MOST_AT_ONCE {
            return Err(GateError::Unanswered);
        }
        let wishes = meant.into_iter().map(|account| act.wish(account)).collect();
        let tx = gate.store.begin().await?;
        let id = self.keep_asked(&tx, title, &scope, wishes).await?;
        commit(tx).await?;
        gate.bell.notify_one();
        if let Whom::Asked(before) = whom {
            self.give_up(before).await?;
        }
        Ok(id)
    }

    /// Keeps wishes for many as one submission that is to be planned, as part of a transaction. All of them ask for one
    /// operation.
    pub(crate) async fn keep_asked(
        &self,
        tx: &Transaction,
        title: &str,
        scope: &Scope,
        wishes: Vec<Wish>,
    ) -> Result<SubmissionId, GateError> {
        let requests = numbered(wishes);
        let mut submission = self.by_form(title);
        submission.state = State::Received;
        submission.expected_rows = u32::try_from(requests.len()).unwrap_or(u32::MAX);
        let bytes = serde_json::to_vec(&requests).map_err(store::StoreError::from)?;
        submissions::create(tx, &submission, bytes, &places(scope)).await?;
        jobs::enqueue(tx, Task::Check, &submission.id, self.gate.now()).await?;
        Ok(submission.id)
    }
}
