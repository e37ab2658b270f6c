//! Help by task, readable signed out: each task with the page where it is done.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{components::way_of_a_file::WayOfAFile, routes, visitor::Visitor, words::counted};

/// The page; tasks of administrators for those who have any, and for those of whom nothing is known yet.
#[component]
pub fn HelpPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let administers = visitor.actor.is_none() || visitor.sees.people || visitor.sees.uploads;
    let timers = visitor.gate.rules().timers;
    let link_days = counted(timers.link_days, "day", "days");
    let reset = counted(visitor.gate.rules().sign_in.reset_link_minutes, "minute", "minutes");
    let tasks = administers.then(|| view! { <ForAdministrators leaver_days=timers.leaver_days/> });
    view! {
        <Title text="Help"/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <h1>"Help"</h1>
            <Contents administers/>
            <h2 id="activate">"Activate your account"</h2>
            <p>"Open the activation link that was emailed or given to you, and choose a password. The link works for " {link_days} "."</p>
            <p>"If you were given a code instead, " <a href=routes::ACTIVATE>"enter your code"</a> "."</p>
            <p>"If neither works, ask your local administrator for a new link."</p>
            <h2 id="password">"Forgotten password, or locked out"</h2>
            <p><a href=routes::PASSWORD_RESET>"Ask for a link by email"</a> ". It works for " {reset} ". With it you choose a new password, or unlock your account."</p>
            <p>"If you cannot read your email, ask your local administrator or helpdesk."</p>
            <h2 id="second-factor">"Lost phone or passkey"</h2>
            <ol>
                <li>"Sign in with your email address and password."</li>
                <li>"Enter a recovery code in place of the code from your app."</li>
                <li>"Go to " <a href=routes::SECOND_FACTOR>"Second factor"</a> ", remove what you have lost, and set up another."</li>
            </ol>
            <p>"If you have no recovery code left, ask your local administrator or helpdesk to reset your second factor."</p>
            <h2 id="own">"Your own details"</h2>
            <p>
                "Change your telephone numbers on " <a href=routes::OWN>"Your record"</a>
                ". Your organisation manages the rest: the same page shows who manages it. To find a colleague, search the "
                <a href=routes::DIRECTORY>"directory"</a> "."
            </p>
            {tasks}
            <h2 id="more">"More help"</h2>
            <p>"Your local administrators can help you. Their email addresses are on the page " <a href=routes::CONTACT>"Contact"</a> "."</p>
        </div></div>
    }
}

/// The ways to the sections.
#[component]
fn Contents(administers: bool) -> impl IntoView {
    let sections = [
        (true, "activate", "Activate your account"),
        (true, "password", "Forgotten password, or locked out"),
        (true, "second-factor", "Lost phone or passkey"),
        (true, "own", "Your own details"),
        (administers, "create", "Create one account"),
        (administers, "file", "Upload a file"),
        (administers, "row", "Correct a row"),
        (administers, "email", "Send a file by email"),
        (administers, "change-files", "Send change files"),
        (administers, "leaver", "Somebody leaves"),
        (administers, "role", "Give or end a role"),
    ];
    let item = |(_, id, label): (bool, &'static str, &'static str)| {
        view! { <li><a href=format!("#{id}")>{label}</a></li> }
    };
    let items = sections.into_iter().filter(|(open, ..)| *open).map(item).collect_view();
    view! { <nav aria-label="On this page"><ul>{items}</ul></nav> }
}

/// What those do who manage people.
#[component]
fn ForAdministrators(leaver_days: u32) -> impl IntoView {
    let deleted = match leaver_days {
        0 => "It stays until an administrator deletes it.".to_owned(),
        days => format!(
            "It is deleted {} later, unless another organisation takes it in.",
            counted(days, "day", "days")
        ),
    };
    view! {
        <h2 id="create">"Create one account"</h2>
        <ol>
            <li>"Go to " <a href=routes::NEW_ACCOUNT>"Create account"</a> " and choose the organisation."</li>
            <li>"Enter the name. The email address is made from it."</li>
            <li>"Continue, check what will be created, and choose " <strong>"Create account"</strong> "."</li>
            <li>"An activation link is emailed. You also see one, once, to give to the person yourself."</li>
        </ol>
        <h2 id="file">"Upload a file"</h2>
        <WayOfAFile/>
        <p>
            <a href=routes::NEW_UPLOAD>"Upload a file"</a> ", or first read "
            <a href=routes::FORMATS>"what a file must look like"</a> ". An applied upload can be undone on its page."
        </p>
        <h2 id="row">"Correct a row"</h2>
        <p>"Open the upload under " <a href=routes::UPLOADS>"Uploads"</a> ". There are two ways:"</p>
        <ul>
            <li>"Choose " <strong>"Fix row"</strong> " below a row with a problem, change the cell, and save it."</li>
            <li>"Apply the good rows and download the rejected ones. Fix that file in a spreadsheet, and upload it as it is."</li>
        </ul>
        <h2 id="email">"Send a file by email"</h2>
        <p>"A Connector with the channel email can send staff lists as attachments. Each gets a receipt that says what the file will do, and a daily run applies it. " <a href=routes::HELP_EMAIL>"How to send a file by email"</a></p>
        <h2 id="change-files">"Send change files"</h2>
        <p>"An organisation that is a customer can put change files into a folder. They create people, change them, and assign seats. " <a href=routes::HELP_CHANGE_FILES>"How change files work"</a></p>
        <h2 id="leaver">"Somebody leaves"</h2>
        <ol>
            <li>"Find the person under " <a href=routes::PEOPLE>"People"</a> " and open their page."</li>
            <li>"Choose " <strong>"Mark as leaver"</strong> ", and the day."</li>
            <li>"Check what follows, and confirm."</li>
        </ol>
        <p>"On that day the account becomes a leaver’s and its roles end. " {deleted}</p>
        <p>"To take in somebody who leaves another organisation, choose " <a href=routes::NEW_JOINER>"Take in a leaver"</a> "."</p>
        <h2 id="role">"Give or end a role"</h2>
        <p>"Primary Local Administrators do this under " <a href=routes::ADMINISTRATORS>"Administrators"</a> "."</p>
        <ul>
            <li>"Local Administrators create, change, transfer and delete accounts, and upload files."</li>
            <li>"A Local Helpdesk changes details, unlocks accounts and resets passwords."</li>
            <li>"The role Audit lets you see people and histories, and change nothing."</li>
            <li>"A Connector sends changes from another system, or files by email. " <a href=routes::HELP_SYNC>"Connect another system"</a></li>
        </ul>
        <p>"Everybody who holds a role sees it on " <a href=routes::OWN>"Your record"</a> "."</p>
    }
}
