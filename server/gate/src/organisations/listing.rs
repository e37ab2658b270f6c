//! Organisations, for those who manage all of them: the list, one of them, and files that add and change them.

use domain::{
    channel::Channel,
    layout::Layout,
    organisation::{Organisation, OrganisationCode},
    plan::{FileKeys, PlannedRow, RowKind, plan},
    policy::Deed,
    problem::{Kind, Problem},
    submission::Outcome,
    values::ids::SubmissionId,
};
use formats::Sheet;
use store::{
    directory::{
        organisations::{self, Query},
        people,
        snapshot::{self, Hold},
    },
    jobs::{self, Task},
};

use crate::{
    Administration, Arriving, Confirmation, GateError, Kept, Purpose, Visit, WhichGrants, formats_for,
    people::listing::everywhere,
    scope_for,
    submissions::{
        check::check,
        claims::{aside, commit},
        review::seen,
    },
};

/// Organisations that a page shows.
pub const ORGANISATIONS_A_PAGE: u64 = 50;

/// Problems that a command prints; beyond them it says how many there are.
const PROBLEMS_PRINTED: usize = 200;

/// What is said of rows that somebody else was quicker with.
const CHANGED_MEANWHILE: &str =
    "Somebody changed some of these organisations at the same moment. Import the file again.";

/// A page of organisations.
#[derive(Clone, Debug)]
pub struct OrganisationListing {
    /// The organisations, in the tree's order.
    pub organisations: Vec<Organisation>,
    /// Whether there are more behind them.
    pub more: bool,
    /// How many there are on all pages.
    pub all: u64,
}

/// One organisation, and what is to be known about it.
#[derive(Clone, Debug)]
pub struct OrganisationView {
    /// The organisation.
    pub organisation: Organisation,
    /// The one above it.
    pub parent: Option<Organisation>,
    /// How many are below it.
    pub below: u64,
    /// How many accounts belong to it.
    pub accounts: u32,
    /// How many contacts belong to it.
    pub contacts: u64,
    /// Who holds a role that reaches it.
    pub administration: Administration,
}

/// How a file is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// Only looked at: nothing is changed.
    DryRun,
    /// Applied. Where a file changes suspiciously many organisations, this must be how many.
    Apply(Option<u32>),
}

/// What came of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// It cannot be read, because of these.
    Unreadable(Vec<Problem>),
    /// It changes so many of all organisations; nothing was done until that number is given.
    Uncounted {
        /// Organisations that it changes.
        changed: u32,
        /// All that are there.
        all: u32,
    },
    /// What its rows came to, or would.
    Read {
        /// New organisations.
        created: u32,
        /// Organisations that were changed.
        changed: u32,
        /// Rows that change nothing.
        same: u32,
        /// Rows with problems.
        rejected: u32,
        /// Those problems, each with its cell: no more than are worth printing.
        problems: Vec<String>,
        /// Whether so many are changed that the number must be given.
        counted: bool,
    },
}

impl Visit<'_> {
    /// Whether the actor manages organisations; for anybody else there is nothing here.
    ///
    /// # Errors
    /// `NotFound` where they do not.
    pub async fn manages_organisations(&self) -> Result<(), GateError> {
        match self.scope(Deed::ManageOrganisations).await?.everything {
            true => Ok(()),
            false => Err(GateError::NotFound),
        }
    }

    /// A page of organisations.
    ///
    /// # Errors
    /// As [`Self::manages_organisations`].
    pub async fn organisations_found(&self, query: &Query) -> Result<OrganisationListing, GateError> {
        self.manages_organisations().await?;
        let db = self.gate.store.reader();
        let mut found = organisations::search(db, &everywhere(), query, ORGANISATIONS_A_PAGE + 1).await?;
        let more = found.len() as u64 > ORGANISATIONS_A_PAGE;
        found.truncate(ORGANISATIONS_A_PAGE.try_into().unwrap_or(usize::MAX));
        Ok(OrganisationListing {
            organisations: found,
            more,
            all: organisations::count_found(db, &everywhere(), query).await?,
        })
    }

    /// One organisation.
    ///
    /// # Errors
    /// As [`Self::manages_organisations`]; `NotFound` where there is none with this code.
    pub async fn organisation_view(&self, code: &OrganisationCode) -> Result<OrganisationView, GateError> {
        self.manages_organisations().await?;
        let db = self.gate.store.reader();
        let found = organisations::complete(db, &everywhere(), [code.to_string()]).await?;
        let organisation = found.into_iter().next().ok_or(GateError::NotFound)?;
        let above = organisation
            .path
            .parent()
            .and_then(|code| OrganisationCode::parse(code).ok());
        let parent = match above {
            Some(above) => organisations::by_codes(db, &[above]).await?.pop(),
            None => None,
        };
        let theirs = people::Query {
            organisation: Some(code.to_string()),
            ..people::Query::default()
        };
        let reaching = WhichGrants {
            organisation: Some(code.to_string()),
            ..WhichGrants::default()
        };
        Ok(OrganisationView {
            parent,
            below: organisations::count_below(db, &organisation.path).await?,
            accounts: people::count_of(db, code).await?,
            contacts: people::count_contacts(db, &everywhere(), &theirs).await?,
            administration: self.administrators(reaching).await?,
            organisation,
        })
    }

    /// Imports a file of organisations on the operator's word, and waits for what comes of it. Rows with problems are
    /// rejected, and the others applied together. It is looked at first: what is not applied leaves nothing behind.
    ///
    /// # Errors
    /// `Denied` for anybody but the service itself; when the database fails.
    pub async fn import_organisations(
        &self,
        file_name: &str,
        bytes: Vec<u8>,
        how: Import,
    ) -> Result<Imported, GateError> {
        if !self.is_service() {
            return Err(GateError::Denied);
        }
        let looked = match self.look_at(bytes.clone()).await? {
            Ok(looked) => looked,
            Err(problems) => return Ok(Imported::Unreadable(problems)),
        };
        let (created, changed) = (looked.count(RowKind::Create), looked.count(RowKind::Update));
        let all = organisations::count(self.gate.store.reader()).await?;
        let all = u32::try_from(all).unwrap_or(u32::MAX);
        let counted = self.gate.rules.threshold.is_passed(changed, all);
        let typed = match how {
            Import::Apply(typed) if created + changed > 0 => typed,
            Import::Apply(_) | Import::DryRun => return Ok(looked.report(counted)),
        };
        if counted && typed != Some(changed) {
            return Ok(Imported::Uncounted { changed, all });
        }
        let id = self.checked_import(file_name, bytes).await?;
        let submission = self.submission(&id).await?;
        let said = Confirmation {
            seen: seen(&submission),
            look_alikes: None,
            typed,
        };
        match self.confirm(&id, said).await {
            Ok(_) => {}
            // Somebody has changed organisations in this very moment.
            Err(GateError::Uncounted) => {
                self.decline(&id).await?;
                return Ok(Imported::Uncounted { changed, all });
            }
            Err(error) => return Err(error),
        }
        let totals = self.submission(&id).await?.totals;
        let moved = totals.with(Outcome::Stale);
        if moved == 0 {
            return Ok(looked.report(counted));
        }
        self.decline(&id).await?;
        let done = |kind| totals.count(|tally| tally.kind == kind && tally.outcome == Outcome::Done);
        Ok(Imported::Read {
            created: done(RowKind::Create),
            changed: done(RowKind::Update),
            same: done(RowKind::NoChange),
            rejected: looked.count(RowKind::Problem) + moved,
            problems: looked.problems().chain([CHANGED_MEANWHILE.to_owned()]).collect(),
            counted,
        })
    }

    /// What a file of organisations would do at this moment, with nothing kept of it; or why it cannot be read.
    async fn look_at(&self, bytes: Vec<u8>) -> Result<Result<Looked, Vec<Problem>>, GateError> {
        let gate = self.gate;
        let limit_mib = gate.formats.limits().mib;
        if bytes.len() > limit_mib as usize * 1024 * 1024 {
            return Ok(Err(vec![Problem::in_file(Kind::TooLarge { limit_mib })]));
        }
        let formats = formats_for(gate, Channel::Organisations);
        let opening = tokio::task::spawn_blocking(move || {
            let sheet = Sheet::open(&formats, &bytes)?;
            let requests: Vec<_> = sheet.requests().collect();
            Ok::<_, Vec<Problem>>((sheet.layout, requests))
        });
        let opened = opening
            .await
            .unwrap_or_else(|_| Err(vec![Problem::in_file(Kind::NotText)]));
        let (layout, requests) = match opened {
            Ok(opened) => opened,
            Err(problems) => return Ok(Err(problems)),
        };
        let db = gate.store.moment().await?;
        let authority = gate.authority(&db, self.actor).await?;
        let scope = scope_for(&authority, Channel::Organisations, &requests);
        let known = gate.known(Channel::Organisations, FileKeys::default(), &authority);
        let snapshot = snapshot::load(&db, &scope, known, &requests, Hold::Free).await?;
        drop(db);
        let rows = aside(move || plan(&snapshot, &requests).rows).await?;
        Ok(Ok(Looked { rows, layout }))
    }

    /// Keeps a file of organisations and checks it at once, no matter who else works.
    async fn checked_import(&self, file_name: &str, bytes: Vec<u8>) -> Result<SubmissionId, GateError> {
        let gate = self.gate;
        let arriving = Arriving {
            channel: Channel::Organisations,
            file_name: file_name.to_owned(),
            bytes,
        };
        let tx = gate.store.begin().await?;
        let id = match self.keep_arriving(&tx, arriving, Purpose::Apply).await? {
            Kept::TooLarge(id) => {
                commit(tx).await?;
                return Ok(id);
            }
            Kept::ToCheck(id) => id,
        };
        let own = format!("command-{:016x}", rand::random::<u64>());
        let job = jobs::enqueue_claimed(&tx, Task::Check, &id, own, gate.claimed_until()).await?;
        commit(tx).await?;
        check(gate, &job).await?;
        Ok(id)
    }
}

/// A file that was looked at.
struct Looked {
    rows: Vec<PlannedRow>,
    layout: Layout,
}

impl Looked {
    fn count(&self, kind: RowKind) -> u32 {
        let of_kind = self.rows.iter().filter(|row| row.step.kind() == kind);
        u32::try_from(of_kind.count()).unwrap_or(u32::MAX)
    }

    fn problems(&self) -> impl Iterator<Item = String> {
        let problems = self.rows.iter().flat_map(|row| row.step.problems());
        problems
            .take(PROBLEMS_PRINTED)
            .map(move |problem| format!("{}: {problem}", problem.place.name(&self.layout)))
    }

    fn report(&self, counted: bool) -> Imported {
        Imported::Read {
            created: self.count(RowKind::Create),
            changed: self.count(RowKind::Update),
            same: self.count(RowKind::NoChange),
            rejected: self.count(RowKind::Problem),
            problems: self.problems().collect(),
            counted,
        }
    }
}
