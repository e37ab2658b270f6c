//! Every component with its examples, on a developer's machine.

mod person;

use domain::{
    dictionary::{Attribute, Value},
    layout::Layout,
    plan::{AccountRef, AccountStep, Change, PlannedRow, Step},
    problem::{Kind, Problem},
    request::{Cells, ChangeRequest, Wish},
    submission::{Outcome, State},
    values::ids::{RowNumber, Timestamp},
};
use gate::{GateError, Row};
use leptos::prelude::*;
use leptos_meta::Title;

use self::person::PersonExamples;
use crate::{
    components::{
        count_bars::CountBars,
        error_summary::ErrorSummary,
        file_field::FileForm,
        lifeline::{Lifeline, Stage, When},
        pagination::Pagination,
        rows::Rows,
        tags,
        totals::{Tile, Totals},
        way_of_a_file::WayOfAFile,
    },
    forms::FormState,
    islands::{CopyLink, LiveProgress},
    pages::asked,
    routes,
    visitor::Visitor,
};

/// The page; elsewhere it is not there.
#[component]
pub fn PreviewPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    asked(async move {
        if !visitor.development {
            return Err(GateError::NotFound);
        }
        let mut form = FormState::default();
        form.problem("file", "Choose the file that you want to upload.");
        let tile = |style, label, count| Tile {
            style,
            count,
            label,
            href: routes::PREVIEW.to_owned(),
            current: count == 48,
        };
        let tiles = vec![
            tile("problem", "with problems", 2),
            tile("create", "to create", 48),
            tile("update", "to update", 0),
            tile("stale", "to check again", 1),
        ];
        let states = State::ALL
            .map(|state| view! { " " {tags::state(state)} })
            .collect_view();
        let columns = vec![
            ("LocalID".to_owned(), Some(Attribute::LocalId)),
            ("Mobile".to_owned(), Some(Attribute::Mobile)),
        ];
        let (rules, now) = (visitor.gate.rules().clone(), visitor.gate.now());
        Ok(view! {
            <Title text="Preview"/>
            <h1>"Components"</h1>
            <h2>"States"</h2>
            <p>{states}</p>
            <h2>"Totals"</h2>
            <Totals tiles/>
            <h2>"Counts with bars"</h2>
            <CountBars caption="Emails in the last 30 days" headings=["State", "Emails"] lines=counts()/>
            <h2>"The way of a file"</h2>
            <WayOfAFile/>
            <h2>"Where somebody stands"</h2>
            <Lifeline stages=stages(now)/>
            <h2>"Rows"</h2>
            <Rows rows=rows() layout=Layout { columns, ..Layout::default() }/>
            <h2>"Progress"</h2>
            <LiveProgress source=String::new() label="Applying the changes".to_owned() what="rows".to_owned() done=312 all=1200/>
            <h2>"A link to copy"</h2>
            <CopyLink link=routes::PREVIEW.to_owned()/>
            <h2>"Pages"</h2>
            <Pagination first=Some(routes::PREVIEW.to_owned()) next=Some(routes::PREVIEW.to_owned())/>
            <h2>"A form with a problem"</h2>
            <ErrorSummary form=form.clone()/>
            <FileForm label="Staff list" button="Upload and check" form/>
            <h2>"A form about a person"</h2>
            <PersonExamples rules now/>
        })
    })
}

fn counts() -> Vec<(String, u64)> {
    let counts = [("Received", 1_240), ("Refused", 62), ("Automatic", 0)];
    counts.map(|(label, number)| (label.to_owned(), number)).to_vec()
}

fn stages(now: Timestamp) -> Vec<Stage> {
    let stage = |what: &str, days: i64, when| Stage {
        what: what.to_owned(),
        at: now.plus_seconds(days * 86_400),
        when,
    };
    vec![
        stage("Created", -90, When::Past),
        stage("Active", -80, When::Past),
        stage("Leaver", -10, When::Now),
        stage("Deleted", 20, When::Ahead),
        stage("Permanently deleted", 50, When::Ahead),
    ]
}

fn rows() -> Vec<Row> {
    let row = |number: u32, name: &str, step: Step, outcome: Outcome| Row {
        request: ChangeRequest {
            row: RowNumber(number),
            wish: Wish::AccountInFile(Cells::of([])),
            promised: None,
        },
        planned: PlannedRow {
            row: RowNumber(number),
            name: name.to_owned(),
            step,
            warnings: vec![],
            kept: vec![],
            overwrites: vec![],
            matched: None,
        },
        outcome,
        subject: None,
        address: None,
    };
    let value = |text: &str| Some(Value::stored(text.to_owned()));
    let change = |attribute, before, after| Change {
        attribute,
        before,
        after,
    };
    let update = || {
        Step::Account(
            AccountRef {
                account: domain::values::ids::AccountId(Default::default()),
                version: 1,
                organisation: domain::organisation::OrganisationCode::parse("RIV")
                    .unwrap_or_else(|_| unreachable!("a sound code")),
                unit: None,
            },
            AccountStep::Update {
                changes: vec![
                    change(Attribute::JobTitle, value("Staff nurse"), value("Senior staff nurse")),
                    change(Attribute::Fax, value("+441632960123"), None),
                ],
                days: vec![],
            },
        )
    };
    let problem = Problem::in_cell(RowNumber(7), Attribute::Mobile, "01632 960123", Kind::NotAUkMobile);
    vec![
        row(
            7,
            "Jane Example",
            Step::LeaveOut {
                problems: vec![problem],
            },
            Outcome::Waiting,
        ),
        row(8, "John Example", update(), Outcome::Waiting),
        row(9, "Joan Example", update(), Outcome::Stale),
        row(10, "Joel Example", update(), Outcome::Done),
    ]
}
