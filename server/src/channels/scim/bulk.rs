//! `POST /Bulk`: many writes in one request, each done and answered as it would be alone.

use gate::Noted;
use scim::bulk::{self, Bulk, Operation, Outcome, Task};

use super::{
    answers::{Answer, Answered, CameOf, Failed},
    attending::noted,
    call::Call,
    headers::{Conditions, PREFERENCE_APPLIED, REHEARSE},
    users,
    writing::{self, Done, How, Shown},
};

/// `POST /Bulk`.
pub(crate) async fn many(call: Call) -> Answer {
    let bulk = Bulk::parse(&call.json()?, call.body.len())?;
    let (mut outcomes, mut failures, mut has_changed) = (Vec::new(), 0, false);
    for operation in &bulk.operations {
        if !bulk.goes_on(failures) {
            break;
        }
        match done(&call, operation).await {
            Ok(done) => {
                has_changed |= done.is_change;
                outcomes.push(told(&call, operation, done));
            }
            Err(failed) => {
                failures += 1;
                outcomes.push(Outcome::refused(operation, &failed.error));
                let CameOf::Refused { error, example } = failed.came_of() else {
                    continue;
                };
                let refused: Noted = noted(&error, &example);
                call.gate.note_request(call.to.connector, refused).await;
            }
        }
    }
    let mut answered = Answered::with(bulk::body(outcomes));
    if call.is_rehearsed() {
        answered = answered.header(PREFERENCE_APPLIED, REHEARSE);
    }
    Ok(if has_changed { answered.changed() } else { answered })
}

async fn done(call: &Call, operation: &Operation) -> Result<Done, Failed> {
    let conditions = Conditions::of_version(operation.version.as_ref());
    match operation.task.clone()? {
        Task::Post(data) => writing::create(call, &data).await,
        Task::Put(id, data) => writing::change(call, id, (How::Put, &data), &conditions).await,
        Task::Patch(id, data) => writing::change(call, id, (How::Patch, &data), &conditions).await,
        Task::Delete(id) => writing::delete(call, id, &conditions).await,
    }
}

fn told(call: &Call, operation: &Operation, done: Done) -> Outcome {
    let outcome = operation.outcome(done.status.as_u16());
    match done.shown {
        Shown::Person(person) => Outcome {
            location: Some(users::address(call, person.id)),
            version: Some(person.version),
            ..outcome
        },
        Shown::Rehearsal(body) => Outcome {
            response: Some(body),
            ..outcome
        },
        Shown::Nothing => Outcome {
            location: deleted(call, operation),
            ..outcome
        },
    }
}

/// The address of a user who is gone for this connector.
fn deleted(call: &Call, operation: &Operation) -> Option<String> {
    match operation.task {
        Ok(Task::Delete(id)) => Some(users::address(call, id)),
        _ => None,
    }
}
