//! The one reader of the forms that are handled here.

use app::forms::fields::Fields;
use axum::{
    Form,
    extract::{FromRequest, Request},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

/// The request's parts, and what its form sends; none where it is no form. What is no form of the verbs' is none here.
pub(crate) async fn read<T: DeserializeOwned>(request: Request) -> Option<(Parts, T)> {
    let (parts, body) = request.into_parts();
    let rebuilt = Request::from_parts(parts.clone(), body);
    let Form(fields) = <Form<Fields> as FromRequest<()>>::from_request(rebuilt, &())
        .await
        .ok()?;
    let said = serde_json::to_value(&fields).ok()?;
    Some((parts, serde_json::from_value(said).ok()?))
}
