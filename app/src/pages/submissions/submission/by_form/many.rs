//! One thing for many people: what will happen to each before it is confirmed, and what was done.

use domain::{
    dictionary::Attribute,
    life::Turn,
    plan::RowKind,
    request::Wish,
    submission::{LookAlikes, Outcome, State, Totals},
};
use gate::{Act, CHANGED_FOR_MANY, MadeLink, Review, Submission, Undoing, seen, to_type};
use leptos::prelude::*;

use super::{
    heading::{Heading, NotMine, Reference},
    once::Once,
    wording::{self, ends_many, to_many, to_several},
};
use crate::{
    calls::{
        about,
        submissions::{Confirm, Refuse},
    },
    components::{
        acts::ActOn,
        changes::{AnswerLines, AskedIn},
        consequences::Consequences,
    },
    forms::{FormState, PLACE, VALUE, absence},
    pages::submissions::submission::{deciding::Count, listing::Listing, shown::Shown, undo_this::UndoThis},
    routes,
    words::{self, counted, thousands},
};

/// The plan, waiting for its asker's word.
#[component]
pub(super) fn ManyPlanned(
    review: Review,
    /// What is done, where that is the same for all.
    act: Option<Act>,
    /// The first of the wishes, all of which ask for one operation.
    asked: Option<Wish>,
    shown: Shown,
    form: FormState,
) -> impl IntoView {
    let submission = review.submission.clone();
    let totals = &submission.totals;
    let (stale, problems) = (totals.with(Outcome::Stale), totals.with_problems());
    let heading = match stale {
        0 => can_be_done(totals.to_apply(LookAlikes::Create), totals.rows(), problems),
        stale => format!("{} changed since you opened this", counted(stale, "person", "people")),
    };
    let others = (stale == 0)
        .then(|| others(totals))
        .flatten()
        .map(|others| view! { <p>{others}</p> });
    let done = match totals.with(Outcome::Done) {
        0 => "Nothing has been done yet.".to_owned(),
        done => format!("This is done for {}.", counted(done, "person", "people")),
    };
    let went_back = (stale > 0).then(|| {
        view! {
            <p>{done} " Check the people who changed after you opened this."</p>
        }
    });
    let is_open = review.is_mine && totals.with(Outcome::Done) == 0;
    let answers = act
        .as_ref()
        .filter(|_| is_open)
        .map(answered)
        .filter(|lines| !lines.is_empty());
    let answers = answers.map(|lines| {
        let form = routes::act_again(&submission.id);
        let organisation = Some(format!("{form}#{}", Attribute::Organisation.slug()));
        let asked = Some(AskedIn { form, organisation });
        view! { <div class="app-sheet"><AnswerLines lines asked/></div> }
    });
    let decide = match review.is_mine {
        true => view! { <Decide submission=submission.clone() act asked form/> }.into_any(),
        false => view! { <NotMine submission=submission.clone()/> }.into_any(),
    };
    view! {
        <Heading caption="Check before it is done" submission=submission.clone()/>
        <h2>{heading}</h2>
        {went_back}
        {others}
        {answers}
        <Consequences review=review.clone()/>
        {decide}
        <Listing review shown/>
        <Reference submission/>
    }
}

/// For how many of those chosen something will be done.
fn can_be_done(most: u32, chosen: u32, problems: u32) -> String {
    let people = counted(chosen, "person", "people");
    match most {
        0 if problems == 0 => "No changes needed".to_owned(),
        0 => "You cannot do this for anyone you chose".to_owned(),
        most if most == chosen => format!("You can do this for all {people}"),
        most => format!("You can do this for {} of {people}", thousands(most)),
    }
}

/// What there is to say of the rest of those chosen; `None` if there are no others.
fn others(totals: &Totals) -> Option<String> {
    let open = |kind: RowKind| totals.count(|tally| tally.kind == kind && tally.outcome.is_open());
    let cannot = match totals.with_problems() {
        0 => None,
        problems => Some(format!(
            "You cannot do this for {}. The reasons are below. They will be left out.",
            counted(problems, "person", "people")
        )),
    };
    let unchanged = match open(RowKind::NoChange) {
        0 => None,
        1 => Some("1 person needs no change.".to_owned()),
        many => Some(format!("{} people need no change.", thousands(many))),
    };
    let said: Vec<_> = cannot.into_iter().chain(unchanged).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// How it ended, with the one-time links that were made a moment ago.
#[component]
pub(super) fn ManyEnded(
    review: Review,
    /// Whether it is about accounts, with which more can be done at once.
    of_accounts: bool,
    shown: Shown,
    undoing: Option<Undoing>,
    links: Vec<MadeLink>,
) -> impl IntoView {
    let submission = review.submission.clone();
    let totals = &submission.totals;
    let people = |number| counted(number, "person", "people");
    let is_applied = submission.state == State::Applied;
    let done = |kind: RowKind| totals.count(|tally| tally.outcome == Outcome::Done && tally.kind == kind);
    let (created, changed) = (done(RowKind::Create), done(RowKind::Update));
    let so_already = totals.count(|tally| tally.outcome == Outcome::Done && !tally.kind.changes_something());
    let (rejected, skipped) = (totals.rejected(), totals.skipped());
    let mut said = vec![];
    // Only accepted proposals create anybody.
    if created > 0 {
        said.push(format!("{} created", counted(created, "account", "accounts")));
    }
    if changed > 0 || created == 0 {
        said.push(format!("{} changed", people(changed)));
    }
    if so_already > 0 {
        said.push(format!("{} needed no change", people(so_already)));
    }
    if rejected > 0 {
        said.push(format!("{} rejected", people(rejected)));
    }
    if skipped > 0 {
        said.push(format!("{} skipped", people(skipped)));
    }
    let heading = if is_applied {
        view! {
            <div class="nhsuk-panel">
                <h1 class="nhsuk-panel__title app-break">{submission.file_name.clone()}</h1>
                <div class="nhsuk-panel__body">{said.join(", ")} "."</div>
            </div>
        }
        .into_any()
    } else {
        view! { <Heading caption="Not done" submission=submission.clone()/> <p>"Nothing was changed."</p> }.into_any()
    };
    let links = links.into_iter().map(|link| view! { <Once link/> }).collect_view();
    let undo = undoing.map(|undoing| view! { <UndoThis id=submission.id.clone() undoing what="change"/> });
    view! {
        {heading}
        {links}
        {undo}
        <Listing review shown/>
        {(is_applied && of_accounts && created + changed > 0)
            .then(|| view! { <ActOn id=submission.id.clone() created updated=changed/> })}
        <p><a href=routes::PEOPLE>"Go to all people"</a></p>
        <Reference submission/>
    }
}

/// What was answered in the form where it was asked for: what it is called, what it is, and its field.
fn answered(act: &Act) -> Vec<(&'static str, String, &'static str)> {
    let organisation = Attribute::Organisation.slug();
    match act {
        Act::Turn(Turn::MarkLeaver) => vec![("Leaving date", "Today".to_owned(), "when")],
        Act::Turn(_) => vec![],
        Act::Leave(at) => vec![("Leaving date", words::day(*at), "when")],
        Act::Away(away) => {
            let until = away
                .until
                .map(|until| ("Back on", words::day(until), absence::BACK.day));
            let reason = ("Reason", away.reason.clone(), absence::REASON);
            until.into_iter().chain([reason]).collect()
        }
        Act::Move(cells) => {
            let place = PLACE.map(|attribute| (attribute.name(), cells.text(attribute).to_owned(), organisation));
            place.into_iter().filter(|(_, text, _)| !text.is_empty()).collect()
        }
        Act::Change(cells) => {
            let details = CHANGED_FOR_MANY
                .into_iter()
                .filter(|detail| !cells.text(*detail).is_empty());
            let line = |detail: Attribute| {
                let becomes = match cells.clears(detail) {
                    true => "Removed".to_owned(),
                    false => cells.text(detail).to_owned(),
                };
                (detail.name(), becomes, VALUE)
            };
            details.map(line).collect()
        }
    }
}

/// Whether more was answered in the form where it was asked for than what should be done.
const fn has_answers(act: &Act) -> bool {
    matches!(
        act,
        Act::Turn(Turn::MarkLeaver) | Act::Leave(_) | Act::Away(_) | Act::Move(_) | Act::Change(_)
    )
}

#[component]
fn Decide(
    submission: Submission,
    act: Option<Act>,
    /// The first of the wishes, all of which ask for one operation.
    asked: Option<Wish>,
    form: FormState,
) -> impl IntoView {
    let totals = &submission.totals;
    let most = totals.to_apply(LookAlikes::Create);
    let confirmation = about::<Confirm>(&submission.id);
    let refusal = about::<Refuse>(&submission.id);
    // Whoever is rejected is named above, so that one number stands here.
    let label = match (&act, &asked) {
        (Some(act), _) => to_many(act, most),
        (None, Some(wish)) => to_several(wish, most),
        (None, None) => format!("Change {}", counted(most, "person", "people")),
    };
    let style = if act.as_ref().is_some_and(ends_many) {
        wording::WARNING
    } else {
        wording::PLAIN
    };
    let is_begun = totals.with(Outcome::Done) > 0;
    let refuse = match (is_begun, most) {
        (false, 0) => "Discard",
        (false, _) => "Make no changes",
        (true, _) => "Skip the rest",
    };
    let change = act
        .filter(|act| has_answers(act) && !is_begun)
        .map(|_| routes::act_again(&submission.id));
    let seen = seen(&submission).to_string();
    let count = to_type(&submission).filter(|_| most > 0);
    let count = count.map(|number| view! { <Count submission=submission.clone() number form/> });
    let confirm = (most > 0).then(|| {
        view! {
            <form class="app-actions__form" method="post" action=confirmation novalidate>
                <input type="hidden" name="seen" value=seen/>
                <input type="hidden" name="look_alikes" value=LookAlikes::Create.slug()/>
                {count}
                <button class=style>{label}</button>
            </form>
        }
    });
    let change = change.map(|href| view! { <a class="nhsuk-button nhsuk-button--secondary" href=href>"Change"</a> });
    let nothing = (most == 0).then(|| view! { <p>"There is nothing to do. See why below."</p> });
    view! {
        {nothing}
        <div class="app-actions app-actions--large">
            {confirm}
            {change}
            <form class="app-actions__form" method="post" action=refusal>
                <button class="nhsuk-button nhsuk-button--secondary">{refuse}</button>
            </form>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use domain::submission::Tally;

    use super::*;

    #[test]
    fn what_was_answered_for_many_stands_with_its_field() {
        let cells = domain::request::Cells::of([(Attribute::JobTitle, "Porter")]);
        let lines = answered(&Act::Change(Box::new(cells)));
        assert_eq!(lines, [("Job title", "Porter".to_owned(), "value")]);
        assert!(answered(&Act::Turn(Turn::Enable)).is_empty());
    }

    #[test]
    fn one_number_is_said_and_the_others_where_they_differ() {
        assert_eq!(can_be_done(52, 52, 0), "You can do this for all 52 people");
        assert_eq!(can_be_done(49, 52, 3), "You can do this for 49 of 52 people");
        assert_eq!(can_be_done(0, 2, 2), "You cannot do this for anyone you chose");
        assert_eq!(can_be_done(0, 2, 0), "No changes needed");
        let tally = |kind, rows| Tally {
            kind,
            outcome: Outcome::Waiting,
            warned: false,
            rows,
        };
        let totals = Totals(vec![
            tally(RowKind::Update, 49),
            tally(RowKind::Problem, 2),
            tally(RowKind::NoChange, 1),
        ]);
        let said =
            "You cannot do this for 2 people. The reasons are below. They will be left out. 1 person needs no change.";
        assert_eq!(others(&totals).as_deref(), Some(said));
        assert_eq!(others(&Totals(vec![tally(RowKind::Update, 52)])), None);
    }
}
