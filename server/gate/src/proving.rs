//! Proving who somebody is, against guessing: failures are counted before a try is looked at, by address and by network
//! address; whoever guesses waits, and an account that is guessed at is locked. And taking a provider's word for it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    account::{Account, AccountStatus},
    channel::Channel,
    dictionary::Attribute,
    email_address::EmailAddress,
    ids::{AccountId, Timestamp},
    life::Turn,
    policy::Actor,
    request::Wish,
};
use sha2::{Digest, Sha256};
use store::{credentials, failures, people};

use crate::{Gate, GateError, Visit, check::commit, passwords, seed::numbered};

/// A try to sign in.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The address, as typed.
    pub address: &'a str,
    /// The password, as typed.
    pub password: &'a str,
    /// The network address that it comes from, where that is known.
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

/// What the failures of an address, of an account's second factor, or from a network address are counted by.
pub(crate) enum Counted<'a> {
    Address(&'a str),
    Factor(AccountId),
    Client(&'a str),
}

impl Counted<'_> {
    /// Nothing that was typed is kept: it may be a password in the wrong field.
    fn key(&self) -> String {
        let text = match self {
            Self::Address(address) => format!("address {}", address.trim().to_lowercase()),
            Self::Factor(account) => format!("factor {account}"),
            Self::Client(client) => format!("client {client}"),
        };
        URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
    }
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
        let key = Counted::Address(attempt.address);
        let count = match self.count(&key).await? {
            Ok(count) => count,
            Err(wait) => return Ok(SignIn::Wait(wait)),
        };
        let db = self.store.reader();
        let address = attempt.address.trim().to_lowercase();
        let found = people::by_address(db, &address).await?;
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
            // Whoever has it did not guess.
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
        self.forgive(&key).await?;
        if let (Some(account), Some(hash)) = (found, hash.filter(|hash| passwords::is_outdated(hash))) {
            let today = turn.hash(attempt.password.to_owned()).await;
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

    /// Lets in whom a provider vouches for: whoever has the address as their own, if they may sign in at all. No password is
    /// asked for, so none can be too old.
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
        let let_in = |account| self.let_in(account, false, self.now());
        let proved = found.as_ref().map_or(SignIn::Refused, let_in);
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
        let address = address.trim().to_lowercase();
        let found = people::by_address(self.store.reader(), &address).await?;
        self.note_refused(&address, found.as_ref()).await
    }

    /// How many seconds a network address must wait, because too much that came from it has failed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn client_waits(&self, client: &str) -> Result<Option<i64>, GateError> {
        let tries = failures::get(self.store.reader(), &Counted::Client(client).key()).await?;
        Ok(tries.wait(self.now()))
    }

    /// Counts something that failed and came from a network address: a sign-in, a link that is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_client_failure(&self, client: &str) -> Result<(), GateError> {
        self.count(&Counted::Client(client)).await.map(drop)
    }

    /// Counts a try before it is looked at, so that of many at once none slips through; the seconds to wait where it is
    /// not to be looked at.
    pub(crate) async fn count(&self, of: &Counted<'_>) -> Result<Result<u32, i64>, GateError> {
        let (key, rules) = (of.key(), &self.rules.sign_in);
        let allowed = match of {
            Counted::Client(_) => rules.client_failures,
            Counted::Address(_) | Counted::Factor(_) => rules.failures,
        };
        // Whoever waits costs no write.
        if let Some(wait) = failures::get(self.store.reader(), &key).await?.wait(self.now()) {
            return Ok(Err(wait));
        }
        let tx = self.store.begin().await?;
        let tries = failures::hold(&tx, &key).await?;
        if let Some(wait) = tries.wait(self.now()) {
            return Ok(Err(wait));
        }
        let tries = tries.and_another(self.now(), allowed, rules.window_seconds());
        failures::put(&tx, &key, &tries).await?;
        commit(tx).await?;
        Ok(Ok(tries.count))
    }

    /// Forgets the failures that were counted: the last try was right.
    pub(crate) async fn forgive(&self, of: &Counted<'_>) -> Result<(), GateError> {
        let tx = self.store.begin().await?;
        failures::forget(&tx, &of.key()).await?;
        commit(tx).await
    }

    /// Locks an account when as many tries have failed as are allowed. The answer does not wait for it: its time would
    /// say that there is such an account.
    pub(crate) fn lock_after(&self, service: &Actor, account: Account, count: u32) {
        if count < self.rules.sign_in.failures || Turn::Lock.leads(account.status, account.activated).is_none() {
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
            &numbered(vec![Wish::Turn { account, turn }]),
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
        let wish = Wish::Turn {
            account: account.id,
            turn,
        };
        self.done_in(&tx, Channel::System, "Unlocked by the operator", &numbered(vec![wish]))
            .await?;
        commit(tx).await?;
        Ok(account.status == AccountStatus::Locked)
    }

    /// Proves again that it is the actor, by their password.
    ///
    /// # Errors
    /// As [`Gate::sign_in`]; `NotFound` where the actor is no person.
    pub async fn prove_by_password(
        &self,
        service: &Actor,
        password: &str,
        client: Option<&str>,
    ) -> Result<Checked, GateError> {
        let own = self.own().await?;
        let attempt = Attempt {
            address: own.attributes.text(Attribute::EmailAddress),
            password,
            client,
        };
        Ok(match self.gate.sign_in(service, &attempt).await? {
            SignIn::Welcome(_) | SignIn::MustChoose(_) => Checked::Right,
            SignIn::Refused | SignIn::Expired => Checked::Wrong,
            SignIn::Wait(seconds) => Checked::Wait(seconds),
        })
    }
}

/// Forgets what was counted against an account: somebody who looks after it says that its person is themselves again.
pub(crate) async fn forgive_all(tx: &store::Transaction, account: &Account) -> Result<(), GateError> {
    let address = account.attributes.text(Attribute::EmailAddress);
    for of in [Counted::Address(address), Counted::Factor(account.id)] {
        failures::forget(tx, &of.key()).await?;
    }
    Ok(())
}
