//! PATCH bodies (RFC 7644, 3.5.2) in the dialects that real clients speak, applied to a resource's model: all or nothing.

use std::collections::{BTreeMap, BTreeSet};

use domain::dictionary::Attribute;
use serde_json::{Map, Value};

use crate::{
    definition::{Binding, Schema},
    dialect::{Dialect, Notice},
    error::{ScimError, ScimType, Wrong},
    model::{Act, Model, Source, Writer},
    path::Target,
};

/// The schema of PATCH bodies.
pub const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// The most operations of one PATCH.
pub const MOST: usize = 100;

/// A PATCH body that has been read.
#[derive(Clone, Debug)]
pub struct Patch {
    operations: Vec<Operation>,
}

#[derive(Clone, Debug)]
struct Operation {
    act: Act,
    /// Where; none for one whose value names the attributes.
    target: Option<Target>,
    value: Option<Value>,
}

/// What became of a resource's model.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The model after it.
    pub model: Model,
    /// What was sent and is not used.
    pub notices: Vec<Notice>,
    /// What a PUT says of attributes, changed or not.
    pub said: BTreeMap<Attribute, String>,
    /// What a PUT empties because it does not name it any more.
    pub unnamed: Vec<Attribute>,
    /// Whether it is a whole body, in which all that is required must be named.
    pub is_whole: bool,
    /// All that is wrong with what was sent; then nothing of it is done.
    pub wrongs: Vec<Wrong>,
}

impl Patch {
    /// Reads a body.
    ///
    /// # Errors
    /// All that is wrong with it: its shape, an operation that does not exist, a path that cannot be read.
    pub fn parse(body: &Value, dialect: Dialect) -> Result<Self, ScimError> {
        let body = body.as_object().ok_or_else(ScimError::not_json)?;
        if dialect == Dialect::Strict && !names_schema(body) {
            let said = format!("A PATCH body has the schema {PATCH_OP}.");
            return Err(ScimError::of(ScimType::InvalidSyntax, said));
        }
        let operations = field(body, "Operations").and_then(Value::as_array);
        let Some(operations) = operations.filter(|operations| !operations.is_empty()) else {
            let said = "A PATCH body has a list “Operations” with at least one operation.";
            return Err(ScimError::of(ScimType::InvalidSyntax, said));
        };
        if operations.len() > MOST {
            let said = format!(
                "A PATCH has at most {MOST} operations; this one has {}.",
                operations.len()
            );
            return Err(ScimError::of(ScimType::TooMany, said));
        }
        let (mut read, mut wrongs) = (Vec::new(), Vec::new());
        for (place, operation) in operations.iter().enumerate() {
            match Operation::parse(operation, dialect) {
                Ok(operation) => read.push(operation),
                Err(mut wrong) => {
                    wrong.message = format!("Operation {}: {}", place + 1, wrong.message);
                    wrongs.push(wrong);
                }
            }
        }
        if wrongs.is_empty() {
            Ok(Self { operations: read })
        } else {
            Err(ScimError::all(wrongs))
        }
    }

    /// Applies all operations to a resource as it is shown.
    ///
    /// # Errors
    /// All that is wrong with any of them; then none is applied.
    pub fn apply(&self, current: &Model, dialect: Dialect) -> Result<Written, ScimError> {
        let written = self.applied(current, dialect);
        match written.wrongs.is_empty() {
            true => Ok(written),
            false => Err(ScimError::all(written.wrongs)),
        }
    }

    /// The same, with all that is wrong in what comes of it.
    #[must_use]
    pub fn applied(&self, current: &Model, dialect: Dialect) -> Written {
        let mut writer = Writer::new(current.clone(), Some(current), dialect);
        for operation in &self.operations {
            let value = operation.value.as_ref();
            match (&operation.target, value) {
                (Some(target), value) => writer.put(operation.act, target, value, Source::Path),
                (None, Some(Value::Object(values))) => writer.put_all(operation.act, values),
                (None, _) => {}
            }
        }
        written(writer)
    }
}

/// Reads the whole body of a POST: what it does not say is not there.
///
/// # Errors
/// If it is no object; what is wrong within stands in what comes of it.
pub fn whole(body: &Value, dialect: Dialect) -> Result<Written, ScimError> {
    Ok(written(writer_of(body, None, dialect)?))
}

/// Reads the whole body of a PUT. What it names is as it says, and empty where it is sent empty. What it does not name is
/// emptied where the client has said it before (`own`), and stays where it never did: a client cannot mean what it does not
/// know (RFC 7644, 3.5.1).
///
/// # Errors
/// As [`whole`].
pub fn replaced(
    body: &Value,
    current: &Model,
    own: &BTreeSet<Attribute>,
    dialect: Dialect,
) -> Result<Written, ScimError> {
    let writer = writer_of(body, Some(current), dialect)?;
    let emptied = writer.emptied.clone();
    let is_emptied = |schema: Schema, name: &str, sub: Option<&str>| {
        let mut emptied = emptied.iter();
        emptied.any(|place| place.schema == schema && place.name == name && (place.sub.is_none() || place.sub == sub))
    };
    let mut written = written(writer);
    for binding in &Binding::ALL {
        let attribute = binding.attribute;
        if let Some(text) = written.model.text(binding) {
            written.said.insert(attribute, text);
        } else if current.text(binding).is_none()
            || attribute.entry().required
            || is_emptied(binding.schema, binding.name, binding.sub())
        {
            // It is as it is said, or the reading tells what is missing.
        } else if own.contains(&attribute) {
            written.unnamed.push(attribute);
        } else {
            written.model.keep(binding, current);
        }
    }
    let key = "externalId";
    if written.model.core(key).is_none() && !is_emptied(Schema::User, key, None) {
        let there = current.get(Schema::User, key).cloned();
        written.model.set(Schema::User, key, there);
    }
    Ok(written)
}

fn writer_of<'a>(body: &Value, current: Option<&'a Model>, dialect: Dialect) -> Result<Writer<'a>, ScimError> {
    let values = body.as_object().ok_or_else(ScimError::not_json)?;
    let mut writer = Writer::new(Model::default(), current, dialect);
    writer.is_whole = true;
    if dialect == Dialect::Strict {
        check_schemas(&mut writer, values);
    }
    writer.put_all(Act::Replace, values);
    Ok(writer)
}

/// Whether a body names the schemas of what it holds (RFC 7643, 3).
fn check_schemas(writer: &mut Writer<'_>, body: &Map<String, Value>) {
    let named = field(body, "schemas").and_then(Value::as_array).into_iter().flatten();
    let named: Vec<_> = named.filter_map(Value::as_str).collect();
    let is_named = |schema: Schema| named.iter().any(|name| name.eq_ignore_ascii_case(schema.urn()));
    for schema in [Schema::User, Schema::Enterprise, Schema::Account] {
        let is_used = schema == Schema::User || field(body, schema.urn()).is_some();
        if is_used && !is_named(schema) {
            let said = format!("schemas does not list {}.", schema.urn());
            writer.wrong("schemas", ScimType::InvalidSyntax, "schemas", said);
        }
    }
    for name in named {
        let is_of_users = Schema::of_urn(name).is_some_and(|schema| schema != Schema::Contact);
        if !is_of_users {
            let shown: String = name.chars().take(200).collect();
            let said = format!("schemas lists “{shown}”, which no user has.");
            writer.wrong("schemas", ScimType::InvalidSyntax, "schemas", said);
        }
    }
}

fn written(mut writer: Writer<'_>) -> Written {
    writer.notices.sort();
    Written {
        model: writer.model,
        notices: writer.notices,
        said: BTreeMap::new(),
        unnamed: vec![],
        is_whole: writer.is_whole,
        wrongs: writer.wrongs,
    }
}

impl Operation {
    fn parse(operation: &Value, dialect: Dialect) -> Result<Self, Wrong> {
        let wrong = |scim_type, said: &str| Wrong::new("", scim_type, "operation", said);
        let Some(operation) = operation.as_object() else {
            return Err(wrong(ScimType::InvalidSyntax, "it is not an object."));
        };
        let act = field(operation, "op").and_then(Value::as_str).unwrap_or_default();
        let read = match dialect {
            Dialect::Tolerant => act.trim().to_lowercase(),
            Dialect::Strict => act.to_owned(),
        };
        let act = match read.as_str() {
            "add" => Act::Add,
            "replace" => Act::Replace,
            "remove" => Act::Remove,
            _ => return Err(wrong(ScimType::InvalidSyntax, "“op” is add, replace or remove.")),
        };
        let path = match field(operation, "path") {
            None | Some(Value::Null) => None,
            Some(Value::String(path)) if path.is_empty() && dialect == Dialect::Tolerant => None,
            Some(Value::String(path)) => Some(path),
            Some(_) => return Err(wrong(ScimType::InvalidPath, "“path” is a text.")),
        };
        let value = field(operation, "value").cloned();
        let target = path.map(|path| Target::parse(path)).transpose()?;
        match (&target, act, &value) {
            (None, Act::Remove, _) => Err(wrong(ScimType::NoTarget, "remove needs a path.")),
            (_, Act::Add | Act::Replace, None) => Err(wrong(ScimType::InvalidValue, "a value is missing.")),
            (None, _, Some(value)) if !value.is_object() => {
                let said = "without a path, the value is an object with attributes.";
                Err(wrong(ScimType::InvalidSyntax, said))
            }
            _ => Ok(Self { act, target, value }),
        }
    }
}

fn names_schema(body: &Map<String, Value>) -> bool {
    let schemas = field(body, "schemas").and_then(Value::as_array).into_iter().flatten();
    let mut schemas = schemas.filter_map(Value::as_str);
    schemas.any(|schema| schema.eq_ignore_ascii_case(PATCH_OP))
}

/// A field of an object, in any case.
pub(crate) fn field<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let found = object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}

#[cfg(test)]
mod tests;
