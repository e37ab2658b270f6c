//! The form about a person: with a problem, a detail that moved, and one that two changed; and the question before it.

use domain::{
    dictionary::{Attribute, Value},
    organisation::{Organisation, OrganisationCode, OrganisationPath, OrganisationStatus, Site, UnitPath},
    plan::Change,
    rules::Rules,
    values::ids::{AccountId, Timestamp},
};
use gate::Moved;
use leptos::prelude::*;

use crate::{
    calls::Made,
    components::person_form::{About, MovedInset, PersonForm},
    forms::{FormState, MovedDetail, Subject},
    islands::{ADDRESS_CHOICE, KEPT},
    routes,
};

/// The examples.
#[component]
pub(super) fn PersonExamples(rules: Rules, now: Timestamp) -> impl IntoView {
    let form = form(now);
    let details = form.meanwhile.clone().unwrap_or_default();
    let about = About {
        subject: Subject::Account(AccountId(Default::default())),
        home: organisation("RIV", "Riverside Hospitals"),
        whole: true,
        elsewhere: Some(("Transfer to another organisation", routes::PREVIEW.to_owned())),
        address: format!("jane.example@{}", rules.mail_domain.as_str()),
        made: Made {
            display_name: "SAMPLE, Jane (Riverside)".to_owned(),
            addresses: vec![format!("jane.sample@{}", rules.mail_domain.as_str())],
        },
        rules,
        now,
        starts: false,
    };
    view! {
        <MovedInset details/>
        <PersonForm about form cancel=routes::PREVIEW.to_owned()/>
    }
}

fn form(now: Timestamp) -> FormState {
    let mut form = FormState::default();
    let typed = [
        (Attribute::FirstName, "Jane"),
        (Attribute::LastName, "Sample"),
        (Attribute::JobTitle, "Charge nurse"),
        (Attribute::Department, "Medicine"),
        (Attribute::Mobile, "01632 960123"),
        (Attribute::Role, "Nurse"),
    ];
    for (attribute, text) in typed {
        form.keep(attribute.slug(), text);
    }
    form.keep(ADDRESS_CHOICE, KEPT);
    form.problem(
        Attribute::Mobile.slug(),
        "“01632 960123” is not a UK mobile number. Enter eleven digits that begin with 07, like 07700 900123.",
    );
    let value = |text: &str| Some(Value::stored(text.to_owned()));
    let detail = |attribute, before, after, typed| MovedDetail {
        moved: Moved {
            change: Change {
                attribute,
                before,
                after,
            },
            by: Some("Priya Ramanathan".to_owned()),
            by_oneself: false,
            at: now,
        },
        typed,
    };
    form.meanwhile = Some(vec![
        detail(
            Attribute::JobTitle,
            value("Staff nurse"),
            value("Senior staff nurse"),
            Some("Charge nurse".to_owned()),
        ),
        detail(Attribute::Department, None, value("Medicine"), None),
    ]);
    form
}

fn organisation(code: &str, name: &str) -> Organisation {
    let code = OrganisationCode::parse(code).unwrap_or_else(|_| unreachable!("a sound code"));
    Organisation {
        path: OrganisationPath::below(None, &code),
        code,
        name: name.to_owned(),
        short_name: "Riverside".to_owned(),
        status: OrganisationStatus::Open,
        sites: vec![Site {
            code: "MAIN".to_owned(),
            name: "Main site".to_owned(),
        }],
        units: vec![UnitPath::parse("Medicine / Ward 7"), UnitPath::parse("Surgery")],
    }
}
