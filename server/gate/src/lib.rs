//! The one way in. Whatever the channel, somebody hands over a submission; it is read, checked and planned; only an
//! authorised plan, shown and still true, is applied.
//!
//! [`Gate::on_behalf_of`] makes a [`Visit`], and every verb is the visit's: nothing is done or read for nobody.

pub mod calendar;
mod connectors;
mod customers;
mod error;
mod organisations;
mod people;
mod roles;
mod self_service;
pub mod service;
mod sign_in;
mod submissions;
mod trail;

use std::sync::Arc;

use domain::{
    channel::{Channel, Operation},
    layout::Layout,
    organisation::OrganisationPath,
    plan::FileKeys,
    policy::{Actor, Authority, Deed, Scope},
    problem::{Kind, Problem},
    request::ChangeRequest,
    rules::Rules,
    submission::{State, Totals},
    values::ids::{SubmissionId, Timestamp},
};
use formats::{About, Formats};
use store::{
    Store, Transaction,
    directory::snapshot::Known,
    jobs::{self, Task},
};
use tokio::sync::{Notify, OnceCell};

pub use domain::connector::{
    ConnectorSettings, Deletes, ProposalKind, ProposalReason, ProposalState, TrialKind, WhichDialect,
};
pub use store::{
    access::{
        counts::{Day as ConnectorDay, RefusalGroup as ConnectorRefusal},
        credentials::Standing,
        factors::Factor,
        proposals::{Proposal, ProposalSubject, Proposed},
        sessions::Listed as ListedSession,
        tokens::{Bearer, Standing as TokenStanding, Token, Which as WhichTokens},
    },
    directory::{
        grants::{Granted, Which as WhichGrants},
        newcomers::{Counts as NewcomerCounts, Giving, Starters},
        offers::Listed as ListedOffer,
        organisations::Query as OrganisationQuery,
        people::{COUNTED, Listed, Named, Query, Searched, Sort},
    },
    submissions::{
        SentBy, Submission,
        rows::{Filter, KEPT, Row, Shared},
    },
};

use self::submissions::desk::Desk;
pub use self::{
    connectors::{
        email::receiving::Arrived,
        proposals::{ListedProposal, PROPOSALS_A_PAGE, ProposalList, ProposalQuery, ProposalReview, ProposedFor},
        sync::{
            Connection, KnownKey, ORGANISATIONS_NAMED, SyncChange, SyncChanged, SyncFeed, SyncLink, SyncOutcome,
            SyncPage, SyncQuery, SyncRefusal, SyncSort, SyncStart, SyncSubject, SyncWish, Synced, SyncedContact,
        },
        tokens::{ConnectorView, ListedToken, MadeToken, OwnTokens, TOKENS_A_PAGE, TokenList},
        trials::{TRIED_A_PAGE, TrialPage, TrialSummary, TriedPerson},
        watching::{ConnectorHealth, Differences, Disagreement, Edited, Noted, Unmentioned},
    },
    error::GateError,
    organisations::listing::{Import, Imported, ORGANISATIONS_A_PAGE, OrganisationListing, OrganisationView},
    people::{
        bulk_actions::{Act, ActKind, CHANGED_FOR_MANY, MOST_AT_ONCE, Whom},
        directory::Entry,
        joining::COMES_ALONG,
        listing::{Listing, PEOPLE_A_PAGE, PersonKind, Prospects},
        newcomers::{GivenLinks, LINKS_AT_ONCE, Newcomers},
        offers::Offered,
        uses::NotedUses,
    },
    roles::{
        appointing::{Appointed, Appointing, NotAppointed, Recovery, ServiceOrganisation, TheRole},
        grants::{Administration, ListedGrant},
    },
    self_service::{
        own_account::{Administrator, OwnRecord, WhyChoose, WrongPassword},
        profile::{Abilities, Profile},
        waiting::{SOON_DAYS, WAITING_COUNTED, Waiting},
    },
    service::{
        seed::History,
        sweep::{
            Due, Ending, HeldBack, NAMED as UPCOMING_NAMED, NotConfirmed, Swept, Upcoming, UpcomingFilter, UpcomingKind,
        },
        work::Worker,
    },
    sign_in::{
        factors::{Challenge, Factors, Need, NewTotp, WrongFactor},
        password_sign_in::{Attempt, Checked, SignIn},
        passwords::{Busy, hash_password, verify_password},
        recovery::Invitation,
        spoken::{ByCode, MadeCode},
    },
    submissions::{
        by_form::{Asked, Moved, OpenWish},
        columns::{
            Choice, ColumnsAsked, LookingAt, NEEDED, TextAsked, Texts, WrongColumns, asks_for_columns, needs_columns,
        },
        content::{ComingIn, Content},
        effects::linking::MadeLink,
        mending::{
            MOST_MENDED, Mend, Mended, RowDecision, Surplus, can_be_mended, cells_of, cells_to_mend, key_asked_for,
        },
        report::Report,
        review::{Confirmation, ROWS_A_PAGE, Review, seen, to_decide, to_type},
        undo::{Undid, UndidWhat, UndoWay, Undoing, Undone, Undos, left_by_undo},
    },
    trail::{
        Dropping, NotDropped, TrailPage, TrailQuery, Verification, Verifying,
        histories::{Names, Trail},
    },
};

pub use self::{
    connectors::change_files::{
        ArrivedChangeFile, ChangeCustomer, ChangeFileReport, ChangeFileStage, TakenFile, ToReport, blanked_change_file,
        listing::{CHANGE_FILES_A_PAGE, CHANGE_LINES_A_PAGE, ChangeFileLines, ChangeFileShown, ChangeFiles},
        renaming::{Renaming, WaitingRename},
    },
    customers::{CustomerGaps, CustomerShown, Pool, SEAT_HOLDERS_A_PAGE, SeatHolder, SeatHolders, SeatShown, Storage},
};
pub use store::access::change_files::files::FileState;

pub use self::connectors::email::{
    listing::{ConnectorEmails, EMAILS_A_PAGE, EmailMessage, EmailOfSubmission, EmailOverview, EmailRun},
    running::{RunBegun, WouldRun},
};

/// Tells the time; tests move it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The gate. Cheap to clone.
#[derive(Clone)]
pub struct Gate {
    store: Store,
    rules: Arc<Rules>,
    formats: Arc<Formats>,
    clock: Clock,
    /// Wakes this process's worker when a job is put in line; workers elsewhere look by themselves.
    bell: Arc<Notify>,
    /// How much of files this process has before it.
    desk: Arc<Desk>,
    /// What connectors asked for since it was written down last.
    noted: Arc<tokio::sync::Mutex<connectors::counting::Counts>>,
}

/// What somebody hands over.
#[derive(Clone, Debug)]
pub struct Arriving<F = Vec<u8>> {
    /// How it comes in.
    pub channel: Channel,
    /// The file's name, for people only.
    pub file_name: String,
    /// The file: bytes, or [`Content`] that came in bit by bit.
    pub bytes: F,
}

/// What is to become of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Its plan is applied, at once or once somebody has confirmed it.
    Apply,
    /// Its plan is read, and nothing of it is ever applied.
    Rehearse,
}

/// What arrived and is kept.
pub(crate) enum Kept {
    /// It is to be checked.
    ToCheck(SubmissionId),
    /// It is too large to be looked at.
    TooLarge(SubmissionId),
}

impl Kept {
    pub(crate) fn id(self) -> SubmissionId {
        match self {
            Self::ToCheck(id) | Self::TooLarge(id) => id,
        }
    }
}

/// An actor at the gate: everything is done, and read, as this actor may at the moment of doing it.
pub struct Visit<'a> {
    gate: &'a Gate,
    actor: &'a Actor,
    rights: Option<Rights>,
}

/// The rights of one actor as one page reads them: once, for all that stands on it. What writes reads them again, in its
/// own transaction.
#[derive(Clone, Debug, Default)]
pub struct Rights(Arc<OnceCell<Authority>>);

impl Gate {
    /// A gate before a store.
    #[must_use]
    pub fn new(store: Store, rules: Rules, formats: Formats, clock: Clock) -> Self {
        Self {
            store,
            rules: Arc::new(rules),
            formats: Arc::new(formats),
            clock,
            bell: Arc::new(Notify::new()),
            desk: Arc::new(Desk::new()),
            noted: Arc::default(),
        }
    }

    /// Lets an actor in.
    #[must_use]
    pub const fn on_behalf_of<'a>(&'a self, actor: &'a Actor) -> Visit<'a> {
        let rights = None;
        Visit {
            gate: self,
            actor,
            rights,
        }
    }

    /// Lets an actor in who only looks at one page: their rights are read once for all of it.
    #[must_use]
    pub const fn reading<'a>(&'a self, actor: &'a Actor, rights: Rights) -> Visit<'a> {
        let rights = Some(rights);
        Visit {
            gate: self,
            actor,
            rights,
        }
    }

    /// The operator's numbers and lists.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The formats in use.
    #[must_use]
    pub fn formats(&self) -> &Formats {
        &self.formats
    }

    /// The moment it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// When a one-time link ends that is made at a moment. One without an end would be a door left open.
    pub(crate) fn link_ends(&self, made_at: Timestamp) -> Timestamp {
        calendar::days_after(made_at, self.rules.timers.link_days).unwrap_or(made_at)
    }

    /// Until when a claim of this moment lasts.
    pub(crate) fn claimed_until(&self) -> Timestamp {
        self.now().plus_seconds(self.rules.claim_seconds.into())
    }

    /// An actor's rights at this moment, under the rules.
    pub(crate) async fn authority(
        &self,
        db: &impl store::ConnectionTrait,
        actor: &Actor,
    ) -> Result<Authority, GateError> {
        let authority = store::access::rights::authority(db, actor, self.now()).await?;
        Ok(authority.under(&self.rules))
    }

    /// What a plan is told besides its requests.
    pub(crate) fn known(&self, channel: Channel, file: FileKeys, asker: &Authority) -> Known {
        Known {
            rules: self.rules.clone(),
            channel,
            file,
            now: self.now(),
            asker: asker.clone(),
            day: calendar::day,
            begins: calendar::begins,
            among: None,
        }
    }
}

impl Visit<'_> {
    /// Hands over a file. It is kept as it is and checked in the background.
    ///
    /// # Errors
    /// `Denied` when the actor may send nothing through this channel.
    pub async fn submit<F: Into<Content>>(&self, arriving: Arriving<F>) -> Result<SubmissionId, GateError> {
        self.hand_over(arriving, Purpose::Apply).await
    }

    /// Hands over a file to see what it would do: it is checked and planned as [`Self::submit`] has it, and then ends as
    /// discarded. Nothing of it is applied.
    ///
    /// # Errors
    /// As there.
    pub async fn rehearse<F: Into<Content>>(&self, arriving: Arriving<F>) -> Result<SubmissionId, GateError> {
        self.hand_over(arriving, Purpose::Rehearse).await
    }

    async fn hand_over<F: Into<Content>>(
        &self,
        arriving: Arriving<F>,
        purpose: Purpose,
    ) -> Result<SubmissionId, GateError> {
        let gate = self.gate;
        let turn = gate.desk.storing().await?;
        let tx = gate.store.begin().await?;
        let kept = self.keep_arriving(&tx, arriving, purpose).await?;
        if let Kept::ToCheck(id) = &kept {
            jobs::enqueue(&tx, Task::Check, id, gate.now()).await?;
        }
        tx.commit().await?;
        drop(turn);
        gate.bell.notify_one();
        Ok(kept.id())
    }

    /// Keeps what arrives, as part of a transaction.
    pub(crate) async fn keep_arriving<F: Into<Content>>(
        &self,
        tx: &store::Transaction,
        arriving: Arriving<F>,
        purpose: Purpose,
    ) -> Result<Kept, GateError> {
        let gate = self.gate;
        let Arriving {
            channel,
            file_name,
            bytes,
        } = arriving;
        let mut content: Content = bytes.into();
        let authority = gate.authority(tx, self.actor).await?;
        let scope = scope_for(&authority, channel, &[]);
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        let mut new = self.received(channel, &file_name, &content);
        new.rehearsal = purpose == Purpose::Rehearse;
        let limit_mib = gate.formats.limits().mib;
        if content.size() > u64::from(limit_mib) * 1024 * 1024 {
            new.state = State::Unreadable;
            new.problems = vec![Problem::in_file(Kind::TooLarge { limit_mib })];
            new.file_gone = true;
            store::submissions::create(tx, &new, vec![], &places(&scope)).await?;
            return Ok(Kept::TooLarge(new.id));
        }
        keep(tx, &new, &mut content, &places(&scope)).await?;
        Ok(Kept::ToCheck(new.id))
    }

    fn received(&self, channel: Channel, name: &str, content: &Content) -> Submission {
        Submission {
            id: SubmissionId::from_random_bits(rand::random()),
            actor: self.actor.clone(),
            channel,
            state: State::Received,
            file_name: file_name(name),
            file_size: content.size(),
            file_sha256: content.sha256().to_owned(),
            format: None,
            layout: Layout::default(),
            problems: vec![],
            totals: Totals::default(),
            expected_rows: 0,
            progress: 0,
            look_alikes: None,
            trouble: None,
            received_at: self.gate.now(),
            confirmed_at: None,
            finished_at: None,
            paused: false,
            touches: vec![],
            mends: 0,
            undoes: None,
            planned_after: None,
            applied_by: None,
            hashing: false,
            file_gone: false,
            rehearsal: false,
        }
    }

    /// The actor's rights at this moment.
    pub(crate) async fn authority(&self) -> Result<Authority, GateError> {
        let read = || self.gate.authority(self.gate.store.reader(), self.actor);
        match &self.rights {
            None => read().await,
            Some(Rights(once)) => once.get_or_try_init(read).await.cloned(),
        }
    }

    /// Where the actor may do a deed at this moment.
    pub(crate) async fn scope(&self, deed: Deed) -> Result<Scope, GateError> {
        Ok(self.authority().await?.scope(deed))
    }

    /// Submissions are seen by those who could send them, and by those who read the audit log.
    pub(crate) async fn submissions_scope(&self) -> Result<Scope, GateError> {
        let authority = self.authority().await?;
        let mut scope = authority.scope(Deed::UploadCsv);
        let audit = authority.scope(Deed::ReadAuditTrail);
        scope.everything |= audit.everything;
        scope.parts.extend(audit.parts);
        Ok(scope)
    }
}

/// Keeps a submission with its file, of which only one piece is in memory at a time.
async fn keep(
    tx: &Transaction,
    new: &Submission,
    content: &mut Content,
    places: &[OrganisationPath],
) -> Result<(), GateError> {
    if content.size() <= store::submissions::PIECE as u64 {
        return Ok(store::submissions::create(tx, new, content.piece().await?, places).await?);
    }
    store::submissions::create_without_file(tx, new, places).await?;
    for number in 0.. {
        let piece = content.piece().await?;
        if piece.is_empty() {
            break;
        }
        store::submissions::keep_piece(tx, &new.id, number, piece).await?;
    }
    Ok(())
}

/// Where somebody may do what requests through a channel ask. A form's requests all ask for one operation, and those of an undo
/// for operations of one deed.
pub(crate) fn scope_for(authority: &Authority, channel: Channel, requests: &[ChangeRequest]) -> Scope {
    let operation = requests.first().map(|request| request.wish.operation());
    if channel == Channel::Portal && matches!(operation, Some(Operation::GrantRole | Operation::ApiToken)) {
        return authority.granting();
    }
    let deed = match channel {
        Channel::Api | Channel::EmailCsv | Channel::ChangeFile => Some(Deed::SendByMachine),
        Channel::PortalCsv => Some(Deed::UploadCsv),
        Channel::Undo => match operation {
            Some(operation) => Deed::of(operation, channel),
            None => Some(Deed::UploadCsv),
        },
        Channel::Organisations => Some(Deed::ManageOrganisations),
        Channel::System => Some(Deed::See),
        Channel::Portal => operation.and_then(|operation| Deed::of(operation, channel)),
    };
    deed.map(|deed| authority.scope_through(deed, channel))
        .unwrap_or_default()
}

/// The formats of what a channel's files are about.
pub(crate) fn formats_for(gate: &Gate, channel: Channel) -> Formats {
    match channel {
        Channel::Organisations => gate.formats.about(About::Organisations),
        _ => (*gate.formats).clone(),
    }
}

/// The places a submission is sent for: those who see it must manage all of them.
pub(crate) fn places(scope: &Scope) -> Vec<OrganisationPath> {
    if scope.everything {
        return vec![OrganisationPath::stored("/".to_owned())];
    }
    let place = |part: &domain::policy::ScopePart| match &part.unit {
        None => part.path.clone(),
        Some(unit) => OrganisationPath::stored(store::submissions::unit_place(&part.path, unit.as_str())),
    };
    let mut places: Vec<_> = scope.parts.iter().map(place).collect();
    places.sort();
    places.dedup();
    places
}

/// A name to show: the last part of a path, without what cannot be seen, not too long, never empty.
fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{202A}'..='\u{202E}'))
        .take(120)
        .collect();
    match seen.trim() {
        "" => "file.csv".to_owned(),
        name => name.to_owned(),
    }
}
