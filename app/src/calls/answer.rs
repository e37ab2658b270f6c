//! What a verb answers: what is to be shown, in place of a value or an error. The server's layer makes the response of it.

use std::sync::Arc;

use axum::response::Response;
use gate::{GateError, Whom};
use leptos::{
    prelude::*,
    server_fn::{
        codec::JsonEncoding,
        error::{FromServerFnError, ServerFnErrorErr},
    },
};
use serde::{Deserialize, Serialize};

use crate::{forms::FormState, searches::people::Search};

/// What comes of a form.
#[derive(Clone)]
pub enum Answer {
    /// It leads on to another page.
    Go(String),
    /// The form again, on the page at a path, with what is wrong and all that was typed.
    Again(String, Box<FormState>),
    /// The form again upon what was changed since it was shown.
    Moved(String, Box<FormState>),
    /// The page at a path, where more is asked for before anything is done.
    Page(String, Box<FormState>),
    /// The page at a path, with what no other page is ever given: one-time links, a new token.
    Once(String, Provide),
    /// A file that no other answer holds.
    File(OnceFile),
    /// These accounts, with the columns that a search shows, as a file to take away.
    Export(Box<(Whom, Search)>),
    /// Its sender must prove first who they are, and then comes back to a page.
    ProveFirst(String),
    /// So many files come at this moment that there is no room for another.
    Busy,
    /// It was not done.
    Refused(Refused),
    /// What was sent is not such a form.
    Unread,
}

/// Puts something into a page's context.
pub type Provide = Arc<dyn Fn() + Send + Sync>;

/// A small file to take away, which nothing keeps.
#[derive(Clone)]
pub struct OnceFile {
    /// What it is called.
    pub name: &'static str,
    /// Its media type.
    pub kind: &'static str,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The form again, with what is wrong.
    #[must_use]
    pub fn again(page: impl Into<String>, form: FormState) -> Self {
        Self::Again(page.into(), Box::new(form))
    }

    /// The page at a path, with something in its context that no other page is given.
    #[must_use]
    pub fn once<C: Clone + Send + Sync + 'static>(page: impl Into<String>, shown: C) -> Self {
        Self::Once(page.into(), Arc::new(move || provide_context(shown.clone())))
    }

    /// An empty response that carries it through leptos, which adds a `Location` to every one, to the layer that takes it
    /// out again.
    pub(super) fn carried(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(self);
        response
    }
}

/// Why it was not done: the gate's error; `None` if it is leptos' own.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Refused {
    /// What the gate said. It stays on the server.
    #[serde(skip)]
    pub error: Option<Arc<GateError>>,
}

impl FromServerFnError for Refused {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::default()
    }
}

impl From<GateError> for Refused {
    fn from(error: GateError) -> Self {
        Self {
            error: Some(Arc::new(error)),
        }
    }
}
