//! Submissions in every state that lasts, so that each page has something to show.

use domain::{channel::Channel, policy::Actor, values::ids::SubmissionId};
use gate::{Arriving, Confirmation, Gate, GateError, Visit, Worker, seen};

use crate::PRACTICE_FILE;

const HEADINGS: &str = "LocalID,ODSCode,FirstName,LastName,JobTitle,Mobile\n";

/// Sends them, oldest first, as the trust's Local Administrator would: one thrown away, one applied, one of which a row
/// went back to review, one that cannot be read, one that waits for a decision.
///
/// # Errors
/// When the database fails.
pub async fn send_examples(gate: &Gate, sender: &Actor) -> Result<(), GateError> {
    let visit = gate.on_behalf_of(sender);
    let worker = Worker::new(gate.clone());
    let rows = |rows: &str| format!("{HEADINGS}{rows}");

    let wrong_list = rows("6001,RIV,Morwenna,Tregear,Porter,\n6002,RIV,Piran,Nance,Porter,\n");
    let thrown_away = send(&visit, &worker, "last-years-porters.csv", wrong_list).await?;
    visit.decline(&thrown_away).await?;

    let late = rows("1001,RIV,Jem,Larkspur,,07700 900011\n1003,RIV,Perrin,Holloway,,07700 900012\n");
    let late = send(&visit, &worker, "new-mobiles.csv", late).await?;
    let promotions = rows(
        "1001,RIV,Jem,Larkspur,Senior receptionist,\n1006,RIV,Fintan,Gillespie,Office manager,\n1007,RIV,Marek,Garside,Matron,07700\n",
    );
    let promotions = send(&visit, &worker, "promotions.csv", promotions).await?;
    confirm(&visit, &worker, &promotions).await?;
    // Row 2 was shown before the promotion came, so it goes back to review.
    confirm(&visit, &worker, &late).await?;

    let unreadable = "Name,Surname,Phone\nJane,Smith,01632 960123\n".to_owned();
    send(&visit, &worker, "phone-list.csv", unreadable).await?;
    let three: String = PRACTICE_FILE.lines().take(4).collect::<Vec<_>>().join("\n");
    send(&visit, &worker, "three-people.csv", three).await?;
    Ok(())
}

async fn send(visit: &Visit<'_>, worker: &Worker, file_name: &str, text: String) -> Result<SubmissionId, GateError> {
    let arriving = Arriving {
        channel: Channel::PortalCsv,
        file_name: file_name.to_owned(),
        bytes: text.into_bytes(),
    };
    let id = visit.submit(arriving).await?;
    worker.work_all().await?;
    Ok(id)
}

async fn confirm(visit: &Visit<'_>, worker: &Worker, id: &SubmissionId) -> Result<(), GateError> {
    let said = Confirmation {
        seen: seen(&visit.submission(id).await?),
        look_alikes: None,
        typed: None,
    };
    visit.confirm(id, said).await?;
    worker.work_all().await
}
