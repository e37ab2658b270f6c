//! What undoing needs to know: what the events did that are to be undone, and what was done to their accounts since.

use std::collections::HashMap;

use domain::{
    event::Event,
    request::{AccountWish, ChangeRequest, Wish},
    values::ids::AccountId,
};
use sea_orm::ConnectionTrait;

use crate::{StoreError, trail::events};

/// Events by the account that they are about, each with its number, oldest first.
pub(super) type Past = HashMap<AccountId, Vec<(i64, Event)>>;

/// Reads them in one query, however many requests there are.
pub(super) async fn load(db: &impl ConnectionTrait, requests: &[ChangeRequest]) -> Result<Past, StoreError> {
    let undone = requests.iter().filter_map(|request| match request.wish {
        Wish::Account(account, AccountWish::Undo { event, .. }) => Some((account, event)),
        _ => None,
    });
    let undone: Vec<_> = undone.collect();
    let mut past = Past::new();
    let Some(first) = undone.iter().map(|(_, event)| *event).min() else {
        return Ok(past);
    };
    let subjects = undone.iter().map(|(account, _)| account.to_string());
    for (number, event) in events::since(db, subjects, first).await? {
        if let Some(account) = event.fact.account() {
            past.entry(account).or_default().push((number, event));
        }
    }
    Ok(past)
}
