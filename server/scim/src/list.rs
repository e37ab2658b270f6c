//! Lists: what a query or a search request asks for, paging by index and by cursor (RFC 7644, 3.4.2; RFC 9865), and the
//! answer.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::{
    error::{ScimError, ScimType, Wrong},
    filter::Filter,
    patch::field,
    projection::Projection,
    query::Query,
};

/// The schema of answers.
pub const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// The schema of search requests.
pub const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// Resources on a page, unless it is said.
pub const PAGE: u32 = 100;

/// The most resources on a page.
pub const LARGEST_PAGE: u32 = 1_000;

/// The last resource that paging by index can begin at.
pub const LAST_INDEX: u32 = 10_000;

/// Which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paging {
    /// By index.
    Index {
        /// The first resource, from 1.
        start: u32,
        /// The most resources; 0 asks for the total alone.
        count: u32,
    },
    /// By cursor.
    Cursor {
        /// Where the page begins; `None` for the first.
        cursor: Option<String>,
        /// The most resources.
        count: u32,
    },
}

/// By what a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// The name to sign in with.
    UserName,
    /// The last name.
    FamilyName,
    /// When it last changed.
    LastModified,
}

/// How a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum Direction {
    Ascending,
    Descending,
}

/// What is asked for: of a list, or of one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// The filter as it was written, for what a cursor is bound to; empty if there is none.
    pub filter: String,
    /// What it asks.
    pub query: Query,
    /// How it is sorted, where that is said.
    pub sort: Option<(SortBy, Direction)>,
    /// Which attributes are returned.
    pub projection: Projection,
    /// Which page.
    pub paging: Paging,
}

/// The parameters as they were sent, before they are read.
#[derive(Default)]
struct Sent {
    filter: Option<String>,
    attributes: Option<Vec<String>>,
    excluded: Option<Vec<String>>,
    sort_by: Option<String>,
    sort_order: Option<String>,
    start_index: Option<String>,
    count: Option<String>,
    cursor: Option<String>,
}

impl Search {
    /// Reads the parameters of an address; those that are not known are left alone.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn of_query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, ScimError> {
        let (mut sent, mut named) = (Sent::default(), HashSet::new());
        for (name, value) in pairs {
            let list = || Some(value.split(',').map(ToOwned::to_owned).collect());
            let text = || Some(value.to_owned());
            match name.to_lowercase().as_str() {
                "filter" => sent.filter = text(),
                "attributes" => sent.attributes = list(),
                "excludedattributes" => sent.excluded = list(),
                "sortby" => sent.sort_by = text(),
                "sortorder" => sent.sort_order = text(),
                "startindex" => sent.start_index = text(),
                "count" => sent.count = text(),
                "cursor" => sent.cursor = text(),
                _ => continue,
            }
            if !named.insert(name.to_lowercase()) {
                let said = format!("{name} stands twice in the address. Send it once.");
                return Err(ScimError::of(ScimType::InvalidValue, said));
            }
        }
        sent.read()
    }

    /// Reads the body of `POST /.search`.
    ///
    /// # Errors
    /// As [`Self::of_query`].
    pub fn of_body(body: &Value) -> Result<Self, ScimError> {
        let body = body.as_object().ok_or_else(ScimError::not_json)?;
        let wrongs = of_other_kinds(body);
        if !wrongs.is_empty() {
            return Err(ScimError::all(wrongs));
        }
        let text = |name: &str| match field(body, name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => Some(other.to_string()),
        };
        let sent = Sent {
            filter: text("filter"),
            attributes: list(body, "attributes"),
            excluded: list(body, "excludedAttributes"),
            sort_by: text("sortBy"),
            sort_order: text("sortOrder"),
            start_index: text("startIndex"),
            count: text("count"),
            cursor: text("cursor"),
        };
        sent.read()
    }
}

impl Search {
    /// What is asked for in one spelling, which a cursor is bound to: of which resource, by which filter, in which order.
    #[must_use]
    pub fn asked(&self, resource: &str) -> String {
        let filter = Filter::parse(&self.filter).map_or_else(|_| self.filter.clone(), |filter| filter.to_string());
        format!("{resource} {:?} {filter}", self.sort)
    }

    /// The search as one of contacts.
    ///
    /// # Errors
    /// If it asks for what contacts do not have.
    pub fn of_contacts(&self) -> Result<(), ScimError> {
        if matches!(self.sort, Some((SortBy::UserName, _))) {
            let said = "sortBy is name.familyName or meta.lastModified.";
            return Err(ScimError::of(ScimType::InvalidValue, said));
        }
        self.query.of_contacts()
    }
}

/// Whether a value is of the kind that it must be.
type IsOfKind = fn(&Value) -> bool;

/// What of a search's body is of another kind of value than it must be.
fn of_other_kinds(body: &Map<String, Value>) -> Vec<Wrong> {
    let is_text: IsOfKind = Value::is_string;
    let is_number = |value: &Value| value.is_number() || value.is_string();
    let are_names = |value: &Value| match value {
        Value::Array(names) => names.iter().all(Value::is_string),
        value => value.is_string(),
    };
    let kinds: [(&str, IsOfKind, &str); 8] = [
        ("filter", is_text, "a text"),
        ("sortBy", is_text, "a text"),
        ("sortOrder", is_text, "a text"),
        ("cursor", is_text, "a text"),
        ("startIndex", is_number, "a whole number"),
        ("count", is_number, "a whole number"),
        ("attributes", are_names, "a list of names"),
        ("excludedAttributes", are_names, "a list of names"),
    ];
    let wrongs = kinds.into_iter().filter_map(|(name, is_it, kind)| {
        let sent = field(body, name).filter(|sent| !sent.is_null())?;
        let said = format!("{name} is {kind}.");
        (!is_it(sent)).then(|| Wrong::new(name, ScimType::InvalidValue, "type", said))
    });
    wrongs.collect()
}

/// Names in a list, or in one text with commas.
fn list(body: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    match field(body, name)? {
        Value::Array(names) => Some(names.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()),
        Value::String(names) => Some(names.split(',').map(ToOwned::to_owned).collect()),
        _ => None,
    }
}

impl Sent {
    fn read(self) -> Result<Search, ScimError> {
        let mut wrongs = Vec::new();
        let mut gather = |error: ScimError| {
            let scim_type = error.scim_type.unwrap_or(ScimType::InvalidValue);
            wrongs.push((scim_type, error.said));
        };
        let filter = self.filter.as_deref().unwrap_or_default().trim().to_owned();
        let query = match filter.as_str() {
            "" => Ok(Query::default()),
            filter => Query::parse(filter),
        };
        let query = query.unwrap_or_else(|error| {
            gather(error);
            Query::default()
        });
        let paging = self.paging().unwrap_or_else(|error| {
            gather(error);
            Paging::Index { start: 1, count: PAGE }
        });
        let sort = self.sort().unwrap_or_else(|error| {
            gather(error);
            None
        });
        let names = |names: &'_ Option<Vec<String>>| names.clone().unwrap_or_default();
        let (attributes, excluded) = (names(&self.attributes), names(&self.excluded));
        let attributes = attributes.iter().map(String::as_str);
        let projection = Projection::of(Some(attributes), Some(excluded.iter().map(String::as_str)));
        let projection = projection.unwrap_or_else(|error| {
            gather(error);
            Projection::default()
        });
        match wrongs.as_slice() {
            [] => Ok(Search {
                filter,
                query,
                sort,
                projection,
                paging,
            }),
            [(scim_type, said)] => Err(ScimError::of(*scim_type, said.clone())),
            several => {
                let all = several.iter();
                let all = all.map(|(scim_type, said)| Wrong::new("", *scim_type, scim_type.name(), said.clone()));
                Err(ScimError::all(all.collect()))
            }
        }
    }

    fn paging(&self) -> Result<Paging, ScimError> {
        let Some(cursor) = &self.cursor else {
            // Less than the first is the first, and less than none is none (RFC 7644, 3.4.2.4).
            let start = whole_number(self.start_index.as_deref(), "startIndex", ScimType::InvalidValue)?.unwrap_or(1);
            let count = whole_number(self.count.as_deref(), "count", ScimType::InvalidValue)?;
            let count = count.unwrap_or_else(|| PAGE.into()).clamp(0, LARGEST_PAGE.into());
            if start > LAST_INDEX.into() {
                let said = format!(
                    "startIndex is at most {LAST_INDEX}. To read more, page by cursor: send cursor= without a value, and then each \
                     nextCursor."
                );
                return Err(ScimError::of(ScimType::InvalidValue, said));
            }
            return Ok(Paging::Index {
                start: u32::try_from(start.max(1)).unwrap_or(1),
                count: u32::try_from(count).unwrap_or(PAGE),
            });
        };
        if self.start_index.is_some() {
            let said = "Page by startIndex or by cursor, not by both.";
            return Err(ScimError::of(ScimType::InvalidCursor, said));
        }
        let count = whole_number(self.count.as_deref(), "count", ScimType::InvalidCount)?;
        let count = count.unwrap_or_else(|| PAGE.into());
        let count = u32::try_from(count).ok().filter(|count| *count <= LARGEST_PAGE);
        let Some(count) = count else {
            let said = format!("count is a number from 0 to {LARGEST_PAGE}.");
            return Err(ScimError::of(ScimType::InvalidCount, said));
        };
        Ok(Paging::Cursor {
            cursor: Some(cursor.trim().to_owned()).filter(|cursor| !cursor.is_empty()),
            count,
        })
    }

    fn sort(&self) -> Result<Option<(SortBy, Direction)>, ScimError> {
        let Some(by) = self.sort_by.as_deref().map(str::trim).filter(|by| !by.is_empty()) else {
            return Ok(None);
        };
        let refused = |said: &str| ScimError::of(ScimType::InvalidValue, said);
        let short = by.rsplit(':').next().unwrap_or(by).to_lowercase();
        let by = match short.as_str() {
            "username" => SortBy::UserName,
            "name.familyname" => SortBy::FamilyName,
            "meta.lastmodified" => SortBy::LastModified,
            _ => return Err(refused("sortBy is userName, name.familyName or meta.lastModified.")),
        };
        let direction = match self
            .sort_order
            .as_deref()
            .unwrap_or("ascending")
            .to_lowercase()
            .as_str()
        {
            "ascending" => Direction::Ascending,
            "descending" => Direction::Descending,
            _ => return Err(refused("sortOrder is ascending or descending.")),
        };
        Ok(Some((by, direction)))
    }
}

fn whole_number(text: Option<&str>, name: &str, scim_type: ScimType) -> Result<Option<i64>, ScimError> {
    let number = text.map(|text| text.trim().parse());
    let number = number.transpose();
    number.map_err(|_| ScimError::of(scim_type, format!("{name} is a whole number.")))
}

/// A page as it is answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListResponse {
    /// How many there are in all; `None` if they were not counted (by cursor, before the last page).
    pub total: Option<u64>,
    /// Where the page begins, if it was asked for by index.
    pub start_index: Option<u32>,
    /// Where the next page begins, if it was asked for by cursor and there is one.
    pub next_cursor: Option<String>,
    /// The resources.
    pub resources: Vec<Value>,
}

impl ListResponse {
    /// The body of the answer.
    #[must_use]
    pub fn body(self) -> Value {
        let mut body = json!({
            "schemas": [LIST_RESPONSE],
            "itemsPerPage": self.resources.len(),
        });
        if let Some(total) = self.total {
            body["totalResults"] = json!(total);
        }
        if let Some(start) = self.start_index {
            body["startIndex"] = json!(start);
        }
        if let Some(cursor) = self.next_cursor {
            body["nextCursor"] = json!(cursor);
        }
        body["Resources"] = Value::Array(self.resources);
        body
    }

    /// A list that is served whole, such as that of the schemas.
    #[must_use]
    pub fn all(resources: Vec<Value>) -> Self {
        Self {
            total: Some(resources.len() as u64),
            start_index: Some(1),
            next_cursor: None,
            resources,
        }
    }
}

#[cfg(test)]
mod tests;
