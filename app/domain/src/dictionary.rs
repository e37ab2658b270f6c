//! The attribute dictionary: every attribute once, with its name, limit, allowed values and the one way to read it.
//!
//! Forms, CSV formats, change files and the API all read it; nothing else knows a limit or a label.

mod change;
mod input;
mod leftovers;
mod parsing;
mod reading;
mod shown;
mod values;

use serde::{Deserialize, Serialize};

use self::reading::Reading;
pub use self::{
    change::Change,
    input::Input,
    values::{Attributes, CLEAR, Value},
};
use crate::values::email_address::EmailAddress;

/// Everything that is known of a person, and what files say of organisations. The order is the account form's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the dictionary's own names and hints say what each is")]
pub enum Attribute {
    AccountId,
    Title,
    WholeName,
    FirstName,
    Initials,
    LastName,
    DisplayName,
    EmailAddress,
    UserName,
    LocalId,
    Organisation,
    Site,
    Unit,
    JobTitle,
    Department,
    Telephone,
    Mobile,
    HideMobile,
    Pager,
    Fax,
    WebPage,
    SipAddress,
    ClinicalSpecialty,
    Role,
    WorkArea,
    Notes,
    Quota,
    Password,
    ActivationEmail,
    StartDate,
    EndDate,
    Language,
    TimeZone,
    Country,
    PostalAddress,
    AlternateEmail,
    FederationType,
    NotesTemplate,
    NotesName,
    Code,
    Name,
    ShortName,
    Parent,
    Status,
    Sites,
    Units,
}

/// An attribute's entry in the dictionary.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What pages call it, as a label.
    pub name: &'static str,
    /// The most characters it may have.
    pub limit: usize,
    /// Whether an account cannot be without it.
    pub required: bool,
    reading: Reading,
}

/// What helps somebody to fill an attribute in. A browser that checks what is typed needs none of it, so it is asked for
/// apart from the entry.
#[derive(Clone, Copy, Debug)]
pub struct Guide {
    /// One sentence on what to put there.
    pub hint: &'static str,
    /// A value to show as an example.
    pub example: &'static str,
}

const fn entry(
    name: &'static str,
    limit: usize,
    reading: Reading,
    example: &'static str,
    hint: &'static str,
) -> (Entry, Guide) {
    let entry = Entry {
        name,
        limit,
        required: false,
        reading,
    };
    (entry, Guide { hint, example })
}

const fn required((entry, guide): (Entry, Guide)) -> (Entry, Guide) {
    let required = Entry {
        required: true,
        ..entry
    };
    (required, guide)
}

/// Between the values of an attribute that has many.
pub const MANY: &str = "; ";

impl Attribute {
    /// Every attribute of a person, in the account form's order.
    pub const ALL: [Self; 39] = [
        Self::AccountId,
        Self::Title,
        Self::WholeName,
        Self::FirstName,
        Self::Initials,
        Self::LastName,
        Self::DisplayName,
        Self::EmailAddress,
        Self::UserName,
        Self::LocalId,
        Self::Organisation,
        Self::Site,
        Self::Unit,
        Self::JobTitle,
        Self::Department,
        Self::Telephone,
        Self::Mobile,
        Self::HideMobile,
        Self::Pager,
        Self::Fax,
        Self::WebPage,
        Self::SipAddress,
        Self::ClinicalSpecialty,
        Self::Role,
        Self::WorkArea,
        Self::Notes,
        Self::Quota,
        Self::Password,
        Self::ActivationEmail,
        Self::StartDate,
        Self::EndDate,
        Self::Language,
        Self::TimeZone,
        Self::Country,
        Self::PostalAddress,
        Self::AlternateEmail,
        Self::FederationType,
        Self::NotesTemplate,
        Self::NotesName,
    ];

    /// Every attribute of an organisation, in the order of its file.
    pub const OF_ORGANISATIONS: [Self; 7] = [
        Self::Code,
        Self::Name,
        Self::ShortName,
        Self::Parent,
        Self::Status,
        Self::Sites,
        Self::Units,
    ];

    /// Its entry in the dictionary.
    #[must_use]
    pub const fn entry(self) -> Entry {
        self.both().0
    }

    /// What helps somebody to fill it in.
    #[must_use]
    pub const fn guide(self) -> Guide {
        self.both().1
    }

    /// The dictionary itself. Limits are S2's (table 3) where it has one, ours elsewhere.
    #[inline(always)]
    const fn both(self) -> (Entry, Guide) {
        use Reading::{
            Address, Choices, Country, Day, Fax, Federation, Key, Language, Line, Lines, Mobile, Name, Pager, Quota,
            Reference, Secret, TimeZone, UserName, WebPage, YesOrNo,
        };
        match self {
            Self::AccountId => entry(
                "ID",
                36,
                Reference,
                "",
                "The account's own ID. Leave it empty for a new person; fill it only to name an account that already \
                 exists.",
            ),
            Self::Title => entry("Title", 120, Line, "Ms", "How the person is addressed."),
            Self::WholeName => entry(
                "Whole name",
                255,
                Name,
                "Smith, Jane",
                "First and last name in one cell, as Smith, Jane or Jane Smith. The check shows how each was split.",
            ),
            Self::FirstName => required(entry("First name", 120, Name, "Jane", "The name used every day.")),
            Self::Initials => entry(
                "Middle initials",
                120,
                Line,
                "A",
                "Initials of the names between first and last.",
            ),
            Self::LastName => required(entry("Last name", 120, Name, "Smith", "The family name.")),
            Self::DisplayName => entry(
                "Display name",
                255,
                Line,
                "",
                "The name that the address book shows. If you leave it empty, it is made from the name and the \
                 organisation.",
            ),
            Self::EmailAddress => entry(
                "Email address",
                EmailAddress::LIMIT,
                Address,
                "",
                "If you leave it empty for a new person, an address is made from the name.",
            ),
            Self::UserName => entry("Username", 254, UserName, "", "The name to sign in with."),
            Self::LocalId => entry(
                "Local unique ID",
                64,
                Key,
                "4711",
                "Your own number for the person, such as the payroll number. It finds the account again in the next file.",
            ),
            Self::Organisation => required(entry(
                "Organisation",
                12,
                Reference,
                "",
                "The ODS code of an organisation that you manage.",
            )),
            Self::Site => entry(
                "Site",
                120,
                Reference,
                "",
                "The code or name of a site of the organisation.",
            ),
            Self::Unit => entry(
                "Organisational unit",
                255,
                Reference,
                "",
                "A unit of the organisation; write the levels with a slash, as in Medicine / Ward 7.",
            ),
            Self::JobTitle => entry("Job title", 100, Line, "Staff nurse", "What the person does."),
            Self::Department => entry("Department", 255, Line, "Medicine", "The department or team."),
            Self::Telephone => entry(
                "Telephone",
                20,
                Reading::Telephone,
                "01632 960123",
                "A UK or international number, with or without an extension (ext 4512), or an extension alone.",
            ),
            Self::Mobile => entry("Mobile", 20, Mobile, "07700 900123", "A UK mobile number."),
            Self::HideMobile => entry(
                "Hide mobile",
                3,
                YesOrNo,
                "no",
                "yes keeps the mobile number out of the address book.",
            ),
            Self::Pager => entry(
                "Pager",
                20,
                Pager,
                "",
                "The digits of a bleep, like 1480, or a UK or international number.",
            ),
            Self::Fax => entry("Fax", 20, Fax, "", "A UK or international number."),
            Self::WebPage => entry(
                "Web page",
                254,
                WebPage,
                "",
                "An address that begins with https:// or http://.",
            ),
            Self::SipAddress => entry(
                "SIP address",
                254,
                Address,
                "",
                "The address for voice and video calls, without sip: in front.",
            ),
            Self::ClinicalSpecialty => entry(
                "Clinical specialty",
                1000,
                Choices(|rules| &rules.lists.clinical_specialties),
                "Cardiology",
                "One or more values from the list.",
            ),
            Self::Role => entry(
                "Role",
                1000,
                Choices(|rules| &rules.lists.roles),
                "Nurse",
                "One or more values from the list.",
            ),
            Self::WorkArea => entry(
                "Work area",
                1000,
                Choices(|rules| &rules.lists.work_areas),
                "Wards",
                "One or more values from the list.",
            ),
            Self::Notes => entry(
                "Notes",
                1000,
                Lines,
                "",
                "Anything colleagues should know; everybody can read it.",
            ),
            Self::Quota => entry("Quota", 4, Quota, "4", "The mailbox's size in gigabytes."),
            Self::Password => entry(
                "Password",
                // Ours; S2 says 50. It is room for a sentence.
                128,
                Secret,
                "",
                "A one-time password for a new account; it must be changed at the first sign-in.",
            ),
            Self::ActivationEmail => entry(
                "Private email address",
                EmailAddress::LIMIT,
                Address,
                "",
                "For a new account only: the activation link goes there instead of to the new mailbox. It is not kept once the account is activated, and never shown in the directory.",
            ),
            Self::StartDate => entry(
                "First day",
                40,
                Day,
                "",
                "For a new account: the day on which the activation link is sent, like 27/03/2027. Leave it empty to send the link at once.",
            ),
            Self::EndDate => entry(
                "Last working day",
                40,
                Day,
                "",
                "For temporary staff: a later day, like 27/09/2027, on which the account becomes a leaver’s. An empty \
                 cell keeps the current day; (clear) removes it.",
            ),
            Self::Language => entry(
                "Language",
                5,
                Language,
                "en-GB",
                "The language that the person prefers: two letters, or two letters and a country, like en-GB.",
            ),
            Self::TimeZone => entry(
                "Time zone",
                30,
                TimeZone,
                "Europe/London",
                "The time zone where the person works.",
            ),
            Self::Country => entry("Country", 2, Country, "GB", "The two letters of a country, like GB."),
            Self::PostalAddress => entry(
                "Postal address",
                254,
                Lines,
                "",
                "Where letters reach the person at work.",
            ),
            Self::AlternateEmail => entry(
                "Alternative email address",
                EmailAddress::LIMIT,
                Address,
                "",
                "Invitations and notices of changes go there. It is never shown in the directory.",
            ),
            Self::FederationType => entry(
                "Federation type",
                20,
                Federation,
                "",
                "Where the person signs in: NON_FEDERATED, FEDERATED or MODIFIED_FEDERATED.",
            ),
            Self::NotesTemplate => entry(
                "Mail template",
                255,
                Line,
                "",
                "The template of the mailbox: its name, version and language, with a comma between them.",
            ),
            Self::NotesName => entry("Notes name", 255, Line, "", "The person’s name in the mail directory."),
            Self::Code => required(entry(
                "Code",
                12,
                Reference,
                "G7H8J",
                "The organisation’s ODS code: 3 to 12 letters and digits. It finds the organisation again in the next \
                 file.",
            )),
            Self::Name => entry(
                "Name",
                255,
                Line,
                "Harbour View Surgery",
                "The full name. A new organisation must have one.",
            ),
            Self::ShortName => entry(
                "Short name",
                255,
                Line,
                "Harbour View",
                "The name shown in brackets after a person’s. Leave it empty for a new organisation to use the full name.",
            ),
            Self::Parent => entry(
                "Parent",
                12,
                Reference,
                "",
                "The code of the organisation above it, here or in any row of the file. Leave it empty if there is none.",
            ),
            Self::Status => entry(
                "Status",
                12,
                Reference,
                "open",
                "open or closed. A new organisation is open if you leave it empty.",
            ),
            Self::Sites => entry(
                "Sites",
                10_000,
                Reference,
                "HV1: Main Surgery; HV2: Quay Street",
                "Sites to add, each as its code, a colon and its name.",
            ),
            Self::Units => entry(
                "Units",
                10_000,
                Reference,
                "Medicine; Medicine / Ward 7",
                "Organisational units to add; write the levels with a slash.",
            ),
        }
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.entry().name
    }

    /// Whether several values may stand in it.
    #[must_use]
    pub const fn is_many(self) -> bool {
        matches!(self.entry().reading, Reading::Choices(_))
    }

    /// What is so of somebody as one of a customer's people, and stays behind when they go to another customer.
    pub const OF_CUSTOMERS: [Self; 4] = [
        Self::AlternateEmail,
        Self::FederationType,
        Self::NotesTemplate,
        Self::NotesName,
    ];

    /// Whether change files alone give it: no form, no other file and no sync client asks for it.
    #[must_use]
    pub const fn is_of_change_files(self) -> bool {
        matches!(
            self,
            Self::Language
                | Self::TimeZone
                | Self::Country
                | Self::PostalAddress
                | Self::AlternateEmail
                | Self::FederationType
                | Self::NotesTemplate
                | Self::NotesName
        )
    }

    /// Whether it is for those alone who manage the person: it is in no directory, and in no file that others take away.
    #[must_use]
    pub const fn is_private(self) -> bool {
        matches!(self, Self::ActivationEmail | Self::AlternateEmail)
    }

    /// Whether a file may give it but nothing keeps it: it points at something, or is secret.
    #[must_use]
    pub const fn is_kept(self) -> bool {
        !matches!(
            self,
            Self::AccountId
                | Self::WholeName
                | Self::Organisation
                | Self::Password
                | Self::ActivationEmail
                | Self::StartDate
                | Self::EndDate
        )
    }
}

#[cfg(test)]
mod tests;
