//! Files to take away: reports of a submission, samples of a format. Always as attachments, never as pages.

mod disposition;
pub(crate) mod draft;

use std::io;

use axum::{
    Extension,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use demo::PRACTICE_FILE;
use domain::{dictionary::Attribute, policy::Actor, values::ids::SubmissionId};
use formats::About;
use gate::{Gate, GateError, Report};

use self::draft::Draft;
use crate::http::{
    asker::{Asker, failed},
    render::Renderer,
};

/// `GET /submissions/{id}/result.csv`.
pub(crate) async fn result(asker: Asker, Path(id): Path<String>) -> Response {
    report(&asker, &id, Report::Result).await
}

/// `GET /submissions/{id}/problems.csv`.
pub(crate) async fn problems(asker: Asker, Path(id): Path<String>) -> Response {
    report(&asker, &id, Report::Problems).await
}

async fn report(asker: &Asker, id: &str, report: Report) -> Response {
    let made = async {
        let id = SubmissionId::parse(id).ok_or(GateError::NotFound)?;
        let (name, draft) = asker.visit().write_report(&id, report, draft::empty()).await?;
        Ok(csv(&name, draft)?)
    };
    asker.answer(made).await
}

/// `GET /uploads/formats/{name}/sample.csv`: the format's headings and one person, for an organisation of one's own.
pub(crate) async fn sample(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let visit = gate.on_behalf_of(&actor);
    let own = visit.organisations(1).await;
    let (format, own) = match (gate.formats().get(&name), own) {
        (Some(format), Ok(own)) => (format, own),
        (None, _) => return failed(&renderer, request.into_parts().0, &GateError::NotFound).await,
        (_, Err(error)) => return failed(&renderer, request.into_parts().0, &error).await,
    };
    let code = own
        .first()
        .map(|organisation| organisation.code.to_string())
        .unwrap_or_default();
    let example = |attribute: Attribute| match attribute {
        Attribute::Organisation => code.clone(),
        _ => attribute.guide().example.to_owned(),
    };
    let person = Attribute::ALL.map(|attribute| (attribute, example(attribute))).to_vec();
    match formats::sample(format, &[person]) {
        Ok(bytes) => held(
            &format!("{name}-format-sample.csv"),
            HeaderValue::from_static(CSV),
            bytes,
        ),
        Err(error) => failed(&renderer, request.into_parts().0, &error.into()).await,
    }
}

/// `GET /organisation-imports/sample.csv`: what a file of organisations looks like.
pub(crate) async fn organisations_sample(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    request: Request,
) -> Response {
    if let Err(error) = gate.on_behalf_of(&actor).manages_organisations().await {
        return failed(&renderer, request.into_parts().0, &error).await;
    }
    let formats = gate.formats().about(About::Organisations);
    let Some(format) = formats.iter().next() else {
        return failed(&renderer, request.into_parts().0, &GateError::NotFound).await;
    };
    let example = |attribute: Attribute| (attribute, attribute.guide().example.to_owned());
    let organisation = Attribute::OF_ORGANISATIONS.map(example).to_vec();
    match formats::sample(format, &[organisation]) {
        Ok(bytes) => held("organisations-sample.csv", HeaderValue::from_static(CSV), bytes),
        Err(error) => failed(&renderer, request.into_parts().0, &error.into()).await,
    }
}

/// `GET /uploads/practice.csv`: a file to practise with, while the demonstration's people are here.
pub(crate) async fn practice(renderer: State<Renderer>, request: Request) -> Response {
    if renderer.development {
        held(
            "practice-50-rows-5-mistakes.csv",
            HeaderValue::from_static(CSV),
            PRACTICE_FILE.as_bytes().to_vec(),
        )
    } else {
        failed(&renderer, request.into_parts().0, &GateError::NotFound).await
    }
}

/// `GET /connectors/email/{seq}/source`: the headers of a mail that was set aside, and a list of its parts.
pub(crate) async fn email_source(asker: Asker, Path(seq): Path<String>) -> Response {
    let made = async {
        let number: i64 = seq.parse().map_err(|_| GateError::NotFound)?;
        let bytes = asker.visit().email_source(number).await?;
        let kind = HeaderValue::from_static("message/rfc822");
        Ok(held(&format!("email-{number}.eml"), kind, bytes))
    };
    asker.answer(made).await
}

/// What a CSV file is.
const CSV: &str = "text/csv; charset=utf-8";

/// A CSV file to take away.
pub(crate) fn csv(name: &str, draft: Draft) -> io::Result<Response> {
    attachment(name, HeaderValue::from_static(CSV), draft)
}

/// A file to take away, which is read as it is sent.
pub(crate) fn attachment(name: &str, kind: HeaderValue, draft: Draft) -> io::Result<Response> {
    let (length, body) = draft::body(draft)?;
    let mut response = named(name, kind, body);
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    Ok(response)
}

/// A small file to take away, which is in memory anyway.
pub(crate) fn held(name: &str, kind: HeaderValue, bytes: Vec<u8>) -> Response {
    named(name, kind, bytes.into())
}

fn named(name: &str, kind: HeaderValue, body: Body) -> Response {
    let disposition =
        HeaderValue::from_str(&disposition::disposition(name)).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)];
    (headers, body).into_response()
}
