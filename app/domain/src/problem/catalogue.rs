//! The catalogue of problems: for each kind, a sentence that says what is wrong. What to do about it is in `hints.rs`, and
//! both of the text of one cell in `value.rs`.

use super::{Kind, Problem, in_sentence};
use crate::{
    dictionary::{Attribute, CLEAR},
    policy::GUARDED_DAYS,
    values::{ids::RowNumber, numbers::thousands},
};

impl Problem {
    /// What is wrong, in one sentence, with the value where there is one.
    #[must_use]
    pub fn message(&self) -> String {
        let value = &self.value;
        match &self.kind {
            Kind::Empty => "There is nothing in this file.".into(),
            Kind::EmptySpreadsheet { sheet: None } => "There is nothing in this spreadsheet.".into(),
            Kind::EmptySpreadsheet { sheet: Some(sheet) } => format!("There is nothing in the sheet “{sheet}”."),
            Kind::NotText => "The file is neither a CSV file nor a spreadsheet that can be read.".into(),
            Kind::NoRows => "The file has headings but no rows.".into(),
            Kind::TooLarge { limit_mib } => format!("The file is larger than {limit_mib} MB."),
            Kind::TooManyColumns { found, most } => format!("The file has {found} columns; the most is {most}."),
            Kind::TooManyRows { most } => format!("The file has more than {} rows.", thousands(*most)),
            Kind::CellTooLong { cell, most } => {
                format!(
                    "Cell {cell} has more than {} characters.",
                    thousands(u32::try_from(*most).unwrap_or(u32::MAX))
                )
            }
            Kind::OldWorkbook => "The file is an older Excel workbook (.xls).".into(),
            Kind::BrokenWorkbook => "The spreadsheet is damaged, or no sheet of it can be read.".into(),
            // Of a file of another kind (workbooks)
            Kind::LockedWorkbook => "The file is a spreadsheet with a password.".into(),
            Kind::BinaryWorkbook => "The file is a binary Excel workbook (.xlsb).".into(),
            Kind::WebPage => "The file is a web page (HTML), even if its name ends like a spreadsheet’s.".into(),
            Kind::XmlWorkbook => {
                "The file is an Excel 2003 XML spreadsheet, even if its name ends like an Excel workbook’s.".into()
            }
            Kind::OtherXml => "The file is an XML file.".into(),
            Kind::Pdf => "The file is a PDF document.".into(),
            Kind::TextDocument => "The file is a Word document or another text document.".into(),
            Kind::RichText => "The file is a rich text document (RTF).".into(),
            Kind::Picture => "The file is a picture.".into(),
            Kind::Archive => "The file is a ZIP file or another archive.".into(),
            Kind::AppleNumbers => "The file is an Apple Numbers document.".into(),
            Kind::UnpacksTooLarge { limit_mib } => {
                format!("The spreadsheet holds more than {limit_mib} MB once it is unpacked.")
            }
            Kind::UnknownFormat {
                missing,
                extra,
                repeated,
                ..
            } => headings(missing, extra, repeated),
            Kind::Unbalanced { row } => format!("A quotation mark opened in row {row} is never closed."),
            Kind::BrokenHeadings { row } => {
                format!("The quotation marks in the headings (row {row}) do not match.")
            }
            Kind::OtherHeadings { row } => {
                format!("Row {row} holds headings again, but not the same ones in the same order.")
            }
            Kind::BrokenQuotes { swallowed, apart } => broken_quotes(swallowed, *apart),
            Kind::NotCalculated => "This cell holds a formula whose result was never worked out.".into(),
            Kind::TooManyCells { found, headings } => {
                format!("This row has {found} cells, but there are {headings} headings.")
            }
            Kind::ChannelCannot { channel, operation } => {
                format!("“{}” is not possible by {}.", operation.name(), channel.name())
            }
            Kind::Missing { attribute } => format!("{} is missing.", attribute.name()),
            Kind::CannotClear { attribute } => format!("{} cannot be cleared.", attribute.name()),
            Kind::Unprintable { attribute } => format!("{} contains characters that cannot be seen.", attribute.name()),
            Kind::NotALanguage => format!("“{value}” is not a language."),
            Kind::NotACountry => format!("“{value}” is not the code of a country."),
            Kind::NotATimeZone => format!("“{value}” is not a time zone."),
            Kind::NotAFederationType => format!("“{value}” is not a federation type."),
            Kind::NotAnAddress => format!("“{value}” is not an email address."),
            // Links of new people.
            Kind::PrivateInsideMailDomain { domain } => {
                format!("“{value}” is at {domain}, where the person cannot read email yet.")
            }
            Kind::PrivateNotUsed => {
                "The activation email address is not used, because the account already exists and is not yet activated."
                    .into()
            }
            Kind::PrivateNotNeeded => {
                "The activation email address is not used, because the account has been activated.".into()
            }
            Kind::NotATelephone { attribute } => {
                format!("“{value}” is not a {} number.", in_sentence(*attribute))
            }
            Kind::CellError { .. }
            | Kind::TooLong { .. }
            | Kind::NotAName { .. }
            | Kind::HasSigns { .. }
            | Kind::OutsideMailDomain { .. }
            | Kind::InsideMailDomain { .. }
            | Kind::NotAUkMobile
            | Kind::Unseen { .. }
            | Kind::NoName { .. }
            | Kind::WrongAddress { .. }
            | Kind::WrongNumber { .. }
            | Kind::StandsForNothing { .. }
            | Kind::DigitsLost { .. }
            | Kind::NotYesOrNo { .. }
            | Kind::NotAQuota { .. }
            | Kind::NotAWebPage
            | Kind::WebPageWithSignIn
            | Kind::NotADay => self.message_of_value().unwrap_or_default(),
            Kind::BothNamesInOne { attribute, .. } => {
                let other = match attribute {
                    Attribute::FirstName => Attribute::LastName,
                    _ => Attribute::FirstName,
                };
                format!("{} is missing. {} may hold both names.", attribute.name(), other.name())
            }
            Kind::ReadWithoutFraction { attribute, read } => {
                format!(
                    "“{value}” looks like {} {read} and is read as that.",
                    in_sentence(*attribute)
                )
            }
            Kind::LooksLikeADate { attribute } => {
                format!("{} “{value}” looks like a date.", attribute.name())
            }
            Kind::ReadAsEmpty { attribute, word } => {
                format!("“{word}” in {} is read as an empty cell.", in_sentence(*attribute))
            }
            Kind::NameAsTyped { attribute, noticed, .. } => {
                format!("{} “{value}” {}.", attribute.name(), noticed.said())
            }
            Kind::NameKept { attribute, how, .. } => {
                let kept = in_sentence(*attribute);
                format!(
                    "{} “{value}” {}. The {kept} here is kept.",
                    attribute.name(),
                    how.said()
                )
            }
            Kind::ReadAsNames { first, last, dropped } => {
                let read = format!("“{value}” is read as {first} / {last} (first name / last name).");
                match dropped.as_str() {
                    "" => read,
                    dropped => format!("{read} “{dropped}” is not used."),
                }
            }
            Kind::NotSplit => format!("“{value}” cannot be split into a first and a last name."),
            Kind::MayBeNobody { attribute } => {
                format!("“{value}” may stand for a missing {}.", in_sentence(*attribute))
            }
            Kind::PrivateHere { name, .. } => format!("{name} was given the same private email address."),
            Kind::PrivateInOtherRow { other } => format!("Row {other} has the same private email address."),
            Kind::NotInList {
                attribute,
                part,
                others,
                ..
            } => {
                let are = if others.is_empty() { "is" } else { "are" };
                let list = in_sentence(*attribute);
                format!("{} {are} not in the list for {list}.", quoted(part, others))
            }
            Kind::PasswordTooShort { .. } => "The password is too short.".into(),
            Kind::PasswordHasSpaces => "The password has a space in it.".into(),
            Kind::PasswordContainsName => "The password contains the person’s name.".into(),
            Kind::PasswordRepeats => "The password is the same few characters over and over.".into(),
            Kind::PasswordRuns => "The password mostly follows the alphabet, the digits or the keyboard.".into(),
            Kind::PasswordTooCommon => "The password is little more than a word that many people use.".into(),
            Kind::PasswordKnownName => {
                "The password is mostly the name of a person, of an organisation or of Staffbook.".into()
            }
            Kind::PasswordTwiceInFile { other } => format!("The file gives row {other} the same password."),
            Kind::PasswordOfExistingAccount => {
                "A file cannot set the password of an account that already exists.".into()
            }
            Kind::UnknownId => "You do not manage an account with this ID.".into(),
            Kind::UnknownOrganisation => format!("You do not manage an organisation with the code “{value}”."),
            Kind::ClosedOrganisation { name } => format!("{name} is closed."),
            Kind::OtherOrganisation { current } => format!("This person belongs to {current}, not to “{value}”."),
            Kind::UnknownSite { organisation } => format!("{organisation} has no site “{value}”."),
            Kind::UnknownUnit { organisation, .. } => {
                format!("{organisation} has no unit “{value}” that you manage.")
            }
            Kind::NotTakingChanges { name, status } => {
                format!("{name} is {}.", status.after_is())
            }
            Kind::AddressTaken => format!("“{value}” is already taken."),
            // Whose it is, and whether it is a name or an address, is not said.
            Kind::UserNameTaken => "This username is not available.".into(),
            Kind::NoAddressFromName => "No email address can be made from this name.".into(),
            Kind::LocalIdTaken { holder } => {
                let holder = holder.as_deref().unwrap_or("another person");
                format!("Local unique ID “{value}” belongs to {holder}.")
            }
            Kind::PointsAtAnother { name, other } => {
                format!("This row is about {name}, but “{value}” belongs to {other}.")
            }
            Kind::TwiceInFile { attribute, other } => {
                format!(
                    "{} is also in row {other}.",
                    if value.is_empty() { attribute.name() } else { value }
                )
            }
            Kind::CannotTurn { turn, name, status } => {
                format!("{name} is {}, so “{}” is not possible.", status.after_is(), turn.name())
            }
            Kind::CannotMove { name, status } => {
                format!("{name} is {} and cannot be transferred.", status.after_is())
            }
            Kind::NoPasswordFor { name, status } => {
                format!(
                    "{name} is {}, so the account cannot have a password.",
                    status.after_is()
                )
            }
            Kind::Held { name, reason, .. } => format!("{name} is held ({reason})."),
            Kind::OwnAccount => "This is your own account.".into(),
            Kind::LastGlobal { name } => format!("{name} is the only Global Administrator."),
            Kind::HoldsRole { name, touch, .. } => {
                format!("You cannot {}: they hold a role that you cannot end.", touch.to(name))
            }
            Kind::AddressJustChanged { name } => {
                format!("{name} holds a role, and their email address was changed in the last {GUARDED_DAYS} days.")
            }
            Kind::TooManyMisses { most } => {
                format!("You have entered {most} addresses today that belong to no leaver.")
            }
            Kind::LastPrimary { name, organisation } => {
                format!("{name} is the only Primary Local Administrator of {organisation} without an end date.")
            }
            Kind::NotADate => format!("“{value}” is not a date."),
            Kind::DateInPast => "The leaving date has passed.".into(),
            Kind::DateTooFar { days } => format!("The leaving date is more than {days} days ahead."),
            Kind::NoSuchLeaver => "No leaver has this address.".into(),
            Kind::NoSuchOrganisation => format!("There is no organisation with the code “{value}”."),
            Kind::SameOrganisation { name } => format!("The person already belongs to {name}."),
            Kind::ContactThereAlready { name } => format!("The contact already belongs to {name}."),
            Kind::ClosedToContacts { name } => format!("{name} is closed."),
            Kind::OfferToOwn { name } => format!("You manage {name} yourself."),
            Kind::ContactDeleted => "The contact is deleted.".into(),
            Kind::AlreadyOffered { to } => format!("The contact has already been offered to {to}."),
            Kind::OfferOver => "The offer is no longer open.".into(),
            Kind::CannotHoldRole { name, status } => format!("{name} is {}.", status.after_is()),
            Kind::HeldOnOtherTerms { name, role } => {
                format!("{name} is already {} there, with other dates or channels.", role.name())
            }
            Kind::UnitNeeded => "You manage units of this organisation, not all of it.".into(),
            Kind::NoConnectorChannel => "A Connector needs a channel to send through.".into(),
            Kind::DisablesWithoutApi => "Only a Connector that sends through the API can disable accounts.".into(),
            Kind::BeginsInPast => "The first day has passed.".into(),
            Kind::EndsInPast => "The last day has passed.".into(),
            Kind::EndsBeforeItBegins => "The last day is before the first.".into(),
            Kind::NoReason => "The reason is missing.".into(),
            Kind::ReasonUnprintable => "The reason contains characters that cannot be seen.".into(),
            Kind::ReasonTooLong { limit, length } => {
                format!("The reason has {length} characters; the most is {limit}.")
            }
            Kind::NoTokenName => "The name is missing.".into(),
            Kind::TokenNameTaken => "You already have a token with this name.".into(),
            Kind::TokenNameUnprintable => "The name contains characters that cannot be seen.".into(),
            Kind::TokenNameTooLong { limit, length } => {
                format!("The name has {length} characters; the most is {limit}.")
            }
            Kind::TokenForNoTime { .. } => "A token must last at least 1 day.".into(),
            Kind::TokenTooLong { days } => format!("A token can last {days} days at most."),
            Kind::TooManyTokens { most } => format!("You have {most} valid tokens, which is the most you can have."),
            Kind::EditedSince { by, on } => {
                let what = self.place.attribute().map_or("The account", Attribute::name);
                format!("{what} has changed since then, by {by} on {on}.")
            }
            Kind::TakenUpSince { on } => format!("The person has activated the account since then, on {on}."),
            Kind::GoneSince => "This account is no longer here, or you no longer manage it.".into(),
            Kind::MovedSince { name } => format!("The person has moved to {name} since then."),
            Kind::DeletedSince => "The account has been deleted since then.".into(),
            Kind::ClosedSince { name } => format!("{name} has closed since then."),
            Kind::TakenSince => {
                let what = self.place.attribute().map_or("This", Attribute::name);
                format!("{what} “{value}” now belongs to another person.")
            }
            Kind::NotAllowedAnyMore => {
                let what = self.place.attribute().map_or("This", Attribute::name);
                match value.as_str() {
                    CLEAR => format!("{what} can no longer be empty."),
                    value => format!("{what} can no longer be “{value}”."),
                }
            }
            // bulk
            Kind::RolesStayEnded { roles } => format!("These roles have ended and do not come back: {roles}."),
            Kind::CannotGoBack => "You do not manage the organisation that this person came from.".into(),
            // absence
            Kind::AbsenceInPast => "The first day of the absence has passed.".into(),
            Kind::AbsenceTooFar { days } => format!("The absence begins more than {days} days ahead."),
            Kind::BackBeforeAway => "The day of return is not after the first day of the absence.".into(),
            Kind::BackTooLate { months } => {
                format!("The day of return is more than {months} months after the first day of the absence.")
            }
            Kind::LeaverCannotPlan { name } => format!("{name} is a leaver, so an absence cannot be planned ahead."),
            Kind::StartTooFar { days } => format!("The first day is more than {days} days ahead."),
            Kind::LeavesBeforeStart => "The last working day is not after the first day.".into(),
            // days
            Kind::StartInPast { on } => {
                format!("The first day, {on}, is in the past, so the activation link is sent at once.")
            }
            Kind::StartNotUsed => {
                "The first day is not used, because the activation link has already been given out.".into()
            }
            Kind::FirstDayPassed => "The first day is not after today.".into(),
            Kind::LastDayPassed => format!("“{value}” is not after today."),
            Kind::LastDayByMachine => {
                "A program’s file cannot change the last working day of an existing account.".into()
            }
            Kind::AwayAfterLeaving { leaves } => format!("They leave on {leaves}, before this absence is over."),
            Kind::LeavesWhileAway { away } => {
                format!("They are away {away}, and would still be away on the day they leave.")
            }
            Kind::AlreadyThere => "This already exists.".into(),
            Kind::NotThere => "This does not exist.".into(),
            Kind::NotACode => format!("“{value}” is not an organisation’s code."),
            Kind::NotAStatus => format!("“{value}” is neither open nor closed."),
            Kind::NotASite { part } => format!("“{part}” is not a site."),
            Kind::SiteTwice { code } => format!("The site {code} is in this cell twice, with two names."),
            Kind::NotAUnit { part } => format!("“{part}” is not a unit."),
            Kind::UnknownParent => format!("There is no organisation “{value}”, here or in the file."),
            Kind::ParentInCircle { round } => match round.as_slice() {
                [_] => "The organisation is its own parent.".into(),
                round => {
                    let named: Vec<_> = round.iter().take(MOST_NAMED).map(ToString::to_string).collect();
                    let more = if round.len() > MOST_NAMED { " and more" } else { "" };
                    format!("The parents go round in a circle: {}{more}.", named.join(", "))
                }
            },
            Kind::ParentHasProblem { other } => format!("The parent “{value}” is in row {other}, which has a problem."),
            Kind::TooManyLevels { most } => format!("Organisations can be at most {most} levels deep."),
            Kind::CannotMoveOrganisation { parent: Some(parent) } => {
                format!("The organisation is below {parent}. A file cannot move it.")
            }
            Kind::CannotMoveOrganisation { parent: None } => {
                "The organisation has no parent. A file cannot move it below another.".into()
            }
            Kind::ClosedWithPeople => "The organisation has people, so it cannot be closed.".into(),
            Kind::LooksLike {
                name,
                local_id,
                address,
                organisation,
                ..
            } => {
                let known_as = if local_id.is_empty() {
                    address
                } else {
                    &format!("local ID {local_id}")
                };
                let place = organisation.as_ref().map_or("here".into(), |name| format!("at {name}"));
                format!("{name}, {known_as}, is already {place}.")
            }
            Kind::ContactAlreadyHere {
                name,
                organisation: None,
                ..
            } => format!("{name} is a contact with this address already."),
            Kind::ContactAlreadyHere {
                name,
                organisation: Some(place),
                ..
            } => format!("{name} is a contact of {place} with this address already."),
            Kind::LooksLikeContact {
                name,
                address,
                organisation,
                ..
            } => {
                let place = organisation.as_ref().map_or("here".into(), |name| format!("of {name}"));
                format!("{name}, {address}, is already a contact {place}.")
            }
            Kind::OtherName { name } => format!("This row is about {name}, but both names are different."),
            Kind::OtherLocalId { name, current } => {
                format!("The email address is that of {name}, whose local ID is {current}, not “{value}”.")
            }
            Kind::LooksLikeRow {
                other,
                name,
                organisation,
            } => {
                let place = organisation.as_ref().map(|name| format!(", for {name},"));
                let place = place.unwrap_or_default();
                format!("{name} in row {other}{place} looks like the same person.")
            }
            // Of the review
            Kind::NumberInOtherRow { other, organisation } => {
                format!("Local unique ID “{value}” is also in row {other}, for {organisation}.")
            }
            Kind::AddressInOtherRow { other } => format!("The account in row {other} will get “{value}”."),
            Kind::AddressElsewhere => format!("“{value}” is already taken."),
            Kind::OrganisationByName { .. } => format!("“{value}” is not an organisation’s code."),
            Kind::Skipped => "This row was skipped.".into(),
            // Of a change file
            Kind::ChangeFile(fault) => fault.sentence(),
            Kind::Change(fault) => fault.sentence(),
            Kind::Customer(fault) => fault.message(),
        }
    }
}

/// Headings that a sentence names before it only counts the others.
const MOST_NAMED: usize = 10;

fn headings(missing: &[String], extra: &[String], repeated: &[String]) -> String {
    let list = |names: &[String]| {
        let named = names.iter().take(MOST_NAMED).map(|name| format!("“{name}”"));
        let mut named = named.collect::<Vec<_>>().join(", ");
        if names.len() > MOST_NAMED {
            named += &format!(" and {} more", names.len() - MOST_NAMED);
        }
        named
    };
    let parts = [("missing", missing), ("not known", extra), ("repeated", repeated)];
    let said = parts.iter().filter(|(_, names)| !names.is_empty());
    let said: Vec<_> = said.map(|(what, names)| format!("{}: {}", what, list(names))).collect();
    format!(
        "The headings do not match a file format. {}.",
        capitalised(&said.join("; "))
    )
}

/// Values in quotation marks, such as “Astronaut”, “Pilot” and “Cook”.
fn quoted(first: &str, others: &[String]) -> String {
    match others.split_last() {
        None => format!("“{first}”"),
        Some((last, between)) => {
            let between: String = between.iter().map(|other| format!(", “{other}”")).collect();
            format!("“{first}”{between} and “{last}”")
        }
    }
}

fn broken_quotes(swallowed: &[RowNumber], apart: Option<RowNumber>) -> String {
    let mut said =
        "The quotation marks in this row do not match: a cell is never closed, or goes on after its closing mark."
            .to_owned();
    if !swallowed.is_empty() {
        let be = if swallowed.len() == 1 { "was" } else { "were" };
        said += &format!(
            " {} may be part of that cell and {be} not read.",
            RowNumber::list(swallowed)
        );
    }
    if let Some(first) = apart {
        said += &format!(" The rows from row {first} on were read separately.");
    }
    said
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
