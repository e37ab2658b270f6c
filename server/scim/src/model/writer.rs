//! Writing into a model: a whole body, or one operation. All that is wrong is collected, and what is not used is noticed.

use serde_json::{Map, Value, json};

use super::{Model, is_nothing, items_of};
use crate::{
    definition::{Definition, Mutability, Schema, Type},
    dialect::{Dialect, Notice, Reason},
    error::{ScimType, Wrong},
    path::{Place, Target},
};

/// What is done at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Add,
    Replace,
    Remove,
}

/// Where a name comes from: a key of an object, or the path of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Key,
    Path,
}

/// A place whose value was sent empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Emptied {
    pub(crate) schema: Schema,
    pub(crate) name: &'static str,
    pub(crate) sub: Option<&'static str>,
}

/// Writes into a model.
pub(crate) struct Writer<'a> {
    pub(crate) model: Model,
    /// Whether a whole body is written, and no operation.
    pub(crate) is_whole: bool,
    /// What was sent empty.
    pub(crate) emptied: Vec<Emptied>,
    /// The resource as it is; none for one that is to be created.
    current: Option<&'a Model>,
    pub(super) dialect: Dialect,
    pub(crate) notices: Vec<Notice>,
    pub(crate) wrongs: Vec<Wrong>,
}

/// The most that is noticed, and the most that is told to be wrong, of one request.
const MOST: usize = 100;

/// What every body may hold and nothing reads: the service sets it (RFC 7644, 3.3).
const IGNORED: [&str; 3] = ["schemas", "id", "meta"];

impl<'a> Writer<'a> {
    pub(crate) const fn new(model: Model, current: Option<&'a Model>, dialect: Dialect) -> Self {
        Self {
            model,
            is_whole: false,
            emptied: vec![],
            current,
            dialect,
            notices: vec![],
            wrongs: vec![],
        }
    }

    /// Writes every attribute of an object: a body, or the value of an operation without a path. Its keys may be paths.
    pub(crate) fn put_all(&mut self, act: Act, values: &Map<String, Value>) {
        // A new account's email address may be its user name, which must be known by then.
        let is_first = |key: &str| key.eq_ignore_ascii_case("userName");
        let first = values.iter().filter(|(key, _)| is_first(key));
        let others = values.iter().filter(|(key, _)| !is_first(key));
        for (key, value) in first.chain(others) {
            match Target::parse(key) {
                Ok(target) => self.put(act, &target, Some(value), Source::Key),
                Err(_) => self.unknown(key, Some(value), Source::Key),
            }
        }
    }

    /// Writes at one place.
    pub(crate) fn put(&mut self, act: Act, target: &Target, value: Option<&Value>, source: Source) {
        match target {
            Target::Unknown(path) => self.unknown(path, value, source),
            Target::Schema(schema) => self.put_schema(act, *schema, value, source),
            Target::Attribute(place) => self.put_at(act, place, value, source),
        }
    }

    fn put_schema(&mut self, act: Act, schema: Schema, value: Option<&Value>, source: Source) {
        match value {
            _ if schema == Schema::Contact => self.unknown(schema.urn(), value, source),
            Some(Value::Object(values)) if act != Act::Remove => {
                // Some clients repeat within an extension which one it is.
                for (key, value) in values.iter().filter(|(key, _)| !key.eq_ignore_ascii_case("schemas")) {
                    let path = format!("{}:{key}", schema.urn());
                    let target = Target::parse(&path).unwrap_or(Target::Unknown(path));
                    self.put(act, &target, Some(value), Source::Key);
                }
            }
            None | Some(Value::Null | Value::Object(_)) if schema.is_extension() => {
                let is_writable = |definition: &&Definition| definition.mutability == Mutability::ReadWrite;
                for definition in schema.attributes().iter().filter(is_writable) {
                    self.model.set(schema, definition.name, None);
                    self.emptied.push(Emptied {
                        schema,
                        name: definition.name,
                        sub: None,
                    });
                }
            }
            _ => {
                let said = "An object with attributes is expected.";
                self.wrong(schema.urn(), ScimType::InvalidSyntax, "not-object", said);
            }
        }
    }

    fn put_at(&mut self, act: Act, place: &Place, value: Option<&Value>, source: Source) {
        let definition = place.definition;
        if source == Source::Key && IGNORED.contains(&definition.name) {
            return;
        }
        let is_read_only = |definition: &Definition| definition.mutability == Mutability::ReadOnly;
        if is_read_only(definition) || place.sub.is_some_and(is_read_only) {
            self.read_only(place, act, value);
            return;
        }
        let value = value.filter(|value| !is_nothing(value));
        // No value stands for none (RFC 7643, 2.5).
        let act = if value.is_none() { Act::Remove } else { act };
        if value.is_none() && place.within.is_none() {
            self.emptied.push(Emptied {
                schema: place.schema,
                name: definition.name,
                sub: place.sub.map(|sub| sub.name),
            });
        }
        match (definition.kind, definition.is_many) {
            (Type::Complex, true) => self.put_items(act, place, value),
            (Type::Complex, false) => self.put_object(act, place, value),
            (_, true) => self.put_list(act, place, value),
            (_, false) => self.put_simple(act, place, value),
        }
    }

    fn put_simple(&mut self, act: Act, place: &Place, value: Option<&Value>) {
        let value = match act {
            Act::Remove => None,
            Act::Add | Act::Replace => match self.simple(&place.path(), place.definition, value) {
                Some(value) => Some(value),
                None => return,
            },
        };
        self.model.set(place.schema, place.definition.name, value);
    }

    /// An object such as `name`: what is not sent stays (RFC 7644, 3.5.2.3).
    fn put_object(&mut self, act: Act, place: &Place, value: Option<&Value>) {
        let (schema, definition) = (place.schema, place.definition);
        if let (None, Act::Add | Act::Replace) = (place.sub, act) {
            return self.put_parts(act, place, value);
        }
        let there = self.model.get(schema, definition.name).and_then(Value::as_object);
        let mut object = there.cloned().unwrap_or_default();
        match (place.sub, act) {
            (None, _) => object.clear(),
            (Some(sub), Act::Remove) => {
                object.remove(sub.name);
            }
            (Some(sub), Act::Add | Act::Replace) => {
                let Some(value) = self.simple(&place.path(), sub, value) else {
                    return;
                };
                object.insert(sub.name.to_owned(), value);
            }
        }
        let object = Some(object).filter(|object| !object.is_empty());
        self.model.set(schema, definition.name, object.map(Value::Object));
    }

    fn put_parts(&mut self, act: Act, place: &Place, value: Option<&Value>) {
        let (schema, definition) = (place.schema, place.definition);
        let Some(Value::Object(values)) = value else {
            let said = format!("{} is an object.", definition.name);
            return self.wrong(definition.name, ScimType::InvalidSyntax, "not-object", said);
        };
        for (key, value) in values {
            match definition.sub(key) {
                Some(sub) => {
                    let place = Place {
                        sub: Some(sub),
                        ..Place::whole(schema, definition)
                    };
                    self.put_at(act, &place, Some(value), Source::Key);
                }
                None => self.unknown(&format!("{}.{key}", definition.name), Some(value), Source::Key),
            }
        }
    }

    /// Something only the service sets. What is sent as it is there says nothing; on creation it is always left out.
    fn read_only(&mut self, place: &Place, act: Act, value: Option<&Value>) {
        let current = self.current.unwrap_or(&self.model);
        let is_same = act != Act::Remove && value.is_some_and(|value| is_as_it_is(current, place, value));
        if is_same || value.is_some_and(is_nothing) {
            return;
        }
        let path = place.path();
        // What a whole body repeats of it is ignored (RFC 7644, 3.3 and 3.5.1); an operation on it is refused (3.5.2).
        if self.dialect == Dialect::Strict && self.current.is_some() && !self.is_whole {
            let said = format!("{path} is set by the service and cannot be changed.");
            self.wrong(&path, ScimType::Mutability, "read-only", said);
        } else {
            self.notice(&path, Reason::ReadOnly);
        }
    }

    /// An attribute that is not served. Sent empty, it says nothing.
    pub(super) fn unknown(&mut self, path: &str, value: Option<&Value>, source: Source) {
        if value.is_some_and(is_nothing) && source == Source::Key {
            return;
        }
        match self.dialect {
            Dialect::Tolerant => self.notice(path, Reason::Unknown),
            Dialect::Strict => {
                let scim_type = match source {
                    Source::Key => ScimType::InvalidSyntax,
                    Source::Path => ScimType::InvalidPath,
                };
                let shown: String = path.chars().take(200).collect();
                self.wrong(
                    &shown,
                    scim_type,
                    "unknown",
                    format!("There is no attribute “{shown}”."),
                );
            }
        }
    }

    pub(super) fn notice(&mut self, path: &str, reason: Reason) {
        let notice = Notice::of(path, reason);
        if self.notices.len() < MOST && !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }

    pub(crate) fn wrong(&mut self, path: &str, scim_type: ScimType, code: &str, said: impl Into<String>) {
        if self.wrongs.len() < MOST {
            self.wrongs.push(Wrong::new(path, scim_type, code, said));
        }
    }

    /// A value that is no object and no list, as its attribute has it. What it cannot be is told.
    pub(super) fn simple(&mut self, path: &str, definition: &Definition, value: Option<&Value>) -> Option<Value> {
        let is_tolerant = self.dialect == Dialect::Tolerant;
        let read = match (definition.kind, value?) {
            (Type::Boolean, Value::Bool(flag)) => Some(json!(flag)),
            (Type::Boolean, Value::String(text)) if is_tolerant => {
                let mut flags = [("true", true), ("false", false)].into_iter();
                let flag = flags.find(|(word, _)| text.trim().eq_ignore_ascii_case(word));
                flag.map(|(_, flag)| json!(flag))
            }
            (Type::Boolean, _) => None,
            (_, Value::String(text)) => Some(json!(text)),
            (_, Value::Number(number)) if is_tolerant => Some(json!(number.to_string())),
            _ => None,
        };
        if read.is_none() {
            let expected = match definition.kind {
                Type::Boolean => "true or false",
                _ => "a text",
            };
            let said = format!("{path} is {expected}.");
            self.wrong(path, ScimType::InvalidValue, "type", said);
        }
        read
    }
}

/// Whether what was sent is what is there: the same text, or addresses that the person has.
fn is_as_it_is(current: &Model, place: &Place, sent: &Value) -> bool {
    let there = current.get(place.schema, place.definition.name);
    let there = match place.sub {
        Some(sub) if !place.definition.is_many => there.and_then(|there| there.get(sub.name)),
        _ => there,
    };
    if place.definition.name == "emails" {
        return are_known(current, there, sent);
    }
    match (there, sent) {
        (Some(Value::String(there)), Value::String(sent)) => there.eq_ignore_ascii_case(sent.trim()),
        (there, sent) => there == Some(sent),
    }
}

/// Whether all these addresses are the person's.
fn are_known(current: &Model, there: Option<&Value>, sent: &Value) -> bool {
    let items = there.and_then(Value::as_array).into_iter().flatten();
    let addresses = items.filter_map(|item| item.get("value")?.as_str());
    let known: Vec<_> = addresses
        .chain(current.core("userName"))
        .map(str::to_lowercase)
        .collect();
    items_of(Some(sent)).all(|item| {
        let address = item.get("value").unwrap_or(item).as_str();
        address.is_some_and(|address| known.contains(&address.trim().to_lowercase()))
    })
}
