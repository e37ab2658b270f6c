//! The access brake: a connector that takes their access from unusually many people within a day waits for a person.

use domain::{organisation::OrganisationCode, values::ids::AccountId};
use store::{Transaction, access::links, directory::people};

use crate::{Gate, GateError};

/// The seconds over which it is counted.
const A_DAY: i64 = 86_400;

impl Gate {
    /// Whether one more person of an organisation would be too many.
    pub(super) async fn is_braked(
        &self,
        tx: &Transaction,
        connector: AccountId,
        organisation: &OrganisationCode,
    ) -> Result<bool, GateError> {
        let since = self.now().plus_seconds(-A_DAY);
        let lost = links::disabled_since(tx, connector, since).await?;
        let here = lost.iter().filter(|(code, _)| code == organisation.as_str());
        let here: u64 = here.map(|(_, people)| people).sum();
        let everywhere: u64 = lost.iter().map(|(_, people)| people).sum();
        let all = u64::from(people::count_of(tx, organisation).await?);
        Ok(self.rules.access_brake.holds(everywhere + 1, here + 1, all))
    }
}
