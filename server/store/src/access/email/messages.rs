//! What came by email: each mail once, under the key of where it was delivered, in the order in which it was taken in.

mod figures;
mod forgetting;

use std::{cmp::Reverse, collections::BTreeMap};

use domain::{
    email::{Intake, Why},
    organisation::OrganisationCode,
    submission::State,
    values::ids::{AccountId, SubmissionId, Timestamp},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, IntoCondition},
};

pub use self::figures::{authserv_ids, counts, decided_by, reasons};
pub(crate) use self::forgetting::forget;
use super::order::{Keeps, keep_order};
use crate::{
    StoreError, Transaction,
    entities::{mail_message, mail_organisation, mail_source, submission},
    lists::{insert_all, padded},
    number, word,
};

/// Mails whose organisations are read at once.
const STRETCH: usize = 1_000;

/// What became of mails that wait for nobody: an operator may look at them for a while.
const SET_ASIDE: [Intake; 4] = [Intake::Refused, Intake::NotProved, Intake::Automatic, Intake::Old];

/// A mail, as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// Where it was delivered: the same mail, read once more, has the same.
    pub source_key: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// Its size in bytes.
    pub size: u64,
    /// What became of it.
    pub intake: Intake,
    /// Why, where it is no submission.
    pub why: Option<Why>,
    /// Who sent it, and their name, where that is proved.
    pub sender: Option<(AccountId, String)>,
    /// The address that it says it is from, in small letters; empty if it does not say.
    pub from: String,
    /// What proves its sender, in words; empty if nothing does.
    pub proof: String,
    /// Its Message-ID, without brackets.
    pub message_id: Option<String>,
    /// What it answers to, in order, without brackets.
    pub references: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// The names that have written Authentication-Results into it.
    pub authserv_ids: Vec<String>,
    /// Whether its sender's program asks for no receipts.
    pub no_receipt: bool,
    /// The name of its file.
    pub file_name: Option<String>,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub file_sha256: Option<String>,
    /// What its file is sent as; of a duplicate, what the first one was.
    pub submission: Option<SubmissionId>,
    /// The mail that it is once more, by its number.
    pub duplicate_of: Option<i64>,
}

/// A mail, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its number; later ones have higher numbers.
    pub seq: i64,
    /// The mail. Once its sender is forgotten, it names nobody; there is also no receipt if its sender was sent too many.
    pub mail: NewMessage,
    /// The run that decided on it.
    pub run: Option<i64>,
}

/// Which mails a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageQuery {
    /// Only those of one proved sender.
    pub sender: Option<AccountId>,
    /// Only those that were refused or set aside.
    pub set_aside: bool,
    /// Only those before this number.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u64,
}

/// Whether a mail is known that was delivered under a key.
///
/// # Errors
/// When the database fails.
pub async fn knows(db: &impl ConnectionTrait, source_key: &str) -> Result<bool, StoreError> {
    let known = mail_message::Entity::find().filter(mail_message::Column::SourceKey.eq(source_key));
    Ok(known.one(db).await?.is_some())
}

/// Keeps a mail, and returns its number.
///
/// # Errors
/// `Conflict` where it is known already; else when the database fails.
pub async fn insert(tx: &Transaction, new: &NewMessage) -> Result<i64, StoreError> {
    keep_order(tx, Keeps::ItsNumber).await?;
    let (sender, name) = new.sender.clone().unzip();
    let row = mail_message::ActiveModel {
        seq: NotSet,
        source_key: Set(new.source_key.clone()),
        received_at: Set(new.received_at.0),
        size: Set(i64::try_from(new.size).unwrap_or(i64::MAX)),
        intake: Set(new.intake.slug().to_owned()),
        why: Set(new.why.as_ref().map(serde_json::to_string).transpose()?),
        sender: Set(sender.map(|sender| sender.0)),
        sender_name: Set(name),
        from_address: Set(new.from.clone()),
        proof: Set(new.proof.clone()),
        message_id: Set(new.message_id.clone()),
        reference_ids: Set(serde_json::to_string(&new.references)?),
        subject: Set(new.subject.clone()),
        authserv_ids: Set(serde_json::to_string(&new.authserv_ids)?),
        no_receipt: Set(new.no_receipt),
        file_name: Set(new.file_name.clone()),
        file_sha256: Set(new.file_sha256.clone()),
        submission: Set(new.submission.as_ref().map(ToString::to_string)),
        duplicate_of: Set(new.duplicate_of),
        run: Set(None),
    };
    Ok(row.insert(tx).await?.seq)
}

/// Keeps the bytes of a mail that was refused or set aside.
///
/// # Errors
/// When the database fails.
pub async fn keep_source(tx: &Transaction, seq: i64, bytes: Vec<u8>) -> Result<(), StoreError> {
    let row = mail_source::ActiveModel {
        message: Set(seq),
        bytes: Set(bytes),
    };
    insert_all(tx, vec![row]).await
}

/// The bytes of a mail, where they are kept.
///
/// # Errors
/// When the database fails.
pub async fn source(db: &impl ConnectionTrait, seq: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let kept = mail_source::Entity::find_by_id(seq).one(db).await?;
    Ok(kept.map(|kept| kept.bytes))
}

/// A mail by its number.
///
/// # Errors
/// When the database fails.
pub async fn get(db: &impl ConnectionTrait, seq: i64) -> Result<Option<Message>, StoreError> {
    let found = mail_message::Entity::find_by_id(seq).one(db).await?;
    found.map(read).transpose()
}

/// The mail whose file a submission is.
///
/// # Errors
/// When the database fails.
pub async fn of_submission(db: &impl ConnectionTrait, id: &SubmissionId) -> Result<Option<Message>, StoreError> {
    let taken = taken().filter(mail_message::Column::Submission.eq(id.as_str()));
    taken.one(db).await?.map(read).transpose()
}

/// The latest mail that a sender has sent with a Message-ID, whether it was taken or refused, if it had the same file. A
/// program that writes one Message-ID into all of its mails may send a file again that another has replaced since.
///
/// # Errors
/// When the database fails.
pub async fn same(
    db: &impl ConnectionTrait,
    sender: AccountId,
    message_id: &str,
    sha256: &str,
) -> Result<Option<Message>, StoreError> {
    let latest = sent_under(db, sender, message_id).await?;
    let same = latest.filter(|latest| latest.file_sha256.as_deref() == Some(sha256));
    same.map(read).transpose()
}

/// The latest mail that a sender has sent with a Message-ID, if it was refused for the same reason without a file that could be
/// compared.
///
/// # Errors
/// When the database fails.
pub async fn refused_alike(
    db: &impl ConnectionTrait,
    sender: AccountId,
    message_id: &str,
    why: &Why,
) -> Result<Option<Message>, StoreError> {
    let why = serde_json::to_string(why)?;
    let latest = sent_under(db, sender, message_id).await?;
    let same = latest.filter(|latest| latest.file_sha256.is_none() && latest.why.as_ref() == Some(&why));
    same.map(read).transpose()
}

/// The latest mail of a proved sender under a Message-ID that was not one of those before once more.
async fn sent_under(
    db: &impl ConnectionTrait,
    sender: AccountId,
    message_id: &str,
) -> Result<Option<mail_message::Model>, StoreError> {
    let anew = [Intake::Taken, Intake::Refused].map(Intake::slug);
    let latest = mail_message::Entity::find()
        .filter(mail_message::Column::Intake.is_in(anew))
        .filter(mail_message::Column::Sender.eq(sender.0))
        .filter(mail_message::Column::MessageId.eq(message_id))
        .order_by_desc(mail_message::Column::Seq);
    Ok(latest.one(db).await?)
}

/// Says which organisations the file of a mail speaks for, in place of what was said before.
///
/// # Errors
/// When the database fails.
pub async fn set_organisations(
    tx: &Transaction,
    seq: i64,
    organisations: &[OrganisationCode],
) -> Result<(), StoreError> {
    mail_organisation::Entity::delete_many()
        .filter(mail_organisation::Column::Message.eq(seq))
        .exec(tx)
        .await?;
    let mut codes: Vec<_> = organisations.iter().map(ToString::to_string).collect();
    codes.sort_unstable();
    codes.dedup();
    let row = |code| mail_organisation::ActiveModel {
        message: Set(seq),
        organisation: Set(code),
    };
    insert_all(tx, codes.into_iter().map(row).collect()).await
}

/// The organisations that the file of a mail speaks for.
///
/// # Errors
/// When the database fails.
pub async fn organisations(db: &impl ConnectionTrait, seq: i64) -> Result<Vec<OrganisationCode>, StoreError> {
    let found = organisations_of(db, &[seq]).await?.into_iter();
    Ok(found.map(|(_, code)| code).collect())
}

/// The organisations of some mails, by the mails' numbers.
async fn organisations_of(
    db: &impl ConnectionTrait,
    messages: &[i64],
) -> Result<Vec<(i64, OrganisationCode)>, StoreError> {
    let rows = mail_organisation::Entity::find()
        .filter(mail_organisation::Column::Message.is_in(padded(messages.iter().copied())))
        .order_by_asc(mail_organisation::Column::Message)
        .order_by_asc(mail_organisation::Column::Organisation);
    let rows = rows.all(db).await?.into_iter();
    rows.map(|row| {
        let code = word(&row.organisation, |code| OrganisationCode::parse(code).ok())?;
        Ok((row.message, code))
    })
    .collect()
}

/// The mails whose submissions are planned, held ones too, up to a number; and those of a run that is under way, whatever
/// has become of them since. Each with the organisations that its file speaks for, newest first.
///
/// # Errors
/// When the database fails.
pub async fn waiting(
    db: &impl ConnectionTrait,
    up_to: Option<i64>,
    run: Option<i64>,
) -> Result<Vec<(Message, Vec<OrganisationCode>)>, StoreError> {
    let mut planned = Condition::all().add(is_in_state(State::Planned));
    if let Some(up_to) = up_to {
        planned = planned.add(mail_message::Column::Seq.lte(up_to));
    }
    let mut chosen = Condition::any().add(planned);
    if let Some(run) = run {
        chosen = chosen.add(mail_message::Column::Run.eq(run));
    }
    let found = taken().filter(chosen).order_by_desc(mail_message::Column::Seq);
    let found: Vec<_> = found.all(db).await?.into_iter().map(read).collect::<Result<_, _>>()?;
    with_organisations(db, found).await
}

/// The mails after a number whose files are applied, or are being applied, and speak for any of some organisations. Each
/// with the organisations that its file speaks for, newest first.
///
/// # Errors
/// When the database fails.
pub async fn applied_after(
    db: &impl ConnectionTrait,
    seq: i64,
    organisations: &[OrganisationCode],
) -> Result<Vec<(Message, Vec<OrganisationCode>)>, StoreError> {
    let applied = Condition::all().add(mail_message::Column::Seq.gt(seq)).add(has_file(
        submission::Column::State.is_in([State::Applying, State::Applied].map(State::slug)),
    ));
    speaking(db, applied, organisations).await
}

/// The mails before a number on whose files it was decided since a moment, that is, which are applied, being applied or
/// replaced, and that speak for any of some organisations. Each with the organisations that its file speaks for, newest first.
///
/// # Errors
/// When the database fails.
pub async fn decided_since(
    db: &impl ConnectionTrait,
    seq: i64,
    since: Timestamp,
    organisations: &[OrganisationCode],
) -> Result<Vec<(Message, Vec<OrganisationCode>)>, StoreError> {
    let states = [State::Applying, State::Applied, State::Superseded].map(State::slug);
    // What is being applied has not ended yet.
    let is_recent = Condition::any()
        .add(submission::Column::FinishedAt.is_null())
        .add(submission::Column::FinishedAt.gte(since.0));
    let decided = Condition::all()
        .add(submission::Column::State.is_in(states))
        .add(is_recent);
    let decided = Condition::all()
        .add(mail_message::Column::Seq.lt(seq))
        .add(has_file(decided));
    speaking(db, decided, organisations).await
}

/// The mails of a sort that speak for any of some organisations. Each with all that its file speaks for, newest first.
async fn speaking(
    db: &impl ConnectionTrait,
    sort: Condition,
    organisations: &[OrganisationCode],
) -> Result<Vec<(Message, Vec<OrganisationCode>)>, StoreError> {
    let mut found = BTreeMap::new();
    for some in organisations.chunks(STRETCH) {
        let those = taken().filter(sort.clone()).filter(speaks_for(some));
        for row in those.all(db).await? {
            found.insert(Reverse(row.seq), read(row)?);
        }
    }
    with_organisations(db, found.into_values().collect()).await
}

/// Mails, newest first, each with the organisations that its file speaks for.
async fn with_organisations(
    db: &impl ConnectionTrait,
    found: Vec<Message>,
) -> Result<Vec<(Message, Vec<OrganisationCode>)>, StoreError> {
    let mut waiting: Vec<_> = found.into_iter().map(|message| (message, Vec::new())).collect();
    for stretch in waiting.chunks_mut(STRETCH) {
        let seqs: Vec<_> = stretch.iter().map(|(message, _)| message.seq).collect();
        for (seq, code) in organisations_of(db, &seqs).await? {
            // The newest come first.
            let place = stretch.binary_search_by(|(message, _)| seq.cmp(&message.seq));
            if let Ok(place) = place {
                stretch[place].1.push(code);
            }
        }
    }
    Ok(waiting)
}

/// Whether the file of a mail up to a number is still being checked.
///
/// # Errors
/// When the database fails.
pub async fn unchecked(db: &impl ConnectionTrait, up_to: i64) -> Result<bool, StoreError> {
    let one = taken()
        .filter(mail_message::Column::Seq.lte(up_to))
        .filter(is_in_state(State::Received));
    Ok(one.one(db).await?.is_some())
}

/// Notes that the receipt of a mail was not sent.
///
/// # Errors
/// When the database fails.
pub async fn note_no_receipt(tx: &Transaction, seq: i64) -> Result<(), StoreError> {
    mail_message::Entity::update_many()
        .col_expr(mail_message::Column::NoReceipt, Expr::value(true))
        .filter(mail_message::Column::Seq.eq(seq))
        .exec(tx)
        .await?;
    Ok(())
}

/// Notes which run decided on a mail.
///
/// # Errors
/// When the database fails.
pub async fn set_run(tx: &Transaction, seq: i64, run: i64) -> Result<(), StoreError> {
    mail_message::Entity::update_many()
        .col_expr(mail_message::Column::Run, Expr::value(Some(run)))
        .filter(mail_message::Column::Seq.eq(seq))
        .exec(tx)
        .await?;
    Ok(())
}

/// Mails, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, query: &MessageQuery) -> Result<Vec<Message>, StoreError> {
    let mut found = mail_message::Entity::find()
        .order_by_desc(mail_message::Column::Seq)
        .limit(query.limit);
    if let Some(sender) = query.sender {
        found = found.filter(mail_message::Column::Sender.eq(sender.0));
    }
    if query.set_aside {
        found = found.filter(mail_message::Column::Intake.is_in(SET_ASIDE.map(Intake::slug)));
    }
    if let Some(before) = query.before {
        found = found.filter(mail_message::Column::Seq.lt(before));
    }
    found.all(db).await?.into_iter().map(read).collect()
}

/// The last mail of a proved sender, whatever became of it.
///
/// # Errors
/// When the database fails.
pub async fn last_of(db: &impl ConnectionTrait, sender: AccountId) -> Result<Option<Message>, StoreError> {
    let query = MessageQuery {
        sender: Some(sender),
        set_aside: false,
        before: None,
        limit: 1,
    };
    Ok(list(db, &query).await?.pop())
}

/// Deletes what is kept of mails that were set aside before a moment: their headers and texts, and where no sender is proved
/// the mails themselves. Says how many mails.
///
/// # Errors
/// When the database fails.
pub async fn sweep(tx: &Transaction, before: Timestamp) -> Result<u64, StoreError> {
    let old = mail_message::Entity::find()
        .select_only()
        .column(mail_message::Column::Seq)
        .filter(mail_message::Column::Intake.is_in(SET_ASIDE.map(Intake::slug)))
        .filter(mail_message::Column::ReceivedAt.lt(before.0));
    mail_source::Entity::delete_many()
        .filter(mail_source::Column::Message.in_subquery(old.into_query()))
        .exec(tx)
        .await?;
    // What a proved sender was refused is part of how their connector gets on; what it said of itself is not.
    forgetting::forget_texts(tx, before).await?;
    let nobodys = [Intake::NotProved, Intake::Automatic, Intake::Old].map(Intake::slug);
    let swept = mail_message::Entity::delete_many()
        .filter(mail_message::Column::Intake.is_in(nobodys))
        .filter(mail_message::Column::ReceivedAt.lt(before.0));
    Ok(swept.exec(tx).await?.rows_affected)
}

fn taken() -> Select<mail_message::Entity> {
    mail_message::Entity::find().filter(mail_message::Column::Intake.eq(Intake::Taken.slug()))
}

/// Whether a mail's submission is in a state.
fn is_in_state(state: State) -> Condition {
    let there = submission::Entity::find()
        .select_only()
        .column(submission::Column::Id)
        .filter(submission::Column::State.eq(state.slug()))
        .into_query();
    Condition::all().add(mail_message::Column::Submission.in_subquery(there))
}

/// Whether a mail's file is of a sort; its submission is looked up by its reference.
fn has_file(sort: impl IntoCondition) -> Expr {
    let same = Expr::col((submission::Entity, submission::Column::Id))
        .equals((mail_message::Entity, mail_message::Column::Submission));
    let those = submission::Entity::find()
        .select_only()
        .column(submission::Column::Id)
        .filter(same)
        .filter(sort);
    Expr::exists(those.into_query())
}

/// Whether a mail's file speaks for any of some organisations.
fn speaks_for(organisations: &[OrganisationCode]) -> Expr {
    let same = Expr::col((mail_organisation::Entity, mail_organisation::Column::Message))
        .equals((mail_message::Entity, mail_message::Column::Seq));
    let codes = padded(organisations.iter().map(ToString::to_string));
    let those = mail_organisation::Entity::find()
        .select_only()
        .column(mail_organisation::Column::Message)
        .filter(same)
        .filter(mail_organisation::Column::Organisation.is_in(codes));
    Expr::exists(those.into_query())
}

fn read(row: mail_message::Model) -> Result<Message, StoreError> {
    let mail = NewMessage {
        source_key: row.source_key,
        received_at: Timestamp(row.received_at),
        size: number(row.size, "a mail’s size")?,
        intake: word(&row.intake, Intake::from_slug)?,
        why: row.why.as_deref().map(serde_json::from_str).transpose()?,
        sender: row
            .sender
            .map(|sender| (AccountId(sender), row.sender_name.unwrap_or_default())),
        from: row.from_address,
        proof: row.proof,
        message_id: row.message_id,
        references: serde_json::from_str(&row.reference_ids)?,
        subject: row.subject,
        authserv_ids: serde_json::from_str(&row.authserv_ids)?,
        no_receipt: row.no_receipt,
        file_name: row.file_name,
        file_sha256: row.file_sha256,
        submission: row
            .submission
            .as_deref()
            .map(|id| word(id, SubmissionId::parse))
            .transpose()?,
        duplicate_of: row.duplicate_of,
    };
    Ok(Message {
        seq: row.seq,
        mail,
        run: row.run,
    })
}
