//! The sweep: what the service does by itself when a time is up, through the same gate and into the same trail, as "the
//! service". The timers are the rules' (H); begun twice at once, nothing is done twice, because each step is planned again
//! under lock.

use domain::{
    account::{Account, AccountStatus},
    channel::Channel,
    ids::Timestamp,
    life::{Span, Then, Turn},
    offer::OfferEnd,
    policy::{Actor, Deed, Scope},
    request::Wish,
};
use store::{lives, offers};

use crate::{
    Gate, GateError, Visit,
    aftermath::next,
    calendar,
    check::{CHUNK, commit},
    seed::numbered,
};

/// As many of one kind as a look ahead names.
const NAMED: u64 = 1000;

/// What will happen by itself.
#[derive(Clone, Debug)]
pub struct Due {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Upcoming,
}

/// A step that the service will take.
#[derive(Clone, Debug)]
pub enum Upcoming {
    /// A turn of an account, or its end.
    Account(Box<Account>, Then),
    /// A contact is forgotten.
    EraseContact(Box<domain::contact::Contact>),
    /// An offer lapses.
    Lapse(domain::offer::Offer),
    /// The reserved addresses of an erased account become free.
    FreeAddresses(domain::ids::AccountId),
}

impl Upcoming {
    /// The step in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Account(account, Then::Erase) => format!("{}: permanently deleted", account.full_name()),
            Self::Account(account, Then::Turn(turn)) => {
                let after = turn.leads(account.status, account.activated).map_or("", AccountStatus::name);
                format!("{}: {} → {after}", account.full_name(), account.status.name())
            }
            Self::EraseContact(contact) => format!("{}, a contact: permanently deleted", contact.full_name()),
            Self::Lapse(offer) => format!("An offer from {} to {}: lapses", offer.from, offer.to),
            Self::FreeAddresses(account) => format!("The addresses of erased account {account}: free again"),
        }
    }

    fn wish(&self) -> Wish {
        match self {
            Self::Account(account, Then::Turn(turn)) => Wish::Turn {
                account: account.id,
                turn: *turn,
            },
            Self::Account(account, Then::Erase) => Wish::EraseAccount { account: account.id },
            Self::EraseContact(contact) => Wish::EraseContact { contact: contact.id },
            Self::Lapse(offer) => Wish::EndOffer {
                offer: offer.id,
                end: OfferEnd::Lapsed,
            },
            Self::FreeAddresses(account) => Wish::FreeAddresses { account: *account },
        }
    }
}

impl Gate {
    /// What the sweep would do if it ran at a moment, in the order in which it is due.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due(&self, by: Timestamp) -> Result<Vec<Due>, GateError> {
        let everything = Scope {
            everything: true,
            parts: vec![],
        };
        let mut due = self.due_accounts(&everything, by).await?;
        let db = self.store.reader();
        let timers = &self.rules.timers;
        let days = |days| Span { months: 0, days };
        for contact in lives::contacts_deleted_by(db, &everything, latest(by, days(timers.deleted_days)), NAMED).await? {
            let at = calendar::days_after(contact.deleted_at.unwrap_or(by), timers.deleted_days);
            due.push(Due {
                at,
                what: Upcoming::EraseContact(Box::new(contact)),
            });
        }
        for offer in offers::open_since(db, latest(by, days(timers.offer_days)), NAMED).await? {
            due.push(Due {
                at: calendar::days_after(offer.offered_at, timers.offer_days),
                what: Upcoming::Lapse(offer),
            });
        }
        let reserved = Span {
            months: timers.reserved_months,
            days: 0,
        };
        for (account, erased_at) in lives::erased_by(db, latest(by, reserved), NAMED).await? {
            due.push(Due {
                at: calendar::after(erased_at, reserved),
                what: Upcoming::FreeAddresses(account),
            });
        }
        due.retain(|due| due.at <= by);
        due.sort_by_key(|due| due.at);
        Ok(due)
    }

    /// Does all that is due by now, and says how much that was.
    ///
    /// # Errors
    /// When the database fails; what was done stays done.
    pub async fn sweep(&self) -> Result<usize, GateError> {
        let mut done = 0;
        loop {
            let due = self.due(self.now()).await?;
            if due.is_empty() {
                return Ok(done);
            }
            let mut changed = 0;
            for chunk in due.chunks(CHUNK) {
                changed += self.do_now(chunk).await?;
            }
            done += changed;
            // What cannot be done, such as ending the last Primary Local Administrator, stays due; it is not tried again
            // before the next sweep.
            if changed == 0 {
                return Ok(done);
            }
        }
    }

    async fn do_now(&self, due: &[Due]) -> Result<usize, GateError> {
        let wishes = due.iter().map(|due| due.what.wish()).collect();
        let tx = self.store.begin().await?;
        let service = self.on_behalf_of(&Actor::System);
        let requests = numbered(wishes);
        let done = service.done_in(&tx, Channel::System, "Timers", &requests).await?;
        let changed = done.rows.iter().filter(|(row, _)| row.step.kind().changes_something());
        let changed = changed.count();
        // A sweep that finds everything done by another leaves no trace.
        if changed > 0 {
            commit(tx).await?;
        }
        Ok(changed)
    }

    async fn due_accounts(&self, scope: &Scope, by: Timestamp) -> Result<Vec<Due>, GateError> {
        let db = self.store.reader();
        let mut due = Vec::new();
        for status in AccountStatus::ALL {
            let Some((span, _)) = self.rules.timers.of(status) else {
                continue;
            };
            for (account, last_used) in lives::accounts_since(db, scope, status, latest(by, span), NAMED).await? {
                if let Some((at, then)) = next(self, &account, last_used) {
                    due.push(Due {
                        at,
                        what: Upcoming::Account(Box::new(account), then),
                    });
                }
            }
        }
        for account in lives::leaving_by(db, scope, by, NAMED).await? {
            let at = account.leaving_at.unwrap_or(by);
            // Who is no longer in a status to leave from has nothing planned; see the projection.
            due.push(Due {
                at,
                what: Upcoming::Account(Box::new(account), Then::Turn(Turn::MarkLeaver)),
            });
        }
        due.retain(|due| due.at <= by);
        due.sort_by_key(|due| due.at);
        Ok(due)
    }
}

/// A little later than the latest beginning that can be due by a moment, because of summer time and short months; each
/// that is found is looked at.
fn latest(by: Timestamp, span: Span) -> Timestamp {
    calendar::before(by, span).plus_seconds(4 * 86_400)
}

impl Visit<'_> {
    /// What will happen by itself, within so many days, to accounts that the actor looks after; soonest first.
    ///
    /// # Errors
    /// `Denied` where they look after nobody's life.
    pub async fn upcoming(&self, days: u32) -> Result<Vec<Due>, GateError> {
        let scope = self.scope(Deed::MoveAndEnd).await?;
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        let by = calendar::days_after(self.gate.now(), days);
        self.gate.due_accounts(&scope, by).await
    }
}
