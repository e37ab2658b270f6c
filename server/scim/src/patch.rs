//! PATCH bodies (RFC 7644, 3.5.2) in the dialects that real clients speak, applied to a resource's model: all or nothing.

use serde_json::{Map, Value};

use crate::{
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

/// Reads a whole body, of a POST or a PUT: what it does not say is not there. `current` is the resource that it replaces.
///
/// # Errors
/// All that is wrong with it.
pub fn whole(body: &Value, current: Option<&Model>, dialect: Dialect) -> Result<Written, ScimError> {
    let values = body.as_object().ok_or_else(ScimError::not_json)?;
    let mut writer = Writer::new(Model::default(), current, dialect);
    writer.put_all(Act::Replace, values);
    written(writer)
}

fn written(mut writer: Writer<'_>) -> Result<Written, ScimError> {
    if !writer.wrongs.is_empty() {
        return Err(ScimError::all(writer.wrongs));
    }
    writer.notices.sort();
    Ok(Written {
        model: writer.model,
        notices: writer.notices,
    })
}

impl Operation {
    fn parse(operation: &Value, dialect: Dialect) -> Result<Self, Wrong> {
        let wrong = |scim_type, said: &str| Wrong::new("", scim_type, "operation", said);
        let Some(operation) = operation.as_object() else {
            return Err(wrong(ScimType::InvalidSyntax, "it is not an object."));
        };
        let act = field(operation, "op").and_then(Value::as_str).unwrap_or_default();
        let act = match act.trim().to_lowercase().as_str() {
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
            (None, ..) if dialect == Dialect::Strict => Err(wrong(ScimType::InvalidSyntax, "a path is missing.")),
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
