//! What the fields of forms are called, and the places on pages to which problems lead.

use domain::{channel::Channel, connector::ProposalKind, dictionary::Attribute};

use super::dates::DateNames;

/// The form itself, where a problem is of no single field.
pub const WHOLE: &str = "person";
/// The link to the OpenID Connect provider, where what went wrong there is told.
pub const BY_PROVIDER: &str = "openid";
/// The version of a person that a form was shown with.
pub const SEEN: &str = "seen";
/// The submission whose answers are being changed.
pub const FROM: &str = "from";
/// What the address bar says where another organisation is wanted. No organisation has a code in small letters.
pub const ANOTHER_ONE: &str = "another";

/// The detail that is changed for many: its attribute's slug.
pub const DETAIL: &str = "detail";
/// What it becomes.
pub const VALUE: &str = "value";
/// Whether it is emptied.
pub const EMPTY: &str = "empty";

/// The table that says what the columns of a file hold.
pub const COLUMNS: &str = "columns";
/// The field that says which sheet of a workbook is read.
pub const SHEET: &str = "sheet";
/// The field that says which row holds the headings.
pub const HEADINGS: &str = "headings";
/// What a text of a file means where its cell is to be left empty.
pub const LEFT_EMPTY: &str = "(empty)";

/// The field that says what a column holds, counted from 0.
#[must_use]
pub fn column_field(place: usize) -> String {
    format!("column-{place}")
}

/// The field that says what every row of a file has.
#[must_use]
pub fn for_all_field(attribute: Attribute) -> String {
    format!("all-{}", attribute.slug())
}

/// The table that asks what the texts in a column mean.
#[must_use]
pub fn texts_table(attribute: Attribute) -> String {
    format!("texts-{}", attribute.slug())
}

/// The field that names a text whose meaning is asked, counted from 0.
#[must_use]
pub fn text_field(attribute: Attribute, place: usize) -> String {
    format!("text-{}-{place}", attribute.slug())
}

/// The field that says what that text means.
#[must_use]
pub fn meaning_field(attribute: Attribute, place: usize) -> String {
    format!("meaning-{}-{place}", attribute.slug())
}

/// How activation links are given out.
pub const HOW: &str = "how";
/// From behind which row on.
pub const AFTER: &str = "after";
/// That links are given out to people, too, whose first day is still to come.
pub const STARTERS: &str = "starters";

/// In which cells of a row the other rows with the same problem are mended, too: the attributes' slugs.
pub const EVERYWHERE: &str = "everywhere";
/// The cell that is to overwrite what was changed by hand: its attribute's slug.
pub const OVERRULE: &str = "overrule";
/// The cell that is to overwrite it no longer.
pub const KEEP: &str = "keep";
/// What is decided about a row as a whole: to skip it, or to include it.
pub const DECIDE: &str = "decide";
/// That a row is to be applied without the cells that stand beyond the headings.
pub const SURPLUS: &str = "surplus";
/// The field that says what a cell held when its form was shown.
#[must_use]
pub fn was(attribute: Attribute) -> String {
    format!("was-{}", attribute.slug())
}
/// What the address bar says of a file's rows, for whoever comes back to them: which sort, with which problem, with which
/// words, behind which.
pub const BACK: [&str; 4] = ["show", "problem", "find", "after"];
/// The row that was mended last.
pub const MENDED: &str = "mended";
/// How many others were mended with it.
pub const ALSO: &str = "also";
/// In place of that number: nothing was changed.
pub const UNCHANGED: &str = "unchanged";

/// The fields of a role's first day.
pub const FIRST_DAY: DateNames = DateNames {
    called: "First day",
    day: "from-day",
    month: "from-month",
    year: "from-year",
};
/// The fields of a role's last day.
pub const LAST_DAY: DateNames = DateNames {
    called: "Last day",
    day: "until-day",
    month: "until-month",
    year: "until-year",
};

/// The field that lets a Connector disable accounts through the API.
pub const MAY_DISABLE: &str = "may-disable";

/// The field that lets a Connector send through a channel.
#[must_use]
pub const fn channel_field(channel: Channel) -> &'static str {
    match channel {
        Channel::EmailCsv => "channel-email-csv",
        Channel::Api => "channel-api",
        Channel::ChangeFile => "channel-change-file",
        Channel::Portal | Channel::PortalCsv | Channel::Undo | Channel::Organisations | Channel::System => {
            "channel-none"
        }
    }
}

/// The field of how a connector's requests are read.
pub const DIALECT: &str = "dialect";
/// The field of what happens when a connector deletes somebody.
pub const DELETES: &str = "deletes";
/// The field that lets nothing be applied of what a connector sends.
pub const SHADOW: &str = "shadow";
/// The field of the one proposal that is declined.
pub const PROPOSAL: &str = "proposal";
/// The form that what was ticked above is sent with.
pub const TICKED: &str = "ticked";
/// The field of the proposals that a form shows, ticked or not.
pub const SHOWN: &str = "shown";
/// The field by which all that a form shows is accepted, whatever is ticked.
pub const ALL_SHOWN: &str = "all";
/// The field of the kind of proposals that a form accepts.
pub const OF_KIND: &str = "of";

/// The form that accepts proposals of one kind.
#[must_use]
pub fn ticked_of(kind: ProposalKind) -> String {
    format!("{TICKED}-{}", kind.slug())
}

/// The field that says what is done with a seat.
pub const SEAT_DOES: &str = "does";
/// The seat that a form is about.
pub const SEAT: &str = "seat";
/// The subscription of which somebody gets a seat.
pub const SEAT_OF: &str = "subscription";
/// Extra gigabytes for collaboration.
pub const SEAT_COLLAB: &str = "collab";
/// Extra gigabytes for mail.
pub const SEAT_MAIL: &str = "mail";

/// What a form does with a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeatForm {
    /// Somebody gets one.
    Assign,
    /// It becomes one of another subscription.
    Change,
    /// It ends.
    Revoke,
    /// It gets so many gigabytes besides its own.
    Storage,
}

impl SeatForm {
    const ALL: [Self; 4] = [Self::Assign, Self::Change, Self::Revoke, Self::Storage];

    /// What a form sends for it.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Change => "change",
            Self::Revoke => "revoke",
            Self::Storage => "storage",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.slug() == slug)
    }
}

/// The answer that takes what somebody else made of a detail; any other keeps one's own.
pub const THEIRS: &str = "theirs";

/// The field that asks whose a detail is to be, where two changed it.
#[must_use]
pub fn whose(attribute: Attribute) -> String {
    format!("whose-{}", attribute.slug())
}

/// The place that somebody goes to.
pub const PLACE: [Attribute; 4] = [
    Attribute::Organisation,
    Attribute::Site,
    Attribute::Unit,
    Attribute::LocalId,
];

/// What a leaver who is taken in may become, besides their place.
pub const BECOMES: [Attribute; 3] = [Attribute::JobTitle, Attribute::Department, Attribute::Telephone];
