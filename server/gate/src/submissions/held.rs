//! What machines send and a person must decide on: a submission that changes or creates more accounts of an organisation
//! than the thresholds allow is held. The administrators who manage all of its places are written to; one of them applies it, which
//! takes the connector's rights and theirs, or discards it. Submissions that wait do not replace each other: programs send
//! parts, so a later one need not hold what an earlier one did.
//!
//! What comes by email waits for the daily run, and is decided on before it in the same way; its sender may withdraw it.

use domain::{
    account::Account,
    channel::Channel,
    dictionary::Attribute,
    organisation::OrganisationCode,
    policy::{Actor, Deed, Role, Scope},
    submission::{Outcome, State, Touched},
    trail::{Happening, Record},
    values::{
        ids::{AccountId, SubmissionId},
        links,
    },
};
use store::{
    Transaction,
    access::{email::messages, rights},
    directory::{organisations, people},
    submissions::{self, Submission},
};

use crate::{
    Gate, GateError, Visit, calendar,
    service::letters::{self, ChangeFileLetter, FileBraked, Letter},
};

/// How many accounts whoever confirms a submission expects it to change or create, where those are suspiciously many.
pub(crate) fn expected(submission: &Submission) -> u32 {
    submission.touches.iter().map(Touched::accounts).sum()
}

impl Visit<'_> {
    /// What machines sent and waits for the actor, oldest first, at most so much.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn held(&self, limit: u64) -> Result<Vec<Submission>, GateError> {
        let scope = self.scope(Deed::UploadCsv).await?;
        if scope.is_empty() {
            return Ok(vec![]);
        }
        Ok(submissions::held(self.gate.store.reader(), &scope, limit).await?)
    }

    /// Whether the actor may decide on a submission.
    pub(crate) async fn may_decide(&self, submission: &Submission) -> Result<bool, GateError> {
        if !submission.channel.is_machine() {
            return self.is_mine(submission).await;
        }
        let scope = self.scope(Deed::UploadCsv).await?;
        let found = submissions::find(self.gate.store.reader(), &scope, &submission.id).await?;
        Ok(found.is_some())
    }

    /// A submission that the actor may decide on, held in a transaction with the rights of this moment.
    pub(crate) async fn hold_to_decide(&self, id: &SubmissionId) -> Result<(Transaction, Submission), GateError> {
        if !self.submission(id).await?.channel.is_machine() {
            return self.hold_own(id).await;
        }
        let tx = self.gate.store.begin().await?;
        let submission = submissions::hold(&tx, id).await?.ok_or(GateError::NotFound)?;
        let scope = self.gate.authority(&tx, self.actor).await?.scope(Deed::UploadCsv);
        match submissions::find(&tx, &scope, id).await? {
            Some(_) => Ok((tx, submission)),
            None => Err(GateError::Denied),
        }
    }

    /// The same, to discard it: what came by email, its sender may withdraw as long as it waits.
    pub(crate) async fn hold_to_discard(&self, id: &SubmissionId) -> Result<(Transaction, Submission), GateError> {
        if !self.may_withdraw(&self.submission(id).await?) {
            return self.hold_to_decide(id).await;
        }
        let tx = self.gate.store.begin().await?;
        let submission = submissions::hold(&tx, id).await?.ok_or(GateError::NotFound)?;
        match self.may_withdraw(&submission) {
            true => Ok((tx, submission)),
            // The run has begun with it a moment ago.
            false => Err(GateError::Stale),
        }
    }

    /// Whether the actor may withdraw what came by email: it is theirs, and waits for the run, or is being checked.
    pub(crate) fn may_withdraw(&self, submission: &Submission) -> bool {
        let waits = matches!(submission.state, State::Received | State::Planned);
        submission.channel == Channel::EmailCsv && waits && same_person(&submission.actor, self.actor)
    }
}

/// Returns what lies in the scope of the connector and of the administrator who applied its submission: the rights of both
/// hold when it is applied. Others' submissions have no such administrator, and their scope stays as it is.
///
/// # Errors
/// `Denied` when the administrator no longer manages all of its places.
pub(crate) async fn within_both(
    gate: &Gate,
    tx: &Transaction,
    submission: &Submission,
    scope: Scope,
) -> Result<Scope, GateError> {
    let Some(administrator) = &submission.applied_by else {
        return Ok(scope);
    };
    let theirs = gate.authority(tx, administrator).await?.scope(Deed::UploadCsv);
    match submissions::find(tx, &theirs, &submission.id).await? {
        Some(_) => Ok(scope.overlap(&theirs)),
        None => Err(GateError::Denied),
    }
}

/// Writes to those who decide on a submission that is held.
pub(crate) async fn tell(gate: &Gate, tx: &Transaction, submission: &Submission) -> Result<(), GateError> {
    let changes = in_words(tx, &submission.touches).await?;
    let days = gate.rules.timers.held_days;
    let discarded_on = (days > 0).then(|| calendar::days_after(gate.now(), days)).flatten();
    let letters: Vec<_> = deciders(gate, tx, submission)
        .await?
        .iter()
        .map(|decider| {
            let letter = Letter::MachineHeld {
                first_name: decider.attributes.text(Attribute::FirstName).to_owned(),
                sender: submission.actor.name().to_owned(),
                channel: submission.channel,
                changes: changes.clone(),
                discarded_on,
                link: page(gate, submission),
            };
            (address(decider), letter)
        })
        .collect();
    Ok(letters::post_all(tx, &letters, gate.now()).await?)
}

/// Writes to those who decide on a change file that was stopped before people would lose their access.
pub(crate) async fn tell_braked(gate: &Gate, tx: &Transaction, submission: &Submission) -> Result<(), GateError> {
    let codes: Vec<_> = submission
        .touches
        .iter()
        .filter_map(|touched| touched.organisation.clone())
        .collect();
    let named = organisations::by_codes(tx, &codes).await?.pop();
    let days = gate.rules.timers.held_days;
    let letter = |decider: &Account| FileBraked {
        first_name: decider.attributes.text(Attribute::FirstName).to_owned(),
        file_name: submission.file_name.clone(),
        sender: submission.actor.name().to_owned(),
        people: submission.touches.iter().map(|touched| touched.changed).sum(),
        of: submission.touches.iter().map(|touched| touched.all).sum(),
        organisation: named.as_ref().map(|named| named.name.clone()).unwrap_or_default(),
        discarded_on: (days > 0).then(|| calendar::days_after(gate.now(), days)).flatten(),
        link: page(gate, submission),
    };
    let letters: Vec<_> = deciders(gate, tx, submission)
        .await?
        .iter()
        .map(|decider| {
            let letter = ChangeFileLetter::Braked(letter(decider));
            (address(decider), Letter::ChangeFile(Box::new(letter)))
        })
        .collect();
    Ok(letters::post_all(tx, &letters, gate.now()).await?)
}

/// The administrators who manage all places of a submission: those nearest to them, and Global Administrators where there
/// is nobody else.
async fn deciders(gate: &Gate, tx: &Transaction, submission: &Submission) -> Result<Vec<Account>, GateError> {
    let roles = [Role::PrimaryLocalAdministrator, Role::LocalAdministrator];
    let places = submissions::places_of(tx, &submission.id).await?;
    // Who manages all of them manages the first. A unit's name among the codes names no organisation that it lies in.
    let first = places.first().map_or("", |place| place.as_str());
    for code in first.split('/').rev().filter(|code| !code.is_empty()) {
        let mut deciders = Vec::new();
        for holder in people::by_ids(tx, &rights::holders_at(tx, code, &roles, gate.now()).await?).await? {
            let grants = rights::grants_of(tx, holder.id, gate.now()).await?;
            let scope = Scope::of(&grants, Deed::UploadCsv);
            if submissions::find(tx, &scope, &submission.id).await?.is_some() {
                deciders.push(holder);
            }
        }
        if !deciders.is_empty() {
            return Ok(deciders);
        }
    }
    let everywhere = rights::holders_of(tx, Role::GlobalAdministrator, gate.now()).await?;
    Ok(people::by_ids(tx, &everywhere).await?)
}

/// `Riverside Hospitals Trust: 60 of 120 accounts changed, 70 new accounts`, a line for each organisation.
pub(crate) async fn in_words(tx: &Transaction, touches: &[Touched]) -> Result<Vec<String>, GateError> {
    let codes: Vec<_> = touches
        .iter()
        .filter_map(|touched| touched.organisation.clone())
        .collect();
    let named = organisations::by_codes(tx, &codes).await?;
    let line = |touched: &Touched| {
        let known = named
            .iter()
            .find(|place| Some(&place.code) == touched.organisation.as_ref());
        let name = known.map_or_else(String::new, |place| place.name.clone());
        let thousands = domain::values::numbers::thousands;
        let (all, changed, created) = (touched.all, touched.changed, touched.created);
        let changed = (changed > 0).then(|| format!("{} of {} accounts changed", thousands(changed), thousands(all)));
        let created = (created > 0).then(|| format!("{} new accounts", thousands(created)));
        let said: Vec<_> = changed.into_iter().chain(created).collect();
        format!("{name}: {}", said.join(", "))
    };
    Ok(touches.iter().map(line).collect())
}

/// Records in the trails of the organisations that an administrator has applied what a machine sent, instead of waiting for
/// the run where it came by email.
pub(crate) async fn record_applied(
    gate: &Gate,
    tx: &Transaction,
    by: &Actor,
    submission: &Submission,
) -> Result<(), GateError> {
    let happening = Happening::HeldApplied {
        submission: submission.id.to_string(),
        sender: submission.actor.name().to_owned(),
    };
    record(gate, tx, by, submission, happening).await
}

/// Records that what a machine sent was discarded, and writes to its connector; `by` the service, if nobody decided in time.
/// What its own sender withdraws is recorded so, and nobody is written to.
pub(crate) async fn discarded(
    gate: &Gate,
    tx: &Transaction,
    by: &Actor,
    submission: &Submission,
) -> Result<(), GateError> {
    let happening = match submission.channel == Channel::EmailCsv && same_person(by, &submission.actor) {
        true => Happening::EmailWithdrawn {
            submission: submission.id.to_string(),
        },
        false => Happening::HeldDiscarded {
            submission: submission.id.to_string(),
            sender: submission.actor.name().to_owned(),
        },
    };
    record(gate, tx, by, submission, happening).await?;
    let Some(sender) = submission
        .actor
        .account()
        .filter(|_| !same_person(by, &submission.actor))
    else {
        return Ok(());
    };
    for sender in people::by_ids(tx, &[sender.0]).await? {
        let letter = Letter::MachineDiscarded {
            first_name: sender.attributes.text(Attribute::FirstName).to_owned(),
            channel: submission.channel,
            sent_at: submission.received_at,
            by: by.account().map(|_| by.name().to_owned()),
            applied: submission.totals.with(Outcome::Done),
            link: page(gate, submission),
        };
        letters::post(tx, &address(&sender), &letter, gate.now()).await?;
    }
    Ok(())
}

async fn record(
    gate: &Gate,
    tx: &Transaction,
    by: &Actor,
    submission: &Submission,
    happening: Happening,
) -> Result<(), GateError> {
    let deed = match happening {
        Happening::EmailWithdrawn { .. } => Deed::SendByMachine,
        _ => Deed::UploadCsv,
    };
    let rights = gate.authority(tx, by).await?.rights_to(deed);
    for organisation in recorded_in(tx, submission).await? {
        tx.record(Record {
            at: gate.now(),
            actor: by.account(),
            actor_name: by.name().to_owned(),
            organisation,
            person: submission.actor.account().map(|AccountId(sender)| sender),
            rights: rights.clone(),
            happening: happening.clone(),
        });
    }
    Ok(())
}

/// The organisations in whose trails it stands: those of whose accounts it changes very many, or else, of what came by
/// email, those that its file speaks for. It stands in nobody's own trail while that is not known.
async fn recorded_in(tx: &Transaction, submission: &Submission) -> Result<Vec<Option<OrganisationCode>>, GateError> {
    let touched = submission.touches.iter().map(|touched| touched.organisation.clone());
    if !submission.touches.is_empty() || submission.channel != Channel::EmailCsv {
        return Ok(touched.collect());
    }
    let named = match messages::of_submission(tx, &submission.id).await? {
        Some(message) => messages::organisations(tx, message.seq).await?,
        None => vec![],
    };
    match named.is_empty() {
        true => Ok(vec![None]),
        false => Ok(named.into_iter().map(Some).collect()),
    }
}

fn page(gate: &Gate, submission: &Submission) -> String {
    format!("{}{}", gate.rules.url, links::submission(&submission.id))
}

fn address(of: &Account) -> String {
    of.attributes.text(Attribute::EmailAddress).to_owned()
}

/// Whether two actors are one person, or both the service.
pub(crate) fn same_person(one: &Actor, other: &Actor) -> bool {
    one.account() == other.account()
}
