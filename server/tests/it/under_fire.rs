//! The portal as it runs: processes of their own, one or several on one database, that are killed, cut off from it, or
//! kept at it for minutes. What every file and hand did must be there afterwards, once.

mod client;
mod cut_off;
mod killed;
#[cfg(target_os = "linux")]
mod power_cut;
pub mod process;
mod several;
mod soak;
mod staff;
mod uploads;

use domain::{
    policy::Actor,
    submission::{Outcome, State},
    values::ids::SubmissionId,
};
use gate::Submission;
use testkit::Portal;

use self::{client::Client, staff::File};

/// A number from the environment, for forms of a test that are longer than the one of `make test`.
pub fn number(name: &str, otherwise: u64) -> u64 {
    let said = std::env::var(name).ok();
    said.and_then(|said| said.parse().ok()).unwrap_or(otherwise)
}

/// What the database says of a submission; read by the test itself, whatever becomes of the processes.
async fn look(portal: &Portal, actor: &Actor, id: &SubmissionId) -> Submission {
    let visit = portal.gate.on_behalf_of(actor);
    visit.submission(id).await.expect("the submission is theirs to see")
}

/// Uploads a file and confirms what is shown of it; gives up when the file is not taken or not checked.
async fn confirmed(portal: &Portal, actor: &Actor, client: &Client, file: &File) -> Option<SubmissionId> {
    let id = client.upload(&file.text).await?;
    client
        .until(|| async { look(portal, actor, &id).await.state != State::Received })
        .await;
    client.confirm(&look(portal, actor, &id).await).await?;
    Some(id)
}

/// Waits until a file is applied, and compares what was reported of each row, the events and the directory with what the
/// file says.
async fn applied_as_it_says(portal: &Portal, actor: &Actor, client: &Client, id: &SubmissionId, file: &File) {
    client
        .until(|| async { look(portal, actor, id).await.state != State::Applying })
        .await;
    let submission = look(portal, actor, id).await;
    assert_eq!(submission.state, State::Applied, "{:?}", submission.trouble);
    assert_eq!(
        submission.totals.with(Outcome::Done) as usize,
        file.done(),
        "{:?}",
        submission.totals
    );
    let report = client.take(&format!("/submissions/{id}/result.csv")).await;
    file.assert_reported(&report);
    let events = store::trail::events::all(portal.gate.store().reader())
        .await
        .expect("the events can be read");
    let of_it = events.into_iter().filter(|event| event.submission == *id);
    file.assert_recorded(of_it.map(|event| event.row.0).collect());
    file.assert_kept(&portal.everybody().await);
}
