//! What differs between a connector and the portal, and what it was refused, as files to take away.

use app::words;
use axum::{extract::Path, response::Response};
use domain::{account::Account, dictionary::Attribute};
use formats::Table;
use gate::calendar;

use crate::{
    files::downloads::{csv, draft},
    http::asker::{Asker, named},
};

/// The columns of differences.
const OF_DIFFERENCES: [&str; 9] = [
    "Difference",
    "ID",
    "First name",
    "Last name",
    "Email address",
    "Detail",
    "The other system",
    "The portal, or the other connector",
    "Last mentioned",
];

/// The columns of refusals.
const OF_REFUSALS: [&str; 7] = ["Why", "What to do", "Status", "Times", "First", "Last", "Example"];

/// `GET /connectors/{id}/differences.csv`.
pub(crate) async fn differences(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let differences = asker.visit().connector_health(named(&id)?).await?.differences;
        let mut table = Table::begin(draft::empty(), OF_DIFFERENCES)?;
        let mut line = |what: &str, account: &Account, [detail, theirs, ours, last]: [&str; 4]| {
            let text = |attribute| account.attributes.text(attribute);
            let id = account.id.to_string();
            let names = [Attribute::FirstName, Attribute::LastName, Attribute::EmailAddress].map(text);
            let [first_name, last_name, address] = names;
            table.line([what, &id, first_name, last_name, address, detail, theirs, ours, last])
        };
        for edited in &differences.edited {
            let detail = edited.attribute.name();
            line(
                "Changed here by hand",
                &edited.account,
                [detail, &edited.asserted, &edited.now, ""],
            )?;
        }
        for unmentioned in &differences.unmentioned {
            let last = calendar::iso_8601(unmentioned.last);
            line("Not mentioned for 30 days", &unmentioned.account, ["", "", "", &last])?;
        }
        for disagreement in &differences.disagreements {
            let other = format!("{} ({})", disagreement.other, disagreement.other_name);
            let detail = disagreement.attribute.name();
            line(
                "Connectors disagree",
                &disagreement.account,
                [detail, &disagreement.own, &other, ""],
            )?;
        }
        Ok(csv("differences.csv", table.finish()?)?)
    };
    asker.answer(made).await
}

/// `GET /connectors/{id}/refusals.csv`.
pub(crate) async fn refusals(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let refusals = asker.visit().connector_refusals(named(&id)?).await?;
        let mut table = Table::begin(draft::empty(), OF_REFUSALS)?;
        for refusal in refusals {
            let numbers = [refusal.status.to_string(), refusal.times.to_string()];
            let [first, last] = [refusal.first, refusal.last].map(calendar::iso_8601);
            let [status, times] = numbers.each_ref().map(String::as_str);
            table.line([
                refusal.sentence.as_str(),
                words::help_with(refusal.status, &refusal.hint),
                status,
                times,
                &first,
                &last,
                &refusal.example,
            ])?;
        }
        Ok(csv("refusals.csv", table.finish()?)?)
    };
    asker.answer(made).await
}
