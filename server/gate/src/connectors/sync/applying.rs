//! One wish of a program, planned, authorised and applied in a transaction as a submission of one row.

use std::collections::HashMap;

use domain::{
    channel::Channel,
    plan::{FileKeys, Plan, PlannedRow, Step, plan},
    policy::{Authority, Scope, authorise},
    problem::Problem,
    request::{ChangeRequest, Wish},
    submission::{Outcome, State, Tally, Totals},
    values::ids::RowNumber,
};
use store::{
    Transaction,
    directory::{
        apply::Applied,
        snapshot::{self, Hold},
    },
    submissions::{self, rows},
};

use crate::{
    GateError, Visit,
    submissions::{
        by_form::places,
        effects::{
            self, Doing,
            linking::{Replaces, Viewer},
        },
    },
};

/// A wish that can be done, and what it is planned from.
pub(super) struct Planned {
    request: ChangeRequest,
    plan: Plan,
    /// What the row would do.
    pub(super) row: PlannedRow,
}

impl Visit<'_> {
    /// What a wish comes to within a scope; all that is wrong with it where it cannot be done.
    pub(super) async fn sync_plan(
        &self,
        tx: &Transaction,
        (authority, scope): (&Authority, &Scope),
        wish: Wish,
    ) -> Result<Result<Planned, Vec<Problem>>, GateError> {
        let request = ChangeRequest {
            row: RowNumber(1),
            wish,
            promised: None,
        };
        let known = self.gate.known(Channel::Api, FileKeys::default(), authority);
        let snapshot = snapshot::load(tx, scope, known, std::slice::from_ref(&request), Hold::Locked).await?;
        let plan = plan(&snapshot, std::slice::from_ref(&request));
        let row = plan.rows.first().cloned().ok_or(GateError::NotFound)?;
        if let Step::LeaveOut { problems } = &row.step {
            return Ok(Err(problems.clone()));
        }
        Ok(Ok(Planned { request, plan, row }))
    }

    /// Applies what was planned, in the transaction that planned it. `title` says in lists what it was.
    pub(super) async fn sync_apply(
        &self,
        tx: &Transaction,
        authority: &Authority,
        planned: Planned,
        title: &str,
    ) -> Result<Applied, GateError> {
        let gate = self.gate;
        let Planned { request, plan, row } = planned;
        let mut submission = self.by_form(title);
        submission.channel = Channel::Api;
        submission.state = State::Applied;
        submission.expected_rows = 1;
        submission.progress = 1;
        submission.finished_at = Some(gate.now());
        submission.totals = Totals(vec![Tally {
            kind: row.step.kind(),
            outcome: Outcome::Done,
            warned: row.is_asked_about(&request),
            rows: 1,
        }]);
        let places = places(&plan, &row.step);
        let names = plan
            .organisations
            .iter()
            .map(|known| (known.code.clone(), known.name.clone()));
        let names = names.collect();
        submissions::create_without_file(tx, &submission, &places).await?;
        let authorised = authorise(authority, plan).map_err(|_| GateError::Denied)?;
        #[expect(clippy::disallowed_methods, reason = "what a program asks for is applied here")]
        let applied = store::directory::apply::apply(tx, &authorised, &submission.id, gate.now()).await?;
        let applied = applied.into_iter().next().ok_or(GateError::NotFound)?;
        let doing = Doing {
            actor: self.actor,
            submission: &submission.id,
            viewer: Viewer::default(),
            replaces: Replaces::default(),
            private: HashMap::new(),
            told: &[],
            names,
            change_file: None,
        };
        effects::follow(gate, tx, &doing, &[(&row, &applied)]).await?;
        rows::insert_done(tx, &submission.id, &request, &row, &applied).await?;
        Ok(applied)
    }
}
