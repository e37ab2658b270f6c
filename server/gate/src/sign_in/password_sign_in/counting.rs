//! Counting what failed: by account, by network, and by both, so that those who guess slow themselves down first.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    account::Account,
    sign_in::{SignInRules, Waits},
    values::ids::{AccountId, TokenId},
};
use sha2::{Digest, Sha256};
use store::access::failures;

use crate::{Gate, GateError, submissions::claims::commit};

/// Links that one account is sent by email within an hour, because somebody asks for them without signing in.
const LINKS_AN_HOUR: u32 = 3;

/// Seconds for which those links count.
const HOUR: i64 = 3600;

/// Addresses of no leaver that one person may enter in a day.
pub(crate) const MISSES_A_DAY: u32 = 10;

/// Seconds for which those count; nothing counts for longer.
const DAY: i64 = 86_400;

/// Whom somebody tries to sign in as. An account is one, by whichever of its addresses.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whom<'a> {
    /// An account that there is.
    Account(AccountId),
    /// An address that nobody has.
    Address(&'a str),
}

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counted<'a> {
    /// Sign-ins as somebody, from wherever.
    SignIns(Whom<'a>),
    /// Sign-ins as somebody from one network.
    SignInsFrom(Whom<'a>, Option<&'a str>),
    /// Proofs of an account's second factor.
    Factor(AccountId),
    /// Passwords of an account that is signed in already.
    Again(AccountId),
    /// What failed and came from one network.
    Client(&'a str),
    /// API tokens from one network that are not good: one by one where there is or was such a token, else together.
    Tokens(Option<&'a str>, Option<&'a TokenId>),
    /// Asking for links from one network.
    AskingForLinks(&'a str),
    /// Links that an account was sent because it was asked for one.
    Links(AccountId),
    /// Tries at somebody's spoken code, from wherever.
    Codes(Whom<'a>),
    /// Addresses of no leaver that somebody entered to take one in.
    Misses(AccountId),
}

/// How much is allowed, in how many seconds, and when waits begin.
pub(crate) struct Allowance {
    pub(crate) allowed: u32,
    seconds: i64,
    waits: Waits,
}

impl Counted<'_> {
    pub(crate) const fn allowance(&self, rules: &SignInRules) -> Allowance {
        let (allowed, waits) = match self {
            // From wherever nobody waits until the account is locked: a stranger would keep its holder waiting.
            Self::SignIns(_) => (rules.sign_in_failures, Waits::AtLast),
            Self::SignInsFrom(..) | Self::Factor(_) | Self::Again(_) | Self::Codes(_) => {
                (rules.sign_in_failures, Waits::Growing)
            }
            Self::Client(_) | Self::Tokens(..) | Self::AskingForLinks(_) => (rules.client_failures, Waits::Growing),
            Self::Links(_) => (LINKS_AN_HOUR, Waits::AtLast),
            Self::Misses(_) => (MISSES_A_DAY, Waits::AtLast),
        };
        let seconds = match self {
            Self::Links(_) => HOUR,
            Self::Misses(_) => DAY,
            Self::SignIns(_) | Self::SignInsFrom(..) | Self::Factor(_) | Self::Again(_) | Self::Codes(_) => {
                rules.window_seconds()
            }
            Self::Client(_) | Self::Tokens(..) | Self::AskingForLinks(_) => rules.window_seconds(),
        };
        Allowance {
            allowed,
            seconds,
            waits,
        }
    }

    /// Nothing that was typed is kept: it may be a password in the wrong field.
    fn key(&self) -> String {
        let from = |client: &Option<&str>| format!("client {}", client.unwrap_or_default());
        match self {
            Self::SignIns(whom) => digest(&whom.text()),
            Self::SignInsFrom(whom, client) => format!("{}/{}", digest(&whom.text()), digest(&from(client))),
            Self::Factor(account) => digest(&format!("factor {account}")),
            Self::Again(account) => digest(&format!("again {account}")),
            Self::Client(client) => digest(&from(&Some(client))),
            Self::Tokens(client, token) => {
                let token = token.map_or("", |token| token.as_str());
                digest(&format!("token {token} {}", from(client)))
            }
            Self::AskingForLinks(client) => digest(&format!("links {}", from(&Some(client)))),
            Self::Links(account) => digest(&format!("links {account}")),
            Self::Codes(whom) => digest(&format!("codes {}", whom.text())),
            Self::Misses(account) => digest(&format!("joiner {account}")),
        }
    }
}

impl Whom<'_> {
    fn text(&self) -> String {
        match self {
            Self::Account(account) => format!("account {account}"),
            Self::Address(address) => format!("address {address}"),
        }
    }
}

fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}

impl Gate {
    /// How many seconds a network must wait, because too much that came from it has failed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn client_waits(&self, client: &str) -> Result<Option<i64>, GateError> {
        self.waits_for(&Counted::Client(client)).await
    }

    /// Counts something that failed and came from a network: a sign-in, a link that does not exist.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_client_failure(&self, client: &str) -> Result<(), GateError> {
        self.count(&[Counted::Client(client)]).await.map(drop)
    }

    /// How many seconds are to wait before something that is counted is looked at again.
    pub(crate) async fn waits_for(&self, counted: &Counted<'_>) -> Result<Option<i64>, GateError> {
        let tries = failures::get(self.store.reader(), &counted.key()).await?;
        Ok(tries.wait(self.now()))
    }

    /// Takes away what was counted and counts no more, by the longest time for which anything counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_old_failures(&self) -> Result<(), GateError> {
        let longest = self.rules.sign_in.window_seconds().max(DAY);
        let before = self.now().plus_seconds(-longest);
        Ok(failures::sweep(self.store.reader(), before, self.now()).await?)
    }

    /// Counts a try before it is looked at, so that of many at once none slips through, under all of these; how many there
    /// are by now under the first, or the seconds to wait where it is not to be looked at.
    pub(crate) async fn count(&self, under: &[Counted<'_>]) -> Result<Result<u32, i64>, GateError> {
        // An attempt that must wait costs no write.
        let mut wait = None;
        for counted in under {
            let tries = failures::get(self.store.reader(), &counted.key()).await?;
            wait = wait.max(tries.wait(self.now()));
        }
        if let Some(wait) = wait {
            return Ok(Err(wait));
        }
        let tx = self.store.begin().await?;
        let mut first = None;
        for counted in under {
            let counts = self.count_in(&tx, counted).await?;
            match counts {
                Ok(count) => first = first.or(Some(count)),
                Err(wait) => return Ok(Err(wait)),
            }
        }
        commit(tx).await?;
        Ok(Ok(first.unwrap_or_default()))
    }

    /// As [`Self::count`], within a transaction.
    pub(crate) async fn count_in(
        &self,
        tx: &store::Transaction,
        counted: &Counted<'_>,
    ) -> Result<Result<u32, i64>, GateError> {
        let Allowance {
            allowed,
            seconds,
            waits,
        } = counted.allowance(&self.rules.sign_in);
        let key = counted.key();
        let tries = failures::hold(tx, &key).await?;
        if let Some(wait) = tries.wait(self.now()) {
            return Ok(Err(wait));
        }
        let tries = tries.and_another(self.now(), allowed, seconds, waits);
        failures::put(tx, &key, &tries).await?;
        Ok(Ok(tries.count))
    }

    /// Forgets the failures that were counted under all of these: the last try was right.
    pub(crate) async fn forgive(&self, under: &[Counted<'_>]) -> Result<(), GateError> {
        let tx = self.store.begin().await?;
        for counted in under {
            failures::forget(&tx, &counted.key()).await?;
        }
        commit(tx).await
    }
}

/// Forgets what was counted against an account, from wherever: its person has shown that it is them, or somebody says so who
/// manages it.
pub(crate) async fn forgive_all(tx: &store::Transaction, account: &Account) -> Result<(), GateError> {
    let id = account.id;
    for counted in [
        Counted::SignIns(Whom::Account(id)),
        Counted::Factor(id),
        Counted::Again(id),
        Counted::Codes(Whom::Account(id)),
    ] {
        failures::forget_all(tx, &counted.key()).await?;
    }
    Ok(())
}
