//! What the letters about change files say.

use domain::values::{ids::Timestamp, numbers::thousands};

use crate::{
    calendar::{day, moment_in_a_sentence as moment},
    service::letters::{
        ChangeFileLetter, FileBraked, FileProblems,
        part::Part,
        phrases::{IF_WRONG, button, hello, paragraph},
    },
};

/// The subject, and the parts in their order. `url` is that of the link to a new address, for a letter that has one.
pub(super) fn say(letter: &ChangeFileLetter, url: &str) -> (String, Vec<Part>) {
    match letter {
        ChangeFileLetter::DetailsChanged {
            first_name,
            organisation,
            details,
        } => details_changed(first_name, organisation, details),
        ChangeFileLetter::SeatsGiven {
            first_name,
            organisation,
            subscriptions,
        } => seats_given(first_name, organisation, subscriptions),
        ChangeFileLetter::RenameAsked {
            first_name,
            before,
            after,
            link,
        } => rename_asked(first_name, (before, after), link.expires, url),
        ChangeFileLetter::Problems(letter) => problems(letter),
        ChangeFileLetter::Braked(letter) => braked(letter),
    }
}

fn details_changed(first_name: &str, organisation: &str, details: &[String]) -> (String, Vec<Part>) {
    let parts = vec![
        hello(first_name),
        paragraph(format!("{organisation} has changed these details of your account:")),
        Part::List(details.to_vec()),
        paragraph("You can see them when you sign in."),
        paragraph(IF_WRONG),
    ];
    ("Details of your account were changed".to_owned(), parts)
}

fn seats_given(first_name: &str, organisation: &str, subscriptions: &[String]) -> (String, Vec<Part>) {
    let parts = vec![
        hello(first_name),
        paragraph(format!("{organisation} has given your account:")),
        Part::List(subscriptions.to_vec()),
        paragraph("You can use it from now on. Sign in as before."),
        paragraph(IF_WRONG),
    ];
    ("You have a new subscription".to_owned(), parts)
}

fn rename_asked(first_name: &str, (before, after): (&str, &str), expires: Timestamp, url: &str) -> (String, Vec<Part>) {
    let parts = vec![
        hello(first_name),
        paragraph("Your organisation wants to change the email address of your account."),
        Part::Facts(vec![
            ("Your email address", before.to_owned()),
            ("New email address", after.to_owned()),
        ]),
        paragraph(format!(
            "Confirm that the new address is yours. From then on, sign in with it. Emails to the old address still reach \
             you. The link works once, until {}.",
            moment(expires)
        )),
        button("Confirm the new address", url),
        paragraph(
            "If you did not expect this, tell your local administrator. If you do nothing, your address stays the same.",
        ),
    ];
    ("Confirm your new email address".to_owned(), parts)
}

fn problems(letter: &FileProblems) -> (String, Vec<Part>) {
    let FileProblems {
        customer,
        file_name,
        failed,
        counts,
        codes,
        link,
    } = letter;
    let (subject, what) = match failed {
        Some(_) => (
            format!("Your change file was not processed: {file_name}"),
            format!("The change file {file_name} of customer {customer} was not fully processed."),
        ),
        None => (
            format!("Rows of your change file were not applied: {file_name}"),
            format!("Some rows of the change file {file_name} of customer {customer} were not applied."),
        ),
    };
    let mut parts = vec![paragraph(what)];
    parts.extend(failed.clone().map(paragraph));
    if let Some(counts) = counts {
        parts.push(Part::Facts(vec![
            ("Rows applied", thousands(counts.done)),
            ("Rows that needed no change", thousands(counts.no_change)),
            ("Rows not applied", thousands(counts.not_applied)),
        ]));
    }
    if !codes.is_empty() {
        parts.push(paragraph("The reasons, by their codes in the report:"));
        let said = codes.iter().map(|(code, rows)| match rows {
            1 => format!("{code}: 1 row"),
            rows => format!("{code}: {} rows", thousands(*rows)),
        });
        parts.push(Part::List(said.collect()));
    }
    parts.push(paragraph(
        "The report is in the folder reports. Correct the rows, and send them in a new file with a higher number.",
    ));
    parts.extend(link.as_ref().map(|link| button("See the result", link)));
    (subject, parts)
}

fn braked(letter: &FileBraked) -> (String, Vec<Part>) {
    let FileBraked {
        first_name,
        file_name,
        sender,
        people,
        of,
        organisation,
        discarded_on,
        link,
    } = letter;
    let parts = vec![
        hello(first_name),
        paragraph(format!(
            "{sender} sent the change file {file_name}. It was stopped, because {} more of the {} accounts of \
             {organisation} would lose access.",
            thousands(*people),
            thousands(*of)
        )),
        paragraph("Check the changes. Then apply or discard the rest of the file."),
        button("Check the changes", link),
        match discarded_on {
            Some(discarded_on) => paragraph(format!(
                "If no administrator decides, the rest is discarded on {}. Until then, later files from the same source wait.",
                day(*discarded_on)
            )),
            None => {
                paragraph("The rest waits until an administrator decides. Later files from the same source wait too.")
            }
        },
    ];
    (format!("Many people would lose access: {file_name}"), parts)
}
