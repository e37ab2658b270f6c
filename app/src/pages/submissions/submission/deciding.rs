//! The decision on a plan: apply what is good, saying the counts, or discard all of it.

use domain::{
    channel::Channel,
    plan::RowKind,
    submission::{LookAlikes, Outcome},
};
use gate::{Submission, UndoWay, seen, to_type};
use leptos::prelude::*;

use crate::{
    calls::{
        about,
        submissions::{Confirm, Refuse},
    },
    components::{
        field::{Group, Tied},
        typed_number::TypedNumber,
    },
    forms::FormState,
    pages::submissions::submission::{shown::LOOK_ALIKE, told::is_stopped},
    routes,
    words::{counted, thousands},
};

/// The forms.
#[component]
pub fn Deciding(submission: Submission, form: FormState) -> impl IntoView {
    let totals = &submission.totals;
    let warned = totals.warned();
    let most = totals.to_apply(LookAlikes::Create);
    let problems = totals.with_problems();
    let refusal = about::<Refuse>(&submission.id);
    let refuse = if totals.with(Outcome::Done) > 0 {
        "Skip the rest"
    } else {
        "Discard"
    };
    let decision = if most == 0 {
        view! { <NothingToApply problems submission=submission.clone()/> }.into_any()
    } else {
        let confirmation = about::<Confirm>(&submission.id);
        // With possible duplicates the count depends on the answer, and so stands beside each answer.
        let label = match warned {
            0 if submission.channel == Channel::Organisations => on_organisations(&submission),
            0 if submission.waits_for_the_run() => format!("Apply {} now", counted(most, "change", "changes")),
            0 => format!("Apply {}", counted(most, "change", "changes")),
            _ => "Apply".to_owned(),
        };
        let others = (warned == 0)
            .then(|| not_applied(problems, open_skipped(&submission)))
            .flatten()
            .map(|others| view! { <p>{others} "."</p> });
        let count = to_type(&submission)
            .map(|number| view! { <Count submission=submission.clone() number form=form.clone()/> });
        let question = (warned > 0).then(|| view! { <LookAlikesQuestion submission=submission.clone() form/> });
        view! {
            <form method="post" action=confirmation>
                <input type="hidden" name="seen" value=seen(&submission).to_string()/>
                {question}
                {count}
                {others}
                <button class="nhsuk-button">{label}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <div class="app-sheet app-decision">
            {decision}
            <form method="post" action=refusal>
                <button class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0">{refuse}</button>
            </form>
        </div>
    }
}

/// What a file of organisations does, on its button: `Create 3 and change 2 organisations`.
fn on_organisations(submission: &Submission) -> String {
    let open = |kind| {
        submission
            .totals
            .count(|tally| tally.kind == kind && tally.outcome.is_open())
    };
    let named = |many| counted(many, "organisation", "organisations");
    match (open(RowKind::Create), open(RowKind::Update)) {
        (created, 0) => format!("Create {}", named(created)),
        (0, changed) => format!("Change {}", named(changed)),
        (created, changed) => format!("Create {} and change {}", thousands(created), named(changed)),
    }
}

/// Rows that were skipped one by one, and whose submission is not done.
fn open_skipped(submission: &Submission) -> u32 {
    submission
        .totals
        .count(|tally| tally.kind == RowKind::Skipped && tally.outcome.is_open())
}

/// What is not applied, in words; none where that is nothing.
fn not_applied(rejected: u32, skipped: u32) -> Option<String> {
    let row = |rows| counted(rows, "row", "rows");
    let with_problems = |rows| counted(rows, "row with problems", "rows with problems");
    match (rejected, skipped) {
        (0, 0) => None,
        (rejected, 0) => Some(format!("{} will be rejected", with_problems(rejected))),
        (0, skipped) => Some(format!("{} will be skipped", row(skipped))),
        (rejected, skipped) => Some(format!(
            "{} will be rejected, {} skipped",
            with_problems(rejected),
            row(skipped)
        )),
    }
}

#[component]
fn NothingToApply(problems: u32, submission: Submission) -> impl IntoView {
    let file = routes::submission_part(&submission.id, "problems.csv");
    if problems == 0 {
        let said = match open_skipped(&submission) {
            0 => "No changes needed: everything in this file is already here.",
            _ => "There is nothing to apply: the rows that are not skipped need no changes.",
        };
        return view! { <p>{said}</p> }.into_any();
    }
    let in_file_only = submission.channel != Channel::PortalCsv;
    if submission.file_gone {
        return view! { <p>"There is nothing to apply: every row has a problem. Fix them below. The file itself is no longer kept."</p> }.into_any();
    }
    let why = match submission.totals.of(RowKind::NoChange) + open_skipped(&submission) {
        _ if in_file_only => "There is nothing to apply: no row without problems changes anything. Take the ",
        0 => "There is nothing to apply: every row has a problem. Fix them below, or take the ",
        _ => "There is nothing to apply: the rows without problems need no changes. Fix the others below, or take the ",
    };
    view! {
        <p>{why}
            <a href=file download>"problem file"</a>
            ", which says what is wrong with each."
        </p>
    }
    .into_any()
}

/// What changes or creates suspiciously many accounts is applied once somebody has typed in how many.
#[component]
pub(super) fn Count(submission: Submission, number: u32, form: FormState) -> impl IntoView {
    let (this, than) = match submission.channel {
        Channel::Portal => ("This", "people usually change at once"),
        Channel::Undo if UndoWay::of(&submission) == UndoWay::PutsBack => ("This", "people usually change at once"),
        Channel::Undo => ("This undo", "people usually change at once"),
        _ => ("This file", "most files do"),
    };
    let of_organisations = submission.channel == Channel::Organisations;
    let (what, one) = match of_organisations {
        true => ("organisations", "organisation"),
        false => ("accounts", "account"),
    };
    let lines = submission
        .touches
        .iter()
        .map(|touched| {
            let percent = u64::from(touched.changed) * 100 / u64::from(touched.all.max(1));
            let whose = touched.organisation.as_ref().map(|code| format!("{code}: "));
            let (changed, all) = (thousands(touched.changed), thousands(touched.all));
            let changed = (touched.changed > 0).then(|| format!("{changed} of {all} {what}, {percent}%"));
            let created = (touched.created > 0).then(|| {
                format!(
                    "{}, {all} are there now",
                    counted(touched.created, &format!("new {one}"), &format!("new {what}"))
                )
            });
            let said: Vec<_> = changed.into_iter().chain(created).collect();
            view! { <li>{whose} {said.join("; ")}</li> }
        })
        .collect_view();
    let (changes, creates) = submission
        .touches
        .iter()
        .fold((false, false), |(changes, creates), touched| {
            (changes || touched.changed > 0, creates || touched.created > 0)
        });
    let verb = match (changes, creates) {
        (_, false) => "changes",
        (false, true) => "creates",
        (true, true) => "changes or creates",
    };
    let whose = match (of_organisations, creates) {
        (false, _) => " of the organisations below",
        (true, false) => " that are here",
        (true, true) => "",
    };
    // A change file that has begun stops before people lose their access, and for nothing else.
    let takes_access = is_stopped(&submission);
    let label = match (takes_access, number) {
        (true, 1) => "1 more person would lose access. Is that right?".to_owned(),
        (true, _) => format!("{} more people would lose access. Is that right?", thousands(number)),
        (false, _) => format!("{this} {verb} {} {what}{whose}. Is that right?", thousands(number)),
    };
    let others = submission.totals.to_apply(LookAlikes::Create).saturating_sub(number);
    let others = match submission.channel {
        Channel::Portal | Channel::Undo if others > 0 => format!(
            " {} of other organisations are changed, too; these are not unusually many.",
            counted(others, "account", "accounts")
        ),
        _ => String::new(),
    };
    let hint = format!("That is more than {than}. If it is what you want, type the number {number}.{others}");
    view! {
        <TypedNumber label hint form>
            <ul>{lines}</ul>
        </TypedNumber>
    }
}

#[component]
fn LookAlikesQuestion(submission: Submission, form: FormState) -> impl IntoView {
    let totals = &submission.totals;
    let (warned, problems) = (totals.warned(), totals.with_problems());
    let invalid = Tied::to("look_alikes", &form).invalid();
    let chosen = form.value_of("look_alikes");
    let skipped = open_skipped(&submission);
    let show = routes::submission_rows(&submission.id, LOOK_ALIKE, None);
    let answer = |id: &'static str, choice: LookAlikes| {
        let applied = counted(totals.to_apply(choice), "change", "changes");
        let (words, skipped) = match choice {
            LookAlikes::LeaveOut => ("Skip them all; I will check who they are", skipped + warned),
            LookAlikes::Create => ("Include them all; I have checked", skipped),
        };
        let others = not_applied(problems, skipped).map(|others| format!(", {others}"));
        let hint = format!("{applied} will be applied{}", others.unwrap_or_default());
        let is_chosen = chosen == choice.slug();
        view! {
            <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id=id name="look_alikes" type="radio" value=choice.slug() checked=is_chosen aria-describedby=format!("{id}-hint") aria-invalid=invalid/>
                <label class="nhsuk-label nhsuk-radios__label" for=id>{words}</label>
                <div class="nhsuk-hint nhsuk-radios__hint" id=format!("{id}-hint")>{hint}</div>
            </div>
        }
    };
    let leave_out = answer("look_alikes", LookAlikes::LeaveOut);
    let create = answer("look_alikes-create", LookAlikes::Create);
    let rows = counted(warned, "row", "rows");
    let needed = counted(warned, "row needs a decision", "rows need a decision");
    let legend = format!("{needed}: what should be done?");
    // What a machine sent is applied or discarded as it is.
    let each = match submission.channel {
        Channel::PortalCsv => {
            " first: possible duplicates, and what may be a mistake. You can skip or include each row there, or answer for all of them here. "
        }
        _ => " first: possible duplicates, and what may be a mistake. ",
    };
    view! {
        <Group field="look_alikes" legend form>
            <p><a href=show>"Look at " {rows}</a> {each} "A wrong local ID makes a second account for one person."</p>
            <div class="nhsuk-radios">
                {leave_out}
                {create}
            </div>
        </Group>
    }
}
