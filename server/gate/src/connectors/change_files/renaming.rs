//! Renames that wait for their person: the link to the new address is looked at, and used once. Until then those who see the
//! account see what waits, and those who edit it can cancel it.

use domain::{
    account::AccountStatus,
    change_file::{Action, ChangeRow, Field},
    channel::Channel,
    plan::{AccountStep, Step},
    policy::{Actor, Deed},
    request::Wish,
    trail::{Happening, Record},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, Timestamp},
    },
};
use store::{
    ConnectionTrait, StoreError,
    access::change_files::renames::{self, Rename},
    directory::{customers, people},
};

use crate::{
    Gate, GateError, Visit,
    service::seed::numbered,
    sign_in::secret_tokens::token_hash,
    submissions::{claims::commit, effects::address},
};

/// What the confirmation is called in the history.
const CONFIRMED_BY_LINK: &str = "New email address confirmed by a link to it";

/// How often a link is tried to be used while other changes come first.
const TRIES: usize = 5;

/// A rename that its person is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renaming {
    /// Their full name.
    pub name: String,
    /// The address before.
    pub from: EmailAddress,
    /// The address that is to be theirs, or is by now.
    pub to: EmailAddress,
    /// Until when the link works.
    pub expires: Timestamp,
    /// Whether they have yet to activate their account, and so cannot sign in.
    pub is_pending: bool,
}

/// A rename that waits, as those who see the account see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingRename {
    /// The address that is to be theirs.
    pub to: EmailAddress,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Until when the link works.
    pub expires: Timestamp,
}

impl Visit<'_> {
    /// The rename of an account that waits for its person.
    ///
    /// # Errors
    /// `NotFound` where the actor does not see the account, and it is not their own.
    pub async fn waiting_rename(&self, id: AccountId) -> Result<Option<WaitingRename>, GateError> {
        self.account_or_own(id).await?;
        let waiting = renames::of(self.gate.store.reader(), id, self.gate.now()).await?;
        Ok(waiting.map(|rename| WaitingRename {
            to: rename.address,
            asked_at: rename.asked_at,
            expires: rename.expires_at,
        }))
    }

    /// Cancels the rename of an account that waits; its link works no longer. Where none waits, nothing is done.
    ///
    /// # Errors
    /// `NotFound` where the actor does not see the account; `Denied` where they may not edit it.
    pub async fn cancel_rename(&self, id: AccountId) -> Result<(), GateError> {
        let (account, home) = self.account(id).await?;
        if !self
            .scope(Deed::EditPeople)
            .await?
            .covers(&home.path, account.unit().as_ref())
        {
            return Err(GateError::Denied);
        }
        let gate = self.gate;
        let tx = gate.store.begin().await?;
        if !renames::end(&tx, id).await? {
            return Ok(());
        }
        let authority = gate.authority(&tx, self.actor).await?;
        tx.record(Record {
            at: gate.now(),
            actor: self.actor.account(),
            actor_name: self.actor.name().to_owned(),
            organisation: Some(account.organisation),
            person: Some(id.0),
            rights: authority.rights_to(Deed::EditPeople),
            happening: Happening::RenameCancelled,
        });
        commit(tx).await
    }
}

impl Gate {
    /// What a link to a new address asks.
    ///
    /// # Errors
    /// `NotFound` for a link that does not work: it was used, has lapsed, was replaced, or never was one; or what stood when
    /// it was asked for stands no longer.
    pub async fn renaming(&self, token: &str) -> Result<Renaming, GateError> {
        let asked = self.asked_by(self.store.reader(), token).await?;
        match asked.stands {
            true => Ok(asked.renaming),
            false => Err(GateError::NotFound),
        }
    }

    /// Uses a link to a new address, which is its person's from then on. The service does it for them: they are not signed
    /// in.
    ///
    /// # Errors
    /// As [`Self::renaming`]; `Stale` where the address cannot be theirs any more, as when somebody else has it, they have
    /// another one by now, are held, or hold a role: the link is over then.
    pub async fn confirm_rename(&self, service: &Actor, token: &str) -> Result<Renaming, GateError> {
        let mut tries = 0;
        loop {
            let confirmed = self.confirm_rename_once(service, token).await;
            tries += 1;
            if tries == TRIES || !matches!(confirmed, Err(GateError::Trouble(StoreError::Conflict))) {
                return confirmed;
            }
        }
    }

    async fn confirm_rename_once(&self, service: &Actor, token: &str) -> Result<Renaming, GateError> {
        let tx = self.store.begin().await?;
        let Asked {
            rename,
            row,
            renaming,
            stands,
        } = self.asked_by(&tx, token).await?;
        // True for one request only, whatever others try at the same moment.
        if !renames::end(&tx, rename.account).await? {
            return Err(GateError::NotFound);
        }
        if !stands {
            commit(tx).await?;
            return Err(GateError::Stale);
        }
        let requests = numbered(vec![Wish::ChangeRow(Box::new(row))]);
        let done = self
            .on_behalf_of(service)
            .done_in(&tx, Channel::System, CONFIRMED_BY_LINK, &requests)
            .await?;
        let mut steps = done.rows.iter().map(|(row, _)| &row.step);
        if steps.any(|step| matches!(step, Step::Account(_, AccountStep::Update { .. }))) {
            commit(tx).await?;
            return Ok(renaming);
        }
        // Nothing of it is kept but that the link is over.
        tx.rollback().await?;
        let tx = self.store.begin().await?;
        renames::end(&tx, rename.account).await?;
        commit(tx).await?;
        Err(GateError::Stale)
    }

    async fn asked_by(&self, db: &impl ConnectionTrait, token: &str) -> Result<Asked, GateError> {
        let rename = renames::by_token(db, &token_hash(token), self.now()).await?;
        let rename = rename.ok_or(GateError::NotFound)?;
        let account = people::by_ids(db, &[rename.account.0]).await?.pop();
        let account = account.ok_or(GateError::NotFound)?;
        let customer = customers::of_organisation(db, &account.organisation).await?;
        let customer = customer.ok_or(GateError::NotFound)?;
        let from = address(&account.attributes);
        let row = ChangeRow::of(
            customer.number,
            Action::Rename.word(),
            [
                (Field::EmailAddress, from),
                (Field::AltEmailAddress, rename.address.as_str()),
            ],
        );
        let renaming = Renaming {
            name: account.full_name(),
            from: EmailAddress::parse(from).map_err(|_| GateError::NotFound)?,
            to: rename.address.clone(),
            expires: rename.expires_at,
            is_pending: account.status == AccountStatus::Pending,
        };
        Ok(Asked {
            stands: rename.before == from && rename.customer == customer.number,
            rename,
            row,
            renaming,
        })
    }
}

/// A rename that waits, as a row that asks for it and as it is shown.
struct Asked {
    rename: Rename,
    row: ChangeRow,
    renaming: Renaming,
    /// Whether they have the address, and are of the customer, that stood when it was asked for.
    stands: bool,
}
