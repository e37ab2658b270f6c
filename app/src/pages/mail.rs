//! The mail that went out, on a developer's machine: what people would find in their mailboxes. The files are few and
//! near, so they are read while the page is made.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    components::{
        breakable::Breakable,
        table::{Column, Table},
    },
    mail_folder::{MailFolder, SentLetter},
    pages::failure::NotFoundPage,
    routes, words,
};

/// The letters, newest first.
#[component]
pub fn MailPage() -> impl IntoView {
    let Some(folder) = use_context::<MailFolder>() else {
        return view! { <NotFoundPage/> }.into_any();
    };
    let letters = folder.letters();
    let list = if letters.is_empty() {
        view! { <p>"Nothing has been sent yet. Emails from the portal appear here after a second."</p> }.into_any()
    } else {
        view! { <LettersTable letters/> }.into_any()
    };
    view! {
        <Title text="Mail"/>
        <h1>"Mail"</h1>
        <p>"Emails from the portal are kept in a folder on this machine. They are not sent to anybody."</p>
        {list}
    }
    .into_any()
}

#[component]
fn LettersTable(letters: Vec<SentLetter>) -> impl IntoView {
    let line = |letter: SentLetter| {
        vec![
            view! { <a class="app-people__name" href=routes::mail(&letter.name)>{letter.subject}</a> }.into_any(),
            view! { <Breakable text=letter.to/> }.into_any(),
            words::moment(letter.at).into_any(),
        ]
    };
    let rows = letters.into_iter().map(line).collect();
    let columns = ["Subject", "To", "Sent"].map(Column::Named).to_vec();
    view! { <Table caption="Mail, newest first" columns rows/> }
}

/// One letter's plain text, its links to follow.
#[component]
pub fn LetterPage() -> impl IntoView {
    let name = use_params_map().get_untracked().get("name").unwrap_or_default();
    let letter = use_context::<MailFolder>().and_then(|folder| folder.letter(&name));
    let Some(letter) = letter else {
        return view! { <NotFoundPage/> }.into_any();
    };
    let paragraphs = letter.text.replace("\r\n", "\n");
    let paragraphs = paragraphs
        .split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty())
        .map(|paragraph| view! { <p>{paragraph.trim().lines().map(line).collect::<Vec<_>>()}</p> })
        .collect::<Vec<_>>();
    let attached = match letter.attachments.as_slice() {
        [] => None,
        names => Some(view! { <p>"Attached: " <Breakable text=names.join(", ")/></p> }),
    };
    view! {
        <Title text=letter.subject.clone()/>
        <h1>{letter.subject}</h1>
        <p class="nhsuk-hint">"To " {letter.to} ", " {words::moment(letter.at)}</p>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <div class="app-sheet">{paragraphs}</div>
            {attached}
            <p><a href=routes::mail_file(&letter.name) download>"Download the .eml"</a></p>
            <p><a href=routes::MAIL>"All mail"</a></p>
        </div></div>
    }
    .into_any()
}

/// A line; one that is an address leads there.
fn line(line: &str) -> AnyView {
    let line = line.trim().to_owned();
    if line.starts_with("https://") || line.starts_with("http://") {
        view! { <a class="app-break" href=line.clone()>{line.clone()}</a> <br/> }.into_any()
    } else {
        view! { {line} <br/> }.into_any()
    }
}
