//! Doing at once, without asking back: what the service does by itself, and what people do for themselves. It is planned,
//! authorised, applied and recorded like everything else.

use std::collections::{BTreeSet, HashMap};

use domain::{
    channel::Channel,
    plan::{FileKeys, PlannedRow, plan},
    policy::authorise,
    request::ChangeRequest,
    submission::{Outcome, State},
    values::ids::{AccountId, SubmissionId},
};
use store::{
    directory::{
        apply::Applied,
        snapshot::{self, Hold},
    },
    submissions::{self, rows},
};

use crate::{
    GateError, MadeLink, Visit, scope_for,
    submissions::{
        by_form::places,
        effects::{
            self, Doing,
            linking::{Replaces, Viewer},
        },
    },
};

/// What was done.
pub(crate) struct Done {
    pub(crate) submission: SubmissionId,
    pub(crate) rows: Vec<(PlannedRow, Applied)>,
    /// The links that were made for a viewer.
    pub(crate) links: Vec<MadeLink>,
}

/// Who is told about what is done at once, besides those whom every such change tells.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Telling<'a> {
    /// Who is given the links that are made.
    pub(crate) viewer: Viewer,
    /// Whose links may be replaced.
    pub(crate) replaces: Replaces,
    /// Colleagues whom another letter tells of it.
    pub(crate) told: &'a [AccountId],
}

impl Visit<'_> {
    /// Does things within a transaction. What cannot be done is left out.
    pub(crate) async fn done_in(
        &self,
        tx: &store::Transaction,
        channel: Channel,
        title: &str,
        requests: &[ChangeRequest],
    ) -> Result<Done, GateError> {
        self.done_telling(tx, channel, title, requests, Telling::default())
            .await
    }

    /// As [`Self::done_in`], and says who else is told.
    pub(crate) async fn done_telling(
        &self,
        tx: &store::Transaction,
        channel: Channel,
        title: &str,
        requests: &[ChangeRequest],
        telling: Telling<'_>,
    ) -> Result<Done, GateError> {
        let gate = self.gate;
        if channel == Channel::System && !self.actor.is_service() {
            return Err(GateError::Denied);
        }
        let authority = gate.authority(tx, self.actor).await?;
        let scope = scope_for(&authority, channel, requests);
        let mut submission = self.by_form(title);
        submission.channel = channel;
        let mut done = Done {
            submission: submission.id.clone(),
            rows: vec![],
            links: vec![],
        };
        submissions::create_without_file(tx, &submission, &[]).await?;
        let mut touched = BTreeSet::new();
        for chunk in requests.chunks(crate::submissions::claims::CHUNK) {
            let known = gate.known(channel, FileKeys::default(), &authority);
            let snapshot = snapshot::load(tx, &scope, known, chunk, Hold::Locked).await?;
            let planned = plan(&snapshot, chunk);
            let rows = planned.rows.clone();
            touched.extend(rows.iter().flat_map(|row| places(&planned, &row.step)));
            rows::insert(tx, &submission.id, chunk, &rows).await?;
            let authorised = authorise(&authority, planned).map_err(|_| GateError::Denied)?;
            #[expect(clippy::disallowed_methods, reason = "what people do for themselves is applied here")]
            let applied = store::directory::apply::apply(tx, &authorised, &submission.id, gate.now()).await?;
            // Founding the demonstration writes to nobody.
            if channel == Channel::Portal || title != crate::service::seed::FOUNDING {
                let steps: Vec<_> = rows.iter().zip(&applied).collect();
                let doing = Doing {
                    actor: self.actor,
                    submission: &submission.id,
                    viewer: telling.viewer,
                    replaces: telling.replaces,
                    private: HashMap::new(),
                    told: telling.told,
                    names: HashMap::new(),
                    change_file: None,
                };
                done.links.extend(effects::follow(gate, tx, &doing, &steps).await?);
            }
            rows::set_subjects(tx, &submission.id, &applied).await?;
            done.rows.extend(rows.into_iter().zip(applied));
        }
        submissions::set_places(tx, &submission.id, touched).await?;
        rows::release(tx, &submission.id, false).await?;
        rows::close_all(tx, &submission.id, Outcome::Done).await?;
        submission.totals = rows::totals(tx, &submission.id).await?;
        submission.state = State::Applied;
        submission.finished_at = Some(gate.now());
        submissions::save(tx, &submission).await?;
        Ok(done)
    }
}
