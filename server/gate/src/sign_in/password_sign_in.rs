//! Proving who somebody is, against guessing: failures are counted before a try is looked at, by account and by network;
//! anybody who guesses waits, and an account that is guessed at is locked. And taking a provider's word for it.
//!
//! A lock refuses sign-ins by password. It ends no session and no API token, because strangers bring it about; its person
//! gets back in by a link to their own mailbox (`recovery.rs`).

pub(crate) mod counting;

use domain::{
    account::{Account, AccountStatus},
    channel::Channel,
    life::Turn,
    policy::Actor,
    request::{AccountWish, Wish},
    values::{
        email_address::{EmailAddress, as_typed},
        ids::{AccountId, Timestamp},
    },
};
use store::{
    access::{credentials, factors},
    directory::people,
};

use self::counting::{Counted, Whom};
use crate::{Gate, GateError, Visit, service::seed::numbered, sign_in::passwords, submissions::claims::commit};

/// A try to sign in.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The address or the name to sign in with, as typed.
    pub address: &'a str,
    /// The password, as typed.
    pub password: &'a str,
    /// The network that it comes from, where that is known.
    pub client: Option<&'a str>,
}

/// What a try to sign in comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// It is they.
    Welcome(AccountId),
    /// It is they, and they must choose another password before anything else.
    MustChoose(AccountId),
    /// It is they, by a one-time password whose time is over; nothing opens by it.
    Expired,
    /// Address or password is not right, or the account cannot be signed in to; the three are not told apart.
    Refused,
    /// Too many tries have failed; none is looked at for so many seconds.
    Wait(i64),
}

/// What a check of a code comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// It is right.
    Right,
    /// It is not, or was used before.
    Wrong,
    /// Too many tries have failed; none is looked at for so many seconds.
    Wait(i64),
}

impl Gate {
    /// Tries an address and a password. An unknown address gets the same answer after the same time, and the same waits.
    /// `service` locks an account that is guessed at.
    ///
    /// # Errors
    /// `Busy` where too many sign in at this moment; when the database fails.
    pub async fn sign_in(&self, service: &Actor, attempt: &Attempt<'_>) -> Result<SignIn, GateError> {
        if let Some(client) = attempt.client
            && let Some(wait) = self.client_waits(client).await?
        {
            return Ok(SignIn::Wait(wait));
        }
        // A place in the queue before the count, so that nobody's failures are counted who was not heard.
        let turn = passwords::admit()?;
        let db = self.store.reader();
        let address = as_typed(attempt.address);
        let found = people::by_sign_in_name(db, attempt.address).await?;
        let whom = match &found {
            Some(account) => Whom::Account(account.id),
            None => Whom::Address(&address),
        };
        let counted = [Counted::SignIns(whom), Counted::SignInsFrom(whom, attempt.client)];
        let count = match self.count(&counted).await? {
            Ok(count) => count,
            Err(wait) => return Ok(SignIn::Wait(wait)),
        };
        let credential = match &found {
            Some(account) => credentials::get(db, account.id).await?,
            None => None,
        };
        let hash = credential.as_ref().map(|credential| credential.password_hash.clone());
        let hash = hash.filter(|hash| !hash.is_empty());
        let right = turn.verify(attempt.password.to_owned(), hash.clone()).await;
        let proved = match (&found, &credential) {
            (Some(account), Some(credential)) if right => self.let_in(account, credential.one_time, credential.set_at),
            _ => SignIn::Refused,
        };
        if proved == SignIn::Expired {
            // Somebody who has it did not guess.
            self.note_refused(&address, found.as_ref()).await?;
            return Ok(proved);
        }
        if proved == SignIn::Refused {
            if let Some(client) = attempt.client {
                self.note_client_failure(client).await?;
            }
            self.note_refused(&address, found.as_ref()).await?;
            if let Some(account) = found {
                self.lock_after(service, account, count);
            }
            return Ok(proved);
        }
        self.forgive(&counted).await?;
        // Where there is no memory to hash with, the old hash stays for this time.
        if let (Some(account), Some(hash)) = (found, hash.filter(|hash| passwords::is_outdated(hash)))
            && let Ok(today) = turn.hash(attempt.password.to_owned()).await
        {
            let tx = self.store.begin().await?;
            credentials::rehash(&tx, account.id, &hash, today).await?;
            commit(tx).await?;
        }
        Ok(proved)
    }

    /// Whether an account may be signed in to by a password that is right.
    fn let_in(&self, account: &Account, one_time: bool, set_at: Timestamp) -> SignIn {
        match account.status {
            AccountStatus::Pending | AccountStatus::Active | AccountStatus::Inactive | AccountStatus::Leaver
                if one_time =>
            {
                match self.one_time_until(set_at) <= self.now() {
                    true => SignIn::Expired,
                    false => SignIn::MustChoose(account.id),
                }
            }
            AccountStatus::Active | AccountStatus::Inactive | AccountStatus::Leaver => {
                let until = self.password_until(set_at);
                match until.is_some_and(|until| until <= self.now()) {
                    true => SignIn::MustChoose(account.id),
                    false => SignIn::Welcome(account.id),
                }
            }
            _ => SignIn::Refused,
        }
    }

    /// Lets in the person a provider vouches for: the one with this address, if they may sign in at all. No password is asked
    /// for, so none can be too old, and those who guessed at it keep nobody out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_in_vouched(&self, address: &EmailAddress, client: Option<&str>) -> Result<SignIn, GateError> {
        if let Some(client) = client
            && let Some(wait) = self.client_waits(client).await?
        {
            return Ok(SignIn::Wait(wait));
        }
        let found = people::by_address(self.store.reader(), address.as_str()).await?;
        let proved = match &found {
            // Where a code is asked for here, it may be the codes that were guessed at.
            Some(account)
                if account.status == AccountStatus::Locked
                    && !factors::has_any(self.store.reader(), account.id).await? =>
            {
                SignIn::Welcome(account.id)
            }
            Some(account) => self.let_in(account, false, self.now()),
            None => SignIn::Refused,
        };
        if proved == SignIn::Refused {
            self.turn_away(address.as_str(), client).await?;
        }
        Ok(proved)
    }

    /// Counts and records that somebody was turned away for whom a provider gave an address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn turn_away(&self, address: &str, client: Option<&str>) -> Result<(), GateError> {
        if let Some(client) = client {
            self.note_client_failure(client).await?;
        }
        let address = as_typed(address);
        let found = people::by_address(self.store.reader(), &address).await?;
        self.note_refused(&address, found.as_ref()).await
    }

    /// Locks an account when as many tries have failed as are allowed. The answer does not wait for it: its time would
    /// say that there is such an account.
    pub(crate) fn lock_after(&self, service: &Actor, account: Account, count: u32) {
        if count < self.rules.sign_in.sign_in_failures || Turn::Lock.leads(account.status, account.activated).is_none()
        {
            return;
        }
        let (gate, service) = (self.clone(), service.clone());
        tokio::spawn(async move {
            if let Err(error) = gate.on_behalf_of(&service).lock(&account).await {
                tracing::error!(error = &error as &dyn std::error::Error, "an account was not locked");
            }
        });
    }
}

impl Visit<'_> {
    /// Locks an account after failed tries to sign in to it.
    async fn lock(&self, guessed_at: &Account) -> Result<(), GateError> {
        let (account, turn) = (guessed_at.id, Turn::Lock);
        let tx = self.gate.store.begin().await?;
        // Who has no password yet comes in by a link, which nobody guesses: it stays good.
        if guessed_at.status == AccountStatus::Pending && !credentials::has_password(&tx, account).await? {
            return Ok(());
        }
        self.done_in(
            &tx,
            Channel::System,
            "Failed sign-ins",
            &numbered(vec![Wish::Account(account, AccountWish::Turn(turn))]),
        )
        .await?;
        commit(tx).await
    }

    /// Unlocks the account that signs in by an address, for the operator: the last one who could do it in the portal may be
    /// the one who is locked. Says whether there is one that was locked.
    ///
    /// # Errors
    /// `Denied` to anybody but the service.
    pub async fn unlock(&self, address: &str) -> Result<bool, GateError> {
        let Some(account) = self.gate.account_by_address(address).await? else {
            return Ok(false);
        };
        let turn = Turn::Unlock;
        let tx = self.gate.store.begin().await?;
        let wish = Wish::Account(account.id, AccountWish::Turn(turn));
        self.done_in(&tx, Channel::System, "Unlocked by the operator", &numbered(vec![wish]))
            .await?;
        commit(tx).await?;
        Ok(account.status == AccountStatus::Locked)
    }

    /// Proves again that it is the actor, by their password. What strangers failed at the sign-in page does not count here,
    /// and a lock that they brought about keeps nobody from what they are doing.
    ///
    /// # Errors
    /// `Busy` where too many sign in at this moment; `NotFound` where the actor is no person.
    pub async fn prove_by_password(
        &self,
        service: &Actor,
        password: &str,
        client: Option<&str>,
    ) -> Result<Checked, GateError> {
        let (gate, own) = (self.gate, self.own().await?);
        let turn = passwords::admit()?;
        let counted = [Counted::Again(own.id)];
        let count = match gate.count(&counted).await? {
            Ok(count) => count,
            Err(wait) => return Ok(Checked::Wait(wait)),
        };
        let credential = credentials::get(gate.store.reader(), own.id).await?;
        let hash = credential.map(|credential| credential.password_hash);
        let hash = hash.filter(|hash| !hash.is_empty());
        if turn.verify(password.to_owned(), hash).await {
            gate.forgive(&counted).await?;
            return Ok(Checked::Right);
        }
        if let Some(client) = client {
            gate.note_client_failure(client).await?;
        }
        gate.note_refused("", Some(&own)).await?;
        gate.lock_after(service, own, count);
        Ok(Checked::Wrong)
    }

    /// Whether the actor has a password by which they could prove who they are.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person.
    pub async fn has_password(&self) -> Result<bool, GateError> {
        let id = self.actor.account().ok_or(GateError::NotFound)?;
        Ok(credentials::has_password(self.gate.store.reader(), id).await?)
    }
}
