//! A letter is written out when it is sent, and its one-time link gets its token only then: nobody who reads the database
//! finds a link that opens anything.

use store::{
    ConnectionTrait, StoreError,
    access::credentials,
    outbox::{self, Content, Outgoing},
};

use super::{Composed, Letter};
use crate::{Gate, submissions::effects::linking::new_url};

/// What writing a claimed letter out comes to.
pub enum WrittenOut {
    /// The letter as it is sent.
    Whole(Composed),
    /// Its link has ended or expired, so the letter would lead nowhere: the account was activated, disabled or deleted
    /// meanwhile, or another letter has replaced it.
    NotNeeded,
    /// This version cannot read it: a newer one has posted it, and may send it.
    Unreadable(String),
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
    let written = write_out(gate, &tx, &mail).await?;
    tx.commit().await?;
    Ok(Some((mail, written)))
}

async fn write_out(gate: &Gate, tx: &impl ConnectionTrait, mail: &Outgoing) -> Result<WrittenOut, StoreError> {
    let letter = match &mail.content {
        Content::Letter(letter) => letter,
        Content::Written { subject, text, html } => {
            return Ok(WrittenOut::Whole(Composed {
                subject: subject.clone(),
                text: text.clone(),
                html: html.clone(),
            }));
        }
    };
    // Why it cannot be read may repeat a name, and is logged nowhere.
    let Ok(mut letter) = serde_json::from_str::<Letter>(letter) else {
        return Ok(WrittenOut::Unreadable("this version cannot read the letter".to_owned()));
    };
    let Some(link) = letter.link_mut() else {
        return Ok(WrittenOut::Whole(letter.compose("")));
    };
    // A try that failed leaves a token that nobody was sent. It is replaced by another rather than kept anywhere.
    let (url, token_hash) = new_url(gate);
    let Some(given) = credentials::give_token(tx, link, token_hash, gate.now()).await? else {
        return Ok(WrittenOut::NotNeeded);
    };
    *link = given;
    outbox::keep_letter(tx, mail, serde_json::to_string(&letter)?).await?;
    Ok(WrittenOut::Whole(letter.compose(&url)))
}
