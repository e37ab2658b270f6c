//! What one thing will do to many accounts, said before it is confirmed: how many of them, from what to what, and what follows
//! for their people.

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    life::{Timers, Turn},
    plan::{AccountStep, Step},
    problem::in_sentence,
    request::{AccountWish, Wish},
    submission::LookAlikes,
    values::ids::Timestamp,
};
use gate::{Review, Row};
use leptos::prelude::*;

use crate::{
    visitor::Visitor,
    words::{self, counted},
};

/// The consequences; nothing where nothing will be done, or no row says what it is.
#[component]
pub fn Consequences(review: Review) -> impl IntoView {
    let visitor = Visitor::of_page();
    let many = review.submission.totals.to_apply(LookAlikes::Create);
    let wish = review.rows.first().map(|row| row.request.wish.clone());
    let Some(act) = wish.as_ref().and_then(Act::of).filter(|_| many > 0) else {
        return ().into_any();
    };
    let rows: Vec<_> = review.rows.iter().filter(|row| will_be_done(row)).collect();
    let all = (rows.len() == many as usize).then_some(rows.as_slice());
    let item = |sentence: String| view! { <li>{sentence}</li> };
    let reason = wish
        .as_ref()
        .and_then(reason)
        .map(|reason| view! { <p class="app-break">"Reason: " {reason}</p> });
    let done = act.done(many, all).into_iter().map(item).collect_view();
    let follows = act.follows(visitor.gate.rules().timers, visitor.gate.now());
    let of_some = [
        act.roles(all),
        act.shut(all),
        act.leavers(all),
        act.leaving_dates(all),
        act.links(all),
    ];
    let follows = of_some.into_iter().flatten().chain(follows).map(item).collect_view();
    view! {
        <section class="app-sheet app-plan" aria-labelledby="consequences">
            <h3 class="app-plan__who" id="consequences">"What will happen"</h3>
            <ul>{done}</ul>
            {reason}
            <ul class="app-plan__follows">{follows}</ul>
        </section>
    }
    .into_any()
}

/// The reason that was given, which stands in each person's history.
fn reason(wish: &Wish) -> Option<String> {
    match wish {
        Wish::Account(_, AccountWish::Absence(Some(absence))) => {
            Some(absence.reason.clone()).filter(|reason| !reason.is_empty())
        }
        _ => None,
    }
}

fn will_be_done(row: &Row) -> bool {
    row.outcome.is_open() && row.planned.step.kind().changes_something()
}

/// What is asked for; of all accounts the same.
#[derive(Clone, Copy, Debug)]
enum Act {
    Turn(Turn),
    Leave(Timestamp),
    Away(Option<Timestamp>),
    Move,
    Change(Attribute),
}

impl Act {
    fn of(wish: &Wish) -> Option<Self> {
        let Wish::Account(_, wish) = wish else { return None };
        match wish {
            AccountWish::Turn(turn) => Some(Self::Turn(*turn)),
            AccountWish::Leaving(Some(at)) => Some(Self::Leave(*at)),
            AccountWish::Absence(Some(absence)) => Some(Self::Away(absence.until)),
            AccountWish::Move(_) => Some(Self::Move),
            AccountWish::Edit(cells) => cells.texts.keys().next().copied().map(Self::Change),
            _ => None,
        }
    }

    /// `Disable: 12 accounts, Active → Disabled`: a line for each sort of change where all rows are here, else one for all.
    fn done(self, many: u32, all: Option<&[&Row]>) -> Vec<String> {
        let name = match self {
            Self::Turn(turn) => turn.name().to_owned(),
            Self::Leave(at) => format!("{} on {}", Turn::MarkLeaver.name(), words::day(at)),
            Self::Away(_) => Turn::Disable.name().to_owned(),
            Self::Move => "Transfer".to_owned(),
            Self::Change(detail) => format!("Change {}", in_sentence(detail)),
        };
        let accounts = |many: u32| counted(many, "account", "accounts");
        let mut sorts: Vec<(String, u32)> = Vec::new();
        for change in all
            .unwrap_or_default()
            .iter()
            .filter_map(|row| change(&row.planned.step))
        {
            match sorts.iter_mut().find(|(known, _)| *known == change) {
                Some((_, number)) => *number += 1,
                None => sorts.push((change, 1)),
            }
        }
        match sorts.as_slice() {
            [] => vec![format!("{name}: {}", accounts(many))],
            sorts => sorts
                .iter()
                .map(|(change, number)| format!("{name}: {}, {change}", accounts(*number)))
                .collect(),
        }
    }

    /// The roles that end at once.
    fn roles(self, all: Option<&[&Row]>) -> Option<String> {
        let ends = match self {
            Self::Turn(turn) => turn.ends_rights(),
            Self::Move | Self::Away(_) => true,
            Self::Leave(_) | Self::Change(_) => false,
        };
        let Some(rows) = all else {
            return ends
                .then(|| "Roles that these people hold end at once, and do not come back automatically.".to_owned());
        };
        let holders = rows.iter().filter(|row| !row.planned.step.ends().is_empty()).count();
        match holders {
            0 => None,
            1 => Some("1 of these people has roles that end at once. They do not come back automatically.".to_owned()),
            holders => Some(format!(
                "{holders} of these people have roles that end at once. They do not come back automatically."
            )),
        }
    }

    /// What becomes of leaving dates that lie ahead.
    fn leaving_dates(self, all: Option<&[&Row]>) -> Option<String> {
        let becomes = match self {
            Self::Turn(Turn::Disable | Turn::Enable) | Self::Away(_) => ("stays", "stay"),
            Self::Turn(Turn::MarkLeaver | Turn::Delete) | Self::Move => ("is removed", "are removed"),
            Self::Leave(_) => ("is replaced", "are replaced"),
            Self::Turn(_) | Self::Change(_) => return None,
        };
        let has_one = |step: &Step| match step {
            Step::Account(_, AccountStep::PlanLeaving { before, .. }) => before.is_some(),
            step => step.leaving().is_some(),
        };
        match how_many(all, has_one) {
            None => Some(format!("Leaving dates of these people {}.", becomes.1)),
            Some(0) => None,
            Some(1) => Some(format!("1 of these people has a leaving date. It {}.", becomes.0)),
            Some(many) => Some(format!(
                "{many} of these people have leaving dates. They {}.",
                becomes.1
            )),
        }
    }

    /// That who was on leave is not let in by becoming a leaver.
    fn shut(self, all: Option<&[&Row]>) -> Option<String> {
        let is_shut = |step: &Step| {
            matches!(
                step.of_account(),
                Some(AccountStep::Turn {
                    before: AccountStatus::Disabled,
                    ..
                })
            )
        };
        let leaves = matches!(self, Self::Turn(Turn::MarkLeaver)) && how_many(all, is_shut) != Some(0);
        leaves.then(|| "Nobody can sign in to accounts that were disabled until their passwords are reset.".to_owned())
    }

    /// That leavers who are disabled still leave.
    fn leavers(self, all: Option<&[&Row]>) -> Option<String> {
        let is_leaver = |step: &Step| step.leaves_on().is_some();
        let disables = matches!(self, Self::Turn(Turn::Disable) | Self::Away(_));
        let some = disables && how_many(all, is_leaver).is_some_and(|many| many > 0);
        some.then(|| "Leavers among these people still leave when their time is over.".to_owned())
    }

    /// The new one-time links of those who never signed in.
    fn links(self, all: Option<&[&Row]>) -> Option<String> {
        let waits = |step: &Step| {
            matches!(
                step.of_account(),
                Some(AccountStep::Turn {
                    after: AccountStatus::Pending,
                    ..
                })
            )
        };
        let restored = matches!(self, Self::Turn(Turn::Restore)) && how_many(all, waits) != Some(0);
        restored.then(|| {
            "People who have not activated their account get a new activation link. The earlier one stops working."
                .to_owned()
        })
    }

    /// What else follows, as the page about one person says it.
    fn follows(self, timers: Timers, now: Timestamp) -> Vec<String> {
        let deleted_days = counted(timers.deleted_days, "day", "days");
        let leaver_days = counted(timers.leaver_days, "day", "days");
        let says = |sentence: &str| vec![sentence.to_owned()];
        match self {
            Self::Away(Some(until)) => vec![
                "Nobody can sign in to these accounts, and anyone who is signed in is signed out.".to_owned(),
                format!("They are enabled again automatically on {}.", words::day(until)),
                "We will write to these people, and to the administrators of their organisations.".to_owned(),
            ],
            Self::Turn(Turn::Disable) | Self::Away(None) => vec![
                "Nobody can sign in to these accounts, and anyone who is signed in is signed out.".to_owned(),
                match timers.disabled_months {
                    0 => "They stay disabled until they are enabled.".to_owned(),
                    months => format!(
                        "After {} they are deleted, unless they are enabled before then.",
                        counted(months, "month", "months")
                    ),
                },
            ],
            Self::Turn(Turn::MarkLeaver) => vec![
                "These people are told by email at once, and are signed out.".to_owned(),
                match words::day_after(now, timers.leaver_days) {
                    None => "They can go on using their accounts, which are not deleted automatically.".to_owned(),
                    Some(day) => format!(
                        "They can use their accounts until {day}. Then these are deleted, unless another organisation takes \
                         them in or you undo the leaving."
                    ),
                },
            ],
            Self::Turn(Turn::Delete) => vec![
                "Nobody can sign in to these accounts, and they are no longer in the directory.".to_owned(),
                format!("They can be restored for {deleted_days}; then they are permanently deleted."),
            ],
            Self::Turn(Turn::Enable | Turn::Restore) => says("Roles that ended do not come back."),
            Self::Turn(Turn::KeepOn) => says("These people are told by email. Roles that ended do not come back."),
            Self::Turn(Turn::Unlock) => says("These people can sign in again."),
            Self::Turn(Turn::Activate | Turn::Wake | Turn::Idle | Turn::Lock) => vec![],
            Self::Leave(_) => vec![format!(
                "On that day these people become leavers. They are told by email, and their roles end. \
                 {leaver_days} later the accounts are deleted, unless another organisation takes them in."
            )],
            Self::Move => says("Addresses, mailboxes and passwords stay. We will write to these people."),
            Self::Change(_) => vec![],
        }
    }
}

/// How many rows do such a thing; none where not all of them are here.
fn how_many(all: Option<&[&Row]>, does: impl Fn(&Step) -> bool) -> Option<usize> {
    all.map(|rows| rows.iter().filter(|row| does(&row.planned.step)).count())
}

/// What a step changes, from what to what.
fn change(step: &Step) -> Option<String> {
    match step {
        Step::Account(_, AccountStep::Turn { before, after, .. }) => {
            Some(format!("{} → {}", before.name(), after.name()))
        }
        Step::Account(of, AccountStep::Move { to, .. }) => Some(format!("{} → {to}", of.organisation)),
        Step::Account(_, AccountStep::Update { changes, .. }) => changes.first().map(|change| match &change.after {
            Some(after) => format!("to {}", change.attribute.shown(after.as_str())),
            None => "removed".to_owned(),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        account::AccountStatus,
        grant::Terms,
        organisation::OrganisationCode,
        plan::{AccountRef, HeldRole, PlannedRow},
        policy::Role,
        request::ChangeRequest,
        submission::Outcome,
        values::ids::{AccountId, GrantId, RowNumber},
    };

    use super::*;

    fn row(before: AccountStatus, ends: Vec<HeldRole>) -> Row {
        let account = AccountId(Default::default());
        let wish = Wish::Account(account, AccountWish::Turn(Turn::Disable));
        let step = Step::Account(
            AccountRef {
                account,
                version: 1,
                organisation: OrganisationCode::parse("RIV").unwrap(),
                unit: None,
            },
            AccountStep::Turn {
                turn: Turn::Disable,
                before,
                after: AccountStatus::Disabled,
                leaving: None,
                leaves_on: None,
                back: None,
                away: None,
                ends,
                seats: vec![],
            },
        );
        Row {
            request: ChangeRequest {
                row: RowNumber(1),
                wish,
                promised: None,
            },
            planned: PlannedRow {
                row: RowNumber(1),
                name: "Jane Example".to_owned(),
                step,
                warnings: vec![],
                kept: vec![],
                overwrites: vec![],
                matched: None,
            },
            outcome: Outcome::Waiting,
            subject: None,
            address: None,
        }
    }

    #[test]
    fn the_changes_are_counted_each_sort_by_itself() {
        let role = HeldRole {
            grant: GrantId(Default::default()),
            role: Role::Audit,
            organisation: OrganisationCode::parse("RIV").unwrap(),
            unit: None,
            terms: Terms::default(),
        };
        let rows = [
            row(AccountStatus::Active, vec![]),
            row(AccountStatus::Locked, vec![]),
            row(AccountStatus::Active, vec![role]),
        ];
        assert!(rows.iter().all(will_be_done));
        let act = Act::of(&rows[0].request.wish).unwrap();
        let rows: Vec<_> = rows.iter().collect();
        assert_eq!(
            act.done(3, Some(&rows)),
            [
                "Disable: 2 accounts, Active → Disabled",
                "Disable: 1 account, Locked → Disabled"
            ]
        );
        assert!(
            act.roles(Some(&rows))
                .unwrap()
                .starts_with("1 of these people has roles that end at once.")
        );
        // Of those on other pages no more is known than how many they are.
        assert_eq!(act.done(312, None), ["Disable: 312 accounts"]);
        assert!(
            act.roles(None)
                .unwrap()
                .starts_with("Roles that these people hold end at once")
        );
    }

    #[test]
    fn what_becomes_of_leaving_dates_is_told_for_those_who_have_one() {
        let (plain, mut leaving) = (row(AccountStatus::Active, vec![]), row(AccountStatus::Active, vec![]));
        if let Step::Account(_, AccountStep::Turn { leaving, .. }) = &mut leaving.planned.step {
            *leaving = Some(Timestamp(1_795_262_400_000));
        }
        let act = Act::Turn(Turn::Disable);
        assert_eq!(act.leaving_dates(Some(&[&plain])), None);
        let told = act.leaving_dates(Some(&[&plain, &leaving])).unwrap();
        assert_eq!(told, "1 of these people has a leaving date. It stays.");
        let told = Act::Move.leaving_dates(Some(&[&leaving, &leaving])).unwrap();
        assert_eq!(told, "2 of these people have leaving dates. They are removed.");
        let told = act.leaving_dates(None).unwrap();
        assert_eq!(told, "Leaving dates of these people stay.");
    }

    #[test]
    fn every_act_says_what_follows() {
        let now = Timestamp(1_795_262_400_000);
        for kind in gate::ActKind::ALL {
            let act = match kind {
                gate::ActKind::Turn(turn) => Act::Turn(turn),
                gate::ActKind::Move => Act::Move,
                gate::ActKind::Change => Act::Change(Attribute::Department),
            };
            // Nothing follows from another detail.
            let is_told = !act.follows(Timers::STANDARD, now).is_empty();
            assert_eq!(is_told, kind != gate::ActKind::Change, "{}", kind.name());
        }
    }
}
