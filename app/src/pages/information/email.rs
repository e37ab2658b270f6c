//! How files are sent by email: what happens to them, what the receipt says, and what is refused with its cure. Readable signed
//! out, because those who send files often do not sign in.

use domain::email::{Attach, Refusal};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::table::{Column, Table},
    routes,
    visitor::{Operator, Visitor},
    words::{clock, counted},
};

/// The page.
#[component]
pub fn EmailHelpPage() -> impl IntoView {
    let email = Visitor::of_page().gate.rules().email.clone();
    let limits = use_context::<Operator>().unwrap_or_default().email_mib;
    let (address, run) = (email.address.clone(), clock(email.run_at));
    let contents = [
        ("before", "Before you begin"),
        ("send", "Send a file"),
        ("receipt", "What the receipt says"),
        ("run", "The daily run"),
        ("none", "If you get no receipt"),
        ("refused", "What is refused, and what to do"),
        ("winmail", "winmail.dat"),
    ];
    let contents = contents.map(|(id, label)| view! { <li><a href=format!("#{id}")>{label}</a></li> });
    let attached = match email.attach {
        Attach::Internal => {
            "Result files are attached if your email address is in our mail domain. Otherwise you get a link."
        }
        Attach::Always => "Result files are attached.",
        Attach::Never => "Result files are not attached. You get a link to them.",
    };
    view! {
        <Title text="Send a file by email"/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <a class="nhsuk-back-link" href=routes::HELP>"Help"</a>
            <h1>"Send a file by email"</h1>
            <p>"You can email a staff list to the portal. It creates accounts and updates them. It does not delete, disable or move anybody."</p>
            <nav aria-label="On this page"><ul>{contents.collect_view()}</ul></nav>
            <h2 id="before">"Before you begin"</h2>
            <ul>
                <li>"You need an account that you have activated."</li>
                <li>"You need the role Connector with the channel email, for every organisation in the file. Your Primary Local Administrator " <a href=routes::NEW_GRANT>"gives the role"</a> "."</li>
                <li>"The file has one of the portal’s formats, as CSV or as a spreadsheet (.xlsx or .ods). See " <a href=routes::FORMATS>"what a file must look like"</a> "."</li>
            </ul>
            <h2 id="send">"Send a file"</h2>
            <ol>
                <li>"Write an email to " <a class="app-break" href=format!("mailto:{address}")>{address.clone()}</a> " from your own mailbox, the one of your account."</li>
                <li>"Attach one file. If you have several files for one organisation, put their rows into one: only the latest file counts."</li>
                <li>"Do not split the list of one organisation. If it is too large, ask a local administrator to upload it in the portal."</li>
                <li>"Send it. Subject and text do not matter."</li>
            </ol>
            <p>"To be safer, make an address key under " <a href=routes::OWN_TOKENS>"Your files by email"</a> ". Then a file is taken only if it comes to your address with the key, or the key is in the subject."</p>
            <h2 id="receipt">"What the receipt says"</h2>
            <p>"You get an answer within a minute or so. Nothing has changed then. It says:"</p>
            <ul>
                <li>"how many rows the file has, and what the next run will do with them: create, change, no change"</li>
                <li>"which rows have problems, and what to do about each"</li>
                <li>"which of your earlier files it replaces"</li>
                <li>"when the run is"</li>
                <li>"a link to the page where you can look at every row, or withdraw the file"</li>
            </ul>
            <p>{attached} " To correct a file before the run, send the corrected file: it replaces the first."</p>
            <h2 id="run">"The daily run"</h2>
            <ul>
                <li>"It begins at " {run} " each day, UK time. A file that comes during a run waits for the next one."</li>
                <li>"For each organisation, only the most recent file is applied, whoever sent it. Rows of an older file for other organisations are applied too."</li>
                <li>"A file that cannot be read, or whose sender is not proved, replaces nothing."</li>
                <li>"If the headings are not those of a format, you can say on the page of the file what the columns hold."</li>
                <li>"Rows with problems are rejected. Possible duplicates are not created: they become proposals for the administrators."</li>
                <li>"A file that changes unusually many accounts waits for an administrator."</li>
                <li>"After the run you get another email with the counts, and the rows to correct."</li>
            </ul>
            <p>"Your local administrators see the file too. They can apply it before the run, or discard it."</p>
            <h2 id="none">"If you get no receipt"</h2>
            <p>"Anybody can write your address into an email. So a file is believed only if the mail server has checked that you sent it. Others get no answer. If your address stands in such an email, you get a note, at most once a day."</p>
            <ul>
                <li>"Send it from a mail program in which you are signed in with your own account."</li>
                <li>"From another organisation’s mail server: ask those who run it to sign its mail with DKIM. Your address there must be the one of your account."</li>
                <li>"Do not send it through a mailing list, or by an automatic reply or forwarding rule: such emails are not processed."</li>
                <li>"At most " {counted(email.replies_an_hour, "answer goes", "answers go")} " to one address in an hour."</li>
            </ul>
            <Refused limits/>
            <Winmail/>
        </div></div>
    }
}

/// Every refusal with its cure.
#[component]
fn Refused(limits: [u32; 3]) -> impl IntoView {
    let row = |refusal: Refusal| {
        vec![
            view! { <span class="app-people__name app-break">{refusal.sentence()}</span> }.into_any(),
            refusal.cure().into_any(),
        ]
    };
    let rows = Refusal::each(limits).into_iter().map(row).collect();
    let columns = ["What the answer says", "What to do"].map(Column::Named).to_vec();
    view! {
        <h2 id="refused">"What is refused, and what to do"</h2>
        <p>"If we know that you sent the email, you get one of these answers. Nothing has changed then. A file that is attached but cannot be read gets an answer that says what is wrong in it."</p>
        <Table caption="Answers to emails without a file that can be used" columns rows/>
    }
}

/// What Outlook does, and how it is told not to.
#[component]
fn Winmail() -> impl IntoView {
    view! {
        <h2 id="winmail">"winmail.dat"</h2>
        <p>"Outlook can send emails in its own format, Rich Text. Your file is then packed into winmail.dat, which other programs cannot open."</p>
        <ol>
            <li>"Open a new email in Outlook."</li>
            <li>"Choose " <strong>"Format Text"</strong> ", then " <strong>"HTML"</strong> " or " <strong>"Plain Text"</strong> "."</li>
            <li>"Attach the file and send it."</li>
        </ol>
        <p>"If it happens again, open the contact for this address in Outlook. Set its internet format to plain text."</p>
    }
}
