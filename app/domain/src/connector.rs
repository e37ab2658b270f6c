//! How a connector's machine is answered, and what it proposes where it may not act by itself.

mod reason;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::reason::ProposalReason;
use crate::{
    account::{Account, AccountStatus},
    contact::Contact,
    dictionary::{Attribute, Attributes, CLEAR},
    policy::Deed,
    request::Cells,
    rules::Rules,
    values::{ids::Timestamp, text},
};

/// How a connector is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConnectorSettings {
    /// How exactly its machine keeps to the standard.
    pub dialect: WhichDialect,
    /// What becomes of its wishes to delete.
    pub deletes: Deletes,
    /// Whether everything that it sends is only rehearsed.
    pub shadow: bool,
}

impl ConnectorSettings {
    /// What is set, as the part of a sentence behind a colon.
    #[must_use]
    pub fn in_words(self) -> String {
        let shadow = if self.shadow {
            "nothing that it sends is applied"
        } else {
            "what it sends is applied"
        };
        let (dialect, deletes) = (self.dialect.name().to_lowercase(), self.deletes.name().to_lowercase());
        format!("{dialect}, {deletes}, {shadow}")
    }
}

/// How exactly a connector's machine keeps to the standard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhichDialect {
    /// What known products write differently is read as they mean it.
    #[default]
    Tolerant,
    /// Only what the standard says is read.
    Strict,
}

impl WhichDialect {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Tolerant, Self::Strict];

    /// The name it is sent and stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Tolerant => "tolerant",
            Self::Strict => "strict",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.slug() == slug)
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tolerant => "Tolerant of differences between products",
            Self::Strict => "Strictly by the standard",
        }
    }
}

/// What becomes of a machine's wishes to delete an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deletes {
    /// They are refused.
    #[default]
    Refuse,
    /// They become proposals for an administrator.
    Propose,
}

impl Deletes {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Refuse, Self::Propose];

    /// The name it is sent and stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Propose => "propose",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deletes| deletes.slug() == slug)
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refuse => "Requests to delete are refused",
            Self::Propose => "Requests to delete become proposals",
        }
    }
}

/// What a machine proposes for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProposalKind {
    /// To create an account, for somebody who may be here already.
    Create,
    /// To delete the account.
    Delete,
    /// To disable the account.
    Disable,
    /// To enable the account.
    Enable,
    /// To transfer the account to another organisation.
    Move,
    /// To change a contact.
    EditContact,
}

impl ProposalKind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::Create,
        Self::Delete,
        Self::Disable,
        Self::Enable,
        Self::Move,
        Self::EditContact,
    ];

    /// The name it is sent and stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Move => "move",
            Self::EditContact => "edit-contact",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "Create account",
            Self::Delete => "Delete account",
            Self::Disable => "Disable account",
            Self::Enable => "Enable account",
            Self::Move => "Transfer to another organisation",
            Self::EditContact => "Change contact",
        }
    }

    /// The deed that doing it is: those who may do that decide on it.
    #[must_use]
    pub const fn deed(self) -> Deed {
        match self {
            Self::Create => Deed::CreatePeople,
            Self::Delete | Self::Move => Deed::MoveAndEnd,
            Self::Disable | Self::Enable => Deed::DisableAndEnable,
            Self::EditContact => Deed::EditPeople,
        }
    }
}

impl ProposalKind {
    /// Whether what is proposed for an account is so already, or has no meaning any more.
    #[must_use]
    pub fn is_so(self, account: &Account, asked: &BTreeMap<Attribute, String>) -> bool {
        use AccountStatus::{Deleted, Disabled, Leaver};
        match self {
            Self::Delete => account.status == Deleted,
            Self::Disable => matches!(account.status, Disabled | Leaver | Deleted),
            Self::Enable => account.status != Disabled,
            Self::Move => {
                let to = asked.get(&Attribute::Organisation);
                account.status == Deleted || to.is_some_and(|to| account.organisation.as_str() == to)
            }
            // Whom a proposal to create is about is not here yet, and no account is a contact.
            Self::Create | Self::EditContact => true,
        }
    }

    /// The same for a contact.
    #[must_use]
    pub fn is_so_of_contact(self, contact: &Contact, asked: &BTreeMap<Attribute, String>, rules: &Rules) -> bool {
        let has = |(attribute, text): (&Attribute, &String)| holds(&contact.attributes, *attribute, text, rules);
        match self {
            Self::EditContact => contact.deleted_at.is_some() || asked.iter().all(has),
            Self::Create | Self::Delete | Self::Disable | Self::Enable | Self::Move => true,
        }
    }
}

/// By what a proposal to create an account is known when it is made again: the local ID, else the email address, else the
/// names, in small letters.
#[must_use]
pub fn creation_key(asked: &BTreeMap<Attribute, String>) -> String {
    let cells = cells(asked);
    let key = [Attribute::LocalId, Attribute::EmailAddress]
        .into_iter()
        .find_map(|attribute| cells.key(attribute));
    key.unwrap_or_else(|| whole_name(&cells)).to_lowercase()
}

/// What pages call somebody whose account is proposed: their name, else the email address, else the local ID.
#[must_use]
pub fn creation_name(asked: &BTreeMap<Attribute, String>) -> String {
    let cells = cells(asked);
    let text = |attribute| text::trimmed(cells.text(attribute)).to_owned();
    let mut names = [
        whole_name(&cells),
        text(Attribute::EmailAddress),
        text(Attribute::LocalId),
    ]
    .into_iter();
    names.find(|name| !name.is_empty()).unwrap_or_default()
}

fn cells(asked: &BTreeMap<Attribute, String>) -> Cells {
    Cells::of(asked.iter().map(|(attribute, text)| (*attribute, text.as_str())))
}

fn whole_name(cells: &Cells) -> String {
    let (first, last) = cells.names();
    text::trimmed(&format!("{first} {last}")).to_owned()
}

/// Whether a person has what a machine says of them, however it writes it.
#[must_use]
pub fn holds(attributes: &Attributes, attribute: Attribute, said: &str, rules: &Rules) -> bool {
    attributes.text(attribute) == as_held(attribute, said, rules)
}

/// A text of a machine as it would be held; empty where it empties. What cannot be read stays as it is.
#[must_use]
pub fn as_held(attribute: Attribute, said: &str, rules: &Rules) -> String {
    let said = said.trim();
    if said.is_empty() || said == CLEAR {
        return String::new();
    }
    let read = attribute.parse(said, ';', rules);
    read.map_or_else(|_| said.to_owned(), |value| value.to_string())
}

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// Days of contact from which on their gaps say anything.
const ENOUGH_DAYS: usize = 4;

/// How many seconds usually lie between two days on which a machine is in contact: the median. `None` while there are too
/// few such days to say. `days` are counted from 1970, the latest first.
#[must_use]
pub fn usual_gap(days: &[i64]) -> Option<i64> {
    let gaps = gaps(days)?;
    Some(gaps[gaps.len() / 2] * DAY / 1000)
}

/// Whether a machine is silent: for more than twice as long as usual, and for longer than it was before, as over weekends.
#[must_use]
pub fn is_silent(days: &[i64], last: Timestamp, now: Timestamp) -> bool {
    let Some(gaps) = gaps(days) else { return false };
    let (usual, longest) = (gaps[gaps.len() / 2], gaps[gaps.len() - 1]);
    // Contact early on one day and late on the next lies nearly two days apart.
    now.0 - last.0 > DAY * (usual * 2).max(longest + 1)
}

/// Requests of a day from which on their refusals say anything.
const ENOUGH_REQUESTS: i64 = 10;

/// Requests of a day that come too fast, from which on its machine is set up wrongly.
const TOO_FAST: i64 = 1_000;

/// Whether a machine fails on a day: more than half of its requests are refused, or very many come too fast.
#[must_use]
pub const fn is_failing(requests: i64, refused: i64, throttled: i64) -> bool {
    requests >= ENOUGH_REQUESTS && refused * 2 > requests || throttled >= TOO_FAST
}

/// The days between days of contact, the fewest first.
fn gaps(days: &[i64]) -> Option<Vec<i64>> {
    let mut gaps: Vec<_> = days.windows(2).map(|pair| pair[0] - pair[1]).collect();
    gaps.sort_unstable();
    (days.len() >= ENOUGH_DAYS).then_some(gaps)
}

/// What has become of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProposalState {
    /// It waits for an administrator.
    Open,
    /// An administrator asked for what it proposes.
    Accepted,
    /// An administrator said no.
    Declined,
    /// The machine says it no longer, or it is so already.
    Gone,
}

impl ProposalState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Open, Self::Accepted, Self::Declined, Self::Gone];

    /// The name it is sent and stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Gone => "gone",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }

    /// Whether a proposal that was decided on at a moment is answered, so that a machine that says the very same again
    /// is not asked about again. One that was accepted comes back where nothing has come of it within a day.
    #[must_use]
    pub fn is_answered(self, decided_at: Timestamp, now: Timestamp) -> bool {
        match self {
            Self::Declined => true,
            Self::Accepted => now < decided_at.plus_seconds(86_400),
            Self::Open | Self::Gone => false,
        }
    }
}

/// What would become of somebody by what a connector has tried whose requests are not applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrialKind {
    /// The account would be new.
    Create,
    /// It would change.
    Change,
    /// It would be disabled.
    Disable,
    /// It would be enabled.
    Enable,
    /// The connector would not see it any more, and administrators would be asked to delete it.
    Delete,
    /// It would be disabled, and then as with [`Self::Delete`].
    DisableAndDelete,
    /// What was asked is refused.
    Collide,
}

impl TrialKind {
    /// Every kind under which people are told, in this order.
    pub const ALL: [Self; 6] = [
        Self::Create,
        Self::Change,
        Self::Disable,
        Self::Enable,
        Self::Delete,
        Self::Collide,
    ];

    /// The kinds whose people are told under this one. Whoever would be disabled and then deleted is told under both.
    #[must_use]
    pub const fn told_with(self) -> &'static [Self] {
        match self {
            Self::Create => &[Self::Create],
            Self::Change => &[Self::Change],
            Self::Disable => &[Self::Disable, Self::DisableAndDelete],
            Self::Enable => &[Self::Enable],
            Self::Delete => &[Self::Delete, Self::DisableAndDelete],
            Self::DisableAndDelete => &[Self::DisableAndDelete],
            Self::Collide => &[Self::Collide],
        }
    }

    /// Whether the connector would not see the account any more.
    #[must_use]
    pub const fn is_gone(self) -> bool {
        matches!(self, Self::Delete | Self::DisableAndDelete)
    }

    /// The name it is sent and stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Delete => "delete",
            Self::DisableAndDelete => "disable-and-delete",
            Self::Collide => "collide",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter().chain([Self::DisableAndDelete]);
        all.find(|kind| kind.slug() == slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::email_address::MailDomain;

    #[test]
    fn names_of_settings_and_proposals_are_read_back() {
        for dialect in WhichDialect::ALL {
            assert_eq!(WhichDialect::from_slug(dialect.slug()), Some(dialect));
        }
        for deletes in Deletes::ALL {
            assert_eq!(Deletes::from_slug(deletes.slug()), Some(deletes));
        }
        for kind in ProposalKind::ALL {
            assert_eq!(ProposalKind::from_slug(kind.slug()), Some(kind));
        }
        for state in ProposalState::ALL {
            assert_eq!(ProposalState::from_slug(state.slug()), Some(state));
        }
        for kind in TrialKind::ALL.into_iter().chain([TrialKind::DisableAndDelete]) {
            assert_eq!(TrialKind::from_slug(kind.slug()), Some(kind));
            assert!(kind.told_with().contains(&kind));
        }
    }

    #[test]
    fn a_machine_is_silent_beyond_its_usual_gap_and_its_weekends() {
        let at = |day: i64| Timestamp(day * DAY);
        // Mondays to Fridays: 1970 began on a Thursday.
        let weekdays = [15, 14, 13, 12, 11, 8, 7, 6, 5, 4];
        assert_eq!(usual_gap(&weekdays), Some(86_400));
        assert!(!is_silent(&weekdays, at(15), at(18)), "a weekend");
        assert!(is_silent(&weekdays, at(15), Timestamp(at(19).0 + 1)));
        let daily = [9, 8, 7, 6];
        assert!(!is_silent(&daily, at(9), at(11)));
        assert!(is_silent(&daily, at(9), Timestamp(at(11).0 + 1)));
        assert_eq!(usual_gap(&[9, 8, 7]), None, "too few to say");
        assert!(!is_silent(&[9, 8, 7], at(9), at(90)));
    }

    #[test]
    fn a_machine_fails_where_most_of_a_day_is_refused_or_too_fast() {
        for (requests, refused, throttled, fails) in [
            (10, 6, 0, true),
            (10, 5, 0, false),
            (9, 9, 0, false),
            (2_000, 0, 999, false),
            (2_000, 0, 1_000, true),
            (0, 0, 0, false),
        ] {
            let said = is_failing(requests, refused, throttled);
            assert_eq!(said, fails, "{requests} {refused} {throttled}");
        }
    }

    #[test]
    fn what_a_machine_says_is_compared_as_it_would_be_held() {
        let rules = Rules::standard(MailDomain::parse("health.example").unwrap());
        let mobile = as_held(Attribute::Mobile, "07700 900123", &rules);
        assert_eq!(mobile, as_held(Attribute::Mobile, "+44 7700 900123", &rules));
        assert_eq!(as_held(Attribute::Mobile, CLEAR, &rules), "");
        assert_eq!(as_held(Attribute::JobTitle, " Nurse ", &rules), "Nurse");
    }

    #[test]
    fn a_proposed_account_is_known_by_its_local_id_then_address_then_name() {
        let mut asked = BTreeMap::from([
            (Attribute::FirstName, " Ines".to_owned()),
            (Attribute::LastName, "Marlow ".to_owned()),
            (Attribute::EmailAddress, "Ines.Marlow@Health.example".to_owned()),
            (Attribute::LocalId, "'A1012".to_owned()),
        ]);
        assert_eq!(creation_key(&asked), "a1012");
        assert_eq!(creation_name(&asked), "Ines Marlow");
        asked.remove(&Attribute::LocalId);
        assert_eq!(creation_key(&asked), "ines.marlow@health.example");
        asked.remove(&Attribute::EmailAddress);
        assert_eq!(creation_key(&asked), "ines marlow");
        let unnamed = BTreeMap::from([(Attribute::LocalId, "A1012".to_owned())]);
        assert_eq!(creation_name(&unnamed), "A1012");
    }

    #[test]
    fn a_declined_proposal_stays_declined_and_an_accepted_one_for_a_day() {
        let (then, day_later) = (Timestamp(0), Timestamp(86_400_000));
        assert!(ProposalState::Declined.is_answered(then, day_later));
        assert!(ProposalState::Accepted.is_answered(then, Timestamp(86_399_999)));
        assert!(!ProposalState::Accepted.is_answered(then, day_later));
        assert!(!ProposalState::Gone.is_answered(then, then));
    }
}
