//! The sweep: what the service does by itself when a time is up, through the same gate and into the same trail, as "the
//! service". The timers are the rules' (H); begun twice at once, nothing is done twice, because each step is planned again
//! under lock. A run that would end or erase suspiciously much waits for a person's word: `brake.rs`.

mod alarms;
mod brake;
mod change_files;
mod dated;
mod files;
mod machines;
mod mails;
mod sort;
mod undecided;
mod upcoming;

use std::collections::HashSet;

use domain::{
    account::Account,
    channel::Channel,
    contact::Contact,
    life::{Span, Then, Turn},
    policy::{Actor, Scope},
    values::ids::Timestamp,
};
use store::{
    StoreError,
    directory::{
        due_changes::{self, Position},
        grants, offers,
    },
};

use self::{
    brake::Allowed,
    dated::{can_leave, comes_back, is_starting, on_its_day},
    sort::{Sort, everything},
};
pub use self::{
    brake::{Ending, HeldBack, NotConfirmed},
    upcoming::{Due, NAMED, Upcoming, UpcomingFilter, UpcomingKind},
};
use crate::{
    Gate, GateError, calendar,
    service::seed::numbered,
    submissions::{
        claims::{CHUNK, commit},
        effects::next,
    },
};

/// How often something due is tried where another change came first.
const TRIES: usize = 5;

/// What a sweep came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// How much it did.
    pub done: usize,
    /// What was due and cannot be done, such as ending the last Primary Local Administrator; each with the reason.
    pub left: Vec<String>,
    /// How much would be ended or erased and is held back until somebody confirms the number; `None` if nothing is.
    pub held: Option<u64>,
}

/// A part of one sort, and where it goes on.
struct Part {
    due: Vec<Due>,
    next: Option<Position>,
}

impl Gate {
    /// What the sweep would do if it ran at a moment, in the order in which it is due.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due(&self, by: Timestamp) -> Result<Vec<Due>, GateError> {
        let mut due = Vec::new();
        for sort in Sort::all() {
            due.extend(self.due_of(sort, &everything(), by, usize::MAX).await?);
        }
        // Leaving dates come first: who leaves by then is a leaver, and nothing else.
        let leaving: HashSet<_> = due.iter().filter_map(Due::leaver).collect();
        due.retain(|due| due.leaver().is_some() || due.account().is_none_or(|id| !leaving.contains(&id)));
        due.sort_by_key(|due| due.at);
        Ok(due)
    }

    /// Does all that is due by now, as the service. What cannot be done stays due, and is tried again by the next sweep.
    /// Where it would end or erase more than the brake lets through, it does the rest alone.
    ///
    /// # Errors
    /// `Denied` for anybody but the service; when the database fails, and then what was done stays done.
    pub async fn sweep(&self, service: &Actor) -> Result<Swept, GateError> {
        if service.account().is_some() {
            return Err(GateError::Denied);
        }
        let now = self.now();
        let mut swept = Swept::default();
        // What was not counted is not ended: it may have become due a moment ago.
        let (mut left, counted_by) = match self.allowed(now).await? {
            Allowed::Nothing { held } => {
                swept.held = Some(held);
                (0, now)
            }
            Allowed::UpTo { number, by } => (usize::try_from(number).unwrap_or(usize::MAX), by),
        };
        for sort in Sort::all() {
            let by = if sort.ends() { counted_by } else { now };
            let mut after = None;
            while !sort.ends() || left > 0 {
                let mut part = self.part(sort, &everything(), by, after).await?;
                if sort.ends() {
                    part.due.truncate(left);
                    left -= part.due.len();
                }
                for due in part.due.chunks(CHUNK) {
                    let more = self.do_patiently(service, due).await?;
                    swept.done += more.done;
                    swept.left.extend(more.left);
                }
                if part.next.is_none() {
                    break;
                }
                after = part.next;
            }
        }
        swept.left.extend(self.cannot_leave(now).await?);
        swept.done += self.sweep_machines(service).await?;
        self.tell_of_connectors(service).await?;
        self.drop_files(service).await?;
        self.sweep_mails().await?;
        self.sweep_change_files().await?;
        Ok(swept)
    }

    /// Does what is due; again, where something else came first.
    async fn do_patiently(&self, service: &Actor, due: &[Due]) -> Result<Swept, GateError> {
        let mut tries = 1;
        loop {
            match self.do_now(service, due).await {
                Err(GateError::Trouble(StoreError::Conflict)) if tries < TRIES => tries += 1,
                done => return done,
            }
        }
    }

    async fn do_now(&self, service: &Actor, due: &[Due]) -> Result<Swept, GateError> {
        let tx = self.store.begin().await?;
        let still_due = self.still_due(&tx, due).await?;
        let mut swept = Swept {
            done: self.throw_away_undecided(&tx, service, &still_due).await?,
            ..Swept::default()
        };
        let wishes: Vec<_> = still_due.iter().filter_map(|due| due.what.wish()).collect();
        if !wishes.is_empty() {
            let requests = numbered(wishes);
            let done = self
                .on_behalf_of(service)
                .done_in(&tx, Channel::System, "Timers", &requests)
                .await?;
            for (row, _) in &done.rows {
                let problems: Vec<_> = row.step.problems().iter().map(ToString::to_string).collect();
                if row.step.kind().changes_something() {
                    swept.done += 1;
                } else if !problems.is_empty() {
                    swept.left.push(format!("{}: {}", row.name, problems.join(" ")));
                }
            }
        }
        // A sweep that finds everything done by another leaves no trace.
        if swept.done > 0 {
            commit(tx).await?;
        }
        Ok(swept)
    }

    /// Of what was found due, what is so within this transaction: somebody may have signed in, or another day been set,
    /// a moment ago.
    async fn still_due<'d>(&self, tx: &store::Transaction, due: &'d [Due]) -> Result<Vec<&'d Due>, GateError> {
        let accounts: Vec<_> = due.iter().filter_map(Due::account).collect();
        let standing = due_changes::standing(tx, &accounts).await?;
        let now = self.now();
        let is_due = |due: &Due| {
            let Upcoming::Account(account, then) = &due.what else {
                return true;
            };
            let found = standing.iter().find(|(standing, _)| standing.id == account.id);
            found.is_some_and(|(account, last_used)| match then {
                Then::Turn(Turn::MarkLeaver) => account.leaving_at.is_some_and(|at| at <= now),
                Then::Turn(Turn::Disable) => account.absence.as_ref().is_some_and(|absence| absence.begins_by(now)),
                Then::Turn(Turn::Enable) | Then::GiveUpAbsence => {
                    let is_over = account.absence.as_ref().is_some_and(|absence| absence.is_over(now));
                    is_over && comes_back(account, now) == *then
                }
                Then::Start => is_starting(account) && account.starts_at.is_some_and(|at| at <= now),
                then => next(self, account, *last_used).is_some_and(|(at, what)| at <= now && what == *then),
            })
        };
        Ok(due.iter().filter(|due| is_due(due)).collect())
    }

    /// What of one sort is due by a moment, at most so much.
    async fn due_of(&self, sort: Sort, scope: &Scope, by: Timestamp, most: usize) -> Result<Vec<Due>, GateError> {
        let (mut due, mut after) = (Vec::new(), None);
        loop {
            let part = self.part(sort, scope, by, after).await?;
            due.extend(part.due);
            if part.next.is_none() || due.len() >= most {
                return Ok(due);
            }
            after = part.next;
        }
    }

    async fn part(&self, sort: Sort, scope: &Scope, by: Timestamp, after: Option<Position>) -> Result<Part, GateError> {
        let (db, timers, most) = (self.store.reader(), &self.rules.timers, CHUNK as u64);
        let days = |days| Span { months: 0, days };
        let span = match sort {
            Sort::Leaving | Sort::Dated(_) | Sort::Grants => None,
            Sort::Status(status) | Sort::Unused(status, _) => match timers.of(status) {
                Some((span, _)) => Some(span),
                None => return Ok(Part::none()),
            },
            Sort::Contacts => Some(days(timers.deleted_days)),
            Sort::Offers => Some(days(timers.offer_days)),
            Sort::Addresses => Some(Span {
                months: timers.reserved_months,
                days: 0,
            }),
            Sort::Undecided => Some(days(timers.undecided_days)),
        };
        // A timer of nothing is one that never runs out, and so is one that reaches beyond the calendar.
        let began_by = match span {
            None => Some(by),
            Some(span) if span.is_never() => None,
            Some(span) => latest(by, span),
        };
        let Some(began_by) = began_by else {
            return Ok(Part::none());
        };
        let at = |began: Timestamp| match span {
            None => Some(began),
            Some(span) => calendar::after(began, span),
        };
        let (due, last, read): (Vec<Due>, Option<Position>, usize) = match sort {
            Sort::Leaving => {
                let found = due_changes::leaving_by(db, scope, by, after, most).await?;
                let position = |account: &Account| (account.leaving_at.unwrap_or(by), account.id.0);
                let (last, read) = (found.last().map(position), found.len());
                // Who was never there to leave, though the day has come, is reported: see `cannot_leave`.
                let now = self.now();
                let leaves = |account: &Account| can_leave(account) || account.leaving_at.is_some_and(|at| at > now);
                let due = found.into_iter().filter(leaves).map(|account| Due {
                    at: account.leaving_at.unwrap_or(by),
                    what: Upcoming::Account(Box::new(account), Then::Turn(Turn::MarkLeaver)),
                });
                (due.collect(), last, read)
            }
            Sort::Dated(dated) => {
                let found = due_changes::dated_by(db, scope, dated, by, after, most).await?;
                let position = |account: &Account| (dated.of(account).unwrap_or(by), account.id.0);
                let (last, read) = (found.last().map(position), found.len());
                let now = self.now();
                let due = found.into_iter().filter_map(|account| {
                    let (at, then) = on_its_day(dated, &account, now)?;
                    let what = Upcoming::Account(Box::new(account), then);
                    Some(Due { at, what })
                });
                (due.collect(), last, read)
            }
            Sort::Status(status) | Sort::Unused(status, _) => {
                let unused_since = match sort {
                    Sort::Unused(_, moment) => began_by.min(moment),
                    _ => began_by,
                };
                let began = due_changes::Began {
                    by: began_by,
                    unused_since,
                };
                let found = due_changes::accounts_since(db, scope, status, began, after, most).await?;
                let last = found.last().map(|(account, _)| (account.since, account.id.0));
                let read = found.len();
                let due = found.into_iter().filter_map(|(account, last_used)| {
                    let (at, then) = next(self, &account, last_used)?;
                    let what = Upcoming::Account(Box::new(account), then);
                    Some(Due { at, what })
                });
                (due.collect(), last, read)
            }
            Sort::Contacts => {
                let found = due_changes::contacts_deleted_by(db, scope, began_by, after, most).await?;
                let deleted_at = |contact: &Contact| contact.deleted_at.unwrap_or(by);
                let last = found.last().map(|contact| (deleted_at(contact), contact.id.0));
                let read = found.len();
                let due = found.into_iter().filter_map(|contact| {
                    let at = at(deleted_at(&contact))?;
                    let what = Upcoming::EraseContact(Box::new(contact));
                    Some(Due { at, what })
                });
                (due.collect(), last, read)
            }
            Sort::Offers => {
                let found = offers::open_since(db, began_by, after, most).await?;
                let last = found.last().map(|offer| (offer.offered_at, offer.id.0));
                let read = found.len();
                let due = found.into_iter().filter_map(|offer| {
                    let at = at(offer.offered_at)?;
                    let what = Upcoming::Lapse(offer);
                    Some(Due { at, what })
                });
                (due.collect(), last, read)
            }
            Sort::Grants => {
                let found = grants::over_by(db, scope, by, after, most).await?;
                let ends_at = |granted: &grants::Granted| granted.held.terms.until.unwrap_or(by);
                let last = found.last().map(|granted| (ends_at(granted), granted.held.grant.0));
                let read = found.len();
                let due = found.into_iter().map(|granted| Due {
                    at: ends_at(&granted),
                    what: Upcoming::EndRole(Box::new(granted)),
                });
                (due.collect(), last, read)
            }
            Sort::Addresses => {
                let found = due_changes::erased_by(db, began_by, after, most).await?;
                let last = found.last().map(|(account, erased_at)| (*erased_at, account.0));
                let read = found.len();
                let due = found.into_iter().filter_map(|(account, erased_at)| {
                    let at = at(erased_at)?;
                    let what = Upcoming::FreeAddresses(account);
                    Some(Due { at, what })
                });
                (due.collect(), last, read)
            }
            // However many there are, this is as much as is read of them: the next sweep goes on.
            Sort::Undecided => (self.undecided_since(began_by, at).await?, None, 0),
        };
        Ok(Part {
            due: due.into_iter().filter(|due| due.at <= by).collect(),
            next: last.filter(|_| read as u64 == most),
        })
    }
}

impl Part {
    const fn none() -> Self {
        Self {
            due: vec![],
            next: None,
        }
    }
}

/// A little later than the latest beginning that can be due by a moment, because of summer time and short months; each
/// that is found is looked at. `None` if nothing can have begun so long ago.
fn latest(by: Timestamp, span: Span) -> Option<Timestamp> {
    let margin = if span.months > 0 { 4 * 86_400 } else { 2 * 3_600 };
    Some(calendar::before(by, span)?.plus_seconds(margin))
}
