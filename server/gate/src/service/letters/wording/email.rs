//! What the letters about files by email say.

use domain::values::{ids::Timestamp, numbers::thousands};

use crate::{
    calendar::moment_in_a_sentence as moment,
    service::letters::{
        EmailNoMoreReplies, EmailReceipt, EmailRefused, EmailResult, EmailSuperseded, EmailUnreadable, Foreseen,
        Replaced,
        part::Part,
        phrases::{button, hello, paragraph},
    },
};

/// The end of a letter about a file that was sent in somebody's name.
const NOT_SENT: &str =
    "If you did not send this file, tell a Primary Local Administrator of your organisation at once.";

/// A file was checked: what the run will do with it, or that it waits for an administrator.
pub(super) fn receipt(letter: &EmailReceipt) -> (String, Vec<Part>) {
    let subject = format!("Your file was received and checked: {}", letter.reference);
    let mut parts = vec![
        hello(&letter.first_name),
        paragraph("Your file was received and checked. Nothing has changed yet."),
        Part::Facts(vec![
            ("Reference", letter.reference.to_string()),
            ("File", letter.file_name.clone()),
            ("Size", size(letter.size)),
            ("Rows", thousands(letter.rows)),
            ("Format", letter.format.clone()),
            ("Organisations", listed(&letter.organisations)),
        ]),
    ];
    if letter.held.is_empty() {
        parts.push(paragraph(format!("The run on {} will:", moment(letter.run_at))));
        parts.push(Part::List(will_do(&letter.foreseen)));
    } else {
        parts.push(paragraph(
            "The file changes or creates more accounts than usual. It waits until an administrator applies or discards \
             it. The run does not apply it.",
        ));
        parts.push(Part::List(letter.held.clone()));
        parts.push(paragraph("If the administrator applies it, it will:"));
        parts.push(Part::List(will_do(&letter.foreseen)));
    }
    if !letter.problems.is_empty() {
        parts.push(paragraph(match first_of(&letter.problems, letter.foreseen.rejected) {
            true => "The first problems:",
            false => "The problems:",
        }));
        parts.push(Part::List(letter.problems.clone()));
    }
    parts.push(paragraph(match letter.reply.files.is_empty() {
        false => "Your file is attached, with a note on each row.",
        true => "You can download your file, with a note on each row, on the page of the file.",
    }));
    if letter.foreseen.rejected > 0 {
        parts.push(paragraph(
            "To correct rows, send the whole file again. Only the latest file of an organisation is applied.",
        ));
    }
    if !letter.replaces.is_empty() {
        parts.push(paragraph("This file replaces:"));
        parts.push(Part::List(letter.replaces.iter().map(replaced).collect()));
    }
    if !letter.later.is_empty() {
        parts.push(paragraph("A later file replaces this one already:"));
        parts.push(Part::List(letter.later.iter().map(replaced).collect()));
        parts.push(paragraph("Your rows for these organisations will not be applied."));
    }
    parts.push(button("See or withdraw the file", &letter.link));
    parts.push(paragraph(match (letter.replaces.is_empty(), letter.held.is_empty()) {
        (true, _) => "You can withdraw the file until it is applied.",
        (false, true) => {
            "You can withdraw the file until it is applied. If the file that it replaces still waits then, that file counts \
             again. If not, send the right file again."
        }
        (false, false) => {
            "You can withdraw the file until it is applied. If you withdraw it before the next run, the file that it \
             replaces counts again. The run leaves that file out for good: if yours is withdrawn or discarded later, \
             send the right file again."
        }
    }));
    parts.push(paragraph(NOT_SENT));
    (subject, parts)
}

/// A file cannot be read.
pub(super) fn unreadable(letter: &EmailUnreadable) -> (String, Vec<Part>) {
    let parts = vec![
        hello(&letter.first_name),
        paragraph("Your file cannot be read. Nothing of it will be applied."),
        Part::Facts(vec![
            ("Reference", letter.reference.to_string()),
            ("File", letter.file_name.clone()),
            ("Size", size(letter.size)),
        ]),
        Part::List(letter.problems.clone()),
        paragraph(match letter.asks_columns {
            true => {
                "You can use the file as it is: open its page and choose “Say what the columns hold”. Or correct the \
                 file and send it again. Until then it does not replace a file that you sent before: that file will be \
                 applied as its own email says."
            }
            false => {
                "Correct the file and send it again. It does not replace a file that you sent before: that file will be \
                 applied as its own email says."
            }
        }),
        match letter.asks_columns {
            true => button("Open the file’s page", &letter.link),
            false => button("See the problems", &letter.link),
        },
        paragraph(NOT_SENT),
    ];
    (format!("Your file cannot be read: {}", letter.reference), parts)
}

/// A file was not applied, because its sender may not send for any of it any more. They cannot open its page.
fn role_ended(letter: &EmailResult, rows: u32) -> (String, Vec<Part>) {
    let parts = vec![
        hello(&letter.first_name),
        paragraph(format!(
            "Your file {}, which you sent on {}, was not applied. Nothing has changed.",
            letter.file_name,
            moment(letter.sent_at)
        )),
        Part::Facts(vec![
            ("Reference", letter.reference.to_string()),
            ("Rows not applied", thousands(rows)),
        ]),
        paragraph(
            "Your role Connector for the organisations in this file has ended since you sent it. To send files again, ask a \
             Primary Local Administrator of your organisation for the role. Then send the file again.",
        ),
        paragraph(NOT_SENT),
    ];
    (format!("Your file was not applied: {}", letter.reference), parts)
}

/// The run has applied a file.
pub(super) fn result(letter: &EmailResult) -> (String, Vec<Part>) {
    if let Some(rows) = letter.role_ended {
        return role_ended(letter, rows);
    }
    let done = &letter.done;
    let counts = [
        ("Accounts created", done.created),
        ("Accounts changed", done.changed),
        ("Rows that needed no change", done.no_change),
        ("Rows rejected", done.rejected),
        ("Rows that need a decision", done.undecided),
        ("Rows for which something changed meanwhile", letter.changed_since),
        ("Rows replaced by a later file", letter.replaced),
        ("Rows skipped", letter.skipped),
    ];
    // The first four are always of interest; of the others only what there is.
    let told = counts
        .iter()
        .enumerate()
        .filter(|(place, (_, count))| *place < 4 || *count > 0);
    let facts = told.map(|(_, (name, count))| (*name, thousands(*count))).collect();
    let to_correct = done.rejected + letter.skipped + letter.changed_since > 0;
    let changed_since = (letter.changed_since > 0).then(|| {
        paragraph(
            "The rows for which something changed after the file was checked were not applied. If they are still right, \
             send them again.",
        )
    });
    let role_lost = letter.role_lost.then(|| {
        paragraph(
            "Your role Connector has ended since the file was checked, or covers less than it did then. Ask a Primary \
             Local Administrator of your organisation for the role before you send the rows again.",
        )
    });
    // Rows that need no change are done, too.
    let is_applied = done.created + done.changed + done.no_change > 0 || letter.changed_since + letter.skipped == 0;
    let (was, subject) = match is_applied {
        true => ("was applied", "Your file was applied"),
        false => ("was not applied. Nothing has changed", "Your file was not applied"),
    };
    let undecided = (done.undecided > 0).then(|| {
        paragraph(
            "The rows that need a decision were not applied. Your local administrators find them under Proposals.",
        )
    });
    let not_applied = to_correct || done.undecided > 0;
    let files = match (letter.reply.files.is_empty(), not_applied) {
        (false, true) => {
            "Your file is attached with the result of each row, and the rows that were not applied as a file of their own."
        }
        (false, false) => "Your file is attached with the result of each row.",
        (true, true) => {
            "On the page of the file you can download it with the result of each row, and the rows that were not applied \
             as a file of their own."
        }
        (true, false) => "On the page of the file you can download it with the result of each row.",
    };
    // Rows that others must decide on are not to be corrected.
    let corrected = match (to_correct, done.undecided > 0) {
        (false, _) => "",
        (true, false) => {
            " Correct these rows and add them to your next list. If no other list for the organisation waits, you can also \
             send that file as it is."
        }
        (true, true) => {
            " Correct the rows with problems and add them to your next list. You do not need to send the rows that need a \
             decision again."
        }
    };
    let has_files = letter.link.is_some() || !letter.reply.files.is_empty();
    let parts = [
        Some(hello(&letter.first_name)),
        Some(paragraph(format!(
            "Your file {}, which you sent on {}, {was}.",
            letter.file_name,
            moment(letter.sent_at)
        ))),
        Some(Part::Facts(facts)),
        undecided,
        changed_since,
        role_lost,
        has_files.then(|| paragraph(format!("{files}{corrected}"))),
        letter.link.as_ref().map(|link| button("See the result", link)),
        Some(paragraph(NOT_SENT)),
    ];
    let subject = format!("{subject}: {}", letter.reference);
    (subject, parts.into_iter().flatten().collect())
}

/// A mail has no file that can be used.
pub(super) fn refused(letter: &EmailRefused) -> (String, Vec<Part>) {
    let parts = vec![
        hello(&letter.first_name),
        paragraph(format!(
            "Your email of {} was not processed. {}",
            moment(letter.sent_at),
            letter.reason
        )),
        which(&letter.subject, letter.file_name.as_deref()),
        paragraph(letter.cure.clone()),
        button("How to send files by email", &letter.help),
        paragraph("If you did not send this email, tell your local administrator at once."),
    ];
    ("Your email was not processed".to_owned(), parts)
}

/// Somebody else's later file has replaced a file.
pub(super) fn superseded(letter: &EmailSuperseded) -> (String, Vec<Part>) {
    let (file, sent_at) = (&letter.file_name, moment(letter.sent_at));
    let by = Part::List(letter.by.iter().map(replaced).collect());
    let see = letter.link.as_ref().map(|link| button("See your file", link));
    if letter.nothing_counts {
        let parts = [
            Some(hello(&letter.first_name)),
            Some(paragraph(format!(
                "Rows of your file {file}, which you sent on {sent_at}, were replaced by this later file:"
            ))),
            Some(by),
            Some(paragraph(
                "The later file will not be applied either. So no file counts for these organisations now. If your file is \
                 still right, send it again.",
            )),
            see,
        ];
        let subject = "No file counts for your organisations now".to_owned();
        return (subject, parts.into_iter().flatten().collect());
    }
    let parts = [
        Some(hello(&letter.first_name)),
        Some(paragraph(format!(
            "Your file {file}, which you sent on {sent_at}, was not applied, because a later file replaces it. Only the \
             latest file of an organisation is applied."
        ))),
        Some(by),
        see,
        Some(paragraph(missing_rows(&letter.by))),
    ];
    (
        "Your file was replaced by a later file".to_owned(),
        parts.into_iter().flatten().collect(),
    )
}

/// What to do about rows that later files lack: who sent these is to be asked, if the reader may know them.
fn missing_rows(by: &[Replaced]) -> String {
    // Only the reference of a file that the reader sees is told.
    let mut senders: Vec<_> = by
        .iter()
        .filter(|file| file.reference.is_some())
        .filter_map(|file| file.sender.as_deref())
        .collect();
    senders.dedup();
    let others = by.iter().filter(|file| file.sender.is_some()).count();
    let whom = match senders.as_slice() {
        _ if others == 0 => {
            return "If rows of your file are missing in the later one, send a whole list with all rows.".to_owned();
        }
        [sender] if by.len() == 1 => (*sender).to_owned(),
        _ => "your local administrator".to_owned(),
    };
    format!("If rows of your file are missing in the later one, ask {whom} before you send a list again.")
}

/// Somebody has sent so much that they are sent no more replies for now.
pub(super) fn no_more_replies(letter: &EmailNoMoreReplies) -> (String, Vec<Part>) {
    let limit = thousands(letter.limit);
    let parts = vec![
        hello(&letter.first_name),
        paragraph(format!(
            "You were sent {limit} replies within an hour. You will not be sent more until the next hour begins."
        )),
        paragraph("Your emails are still processed. You can see all files that you sent on your page."),
        button("See what you sent", &letter.link),
        paragraph(
            "If a program sends these emails, check that it does not answer our replies. If you did not send them, tell \
             your local administrator at once.",
        ),
    ];
    ("No more replies for now".to_owned(), parts)
}

/// By what its sender knows which of their mails it is.
fn which(subject: &str, file_name: Option<&str>) -> Part {
    let subject = match subject.is_empty() {
        true => "No subject",
        false => subject,
    };
    let file = file_name.map(|name| ("File", name.to_owned()));
    Part::Facts([("Subject", subject.to_owned())].into_iter().chain(file).collect())
}

/// A mail in somebody's name was not believed.
pub(super) fn not_proved(
    first_name: &str,
    sent_at: Timestamp,
    (subject, file_name): (&str, Option<&str>),
    (reason, cure): (&str, &str),
) -> (String, Vec<Part>) {
    let parts = vec![
        hello(first_name),
        paragraph(format!(
            "On {} an email with your address as its sender came to the address for staff lists. It was not processed, \
             because it is not certain that you sent it. {reason}",
            moment(sent_at)
        )),
        which(subject, file_name),
        paragraph(format!("If you sent it: {cure}")),
        paragraph(
            "If you did not send it, you do not need to do anything: nothing has changed. You are told of this at most \
             once a day.",
        ),
    ];
    ("An email in your name was not processed".to_owned(), parts)
}

/// Somebody has made their key, or removed it.
pub(super) fn key_set(first_name: &str, made: bool) -> (String, Vec<Part>) {
    let (subject, said) = match made {
        true => (
            "A key for your files by email was made",
            "A key for your files by email was made in the portal. From now on, an email of yours is processed only with \
             this key. A key that you had before no longer works.",
        ),
        false => (
            "The key for your files by email was removed",
            "The key for your files by email was removed in the portal. From now on, your emails are processed without a \
             key.",
        ),
    };
    let parts = vec![
        hello(first_name),
        paragraph(said),
        paragraph(
            "If this was not you, choose a new password and tell your local administrator at once: somebody else has \
             signed in with your account.",
        ),
    ];
    (subject.to_owned(), parts)
}

/// What the run does, a line for each sort of row that there is.
fn will_do(foreseen: &Foreseen) -> Vec<String> {
    let counted = |number: u32, one: &str, many: &str| {
        (number > 0).then(|| format!("{} {}", thousands(number), if number == 1 { one } else { many }))
    };
    let lines = [
        counted(foreseen.created, "account", "accounts").map(|accounts| format!("create {accounts}")),
        counted(foreseen.changed, "account", "accounts").map(|accounts| format!("change {accounts}")),
        counted(foreseen.no_change, "row", "rows").map(|rows| format!("change nothing for {rows}")),
        counted(foreseen.rejected, "row with problems", "rows with problems").map(|rows| format!("reject {rows}")),
        counted(foreseen.undecided, "row", "rows").map(|rows| {
            format!("leave {rows} for your local administrators to decide, for example possible duplicates")
        }),
    ];
    let lines: Vec<_> = lines.into_iter().flatten().collect();
    match lines.is_empty() {
        true => vec!["change nothing".to_owned()],
        false => lines,
    }
}

/// Whether there are more rows with problems than problems listed.
fn first_of(listed: &[String], rows: u32) -> bool {
    u32::try_from(listed.len()).unwrap_or(u32::MAX) < rows
}

/// A file by its name, its time, its sender and what both files are about.
fn replaced(file: &Replaced) -> String {
    let by = file.sender.as_ref().map(|sender| format!(" by {sender}"));
    let reference = file
        .reference
        .as_ref()
        .map(|reference| format!(", reference {reference}"));
    format!(
        "{}, sent{} on {} ({}){}",
        file.file_name,
        by.unwrap_or_default(),
        moment(file.sent_at),
        listed(&file.organisations),
        reference.unwrap_or_default()
    )
}

/// Names in a list, at most ten of them.
fn listed(names: &[String]) -> String {
    let shown: Vec<_> = names.iter().take(10).map(String::as_str).collect();
    match names.len().saturating_sub(10) {
        0 if shown.is_empty() => "None that you send for".to_owned(),
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A file's size.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}
