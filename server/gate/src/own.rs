//! What people do for themselves: signing in, taking an account up by its one-time link, choosing a password, and keeping
//! the few details that are theirs.

use domain::{
    account::{Account, AccountStatus},
    channel::Channel,
    dictionary::Attribute,
    ids::AccountId,
    life::Turn,
    password::{self, WeakPassword},
    problem::Kind,
    request::Wish,
};
use store::{credentials, people};

use crate::{
    Gate, GateError, Visit,
    aftermath::token_hash,
    asking::Asked,
    calendar,
    check::commit,
    passwords::{hash_password, verify_password},
    seed::numbered,
};

/// What a try to sign in comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// It is they.
    Welcome(AccountId),
    /// It is they, and they must choose another password before anything else.
    MustChoose(AccountId),
    /// Address or password is not right, or the account cannot be signed in to; the three are not told apart.
    Refused,
}

/// Why a password was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongPassword {
    /// The present one is not right.
    Present,
    /// It breaks a rule.
    Weak(Kind),
    /// It was used before.
    UsedBefore,
}

impl Gate {
    /// Tries an address and a password. An unknown address takes as long as a wrong password.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_in(&self, address: &str, password: &str) -> Result<SignIn, GateError> {
        let db = self.store.reader();
        let found = people::by_address(db, address).await?;
        let credential = match &found {
            Some(account) => credentials::get(db, account.id).await?,
            None => None,
        };
        let hash = credential.as_ref().map(|credential| credential.password_hash.clone());
        let right = verify_password(password.to_owned(), hash.filter(|hash| !hash.is_empty())).await;
        let (Some(account), Some(credential), true) = (found, credential, right) else {
            return Ok(SignIn::Refused);
        };
        let old = calendar::days_after(credential.set_at, self.rules.timers.password_days) <= self.now();
        match account.status {
            AccountStatus::Pending if credential.one_time => Ok(SignIn::MustChoose(account.id)),
            AccountStatus::Active | AccountStatus::Inactive | AccountStatus::Leaver => {
                if credential.one_time || old {
                    return Ok(SignIn::MustChoose(account.id));
                }
                self.note_use(&account).await?;
                Ok(SignIn::Welcome(account.id))
            }
            _ => Ok(SignIn::Refused),
        }
    }

    /// Notes that an account is used; one that was not for a while is active again.
    async fn note_use(&self, account: &Account) -> Result<(), GateError> {
        let tx = self.store.begin().await?;
        if account.status == AccountStatus::Inactive {
            let (actor, turn) = (Self::person(account), Turn::Wake);
            let wish = Wish::Turn {
                account: account.id,
                turn,
            };
            let visit = self.on_behalf_of(&actor);
            visit.done_in(&tx, Channel::Portal, "Signed in again", &numbered(vec![wish])).await?;
        }
        credentials::note_use(&tx, account.id, self.now()).await?;
        commit(tx).await
    }

    /// The account with an address, and whether it has a password; for the operator's commands and tests.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account_by_address(&self, address: &str) -> Result<Option<Account>, GateError> {
        Ok(people::by_address(self.store.reader(), address).await?)
    }

    /// Whose one-time link this is, while it is good.
    ///
    /// # Errors
    /// `NotFound` where it is none, or is good no more.
    pub async fn invited(&self, token: &str) -> Result<Account, GateError> {
        let db = self.store.reader();
        let found = credentials::find_link(db, &token_hash(token), self.now()).await?;
        let account = found.ok_or(GateError::NotFound)?;
        let account = people::by_ids(db, &[account.0]).await?.pop().ok_or(GateError::NotFound)?;
        match account.status {
            AccountStatus::Disabled | AccountStatus::Deleted => Err(GateError::NotFound),
            _ => Ok(account),
        }
    }
}

impl Visit<'_> {
    /// Chooses the actor's own password after a one-time link or a one-time password proved who they are; an account that
    /// waited for it is active from then on.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person.
    pub async fn choose_password(&self, new: &str) -> Result<Result<(), WrongPassword>, GateError> {
        let gate = self.gate;
        let account = self.own().await?;
        let credential = credentials::get(gate.store.reader(), account.id).await?;
        let names = [Attribute::FirstName, Attribute::LastName].map(|name| account.attributes.text(name));
        if let Err(weak) = password::check(new, names[0], names[1]) {
            return Ok(Err(WrongPassword::Weak(weak_password(weak, new))));
        }
        let before = credential.iter().flat_map(|credential| {
            let present = std::iter::once(&credential.password_hash);
            present.chain(&credential.former).filter(|hash| !hash.is_empty())
        });
        for hash in before {
            if verify_password(new.to_owned(), Some(hash.clone())).await {
                return Ok(Err(WrongPassword::UsedBefore));
            }
        }
        let hash = hash_password(new.to_owned()).await;
        let mut wishes = vec![Wish::ChoosePassword { account: account.id }];
        let turn = match account.status {
            AccountStatus::Pending => Some(Turn::Activate),
            AccountStatus::Inactive => Some(Turn::Wake),
            _ => None,
        };
        wishes.extend(turn.map(|turn| Wish::Turn {
            account: account.id,
            turn,
        }));
        let tx = gate.store.begin().await?;
        self.done_in(&tx, Channel::Portal, "Password", &numbered(wishes)).await?;
        credentials::set(&tx, account.id, hash, false, gate.now()).await?;
        credentials::note_use(&tx, account.id, gate.now()).await?;
        commit(tx).await?;
        Ok(Ok(()))
    }

    /// Changes the actor's own password; the present one proves that it is they.
    ///
    /// # Errors
    /// As [`Self::choose_password`].
    pub async fn change_password(&self, present: &str, new: &str) -> Result<Result<(), WrongPassword>, GateError> {
        let account = self.own().await?;
        let credential = credentials::get(self.gate.store.reader(), account.id).await?;
        let hash = credential.map(|credential| credential.password_hash);
        if !verify_password(present.to_owned(), hash).await {
            return Ok(Err(WrongPassword::Present));
        }
        self.choose_password(new).await
    }

    /// The actor's own account.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person, or is gone.
    pub async fn own(&self) -> Result<Account, GateError> {
        let id = self.actor.account().ok_or(GateError::NotFound)?;
        let found = people::by_ids(self.gate.store.reader(), &[id.0]).await?.pop();
        found.ok_or(GateError::NotFound)
    }

    /// Changes the few details that people keep of themselves, at once. What was asked for is said back where something is
    /// wrong with it.
    ///
    /// # Errors
    /// `Stale` where the account has changed since that version was shown.
    pub async fn keep_own(&self, seen: i64, form: &[(Attribute, String)]) -> Result<Asked, GateError> {
        let own = self.own().await?;
        let form: Vec<_> = form
            .iter()
            .filter(|(attribute, _)| domain::policy::OWN_ATTRIBUTES.contains(attribute))
            .cloned()
            .collect();
        let asked = self.ask_to_edit_account(own.id, seen, &form).await?;
        if let Asked::Planned(id) = &asked {
            let submission = self.submission(id).await?;
            let said = crate::Confirmation {
                seen: crate::seen(&submission),
                look_alikes: Some(domain::submission::LookAlikes::Create),
            };
            self.confirm(id, said).await?;
        }
        Ok(asked)
    }

    /// When the actor's rights last ended or their password last changed: a session begun before is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_since(&self, account: &Account) -> Result<domain::ids::Timestamp, GateError> {
        let credential = credentials::get(self.gate.store.reader(), account.id).await?;
        let set_at = credential.map_or(domain::ids::Timestamp(0), |credential| credential.set_at);
        let ended_at = match account.status {
            AccountStatus::Leaver => account.since,
            _ => domain::ids::Timestamp(0),
        };
        Ok(set_at.max(ended_at))
    }
}

fn weak_password(weak: WeakPassword, password: &str) -> Kind {
    match weak {
        WeakPassword::TooShort => Kind::PasswordTooShort {
            least: password::SHORTEST,
        },
        WeakPassword::TooLong => Kind::TooLong {
            attribute: Attribute::Password,
            limit: password::LONGEST,
            length: password.chars().count(),
        },
        WeakPassword::HasSpaces => Kind::PasswordHasSpaces,
        WeakPassword::ContainsName => Kind::PasswordContainsName,
        WeakPassword::Common => Kind::PasswordTooCommon,
    }
}
