//! Lists and searches of users, of contacts, and of both: paged by index or by cursor.

use gate::{SyncPage, SyncQuery, SyncSort, SyncStart};
use scim::{
    cursor::Position,
    error::{ScimError, ScimType},
    list::{Direction, ListResponse, Paging, Search, SortBy},
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    answers::{Answer, Answered, Failed},
    call::Call,
    people,
    places::Places,
};

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Users,
    Contacts,
}

/// A page of one kind.
struct Page {
    resources: Vec<Value>,
    total: u64,
    next: Option<(String, Uuid)>,
}

/// `POST /Users/.search`.
pub(crate) async fn users(call: Call) -> Answer {
    list(&call, &Search::of_body(&call.json()?)?, &[Kind::Users]).await
}

/// `POST /Contacts/.search`.
pub(crate) async fn contacts(call: Call) -> Answer {
    list(&call, &Search::of_body(&call.json()?)?, &[Kind::Contacts]).await
}

/// `POST /.search`: users, and behind them contacts, where the filter asks for nothing that contacts do not have.
pub(crate) async fn all(call: Call) -> Answer {
    let search = Search::of_body(&call.json()?)?;
    let kinds: &[Kind] = match search.of_contacts() {
        Ok(()) => &[Kind::Users, Kind::Contacts],
        Err(_) => &[Kind::Users],
    };
    list(&call, &search, kinds).await
}

impl Kind {
    /// The type of its resources.
    const fn name(self) -> &'static str {
        match self {
            Self::Users => "User",
            Self::Contacts => "Contact",
        }
    }
}

/// What a search finds among some kinds, one behind the other.
///
/// # Errors
/// What the search asks for that cannot be answered.
pub(super) async fn list(call: &Call, search: &Search, kinds: &[Kind]) -> Answer {
    if kinds == [Kind::Contacts] {
        search.of_contacts()?;
    }
    let response = match &search.paging {
        Paging::Index { start, count } => by_index(call, search, kinds, (*start, *count)).await?,
        Paging::Cursor { cursor, count } => by_cursor(call, search, kinds, (cursor.as_deref(), *count)).await?,
    };
    Ok(Answered::with(response.body()))
}

async fn by_index(
    call: &Call,
    search: &Search,
    kinds: &[Kind],
    (start, count): (u32, u32),
) -> Result<ListResponse, Failed> {
    let (mut resources, mut total) = (Vec::new(), 0);
    for kind in kinds {
        let left = count.saturating_sub(u32::try_from(resources.len()).unwrap_or(count));
        let before = u32::try_from(total).unwrap_or(u32::MAX);
        let first = SyncStart::Index(start.saturating_sub(before).max(1));
        let asked = query(search, first, left, true);
        let found = page(call, *kind, search, &asked).await?;
        resources.extend(found.resources);
        total += found.total;
    }
    Ok(ListResponse {
        total: Some(total),
        start_index: Some(start),
        next_cursor: None,
        resources,
    })
}

async fn by_cursor(
    call: &Call,
    search: &Search,
    kinds: &[Kind],
    (cursor, count): (Option<&str>, u32),
) -> Result<ListResponse, Failed> {
    let places = Places::of(&call.gate, &call.keys, &call.to).await?;
    let names: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
    let asked = search.asked(&names.join(" "));
    let seal = places.seal(&asked);
    let place = match cursor {
        None => Some((0, SyncStart::First)),
        Some(text) => match seal.open_cursor(text, places.now)? {
            Position::Row { key, id } => read_place(&key, id).filter(|(which, _)| *which < kinds.len()),
            Position::Event(_) | Position::Events { .. } => None,
        },
    };
    let (mut which, mut start) = place.ok_or_else(not_of_this_list)?;
    let mut resources = Vec::new();
    let mut next = None;
    while let Some(kind) = kinds.get(which) {
        let left = count.saturating_sub(u32::try_from(resources.len()).unwrap_or(count));
        if left == 0 && !resources.is_empty() {
            next = Some(written_place(which, None));
            break;
        }
        let found = page(call, *kind, search, &query(search, start, left, false)).await?;
        resources.extend(found.resources);
        if let Some(behind) = found.next {
            next = Some(written_place(which, Some(behind)));
            break;
        }
        (which, start) = (which + 1, SyncStart::First);
    }
    let next = next.map(|(key, id)| seal.cursor(Position::Row { key, id }, places.cursor_ends()));
    // Counting everybody takes long, and is done for the last page alone: without the next cursor, clients expect the number.
    let total = match (&next, cursor) {
        (Some(_), _) => None,
        (None, None) if count > 0 => Some(resources.len() as u64),
        (None, _) => Some(counted(call, search, kinds).await?),
    };
    Ok(ListResponse {
        total,
        start_index: None,
        next_cursor: next,
        resources,
    })
}

/// How many a search finds on all pages.
async fn counted(call: &Call, search: &Search, kinds: &[Kind]) -> Result<u64, Failed> {
    let mut total = 0;
    for kind in kinds {
        let asked = query(search, SyncStart::First, 0, true);
        total += page(call, *kind, search, &asked).await?.total;
    }
    Ok(total)
}

/// A place as a cursor holds it: the number of the kind in front of the row's key; a row of no ID is before the first.
fn written_place(which: usize, behind: Option<(String, Uuid)>) -> (String, Uuid) {
    let (key, id) = behind.unwrap_or_default();
    (format!("{which}{key}"), id)
}

fn read_place(key: &str, id: Uuid) -> Option<(usize, SyncStart)> {
    let (which, key) = key.split_at_checked(1)?;
    let start = match id.is_nil() {
        true => SyncStart::First,
        false => SyncStart::After(key.to_owned(), id),
    };
    Some((which.parse().ok()?, start))
}

fn not_of_this_list() -> ScimError {
    let said = "The cursor is not one of this list. Begin again with cursor= without a value.";
    ScimError::of(ScimType::InvalidCursor, said)
}

fn query(search: &Search, start: SyncStart, count: u32, with_total: bool) -> SyncQuery {
    let (sort, descending) = match search.sort {
        None => (SyncSort::default(), false),
        Some((by, direction)) => {
            let sort = match by {
                SortBy::UserName => SyncSort::UserName,
                SortBy::FamilyName => SyncSort::FamilyName,
                SortBy::LastModified => SyncSort::Changed,
            };
            (sort, direction == Direction::Descending)
        }
    };
    SyncQuery {
        conditions: search.query.conditions.clone(),
        sort,
        descending,
        start,
        count,
        with_total,
    }
}

async fn page(call: &Call, kind: Kind, search: &Search, asked: &SyncQuery) -> Result<Page, Failed> {
    let visit = call.visit();
    Ok(match kind {
        Kind::Users => {
            let found = visit.synced_accounts(&call.to, asked).await?;
            shown(found, |seen| {
                people::user(call, &people::person(&seen), &search.projection)
            })
        }
        Kind::Contacts => {
            let found = visit.synced_contacts(&call.to, asked).await?;
            shown(found, |seen| people::contact(call, seen, &search.projection).1)
        }
    })
}

fn shown<T>(found: SyncPage<T>, show: impl Fn(T) -> serde_json::Map<String, Value>) -> Page {
    Page {
        resources: found.people.into_iter().map(|seen| Value::Object(show(seen))).collect(),
        total: found.total.unwrap_or_default(),
        next: found.next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_list_is_read_back() {
        let id = Uuid::from_u128(7);
        let (key, read) = written_place(1, Some(("larkspur".to_owned(), id)));
        assert_eq!(
            read_place(&key, read),
            Some((1, SyncStart::After("larkspur".to_owned(), id)))
        );
        let (key, read) = written_place(1, None);
        assert_eq!(read_place(&key, read), Some((1, SyncStart::First)));
        assert_eq!(read_place("", id), None);
        assert_eq!(read_place("x", id), None);
        assert_eq!(read_place("é", id), None);
    }

    #[test]
    fn a_search_is_asked_of_the_gate_in_its_order() {
        let search = Search::of_query([("sortBy", "meta.lastModified"), ("sortOrder", "descending")]).unwrap();
        let asked = query(&search, SyncStart::First, 5, true);
        assert_eq!(
            (asked.sort, asked.descending, asked.count),
            (SyncSort::Changed, true, 5)
        );
        let plain = query(&Search::of_query([]).unwrap(), SyncStart::Index(3), 0, false);
        assert_eq!((plain.sort, plain.descending), (SyncSort::Id, false));
    }
}
