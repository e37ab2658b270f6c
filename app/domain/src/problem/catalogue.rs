//! The catalogue of problems: for each kind, a sentence that says what is wrong and a hint that says what to do.

use super::{Kind, Problem};
use crate::{
    account::AccountStatus, channel::Operation, dictionary::Attribute, numbers::thousands, policy::GUARDED_DAYS,
    request::CLEAR,
};

impl Problem {
    /// What is wrong, in one sentence, with the value where there is one.
    #[must_use]
    pub fn message(&self) -> String {
        let value = &self.value;
        match &self.kind {
            Kind::Empty => "The file is empty.".into(),
            Kind::NotText => "The file is neither a CSV file nor a spreadsheet that can be read.".into(),
            Kind::NoRows => "The file has headings but no rows.".into(),
            Kind::TooLarge { limit_mib } => format!("The file is larger than {limit_mib} MiB."),
            Kind::TooManyColumns { found, most } => format!("The file has {found} columns; the most is {most}."),
            Kind::TooManyRows { most } => format!("The file has more than {} rows.", thousands(*most)),
            Kind::CellTooLong { cell, most } => {
                format!(
                    "Cell {cell} has more than {} characters.",
                    thousands(u32::try_from(*most).unwrap_or(u32::MAX))
                )
            }
            Kind::OldWorkbook => "The file is an older Excel workbook (.xls), or one with a password.".into(),
            Kind::BrokenWorkbook => "The spreadsheet is damaged, or no sheet of it can be read.".into(),
            Kind::UnpacksTooLarge { limit_mib } => {
                format!("The spreadsheet holds more than {limit_mib} MiB once it is unpacked.")
            }
            Kind::UnknownFormat {
                missing,
                extra,
                repeated,
                ..
            } => headings(missing, extra, repeated),
            Kind::Unbalanced { row } => format!("A quotation mark opened in row {row} is never closed."),
            Kind::TooManyCells { found, headings } => {
                format!("This row has {found} cells, but there are {headings} headings.")
            }
            Kind::ChannelCannot { channel, operation } => {
                format!("The {} cannot {}.", channel.name(), operation.name())
            }
            Kind::Missing { attribute } => format!("{} is missing.", attribute.name()),
            Kind::CannotClear { attribute } => format!("{} cannot be cleared.", attribute.name()),
            Kind::TooLong {
                attribute,
                limit,
                length,
            } => {
                format!("{} has {length} characters; the most is {limit}.", attribute.name())
            }
            Kind::Unprintable { attribute } => format!("{} contains characters that cannot be seen.", attribute.name()),
            Kind::NotAName { attribute } => format!("“{value}” is not a {}.", in_sentence(*attribute)),
            Kind::HasSigns { attribute, .. } => format!("{} can have {}.", attribute.name(), attribute.signs()),
            Kind::NotAnAddress => format!("“{value}” is not an e-mail address."),
            Kind::OutsideMailDomain { domain } => format!("“{value}” is not an address at {domain}."),
            Kind::InsideMailDomain { domain } => {
                format!("“{value}” is an address at {domain}; a contact has one elsewhere.")
            }
            Kind::NotATelephone { attribute } => {
                format!("“{value}” is not a {} number.", in_sentence(*attribute))
            }
            Kind::NotAUkMobile => format!("“{value}” is not a UK mobile number."),
            Kind::NotYesOrNo { .. } => format!("“{value}” is neither yes nor no."),
            Kind::NotInList { attribute, part, .. } => {
                format!("“{part}” is not in the list for {}.", in_sentence(*attribute))
            }
            Kind::NotAQuota { .. } => format!("“{value}” is not a mailbox size."),
            Kind::NotAWebPage => format!("“{value}” is not the address of a web page."),
            Kind::WebPageWithSignIn => "The web page’s address has a user name or a password in it.".into(),
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
            Kind::PasswordOfExistingAccount => "A file cannot set the password of somebody who is already here.".into(),
            Kind::UnknownId => "You look after no account with this ID.".into(),
            Kind::UnknownOrganisation => format!("You look after no organisation with the code “{value}”."),
            Kind::ClosedOrganisation { name } => format!("{name} is closed."),
            Kind::OtherOrganisation { current } => format!("This person belongs to {current}, not to “{value}”."),
            Kind::UnknownSite { organisation } => format!("{organisation} has no site “{value}”."),
            Kind::UnknownUnit { organisation, .. } => {
                format!("{organisation} has no unit “{value}” that you look after.")
            }
            Kind::NotTakingChanges { name, status } => {
                format!("{name} is {}.", status.after_is())
            }
            Kind::AddressTaken => format!("“{value}” is not free."),
            Kind::NoAddressFromName => "No e-mail address can be made from this name.".into(),
            Kind::LocalIdTaken { holder } => {
                let holder = holder.as_deref().unwrap_or("somebody else");
                format!("Local unique ID “{value}” belongs to {holder}.")
            }
            Kind::PointsAtAnother { name, other } => {
                format!("This row points at {name}, but “{value}” belongs to {other}.")
            }
            Kind::TwiceInFile { attribute, other } => {
                format!(
                    "{} stands in row {other} too.",
                    if value.is_empty() { attribute.name() } else { value }
                )
            }
            Kind::CannotTurn { turn, name, status } => {
                format!("{name} is {}; “{}” does not fit that.", status.after_is(), turn.name())
            }
            Kind::CannotMove { name, status } => {
                format!("{name} is {} and cannot be transferred.", status.after_is())
            }
            Kind::NoPasswordFor { name, status } => {
                format!(
                    "{name} is {}; the account has no use for a password.",
                    status.after_is()
                )
            }
            Kind::OwnAccount => "This is your own account.".into(),
            Kind::LastGlobal { name } => format!("{name} is the only Global Administrator."),
            Kind::HoldsRole { name } => format!("{name} holds a role that you cannot end."),
            Kind::AddressJustChanged { name } => {
                format!("{name} holds a role, and their email address was changed in the last {GUARDED_DAYS} days.")
            }
            Kind::TooManyMisses { most } => {
                format!("You have entered {most} addresses today that belong to no leaver.")
            }
            Kind::LastPrimary { name, organisation } => {
                format!("Apart from {name}, nobody is Primary Local Administrator of {organisation} for good.")
            }
            Kind::NotADate => format!("“{value}” is not a date."),
            Kind::DateInPast => "The leaving date has passed.".into(),
            Kind::DateTooFar { days } => format!("The leaving date is more than {days} days ahead."),
            Kind::NoSuchLeaver => "No leaver has this address.".into(),
            Kind::NoSuchOrganisation => format!("There is no organisation with the code “{value}”."),
            Kind::SameOrganisation { name } => format!("The person belongs to {name} already."),
            Kind::ContactThereAlready { name } => format!("The contact belongs to {name} already."),
            Kind::ClosedToContacts { name } => format!("{name} is closed."),
            Kind::OfferToOwn { name } => format!("You look after {name} yourself."),
            Kind::ContactDeleted => "The contact is deleted.".into(),
            Kind::AlreadyOffered { to } => format!("The contact is offered to {to} already."),
            Kind::OfferOver => "The offer is no longer open.".into(),
            Kind::CannotHoldRole { name, status } => format!("{name} is {}.", status.after_is()),
            Kind::HeldOnOtherTerms { name, role } => {
                format!("{name} is {} there already, with other dates or channels.", role.name())
            }
            Kind::UnitNeeded => "You look after units of this organisation, not all of it.".into(),
            Kind::NoConnectorChannel => "A Connector has to send through something.".into(),
            Kind::BeginsInPast => "The first day has passed.".into(),
            Kind::EndsInPast => "The last day has passed.".into(),
            Kind::EndsBeforeItBegins => "The last day is before the first.".into(),
            Kind::NoReason => "The reason is missing.".into(),
            Kind::ReasonUnprintable => "The reason contains characters that cannot be seen.".into(),
            Kind::ReasonTooLong { limit, length } => {
                format!("The reason has {length} characters; the most is {limit}.")
            }
            Kind::NoTokenName => "The name is missing.".into(),
            Kind::TokenNameTaken => "You have a token with this name already.".into(),
            Kind::TokenNameUnprintable => "The name contains characters that cannot be seen.".into(),
            Kind::TokenNameTooLong { limit, length } => {
                format!("The name has {length} characters; the most is {limit}.")
            }
            Kind::TokenForNoTime { .. } => "A token has to be good for at least one day.".into(),
            Kind::TokenTooLong { days } => format!("A token is good for {days} days at most."),
            Kind::TooManyTokens { most } => format!("You have {most} tokens that are good, which is the most."),
            Kind::EditedSince { by, on } => {
                let what = self.place.attribute().map_or("The account", Attribute::name);
                format!("{what} was changed since, by {by} on {on}.")
            }
            Kind::TakenUpSince { on } => format!("Its person has taken the account up since, on {on}."),
            Kind::GoneSince => "This account is not here any more, or not yours to look after.".into(),
            Kind::MovedSince { name } => format!("The person has gone to {name} since."),
            Kind::DeletedSince => "The account was deleted since.".into(),
            Kind::ClosedSince { name } => format!("{name} is closed by now."),
            Kind::TakenSince => {
                let what = self.place.attribute().map_or("This", Attribute::name);
                format!("{what} “{value}” belongs to somebody else by now.")
            }
            Kind::NotAllowedAnyMore => {
                let what = self.place.attribute().map_or("This", Attribute::name);
                match value.as_str() {
                    CLEAR => format!("{what} cannot be empty any more."),
                    value => format!("{what} cannot be “{value}” any more."),
                }
            }
            Kind::AlreadyThere => "This is already there.".into(),
            Kind::NotThere => "This is not there.".into(),
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
            Kind::TooManyLevels { most } => format!("The organisation would be more than {most} levels down the tree."),
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
            Kind::OtherName { name } => format!("Both names differ from those of {name}, whom this row points at."),
            Kind::OtherLocalId { name, current } => {
                format!("The e-mail address is that of {name}, whose local ID is {current}, not “{value}”.")
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
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match &self.kind {
            Kind::Empty | Kind::NoRows => {
                "Put one person in each row below the headings, save, and upload it again.".into()
            }
            Kind::NotText => "In your spreadsheet choose Save as, then CSV UTF-8 or Excel workbook (.xlsx).".into(),
            Kind::TooLarge { .. } | Kind::TooManyRows { .. } => "Split it into smaller files.".into(),
            Kind::CellTooLong { .. } => "Shorten it. Or a quotation mark before it is not closed.".into(),
            Kind::OldWorkbook => "Open it, save it as an Excel workbook (.xlsx) without a password, and upload that.".into(),
            Kind::BrokenWorkbook => "Open it, save it anew or as CSV UTF-8, and upload that.".into(),
            Kind::UnpacksTooLarge { .. } => "Take pictures and other sheets out of it, or save it as CSV UTF-8.".into(),
            Kind::TooManyColumns { .. } => "Take away the columns that are not those of the format.".into(),
            Kind::UnknownFormat { .. } => {
                "Change the headings in the first row to those of the format, and upload the file again.".into()
            }
            Kind::Unbalanced { .. } => "Close it, or take it away, and upload the file again.".into(),
            Kind::TooManyCells { .. } => "Put quotation marks around a cell that has a comma in it.".into(),
            Kind::ChannelCannot { operation, .. } => use_another_channel(*operation),
            Kind::Missing { attribute } if *attribute == Attribute::Unit => {
                "Enter the unit that you look after.".into()
            }
            Kind::Missing { attribute } => format!("Enter the {}.", in_sentence(*attribute)),
            Kind::CannotClear { .. } => "Enter a value, or leave the cell empty to keep what is there.".into(),
            Kind::TooLong { .. } => "Shorten it.".into(),
            Kind::Unprintable { .. } => "Type it again instead of pasting it.".into(),
            Kind::NotAName { .. } => "Enter it in letters; check that the columns have not moved.".into(),
            Kind::HasSigns { signs, .. } => format!("Take out “{signs}”."),
            Kind::NotAnAddress => "Enter one address like jane.smith@example.org.".into(),
            Kind::OutsideMailDomain { .. } => "Leave the cell empty and an address is made from the name.".into(),
            Kind::InsideMailDomain { .. } => {
                "Create an account instead, or enter the person’s address elsewhere.".into()
            }
            Kind::NotATelephone { .. } => "Enter it like 01632 960123 or +33 1 23 45 67 89.".into(),
            Kind::NotAUkMobile => "Enter eleven digits that begin with 07, like 07700 900123.".into(),
            Kind::NotYesOrNo { .. } => "Enter yes or no.".into(),
            Kind::NotInList {
                nearest: Some(nearest), ..
            } => format!("Did you mean “{nearest}”?"),
            Kind::NotInList { nearest: None, .. } => "Choose from the list on the page about file formats.".into(),
            Kind::NotAQuota { most } => format!("Enter a whole number of gigabytes from 1 to {most}."),
            Kind::NotAWebPage => "Enter an address that begins with https:// or http://.".into(),
            Kind::WebPageWithSignIn => "Enter the address without them, as anybody can open it.".into(),
            Kind::PasswordTooShort { least } => format!("Use at least {least} characters."),
            Kind::PasswordHasSpaces => "Leave the spaces out.".into(),
            Kind::PasswordContainsName => "Use one without the name.".into(),
            Kind::PasswordRepeats => "Use more different characters.".into(),
            Kind::PasswordRuns => "Use words that have nothing to do with each other.".into(),
            Kind::PasswordTooCommon => "Use three words that have nothing to do with each other.".into(),
            Kind::PasswordKnownName => "Use words that have nothing to do with your work.".into(),
            Kind::PasswordTwiceInFile { .. } => {
                "Give each person a password of their own, or empty the cell: they then get an activation link.".into()
            }
            Kind::PasswordOfExistingAccount => "Empty the cell; passwords in a file are for new accounts only.".into(),
            Kind::UnknownId => "Empty the cell to find the person by local ID or address.".into(),
            Kind::UnknownOrganisation => "Enter the code of an organisation that you look after.".into(),
            Kind::ClosedOrganisation { .. } => "Enter the code of the organisation the person works for now.".into(),
            Kind::OtherOrganisation { current } => {
                format!("Enter {current}; a file does not move people between organisations.")
            }
            Kind::UnknownUnit { needs_one: true, .. } => "Enter a unit that you look after.".into(),
            Kind::UnknownSite { .. } | Kind::UnknownUnit { .. } => {
                "Enter one of the organisation’s own, or leave the cell empty.".into()
            }
            Kind::NotTakingChanges { .. } => "Leave the row out; a file does not change such an account.".into(),
            Kind::AddressTaken => "Leave the cell empty and a free address is made from the name.".into(),
            Kind::NoAddressFromName => "Enter an e-mail address for the person.".into(),
            Kind::LocalIdTaken { .. } => "Enter the person’s own number.".into(),
            Kind::PointsAtAnother { .. } => "Correct whichever is wrong.".into(),
            Kind::TwiceInFile {
                attribute: Attribute::Code,
                ..
            } => "Keep one row for each organisation.".into(),
            Kind::TwiceInFile { .. } => "Keep one row for each person.".into(),
            Kind::CannotTurn { .. } => "Look at the account again: its page offers what can be done now.".into(),
            Kind::CannotMove {
                status: AccountStatus::Leaver,
                ..
            } => "Let the other organisation take the leaver in, or undo the leaving first.".into(),
            Kind::CannotMove { .. } => "Restore the account first.".into(),
            Kind::NoPasswordFor { .. } => "Enable or restore the account first.".into(),
            Kind::OwnAccount => "Ask another administrator to do it.".into(),
            Kind::LastGlobal { .. } => "Make somebody else a Global Administrator first.".into(),
            Kind::HoldsRole { .. } => {
                "Ask a Primary Local Administrator or a Global Administrator: somebody who could end all of this person’s \
                 roles."
                    .into()
            }
            Kind::AddressJustChanged { .. } => {
                "Ask somebody who could end all of this person’s roles to reset the password, or wait.".into()
            }
            Kind::TooManyMisses { .. } => {
                "Check the address with the person, or with the organisation they leave, and try again tomorrow.".into()
            }
            Kind::LastPrimary { .. } => {
                "Ask for another Primary Local Administrator to be appointed first; a Global Administrator can do it."
                    .into()
            }
            Kind::NotADate => "Enter a day, a month and a year, like 27 3 2027.".into(),
            Kind::DateInPast => "Enter a day ahead, or choose today.".into(),
            Kind::DateTooFar { .. } => "Enter an earlier day.".into(),
            Kind::NoSuchLeaver => {
                "Check the address. Only somebody whom their organisation has marked as leaver can be taken in.".into()
            }
            Kind::NoSuchOrganisation => "Enter its code (ODS), like G7H8J.".into(),
            Kind::SameOrganisation { .. } => "Choose another organisation.".into(),
            Kind::ContactThereAlready { .. } | Kind::ClosedToContacts { .. } => "Choose another organisation.".into(),
            Kind::OfferToOwn { .. } => "Transfer the contact there: nobody else needs to accept it.".into(),
            Kind::ContactDeleted => "Restore it first.".into(),
            Kind::AlreadyOffered { .. } => "Withdraw that offer first, or wait for the answer.".into(),
            Kind::OfferOver => {
                "Somebody has answered it, withdrawn it, or it has lapsed; nothing needs to be done.".into()
            }
            Kind::CannotHoldRole {
                status: AccountStatus::Leaver,
                ..
            } => "Undo the leaving first, or give the role to somebody else.".into(),
            Kind::CannotHoldRole {
                status: AccountStatus::Disabled | AccountStatus::Deleted,
                ..
            } => "Enable or restore the account first, or give the role to somebody else.".into(),
            Kind::CannotHoldRole { .. } => {
                "A Connector needs an active account: wait until its person uses it, or choose somebody else.".into()
            }
            Kind::HeldOnOtherTerms { .. } => "Revoke that role first, then give it again.".into(),
            Kind::UnitNeeded => "Enter one of the units that you look after.".into(),
            Kind::NoConnectorChannel => "Choose at least one channel.".into(),
            Kind::BeginsInPast => "Enter a day ahead, or leave it empty: then the role begins at once.".into(),
            Kind::EndsInPast => "Enter today or a day ahead, or leave it empty.".into(),
            Kind::EndsBeforeItBegins => "Enter a later last day, or an earlier first one.".into(),
            Kind::NoReason => "Say in a few words why; whoever reads the history will want to know.".into(),
            Kind::ReasonTooLong { .. } => "Shorten it.".into(),
            Kind::ReasonUnprintable | Kind::TokenNameUnprintable => "Type it again.".into(),
            Kind::TokenNameTaken => "A token is shown once only. If it is lost, revoke it; or choose another name.".into(),
            Kind::NoTokenName => "Enter what the token is for, such as the name of the system that uses it.".into(),
            Kind::TokenNameTooLong { .. } => "Shorten it.".into(),
            Kind::TokenForNoTime { days } => format!("Choose a number of days from 1 to {days}."),
            Kind::TokenTooLong { .. } => "Choose a shorter time.".into(),
            Kind::TooManyTokens { .. } => "Revoke one that is not used any more.".into(),
            Kind::EditedSince { .. } => "It stays as it is.".into(),
            Kind::TakenUpSince { .. } => "It stays. If it should go all the same, delete it on its page.".into(),
            Kind::GoneSince | Kind::MovedSince { .. } => "Nothing is changed there.".into(),
            Kind::DeletedSince => "To reverse its changes, restore it first and undo the upload again.".into(),
            Kind::ClosedSince { .. } => "The accounts of a closed organisation stay as they are.".into(),
            Kind::TakenSince | Kind::NotAllowedAnyMore => "It stays as it is now.".into(),
            Kind::AlreadyThere => "Nothing needs to be done.".into(),
            Kind::NotThere => "Choose another.".into(),
            Kind::NotACode => "Enter 3 to 12 letters and digits, like G7H8J.".into(),
            Kind::NotAStatus => "Enter open or closed.".into(),
            Kind::NotASite { .. } => "Enter a code, a colon and a name, like HV1: Main Surgery.".into(),
            Kind::SiteTwice { .. } => "Keep one name for each site.".into(),
            Kind::NotAUnit { .. } => "Enter its name, or shorten it.".into(),
            Kind::UnknownParent => "Add a row for it, or correct the code.".into(),
            Kind::ParentInCircle { .. } => "Correct the parent of one of them.".into(),
            Kind::ParentHasProblem { .. } => "Correct that row first.".into(),
            Kind::TooManyLevels { .. } => "Enter a parent higher up.".into(),
            Kind::CannotMoveOrganisation { parent: Some(parent) } => {
                format!("Enter {parent}, or leave the cell empty.")
            }
            Kind::CannotMoveOrganisation { parent: None } => "Leave the cell empty.".into(),
            Kind::ClosedWithPeople => "Move its people to another organisation first.".into(),
            Kind::LooksLike {
                organisation: Some(_), ..
            } => {
                "If it is the same person, leave the row out and transfer that account instead; else apply the row as it is."
                    .into()
            }
            Kind::LooksLike { .. } => {
                "If it is the same person, put this local ID or address in the row; else apply the row as it is.".into()
            }
            Kind::ContactAlreadyHere { .. } | Kind::LooksLikeContact { .. } => "If it is the same person, change that contact instead.".into(),
            Kind::OtherName { .. } => {
                "If it is somebody else, correct the local ID; if the person has a new name, apply the row as it is."
                    .into()
            }
            Kind::OtherLocalId { .. } => {
                "If it is somebody else, empty the address; if the local ID has changed, apply the row as it is.".into()
            }
            Kind::LooksLikeRow { .. } => "If it is the same person, take one of the rows away; else apply both.".into(),
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
    let parts = [("missing", missing), ("not known", extra), ("there twice", repeated)];
    let said = parts.iter().filter(|(_, names)| !names.is_empty());
    let said: Vec<_> = said.map(|(what, names)| format!("{}: {}", what, list(names))).collect();
    format!(
        "The headings are not those of a format. {}.",
        capitalised(&said.join("; "))
    )
}

fn use_another_channel(operation: Operation) -> String {
    let channels: Vec<_> = operation.channels().map(|channel| channel.name()).collect();
    format!("Use: {}.", channels.join(", "))
}

/// An attribute's name within a sentence.
#[must_use]
pub fn in_sentence(attribute: Attribute) -> String {
    let name = attribute.name();
    let word = |word: &str| match word.chars().nth(1).is_some_and(char::is_uppercase) {
        // An initialism keeps its capitals.
        true => word.to_owned(),
        false => word.to_lowercase(),
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
