//! The loop that begins the daily run of files by email when it is due.

use std::time::Duration;

use gate::Gate;

use crate::sign_in;

/// How often it is looked at whether a run is due.
const LOOKED_EVERY: Duration = Duration::from_secs(15);

/// How soon it is looked at again after something was done.
const GOING_ON: Duration = Duration::from_secs(1);

/// The longest pause after something failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// Begins the day's run when it is due and goes on with one that was cut off, as long as the process lives. Several processes
/// may do so at once.
pub(crate) async fn run_daily(gate: Gate) {
    let mut pause = LOOKED_EVERY;
    loop {
        pause = match gate.tick_email(&sign_in::service()).await {
            Ok(true) => GOING_ON,
            Ok(false) => LOOKED_EVERY,
            Err(error) => {
                let pause = pause.max(LOOKED_EVERY).saturating_mul(2).min(LONGEST_PAUSE);
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    seconds = pause.as_secs(),
                    "the daily run of files by email fails; it goes on after a pause"
                );
                pause
            }
        };
        tokio::time::sleep(pause).await;
    }
}
