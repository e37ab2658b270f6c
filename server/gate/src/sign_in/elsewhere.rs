//! Who signs in at their own organisation, and by no password here. That holds only where the portal knows a provider, which
//! the server says; this says about whom it holds.

use domain::{account::AccountStatus, customer::FederationType, dictionary::Attribute, values::ids::AccountId};
use store::{
    access::{factors, rights},
    directory::{customers, people},
};

use crate::{Gate, GateError};

impl Gate {
    /// Whether somebody signs in at their own organisation alone: they are federated there, and a provider can let them in.
    /// Whoever holds a role keeps their password: a wrong setting of a customer must not shut its administrators out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn signs_in_elsewhere(&self, id: AccountId) -> Result<bool, GateError> {
        let db = self.store.reader();
        let Some(account) = people::by_ids(db, &[id.0]).await?.pop() else {
            return Ok(false);
        };
        let Some(customer) = customers::of_organisation(db, &account.organisation).await? else {
            return Ok(false);
        };
        let kept = FederationType::from_slug(account.attributes.text(Attribute::FederationType));
        if customer.federation.of_person(kept) != FederationType::Federated {
            return Ok(false);
        }
        // As a provider's word lets people in.
        let is_let_in = match account.status {
            AccountStatus::Active | AccountStatus::Inactive | AccountStatus::Leaver => true,
            AccountStatus::Locked => !factors::has_any(db, id).await?,
            AccountStatus::Pending | AccountStatus::Disabled | AccountStatus::Deleted => false,
        };
        Ok(is_let_in && rights::grants_of(db, id, self.now()).await?.is_empty())
    }
}
