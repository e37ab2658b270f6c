//! What senders of files by email are told: a receipt that says what the run will do, the result, and why something was not
//! processed. A letter goes to the account's present address, whatever the mail says.

mod preview;

use domain::{
    account::Account,
    channel::Channel,
    dictionary::Attribute,
    email::{Distrust, Refusal},
    organisation::OrganisationCode,
    plan::RowKind,
    policy::Deed,
    submission::Outcome,
    values::{
        ids::{AccountId, SubmissionId},
        links,
    },
};
use store::{
    ConnectionTrait, Transaction,
    access::email::{
        messages::{self, Message, NewMessage},
        notes, replies,
    },
    directory::{organisations, people},
    submissions::{self, Submission, rows},
};

use self::preview::{
    LISTED, Reader, Said, address, beside, first_problems, foreseen, format_of, organisations_of, replaced, run_of,
    sender_of,
};
use super::choosing::Chosen;
use crate::{
    Gate, GateError,
    calendar::day_number,
    needs_columns,
    service::letters::{
        self, AttachedFile, EmailNoMoreReplies, EmailReceipt, EmailRefused, EmailResult, EmailSuperseded,
        EmailUnreadable, Foreseen, Letter, Replaced, Reply,
    },
    submissions::{held, report::Report},
};

/// Milliseconds of an hour, within which replies are counted.
const HOUR: i64 = 3_600_000;

/// The organisations that the rows of a file by email name; none of what came otherwise. Read before the transaction that
/// ends its check, because a file may have very many rows.
pub(crate) async fn organisations_named(gate: &Gate, id: &SubmissionId) -> Result<Vec<OrganisationCode>, GateError> {
    let db = gate.store.reader();
    match submissions::hold(db, id).await? {
        Some(submission) if submission.channel.waits_for_run() => {
            Ok(rows::organisations(db, id).await?.into_iter().collect())
        }
        _ => Ok(vec![]),
    }
}

/// Keeps for which organisations a checked file speaks, and sends its sender the receipt: the preview of what the run will do.
/// The file must be kept as planned by then, because it is chosen among all that are.
pub(crate) async fn tell_planned(
    gate: &Gate,
    tx: &Transaction,
    submission: &Submission,
    named: &[OrganisationCode],
) -> Result<(), GateError> {
    let Some(message) = messages::of_submission(tx, &submission.id).await? else {
        return Ok(());
    };
    let own = organisations_of(gate, tx, submission, named).await?;
    let codes: Vec<_> = own.iter().map(|organisation| organisation.code.clone()).collect();
    messages::set_organisations(tx, message.seq, &codes).await?;
    let sender = sender(tx, submission).await?;
    let Some(sender) = sender.filter(|_| !message.mail.no_receipt) else {
        return Ok(());
    };
    let held = match submission.touches.is_empty() {
        true => vec![],
        false => held::in_words(tx, &submission.touches).await?,
    };
    let reader = Reader::read(gate, tx, submission).await?;
    let beside = beside(gate, tx, &message, &reader, &own).await?;
    let letter = EmailReceipt {
        first_name: first_name(&sender),
        reference: submission.id.clone(),
        file_name: submission.file_name.clone(),
        size: submission.file_size,
        rows: submission.totals.rows(),
        format: format_of(gate, submission),
        organisations: own.iter().map(|organisation| organisation.name.clone()).collect(),
        run_at: run_of(gate, tx, &message).await?,
        foreseen: foreseen(&submission.totals, beside.is_replaced),
        problems: first_problems(gate, tx, submission, &sender).await?,
        replaces: beside.replaces,
        later: beside.later,
        held,
        link: page(gate, &submission.id),
        reply: reply(&message, files(&submission.id, &[Report::Result])),
    };
    match answer(gate, tx, &sender, Letter::EmailReceipt(Box::new(letter))).await? {
        Answered::Yes => Ok(()),
        // What it would have said is for later letters to say.
        Answered::TooMany => Ok(messages::note_no_receipt(tx, message.seq).await?),
    }
}

/// Tells the sender of a file why it cannot be read.
pub(crate) async fn tell_unreadable(gate: &Gate, tx: &Transaction, submission: &Submission) -> Result<(), GateError> {
    let (message, sender) = (
        messages::of_submission(tx, &submission.id).await?,
        sender(tx, submission).await?,
    );
    let (Some(message), Some(sender)) = (message, sender) else {
        return Ok(());
    };
    let said = Said::to(gate, submission, &sender);
    let problems = submission
        .problems
        .iter()
        .take(LISTED)
        .map(|problem| said.words(problem));
    let letter = EmailUnreadable {
        first_name: first_name(&sender),
        reference: submission.id.clone(),
        file_name: submission.file_name.clone(),
        size: submission.file_size,
        problems: problems.chain(submission.trouble.clone()).collect(),
        asks_columns: needs_columns(submission),
        link: page(gate, &submission.id),
        reply: reply(&message, vec![]),
    };
    let letter = Letter::EmailUnreadable(Box::new(letter));
    answer(gate, tx, &sender, letter).await.map(drop)
}

/// Tells the sender of a file what became of it, once it is applied, or not applied because their role has ended. It always
/// goes: there is one for each file that a run has ended, and no mail can ask for another.
pub(crate) async fn tell_result(gate: &Gate, tx: &Transaction, submission: &Submission) -> Result<(), GateError> {
    let (message, sender) = (
        messages::of_submission(tx, &submission.id).await?,
        sender(tx, submission).await?,
    );
    let (Some(message), Some(sender)) = (message, sender) else {
        return Ok(());
    };
    let totals = &submission.totals;
    let done = |kind: RowKind| totals.count(|tally| tally.kind == kind && tally.outcome == Outcome::Done);
    // An administrator who applied it has decided.
    let undecided = match submission.applied_by {
        Some(_) => 0,
        None => totals.undecided(),
    };
    let skipped = totals.skipped().saturating_sub(undecided);
    let changed_since = totals.with(Outcome::Stale);
    let is_back = totals.rejected() + undecided + skipped + changed_since > 0;
    let still_sends = still_sends(gate, tx, submission).await?;
    // Nobody is led to a page that they cannot open, or promised files that they may not have.
    let sees_it = still_sends
        || Reader::read(gate, tx, submission)
            .await?
            .sees(tx, &submission.id)
            .await?;
    let reports: &[Report] = match (still_sends, is_back) {
        (false, _) => &[],
        (true, true) => &[Report::Result, Report::Problems],
        (true, false) => &[Report::Result],
    };
    let letter = EmailResult {
        first_name: first_name(&sender),
        reference: submission.id.clone(),
        file_name: submission.file_name.clone(),
        sent_at: message.mail.received_at,
        done: Foreseen {
            created: done(RowKind::Create),
            changed: done(RowKind::Update),
            no_change: done(RowKind::NoChange),
            rejected: totals.rejected(),
            undecided,
        },
        changed_since,
        role_lost: changed_since > 0 && !still_sends,
        role_ended: submission.is_barred().then(|| totals.rows()),
        replaced: totals.with(Outcome::Superseded),
        skipped,
        link: sees_it.then(|| page(gate, &submission.id)),
        reply: reply(&message, files(&submission.id, reports)),
    };
    post(gate, tx, &sender, Letter::EmailResult(Box::new(letter))).await
}

/// Tells the sender of a file of which nothing is left that later files replace it, with what each of them takes; unless all
/// of these are their own, and receipts went out for all: the one that was written last has said so.
pub(crate) async fn tell_superseded(
    gate: &Gate,
    tx: &Transaction,
    submission: &Submission,
    message: &Message,
    (by, chosen): (&[Message], &Chosen),
) -> Result<(), GateError> {
    let is_own = |later: &Message| sender_of(later) == sender_of(message) && !later.mail.no_receipt;
    let is_told = !message.mail.no_receipt && by.iter().all(is_own);
    let Some(sender) = sender(tx, submission).await?.filter(|_| !is_told) else {
        return Ok(());
    };
    let own = messages::organisations(tx, message.seq).await?;
    let own = organisations::by_codes(tx, &own).await?;
    let reader = Reader::read(gate, tx, submission).await?;
    let mut later = Vec::with_capacity(by.len());
    for file in by {
        let taken = chosen.lost_to(file.seq);
        later.push(replaced(tx, file, &reader, &taken, &own).await?);
    }
    tell_of_later(gate, tx, submission, (message, &sender, &reader), (later, false)).await
}

/// Tells the sender of a file that no file counts for some organisations: theirs was left out for a later one, which will not be
/// applied either.
pub(super) async fn tell_nothing_counts(
    gate: &Gate,
    tx: &Transaction,
    submission: &Submission,
    (message, gone): (&Message, &Message),
    left_out: &[OrganisationCode],
) -> Result<(), GateError> {
    let Some(sender) = sender(tx, submission).await? else {
        return Ok(());
    };
    let reader = Reader::read(gate, tx, submission).await?;
    let own = organisations::by_codes(tx, left_out).await?;
    let later = vec![replaced(tx, gone, &reader, left_out, &own).await?];
    tell_of_later(gate, tx, submission, (message, &sender, &reader), (later, true)).await
}

/// Tells a sender of the later files that took what theirs held, and whether anything counts now.
async fn tell_of_later(
    gate: &Gate,
    tx: &Transaction,
    submission: &Submission,
    (message, sender, reader): (&Message, &Account, &Reader),
    (by, nothing_counts): (Vec<Replaced>, bool),
) -> Result<(), GateError> {
    let sees_it = reader.sees(tx, &submission.id).await?;
    let letter = EmailSuperseded {
        first_name: first_name(sender),
        file_name: submission.file_name.clone(),
        sent_at: message.mail.received_at,
        by,
        nothing_counts,
        link: sees_it.then(|| page(gate, &submission.id)),
        reply: reply(message, vec![]),
    };
    post(gate, tx, sender, Letter::EmailSuperseded(Box::new(letter))).await
}

/// Tells a proved sender why their mail has no file that can be used.
pub(super) async fn tell_refused(
    gate: &Gate,
    tx: &Transaction,
    sender: &Account,
    message: Reply,
    (new, why): (&NewMessage, &Refusal),
) -> Result<(), GateError> {
    let letter = EmailRefused {
        first_name: first_name(sender),
        subject: new.subject.clone(),
        file_name: new.file_name.clone(),
        sent_at: new.received_at,
        reason: why.sentence(),
        cure: why.cure().to_owned(),
        help: format!("{}{}", gate.rules.url, links::HELP_EMAIL),
        reply: message,
    };
    let letter = Letter::EmailRefused(Box::new(letter));
    answer(gate, tx, sender, letter).await.map(drop)
}

/// Tells somebody, once a day, that a mail in their name was not believed. It says what they can do if it was theirs; what is
/// the operator's to do, they cannot.
pub(super) async fn tell_not_proved(
    gate: &Gate,
    tx: &Transaction,
    named: &Account,
    (new, why): (&NewMessage, &Distrust),
) -> Result<(), GateError> {
    if !notes::first_today(tx, named.id, day_number(gate.now())).await? {
        return Ok(());
    }
    let cure = match why {
        Distrust::NoResults | Distrust::Contradiction => {
            "Tell your local administrator. The people who run the mail server must look into it."
        }
        other => other.cure(),
    };
    let letter = Letter::EmailNotProved {
        first_name: first_name(named),
        sent_at: new.received_at,
        subject: new.subject.clone(),
        file_name: new.file_name.clone(),
        reason: why.sentence().to_owned(),
        cure: cure.to_owned(),
    };
    post(gate, tx, named, letter).await
}

/// Tells somebody that their key was made or removed: it may have been done in a session that they had left open.
pub(super) async fn tell_key_set(gate: &Gate, tx: &Transaction, of: &Account, made: bool) -> Result<(), GateError> {
    let first_name = first_name(of);
    post(gate, tx, of, Letter::EmailKeySet { first_name, made }).await
}

/// Whether a reply was posted.
enum Answered {
    Yes,
    /// Its address was sent too many within the hour.
    TooMany,
}

/// Posts a reply, as long as its address was not sent too many within the hour; then one letter says so, and that is all.
async fn answer(gate: &Gate, tx: &Transaction, to: &Account, letter: Letter) -> Result<Answered, GateError> {
    let limit = gate.rules.email.replies_an_hour;
    let sent = replies::count(tx, &address(to), gate.now().0.div_euclid(HOUR)).await?;
    if sent <= limit {
        post(gate, tx, to, letter).await?;
        return Ok(Answered::Yes);
    }
    if sent > limit.saturating_add(1) {
        return Ok(Answered::TooMany);
    }
    let no_more = EmailNoMoreReplies {
        first_name: first_name(to),
        limit,
        link: format!("{}{}", gate.rules.url, links::OWN_TOKENS),
        reply: letter.answers(),
    };
    post(gate, tx, to, Letter::EmailNoMoreReplies(Box::new(no_more))).await?;
    Ok(Answered::TooMany)
}

async fn post(gate: &Gate, tx: &Transaction, to: &Account, letter: Letter) -> Result<(), GateError> {
    Ok(letters::post(tx, &address(to), &letter, gate.now()).await?)
}

/// Who sent a submission, while their account is in force: nobody else's mailbox is written to.
async fn sender(db: &impl ConnectionTrait, submission: &Submission) -> Result<Option<Account>, GateError> {
    let Some(AccountId(id)) = submission.actor.account() else {
        return Ok(None);
    };
    let sender = people::by_ids(db, &[id]).await?.pop();
    Ok(sender.filter(|sender| sender.status.is_in_force()))
}

/// Whether the sender of a file may send by email for all that it was sent for, by the rights of this moment.
pub(crate) async fn still_sends(
    gate: &Gate,
    db: &impl ConnectionTrait,
    submission: &Submission,
) -> Result<bool, GateError> {
    let authority = gate.authority(db, &submission.actor).await?;
    let scope = authority.scope_through(Deed::SendByMachine, Channel::EmailCsv);
    Ok(!scope.is_empty() && submissions::find(db, &scope, &submission.id).await?.is_some())
}

/// Whether a file may be attached to a letter to an address at this moment: its sender is in force, has this address, and
/// sends for all that the file was sent for.
pub(crate) async fn still_has(gate: &Gate, submission: &Submission, to: &str) -> Result<bool, GateError> {
    let db = gate.store.reader();
    let sender = sender(db, submission).await?;
    Ok(sender.is_some_and(|sender| address(&sender) == to) && still_sends(gate, db, submission).await?)
}

/// The mail that a letter answers, with the files that it brings.
fn reply(message: &Message, files: Vec<AttachedFile>) -> Reply {
    Reply {
        message_id: message.mail.message_id.clone(),
        references: message.mail.references.clone(),
        mail: message.seq,
        files,
    }
}

fn files(submission: &SubmissionId, reports: &[Report]) -> Vec<AttachedFile> {
    let file = |report: &Report| AttachedFile {
        submission: submission.clone(),
        report: *report,
    };
    reports.iter().map(file).collect()
}

fn page(gate: &Gate, id: &SubmissionId) -> String {
    format!("{}{}", gate.rules.url, links::submission(id))
}

fn first_name(of: &Account) -> String {
    of.attributes.text(Attribute::FirstName).to_owned()
}
