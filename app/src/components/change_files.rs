//! Change files as lists have them: how far each is, and what became of it in a sentence.

use gate::ChangeFileShown;
use leptos::prelude::*;

use crate::{
    components::{
        change_file_stage::Stage,
        table::{Column, Table},
        tags,
    },
    islands::breakable,
    routes, words,
};

/// The files, a line each, newest first.
#[component]
pub fn ChangeFilesTable(files: Vec<ChangeFileShown>) -> impl IntoView {
    let row = |file: ChangeFileShown| {
        let name = match &file.submission {
            Some(submission) => view! {
                <a class="app-people__name" href=routes::submission(submission) inner_html=breakable(&file.file_name)></a>
            }
            .into_any(),
            None => view! { <span class="app-people__name" inner_html=breakable(&file.file_name)></span> }.into_any(),
        };
        let stands = view! { {tags::change_file(&file)} " " <span class="app-break">{sentence(&file)}</span> };
        vec![name, words::moment(file.received_at).into_any(), stands.into_any()]
    };
    let rows = files.into_iter().map(row).collect();
    let columns = ["File", "Received", "What became of it"].map(Column::Named).to_vec();
    let empty = "No change files have arrived yet.";
    view! { <Table caption="Change files, newest first" columns rows empty/> }
}

/// What became of a file.
fn sentence(file: &ChangeFileShown) -> String {
    let stage = Stage::of(file);
    let report = match (&file.report_name, stage) {
        (_, Stage::Reporting) => " Its report is being written.".to_owned(),
        (Some(name), Stage::Ended) => format!(" The report is {name}."),
        _ => String::new(),
    };
    let what = match (stage, &file.why) {
        (Stage::Working, _) => "Its rows are being checked and applied.".to_owned(),
        (Stage::Waiting, _) => "An administrator must apply or discard it. Nothing more is done until then.".to_owned(),
        (_, Some(fault)) => fault.sentence(),
        (_, None) if file.rehearsal => "It was only checked, and changed nothing.".to_owned(),
        (_, None) => match file.counts {
            Some(counts) => format!("{}.", counts.sentence()),
            None => "It was processed.".to_owned(),
        },
    };
    format!("{what}{report}")
}

#[cfg(test)]
mod tests {
    use domain::submission::State;
    use domain::{
        change_file::{FileFault, ReportSummary},
        values::ids::Timestamp,
    };
    use gate::FileState;

    use super::*;

    fn file(stands: Option<State>, is_reported: bool) -> ChangeFileShown {
        ChangeFileShown {
            id: "1".to_owned(),
            customer: "7".parse().unwrap(),
            file_name: "7_PRV_1.csv".to_owned(),
            source: String::new(),
            number: Some(1),
            size: 100,
            received_at: Timestamp(0),
            rehearsal: false,
            state: FileState::Taken,
            why: None,
            submission: None,
            report_name: is_reported.then(|| "7_PRV_1.report.csv".to_owned()),
            reported_at: is_reported.then_some(Timestamp(1)),
            stands,
            counts: None,
        }
    }

    #[test]
    fn each_stage_of_a_change_file_has_a_sentence() {
        let rehearsed = ChangeFileShown {
            rehearsal: true,
            ..file(Some(State::Declined), true)
        };
        let failed = ChangeFileShown {
            why: Some(FileFault::Empty),
            ..file(None, false)
        };
        for (file, stage, told) in [
            (
                file(Some(State::Applying), false),
                Stage::Working,
                "Its rows are being checked and applied.",
            ),
            (
                // Its report says that it waits.
                file(Some(State::Planned), true),
                Stage::Waiting,
                "An administrator must apply or discard it. Nothing more is done until then.",
            ),
            (
                file(Some(State::Applied), false),
                Stage::Reporting,
                "It was processed. Its report is being written.",
            ),
            (
                file(Some(State::Applied), true),
                Stage::Ended,
                "It was processed. The report is 7_PRV_1.report.csv.",
            ),
            (
                ChangeFileShown {
                    counts: Some(ReportSummary {
                        done: 3,
                        rejected: 2,
                        ..ReportSummary::default()
                    }),
                    ..file(Some(State::Applied), true)
                },
                Stage::Ended,
                "5 rows: 3 done, 2 rejected. The report is 7_PRV_1.report.csv.",
            ),
            (
                rehearsed,
                Stage::Ended,
                "It was only checked, and changed nothing. The report is 7_PRV_1.report.csv.",
            ),
            (
                failed,
                Stage::Reporting,
                "The file has no rows. Its report is being written.",
            ),
        ] {
            assert_eq!((Stage::of(&file), sentence(&file).as_str()), (stage, told));
        }
    }

    #[test]
    fn a_change_file_has_one_word_for_how_it_stands() {
        let counted = |done, rejected| ChangeFileShown {
            counts: Some(ReportSummary {
                done,
                rejected,
                ..ReportSummary::default()
            }),
            ..file(Some(State::Applied), true)
        };
        for (file, word) in [
            (file(Some(State::Applying), false), "In progress"),
            (file(Some(State::Planned), true), "Waiting"),
            (counted(3, 0), "Applied"),
            (counted(3, 2), "Partly applied"),
            (counted(0, 2), "Nothing applied"),
        ] {
            assert_eq!(tags::change_file_word(&file), word);
        }
    }
}
