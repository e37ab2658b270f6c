//! Second factors: authenticator apps (TOTP) and recovery codes. Passkeys stand beside this, in `factors/passkeys.rs`.

mod passkeys;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    dictionary::Attribute,
    policy::Actor,
    sign_in::{FactorKind, SecondFactor},
    trail::{FactorChange, Happening},
    values::ids::AccountId,
};
use qrcode::{QrCode, render::svg};
use sha2::{Digest, Sha256};
use store::{
    StoreError,
    access::{
        factors::{self, Factor},
        rights, sessions,
    },
    directory::people,
};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

use crate::{
    Gate, GateError, Visit,
    service::letters::{self, FactorNews, Letter},
    sign_in::password_sign_in::{Checked, counting::Counted},
    submissions::claims::commit,
    trail::own_record,
};

pub use self::passkeys::Challenge;

/// Recovery codes that are made at once.
const CODES: usize = 10;
/// Signs of a recovery code: letters and digits that are not mistaken for one another.
const SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// The longest name of a factor, in characters.
const LONGEST_NAME: usize = 60;
/// Factors that one account may have.
const MOST: usize = 10;

/// What a person has besides a password.
#[derive(Clone, Debug)]
pub struct Factors {
    /// Each with its name, in the order in which they were set up. What they are checked against is left out.
    pub all: Vec<Factor>,
    /// How many recovery codes are left.
    pub codes_left: u64,
    /// Whether they must have one.
    pub required: bool,
}

/// What stands between a right password and the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// The second factor is asked for.
    Prove,
    /// A second factor must be set up first.
    SetUp,
}

/// Why a factor was not set up or taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongFactor {
    /// The code is not that of the app.
    Code,
    /// The browser's passkey is not valid, or not one that was asked for.
    Passkey,
    /// It has no name, or one that is too long.
    Name,
    /// There are too many already.
    TooMany,
    /// It is the only one, and its person must have one.
    Last,
}

/// A new authenticator's secret, in the two ways in which an app takes it.
#[derive(Clone, Debug)]
pub struct NewTotp {
    /// To be typed: base 32.
    pub secret: String,
    /// To be scanned: a picture, as an SVG document.
    pub picture: String,
}

impl Gate {
    /// What stands between an account's right password and the portal.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn needs_factor(&self, account: AccountId) -> Result<Need, GateError> {
        let db = self.store.reader();
        if factors::has_any(db, account).await? {
            return Ok(Need::Prove);
        }
        let required = self.must_have_factor(account).await?;
        Ok(if required { Need::SetUp } else { Need::Nothing })
    }

    async fn must_have_factor(&self, account: AccountId) -> Result<bool, GateError> {
        let required = self.rules.sign_in.second_factor == SecondFactor::Required;
        Ok(required && rights::holds_any(self.store.reader(), account).await?)
    }

    /// Whether a second factor may be called so.
    #[must_use]
    pub fn is_factor_name(text: &str) -> bool {
        name_of(text).is_some()
    }

    /// A secret for a new authenticator, in base 32.
    #[must_use]
    pub fn new_totp_secret() -> String {
        Secret::from(rand::random::<[u8; 20]>()).to_base32()
    }
}

impl Visit<'_> {
    /// What the actor has besides a password.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person.
    pub async fn factors(&self) -> Result<Factors, GateError> {
        let id = self.actor.account().ok_or(GateError::NotFound)?;
        let db = self.gate.store.reader();
        let mut all = factors::of(db, id).await?;
        all.iter_mut().for_each(|factor| factor.secret.clear());
        Ok(Factors {
            all,
            codes_left: factors::recovery_codes_left(db, id).await?,
            required: self.gate.must_have_factor(id).await?,
        })
    }

    /// Whether the actor has a second factor, by which they prove who they are.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person.
    pub async fn has_factor(&self) -> Result<bool, GateError> {
        let id = self.actor.account().ok_or(GateError::NotFound)?;
        Ok(factors::has_any(self.gate.store.reader(), id).await?)
    }

    /// Whether the actor has a passkey.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person.
    pub async fn has_passkey(&self) -> Result<bool, GateError> {
        let factors = self.factors().await?;
        Ok(factors.all.iter().any(|factor| factor.kind == FactorKind::Passkey))
    }

    /// How an app takes a new authenticator's secret.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person, or the secret is not valid.
    pub async fn show_totp(&self, secret: &str) -> Result<NewTotp, GateError> {
        let own = self.own().await?;
        let address = own.attributes.text(Attribute::EmailAddress);
        let url = totp(secret, address).and_then(|totp| totp.to_url().ok());
        let picture = url.and_then(|url| QrCode::new(url.as_bytes()).ok());
        let picture = picture.ok_or(GateError::NotFound)?;
        let picture = picture.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
        Ok(NewTotp {
            secret: secret.to_owned(),
            picture,
        })
    }

    /// Sets an authenticator app up: its first code shows that it has the secret. With the first factor come recovery
    /// codes, and every other session of the person ends; `session` is the one that lives on.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person.
    pub async fn add_totp(
        &self,
        session: Option<&str>,
        secret: &str,
        name: &str,
        code: &str,
    ) -> Result<Result<Vec<String>, WrongFactor>, GateError> {
        let Some(step) = totp(secret, "").and_then(|totp| check(&totp, code, self.gate.now().0)) else {
            return Ok(Err(WrongFactor::Code));
        };
        let id = Uuid::now_v7();
        self.add(session, id, FactorKind::Totp, name, secret.to_owned(), Some(step))
            .await
    }

    /// Keeps a new factor, with what follows from it.
    pub(crate) async fn add(
        &self,
        session: Option<&str>,
        id: Uuid,
        kind: FactorKind,
        name: &str,
        secret: String,
        step: Option<u64>,
    ) -> Result<Result<Vec<String>, WrongFactor>, GateError> {
        let own = self.own().await?;
        let Some(name) = name_of(name) else {
            return Ok(Err(WrongFactor::Name));
        };
        let now = self.gate.now();
        let tx = self.gate.store.begin().await?;
        let before = factors::of(&tx, own.id).await?;
        if before.len() >= MOST {
            return Ok(Err(WrongFactor::TooMany));
        }
        let new = Factor {
            id,
            kind,
            name,
            secret,
            made_at: now,
            used_at: Some(now),
        };
        match factors::add(&tx, own.id, &new, step).await {
            // A passkey that is somebody's already.
            Err(StoreError::Conflict) => return Ok(Err(WrongFactor::Passkey)),
            added => added?,
        }
        let mut codes = vec![];
        if before.is_empty() {
            codes = make_codes(&tx, own.id).await?;
            sessions::end_all(&tx, own.id, session).await?;
        }
        self.tell(&tx, FactorNews::Added { name: new.name }).await?;
        commit(tx).await?;
        Ok(Ok(codes))
    }

    /// Calls one of the actor's factors by another name.
    ///
    /// # Errors
    /// `NotFound` where they have none with that ID.
    pub async fn rename_factor(&self, id: Uuid, name: &str) -> Result<Result<(), WrongFactor>, GateError> {
        let own = self.actor.account().ok_or(GateError::NotFound)?;
        let Some(name) = name_of(name) else {
            return Ok(Err(WrongFactor::Name));
        };
        let tx = self.gate.store.begin().await?;
        if !factors::rename(&tx, own, id, &name).await? {
            return Err(GateError::NotFound);
        }
        commit(tx).await?;
        Ok(Ok(()))
    }

    /// Takes one of the actor's factors away; with the last of them go the recovery codes.
    ///
    /// # Errors
    /// `NotFound` where they have none with that ID.
    pub async fn remove_factor(&self, id: Uuid) -> Result<Result<(), WrongFactor>, GateError> {
        let own = self.actor.account().ok_or(GateError::NotFound)?;
        let must = self.gate.must_have_factor(own).await?;
        let tx = self.gate.store.begin().await?;
        let all = factors::of(&tx, own).await?;
        let name = all
            .iter()
            .find(|factor| factor.id == id)
            .map(|factor| factor.name.clone());
        let name = name.ok_or(GateError::NotFound)?;
        if all.len() == 1 {
            if must {
                return Ok(Err(WrongFactor::Last));
            }
            factors::remove_all(&tx, &[own.0]).await?;
        } else {
            factors::remove(&tx, own, id).await?;
        }
        self.tell(&tx, FactorNews::Removed { name }).await?;
        commit(tx).await?;
        Ok(Ok(()))
    }

    /// Makes the actor new recovery codes; those before are good no more.
    ///
    /// # Errors
    /// `NotFound` where they have no factor that the codes could replace.
    pub async fn renew_recovery_codes(&self) -> Result<Vec<String>, GateError> {
        let own = self.own().await?;
        let tx = self.gate.store.begin().await?;
        if !factors::has_any(&tx, own.id).await? {
            return Err(GateError::NotFound);
        }
        let codes = make_codes(&tx, own.id).await?;
        let change = FactorChange::CodesRenewed;
        tx.record(own_record(&own, self.gate.now(), Happening::FactorChanged { change }));
        commit(tx).await?;
        Ok(codes)
    }

    /// Checks a code of the actor's: of any of their authenticator apps, or a recovery code. Each is good once. `service`
    /// locks an account that is guessed at.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person.
    pub async fn prove_by_code(&self, service: &Actor, code: &str) -> Result<Checked, GateError> {
        let gate = self.gate;
        let account = self.own().await?;
        let counted = Counted::Factor(account.id);
        let count = match gate.count(&[counted]).await? {
            Ok(count) => count,
            Err(wait) => return Ok(Checked::Wait(wait)),
        };
        let (id, now) = (account.id, gate.now());
        let tx = gate.store.begin().await?;
        let mut right = false;
        for factor in factors::of(&tx, id).await? {
            let step = match factor.kind {
                FactorKind::Totp => totp(&factor.secret, "").and_then(|totp| check(&totp, code, now.0)),
                FactorKind::Passkey => None,
            };
            // A code that was used before, or looked at by another request, is wrong.
            right = right || (step.is_some() && factors::spend(&tx, factor.id, step, now).await?);
        }
        if !right && factors::use_recovery_code(&tx, id, &code_hash(id, code)).await? {
            right = true;
            let left = factors::recovery_codes_left(&tx, id).await?;
            self.tell(&tx, FactorNews::CodeUsed { left }).await?;
        }
        if !right {
            drop(tx);
            gate.note_refused("", Some(&account)).await?;
            gate.lock_after(service, account, count);
            return Ok(Checked::Wrong);
        }
        commit(tx).await?;
        gate.forgive(&[counted]).await?;
        Ok(Checked::Right)
    }

    /// Tells the actor what became of their factors, and the trail too.
    pub(crate) async fn tell(&self, tx: &store::Transaction, news: FactorNews) -> Result<(), GateError> {
        let id = self.actor.account().ok_or(GateError::NotFound)?;
        let Some(own) = people::by_ids(tx, &[id.0]).await?.pop() else {
            return Err(GateError::NotFound);
        };
        let change = match &news {
            FactorNews::Added { .. } => Some(FactorChange::Added),
            FactorNews::Removed { .. } => Some(FactorChange::Removed),
            FactorNews::CodeUsed { .. } => Some(FactorChange::CodeUsed),
            // Somebody else's doing, and a change of the directory.
            FactorNews::Reset { .. } => None,
        };
        if let Some(change) = change {
            tx.record(own_record(&own, self.gate.now(), Happening::FactorChanged { change }));
        }
        let letter = Letter::SecondFactor {
            first_name: own.attributes.text(Attribute::FirstName).to_owned(),
            news,
        };
        letters::post(
            tx,
            own.attributes.text(Attribute::EmailAddress),
            &letter,
            self.gate.now(),
        )
        .await?;
        Ok(())
    }
}

/// An authenticator with this secret; none where it is no secret.
fn totp(secret: &str, address: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    let named = Builder::new().with_secret(secret).with_account_name(address);
    named.with_issuer(Some("Staffbook")).build().ok()
}

/// The step whose code this is: the present one, or the one before or after, because clocks differ.
fn check(totp: &Totp, code: &str, now_milliseconds: i64) -> Option<u64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let is_code = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let now = u64::try_from(now_milliseconds / 1000).ok()?;
    is_code.then(|| totp.check(&digits, now)).flatten()
}

fn name_of(text: &str) -> Option<String> {
    let name = text.trim();
    let is_name = !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
    is_name.then(|| name.to_owned())
}

async fn make_codes(tx: &store::Transaction, account: AccountId) -> Result<Vec<String>, GateError> {
    let group = || -> String {
        (0..4)
            .map(|_| char::from(SIGNS[rand::random_range(0..SIGNS.len())]))
            .collect()
    };
    let codes: Vec<_> = (0..CODES).map(|_| [group(), group(), group()].join("-")).collect();
    let hashes = codes.iter().map(|code| code_hash(account, code)).collect();
    factors::set_recovery_codes(tx, account, hashes).await?;
    Ok(codes)
}

/// What the database keeps of a recovery code, however it was written.
fn code_hash(account: AccountId, code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let text = format!("{account} {}", plain.to_ascii_lowercase());
    URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}
