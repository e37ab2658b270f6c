//! One comparison of a filter as a condition that an index answers.

use domain::{
    lookup::{Addresses, Bound, Condition, Match},
    values::text::composed,
};
use serde_json::Value;

use super::works::{WORKS, refused};
use crate::{
    definition::{self, Schema},
    error::ScimError,
    filter::{Filter, Operator, Path},
    moment,
};

/// The condition that a filter without `and` asks for.
pub(super) fn condition(filter: &Filter) -> Result<Condition, ScimError> {
    let unknown = || refused(&format!("The filter “{}” cannot be answered. {WORKS}", shown(filter)));
    match filter {
        Filter::Compare { path, operator, value } => compared(path, *operator, value).unwrap_or_else(|| Err(unknown())),
        Filter::Picks(path) => picked(path).unwrap_or_else(|| Err(unknown())),
        Filter::Present(_) | Filter::Not(_) | Filter::And(_) | Filter::Or(_) => Err(unknown()),
    }
}

fn shown(filter: &Filter) -> String {
    const SHOWN: usize = 120;
    filter.to_string().chars().take(SHOWN).collect()
}

/// `None` if no index answers it.
fn compared(path: &Path, operator: Operator, value: &Value) -> Option<Result<Condition, ScimError>> {
    let found = definition::of_query(path.urn.as_deref(), &path.name)?;
    let sub = path.sub.as_deref().map(str::to_lowercase);
    let name = (found.definition.name, sub.as_deref());
    if path.within.is_some() && !matches!(name, ("emails", Some("value"))) {
        return None;
    }
    let matched = |what: &'static str| match operator {
        Operator::Eq => Some(kept(what, value).map(Match::Is)),
        Operator::Sw => Some(kept(what, value).map(Match::Starts)),
        _ => None,
    };
    let is_equal = operator == Operator::Eq;
    Some(match name {
        ("id", None) if is_equal => text("id", value).map(|id| Condition::Id(id.trim().parse().ok())),
        ("externalId", None) if is_equal => text("externalId", value).map(Condition::ExternalId),
        ("userName", None) => matched("userName")?.map(Condition::UserName),
        ("employeeNumber", None) => matched("employeeNumber")?.map(Condition::EmployeeNumber),
        ("name", Some("familyname")) => matched("name.familyName")?.map(Condition::FamilyName),
        ("displayName", None) if operator == Operator::Sw => kept("displayName", value).map(Condition::DisplayName),
        ("organisation", None) if is_equal && found.schema != Schema::Enterprise => {
            text("organisation", value).map(Condition::Organisation)
        }
        ("active", None) if is_equal => flag(value).map(Condition::Active),
        ("emails", None | Some("value")) => {
            let among = match &path.within {
                Some(within) => among(within)?,
                None => Addresses::All,
            };
            matched("emails")?.map(|address| Condition::Email { address, among })
        }
        ("meta", Some("lastmodified")) => {
            let bound = bound(operator)?;
            moment(value).map(|at| Condition::LastModified { bound, at })
        }
        _ => return None,
    })
}

/// `emails[type eq "work" and value eq "…"]`.
fn picked(path: &Path) -> Option<Result<Condition, ScimError>> {
    let found = definition::of_query(path.urn.as_deref(), &path.name)?;
    if found.definition.name != "emails" {
        return None;
    }
    let filters = match path.within.as_deref()? {
        Filter::And(filters) => filters.as_slice(),
        filter => std::slice::from_ref(filter),
    };
    let is_value = |filter: &&Filter| {
        matches!(filter, Filter::Compare { path, .. }
            if path.name.eq_ignore_ascii_case("value") && path.sub.is_none() && path.urn.is_none())
    };
    let mut values = filters.iter().filter(is_value);
    let Filter::Compare { operator, value, .. } = values.next()? else {
        return None;
    };
    if values.next().is_some() {
        return None;
    }
    let others: Vec<_> = filters.iter().filter(|filter| !is_value(filter)).collect();
    let among = match others.as_slice() {
        [] => Addresses::All,
        [other] => among(other)?,
        _ => return None,
    };
    let address = match operator {
        Operator::Eq => kept("emails", value).map(Match::Is),
        Operator::Sw => kept("emails", value).map(Match::Starts),
        _ => return None,
    };
    Some(address.map(|address| Condition::Email { address, among }))
}

/// Which addresses `type eq "work"` or `primary eq true` picks.
fn among(filter: &Filter) -> Option<Addresses> {
    let equalities = filter.equalities()?;
    let [(name, value)] = equalities.as_slice() else {
        return None;
    };
    match (name.to_lowercase().as_str(), value) {
        ("type", Value::String(kind)) if kind.eq_ignore_ascii_case("work") => Some(Addresses::Present),
        ("type", Value::String(kind)) if kind.eq_ignore_ascii_case("other") => Some(Addresses::Former),
        ("primary", value) => match flag(value).ok()? {
            true => Some(Addresses::Present),
            false => Some(Addresses::Former),
        },
        _ => None,
    }
}

const fn bound(operator: Operator) -> Option<Bound> {
    match operator {
        Operator::Gt => Some(Bound::After),
        Operator::Ge => Some(Bound::AtOrAfter),
        Operator::Lt => Some(Bound::Before),
        Operator::Le => Some(Bound::AtOrBefore),
        Operator::Eq | Operator::Ne | Operator::Co | Operator::Sw | Operator::Ew => None,
    }
}

/// A text as the directory keeps it: with composed characters, whatever a client sends. A client's own keys are kept as sent.
fn kept(what: &str, value: &Value) -> Result<String, ScimError> {
    text(what, value).map(|text| composed(&text))
}

fn text(what: &str, value: &Value) -> Result<String, ScimError> {
    let text = value.as_str().map(ToOwned::to_owned);
    text.ok_or_else(|| refused(&format!("{what} is compared with a text in double quotes.")))
}

fn flag(value: &Value) -> Result<bool, ScimError> {
    match value {
        Value::Bool(flag) => Ok(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(refused("active is compared with true or false.")),
    }
}

fn moment(value: &Value) -> Result<domain::values::ids::Timestamp, ScimError> {
    let at = value.as_str().and_then(moment::read);
    at.ok_or_else(|| refused("meta.lastModified is compared with a moment, like \"2026-11-30T09:15:00Z\"."))
}
