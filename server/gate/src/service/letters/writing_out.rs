//! A letter is written out when it is sent. Its one-time link gets its token only then: nobody who reads the database finds
//! a link that opens anything. And its files are written only then: none waits in the outbox.

use store::{
    StoreError, Transaction,
    access::{change_files::renames, credentials},
    outbox::{self, Content, Outgoing},
    submissions,
};

use super::{
    Attached, Composed, Letter, RenameLink,
    email::{AttachedFile, may_be_attached},
};
use crate::{
    Gate, GateError,
    connectors::email::telling::still_has,
    submissions::{
        effects::linking::{new_rename_url, new_url},
        report,
    },
};

/// What a file that was marked is: it is CSV, whatever came.
const MARKED: &str = "text/csv; charset=utf-8";

/// What writing a claimed letter out comes to.
pub enum WrittenOut {
    /// The letter as it is sent.
    Whole(Composed),
    /// Its link has ended or expired, so the letter would lead nowhere: the account was activated, disabled or deleted
    /// meanwhile, or another letter has replaced it.
    NotNeeded,
    /// It cannot be written out now, and may be later: a newer version has posted it, or its files cannot be read yet.
    Unreadable(String),
}

/// A letter on its way out of the outbox.
enum Claimed {
    /// It needs nothing more.
    Written(WrittenOut),
    /// It brings files.
    WithFiles(Letter),
}

/// Claims the letter that has waited longest, if any is due, and writes it out. What is kept of its link's token is
/// committed before this returns, so the link works by the time that the letter arrives.
///
/// # Errors
/// When the database fails; the letter stays in line then.
pub async fn claim(gate: &Gate, worker: &str) -> Result<Option<(Outgoing, WrittenOut)>, StoreError> {
    let tx = gate.store.begin().await?;
    let Some(mail) = outbox::claim(&tx, worker, gate.now()).await? else {
        return Ok(None);
    };
    let claimed = write_out(gate, &tx, &mail).await?;
    tx.commit().await?;
    // Files take long to write, and nobody waits for them.
    let written = match claimed {
        Claimed::Written(written) => written,
        Claimed::WithFiles(letter) => with_files(gate, &mail.address, letter).await,
    };
    Ok(Some((mail, written)))
}

async fn write_out(gate: &Gate, tx: &Transaction, mail: &Outgoing) -> Result<Claimed, StoreError> {
    let letter = match &mail.content {
        Content::Letter(letter) => letter,
        Content::Written { subject, text, html } => {
            return Ok(Claimed::Written(WrittenOut::Whole(Composed {
                subject: subject.clone(),
                text: text.clone(),
                html: html.clone(),
                reply: None,
                attachments: vec![],
                without_files: None,
            })));
        }
    };
    // Why it cannot be read may repeat a name, and is logged nowhere.
    let Ok(mut letter) = serde_json::from_str::<Letter>(letter) else {
        let why = "this version cannot read the letter".to_owned();
        return Ok(Claimed::Written(WrittenOut::Unreadable(why)));
    };
    if !letter.files().is_empty() {
        return Ok(Claimed::WithFiles(letter));
    }
    if let Some(link) = letter.rename_link_mut() {
        let Some((url, given)) = give_rename_token(gate, tx, link).await? else {
            return Ok(Claimed::Written(WrittenOut::NotNeeded));
        };
        *link = given;
        outbox::keep_letter(tx, mail, serde_json::to_string(&letter)?).await?;
        return Ok(Claimed::Written(WrittenOut::Whole(letter.compose(&url))));
    }
    let Some(link) = letter.link_mut() else {
        return Ok(Claimed::Written(WrittenOut::Whole(letter.compose(""))));
    };
    // A try that failed leaves a token that nobody was sent. It is replaced by another rather than kept anywhere.
    let (url, token_hash) = new_url(gate);
    let Some(given) = credentials::give_token(tx, link, token_hash, gate.now()).await? else {
        return Ok(Claimed::Written(WrittenOut::NotNeeded));
    };
    *link = given;
    outbox::keep_letter(tx, mail, serde_json::to_string(&letter)?).await?;
    Ok(Claimed::Written(WrittenOut::Whole(letter.compose(&url))))
}

/// Gives the link to a new address its token, in place of the one that it had before. `None` if the rename has ended: it was
/// confirmed, has lapsed, or another has replaced it.
async fn give_rename_token(
    gate: &Gate,
    tx: &Transaction,
    link: &RenameLink,
) -> Result<Option<(String, RenameLink)>, StoreError> {
    let now = gate.now();
    let Some(rename) = renames::by_token(tx, link.name(), now).await? else {
        return Ok(None);
    };
    let (url, token_hash) = new_rename_url(gate);
    renames::end(tx, rename.account).await?;
    renames::ask(tx, &rename, &token_hash, now).await?;
    Ok(Some((url, link.by(token_hash))))
}

/// A letter with its files; without them where they may not leave, are too large, or are no longer kept.
async fn with_files(gate: &Gate, address: &str, letter: Letter) -> WrittenOut {
    if !may_be_attached(gate, address) {
        return WrittenOut::Whole(letter.without_files().compose(""));
    }
    let written = files(gate, address, letter.files()).await;
    match written {
        Ok(Some(attachments)) => WrittenOut::Whole(Composed {
            attachments,
            without_files: Some(Box::new(letter.clone().without_files().compose(""))),
            ..letter.compose("")
        }),
        Ok(None) => WrittenOut::Whole(letter.without_files().compose("")),
        Err(error) => WrittenOut::Unreadable(format!("its files cannot be read: {error}")),
    }
}

/// The files; `None` if one of them cannot be had any more, or not by whom the letter goes to; or if they are more than a
/// letter may bring: mail servers refuse what is too large for good, and the next letters wait meanwhile.
async fn files(gate: &Gate, address: &str, files: &[AttachedFile]) -> Result<Option<Vec<Attached>>, GateError> {
    let mut attached = Vec::with_capacity(files.len());
    let mut room = u64::from(gate.rules.email.attach_mib) * 1024 * 1024;
    for file in files {
        let Some(submission) = submissions::hold(gate.store.reader(), &file.submission).await? else {
            return Ok(None);
        };
        // The letter may have waited for days.
        if !still_has(gate, &submission, address).await? {
            return Ok(None);
        }
        match report::write(gate, &submission, file.report, Vec::new()).await {
            Ok((name, bytes)) => {
                let Some(left) = room.checked_sub(bytes.len() as u64) else {
                    return Ok(None);
                };
                room = left;
                attached.push(Attached {
                    name,
                    content_type: MARKED,
                    bytes,
                });
            }
            Err(GateError::Gone | GateError::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(attached))
}
