//! What people do for themselves: taking an account up by its one-time link, choosing a password, and keeping
//! the few details that are theirs.

use domain::{
    account::{Account, AccountStatus},
    channel::Channel,
    dictionary::Attribute,
    life::Turn,
    organisation::{Organisation, UnitPath},
    password::Guesses,
    plan::{AccountStep, Step, cells_that_differ},
    policy::{Actor, OWN_ATTRIBUTES, Role},
    problem::Kind,
    request::{AccountWish, Wish},
    trail::Happening,
    values::{
        email_address::as_typed,
        ids::{AccountId, Timestamp},
    },
};
use store::{
    access::{credentials, rights},
    directory::people,
};

use crate::{
    Gate, GateError, Visit, calendar,
    service::seed::numbered,
    sign_in::{
        password_sign_in::Checked,
        passwords::{self, verify_password},
        secret_tokens::token_hash,
    },
    submissions::{by_form::Asked, claims::commit},
    trail::own_record,
};

/// Why a password was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongPassword {
    /// The present one is not right.
    Present,
    /// It breaks a rule.
    Weak(Kind),
    /// It was used before.
    UsedBefore,
    /// Too often the present one was not right; none is looked at for so many seconds.
    Wait(i64),
}

/// Why somebody must choose another password before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyChoose {
    /// The one that they have is good for one sign-in.
    OneTime,
    /// It is too old.
    Old,
}

/// What a person sees of themselves.
#[derive(Clone, Debug)]
pub struct OwnRecord {
    /// Their account.
    pub account: Account,
    /// Where it belongs.
    pub organisation: Organisation,
    /// The roles they hold, each with its organisation and unit.
    pub roles: Vec<(Role, Organisation, Option<UnitPath>)>,
    /// Who manages their details.
    pub administrators: Vec<Administrator>,
    /// Until when their password is good.
    pub password_until: Option<Timestamp>,
}

/// Somebody to turn to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrator {
    /// Whose account.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub address: String,
}

impl Gate {
    /// Until when a password is good that was set at a moment; `None` where passwords do not grow old.
    pub(crate) fn password_until(&self, set_at: Timestamp) -> Option<Timestamp> {
        match self.rules.timers.password_days {
            0 => None,
            days => calendar::days_after(set_at, days),
        }
    }

    /// Until when a one-time password is good that was set at a moment: as long as an activation link.
    pub(crate) fn one_time_until(&self, set_at: Timestamp) -> Timestamp {
        self.link_ends(set_at)
    }

    /// The account that answers to an address, as it was typed; for the operator's commands and tests.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account_by_address(&self, address: &str) -> Result<Option<Account>, GateError> {
        Ok(people::by_address(self.store.reader(), &as_typed(address)).await?)
    }

    /// Whose one-time link this is, while it is good.
    ///
    /// # Errors
    /// `NotFound` if it is not one, or no longer works.
    pub async fn invited(&self, token: &str) -> Result<Account, GateError> {
        let db = self.store.reader();
        let found = credentials::find_link(db, &token_hash(token), self.now()).await?;
        let account = found.ok_or(GateError::NotFound)?;
        let account = people::by_ids(db, &[account.0])
            .await?
            .pop()
            .ok_or(GateError::NotFound)?;
        match account.status {
            AccountStatus::Disabled | AccountStatus::Deleted => Err(GateError::NotFound),
            _ => Ok(account),
        }
    }
}

impl Visit<'_> {
    /// Notes that the actor has signed in; an account that was not used for a while is active again.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person.
    pub async fn note_use(&self) -> Result<(), GateError> {
        let account = self.own().await?;
        let tx = self.gate.store.begin().await?;
        if account.status == AccountStatus::Inactive {
            let turn = Turn::Wake;
            let wish = Wish::Account(account.id, AccountWish::Turn(turn));
            self.done_in(&tx, Channel::Portal, "Signed in again", &numbered(vec![wish]))
                .await?;
        }
        credentials::note_use(&tx, account.id, self.gate.now()).await?;
        tx.record(own_record(&account, self.gate.now(), Happening::SignedIn));
        commit(tx).await
    }

    /// Makes the actor's account active again where it was not used for a while: something was sent with one of its tokens.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person.
    pub async fn wake(&self) -> Result<(), GateError> {
        let account = self.own().await?;
        if account.status != AccountStatus::Inactive {
            return Ok(());
        }
        let wish = Wish::Account(account.id, AccountWish::Turn(Turn::Wake));
        let tx = self.gate.store.begin().await?;
        self.done_in(&tx, Channel::Portal, "Used by an API token", &numbered(vec![wish]))
            .await?;
        commit(tx).await
    }

    /// Chooses the actor's own password after a one-time link or a one-time password proved who they are; an account that
    /// waited for it is active from then on.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person.
    pub async fn choose_password(&self, new: &str) -> Result<Result<(), WrongPassword>, GateError> {
        self.choose(new, None).await
    }

    /// As [`Self::choose_password`], by a one-time link, which is good no more from then on. Somebody who was locked out is
    /// not from then on, which `service` does.
    ///
    /// # Errors
    /// `NotFound` where the link was used by another request meanwhile.
    pub async fn choose_by_link(
        &self,
        service: &Actor,
        token: &str,
        new: &str,
    ) -> Result<Result<(), WrongPassword>, GateError> {
        self.choose(new, Some((service, token))).await
    }

    async fn choose(&self, new: &str, by_link: Option<(&Actor, &str)>) -> Result<Result<(), WrongPassword>, GateError> {
        let gate = self.gate;
        if let Err(wrong) = self.check_password(new).await? {
            return Ok(Err(wrong));
        }
        let hash = passwords::admit()?.hash(new.to_owned()).await?;
        let account = self.own().await?;
        let tx = gate.store.begin().await?;
        if let Some((service, token)) = by_link {
            if !credentials::use_link(&tx, &token_hash(token), gate.now()).await? {
                return Err(GateError::NotFound);
            }
            self.unlock_own(&tx, service, &account).await?;
        }
        let choose = numbered(vec![Wish::Account(account.id, AccountWish::ChoosePassword)]);
        // Alone and first: somebody who only now activates an account is not told that its password has changed.
        self.done_in(&tx, Channel::Portal, "Password", &choose).await?;
        // By a link, somebody who was locked out is back where they were before.
        let status = match account.status {
            AccountStatus::Locked if by_link.is_some() && !account.activated => AccountStatus::Pending,
            status => status,
        };
        let turn = match status {
            AccountStatus::Pending => Some((Turn::Activate, "Account activated")),
            AccountStatus::Inactive => Some((Turn::Wake, "Signed in again")),
            _ => None,
        };
        if let Some((turn, title)) = turn {
            let account = account.id;
            let turn = numbered(vec![Wish::Account(account, AccountWish::Turn(turn))]);
            self.done_in(&tx, Channel::Portal, title, &turn).await?;
        }
        credentials::set(&tx, account.id, hash, false, gate.now()).await?;
        credentials::note_use(&tx, account.id, gate.now()).await?;
        commit(tx).await?;
        Ok(Ok(()))
    }

    /// Whether the actor could choose a password, without choosing it.
    ///
    /// # Errors
    /// As [`Self::choose_password`].
    pub async fn check_password(&self, new: &str) -> Result<Result<(), WrongPassword>, GateError> {
        let account = self.own().await?;
        let home = self.organisation_of(&account.organisation).await?;
        let (guesses, chosen) = (Guesses::of(&account.attributes, &home), new.to_owned());
        let checking = tokio::task::spawn_blocking(move || {
            let checked = passwords::check(&chosen, &guesses);
            checked.map_err(|weak| weak.kind(&chosen))
        });
        match checking.await {
            Ok(Ok(())) => {}
            Ok(Err(kind)) => return Ok(Err(WrongPassword::Weak(kind))),
            Err(_) => return Err(GateError::Busy),
        }
        let credential = credentials::get(self.gate.store.reader(), account.id).await?;
        let used = credential.map(|credential| {
            let present = std::iter::once(credential.password_hash);
            present
                .chain(credential.former)
                .filter(|hash| !hash.is_empty())
                .collect::<Vec<_>>()
        });
        for hash in used.unwrap_or_default() {
            if verify_password(new.to_owned(), Some(hash)).await? {
                return Ok(Err(WrongPassword::UsedBefore));
            }
        }
        Ok(Ok(()))
    }

    /// Why the actor must choose another password, where they must.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person.
    pub async fn why_choose(&self) -> Result<Option<WhyChoose>, GateError> {
        let account = self.own().await?;
        let credential = credentials::get(self.gate.store.reader(), account.id).await?;
        Ok(credential.and_then(|credential| {
            let until = self.gate.password_until(credential.set_at);
            let old = until.is_some_and(|until| until <= self.gate.now());
            let why = old.then_some(WhyChoose::Old);
            if credential.one_time {
                Some(WhyChoose::OneTime)
            } else {
                why
            }
        }))
    }

    /// Changes the actor's own password; the present one proves that it is they. A wrong one counts as a failed sign-in,
    /// after which `service` locks an account that is guessed at.
    ///
    /// # Errors
    /// As [`Self::choose_password`].
    pub async fn change_password(
        &self,
        service: &Actor,
        present: &str,
        new: &str,
        client: Option<&str>,
    ) -> Result<Result<(), WrongPassword>, GateError> {
        match self.prove_by_password(service, present, client).await? {
            Checked::Right => self.choose_password(new).await,
            Checked::Wrong => Ok(Err(WrongPassword::Present)),
            Checked::Wait(seconds) => Ok(Err(WrongPassword::Wait(seconds))),
        }
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

    /// All that the actor sees of themselves.
    ///
    /// # Errors
    /// As [`Self::own`].
    pub async fn own_record(&self) -> Result<OwnRecord, GateError> {
        let profile = self.profile().await?;
        let account = profile.account;
        let (_, organisation) = self.account_or_own(account.id).await?;
        let credential = credentials::get(self.gate.store.reader(), account.id).await?;
        let chosen = credential.filter(|credential| !credential.one_time);
        Ok(OwnRecord {
            roles: profile.roles,
            administrators: self.own_administrators(&account).await?,
            password_until: chosen.and_then(|credential| self.gate.password_until(credential.set_at)),
            account,
            organisation,
        })
    }

    /// Who manages an account's details: the administrators of its organisation, or of the nearest one above.
    async fn own_administrators(&self, account: &Account) -> Result<Vec<Administrator>, GateError> {
        let db = self.gate.store.reader();
        let holders = rights::administrators(db, &account.organisation, self.gate.now()).await?;
        let mut administrators: Vec<_> = people::by_ids(db, &holders)
            .await?
            .into_iter()
            .map(|holder| Administrator {
                account: holder.id,
                name: holder.full_name(),
                address: holder.attributes.text(Attribute::EmailAddress).to_owned(),
            })
            .collect();
        administrators.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(administrators)
    }

    /// Changes the few details that people keep of themselves, at once. What was asked for is said back where something is
    /// wrong with it.
    ///
    /// # Errors
    /// `Stale` where the account has changed since that version was shown.
    pub async fn keep_own(&self, seen: i64, form: &[(Attribute, String)]) -> Result<Asked, GateError> {
        let own = self.own().await?;
        if own.version != seen {
            return Err(GateError::Stale);
        }
        // A box that was never ticked says no; that is no change.
        let never_ticked = own.attributes.get(Attribute::HideMobile).is_none();
        let says_nothing = |attribute: Attribute, text: &str| {
            never_ticked && attribute == Attribute::HideMobile && text.trim() == "no"
        };
        let form: Vec<_> = form
            .iter()
            .filter(|(attribute, text)| OWN_ATTRIBUTES.contains(attribute) && !says_nothing(*attribute, text))
            .cloned()
            .collect();
        let cells = cells_that_differ(&own.attributes, &form);
        if cells.texts.is_empty() {
            return Ok(Asked::Nothing);
        }
        let wish = Wish::Account(own.id, AccountWish::Edit(cells));
        let tx = self.gate.store.begin().await?;
        let done = self
            .done_in(&tx, Channel::Portal, "Own details", &numbered(vec![wish]))
            .await?;
        match done.rows.first().map(|(row, _)| &row.step) {
            Some(Step::LeaveOut { problems }) => Ok(Asked::Wrong(problems.clone())),
            // Somebody else came in between; nothing of theirs is overwritten unseen.
            Some(Step::Account(of, AccountStep::Update { .. })) if of.version != seen => Err(GateError::Stale),
            Some(Step::Account(_, AccountStep::Update { .. })) => {
                commit(tx).await?;
                Ok(Asked::Planned(done.submission))
            }
            _ => Ok(Asked::Nothing),
        }
    }
}
