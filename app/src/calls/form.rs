//! How a form arrives at its server function, and how the answer leaves it.
//!
//! Leptos sends what a function returns as an error back to the page that the form came from, the error in its address.
//! So these protocols never give leptos an error: whatever a function returns leaves as an [`Answer`] inside an empty
//! response, and the server's layer makes the real response of it. Functions may use `?` on the gate's errors.

use axum::{
    Form,
    body::Body,
    extract::{FromRequest, Request},
    http::Method,
    response::Response,
};
use gate::GateError;
use leptos::server_fn::{Protocol, client::Client, server::Server};
use serde::de::DeserializeOwned;

use super::answer::{Answer, Refused};
pub use crate::forms::fields::Fields;

/// The protocol of a form: its fields are the function's arguments. `#[server(flatten)] fields: Fields` takes all there are.
pub struct HtmlForm;

impl<Input, C, S> Protocol<Input, Answer, C, S, Refused> for HtmlForm
where
    Input: DeserializeOwned + Send,
    C: Client<Refused>,
    S: Server<Refused, Request = Request<Body>, Response = Response<Body>>,
{
    const METHOD: Method = Method::POST;

    async fn run_server<F, Fut>(request: Request, run: F) -> Result<Response, Refused>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Answer, Refused>> + Send,
    {
        let answer = match Form::<Input>::from_request(request, &()).await {
            Ok(Form(input)) => run(input).await.unwrap_or_else(Answer::Refused),
            Err(_) => Answer::Unread,
        };
        Ok(answer.carried())
    }

    async fn run_client(_: &str, _: Input) -> Result<Answer, Refused> {
        // Browsers post forms, and no script calls these functions.
        Err(GateError::NotFound.into())
    }
}

/// The protocol of a form that sends a file, which is not read before the function asks for it.
pub struct FileForm;

/// What a form with a file sends, unread.
#[derive(Debug)]
pub struct SentFile(pub Request);

impl<Input, C, S> Protocol<Input, Answer, C, S, Refused> for FileForm
where
    Input: From<SentFile> + Send,
    C: Client<Refused>,
    S: Server<Refused, Request = Request<Body>, Response = Response<Body>>,
{
    const METHOD: Method = Method::POST;

    async fn run_server<F, Fut>(request: Request, run: F) -> Result<Response, Refused>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Answer, Refused>> + Send,
    {
        let answer = run(SentFile(request).into()).await.unwrap_or_else(Answer::Refused);
        Ok(answer.carried())
    }

    async fn run_client(_: &str, _: Input) -> Result<Answer, Refused> {
        // Browsers post forms, and no script calls these functions.
        Err(GateError::NotFound.into())
    }
}
