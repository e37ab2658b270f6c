//! A resource as a client sees it, in JSON with the names of the table. Bodies and PATCH operations are written into one, and
//! what they change is what differs afterwards.

mod items;
mod writer;

use domain::dictionary::MANY;
use serde_json::{Map, Value};

pub(crate) use self::writer::{Act, Source, Writer};
use crate::definition::{Binding, Part, Schema};

/// A user in JSON: core attributes at the top, an object for each extension.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model(Map<String, Value>);

impl Model {
    /// The model of a resource that [`crate::resource`] rendered.
    #[must_use]
    pub const fn of(resource: Map<String, Value>) -> Self {
        Self(resource)
    }

    /// The value of an attribute; none for one that is null.
    #[must_use]
    pub fn get(&self, schema: Schema, name: &str) -> Option<&Value> {
        let object = match schema.is_extension() {
            true => self.0.get(schema.urn())?.as_object()?,
            false => &self.0,
        };
        object.get(name).filter(|value| !value.is_null())
    }

    /// The resource itself.
    #[must_use]
    pub fn into_map(self) -> Map<String, Value> {
        self.0
    }

    /// The text of a core attribute.
    #[must_use]
    pub fn core(&self, name: &str) -> Option<&str> {
        self.get(Schema::User, name)?.as_str()
    }

    /// Sets an attribute, or takes it away.
    pub(crate) fn set(&mut self, schema: Schema, name: &str, value: Option<Value>) {
        let object = match schema.is_extension() {
            true => {
                let object = self.0.entry(schema.urn()).or_insert_with(|| Value::Object(Map::new()));
                if !object.is_object() {
                    *object = Value::Object(Map::new());
                }
                object.as_object_mut()
            }
            false => Some(&mut self.0),
        };
        let Some(object) = object else { return };
        match value {
            Some(value) => object.insert(name.to_owned(), value),
            None => object.remove(name),
        };
    }

    /// Takes over what another says of an attribute of the dictionary.
    pub(crate) fn keep(&mut self, binding: &Binding, other: &Self) {
        let (schema, name) = (binding.schema, binding.name);
        let Some(there) = other.get(schema, name) else { return };
        let own = self.get(schema, name);
        let kept = match binding.part {
            Part::Whole => there.clone(),
            Part::Sub(sub) => {
                let mut object = own.and_then(Value::as_object).cloned().unwrap_or_default();
                object.extend(there.get(sub).map(|value| (sub.to_owned(), value.clone())));
                Value::Object(object)
            }
            Part::Typed(kind) => {
                let mut items = own.and_then(Value::as_array).cloned().unwrap_or_default();
                let is_it = |item: &&Value| item.get("type").and_then(Value::as_str) == Some(kind);
                items.extend(there.as_array().into_iter().flatten().filter(is_it).cloned());
                Value::Array(items)
            }
        };
        self.set(schema, name, Some(kept));
    }

    /// What it says of an attribute of the dictionary, as a cell's text: many values in one, yes or no for a boolean.
    /// `None` if it says nothing.
    #[must_use]
    pub fn text(&self, binding: &Binding) -> Option<String> {
        let value = self.get(binding.schema, binding.name)?;
        let text = match binding.part {
            Part::Whole => in_a_cell(value),
            Part::Sub(sub) => in_a_cell(value.get(sub)?),
            Part::Typed(kind) => {
                let is_it = |item: &&Value| item.get("type").and_then(Value::as_str) == Some(kind);
                in_a_cell(value.as_array()?.iter().find(is_it)?.get("value")?)
            }
        };
        text.filter(|text| !domain::values::text::is_blank(text))
    }
}

fn in_a_cell(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        Value::Array(values) => {
            let texts: Vec<_> = values.iter().filter_map(Value::as_str).collect();
            Some(texts.join(MANY))
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Object(_) => None,
    }
}

/// Whether a value stands for none (RFC 7643, 2.5), or is an empty text.
pub(crate) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => domain::values::text::is_blank(text),
        Value::Array(values) => values.iter().all(is_nothing),
        Value::Object(object) => object.values().all(is_nothing),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// One value, or each of several.
pub(crate) fn items_of(value: Option<&Value>) -> std::slice::Iter<'_, Value> {
    match value {
        Some(Value::Array(values)) => values.iter(),
        Some(value) => std::slice::from_ref(value).iter(),
        None => [].iter(),
    }
}

#[cfg(test)]
mod tests {
    use domain::dictionary::Attribute;
    use serde_json::json;

    use super::*;

    fn model(value: Value) -> Model {
        match value {
            Value::Object(object) => Model::of(object),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn what_a_resource_says_is_a_cells_text() {
        let mut model = model(json!({
            "userName": "jo",
            "title": null,
            "name": {"familyName": "Smith", "givenName": " "},
            "phoneNumbers": [{"type": "work", "value": "01632 960123"}, {"type": "mobile", "value": "07700 900123"}],
            "urn:staffbook:scim:schemas:2.0:Account": {"mobileHidden": true, "staffRoles": ["Nurse", "Midwife"]},
        }));
        let text = |model: &Model, attribute| model.text(Binding::of(attribute).expect("a place"));
        for (attribute, expected) in [
            (Attribute::LastName, Some("Smith")),
            (Attribute::FirstName, None),
            (Attribute::JobTitle, None),
            (Attribute::Mobile, Some("07700 900123")),
            (Attribute::Fax, None),
            (Attribute::HideMobile, Some("yes")),
            (Attribute::Role, Some("Nurse; Midwife")),
            (Attribute::Department, None),
        ] {
            assert_eq!(text(&model, attribute).as_deref(), expected, "{attribute:?}");
        }
        model.set(Schema::Enterprise, "department", Some(json!("Medicine")));
        model.set(Schema::Account, "mobileHidden", None);
        assert_eq!(text(&model, Attribute::Department).as_deref(), Some("Medicine"));
        assert_eq!(text(&model, Attribute::HideMobile), None);
        assert_eq!(model.core("userName"), Some("jo"));
    }

    #[test]
    fn empty_values_stand_for_none() {
        for value in [
            json!(null),
            json!(""),
            json!(" "),
            json!([]),
            json!({}),
            json!([{"value": ""}]),
        ] {
            assert!(is_nothing(&value), "{value}");
        }
        for value in [json!(false), json!(0), json!("x"), json!([{"value": "x"}])] {
            assert!(!is_nothing(&value), "{value}");
        }
    }
}
