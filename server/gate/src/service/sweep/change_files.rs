//! What is kept of change files for a while only: links to new addresses that have lapsed, who lost access lately, and files
//! whose reports were written long ago.

use store::access::change_files::{files, losses, renames};

use crate::{Gate, GateError, submissions::claims::commit};

/// The days that a file is listed after it came in.
const FILES_KEPT: i64 = 400;

/// The days that somebody's loss of access is kept: the brake looks back on one.
const LOSSES_KEPT: i64 = 2;

const A_DAY: i64 = 86_400;

impl Gate {
    /// Deletes what is kept no longer.
    pub(super) async fn sweep_change_files(&self) -> Result<(), GateError> {
        let now = self.now();
        let tx = self.store.begin().await?;
        renames::sweep(&tx, now).await?;
        losses::sweep(&tx, now.plus_seconds(-LOSSES_KEPT * A_DAY)).await?;
        files::sweep(&tx, now.plus_seconds(-FILES_KEPT * A_DAY)).await?;
        commit(tx).await
    }
}
