//! How change files are sent: the folders, what a file looks like, what each action needs, and what the report says. Readable
//! signed out, because those who send files often do not sign in.

use domain::change_file::{Action, Field, ReportResult, Taken, taken};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{
        field_list::FieldList,
        table::{Column, Table},
        tags,
    },
    routes,
    visitor::Visitor,
};

/// A file as it is sent, for a customer whose people have addresses in this domain.
const EXAMPLE: [&str; 5] = [
    "EmailAddress,Action,SubscriptionId,GivenName,FamilyName,AltEmailAddress",
    "jo.bright@{domain},Add,69051,Jo,Bright,jo@home.example",
    "sam.lowe@{domain},AssignSeat,69051,,,",
    "kim.field@{domain},Suspend,,,,",
    "lee.marsh@{domain},Remove,,,,",
];

/// The folders of a customer.
const FOLDERS: [(&str, &str); 5] = [
    (
        "in",
        "Put files here. They are processed in the order of their numbers.",
    ),
    (
        "check",
        "Put a file here to try it. You get a report, and nothing is changed. Its number does not count.",
    ),
    ("reports", "The reports. You cannot upload files here."),
    (
        "done",
        "Files that were processed, by month. Passwords are replaced by •••.",
    ),
    (
        "refused",
        "Files that were refused, for example because of their name. The report says why.",
    ),
];

/// The page.
#[component]
pub fn ChangeFilesHelpPage() -> impl IntoView {
    let contents = [
        ("before", "Before you begin"),
        ("folders", "The folders"),
        ("name", "The name of a file"),
        ("content", "What a file looks like"),
        ("actions", "What each action needs"),
        ("rows", "How rows are processed"),
        ("report", "What the report says"),
        ("waiting", "When a file waits"),
        ("seats", "Seats and storage"),
        ("held", "Held accounts"),
    ];
    let contents = contents.map(|(id, label)| view! { <li><a href=format!("#{id}")>{label}</a></li> });
    view! {
        <Title text="Send change files"/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <a class="nhsuk-back-link" href=routes::HELP>"Help"</a>
            <h1>"Send change files"</h1>
            <p>"A change file is a CSV file with one action on each row: add a person, change them, suspend them, or assign a seat. Your HR system uploads it to a folder, and gets a report back."</p>
            <nav aria-label="On this page"><ul>{contents.collect_view()}</ul></nav>
            <h2 id="before">"Before you begin"</h2>
            <ul>
                <li>"A Global Administrator adds your organisation as a customer, and turns on change files."</li>
                <li>"One account is the connector. It has the role Connector with the channel change file, for your whole organisation. Your Primary Local Administrator " <a href=routes::NEW_GRANT>"gives the role"</a> ". The role is checked for each file."</li>
                <li>"You get a login for the SFTP server from the people who run it."</li>
            </ul>
            <Folders/>
            <Name/>
            <Content/>
            <Actions/>
            <Rows/>
            <Report/>
            <h2 id="waiting">"When a file waits"</h2>
            <p>"A file waits if it would change an unusually large number of accounts. It stops part of the way if it would remove access from too many people. Your administrators get an email, and apply or discard the rest."</p>
            <p>"Until then, later files from the same source wait too."</p>
            <h2 id="seats">"Seats and storage"</h2>
            <ul>
                <li>"A person has at most one seat for collaboration and one for mail. A seat of a subscription for both counts for both."</li>
                <li>"Docs needs a collaboration seat. Traveler and Retention need a mail seat."</li>
                <li>"A seat can change only between subscriptions that the settings of the customer allow."</li>
                <li>"Extra storage comes from the storage that your organisation has bought. The amount in a file is the total, not an increase."</li>
            </ul>
            <p>"Primary Local Administrators see who has which seat under People, " <strong>"Seats"</strong> ". They change the seats of one person on the page of the account."</p>
            <h2 id="held">"Held accounts"</h2>
            <p>"An administrator can hold an account. Rows for it are then not applied, and the report gives the reason. When the account is released, send the row again."</p>
        </div></div>
    }
}

#[component]
fn Folders() -> impl IntoView {
    view! {
        <h2 id="folders">"The folders"</h2>
        <FieldList fields=&FOLDERS/>
        <p>"A file is taken once it has not changed for about 10 seconds. Upload it under a name that ends in " <code>".tmp"</code> " or " <code>".part"</code> ", and rename it when the upload is complete. Then an upload that stops part of the way is not taken."</p>
        <p>"Links, and files that are too large (usually over 100 MB), are refused."</p>
    }
}

#[component]
fn Name() -> impl IntoView {
    view! {
        <h2 id="name">"The name of a file"</h2>
        <p class="app-break"><code>"customerId_sourceId_PRV_number.csv"</code></p>
        <p>"For example " <code class="app-break">"30020506_HRDatabase_PRV_1260226223.csv"</code> "."</p>
        <ul>
            <li><strong>"customerId"</strong> " is your customer number."</li>
            <li><strong>"sourceId"</strong> " names the system that the file comes from. Leave it out, with its underscore, if there is only one."</li>
            <li><strong>"number"</strong> " goes up from file to file. The time in seconds since 1970 is a good choice. Each source has its own numbers."</li>
        </ul>
        <p>"A file with a lower number than the last one is refused. After 9223372036854775807, start again from 1."</p>
        <p>"The number also counts if the file could not be processed. Send the corrected file with a higher number."</p>
    }
}

#[component]
fn Content() -> impl IntoView {
    let domain = Visitor::of_page().gate.rules().mail_domain.as_str().to_owned();
    let example = EXAMPLE.map(|line| line.replace("{domain}", &domain)).join("\n");
    view! {
        <h2 id="content">"What a file looks like"</h2>
        <pre class="app-code" tabindex="0"><code>{example}</code></pre>
        <ul>
            <li>"It is UTF-8, with commas between the values."</li>
            <li>"The first line has the headings, in any order. EmailAddress and Action are required. Leave out headings that you do not need."</li>
            <li>"An empty value, as between two commas, changes nothing. A value in empty quotation marks, " <code>"\"\""</code> ", clears what is there. First and last names cannot be cleared."</li>
            <li>"Put quotation marks around a value that has a comma in it."</li>
            <li>"Actions and headings can be in capitals or small letters."</li>
        </ul>
    }
}

/// What an action does, in a sentence.
const fn does(action: Action) -> &'static str {
    match action {
        Action::Add => "Creates an account, and sends an activation link.",
        Action::Update => "Changes details.",
        Action::Suspend => "Disables the account. The person keeps their seats.",
        Action::Resume => "Enables an account that a change file or another program has disabled.",
        Action::Remove => "Deletes the account and ends its seats. It can be restored for 30 days.",
        Action::AssignSeat => "Assigns a seat.",
        Action::ChangeSeat => "Changes a seat to another subscription.",
        Action::RevokeSeat => "Revokes a seat. The account stays.",
        Action::Rename => {
            "Changes the email address. The old one stays as an alias. If your organisation has subscriptions, the person needs a collaboration or mail seat."
        }
        Action::ResendInvitation => "Sends the activation link again, at most once an hour.",
        Action::ChangeStorage => "Sets the extra storage of a seat.",
    }
}

#[component]
fn Actions() -> impl IntoView {
    let row = |action: Action| {
        let fields = |is_so: fn(Taken) -> bool| {
            let words = Field::ALL.into_iter().filter(|field| is_so(taken(action, *field)));
            let words: Vec<_> = words
                .filter(|field| !matches!(field, Field::EmailAddress | Field::Action))
                .map(Field::word)
                .collect();
            match words.is_empty() {
                true => "Nothing else".to_owned(),
                false => words.join(", "),
            }
        };
        let needs = fields(|taken| matches!(taken, Taken::Required));
        let may = fields(|taken| !matches!(taken, Taken::Required | Taken::Not));
        let name = view! { <strong>{action.word()}</strong> <div class="nhsuk-hint nhsuk-u-margin-bottom-0">{does(action)}</div> };
        vec![
            name.into_any(),
            view! { <span class="app-break">{needs}</span> }.into_any(),
            view! { <span class="app-break">{may}</span> }.into_any(),
        ]
    };
    let rows = Action::ALL.into_iter().map(row).collect();
    let columns = ["Action", "Needs", "May have"].map(Column::Named).to_vec();
    view! {
        <h2 id="actions">"What each action needs"</h2>
        <p>"Each row needs EmailAddress and Action. If a row gives somebody a mail seat, it needs more: Add needs Password and AltEmailAddress, AssignSeat needs AltEmailAddress, and ChangeSeat needs one of the two. No two rows can have the same Password."</p>
        <Table caption="Actions and their fields" columns rows/>
        <p>"Other details in a row are not used, and the report says so. A row is rejected if it has a value for seats, passwords or addresses that its action does not take."</p>
    }
}

#[component]
fn Rows() -> impl IntoView {
    view! {
        <h2 id="rows">"How rows are processed"</h2>
        <ul>
            <li>"Rows are processed from top to bottom. A row can build on an earlier one: add a person, then assign them a seat."</li>
            <li>"Each row is done completely, or not at all. A row with a problem does not stop the others."</li>
            <li>"All problems of a row are reported together."</li>
        </ul>
    }
}

/// What a result means.
const fn means(result: ReportResult) -> &'static str {
    match result {
        ReportResult::Done => "The row was applied.",
        ReportResult::NoChange => "No changes were needed.",
        ReportResult::Accepted => {
            "The person has been sent a link to confirm their new email address. It works for 7 days."
        }
        ReportResult::Rejected => {
            "There is a problem, and nothing of the row was applied. The message says what to do."
        }
        ReportResult::Held => "An administrator holds this account. Nothing of the row was applied.",
        ReportResult::NotAttempted => "The file was stopped before this row.",
        ReportResult::Notice => "A note about the row. The result of the row is on another line.",
    }
}

#[component]
fn Report() -> impl IntoView {
    let row = |result: ReportResult| {
        let tag = view! { {tags::report_result(result)} " " <code>{result.word()}</code> };
        vec![tag.into_any(), means(result).into_any()]
    };
    let rows = ReportResult::ALL.into_iter().map(row).collect();
    let columns = ["Result", "What it means"].map(Column::Named).to_vec();
    view! {
        <h2 id="report">"What the report says"</h2>
        <p>"The folder reports has three files for each of yours:"</p>
        <ul>
            <li><code>".report.csv"</code> ": a line for each row, or more if it has several problems. The last line is the summary."</li>
            <li><code>".log.txt"</code> ": the same in sentences."</li>
            <li><code>".trace.jsonl"</code> ": each step, with the values before and after, for programs."</li>
        </ul>
        <p>"The three files of a file that you only tried have " <code>".check"</code> " in their names, such as " <code>".check.report.csv"</code> "."</p>
        <p>"A line of the report has the line in your file, the email address, the action, the result, a code, a message, the ID of the account, and what was done."</p>
        <Table caption="Results and what they mean" columns rows/>
        <p>"If something was not done, the contact of your organisation also gets an email."</p>
    }
}
