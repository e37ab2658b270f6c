//! The seats of many people at once: lists and exports must not ask for each of them.

use std::collections::HashMap;

use domain::{
    policy::{Deed, Scope, ScopePart},
    subscription::Seat,
    values::ids::AccountId,
};
use store::directory::{customers, organisations};

use crate::{GateError, Visit};

impl Visit<'_> {
    /// Whether the actor sees people who may hold seats: those of a customer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sees_customers(&self) -> Result<bool, GateError> {
        let db = self.gate.store.reader();
        let customers = customers::all(db).await?;
        if customers.is_empty() {
            return Ok(false);
        }
        let codes: Vec<_> = customers.into_iter().map(|customer| customer.organisation).collect();
        let roots = organisations::by_codes(db, &codes).await?;
        let parts = roots.into_iter().map(|root| ScopePart {
            path: root.path,
            unit: None,
        });
        let theirs = Scope {
            everything: false,
            parts: parts.collect(),
        };
        Ok(!self.scope(Deed::See).await?.overlap(&theirs).is_empty())
    }

    /// The seats of some people whom the actor was given; who holds none is not in the answer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn seats_of_many(&self, accounts: &[AccountId]) -> Result<HashMap<AccountId, Vec<Seat>>, GateError> {
        Ok(customers::seats_of(self.gate.store.reader(), accounts).await?)
    }
}
