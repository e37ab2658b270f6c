//! What others report about the use of accounts: the mail system, above all. Nobody is inactive who reads mail only.

use std::collections::HashMap;

use domain::{
    account::AccountStatus,
    channel::Channel,
    life::{Span, Turn},
    policy::Actor,
    request::{AccountWish, Wish},
    values::ids::{AccountId, Timestamp},
};
use store::access::uses;

use crate::{Gate, GateError, calendar, service::seed::numbered, submissions::claims::commit};

/// Reports that are noted in one transaction.
const AT_ONCE: usize = 1_000;

/// What came of reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NotedUses {
    /// Accounts whose use was noted.
    pub known: usize,
    /// Email addresses that belong to no account.
    pub unknown: usize,
    /// Accounts that were inactive and are active again.
    pub awake: usize,
}

impl Gate {
    /// Notes when accounts were used, by their email addresses in small letters. Who was inactive and was used lately is
    /// active again.
    ///
    /// # Errors
    /// `Denied` for anybody but the service; when the database fails, and then what was noted stays noted.
    pub async fn note_reported_uses(
        &self,
        service: &Actor,
        reported: &[(String, Timestamp)],
    ) -> Result<NotedUses, GateError> {
        if service.account().is_some() {
            return Err(GateError::Denied);
        }
        let mut noted = NotedUses::default();
        for part in reported.chunks(AT_ONCE) {
            let mut latest: HashMap<&str, Timestamp> = HashMap::new();
            for (address, at) in part {
                let known = latest.entry(address).or_insert(*at);
                *known = (*at).max(*known);
            }
            self.note_part(service, &latest, &mut noted).await?;
        }
        Ok(noted)
    }

    async fn note_part(
        &self,
        service: &Actor,
        latest: &HashMap<&str, Timestamp>,
        noted: &mut NotedUses,
    ) -> Result<(), GateError> {
        let tx = self.store.begin().await?;
        let addresses: Vec<_> = latest.keys().map(|&address| address.to_owned()).collect();
        let found = uses::by_addresses(&tx, &addresses).await?;
        noted.unknown += addresses.len() - found.len();
        // One account may be reported by several of its addresses.
        let mut accounts: HashMap<AccountId, (Timestamp, AccountStatus)> = HashMap::new();
        for (address, account, status) in found {
            let at = latest[address.as_str()];
            let known = accounts.entry(account).or_insert((at, status));
            known.0 = at.max(known.0);
        }
        let uses: Vec<_> = accounts.iter().map(|(account, (at, _))| (*account, *at)).collect();
        uses::note(&tx, &uses).await?;
        noted.known += uses.len();
        let days = self.rules.timers.unused_days;
        let lately = calendar::before(self.now(), Span { months: 0, days });
        let is_awake = |at: Timestamp, status| {
            status == AccountStatus::Inactive && (days == 0 || lately.is_some_and(|lately| at > lately))
        };
        let wishes: Vec<_> = accounts
            .into_iter()
            .filter(|(_, (at, status))| is_awake(*at, *status))
            .map(|(account, _)| Wish::Account(account, AccountWish::Turn(Turn::Wake)))
            .collect();
        if !wishes.is_empty() {
            let done = self
                .on_behalf_of(service)
                .done_in(
                    &tx,
                    Channel::System,
                    "Use reported by the mail system",
                    &numbered(wishes),
                )
                .await?;
            let awake = done.rows.iter().filter(|(row, _)| row.step.kind().changes_something());
            noted.awake += awake.count();
        }
        commit(tx).await
    }
}
