//! Mails come in. A mail whose sender is not proved, or that a program sent, is set aside and not answered. One of a proved
//! sender is taken as a submission, or refused with a reason, in one transaction with its letter: whatever is cut off in
//! between, it is done once.

use domain::{
    account::Account,
    channel::Channel,
    email::{Distrust, Intake, Refusal, Why},
    values::ids::{AccountId, Timestamp},
};
use email::{Attachment, Mail, Outline, Proof, without_keys};
use sha2::{Digest, Sha256};
use store::{
    StoreError, Transaction,
    access::{
        email::messages::{self, Message, NewMessage},
        uses,
    },
    directory::people,
    jobs::{self, Task},
    submissions,
};

use super::{
    keys::has_key,
    telling::{tell_not_proved, tell_refused, tell_unreadable},
};
use crate::{
    Arriving, Gate, GateError, Kept, Purpose, Visit, connectors::counting::Noted, scope_for, service::letters::Reply,
    submissions::claims::commit,
};

/// How often a mail is tried to be kept while other changes come first.
const TRIES: usize = 5;

/// As much of what a mail says of itself as is kept, in characters.
const KEPT_CHARACTERS: usize = 998;

/// What a refused mail counts as among a connector's requests.
const UNPROCESSABLE: u16 = 422;

/// A mail, as it was delivered.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Where it was delivered: the same mail, read once more, has the same.
    pub source_key: String,
    /// When it came in.
    pub received: Timestamp,
    /// Its size in bytes.
    pub size: u64,
    /// What is kept of it for an operator to look at, where nothing of it is taken.
    pub outline: Outline,
}

impl Gate {
    /// Whether a mail is known already that was delivered under a key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn knows_mail(&self, source_key: &str) -> Result<bool, GateError> {
        Ok(messages::knows(self.store.reader(), source_key).await?)
    }

    /// Whose mail it is, with what proves it in words; or why it is nobody's. The account answers to the sender's address, is
    /// in force as it must be for a token, and has also the address by which the sender signed in to the mail server, where
    /// that is the proof.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_sender(&self, mail: &Mail) -> Result<Result<(Account, String), Distrust>, GateError> {
        let claim = match &mail.sender {
            Ok(claim) => claim,
            Err(why) => return Ok(Err(why.clone())),
        };
        let Some(account) = people::by_address(self.store.reader(), &claim.from).await? else {
            return Ok(Err(Distrust::Unknown));
        };
        if let Proof::Login(login) = &claim.proof
            && *login != claim.from
        {
            let holder = people::by_address(self.store.reader(), login).await?;
            if holder.is_none_or(|holder| holder.id != account.id) {
                return Ok(Err(Distrust::AnotherLogin));
            }
        }
        if !account.status.is_in_force() {
            return Ok(Err(Distrust::NotActive));
        }
        let proof = match &claim.proof {
            Proof::Login(login) => format!("Signed in to the mail server as {login}"),
            Proof::Domain(method) => format!("The sender’s domain is proved by {}", method.to_uppercase()),
        };
        Ok(Ok((account, proof)))
    }

    /// Keeps a mail of which nothing is processed. Nobody is answered: the account that it names is told once a day, at its own
    /// mailbox.
    ///
    /// # Errors
    /// When the database fails; then the mail is to be handed in again.
    pub async fn set_mail_aside(&self, arrived: Arrived, mail: &Mail, why: Why) -> Result<(), GateError> {
        let mut tries = 0;
        loop {
            let kept = self.set_aside_once(&arrived, mail, &why).await;
            tries += 1;
            if tries == TRIES || !is_conflict(&kept) {
                return kept;
            }
            if self.knows_mail(&arrived.source_key).await? {
                return Ok(());
            }
        }
    }

    async fn set_aside_once(&self, arrived: &Arrived, mail: &Mail, why: &Why) -> Result<(), GateError> {
        let named = match why {
            Why::Distrust(_) => self.named_in(mail).await?,
            Why::Automatic(_) | Why::Refusal(_) | Why::Old => None,
        };
        let tx = self.store.begin().await?;
        let new = NewMessage {
            intake: intake_of(why),
            why: Some(why.clone()),
            ..described(arrived, mail)
        };
        if new.intake == Intake::Old {
            // What it is was kept when it came first.
            messages::insert(&tx, &new).await?;
        } else {
            keep_aside(&tx, &new, &arrived.outline).await?;
        }
        if let (Why::Distrust(why), Some(named)) = (why, named) {
            tell_not_proved(self, &tx, &named, (&new, why)).await?;
        }
        commit(tx).await
    }

    /// The active account that a mail names as its sender, whoever has sent it.
    async fn named_in(&self, mail: &Mail) -> Result<Option<Account>, GateError> {
        let mut named = mail.from.clone();
        named.dedup();
        let [address] = &named[..] else { return Ok(None) };
        let account = people::by_address(self.store.reader(), address).await?;
        Ok(account.filter(|account| account.status.is_in_force()))
    }
}

impl Visit<'_> {
    /// Takes a mail of the actor, whom it proves to be its sender: its file is kept as a submission and checked, or the mail is
    /// refused with a letter. The same mail once more is kept and does nothing. `proof` says in words what proves the sender.
    ///
    /// # Errors
    /// When the database fails; then the mail is to be handed in again.
    pub async fn receive_mail(&self, arrived: Arrived, mail: Mail, proof: &str) -> Result<(), GateError> {
        let gate = self.gate;
        let sender = self.actor.account().ok_or(GateError::Denied)?;
        let mut tries = 0;
        let noted = loop {
            let turn = gate.desk.storing().await?;
            let taken = self.receive_once(sender, &arrived, &mail, proof).await;
            drop(turn);
            tries += 1;
            if tries == TRIES || !is_conflict(&taken) {
                break taken?;
            }
            // Another process may have taken it at the same moment.
            if gate.knows_mail(&arrived.source_key).await? {
                return Ok(());
            }
        };
        gate.bell.notify_one();
        if let Some(noted) = noted {
            gate.note_request(sender, noted).await;
        }
        Ok(())
    }

    /// Keeps the mail in one transaction. Returns what it counts as among a connector's requests.
    async fn receive_once(
        &self,
        sender: AccountId,
        arrived: &Arrived,
        mail: &Mail,
        proof: &str,
    ) -> Result<Option<Noted>, GateError> {
        let gate = self.gate;
        let tx = gate.store.begin().await?;
        let account = people::by_ids(&tx, &[sender.0]).await?.pop();
        let Some(account) = account.filter(|account| account.status.is_in_force()) else {
            let why = Why::Distrust(Distrust::NotActive);
            let new = NewMessage {
                intake: Intake::NotProved,
                why: Some(why),
                ..described(arrived, mail)
            };
            keep_aside(&tx, &new, &arrived.outline).await?;
            commit(tx).await?;
            return Ok(None);
        };
        let new = NewMessage {
            sender: Some((sender, account.full_name())),
            proof: proof.to_owned(),
            file_sha256: mail.file.as_ref().ok().map(sha256),
            ..described(arrived, mail)
        };
        let noted = match self.to_take(&tx, sender, &new, mail).await? {
            ToTake::Again(first) => {
                let again = NewMessage {
                    intake: Intake::Duplicate,
                    duplicate_of: Some(first.seq),
                    submission: first.mail.submission,
                    ..new
                };
                messages::insert(&tx, &again).await?;
                Noted::Read
            }
            ToTake::Nothing(why) => {
                let new = NewMessage {
                    intake: Intake::Refused,
                    why: Some(Why::Refusal(why.clone())),
                    ..new
                };
                let reply = Reply {
                    message_id: new.message_id.clone(),
                    references: new.references.clone(),
                    mail: keep_aside(&tx, &new, &arrived.outline).await?,
                    files: vec![],
                };
                tell_refused(gate, &tx, &account, reply, (&new, &why)).await?;
                Noted::Refused {
                    status: UNPROCESSABLE,
                    sentence: refused_in_general(&why),
                    hint: why.cure().to_owned(),
                    example: String::new(),
                }
            }
            ToTake::File(file) => {
                self.keep_mailed(&tx, new, file).await?;
                // Nobody is inactive who sends files.
                uses::note(&tx, &[(sender, gate.now())]).await?;
                Noted::Changed
            }
        };
        commit(tx).await?;
        Ok(Some(noted))
    }

    /// What there is to take from a mail. A mailbox that is read anew, or a mail server that delivers twice, brings mails that
    /// were decided on long ago, whatever their sender may do now: what was taken or refused stays so.
    async fn to_take<'m>(
        &self,
        tx: &Transaction,
        sender: AccountId,
        new: &NewMessage,
        mail: &'m Mail,
    ) -> Result<ToTake<'m>, GateError> {
        if let (Some(message_id), Some(sha256)) = (&new.message_id, &new.file_sha256)
            && let Some(first) = messages::same(tx, sender, message_id, sha256).await?
        {
            return Ok(ToTake::Again(Box::new(first)));
        }
        let why = match self.usable_file(tx, sender, mail).await? {
            Ok(file) => return Ok(ToTake::File(file)),
            Err(why) => why,
        };
        if let (Some(message_id), None) = (&new.message_id, &new.file_sha256)
            && let Some(first) = messages::refused_alike(tx, sender, message_id, &Why::Refusal(why.clone())).await?
        {
            return Ok(ToTake::Again(Box::new(first)));
        }
        Ok(ToTake::Nothing(why))
    }

    /// The file of a mail that did not come before; or why there is none that can be used.
    async fn usable_file<'m>(
        &self,
        tx: &Transaction,
        sender: AccountId,
        mail: &'m Mail,
    ) -> Result<Result<&'m Attachment, Refusal>, GateError> {
        let authority = self.gate.authority(tx, self.actor).await?;
        if scope_for(&authority, Channel::EmailCsv, &[]).is_empty() {
            return Ok(Err(Refusal::NoGrant));
        }
        if !has_key(tx, sender, mail).await? {
            return Ok(Err(Refusal::NoKey));
        }
        Ok(mail.file.as_ref().map_err(Clone::clone))
    }

    /// Keeps the file of a mail as a submission to check.
    async fn keep_mailed(&self, tx: &Transaction, new: NewMessage, file: &Attachment) -> Result<(), GateError> {
        let gate = self.gate;
        let arriving = Arriving {
            channel: Channel::EmailCsv,
            file_name: file.name.clone(),
            bytes: file.bytes.clone(),
        };
        let kept = self.keep_arriving(tx, arriving, Purpose::Apply).await?;
        let (is_to_check, id) = (matches!(kept, Kept::ToCheck(_)), kept.id());
        let new = NewMessage {
            intake: Intake::Taken,
            submission: Some(id.clone()),
            ..new
        };
        messages::insert(tx, &new).await?;
        if is_to_check {
            return Ok(jobs::enqueue(tx, Task::Check, &id, gate.now()).await?);
        }
        // It is too large to be checked at all.
        let submission = submissions::hold(tx, &id).await?.ok_or(GateError::NotFound)?;
        tell_unreadable(gate, tx, &submission).await
    }
}

/// What there is to take from a mail.
enum ToTake<'m> {
    /// It came before, as this mail.
    Again(Box<Message>),
    /// Nothing, because of this.
    Nothing(Refusal),
    /// Its file.
    File(&'m Attachment),
}

const fn intake_of(why: &Why) -> Intake {
    match why {
        Why::Distrust(_) => Intake::NotProved,
        Why::Automatic(_) => Intake::Automatic,
        Why::Refusal(_) => Intake::Refused,
        Why::Old => Intake::Old,
    }
}

/// What a refusal is counted as: without the names of files.
fn refused_in_general(why: &Refusal) -> String {
    Why::Refusal(why.clone()).unnamed().sentence()
}

/// A mail as it is kept, before anything is known of its sender.
fn described(arrived: &Arrived, mail: &Mail) -> NewMessage {
    NewMessage {
        source_key: arrived.source_key.clone(),
        received_at: arrived.received,
        size: arrived.size,
        intake: Intake::NotProved,
        why: None,
        sender: None,
        from: shortened(mail.from.first().map_or("", String::as_str)),
        proof: String::new(),
        message_id: mail.message_id.as_deref().map(shortened),
        references: mail.references.iter().map(|id| shortened(id)).collect(),
        subject: shortened(&without_keys(&mail.subject)),
        authserv_ids: mail.authserv_ids.iter().map(|id| shortened(id)).collect(),
        no_receipt: mail.no_receipt,
        file_name: mail.file.as_ref().ok().map(|file| shortened(&without_keys(&file.name))),
        file_sha256: None,
        submission: None,
        duplicate_of: None,
    }
}

/// Keeps a mail of which nothing is taken: what it says of itself, and nothing that it brings. Returns its number.
async fn keep_aside(tx: &Transaction, new: &NewMessage, outline: &Outline) -> Result<i64, GateError> {
    let seq = messages::insert(tx, new).await?;
    messages::keep_source(tx, seq, outline.as_bytes().to_vec()).await?;
    Ok(seq)
}

/// The SHA-256 of a file's bytes, in hexadecimal.
fn sha256(file: &Attachment) -> String {
    let digest = Sha256::digest(&file.bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

const fn is_conflict<T>(kept: &Result<T, GateError>) -> bool {
    matches!(kept, Err(GateError::Trouble(StoreError::Conflict)))
}

/// A text without what cannot be seen, which PostgreSQL does not keep, and not too long.
fn shortened(text: &str) -> String {
    let seen = text.chars().filter(|sign| !sign.is_control());
    seen.take(KEPT_CHARACTERS).collect()
}
