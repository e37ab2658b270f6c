//! Submissions: keeping the file, moving the state, and showing one to those who manage all of its places.

mod among;
pub mod columns;
mod files;
mod listing;
mod machines;
mod pieces;
pub mod rows;
mod undecided;
mod undos;
mod visible;

use domain::{
    channel::Channel,
    layout::Layout,
    organisation::OrganisationPath,
    policy::{Actor, Scope},
    problem::Problem,
    submission::{LookAlikes, ROLE_ENDED, State, Totals, Touched, WITHDRAWN},
    values::ids::{AccountId, SubmissionId, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

pub(crate) use self::files::drop_files_about;
use self::visible::{nowhere_outside, visible};
pub use self::{
    among::seen_among,
    files::{drop_file, finished_files, unexplained_files},
    listing::{list, sent_by, undecided_since},
    machines::{finished_between, held, held_since, places_of, sent_through},
    pieces::{PIECE, bytes, keep_piece, replace_file},
    undecided::{undecided_of, unreadable_of},
    undos::undos_of,
    visible::unit_place,
};
use crate::{
    StoreError,
    entities::{submission, submission_scope},
    lists::insert_all,
    number,
    trail::events::{channel, channel_word},
    word,
};

/// A submission as it stands.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its reference.
    pub id: SubmissionId,
    /// Who sent it.
    pub actor: Actor,
    /// How it came in.
    pub channel: Channel,
    /// Where it stands.
    pub state: State,
    /// The file's name, for people only.
    pub file_name: String,
    /// The file's size in bytes.
    pub file_size: u64,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub file_sha256: String,
    /// The format it was recognised as.
    pub format: Option<String>,
    /// Which column holds what.
    pub layout: Layout,
    /// Why it cannot be read; empty where it can.
    pub problems: Vec<Problem>,
    /// Its rows, counted when its state last moved.
    pub totals: Totals,
    /// Rows that the present phase (checking, applying) has to go through.
    pub expected_rows: u32,
    /// Rows that the present phase has gone through.
    pub progress: u32,
    /// What its confirmer said of look-alikes.
    pub look_alikes: Option<LookAlikes>,
    /// Why it stopped short, for its sender.
    pub trouble: Option<String>,
    /// When it arrived.
    pub received_at: Timestamp,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When its last row had its outcome.
    pub finished_at: Option<Timestamp>,
    /// Whether its sender has stopped for a while what is being applied.
    pub paused: bool,
    /// The organisations of which it changes suspiciously many accounts; its confirmer types their number in.
    pub touches: Vec<Touched>,
    /// How often its sender has mended it in the page, or said anew what its columns hold.
    pub mends: u32,
    /// The submission that it undoes.
    pub undoes: Option<SubmissionId>,
    /// The trail's last entry before its plan was begun: what is behind it, its confirmer may not have been shown. None
    /// where that is not known.
    pub planned_after: Option<i64>,
    /// The administrator who applied it, where a machine sent it and it was held.
    pub applied_by: Option<Actor>,
    /// Whether its rows are planned and their one-time passwords are being hashed.
    pub hashing: bool,
    /// Whether its file is no longer kept.
    pub file_gone: bool,
    /// Whether it is only planned, so that its sender can read the plan; nothing of it is ever applied.
    pub rehearsal: bool,
}

impl Submission {
    /// Whether its plan waits for a person: always where people send it, and where a machine changes many accounts at once.
    #[must_use]
    pub const fn waits_for_a_person(&self) -> bool {
        self.channel.waits_for_confirmation() || !self.touches.is_empty()
    }

    /// Whether its plan waits for the daily run, which applies it unless a later file speaks for its organisations.
    #[must_use]
    pub fn waits_for_the_run(&self) -> bool {
        self.channel.waits_for_run() && self.state == State::Planned && self.touches.is_empty()
    }

    /// Whether a machine sent it, and it waits for an administrator.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.channel.is_machine() && self.state == State::Planned && !self.waits_for_the_run()
    }

    /// Whether its sender took it back.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.state == State::Declined && self.trouble.as_deref() == Some(WITHDRAWN)
    }

    /// Whether the run did not apply it, because its sender had no role for it any more.
    #[must_use]
    pub fn is_barred(&self) -> bool {
        self.state == State::Declined && self.trouble.as_deref() == Some(ROLE_ENDED)
    }

    /// Whether it is a dry run of what would wait for an administrator.
    #[must_use]
    pub const fn would_be_held(&self) -> bool {
        self.rehearsal && !self.touches.is_empty()
    }
}

/// Which submissions a list shows, by who sent them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SentBy {
    /// All of them.
    #[default]
    Anybody,
    /// Files that people uploaded, of people and of organisations, and undos.
    People,
    /// What machines sent.
    Machines,
}

impl SentBy {
    fn channels(self) -> Vec<Channel> {
        let machines = Channel::PUBLISHED.into_iter().filter(|channel| channel.is_machine());
        let people = [Channel::PortalCsv, Channel::Undo, Channel::Organisations];
        match self {
            Self::Anybody => people.into_iter().chain(machines).collect(),
            Self::People => people.to_vec(),
            Self::Machines => machines.collect(),
        }
    }
}

/// Keeps a new submission with its file and the places it is sent for.
///
/// # Errors
/// When the database fails.
pub async fn create(
    db: &impl ConnectionTrait,
    new: &Submission,
    bytes: Vec<u8>,
    places: &[OrganisationPath],
) -> Result<(), StoreError> {
    create_without_file(db, new, places).await?;
    pieces::keep_file(db, &new.id, bytes).await
}

/// As [`create`], for what was asked for without a file, and for a file whose pieces are kept one by one ([`keep_piece`]).
///
/// # Errors
/// When the database fails.
pub async fn create_without_file(
    db: &impl ConnectionTrait,
    new: &Submission,
    places: &[OrganisationPath],
) -> Result<(), StoreError> {
    submission::Entity::insert(row(new)?.into_active_model())
        .exec_without_returning(db)
        .await?;
    let place = |path: &OrganisationPath| submission_scope::ActiveModel {
        submission: Set(new.id.to_string()),
        path: Set(path.as_str().to_owned()),
    };
    insert_all(db, places.iter().map(place).collect()).await
}

/// What stands where somebody's name stood who is forgotten.
pub(crate) const FORGOTTEN: &str = "A person whose data has been erased";

/// Takes a name out of the title of what was asked for by a form; a file's name is nobody's.
pub(crate) async fn forget_title(db: &impl ConnectionTrait, id: &str) -> Result<(), StoreError> {
    submission::Entity::update_many()
        .col_expr(submission::Column::FileName, Expr::value(FORGOTTEN))
        .filter(submission::Column::Id.eq(id))
        .filter(submission::Column::Channel.eq(channel_word(Channel::Portal)?))
        .filter(submission::Column::ExpectedRows.lte(1))
        .exec(db)
        .await?;
    Ok(())
}

/// Says which places a submission touched, where that is known only afterwards.
///
/// # Errors
/// When the database fails.
pub async fn set_places(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    places: impl IntoIterator<Item = OrganisationPath>,
) -> Result<(), StoreError> {
    let place = |path: OrganisationPath| submission_scope::ActiveModel {
        submission: Set(id.to_string()),
        path: Set(path.as_str().to_owned()),
    };
    insert_all(db, places.into_iter().map(place).collect()).await
}

/// Writes a submission's new state of affairs over the old.
///
/// # Errors
/// When the database fails.
pub async fn save(db: &impl ConnectionTrait, changed: &Submission) -> Result<(), StoreError> {
    row(changed)?.into_active_model().reset_all().update(db).await?;
    Ok(())
}

/// A submission by its reference, held against other writers; for those who work on it in a transaction.
///
/// # Errors
/// When the database fails.
pub async fn hold(db: &impl ConnectionTrait, id: &SubmissionId) -> Result<Option<Submission>, StoreError> {
    submission::Entity::find_by_id(id.as_str())
        .lock_exclusive()
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// A submission within a scope: none where any of its places lies outside.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: &SubmissionId,
) -> Result<Option<Submission>, StoreError> {
    submission::Entity::find_by_id(id.as_str())
        .filter(visible(scope))
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// The file of the same bytes that was sent last before this one through the same channel, and could be read.
///
/// # Errors
/// When the database fails.
pub async fn same_bytes(
    db: &impl ConnectionTrait,
    scope: &Scope,
    of: &Submission,
) -> Result<Option<Submission>, StoreError> {
    submission::Entity::find()
        .filter(visible(scope))
        .filter(submission::Column::FileSha256.eq(of.file_sha256.as_str()))
        .filter(submission::Column::Channel.eq(channel_word(of.channel)?))
        .filter(submission::Column::Id.ne(of.id.as_str()))
        .filter(submission::Column::ReceivedAt.lte(of.received_at.0))
        .filter(submission::Column::State.ne(State::Unreadable.slug()))
        .order_by_desc(submission::Column::ReceivedAt)
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// What somebody asked for by a form, or had a machine send: none where any of its places lies outside what they see.
///
/// # Errors
/// When the database fails.
pub async fn find_own(
    db: &impl ConnectionTrait,
    seen: &Scope,
    actor: AccountId,
    id: &SubmissionId,
) -> Result<Option<Submission>, StoreError> {
    let own = submission::Entity::find_by_id(id.as_str())
        .filter(submission::Column::Actor.eq(actor.0))
        .filter(submission::Column::Channel.ne(channel_word(Channel::PortalCsv)?))
        .filter(nowhere_outside(seen));
    own.one(db).await?.map(read).transpose()
}

fn row(of: &Submission) -> Result<submission::Model, StoreError> {
    let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    Ok(submission::Model {
        id: of.id.to_string(),
        actor: of.actor.account().map(|account| account.0),
        actor_name: of.actor.name().to_owned(),
        channel: channel_word(of.channel)?,
        state: of.state.slug().to_owned(),
        file_name: of.file_name.clone(),
        file_size: i64::try_from(of.file_size).unwrap_or(i64::MAX),
        file_sha256: of.file_sha256.clone(),
        format: of.format.clone(),
        layout: serde_json::to_string(&of.layout)?,
        problems: serde_json::to_string(&of.problems)?,
        totals: serde_json::to_string(&of.totals)?,
        expected_rows: count(of.expected_rows),
        progress: count(of.progress),
        look_alikes: of.look_alikes.map(|choice| choice.slug().to_owned()),
        trouble: of.trouble.clone(),
        received_at: of.received_at.0,
        confirmed_at: of.confirmed_at.map(|at| at.0),
        finished_at: of.finished_at.map(|at| at.0),
        paused: of.paused,
        touches: serde_json::to_string(&of.touches)?,
        mends: i32::try_from(of.mends).unwrap_or(i32::MAX),
        undoes: of.undoes.as_ref().map(ToString::to_string),
        planned_after: of.planned_after,
        applied_by: of.applied_by.as_ref().and_then(Actor::account).map(|account| account.0),
        applied_by_name: of.applied_by.as_ref().map(|actor| actor.name().to_owned()),
        hashing: of.hashing,
        file_gone: of.file_gone,
        rehearsal: of.rehearsal,
    })
}

#[expect(clippy::disallowed_methods, reason = "who sent it is read back")]
fn read(row: submission::Model) -> Result<Submission, StoreError> {
    let actor = match row.actor {
        Some(account) => Actor::person(AccountId(account), row.actor_name),
        None => Actor::service(),
    };
    Ok(Submission {
        id: word(&row.id, SubmissionId::parse)?,
        actor,
        channel: channel(&row.channel)?,
        state: word(&row.state, State::from_slug)?,
        file_name: row.file_name,
        file_size: number(row.file_size, "a file’s size")?,
        file_sha256: row.file_sha256,
        format: row.format,
        layout: serde_json::from_str(&row.layout)?,
        problems: serde_json::from_str(&row.problems)?,
        totals: serde_json::from_str(&row.totals)?,
        expected_rows: number(row.expected_rows, "rows expected")?,
        progress: number(row.progress, "rows behind")?,
        look_alikes: row
            .look_alikes
            .as_deref()
            .map(|text| word(text, LookAlikes::from_slug))
            .transpose()?,
        trouble: row.trouble,
        received_at: Timestamp(row.received_at),
        confirmed_at: row.confirmed_at.map(Timestamp),
        finished_at: row.finished_at.map(Timestamp),
        paused: row.paused,
        touches: serde_json::from_str(&row.touches)?,
        mends: number(row.mends, "cells mended")?,
        undoes: row
            .undoes
            .as_deref()
            .map(|text| word(text, SubmissionId::parse))
            .transpose()?,
        planned_after: row.planned_after,
        applied_by: applied_by(row.applied_by, row.applied_by_name)?,
        hashing: row.hashing,
        file_gone: row.file_gone,
        rehearsal: row.rehearsal,
    })
}

#[expect(clippy::disallowed_methods, reason = "who applied it is read back")]
fn applied_by(account: Option<Uuid>, name: Option<String>) -> Result<Option<Actor>, StoreError> {
    match (account, name) {
        (None, _) => Ok(None),
        (Some(account), Some(name)) => Ok(Some(Actor::person(AccountId(account), name))),
        (Some(account), None) => Err(StoreError::Unreadable(format!("the name of who applied it: {account}"))),
    }
}
