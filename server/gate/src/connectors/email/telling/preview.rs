//! What a receipt tells: which organisations a file speaks for, what the run will do with it, and which files it replaces.

use std::collections::BTreeMap;

use domain::{
    account::Account,
    channel::Channel,
    dictionary::Attribute,
    organisation::{Organisation, OrganisationCode},
    plan::RowKind,
    policy::{Deed, Scope},
    problem::{Audience, Place, Problem},
    submission::Totals,
    values::ids::{AccountId, SubmissionId, Timestamp},
};
use store::{
    Transaction,
    access::email::{
        messages::{self, Message},
        runs,
    },
    directory::organisations,
    submissions::{
        self, Submission,
        rows::{self, Filter},
    },
};

use crate::{
    Gate, GateError,
    calendar::next_at_minute,
    connectors::email::{
        choosing::Chosen,
        counting::{Among, chosen},
    },
    scope_for,
    service::letters::{Foreseen, Replaced, may_be_attached},
};

/// As many problems as a letter lists.
pub(super) const LISTED: usize = 10;

/// What a sender is called whom the reader does not see, or who is forgotten.
const ANOTHER: &str = "another sender";

/// What a file is called that the reader does not see.
const A_FILE: &str = "A file";

/// The organisations that a file's rows name, as far as its sender may send for them: nobody's file takes the place of one for
/// an organisation that is not theirs.
pub(super) async fn organisations_of(
    gate: &Gate,
    tx: &Transaction,
    submission: &Submission,
    named: &[OrganisationCode],
) -> Result<Vec<Organisation>, GateError> {
    let authority = gate.authority(tx, &submission.actor).await?;
    let scope = scope_for(&authority, Channel::EmailCsv, &[]);
    let reaches = |organisation: &Organisation| {
        scope.everything || scope.parts.iter().any(|part| part.path.covers(&organisation.path))
    };
    let mut found = organisations::by_codes(tx, named).await?;
    found.retain(reaches);
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// Who is told of files.
pub(super) struct Reader {
    account: Option<AccountId>,
    /// Where they may send files, or look at those that came.
    scope: Scope,
}

impl Reader {
    /// The sender of a file, by the rights of this moment.
    pub(super) async fn read(gate: &Gate, tx: &Transaction, submission: &Submission) -> Result<Self, GateError> {
        let authority = gate.authority(tx, &submission.actor).await?;
        let mut scope = scope_for(&authority, Channel::EmailCsv, &[]);
        for deed in [Deed::UploadCsv, Deed::ReadAuditTrail] {
            let more = authority.scope(deed);
            scope.everything |= more.everything;
            scope.parts.extend(more.parts);
        }
        Ok(Self {
            account: submission.actor.account(),
            scope,
        })
    }

    fn has_sent(&self, file: &Message) -> bool {
        self.account.is_some() && sender_of(file) == self.account
    }

    /// Whether somebody else's file is all about what is theirs, too.
    async fn may_see(&self, tx: &Transaction, file: &Message) -> Result<bool, GateError> {
        match &file.mail.submission {
            Some(id) => self.sees(tx, id).await,
            None => Ok(false),
        }
    }

    /// Whether they can open the page of a file.
    pub(super) async fn sees(&self, tx: &Transaction, id: &SubmissionId) -> Result<bool, GateError> {
        Ok(submissions::find(tx, &self.scope, id).await?.is_some())
    }
}

/// What a file replaces, and what replaces it.
pub(super) struct Beside {
    /// The later files that replace something of it, the latest first.
    pub(super) later: Vec<Replaced>,
    /// The earlier files of which it replaces something that would count otherwise, the latest first.
    pub(super) replaces: Vec<Replaced>,
    /// Whether later ones leave nothing of it.
    pub(super) is_replaced: bool,
}

/// The files that a file replaces, or is replaced by, for organisations that both name: as the run would choose at this
/// moment, by what each sender may send for.
pub(super) async fn beside(
    gate: &Gate,
    tx: &Transaction,
    of: &Message,
    reader: &Reader,
    own: &[Organisation],
) -> Result<Beside, GateError> {
    let names: Vec<_> = own.iter().map(|organisation| organisation.code.clone()).collect();
    let among = |without| Among::Naming {
        names: &names,
        up_to: None,
        run: None,
        without,
    };
    let otherwise = chosen(gate, tx, among(Some(of.seq))).await?;
    let otherwise: BTreeMap<_, _> = otherwise
        .iter()
        .map(|(file, chosen)| (file.seq, (file, chosen)))
        .collect();
    let mut beside = Beside {
        later: vec![],
        replaces: vec![],
        is_replaced: false,
    };
    for (file, chosen) in chosen(gate, tx, among(None)).await? {
        if file.seq == of.seq {
            beside.is_replaced = chosen.is_replaced();
            for seq in chosen.replaced_by().into_iter().rev() {
                if let Some(later) = messages::get(tx, seq).await? {
                    let taken = chosen.lost_to(seq);
                    beside.later.push(replaced(tx, &later, reader, &taken, own).await?);
                }
            }
        } else {
            let mut taken = chosen.lost_to(of.seq);
            taken.retain(|code| is_new(reader, &file, code, &otherwise));
            if !taken.is_empty() {
                beside.replaces.push(replaced(tx, &file, reader, &taken, own).await?);
            }
        }
    }
    Ok(beside)
}

/// Whether it is new to the reader that an earlier file does not count for an organisation: it would count without theirs, or
/// is their own and no receipt of theirs has said so.
fn is_new(
    reader: &Reader,
    file: &Message,
    code: &OrganisationCode,
    otherwise: &BTreeMap<i64, (&Message, &Chosen)>,
) -> bool {
    let lost = otherwise.get(&file.seq).map(|(_, chosen)| chosen.loses.iter());
    let by = lost
        .into_iter()
        .flatten()
        .find(|(lost, _)| lost == code)
        .map(|(_, by)| by);
    let Some(by) = by else { return true };
    let has_told = |(later, _): &(&Message, &Chosen)| reader.has_sent(later) && !later.mail.no_receipt;
    reader.has_sent(file) && !otherwise.get(by).is_some_and(has_told)
}

/// A file as one that another replaces, or is replaced by, for some organisations is told of it. Of one that the reader may
/// not see they learn only when it came, and that it is somebody else's.
pub(super) async fn replaced(
    tx: &Transaction,
    file: &Message,
    reader: &Reader,
    codes: &[OrganisationCode],
    own: &[Organisation],
) -> Result<Replaced, GateError> {
    let is_own = reader.has_sent(file);
    let is_seen = is_own || reader.may_see(tx, file).await?;
    let name = file.mail.sender.as_ref().map(|(_, name)| name.as_str());
    let name = name.filter(|name| is_seen && !name.is_empty()).unwrap_or(ANOTHER);
    let file_name = file.mail.file_name.clone().filter(|_| is_seen);
    let both = own.iter().filter(|organisation| codes.contains(&organisation.code));
    Ok(Replaced {
        reference: file.mail.submission.clone().filter(|_| is_seen),
        file_name: file_name.unwrap_or_else(|| A_FILE.to_owned()),
        sent_at: file.mail.received_at,
        sender: (!is_own).then(|| name.to_owned()),
        organisations: both.map(|organisation| organisation.name.clone()).collect(),
    })
}

/// Who is proved to have sent a mail.
pub(super) fn sender_of(message: &Message) -> Option<AccountId> {
    message.mail.sender.as_ref().map(|(sender, _)| *sender)
}

/// When a file is applied: by the first run after it came in. A run waits for the checks of what came in before it, so that
/// may be now; of those that took too long, it is the next.
pub(super) async fn run_of(gate: &Gate, tx: &Transaction, message: &Message) -> Result<Timestamp, GateError> {
    let (now, minute) = (gate.now(), gate.rules.email.run_at);
    let first = next_at_minute(message.mail.received_at, minute);
    let Some(last) = runs::last(tx).await? else {
        return Ok(first.max(now));
    };
    // Of a day's run, only what came in before its time is part.
    let is_part = last.cutoff >= message.seq && (last.day.is_none() || first <= last.started_at);
    Ok(match last.finished_at {
        None if is_part => now,
        // It was taken down when the run had begun already, or the run did not wait for it any longer.
        _ if last.started_at >= first => next_at_minute(now, minute),
        _ => first.max(now),
    })
}

/// What the run will do with the rows that wait: nothing, but for those with problems, if later files replace all of them.
pub(super) fn foreseen(totals: &Totals, is_replaced: bool) -> Foreseen {
    if is_replaced {
        return Foreseen {
            rejected: totals.with_problems(),
            ..Foreseen::default()
        };
    }
    let sure = |kind: RowKind| totals.count(|tally| tally.kind == kind && !tally.warned && tally.outcome.is_open());
    Foreseen {
        created: sure(RowKind::Create),
        changed: sure(RowKind::Update),
        no_change: sure(RowKind::NoChange),
        rejected: totals.with_problems(),
        undecided: totals.count(|tally| tally.kind != RowKind::Problem && tally.warned && tally.outcome.is_open()),
    }
}

/// The first problems of a file's rows, in words.
pub(super) async fn first_problems(
    gate: &Gate,
    tx: &Transaction,
    submission: &Submission,
    reader: &Account,
) -> Result<Vec<String>, GateError> {
    let filter = Filter {
        kind: Some(RowKind::Problem),
        ..Filter::default()
    };
    let rows = rows::page(tx, &submission.id, filter, LISTED as u64).await?;
    let said = Said::to(gate, submission, reader);
    let problems = rows.iter().flat_map(|row| row.planned.step.problems());
    Ok(problems.take(LISTED).map(|problem| said.words(problem)).collect())
}

/// How problems are told in a letter.
pub(super) struct Said<'a> {
    submission: &'a Submission,
    /// Whether what stands in cells may leave in a letter to the reader.
    quotes: bool,
}

impl<'a> Said<'a> {
    pub(super) fn to(gate: &Gate, submission: &'a Submission, reader: &Account) -> Self {
        Self {
            submission,
            quotes: may_be_attached(gate, &address(reader)),
        }
    }

    pub(super) fn words(&self, problem: &Problem) -> String {
        let audience = Audience::of(self.submission.channel);
        let said = match self.quotes {
            true => problem.sentence(audience),
            false => problem.shared_for(audience),
        };
        match problem.place {
            Place::File => said,
            Place::Row { .. } | Place::Cell { .. } => {
                format!("{}: {said}", problem.place.name(&self.submission.layout))
            }
        }
    }
}

/// What a file's format is called.
pub(super) fn format_of(gate: &Gate, submission: &Submission) -> String {
    let name = submission.format.as_deref().unwrap_or_default();
    let known = gate.formats.get(name);
    known.map_or_else(|| name.to_owned(), |format| format.title.clone())
}

/// Where somebody is written to: at their present address.
pub(super) fn address(of: &Account) -> String {
    of.attributes.text(Attribute::EmailAddress).to_owned()
}
