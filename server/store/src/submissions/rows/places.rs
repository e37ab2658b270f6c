//! Which organisations the rows of a submission speak for, and leaving those of some to a later file.

use std::collections::{BTreeSet, HashMap};

use domain::{
    dictionary::Attribute,
    organisation::{OrganisationCode, OrganisationPath},
    plan::{PlannedRow, Step},
    request::ChangeRequest,
    submission::{Outcome, Totals},
    values::ids::SubmissionId,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr,
};
use uuid::Uuid;

use super::{finding::open, passwords::drop_secrets, tallied};
use crate::{
    StoreError,
    entities::{account, organisation, submission_row},
    lists::padded,
    submissions::places_of,
    word,
};

/// Rows that are read at once.
const STRETCH: u64 = 1_000;

/// Where a row belongs.
enum Place {
    /// Where its plan says, which its sender sends for.
    Planned(OrganisationCode),
    /// Where its person's account is.
    Of(Uuid),
    /// Where its cell says; whether its sender sends for that is open.
    Named(OrganisationCode),
    /// Nobody can tell.
    Unknown,
}

impl Place {
    fn of(request: &ChangeRequest, planned: &PlannedRow, subject: Option<Uuid>) -> Self {
        let named = || {
            request
                .wish
                .cells()
                .and_then(|cells| cells.code(Attribute::Organisation))
        };
        match &planned.step {
            Step::CreateAccount { organisation, .. } | Step::CreateContact { organisation, .. } => {
                Self::Planned(organisation.clone())
            }
            Step::Account(of, _) => Self::Planned(of.organisation.clone()),
            Step::Contact(of, _) => Self::Planned(of.organisation.clone()),
            Step::Nothing { account: Some(account) } => Self::Of(account.0),
            _ => named().map_or(subject.map_or(Self::Unknown, Self::Of), Self::Named),
        }
    }
}

/// Returns the organisations that the rows of a submission speak for. A row that cannot be applied speaks for the
/// organisation in its cell only if its sender sends for all of that.
///
/// # Errors
/// When the database fails.
pub async fn organisations(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
) -> Result<BTreeSet<OrganisationCode>, StoreError> {
    spoken_for(db, id, all(id)).await
}

/// As [`organisations`], of those rows only that were left to a later file.
///
/// # Errors
/// When the database fails.
pub async fn superseded_for(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
) -> Result<BTreeSet<OrganisationCode>, StoreError> {
    let superseded = all(id).filter(submission_row::Column::Outcome.eq(Outcome::Superseded.slug()));
    spoken_for(db, id, superseded).await
}

fn all(id: &SubmissionId) -> Select<submission_row::Entity> {
    submission_row::Entity::find().filter(submission_row::Column::Submission.eq(id.as_str()))
}

/// The organisations that some rows of a submission speak for.
async fn spoken_for(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    of: Select<submission_row::Entity>,
) -> Result<BTreeSet<OrganisationCode>, StoreError> {
    let (mut found, mut named) = (BTreeSet::new(), BTreeSet::new());
    let mut after = 0;
    loop {
        let rows = placed(db, of.clone(), after).await?;
        let Some((last, _)) = rows.last() else { break };
        after = *last;
        let mut people = Vec::new();
        for (_, place) in rows {
            match place {
                Place::Planned(code) => {
                    found.insert(code);
                }
                Place::Named(code) => {
                    named.insert(code);
                }
                Place::Of(person) => people.push(person),
                Place::Unknown => {}
            }
        }
        found.extend(homes(db, people).await?.into_values());
    }
    named.retain(|code| !found.contains(code));
    found.extend(sent_for(db, id, &named).await?);
    Ok(found)
}

/// Leaves the open rows of some organisations to a later file, and says how many they are.
///
/// # Errors
/// When the database fails.
pub async fn supersede(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    organisations: &[OrganisationCode],
) -> Result<u64, StoreError> {
    let (mut superseded, mut after) = (0, 0);
    while let Some((last, those)) = next_open_of(db, id, organisations, after).await? {
        after = last;
        if those.is_empty() {
            continue;
        }
        let closed = submission_row::Entity::update_many()
            .col_expr(submission_row::Column::Outcome, Expr::value(Outcome::Superseded.slug()))
            .filter(submission_row::Column::Submission.eq(id.as_str()))
            .filter(submission_row::Column::Row.is_in(padded(those)));
        superseded += closed.exec(db).await?.rows_affected;
    }
    if superseded > 0 {
        drop_secrets(db, id, Outcome::Superseded).await?;
    }
    Ok(superseded)
}

/// Counts the open rows of some organisations: those that [`supersede`] would leave to a later file.
///
/// # Errors
/// When the database fails.
pub async fn open_totals_of(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    organisations: &[OrganisationCode],
) -> Result<Totals, StoreError> {
    let (mut tallies, mut after) = (Vec::new(), 0);
    while let Some((last, those)) = next_open_of(db, id, organisations, after).await? {
        after = last;
        if !those.is_empty() {
            let those = open(id).filter(submission_row::Column::Row.is_in(padded(those)));
            tallies.extend(tallied(db, those).await?);
        }
    }
    Ok(Totals(tallies))
}

/// Of the next open rows behind one, the last, and those of some organisations; `None` behind the last of all.
async fn next_open_of(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    organisations: &[OrganisationCode],
    after: i32,
) -> Result<Option<(i32, Vec<i32>)>, StoreError> {
    let rows = placed(db, open(id), after).await?;
    let Some((last, _)) = rows.last() else { return Ok(None) };
    let people = rows.iter().filter_map(|(_, place)| match place {
        Place::Of(person) => Some(*person),
        _ => None,
    });
    let homes = homes(db, people.collect()).await?;
    let is_of_these = |place: &Place| match place {
        Place::Planned(code) | Place::Named(code) => organisations.contains(code),
        Place::Of(person) => homes.get(person).is_some_and(|code| organisations.contains(code)),
        Place::Unknown => false,
    };
    let those = rows.iter().filter(|(_, place)| is_of_these(place));
    Ok(Some((*last, those.map(|(row, _)| *row).collect())))
}

/// The next rows behind one, each with where it belongs.
async fn placed(
    db: &impl ConnectionTrait,
    of: Select<submission_row::Entity>,
    after: i32,
) -> Result<Vec<(i32, Place)>, StoreError> {
    let rows: Vec<(i32, String, String, Option<Uuid>)> = of
        .select_only()
        .columns([
            submission_row::Column::Row,
            submission_row::Column::Request,
            submission_row::Column::Planned,
            submission_row::Column::Subject,
        ])
        .filter(submission_row::Column::Row.gt(after))
        .order_by_asc(submission_row::Column::Row)
        .limit(STRETCH)
        .into_tuple()
        .all(db)
        .await?;
    let rows = rows.into_iter().map(|(row, request, planned, subject)| {
        let (request, planned) = (serde_json::from_str(&request)?, serde_json::from_str(&planned)?);
        Ok((row, Place::of(&request, &planned, subject)))
    });
    rows.collect()
}

/// Where people's accounts are.
async fn homes(db: &impl ConnectionTrait, people: Vec<Uuid>) -> Result<HashMap<Uuid, OrganisationCode>, StoreError> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::Organisation])
        .filter(account::Column::Id.is_in(padded(people)))
        .into_tuple()
        .all(db)
        .await?;
    let rows = rows.into_iter();
    rows.map(|(person, code)| Ok((person, word(&code, |code| OrganisationCode::parse(code).ok())?)))
        .collect()
}

/// Those of some organisations that a submission is sent for, all of them.
async fn sent_for(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    named: &BTreeSet<OrganisationCode>,
) -> Result<Vec<OrganisationCode>, StoreError> {
    if named.is_empty() {
        return Ok(vec![]);
    }
    let mut places = places_of(db, id).await?;
    // A unit's place does not end as an organisation's does.
    places.retain(|place| place.as_str().ends_with('/'));
    let named: Vec<_> = named.iter().map(OrganisationCode::as_str).collect();
    let mut sent_for = Vec::new();
    for some in named.chunks(500) {
        let paths: Vec<String> = organisation::Entity::find()
            .select_only()
            .column(organisation::Column::Path)
            .filter(organisation::Column::Code.is_in(padded(some.iter().copied())))
            .into_tuple()
            .all(db)
            .await?;
        for path in paths.into_iter().map(OrganisationPath::stored) {
            if places.iter().any(|place| place.covers(&path)) {
                sent_for.push(word(path.code(), |code| OrganisationCode::parse(code).ok())?);
            }
        }
    }
    Ok(sent_for)
}
