//! `POST /Bulk`: many writes in one request, each done and answered as it would be alone.

use std::collections::HashSet;

use gate::Noted;
use scim::{
    bulk::{self, Bulk, Operation, Outcome, Task},
    error::{ScimError, ScimType},
};

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
    let mut rehearsed = HashSet::new();
    for operation in &bulk.operations {
        if !bulk.goes_on(failures) {
            break;
        }
        let came = match known(&rehearsed, operation) {
            Some(error) => Err(error.into()),
            None => done(&call, operation).await,
        };
        match came {
            Ok(done) => {
                if call.is_rehearsed() {
                    rehearsed.extend(operation.keys());
                }
                has_changed |= done.is_change;
                outcomes.push(told(&call, operation, done));
            }
            Err(failed) => {
                failures += 1;
                outcomes.push(Outcome::refused(operation, &failed.error, &call.base));
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

/// The refusal of a second new user with a key of one who was rehearsed before: done for good, it would find them there.
fn known(rehearsed: &HashSet<(&'static str, String)>, operation: &Operation) -> Option<ScimError> {
    let (key, _) = operation.keys().into_iter().find(|key| rehearsed.contains(key))?;
    let said = format!("An operation before this one creates an account with this {key}.");
    Some(ScimError::of(ScimType::Uniqueness, said))
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
