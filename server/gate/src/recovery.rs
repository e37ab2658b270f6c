//! Getting back in without an administrator: a link by email, for people who have forgotten their password or are locked
//! out. Whoever asks is told the same after the same time, whether or not there is such an account: looking for it, and
//! writing to its person, comes after the answer.

use domain::{
    account::{Account, AccountStatus},
    channel::Channel,
    dictionary::Attribute,
    email_address::as_typed,
    event::Fact,
    ids::Timestamp,
    life::Turn,
    organisation::Organisation,
    policy::Actor,
    request::Wish,
    trail::{Happening, Record},
};
use store::{
    Transaction,
    credentials::{self, PendingLink},
    events, organisations, people,
};

use crate::{
    Gate, GateError, Visit,
    aftermath::{address, first_name},
    calendar,
    check::commit,
    letters::{self, Letter},
    proving::counting::{Counted, forgive_all},
    seed::numbered,
};

/// Days after a change of an account's address, or after it was taken in elsewhere, in which its former address is told of
/// links, too.
const FORMER_TOLD_DAYS: i64 = 7;

/// What unlocking by a link is called in the trail.
const UNLOCKED_BY_LINK: &str = "Unlocked by a link to the person’s mailbox";

/// Whom a one-time link lets in, and how.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Whose it is.
    pub account: Account,
    /// Where they belong.
    pub organisation: Organisation,
    /// Whether they are locked out and may keep the password that they have.
    pub may_keep_password: bool,
}

impl Gate {
    /// Sends a link to the person with an address, if there is one who could sign in, some time after the answer. The seconds
    /// to wait where too many were asked for from one network.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ask_for_link(&self, address: &str, client: Option<&str>) -> Result<Result<(), i64>, GateError> {
        if let Some(client) = client
            && let Err(wait) = self.count(&[Counted::AskingForLinks(client)]).await?
        {
            return Ok(Err(wait));
        }
        let (gate, address) = (self.clone(), as_typed(address));
        tokio::spawn(async move {
            if let Err(error) = gate.send_link(&address).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a link that was asked for was not sent"
                );
            }
        });
        Ok(Ok(()))
    }

    async fn send_link(&self, typed: &str) -> Result<(), GateError> {
        let Some(account) = people::by_address(self.store.reader(), typed).await? else {
            return Ok(());
        };
        if !self.may_ask(&account).await? {
            return Ok(());
        }
        let tx = self.store.begin().await?;
        // Whoever asks again and again fills nobody's mailbox.
        if self.count_in(&tx, &Counted::Links(account.id)).await?.is_err() {
            return Ok(());
        }
        self.write_link(&tx, &account).await?;
        tx.record(Record {
            at: self.now(),
            actor: None,
            actor_name: String::new(),
            organisation: Some(account.organisation.clone()),
            person: Some(account.id.0),
            rights: vec![],
            happening: Happening::ResetLinkSent,
        });
        commit(tx).await
    }

    /// Whether somebody may get back in by themselves at all.
    async fn may_ask(&self, account: &Account) -> Result<bool, GateError> {
        match account.status {
            AccountStatus::Disabled | AccountStatus::Deleted => Ok(false),
            // The password of whoever left while disabled was taken away: what was shut stays shut.
            AccountStatus::Leaver => {
                let credential = credentials::get(self.store.reader(), account.id).await?;
                Ok(credential.is_some_and(|own| !own.password_hash.is_empty()))
            }
            AccountStatus::Pending | AccountStatus::Active | AccountStatus::Inactive | AccountStatus::Locked => {
                Ok(true)
            }
        }
    }

    /// Makes the link and posts its letter: to somebody who has not taken their account up yet, the one by which they do.
    async fn write_link(&self, tx: &Transaction, account: &Account) -> Result<(), GateError> {
        let is_new = account.status == AccountStatus::Pending;
        let expires = match is_new {
            true => calendar::days_after(self.now(), self.rules.timers.link_days),
            false => {
                let minutes = i64::from(self.rules.sign_in.reset_link_minutes);
                self.now().plus_seconds(minutes * 60)
            }
        };
        let link = PendingLink::until(expires);
        credentials::make_own_link(tx, &link.of(account.id)).await?;
        let (to, first_name) = (address(&account.attributes), first_name(&account.attributes));
        let letter = if is_new {
            let home = organisations::by_codes(tx, std::slice::from_ref(&account.organisation)).await?;
            Letter::Activation {
                first_name,
                organisation: home.into_iter().next().map(|home| home.name).unwrap_or_default(),
                address: to.to_owned(),
                link,
            }
        } else {
            Letter::WayBackIn {
                first_name,
                locked: account.status == AccountStatus::Locked,
                link,
            }
        };
        letters::post(tx, to, &letter, self.now()).await?;
        for former in self.former_addresses(tx, account).await? {
            let letter = Letter::WayBackSent {
                first_name: self::first_name(&account.attributes),
                address: to.to_owned(),
            };
            letters::post(tx, &former, &letter, self.now()).await?;
        }
        Ok(())
    }

    /// The addresses that an account had until a few days ago, where somebody else changed them. Whoever was taken in
    /// elsewhere in these days and kept their address is told at that one anyway.
    async fn former_addresses(&self, tx: &Transaction, account: &Account) -> Result<Vec<String>, GateError> {
        let since = Timestamp(self.now().0 - FORMER_TOLD_DAYS * 86_400_000);
        let late = events::of_subject_after(tx, &account.id.to_string(), since).await?;
        let by_others = late.iter().filter(|event| {
            let is_change = matches!(event.fact, Fact::AccountChanged { .. } | Fact::AccountMoved { .. });
            is_change && event.actor != Some(account.id)
        });
        let before = by_others.flat_map(|event| event.fact.changes()).filter_map(|change| {
            let before = change.before.as_ref()?;
            (change.attribute == Attribute::EmailAddress).then(|| before.as_str().to_owned())
        });
        let mut before: Vec<_> = before.filter(|former| former != address(&account.attributes)).collect();
        before.sort();
        before.dedup();
        Ok(before)
    }

    /// Whose one-time link this is, while it is good, where they belong, and what they may do by it.
    ///
    /// # Errors
    /// As [`Self::invited`].
    pub async fn invitation(&self, token: &str) -> Result<Invitation, GateError> {
        let account = self.invited(token).await?;
        let db = self.store.reader();
        let home = organisations::by_codes(db, std::slice::from_ref(&account.organisation)).await?;
        let credential = credentials::get(db, account.id).await?;
        let has_password = credential.is_some_and(|own| !own.password_hash.is_empty() && !own.one_time);
        Ok(Invitation {
            may_keep_password: account.status == AccountStatus::Locked && has_password,
            organisation: home.into_iter().next().ok_or(GateError::NotFound)?,
            account,
        })
    }
}

impl Visit<'_> {
    /// Unlocks the actor's own account by a one-time link, which is good no more from then on. Their password stays, and is
    /// asked for.
    ///
    /// # Errors
    /// `NotFound` where the link was used by another request meanwhile.
    pub async fn unlock_by_link(&self, service: &Actor, token: &str) -> Result<(), GateError> {
        let own = self.own().await?;
        let tx = self.gate.store.begin().await?;
        if !credentials::use_link(&tx, &token_hash(token), self.gate.now()).await? {
            return Err(GateError::NotFound);
        }
        self.unlock_own(&tx, service, &own).await?;
        commit(tx).await
    }

    /// Opens the way for somebody who has shown that their mailbox is theirs: what strangers failed counts no more, and the
    /// service, which locked the account, unlocks it.
    pub(crate) async fn unlock_own(&self, tx: &Transaction, service: &Actor, own: &Account) -> Result<(), GateError> {
        if own.status == AccountStatus::Locked {
            let unlock = Wish::Turn {
                account: own.id,
                turn: Turn::Unlock,
            };
            self.gate
                .on_behalf_of(service)
                .done_in(tx, Channel::System, UNLOCKED_BY_LINK, &numbered(vec![unlock]))
                .await?;
        }
        forgive_all(tx, own).await
    }
}
