//! `POST /submissions/{id}/rows/{row}`: what somebody writes into the cells of a file that they uploaded.

use app::{
    forms::{ALSO, BACK, EVERYWHERE, KEEP, MENDED, OVERRULE},
    routes,
};
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    dictionary::Attribute,
    ids::{RowNumber, SubmissionId},
};
use gate::{GateError, Mend};

use crate::{
    asker::{Asker, Posted, Said},
    submissions::moved_on,
};

/// Writes into the cells that the form has, and comes back to the rows that were shown.
pub(crate) async fn mend(
    asker: Asker,
    Path((id, row)): Path<(String, String)>,
    Posted(said): Posted<Said>,
) -> Response {
    let made = async {
        let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
        let row = RowNumber(row.parse().map_err(|_| GateError::NotFound)?);
        let cells = Attribute::ALL
            .into_iter()
            .filter_map(|attribute| Some((attribute, said.given(attribute.slug())?.to_owned())));
        let everywhere = said.all(EVERYWHERE);
        let overruling = [(OVERRULE, true), (KEEP, false)];
        let overruling = overruling
            .into_iter()
            .filter_map(|(field, overrules)| Some((Attribute::from_slug(said.text(field))?, overrules)));
        let mend = Mend {
            row,
            overruling: overruling.collect(),
            cells: cells.collect(),
            everywhere: everywhere.split(' ').filter_map(Attribute::from_slug).collect(),
        };
        let mended = match asker.visit().mend(&id, mend).await {
            Ok(mended) => mended,
            Err(error) => return moved_on(&id, error),
        };
        let (number, also) = (row.to_string(), mended.others.to_string());
        let mut query: Vec<_> = BACK.iter().map(|name| (*name, said.text(name))).collect();
        if mended.changed {
            query.extend([(MENDED, number.as_str()), (ALSO, also.as_str())]);
        }
        let place = if mended.changed { MENDED } else { "rows" };
        let page = routes::with_query(&routes::submission(&id), &query);
        Ok(Redirect::to(&format!("{page}#{place}")).into_response())
    };
    asker.answer(made).await
}
