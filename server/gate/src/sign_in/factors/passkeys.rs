//! Passkeys: keys that a device keeps, and uses when its person shows the device who they are.
//!
//! What the browser is asked and what it answers are the JSON of `navigator.credentials`. Between the two the server keeps a
//! state, which no browser sees.

use domain::{dictionary::Attribute, policy::Actor, sign_in::FactorKind};
use sha2::{Digest, Sha256};
use store::{
    StoreError,
    access::factors::{self, Factor},
};
use url::Url;
use uuid::Uuid;
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential},
};

use super::WrongFactor;
use crate::{
    Gate, GateError, Visit,
    sign_in::password_sign_in::{Checked, counting::Counted},
    submissions::claims::commit,
};

/// A question to a browser.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// What the browser is asked, as JSON.
    pub options: String,
    /// What the server keeps until the answer comes, as JSON.
    pub state: String,
}

impl Gate {
    /// Whether passkeys can be used: they belong to a name, so not where people reach the portal by a number.
    #[must_use]
    pub fn takes_passkeys(&self) -> bool {
        self.webauthn().is_some()
    }

    fn webauthn(&self) -> Option<Webauthn> {
        let origin = Url::parse(&self.rules.url).ok()?;
        let name = origin.domain()?.to_owned();
        let built = WebauthnBuilder::new(&name, &origin).ok()?.rp_name("Staffbook").build();
        built.ok()
    }
}

impl Visit<'_> {
    /// Asks the actor's browser for a new passkey.
    ///
    /// # Errors
    /// `NotFound` where passkeys cannot be used.
    pub async fn ask_for_new_passkey(&self) -> Result<Challenge, GateError> {
        let own = self.own().await?;
        let webauthn = self.gate.webauthn().ok_or(GateError::NotFound)?;
        let held = self.passkeys().await?;
        let known = held.iter().map(|(_, passkey)| passkey.cred_id().clone()).collect();
        let (address, name) = (own.attributes.text(Attribute::EmailAddress), own.full_name());
        let asked = webauthn.start_passkey_registration(own.id.0, address, &name, Some(known));
        let (options, state) = asked.map_err(|_| GateError::NotFound)?;
        challenge(&options, &state)
    }

    /// Keeps the passkey that the browser made, as [`Visit::add_totp`] does an app.
    ///
    /// # Errors
    /// `NotFound` where passkeys cannot be used, or none was asked for.
    pub async fn add_passkey(
        &self,
        session: Option<&str>,
        state: &str,
        name: &str,
        answer: &str,
    ) -> Result<Result<Vec<String>, WrongFactor>, GateError> {
        let webauthn = self.gate.webauthn().ok_or(GateError::NotFound)?;
        let state: PasskeyRegistration = serde_json::from_str(state).map_err(StoreError::from)?;
        let made = serde_json::from_str::<RegisterPublicKeyCredential>(answer).ok();
        let Some(passkey) = made.and_then(|made| webauthn.finish_passkey_registration(&made, &state).ok()) else {
            return Ok(Err(WrongFactor::Passkey));
        };
        let kept = serde_json::to_string(&passkey).map_err(StoreError::from)?;
        // Its own ID makes the factor's: nobody sets up a passkey that somebody else has.
        let digest = Sha256::digest(passkey.cred_id());
        let id = Uuid::from_slice(&digest[..16]).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        self.add(session, id, FactorKind::Passkey, name, kept, None).await
    }

    /// Asks the actor's browser to use one of their passkeys.
    ///
    /// # Errors
    /// `NotFound` where they have none.
    pub async fn ask_for_passkey(&self) -> Result<Challenge, GateError> {
        let webauthn = self.gate.webauthn().ok_or(GateError::NotFound)?;
        let held: Vec<_> = self.passkeys().await?.into_iter().map(|(_, passkey)| passkey).collect();
        let asked = webauthn.start_passkey_authentication(&held);
        let (options, state) = asked.map_err(|_| GateError::NotFound)?;
        challenge(&options, &state)
    }

    /// Checks the browser's answer. What is wrong counts as a wrong code does.
    ///
    /// # Errors
    /// `NotFound` where passkeys cannot be used, or none was asked for.
    pub async fn prove_by_passkey(&self, service: &Actor, state: &str, answer: &str) -> Result<Checked, GateError> {
        let gate = self.gate;
        let account = self.own().await?;
        let webauthn = gate.webauthn().ok_or(GateError::NotFound)?;
        let state: PasskeyAuthentication = serde_json::from_str(state).map_err(StoreError::from)?;
        let counted = Counted::Factor(account.id);
        let count = match gate.count(&[counted]).await? {
            Ok(count) => count,
            Err(wait) => return Ok(Checked::Wait(wait)),
        };
        let answered = serde_json::from_str::<PublicKeyCredential>(answer).ok();
        let result = answered.and_then(|answer| webauthn.finish_passkey_authentication(&answer, &state).ok());
        let held = self.passkeys().await?;
        let used = result.and_then(|result| {
            let found = held
                .into_iter()
                .find(|(_, passkey)| passkey.cred_id() == result.cred_id());
            found.map(|(factor, passkey)| (factor, passkey, result))
        });
        let Some((factor, mut passkey, result)) = used else {
            gate.note_refused("", Some(&account)).await?;
            gate.lock_after(service, account, count);
            return Ok(Checked::Wrong);
        };
        let tx = gate.store.begin().await?;
        if passkey.update_credential(&result) == Some(true) {
            let kept = serde_json::to_string(&passkey).map_err(StoreError::from)?;
            factors::update(&tx, factor.id, kept).await?;
        }
        factors::spend(&tx, factor.id, None, gate.now()).await?;
        commit(tx).await?;
        gate.forgive(&[counted]).await?;
        Ok(Checked::Right)
    }

    /// The actor's passkeys.
    async fn passkeys(&self) -> Result<Vec<(Factor, Passkey)>, GateError> {
        let own = self.actor.account().ok_or(GateError::NotFound)?;
        let mut held = Vec::new();
        for factor in factors::of(self.gate.store.reader(), own).await? {
            if factor.kind == FactorKind::Passkey {
                let passkey = serde_json::from_str(&factor.secret).map_err(StoreError::from)?;
                held.push((factor, passkey));
            }
        }
        Ok(held)
    }
}

fn challenge(options: &impl serde::Serialize, state: &impl serde::Serialize) -> Result<Challenge, GateError> {
    Ok(Challenge {
        options: serde_json::to_string(options).map_err(StoreError::from)?,
        state: serde_json::to_string(state).map_err(StoreError::from)?,
    })
}
