//! The mail that went out, on a developer's machine: what people would find in their mailboxes. The files are few and
//! near, so they are read while it is answered.

use std::sync::Arc;

use app::{
    InPlaceOfPage,
    breakable::Breakable,
    routes,
    table::{Column, Table},
    words,
};
use axum::{
    extract::{Path, Request, State},
    http::HeaderValue,
    response::Response,
};
use gate::GateError;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    files::downloads,
    http::{asker::failed, render::Renderer},
    operate::sending_mail::folder::{MailFolder, SentLetter},
};

/// `GET /mail`: the letters, newest first.
pub(crate) async fn letters(State(renderer): State<Renderer>, request: Request) -> Response {
    let letters = renderer.mail_folder.as_ref().map(MailFolder::letters);
    answer(&renderer, request, letters, |letters| {
        view! { <LettersPage letters/> }.into_any()
    })
    .await
}

/// `GET /mail/{name}`: one of them.
pub(crate) async fn letter(State(renderer): State<Renderer>, Path(name): Path<String>, request: Request) -> Response {
    let letter = renderer.mail_folder.as_ref().and_then(|folder| folder.letter(&name));
    answer(&renderer, request, letter, |letter| {
        view! { <LetterPage letter/> }.into_any()
    })
    .await
}

/// `GET /mail/{name}/letter.eml`: its file.
pub(crate) async fn file(State(renderer): State<Renderer>, Path(name): Path<String>, request: Request) -> Response {
    match renderer.mail_folder.as_ref().and_then(|folder| folder.read(&name)) {
        Some(bytes) => downloads::held(
            &format!("{name}.eml"),
            HeaderValue::from_static("message/rfc822"),
            bytes,
        ),
        None => failed(&renderer, request.into_parts().0, &GateError::NotFound).await,
    }
}

/// The page of what was found, or the one that says that there is none.
async fn answer<T>(renderer: &Renderer, request: Request, found: Option<T>, page: fn(T) -> AnyView) -> Response
where
    T: Clone + Send + Sync + 'static,
{
    let (parts, _) = request.into_parts();
    let Some(found) = found else {
        return failed(renderer, parts, &GateError::NotFound).await;
    };
    let path = parts.uri.path().to_owned();
    let in_place = InPlaceOfPage(Arc::new(move || page(found.clone())));
    renderer.page_with(parts, &path, in_place).await
}

#[component]
fn LettersPage(letters: Vec<SentLetter>) -> impl IntoView {
    let line = |letter: SentLetter| {
        vec![
            view! { <a class="app-people__name" href=routes::mail(&letter.name)>{letter.subject}</a> }.into_any(),
            view! { <Breakable text=letter.to/> }.into_any(),
            words::moment(letter.at).into_any(),
        ]
    };
    let rows = letters.into_iter().map(line).collect();
    let columns = ["Subject", "To", "Sent"].map(Column::Named).to_vec();
    view! {
        <Title text="Mail"/>
        <h1>"Mail"</h1>
        <p>"Emails from the portal are kept in a folder on this machine. They are not sent to anybody."</p>
        <Table caption="Mail, newest first" columns rows
            empty="Nothing has been sent yet. Emails from the portal appear here after a second."/>
    }
}

/// One letter's plain text, its links to follow.
#[component]
fn LetterPage(letter: SentLetter) -> impl IntoView {
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
