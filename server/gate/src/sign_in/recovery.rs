//! Getting back in without an administrator: a link by email, for people who have forgotten their password or are locked
//! out. Everybody who asks is told the same after the same time, whether or not there is such an account: looking for it, and
//! writing to its person, comes after the answer.

use domain::{
    account::{Account, AccountStatus},
    channel::Channel,
    life::Turn,
    organisation::Organisation,
    policy::{Actor, GUARDED_DAYS},
    request::{AccountWish, Wish},
    trail::{Happening, Record},
};
use store::{
    Transaction,
    access::credentials::{self, PendingLink},
    directory::{customers, newcomers, organisations, people},
    trail::events,
};

use crate::{
    Gate, GateError, Visit,
    service::{
        letters::{self, Letter},
        seed::numbered,
    },
    sign_in::{
        password_sign_in::counting::{Counted, forgive_all},
        secret_tokens::token_hash,
    },
    submissions::{
        claims::commit,
        effects::{address, first_name},
    },
};

/// Who is said to have asked, in the letter to a former address.
const SOMEBODY: &str = "Somebody who was not signed in";

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
    /// Whether they are asked to accept the terms of use: they are new, and their organisation has not accepted them for all.
    pub asks_terms: bool,
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
        let (gate, typed) = (self.clone(), address.to_owned());
        tokio::spawn(async move {
            if let Err(error) = gate.send_link(&typed).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a link that was asked for was not sent"
                );
            }
        });
        Ok(Ok(()))
    }

    async fn send_link(&self, typed: &str) -> Result<(), GateError> {
        let Some(account) = people::by_sign_in_name(self.store.reader(), typed).await? else {
            return Ok(());
        };
        if !self.may_ask(&account).await? {
            return Ok(());
        }
        let tx = self.store.begin().await?;
        // Asking again and again fills nobody's mailbox.
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
            // The password of somebody who left while disabled was taken away: what was shut stays shut.
            AccountStatus::Leaver => Ok(credentials::has_password(self.store.reader(), account.id).await?),
            // The activation link is sent on their first day.
            AccountStatus::Pending => Ok(account.starts_at.is_none()),
            AccountStatus::Active | AccountStatus::Inactive | AccountStatus::Locked => Ok(true),
        }
    }

    /// Makes the link and posts its letter: to somebody who has not taken their account up yet, the one by which they do.
    async fn write_link(&self, tx: &Transaction, account: &Account) -> Result<(), GateError> {
        let expires = match !account.activated {
            true => self.link_ends(self.now()),
            false => {
                let minutes = i64::from(self.rules.sign_in.reset_link_minutes);
                self.now().plus_seconds(minutes * 60)
            }
        };
        let link = PendingLink::until(expires);
        let (own, first_name) = (address(&account.attributes), first_name(&account.attributes));
        let private = match account.activated {
            true => None,
            false => newcomers::private_addresses(tx, &[account.id])
                .await?
                .remove(&account.id),
        };
        match &private {
            None => credentials::make_own_link(tx, &link.of(account.id)).await?,
            // Somebody else wrote the private address down, and may read it: such a link ends with a new role.
            Some(_) => credentials::keep_links(tx, &[link.of(account.id)]).await?,
        }
        let letter = if !account.activated {
            let home = organisations::by_codes(tx, std::slice::from_ref(&account.organisation)).await?;
            Letter::Activation {
                first_name,
                organisation: home.into_iter().next().map(|home| home.name).unwrap_or_default(),
                address: own.to_owned(),
                link,
            }
        } else {
            Letter::WayBackIn {
                first_name,
                locked: account.status == AccountStatus::Locked,
                link,
            }
        };
        letters::post(tx, private.as_deref().unwrap_or(own), &letter, self.now()).await?;
        self.tell_former_addresses(tx, account).await
    }

    /// The addresses that an account had until a few days ago are told where the link went.
    async fn tell_former_addresses(&self, tx: &Transaction, account: &Account) -> Result<(), GateError> {
        let since = self.now().plus_seconds(-i64::from(GUARDED_DAYS) * 86_400);
        let given_up = events::given_up_addresses(tx, &[account.id], since).await?;
        let present = address(&account.attributes);
        let mut former: Vec<_> = given_up.into_values().flatten().collect();
        former.retain(|former| former != present);
        former.sort();
        former.dedup();
        for former in former {
            let letter = Letter::LinkSent {
                first_name: first_name(&account.attributes),
                by: SOMEBODY.to_owned(),
                sent_to: present.to_owned(),
            };
            letters::post(tx, &former, &letter, self.now()).await?;
        }
        Ok(())
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
        let customer = match account.activated {
            true => None,
            false => customers::of_organisation(db, &account.organisation).await?,
        };
        Ok(Invitation {
            asks_terms: !account.activated && !customer.is_some_and(|customer| customer.accepts_terms),
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
            let unlock = Wish::Account(own.id, AccountWish::Turn(Turn::Unlock));
            self.gate
                .on_behalf_of(service)
                .done_in(tx, Channel::System, UNLOCKED_BY_LINK, &numbered(vec![unlock]))
                .await?;
        }
        forgive_all(tx, own).await
    }
}
