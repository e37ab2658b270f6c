//! What one thing will do to many accounts, said before it is confirmed: how many of them, from what to what, and what follows
//! for their people.

use domain::{
    ids::Timestamp,
    life::{Timers, Turn},
    plan::Step,
    request::Wish,
    submission::LookAlikes,
};
use gate::{Review, Row, calendar};
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
    let done = act.done(many, all).into_iter().map(item).collect_view();
    let follows = act.follows(visitor.gate.rules().timers, visitor.gate.now());
    let follows = act.roles(all).into_iter().chain(follows).map(item).collect_view();
    view! {
        <section class="app-sheet app-plan" aria-labelledby="consequences">
            <h3 class="app-plan__who" id="consequences">"What will happen"</h3>
            <ul>{done}</ul>
            <ul class="app-plan__follows">{follows}</ul>
        </section>
    }
    .into_any()
}

fn will_be_done(row: &Row) -> bool {
    row.outcome.is_open() && row.planned.step.kind().changes_something()
}

/// What is asked for; of all accounts the same.
#[derive(Clone, Copy, Debug)]
enum Act {
    Turn(Turn),
    Leave(Timestamp),
    Move,
}

impl Act {
    fn of(wish: &Wish) -> Option<Self> {
        match wish {
            Wish::Turn { turn, .. } => Some(Self::Turn(*turn)),
            Wish::Leaving { at: Some(at), .. } => Some(Self::Leave(*at)),
            Wish::MoveAccount { .. } => Some(Self::Move),
            _ => None,
        }
    }

    /// `Disable: 12 accounts, Active → Disabled`: a line for each sort of change where all rows are here, else one for all.
    fn done(self, many: u32, all: Option<&[&Row]>) -> Vec<String> {
        let name = match self {
            Self::Turn(turn) => turn.name().to_owned(),
            Self::Leave(at) => format!("{} on {}", Turn::MarkLeaver.name(), words::day(at)),
            Self::Move => "Transfer".to_owned(),
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
            Self::Move => true,
            Self::Leave(_) => false,
        };
        let Some(rows) = all else {
            return ends
                .then(|| "Roles that these people hold end at once, and do not come back by themselves.".to_owned());
        };
        let holders = rows.iter().filter(|row| !row.planned.step.ends().is_empty()).count();
        match holders {
            0 => None,
            1 => {
                Some("1 of these people holds roles. They end at once, and do not come back by themselves.".to_owned())
            }
            holders => Some(format!(
                "{holders} of these people hold roles. They end at once, and do not come back by themselves."
            )),
        }
    }

    /// What else follows, as the page about one person says it.
    fn follows(self, timers: Timers, now: Timestamp) -> Vec<String> {
        let deleted_days = counted(timers.deleted_days, "day", "days");
        let leaver_days = counted(timers.leaver_days, "day", "days");
        let says = |sentence: &str| vec![sentence.to_owned()];
        match self {
            Self::Turn(Turn::Disable) => vec![
                "Nobody can sign in to these accounts, and whoever is signed in is signed out.".to_owned(),
                format!(
                    "After {} they are deleted, unless they are enabled before then.",
                    counted(timers.disabled_months, "month", "months")
                ),
            ],
            Self::Turn(Turn::MarkLeaver) => vec![
                "These people are told by e-mail at once, and are signed out.".to_owned(),
                format!(
                    "They can use their accounts until {}. Then these are deleted, unless another organisation takes them in \
                     or you undo the leaving.",
                    words::day(calendar::days_after(now, timers.leaver_days))
                ),
            ],
            Self::Turn(Turn::Delete) => vec![
                "Nobody can sign in to these accounts, and they are no longer in the directory.".to_owned(),
                format!("They can be restored for {deleted_days}; then they are deleted for good."),
            ],
            Self::Turn(Turn::Enable | Turn::Restore) => says("Roles that ended do not come back."),
            Self::Turn(Turn::KeepOn) => says("These people are told by e-mail. Roles that ended do not come back."),
            Self::Turn(Turn::Unlock) => says("These people can sign in again."),
            Self::Turn(Turn::Activate | Turn::Wake | Turn::Idle | Turn::Lock) => vec![],
            Self::Leave(_) => vec![format!(
                "On that day the accounts become those of leavers: their people are told by e-mail, and their roles end. \
                 {leaver_days} later the accounts are deleted, unless another organisation takes them in."
            )],
            Self::Move => says("Addresses, mailboxes and passwords stay."),
        }
    }
}

/// What a step changes, from what to what.
fn change(step: &Step) -> Option<String> {
    match step {
        Step::TurnAccount { before, after, .. } => Some(format!("{} → {}", before.name(), after.name())),
        Step::MoveAccount { of, to, .. } => Some(format!("{} → {to}", of.organisation)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        account::AccountStatus,
        grant::Terms,
        ids::{AccountId, GrantId, RowNumber},
        organisation::OrganisationCode,
        plan::{AccountRef, HeldRole, PlannedRow},
        policy::Role,
        request::ChangeRequest,
        submission::Outcome,
    };

    use super::*;

    fn row(before: AccountStatus, ends: Vec<HeldRole>) -> Row {
        let account = AccountId(Default::default());
        let wish = Wish::Turn {
            account,
            turn: Turn::Disable,
        };
        let step = Step::TurnAccount {
            of: AccountRef {
                account,
                version: 1,
                organisation: OrganisationCode::parse("RIV").unwrap(),
                unit: None,
            },
            turn: Turn::Disable,
            before,
            after: AccountStatus::Disabled,
            ends,
        };
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
                .starts_with("1 of these people holds roles.")
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
    fn every_act_says_what_follows() {
        let now = Timestamp(1_795_262_400_000);
        for kind in gate::ActKind::ALL {
            let act = match kind {
                gate::ActKind::Turn(turn) => Act::Turn(turn),
                gate::ActKind::Move => Act::Move,
            };
            assert!(!act.follows(Timers::STANDARD, now).is_empty(), "{}", kind.name());
        }
    }
}
