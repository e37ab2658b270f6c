//! Creating, changing and deleting an account as a connector asks for it: single requests and those of a bulk go this way.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use domain::{
    connector::{Deletes, ProposalKind, ProposalState},
    dictionary::Attribute,
    plan::Step,
    request::Cells,
    values::ids::AccountId,
};
use gate::{GateError, SyncOutcome, SyncRefusal, SyncSubject, SyncWish, Synced};
use scim::{
    error::{ScimError, Wrong},
    model::Model,
    patch::{Written, replaced},
    rehearsal::{self, Effect},
    resource::Person,
    wanted::{CANNOT_MOVE, Read, Setting, Wanted, patched},
};
use serde_json::Value;

use super::{
    answers::Failed,
    attending::own_prefix,
    call::Call,
    headers::Conditions,
    people::{person, rendering},
    refused,
};

/// For how long a change is computed again where the account has changed meanwhile. Each time another has got its turn, so a
/// number of tries would be too few for many at once.
const PATIENCE: Duration = Duration::from_secs(5);

/// How a body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// As all of the resource.
    Put,
    /// As operations on it.
    Patch,
}

/// What came of a write.
pub(super) struct Done {
    /// How it is answered.
    pub(super) status: StatusCode,
    /// Whether the directory is another by it.
    pub(super) is_change: bool,
    /// What is shown.
    pub(super) shown: Shown,
}

/// What is shown of a write.
pub(super) enum Shown {
    /// The user as they are now.
    Person(Box<Person>),
    /// What would come of it.
    Rehearsal(Value),
    /// Nothing.
    Nothing,
}

impl Done {
    fn with(status: StatusCode, is_change: bool, seen: &Synced) -> Self {
        Self {
            status,
            is_change,
            shown: Shown::Person(Box::new(person(seen))),
        }
    }

    const fn rehearsed(body: Value) -> Self {
        Self {
            status: StatusCode::OK,
            is_change: false,
            shown: Shown::Rehearsal(body),
        }
    }

    const fn hidden(is_change: bool) -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            is_change,
            shown: Shown::Nothing,
        }
    }
}

/// Creates an account.
pub(super) async fn create(call: &Call, body: &Value) -> Result<Done, Failed> {
    let read = Wanted::read_post(body, call.dialect(), call.gate.rules())?;
    let sent = match &read.wanted.external_id {
        Setting::Set(key) => key.clone(),
        Setting::Keep | Setting::Clear => read.wanted.user_name.clone().unwrap_or_default(),
    };
    let (visit, wish) = (call.visit(), wish(&read.wanted));
    let wanted = match read.wrongs.is_empty() {
        true => read.wanted,
        false => {
            let planned = visit.rehearse_create(&call.to, &wish).await;
            let error = all_wrong(read, planned);
            if is_kept(call) {
                visit.keep_unreadable_new(&call.to, &wish, for_people(&error)).await?;
            }
            return Err(Failed::from(error).about(sent));
        }
    };
    note_ignored(call, &wanted);
    let outcome = match call.is_rehearsed() {
        true => visit.rehearse_create(&call.to, &wish).await,
        false => visit.sync_create(&call.to, &wish).await,
    };
    match outcome.map_err(|error| Failed::from(error).about(sent.clone()))? {
        SyncOutcome::Created(seen) => Ok(Done::with(StatusCode::CREATED, applies(call), &seen)),
        SyncOutcome::Changed(seen) | SyncOutcome::Unchanged(seen) => Ok(Done::with(StatusCode::OK, false, &seen)),
        SyncOutcome::Hidden => Ok(Done::hidden(false)),
        SyncOutcome::Would { step, warnings } => {
            let told = rehearsal::body(Effect::Create, &wanted, &step, None, &warnings);
            Ok(Done::rehearsed(told))
        }
        SyncOutcome::Refused(refusal) => Err(refused::answer(call, &refusal, None).about(sent)),
    }
}

/// Changes an account. Where it has changed since it was read, and the client does not depend on what it read, the change is
/// computed again from what is there now.
pub(super) async fn change(
    call: &Call,
    id: AccountId,
    (how, body): (How, &Value),
    conditions: &Conditions,
) -> Result<Done, Failed> {
    let begun = Instant::now();
    loop {
        match change_once(call, id, (how, body), conditions).await {
            Ok(Some(done)) => return Ok(done),
            // Another came first: with conditions, reading again says that they do not hold any more.
            Ok(None) if begun.elapsed() < PATIENCE => {}
            Ok(None) => return Err(Failed::later(1).about(id.to_string())),
            Err(failed) => return Err(failed.about(id.to_string())),
        }
    }
}

/// `None` if the account changed meanwhile.
async fn change_once(
    call: &Call,
    id: AccountId,
    (how, body): (How, &Value),
    conditions: &Conditions,
) -> Result<Option<Done>, Failed> {
    let visit = call.visit();
    let seen = visit.synced_account(&call.to, id).await?;
    let before = person(&seen);
    conditions.check(&before.version)?;
    let model = before.model(rendering(call));
    let written = match how {
        How::Put => replaced(body, &model, &seen.link.said(), call.dialect()),
        How::Patch => patched(body, &model, call.dialect()),
    };
    let written = match written {
        Ok(written) => written,
        Err(error) => return unreadable(call, &seen, error).await,
    };
    let mut read = Wanted::read_written(&written, &model, call.gate.rules());
    match moved(call, &seen, &written, &mut read).await {
        Err(GateError::Stale) => return Ok(None),
        moved => moved?,
    }
    // What is so already is told to the gate, too: it keeps when the client last spoke of somebody.
    let wish = SyncWish {
        says_active: written.active(),
        stays: written.organisation().is_some(),
        ..wish(&read.wanted)
    };
    if !read.wrongs.is_empty() {
        let planned = visit.rehearse_change(&call.to, &seen, &wish).await;
        if matches!(planned, Err(GateError::Stale)) {
            return Ok(None);
        }
        return unreadable(call, &seen, all_wrong(read, planned)).await;
    }
    let wanted = read.wanted;
    note_ignored(call, &wanted);
    if wanted.is_nothing() && call.is_rehearsed() {
        let step = Step::Nothing { account: Some(id) };
        return Ok(Some(Done::rehearsed(told(&wanted, &step, &model, &[]))));
    }
    let outcome = match call.is_rehearsed() {
        true => visit.rehearse_change(&call.to, &seen, &wish).await,
        false => visit.sync_change(&call.to, &seen, &wish).await,
    };
    let outcome = match outcome {
        Err(GateError::Stale) => return Ok(None),
        outcome => outcome?,
    };
    Ok(Some(match outcome {
        SyncOutcome::Created(seen) | SyncOutcome::Changed(seen) => Done::with(StatusCode::OK, applies(call), &seen),
        SyncOutcome::Unchanged(seen) => Done::with(StatusCode::OK, false, &seen),
        SyncOutcome::Hidden => Done::hidden(applies(call)),
        SyncOutcome::Would { step, warnings } => Done::rehearsed(told(&wanted, &step, &model, &warnings)),
        SyncOutcome::Refused(refusal) => return Err(refused::answer(call, &refusal, Some(id))),
    }))
}

/// All that is wrong with a request at once: with what was sent, and with what the gate says of the rest.
fn all_wrong(mut read: Read, planned: Result<SyncOutcome, GateError>) -> ScimError {
    match planned {
        Ok(SyncOutcome::Refused(SyncRefusal::Problems(problems))) => {
            for problem in &problems {
                read.add(Wrong::of(problem));
            }
        }
        Ok(SyncOutcome::Refused(SyncRefusal::WhichOrganisation)) => read.add(refused::which_organisation()),
        _ => {}
    }
    ScimError::all(read.wrongs)
}

/// Refuses what cannot be read. In a trial the administrators see that it would be refused.
async fn unreadable(call: &Call, seen: &Synced, error: ScimError) -> Result<Option<Done>, Failed> {
    if is_kept(call) {
        let visit = call.visit();
        visit.keep_unreadable(&call.to, seen, for_people(&error)).await?;
    }
    Err(error.into())
}

/// What is wrong as administrators read it, without what only clients need.
fn for_people(error: &ScimError) -> String {
    error.detail().replace(&own_prefix(), "")
}

/// Asks the administrators to move somebody for whom another organisation is named, and says in the refusal whether it did.
async fn moved(call: &Call, seen: &Synced, written: &Written, read: &mut Read) -> Result<(), GateError> {
    let Some(code) = elsewhere(written, seen) else {
        return Ok(());
    };
    if is_tried(call) {
        return Ok(());
    }
    let asked = BTreeMap::from([(Attribute::Organisation, code.to_owned())]);
    let subject = SyncSubject::Account(seen);
    let state = call
        .visit()
        .sync_propose(&call.to, subject, ProposalKind::Move, asked)
        .await?;
    let said = match state {
        _ if seen.account.id == call.to.connector => "This is the connector’s own account, so nobody was asked.",
        None => "You can write in no open organisation with this code, so nobody was asked.",
        Some(ProposalState::Declined) => "An administrator has declined to move this account.",
        Some(_) => "Administrators have been asked to move this account.",
    };
    // What came of it is part of the reason: administrators read the two outcomes as two.
    for wrong in read.wrongs.iter_mut().filter(|wrong| wrong.code == CANNOT_MOVE) {
        wrong.message = format!("{} {said}", wrong.message);
    }
    Ok(())
}

/// Deletes an account, as far as the connector's setting has it.
pub(super) async fn delete(call: &Call, id: AccountId, conditions: &Conditions) -> Result<Done, Failed> {
    let begun = Instant::now();
    loop {
        match delete_once(call, id, conditions).await {
            Ok(Some(done)) => return Ok(done),
            Ok(None) if begun.elapsed() < PATIENCE => {}
            Ok(None) => return Err(Failed::later(1).about(id.to_string())),
            Err(failed) => return Err(failed.about(id.to_string())),
        }
    }
}

async fn delete_once(call: &Call, id: AccountId, conditions: &Conditions) -> Result<Option<Done>, Failed> {
    let visit = call.visit();
    let seen = visit.synced_account(&call.to, id).await?;
    let before = person(&seen);
    conditions.check(&before.version)?;
    if call.is_rehearsed() {
        let is_declined = visit.is_delete_declined(&call.to, &seen).await?;
        return match call.to.settings.deletes {
            _ if id == call.to.connector => Err(refused::answer(call, &SyncRefusal::OwnAccount, Some(id))),
            _ if is_declined => Err(refused::answer(call, &SyncRefusal::Declined, Some(id))),
            Deletes::Refuse => Err(refused::answer(call, &SyncRefusal::NoDelete, Some(id))),
            Deletes::Propose => {
                let step = Step::Nothing { account: Some(id) };
                let body = rehearsal::body(Effect::Wait, &nothing_wanted(), &step, None, &[]);
                Ok(Some(Done::rehearsed(body)))
            }
        };
    }
    match visit.sync_delete(&call.to, &seen).await {
        Err(GateError::Stale) => Ok(None),
        Err(error) => Err(error.into()),
        Ok(SyncOutcome::Refused(refusal)) => Err(refused::answer(call, &refusal, Some(id))),
        Ok(_) => Ok(Some(Done::hidden(applies(call)))),
    }
}

/// Whether nobody is asked about it: the client only rehearses, or the connector is only tried out.
pub(super) fn is_tried(call: &Call) -> bool {
    call.is_rehearsed() || call.to.settings.shadow
}

/// Whether what is refused is kept for those who look at the trial.
fn is_kept(call: &Call) -> bool {
    call.to.settings.shadow && !call.is_rehearsed()
}

/// Whether what is done is done in the directory. Where a connector is only tried out, only its program sees it.
const fn applies(call: &Call) -> bool {
    !call.to.settings.shadow
}

/// The organisation that a body names where it is another than the account's.
fn elsewhere<'a>(written: &'a Written, seen: &Synced) -> Option<&'a str> {
    let is_other = |code: &&str| !code.eq_ignore_ascii_case(seen.account.organisation.as_str());
    written.organisation().filter(is_other)
}

fn told(wanted: &Wanted, step: &Step, current: &Model, warnings: &[domain::problem::Problem]) -> Value {
    let is_kept = matches!(step, Step::Nothing { .. }) && wanted.user_name.is_none();
    let effect = match is_kept && wanted.external_id == Setting::Keep {
        true => Effect::NoChange,
        false => Effect::Update,
    };
    rehearsal::body(effect, wanted, step, Some(current), warnings)
}

/// What a body that is read asks of the gate.
fn wish(wanted: &Wanted) -> SyncWish {
    let mut cells = wanted.cells.clone();
    for (attribute, text) in [
        (Attribute::UserName, &wanted.user_name),
        (Attribute::Organisation, &wanted.organisation),
    ] {
        if let Some(text) = text {
            cells.texts.insert(attribute, text.clone());
        }
    }
    SyncWish {
        cells,
        external_id: match &wanted.external_id {
            Setting::Keep => None,
            Setting::Set(key) => Some(Some(key.clone())),
            Setting::Clear => Some(None),
        },
        active: wanted.active,
        as_sent: wanted.as_sent.clone(),
        repeated: wanted.repeated.clone(),
        ..SyncWish::default()
    }
}

fn nothing_wanted() -> Wanted {
    Wanted {
        user_name: None,
        external_id: Setting::Keep,
        organisation: None,
        active: None,
        cells: Cells::of([]),
        as_sent: BTreeMap::new(),
        repeated: BTreeMap::new(),
        unnamed: vec![],
        ignored: vec![],
    }
}

/// What was sent and is not used is no error; whoever sets the connection up finds it in the log.
fn note_ignored(call: &Call, wanted: &Wanted) {
    for notice in &wanted.ignored {
        tracing::debug!(connector = %call.to.connector, path = notice.path, reason = notice.reason.code(), "ignored");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_body_asks_for_reaches_the_gate() {
        let wanted = Wanted {
            user_name: Some("jo".to_owned()),
            external_id: Setting::Clear,
            organisation: Some("RIV".to_owned()),
            active: Some(false),
            cells: Cells::of([(Attribute::FirstName, "Jo")]),
            ..nothing_wanted()
        };
        let asked = wish(&wanted);
        assert_eq!(asked.cells.text(Attribute::UserName), "jo");
        assert_eq!(asked.cells.text(Attribute::Organisation), "RIV");
        assert_eq!(asked.cells.text(Attribute::FirstName), "Jo");
        assert_eq!((asked.external_id, asked.active), (Some(None), Some(false)));
        let nothing = wish(&nothing_wanted());
        assert!(nothing.cells.texts.is_empty() && nothing.external_id.is_none() && nothing.active.is_none());
    }

    #[test]
    fn a_rehearsal_of_what_is_so_already_says_so() {
        let step = Step::Nothing { account: None };
        let told = |wanted: &Wanted| told(wanted, &step, &Model::default(), &[])["result"].clone();
        assert_eq!(told(&nothing_wanted()), json!("no-change"));
        let another_key = Wanted {
            external_id: Setting::Set("4711".to_owned()),
            ..nothing_wanted()
        };
        assert_eq!(told(&another_key), json!("update"));
    }
}
