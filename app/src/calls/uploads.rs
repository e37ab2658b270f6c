//! Sending a file: of people, or of organisations. It answers with the submission's page.

use std::io;

use axum::extract::{FromRequest, Multipart, multipart::MultipartError};
use domain::channel::Channel;
use gate::{Arriving, ComingIn, Content, GateError};
use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    at,
    form::{FileForm, SentFile},
    submissions::wait_for_check,
};
use crate::{busy::discard, forms::FormState, routes, visitor::Visitor};

/// Send a file of people.
///
/// # Errors
/// Where the caller may upload none, or the server cannot take it.
#[server(prefix = "/uploads", endpoint = "new", protocol = FileForm, input_derive = ())]
pub async fn upload(
    /// What the form sends.
    sent: SentFile,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    // Nobody sends a large file for nothing.
    if !visitor.acts()?.abilities().await?.uploads {
        return Err(GateError::Denied.into());
    }
    taken(&visitor, sent, Channel::PortalCsv, at::<Upload>()).await
}

/// Send a file of organisations.
///
/// # Errors
/// Where the caller manages no organisations, or the server cannot take it.
#[server(prefix = "/organisation-imports", endpoint = "new", protocol = FileForm, input_derive = ())]
pub async fn import_organisations(
    /// What the form sends.
    sent: SentFile,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    visitor.acts()?.manages_organisations().await?;
    taken(&visitor, sent, Channel::Organisations, at::<ImportOrganisations>()).await
}

/// Takes a file in, and leads on to its review; the form again where none came.
async fn taken(visitor: &Visitor, sent: SentFile, channel: Channel, page: &str) -> Result<Answer, Refused> {
    let visit = visitor.acts()?;
    let actor = visitor.actor.as_ref().ok_or(GateError::NotFound)?;
    let SentFile(request) = sent;
    let Some(place) = visitor.busy.upload(actor).await else {
        discard(request.into_body()).await;
        return Ok(Answer::Busy);
    };
    let arrived = match Multipart::from_request(request, &()).await {
        Ok(multipart) => file(multipart).await.map_err(GateError::from)?,
        Err(_) => Arrived::Nothing,
    };
    let wrong = match arrived {
        Arrived::File(file_name, bytes) => {
            let arriving = Arriving {
                channel,
                file_name,
                bytes,
            };
            let id = visit.submit(arriving).await?;
            drop(place);
            wait_for_check(&visit, &id).await;
            return Ok(Answer::Go(routes::submission(&id)));
        }
        Arrived::Nothing => "Choose the file that you want to upload.".to_owned(),
        Arrived::Several => "Upload one file at a time. Nothing was uploaded.".to_owned(),
        Arrived::CutShort => format!(
            "The upload was interrupted, or the file is larger than {} MB. Check the file and upload it again.",
            visitor.gate.formats().limits().mib
        ),
    };
    let mut form = FormState::default();
    form.problem("file", &wrong);
    Ok(Answer::again(page, form))
}

enum Arrived {
    File(String, Content),
    Nothing,
    /// Which of them is meant cannot be known.
    Several,
    CutShort,
}

/// The form's file, taken in as it comes.
async fn file(mut multipart: Multipart) -> io::Result<Arrived> {
    loop {
        let mut field = match multipart.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return Ok(Arrived::Nothing),
            Err(_) => return Ok(Arrived::CutShort),
        };
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let coming = ComingIn::begin();
        let is_whole = loop {
            match field.chunk().await {
                Ok(Some(portion)) if coming.take(portion.to_vec()).await.is_ok() => {}
                // What keeps it from being taken is said at the end.
                Ok(Some(_)) => break false,
                Ok(None) => break true,
                Err(_) => return Ok(Arrived::CutShort),
            }
        };
        drop(field);
        if is_whole {
            match has_another(&mut multipart).await {
                Ok(false) => {}
                Ok(true) => return Ok(Arrived::Several),
                Err(_) => return Ok(Arrived::CutShort),
            }
        }
        let content = coming.finish().await?;
        return Ok(match content.size() {
            // A browser sends an empty, nameless file where none was chosen.
            0 if name.is_empty() => Arrived::Nothing,
            _ => Arrived::File(name, content),
        });
    }
}

/// Whether another file comes behind the first.
async fn has_another(multipart: &mut Multipart) -> Result<bool, MultipartError> {
    while let Some(field) = multipart.next_field().await? {
        if field.name() == Some("file") {
            return Ok(true);
        }
    }
    Ok(false)
}
