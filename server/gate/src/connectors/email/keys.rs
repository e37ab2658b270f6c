//! The key that a connector may set: then nothing is taken in their name without it, in the address that a mail came to or in
//! its subject. It is shown once, and only its hash is kept.

use domain::{
    channel::Channel,
    policy::Deed,
    trail::{Happening, Record},
    values::ids::{AccountId, Timestamp},
};
use email::{KEY_LENGTH, KEY_SIGNS, Mail};
use store::{Transaction, access::email::keys, directory::people};

use super::telling::tell_key_set;
use crate::{GateError, Visit, sign_in::secret_tokens::token_hash, submissions::claims::commit};

impl Visit<'_> {
    /// When the actor's own key was made; `None` if there is none.
    ///
    /// # Errors
    /// `Denied` where they may send nothing by email.
    pub async fn email_key(&self) -> Result<Option<Timestamp>, GateError> {
        let own = self.actor.account().ok_or(GateError::Denied)?;
        let scope = self
            .authority()
            .await?
            .scope_through(Deed::SendByMachine, Channel::EmailCsv);
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        Ok(keys::made_at(self.gate.store.reader(), own).await?)
    }

    /// Makes a key for the actor's own files by email, in place of one that was there, and returns it. Nothing keeps it.
    ///
    /// # Errors
    /// `Denied` where they may send nothing by email.
    pub async fn make_email_key(&self) -> Result<String, GateError> {
        let key = compose();
        self.set_email_key(Some(&key)).await?;
        Ok(key)
    }

    /// Removes the actor's own key: their files are taken without one.
    ///
    /// # Errors
    /// `Denied` where they may send nothing by email.
    pub async fn drop_email_key(&self) -> Result<(), GateError> {
        self.set_email_key(None).await
    }

    async fn set_email_key(&self, key: Option<&str>) -> Result<(), GateError> {
        let gate = self.gate;
        let own = self.actor.account().ok_or(GateError::Denied)?;
        let tx = gate.store.begin().await?;
        let authority = gate.authority(&tx, self.actor).await?;
        if authority
            .scope_through(Deed::SendByMachine, Channel::EmailCsv)
            .is_empty()
        {
            return Err(GateError::Denied);
        }
        if key.is_none() && keys::of(&tx, own).await?.is_none() {
            return Ok(());
        }
        keys::set(&tx, own, key.map(token_hash), gate.now()).await?;
        let account = people::by_ids(&tx, &[own.0]).await?.pop();
        tx.record(Record {
            at: gate.now(),
            actor: Some(own),
            actor_name: self.actor.name().to_owned(),
            organisation: account.as_ref().map(|account| account.organisation.clone()),
            person: Some(own.0),
            rights: authority.rights_to(Deed::SendByMachine),
            happening: Happening::EmailKeySet { made: key.is_some() },
        });
        if let Some(account) = account {
            tell_key_set(gate, &tx, &account, key.is_some()).await?;
        }
        commit(tx).await
    }
}

/// Whether a mail has its sender's key, if they have set one.
///
/// # Errors
/// When the database fails.
pub(super) async fn has_key(tx: &Transaction, sender: AccountId, mail: &Mail) -> Result<bool, GateError> {
    let Some(kept) = keys::of(tx, sender).await? else {
        return Ok(true);
    };
    // All are looked at, whichever is right.
    let right = mail.possible_keys().into_iter().filter(|word| is_right(&kept, word));
    Ok(right.count() > 0)
}

fn is_right(kept: &str, word: &str) -> bool {
    is_same(kept, &token_hash(&word.to_lowercase()))
}

/// Compares two hashes in a time that does not tell where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let differs = one.bytes().zip(other.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differs == 0
}

fn compose() -> String {
    let sign = || char::from(KEY_SIGNS[rand::random_range(0..KEY_SIGNS.len())]);
    (0..KEY_LENGTH).map(|_| sign()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_recognised_in_capitals_and_no_other_word_is() {
        let key = compose();
        assert_eq!(key.len(), KEY_LENGTH);
        assert_eq!(email::without_keys(&key), "…", "none is kept");
        let kept = token_hash(&key);
        assert!(is_right(&kept, &key) && is_right(&kept, &key.to_uppercase()));
        for other in ["", "staff", &key[1..], &format!("{key}0")] {
            assert!(!is_right(&kept, other), "{other}");
        }
    }
}
