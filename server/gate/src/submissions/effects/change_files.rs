//! What follows from rows of change files, and from seats: invitations, notices to the other address that people have, and
//! the link by which somebody takes their new address.

use domain::{
    account::{Account, AccountStatus},
    customer::FederationType,
    dictionary::{Attribute, Change},
    plan::{AccountRef, PlannedRow, SeatStep},
    subscription::SubscriptionNumber,
    values::email_address::EmailAddress,
};
use store::{
    access::{
        change_files::renames::{self, Rename},
        credentials,
    },
    directory::customers,
};

use super::gathered::{Aftermath, address, alternate, first_name};
use crate::{
    GateError,
    service::letters::{ChangeFileLetter, Letter, RenameLink},
};

/// For so many seconds, seven days, the link to a new address is good.
const RENAMED_WITHIN: i64 = 7 * 24 * 3600;

impl Aftermath<'_> {
    /// Somebody's other address is told which of their details a change file has changed. Who signs in here from now on is
    /// invited.
    pub(super) async fn details_changed(
        &mut self,
        row: &PlannedRow,
        of: &AccountRef,
        changes: &[Change],
    ) -> Result<(), GateError> {
        let Some(account) = self.written_to(row, of) else {
            return Ok(());
        };
        if leaves_federation(changes) && self.invite_again(of).await? {
            return Ok(());
        }
        let Some(to) = alternate(&account.attributes) else {
            return Ok(());
        };
        let details: Vec<_> = changes
            .iter()
            .map(|change| change.attribute.name().to_owned())
            .collect();
        if details.is_empty() {
            return Ok(());
        }
        let letter = ChangeFileLetter::DetailsChanged {
            first_name: first_name(&account.attributes),
            organisation: self.name(&of.organisation).await?,
            details,
        };
        self.letters.push((to.to_owned(), Letter::ChangeFile(Box::new(letter))));
        Ok(())
    }

    /// Somebody new who gets a seat by a change file is invited, and everybody else is told of it.
    pub(super) async fn seats_changed(
        &mut self,
        row: &PlannedRow,
        of: &AccountRef,
        seats: &[SeatStep],
    ) -> Result<(), GateError> {
        let Some(account) = self.written_to(row, of) else {
            return Ok(());
        };
        let given: Vec<_> = seats.iter().filter_map(given).collect();
        if given.is_empty() {
            return Ok(());
        }
        if account.status == AccountStatus::Pending {
            // The link that they were sent within the hour stays good.
            if seats.iter().any(SeatStep::is_to_activate) && !row.is_of_somebody_just_invited() {
                self.invite_again(of).await?;
            }
            return Ok(());
        }
        let mut names = Vec::new();
        for number in given {
            names.extend(self.subscription_name(number).await?);
        }
        let to = alternate(&account.attributes).unwrap_or(address(&account.attributes));
        let letter = ChangeFileLetter::SeatsGiven {
            first_name: first_name(&account.attributes),
            organisation: self.name(&of.organisation).await?,
            subscriptions: names,
        };
        self.letters.push((to.to_owned(), Letter::ChangeFile(Box::new(letter))));
        Ok(())
    }

    /// Another invitation in place of those before. Nobody is sent one who signs in with a password of their own. Says
    /// whether one is sent.
    pub(super) async fn invite_again(&mut self, of: &AccountRef) -> Result<bool, GateError> {
        let Some(account) = self.people.get(&of.account).cloned() else {
            return Ok(false);
        };
        let is_new = account.status == AccountStatus::Pending;
        if !is_new && credentials::has_password(self.tx, account.id).await? {
            return Ok(false);
        }
        if !is_new {
            // Somebody who has been here reads their own mailbox; the other address was chosen for them.
            self.linking.to_mailbox.insert(account.id);
        }
        // Nobody has two rows in one transaction's step, so that what is kept at its end replaces earlier links alone.
        self.linking.ended.push(account.id);
        self.welcome(account.id, &of.organisation, &account.attributes).await?;
        Ok(true)
    }

    /// What a subscription is called; asked for once.
    async fn subscription_name(&mut self, number: SubscriptionNumber) -> Result<Option<String>, GateError> {
        if let Some(known) = self.subscriptions.get(&number) {
            return Ok(known.clone());
        }
        let known = customers::subscription(self.tx, number).await?;
        let name = known.map(|known| known.subscription.name);
        self.subscriptions.insert(number, name.clone());
        Ok(name)
    }

    /// The new address of somebody is sent a link: it becomes theirs once the link is used.
    pub(super) async fn ask_rename(&mut self, of: &AccountRef, to: &EmailAddress) -> Result<(), GateError> {
        let now = self.gate.now();
        let customer = customers::of_organisation(self.tx, &of.organisation).await?;
        let Some((account, customer)) = self.people.get(&of.account).zip(customer) else {
            return Ok(());
        };
        let link = RenameLink::until(now.plus_seconds(RENAMED_WITHIN));
        let rename = Rename {
            account: of.account,
            address: to.clone(),
            before: address(&account.attributes).to_owned(),
            customer: customer.number,
            asked_at: now,
            expires_at: link.expires,
        };
        renames::ask(self.tx, &rename, link.name(), now).await?;
        let letter = ChangeFileLetter::RenameAsked {
            first_name: first_name(&account.attributes),
            before: address(&account.attributes).to_owned(),
            after: to.as_str().to_owned(),
            link,
        };
        self.letters
            .push((to.as_str().to_owned(), Letter::ChangeFile(Box::new(letter))));
        Ok(())
    }

    /// The person of a row of a change file, as they are now; `None` if they are not written to.
    fn written_to(&self, row: &PlannedRow, of: &AccountRef) -> Option<Account> {
        let writes = self.doing.change_file.as_ref()?.writes(row.row);
        self.people.get(&of.account).filter(|_| writes).cloned()
    }
}

/// The subscription of which a step gives a seat.
const fn given(step: &SeatStep) -> Option<SubscriptionNumber> {
    match step {
        SeatStep::Assign(new) => Some(new.subscription),
        SeatStep::Change { to, .. } => Some(to.subscription),
        SeatStep::Revoke(_) | SeatStep::Storage { .. } => None,
    }
}

/// Whether somebody signed in at their own organisation alone before these changes.
fn leaves_federation(changes: &[Change]) -> bool {
    let was_federated = |change: &Change| {
        let before = change.before.as_ref().map(|before| before.as_str());
        change.attribute == Attribute::FederationType && before == Some(FederationType::Federated.slug())
    };
    changes.iter().any(was_federated)
}
