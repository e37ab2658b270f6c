//! The catalogue of hints: for each kind of problem, a sentence that says what to do about it. Those of the text of one cell
//! are in `value.rs`.

use super::{
    Audience, Kind, Problem, in_sentence,
    value::{ONE_NAME, number_like},
};
use crate::{
    account::status::AccountStatus,
    channel::Operation,
    dictionary::Attribute,
    policy::Ender,
    values::{locale, names},
};

impl Problem {
    /// What its reader can do about it, in one sentence.
    #[must_use]
    pub fn hint(&self, audience: Audience) -> String {
        match &self.kind {
            Kind::NoName { .. } if names::is_vacant(&self.value) => of_audience(
                audience,
                "Skip this row if nobody has the post yet.",
                "Leave this row out if nobody has the post yet.",
            ),
            Kind::Empty | Kind::EmptySpreadsheet { sheet: None } => {
                "Check which file you meant to send. It needs a row of headings, and the list in the rows below them.".into()
            }
            Kind::EmptySpreadsheet { sheet: Some(_) } => {
                "Choose the sheet that has the list, or check which file you meant to send.".into()
            }
            Kind::NoRows => {
                sending(audience, "Add rows below the headings, save the file and upload it again.")
            }
            Kind::NotText => "In your spreadsheet choose Save as, then CSV UTF-8 or Excel workbook (.xlsx).".into(),
            Kind::TooLarge { .. } | Kind::TooManyRows { .. } => of_audience(
                audience,
                "Split it into smaller files.",
                "Send one file for each organisation.",
            ),
            Kind::CellTooLong { .. } => {
                "Shorten it. If it looks short, check for a quotation mark before it that is never closed.".into()
            }
            // Of a file of another kind (workbooks)
            Kind::OldWorkbook | Kind::BinaryWorkbook | Kind::WebPage | Kind::XmlWorkbook => {
                sending(audience, "Open it in Excel, choose Save as, then Excel workbook (.xlsx), and upload that file.")
            }
            Kind::LockedWorkbook => sending(audience, "Open it, remove the password, save it and upload it again."),
            Kind::OtherXml | Kind::Pdf => sending(audience, "Ask for the list as a CSV file or an Excel workbook (.xlsx), and upload that."),
            Kind::TextDocument | Kind::RichText => {
                sending(audience, "Copy the table into a spreadsheet, save it as an Excel workbook (.xlsx) or CSV UTF-8, and upload that.")
            }
            Kind::Picture => {
                sending(audience, "Type the list into a spreadsheet, save it as an Excel workbook (.xlsx) or CSV UTF-8, and upload that.")
            }
            Kind::Archive => sending(audience, "Unpack it and upload the spreadsheet or CSV file that is in it."),
            Kind::AppleNumbers => sending(audience, "In Numbers choose File, Export To, then Excel or CSV, and upload that file."),
            Kind::BrokenWorkbook => sending(audience, "Open it, save it again or as CSV UTF-8, and upload that file."),
            Kind::UnpacksTooLarge { .. } => "Take pictures and other sheets out of it, or save it as CSV UTF-8.".into(),
            Kind::TooManyColumns { .. } => "Delete the columns that you do not need.".into(),
            Kind::UnknownFormat { row, .. } => {
                let place = match row {
                    Some(row) if row.0 > 1 => format!("row {row}"),
                    _ => "the first row".to_owned(),
                };
                sending(
                    audience,
                    &format!("Change the headings in {place} to those of the format, and upload the file again."),
                )
            }
            Kind::Unbalanced { .. } => sending(audience, "Close it or delete it, and upload the file again."),
            Kind::BrokenHeadings { .. } => {
                sending(audience, "In a text editor, close or delete each of them, and upload the file again.")
            }
            Kind::OtherHeadings { .. } => of_audience(
                audience,
                "Upload the two lists as separate files.",
                "Send the two lists as separate files.",
            ),
            Kind::BrokenQuotes { .. } => {
                sending(
                    audience,
                    "In a text editor, delete each quotation mark within a cell or write it twice (\"\", not \\\"). \
                     Then upload the file again.",
                )
            }
            Kind::NotCalculated => {
                sending(audience, "Open the file in your spreadsheet, save it there and upload it again, or enter the value itself.")
            }
            Kind::TooManyCells { .. } => of_audience(
                audience,
                "Delete the cells beyond the last heading. In a CSV file, put quotation \
                 marks around a cell that has a comma in it.",
                "Put quotation marks around a cell that has a comma in it.",
            ),
            Kind::ChannelCannot { operation, .. } => use_another_channel(*operation),
            Kind::Missing { attribute } if *attribute == Attribute::Unit => {
                "Enter the unit that you manage.".into()
            }
            Kind::Missing { attribute } if is_a_name(*attribute) => {
                format!("Enter the {}. {ONE_NAME}", in_sentence(*attribute))
            }
            Kind::Missing { attribute } => format!("Enter the {}.", in_sentence(*attribute)),
            Kind::CannotClear { .. } => "Enter a value, or leave the cell empty to keep what is there.".into(),
            Kind::Unprintable { .. } => "Type it again instead of pasting it.".into(),
            Kind::NotALanguage => "Enter two letters, or two letters and a country, like en or en-GB.".into(),
            Kind::NotACountry if self.value.eq_ignore_ascii_case(locale::NOT_GB) => {
                "Write GB for the United Kingdom.".into()
            }
            Kind::NotACountry => "Enter the two letters of ISO 3166, like GB.".into(),
            Kind::NotATimeZone => "Enter a name like Europe/London.".into(),
            Kind::NotAFederationType => "Enter NON_FEDERATED, FEDERATED or MODIFIED_FEDERATED.".into(),
            Kind::NotAnAddress => "Enter one address like jane.smith@example.org.".into(),
            Kind::NotATelephone { attribute } => number_like(*attribute).into(),
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
            | Kind::NotADay => self.hint_of_value().unwrap_or_default(),
            Kind::BothNamesInOne { first, last, .. } => {
                format!("Enter {first} as the first name and {last} as the last name.")
            }
            Kind::ReadWithoutFraction { attribute, read } => format!(
                "Scripts and databases write whole numbers like this. Enter {read} if that is the person’s {}.",
                in_sentence(*attribute)
            ),
            Kind::LooksLikeADate { .. } => {
                "Spreadsheets turn numbers such as 3-12 into dates. If that happened, enter the number again as text.".into()
            }
            Kind::ReadAsEmpty { .. } => {
                "Databases and scripts write it where there is no value. The current value stays as it is.".into()
            }
            Kind::NameAsTyped { noticed, meant, .. } => noticed.hint(meant),
            Kind::NameKept { stays, .. } => of_audience(
                audience,
                &format!("“{stays}” stays. If you want the other, change it on the person’s page."),
                &format!("“{stays}” stays. If you want the other, change it on the person’s page in the portal."),
            ),
            Kind::ReadAsNames { dropped, .. } if dropped.is_empty() => {
                "If that is wrong, write it with a comma after the last name: Smith, Jane.".into()
            }
            Kind::ReadAsNames { .. } => {
                "If it is part of the name, put the first and last names in separate columns.".into()
            }
            Kind::NotSplit => {
                "Write it with one comma, after the last name: Smith, Jane. For somebody with only one name, write \
                 that name on both sides of the comma."
                    .into()
            }
            Kind::MayBeNobody { attribute } => {
                let name = in_sentence(*attribute);
                of_audience(
                    audience,
                    &format!("If it is the person’s name, include the row. If not, enter the {name}."),
                    &format!("If it is the person’s name, use the portal for this person. If not, send the {name}."),
                )
            }
            Kind::PrivateInOtherRow { .. } | Kind::PrivateHere { .. } => of_audience(
                audience,
                "The activation links of both people would go there. If one is wrong, correct it. If they share the address, \
                 include the row.",
                "The activation links of both people would go there. Send each person’s own address, or leave it out.",
            ),
            // Links of new people.
            Kind::PrivateInsideMailDomain { .. } => {
                "Enter a private email address, or leave the cell empty.".into()
            }
            Kind::PrivateNotUsed => of_audience(
                audience,
                "To give the person another link, open their account and send the activation link again. You are shown the \
                 link too, so that you can pass it on.",
                "An administrator can send the person another activation link.",
            ),
            Kind::PrivateNotNeeded => of_audience(
                audience,
                "If the person cannot sign in, open their account and reset the password.",
                "If the person cannot sign in, an administrator can reset the password.",
            ),
            Kind::NotInList {
                nearest: Some(nearest), ..
            } => format!("Did you mean “{nearest}”?"),
            Kind::NotInList { nearest: None, .. } => {
                "Choose a value from the list on the page “What a file must look like”.".into()
            }
            Kind::PasswordTooShort { least } => format!("Use at least {least} characters."),
            Kind::PasswordHasSpaces => "Leave the spaces out.".into(),
            Kind::PasswordContainsName => "Use one without the name.".into(),
            Kind::PasswordRepeats => "Use more different characters.".into(),
            Kind::PasswordRuns => "Use words that have nothing to do with each other.".into(),
            Kind::PasswordTooCommon => "Use three words that have nothing to do with each other.".into(),
            Kind::PasswordKnownName => "Use words that have nothing to do with your work.".into(),
            Kind::PasswordTwiceInFile { .. } => {
                "Give each person a different password. If you leave the cell empty, they get an activation \
                 link.".into()
            }
            Kind::PasswordOfExistingAccount => {
                "Leave the cell empty: passwords in a file are for new accounts only.".into()
            }
            Kind::UnknownId => "Leave the cell empty to find the person by local ID or email address.".into(),
            Kind::UnknownOrganisation => of_audience(
                audience,
                "Enter the code of an organisation that you manage.",
                "Enter the code of an organisation that the sender may send for.",
            ),
            Kind::ClosedOrganisation { .. } => "Enter the code of the organisation the person works for now.".into(),
            Kind::OtherOrganisation { current } => {
                format!("Enter {current}: a file does not move people between organisations.")
            }
            Kind::UnknownUnit { needs_one: true, .. } => "Enter a unit that you manage.".into(),
            Kind::UnknownSite { .. } | Kind::UnknownUnit { .. } => {
                "Enter one that belongs to this organisation, or leave the cell empty.".into()
            }
            Kind::NotTakingChanges {
                status: AccountStatus::Leaver,
                ..
            } => of_audience(
                audience,
                "If the person works for you now, use “Take in a leaver”, or undo the leaving. If not, skip this row.",
                "If the person works for you now, use “Take in a leaver” in the portal, or undo the leaving there.",
            ),
            Kind::NotTakingChanges {
                status: AccountStatus::Deleted,
                ..
            } => of_audience(
                audience,
                "If the person needs the account again, restore it on its page first. If not, skip this row.",
                "If the person needs the account again, restore it in the portal first.",
            ),
            Kind::NotTakingChanges {
                status: AccountStatus::Disabled,
                ..
            } => of_audience(
                audience,
                "If the person is back, enable the account on its page first. If not, skip this row.",
                "If the person is back, enable the account in the portal first.",
            ),
            Kind::NotTakingChanges { .. } => of_audience(
                audience,
                "Skip this row: a file cannot change such an account.",
                "Do not send this row: a file cannot change such an account.",
            ),
            Kind::AddressTaken => "Enter another address, or leave it empty.".into(),
            Kind::UserNameTaken => "Enter another username, or leave it empty to use the email address.".into(),
            Kind::NoAddressFromName => "Enter an email address for the person.".into(),
            Kind::LocalIdTaken { .. } => "Enter the person’s own local ID.".into(),
            Kind::PointsAtAnother { .. } => "Correct the one that is wrong.".into(),
            Kind::TwiceInFile {
                attribute: Attribute::Code,
                ..
            } => "Keep one row for each organisation.".into(),
            Kind::TwiceInFile { .. } => of_audience(
                audience,
                "Keep one row for each person: skip the other one, or correct the one that is wrong.",
                "Send one row for each person.",
            ),
            Kind::CannotTurn { .. } => "Open the account’s page to see what you can do now.".into(),
            Kind::CannotMove {
                status: AccountStatus::Leaver,
                ..
            } => "Ask the other organisation to take in the leaver, or undo the leaving first.".into(),
            Kind::CannotMove { .. } => "Restore the account first.".into(),
            Kind::NoPasswordFor { .. } => "Enable or restore the account first.".into(),
            Kind::Held { .. } => {
                "Ask a Primary Local Administrator of the organisation, or a Global Administrator, to release the account."
                    .into()
            }
            Kind::OwnAccount => "Ask another administrator to do it.".into(),
            Kind::LastGlobal { .. } => "Make another person a Global Administrator first.".into(),
            Kind::HoldsRole {
                ender: Ender::PrimaryThere,
                ..
            } => {
                "Ask a Primary Local Administrator of the organisation where they hold the role, or a Global Administrator."
                    .into()
            }
            Kind::HoldsRole {
                ender: Ender::Global, ..
            } => "Ask a Global Administrator.".into(),
            Kind::AddressJustChanged { .. } => {
                "Ask an administrator who can end all of this person’s roles to reset the password, or wait.".into()
            }
            Kind::TooManyMisses { .. } => {
                "Check the address with the person, or with the organisation they leave, and try again tomorrow.".into()
            }
            Kind::LastPrimary { .. } => {
                "Ask a Global Administrator to appoint another Primary Local Administrator first."
                    .into()
            }
            Kind::NotADate => "Enter a day, a month and a year, like 27 3 2027.".into(),
            Kind::DateInPast => "Enter a later day, or choose today.".into(),
            Kind::DateTooFar { .. } => "Enter an earlier day.".into(),
            Kind::NoSuchLeaver => {
                "Check the address. You can take in only people whose organisation has marked them as leavers.".into()
            }
            Kind::NoSuchOrganisation => "Enter its ODS code, like G7H8J.".into(),
            Kind::SameOrganisation { .. } => "Choose another organisation.".into(),
            Kind::ContactThereAlready { .. } | Kind::ClosedToContacts { .. } => "Choose another organisation.".into(),
            Kind::OfferToOwn { .. } => "Transfer the contact there. Nobody needs to accept it.".into(),
            Kind::ContactDeleted => "Restore it first.".into(),
            Kind::AlreadyOffered { .. } => "Withdraw that offer first, or wait until it is answered.".into(),
            Kind::OfferOver => {
                "It was answered or withdrawn, or it expired. You do not need to do anything.".into()
            }
            Kind::CannotHoldRole {
                status: AccountStatus::Leaver,
                ..
            } => "Undo the leaving first, or give the role to another person.".into(),
            Kind::CannotHoldRole {
                status: AccountStatus::Disabled | AccountStatus::Deleted,
                ..
            } => "Enable or restore the account first, or give the role to another person.".into(),
            Kind::CannotHoldRole { .. } => {
                "A Connector needs an active account. Wait until the person uses it, or choose another person.".into()
            }
            Kind::HeldOnOtherTerms { .. } => "Revoke that role first, then give it again.".into(),
            Kind::UnitNeeded => "Enter one of the units that you manage.".into(),
            Kind::NoConnectorChannel => "Choose at least one channel.".into(),
            Kind::DisablesWithoutApi => "Choose the API too, or do not let the Connector disable accounts.".into(),
            Kind::BeginsInPast => "Enter a later day, or leave it empty so that the role begins at once.".into(),
            Kind::EndsInPast => "Enter today or a later day, or leave it empty.".into(),
            Kind::EndsBeforeItBegins => "Enter a later last day, or an earlier first one.".into(),
            Kind::NoReason => "Say why in a few words, for people who read the history later.".into(),
            Kind::ReasonTooLong { .. } => "Shorten it.".into(),
            Kind::ReasonUnprintable | Kind::TokenNameUnprintable => "Type it again.".into(),
            Kind::TokenNameTaken => "Choose another name. If you have lost that token, revoke it first.".into(),
            Kind::NoTokenName => "Enter what the token is for, such as the name of the system that uses it.".into(),
            Kind::TokenNameTooLong { .. } => "Shorten it.".into(),
            Kind::TokenForNoTime { days } => format!("Choose a number of days from 1 to {days}."),
            Kind::TokenTooLong { .. } => "Choose a shorter time.".into(),
            Kind::TooManyTokens { .. } => "Revoke one that you no longer use.".into(),
            Kind::EditedSince { .. } => "It stays as it is.".into(),
            Kind::TakenUpSince { .. } => "The account stays. To delete it anyway, open its page.".into(),
            Kind::GoneSince | Kind::MovedSince { .. } => "Nothing is changed for this person.".into(),
            Kind::DeletedSince => "To reverse these changes, restore the account first, then undo this again.".into(),
            Kind::ClosedSince { .. } => "The accounts of a closed organisation stay as they are.".into(),
            Kind::TakenSince | Kind::NotAllowedAnyMore => "It stays as it is now.".into(),
            // bulk
            Kind::RolesStayEnded { .. } => "Give them again if they are needed.".into(),
            Kind::CannotGoBack => "Ask an administrator who manages both organisations to transfer them.".into(),
            // absence
            Kind::AbsenceInPast => "Enter a later day, or choose today.".into(),
            Kind::AbsenceTooFar { .. } | Kind::StartTooFar { .. } => "Enter an earlier day.".into(),
            Kind::BackBeforeAway => "Enter a later day of return, or leave it empty.".into(),
            Kind::BackTooLate { .. } => {
                "Enter an earlier day, or leave it empty: a disabled account is not kept for longer.".into()
            }
            Kind::LeaverCannotPlan { .. } => "Disable the account from today, or undo the leaving first.".into(),
            Kind::LeavesBeforeStart => "Enter a later last working day, or an earlier first day.".into(),
            // days
            Kind::StartInPast { .. } => "Check the year if they have not started yet.".into(),
            Kind::StartNotUsed => {
                "Leave the cell empty: a first day can only be planned before the link is given out.".into()
            }
            Kind::FirstDayPassed => {
                "Enter a later day. To send the activation link now, choose Send now on the account’s page.".into()
            }
            Kind::LastDayPassed => {
                "Enter a later day, or leave the cell empty and mark them as a leaver in the portal.".into()
            }
            Kind::LastDayByMachine => "Set the leaving date in the portal.".into(),
            Kind::AwayAfterLeaving { .. } => {
                "Enter an earlier day of return, leave it empty, or change the leaving date first.".into()
            }
            Kind::LeavesWhileAway { .. } => "Change the absence first, or enter a later day.".into(),
            Kind::AlreadyThere => "You do not need to do anything.".into(),
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
            } => of_audience(
                audience,
                "If it is the same person, skip this row and transfer that account instead. If not, include the row.",
                "If it is the same person, transfer that account in the portal instead. If not, create the account in the portal.",
            ),
            Kind::LooksLike { local_id, address, .. } => {
                let key = match local_id.as_str() {
                    "" => format!("the email address {address}"),
                    local_id => format!("the local ID {local_id}"),
                };
                match audience {
                    Audience::Portal => {
                        format!("If it is the same person, enter {key} in this row. If not, include the row.")
                    }
                    Audience::Program => {
                        format!("If it is the same person, send {key}. If not, create the account in the portal.")
                    }
                }
            }
            Kind::ContactAlreadyHere { .. } | Kind::LooksLikeContact { .. } => {
                "If it is the same person, change that contact instead.".into()
            }
            Kind::OtherName { .. } => of_audience(
                audience,
                "If it is someone else, correct the local ID. If the person has a new name, include the row.",
                "If it is someone else, correct the local ID. If the person has a new name, change it in the portal.",
            ),
            Kind::OtherLocalId { .. } => of_audience(
                audience,
                "If it is someone else, empty the email address. If the local ID has changed, include the row.",
                "If it is someone else, leave the email address out. If the local ID has changed, change it in the portal.",
            ),
            Kind::LooksLikeRow { .. } => of_audience(
                audience,
                "If it is the same person, skip one of the rows. If not, include this row.",
                "If it is the same person, send one row only. If not, send each row with its local ID.",
            ),
            // Of the review
            Kind::NumberInOtherRow { .. } => {
                "A local ID belongs to one person in all of these organisations. Correct the one that is wrong.".into()
            }
            Kind::AddressInOtherRow { .. } => "Enter another email address in one of the two rows.".into(),
            Kind::AddressElsewhere => of_audience(
                audience,
                "If this is the person’s own address, ask the organisation they leave to mark them as a leaver, and use \
                 “Take in a leaver”. If it is someone else’s, enter another address.",
                "If this is the person’s own address, ask the organisation they leave to mark them as a leaver, and \
                 use “Take in a leaver” in the portal. If it is someone else’s, send another address.",
            ),
            Kind::OrganisationByName { code, name } => format!("Did you mean {code} ({name})?"),
            // What is said of change files says this, too.
            Kind::ChangeFile(_) | Kind::Change(_) => String::new(),
            Kind::Customer(fault) => fault.hint(),
            Kind::Skipped => of_audience(
                audience,
                "Include it if it should be applied.",
                "Send it again if it should be applied.",
            ),
        }
    }
}

const fn is_a_name(attribute: Attribute) -> bool {
    matches!(attribute, Attribute::FirstName | Attribute::LastName)
}

/// What the portal offers, or what a program can do in its place.
fn of_audience(audience: Audience, portal: &str, program: &str) -> String {
    match audience {
        Audience::Portal => portal,
        Audience::Program => program,
    }
    .to_owned()
}

/// A hint about a file that people upload, and that reaches the portal otherwise from a program or by email.
fn sending(audience: Audience, hint: &str) -> String {
    match audience {
        Audience::Portal => hint.to_owned(),
        Audience::Program => hint.replace("upload ", "send "),
    }
}

fn use_another_channel(operation: Operation) -> String {
    let here = operation.channels().filter(|channel| channel.is_here());
    let channels: Vec<_> = here.map(|channel| channel.name()).collect();
    format!("Use: {}.", channels.join(", "))
}
