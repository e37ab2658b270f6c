//! What is gathered while applied rows are followed: by whom they were asked for, the links that are made, and whom letters
//! tell of what.

use std::collections::{HashMap, HashSet};

use domain::{
    account::Account,
    change_file::ChangeRow,
    dictionary::{Attribute, Attributes},
    organisation::{OrganisationCode, UnitPath},
    policy::{Actor, Role},
    request::ChangeRequest,
    subscription::SubscriptionNumber,
    values::ids::{AccountId, RowNumber, SubmissionId, Timestamp},
};
use store::{
    Transaction,
    access::{codes::NewCode, credentials::NewLink},
};

use crate::{
    Gate,
    service::letters::{AbsenceNews, Letter, MoveNews, RoleTurn},
    sign_in::spoken::{MadeCode, ReadyCode},
};

/// By whom something is done, in which submission, and who is given the links that are made.
pub(crate) struct Doing<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) submission: &'a SubmissionId,
    pub(crate) viewer: Viewer,
    /// Whose links may be replaced.
    pub(crate) replaces: Replaces,
    /// The private addresses that rows give for the links of those whom they create.
    pub(crate) private: HashMap<RowNumber, String>,
    /// Colleagues whom another letter tells of it.
    pub(crate) told: &'a [AccountId],
    /// What organisations are called, as far as the plan knew it; letters name them.
    pub(crate) names: HashMap<OrganisationCode, String>,
    /// What rows of a change file say of letters; `None` where they are of no change file.
    pub(crate) change_file: Option<OfChangeFile>,
}

/// What rows of a change file say of the letters that follow from them.
#[derive(Debug, Default)]
pub(crate) struct OfChangeFile {
    /// Those of whose person nobody is written to (S2: SUPPRESS_ALL).
    suppressed: HashSet<RowNumber>,
}

impl OfChangeFile {
    /// What these rows say.
    pub(crate) fn of<'r>(requests: impl Iterator<Item = &'r ChangeRequest>) -> Self {
        let is_suppressed = |request: &&ChangeRequest| request.wish.change_row().is_some_and(ChangeRow::suppresses);
        Self {
            suppressed: requests.filter(is_suppressed).map(|request| request.row).collect(),
        }
    }

    /// Whether the person of a row is written to.
    pub(super) fn writes(&self, row: RowNumber) -> bool {
        !self.suppressed.contains(&row)
    }
}

/// What follows from the rows of one transaction, as far as it is known yet.
pub(super) struct Aftermath<'a> {
    pub(super) gate: &'a Gate,
    pub(super) tx: &'a Transaction,
    pub(super) doing: &'a Doing<'a>,
    pub(super) by: String,
    pub(super) people: HashMap<AccountId, Account>,
    /// Of the organisations that letters have named so far.
    pub(super) names: HashMap<OrganisationCode, String>,
    /// What subscriptions are called, of which letters have told so far.
    pub(super) subscriptions: HashMap<SubscriptionNumber, Option<String>>,
    pub(super) linking: Linking,
    pub(super) letters: Vec<(String, Letter)>,
    /// The addresses that people had until recently, where a letter goes to them too.
    pub(super) former: HashMap<AccountId, Vec<String>>,
    /// Who has moved, for the administrators of the organisations that they have left.
    pub(super) moved: Vec<MovedPerson>,
    /// Which roles were given or have ended, for their holders and the holders' colleagues.
    pub(super) roles: Vec<TurnedRole>,
    /// Whose absence changed or ended.
    pub(super) absences: Vec<AbsentPerson>,
}

/// A one-time link that was made to be shown, once, to the person who asked for it. Links that are good at the same time
/// work until one of them is used, or others replace them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeLink {
    /// Whose.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// The address that they sign in with.
    pub address: String,
    /// The whole address of the link.
    pub url: String,
    /// Until when it is good.
    pub expires: Timestamp,
    /// A code that stands for it, for those who read the link out or write it down.
    pub code: Option<MadeCode>,
}

/// Who is there to be given the links that are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Viewer {
    /// The person who asked for the change waits for the answer; the account's holder gets another link by email.
    Asker,
    /// The person who asked passes the links on, because their mailboxes cannot be read yet: no email is sent.
    AskerAlone,
    /// A worker, the service, or a page that shows no links.
    #[default]
    Nobody,
}

impl Viewer {
    pub(super) const fn is_shown(self) -> bool {
        matches!(self, Self::Asker | Self::AskerAlone)
    }
}

/// Whose links may be replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Replaces {
    /// Anybody's.
    #[default]
    Any,
    /// Only those of people who have not activated their accounts; of anybody else nothing is done at all.
    Activations,
}

/// The links that are being made.
#[derive(Default)]
pub(super) struct Linking {
    /// Those to be shown.
    pub(super) shown: Vec<MadeLink>,
    /// Whose earlier links end before others are kept.
    pub(super) ended: Vec<AccountId>,
    /// Those of new accounts, which have no others, and of those whose others end; they are kept all at once.
    pub(super) first: Vec<NewLink>,
    /// The codes of new accounts, likewise.
    pub(super) first_codes: Vec<NewCode>,
    /// Codes that are not yet anybody's.
    pub(super) ready: Vec<ReadyCode>,
    /// The private addresses to which people are sent their links.
    pub(super) private: HashMap<AccountId, String>,
    /// Who is sent links to their mailbox alone.
    pub(super) to_mailbox: HashSet<AccountId>,
    /// Those of them that new accounts bring along.
    pub(super) first_private: Vec<(AccountId, String)>,
    /// To how many of these a link is sent now.
    pub(super) sent_privately: u32,
    /// To how many of these a link is sent later.
    pub(super) privately_later: u32,
}

/// Somebody who went to another organisation.
pub(super) struct MovedPerson {
    pub(super) name: String,
    pub(super) how: MoveNews,
    pub(super) from: OrganisationCode,
    pub(super) to: OrganisationCode,
}

/// A role that was given or has ended.
pub(super) struct TurnedRole {
    pub(super) holder: AccountId,
    pub(super) role: Role,
    pub(super) organisation: OrganisationCode,
    pub(super) unit: Option<UnitPath>,
    pub(super) turn: RoleTurn,
    /// Whether it was given to send files by email.
    pub(super) by_email: bool,
}

/// Somebody whose absence changed or ended.
pub(super) struct AbsentPerson {
    pub(super) account: AccountId,
    pub(super) organisation: OrganisationCode,
    pub(super) news: AbsenceNews,
}

pub(crate) fn first_name(attributes: &Attributes) -> String {
    attributes.text(Attribute::FirstName).to_owned()
}

pub(crate) fn address(attributes: &Attributes) -> &str {
    attributes.text(Attribute::EmailAddress)
}

/// The other address at which somebody can be reached, if they have one.
pub(super) fn alternate(attributes: &Attributes) -> Option<&str> {
    Some(attributes.text(Attribute::AlternateEmail)).filter(|address| !address.is_empty())
}
