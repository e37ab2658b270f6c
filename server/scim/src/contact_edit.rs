//! What a client would change of a contact. Contacts are only read here, so nothing of it is done: it is kept as a proposal.
//! Clients write contacts as they write users, and so the same reading serves.

use std::collections::BTreeMap;

use domain::{
    contact::ATTRIBUTES,
    dictionary::{Attribute, Attributes, CLEAR},
    problem::Problem,
    rules::Rules,
    values::ids::RowNumber,
};
use serde_json::{Map, Value, json};

use crate::{
    definition::{Binding, Schema},
    dialect::Dialect,
    error::{ScimError, ScimType, Wrong},
    model::{Model, is_nothing, items_of},
    patch::{Patch, field},
    resource,
};

/// What a request says of a contact.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The attributes that it names, as cells have them; [`CLEAR`] empties.
    pub asked: BTreeMap<Attribute, String>,
    /// What is wrong with it; then nobody is asked for anything of it.
    pub wrongs: Vec<Wrong>,
}

/// What a PUT says of a contact. What it does not name stays, because nothing is proposed that nobody said: of telephone
/// numbers, those of the types that it has.
#[must_use]
pub fn of_put(body: &Value, contact: &Attributes, rules: &Rules) -> Said {
    let Some(values) = body.as_object() else {
        return Said::unread(ScimError::not_json().said);
    };
    let is_added = |(name, value): &(&String, &Value)| name.eq_ignore_ascii_case("phoneNumbers") && !is_nothing(value);
    let (added, replaced): (Vec<_>, Vec<_>) = values.iter().partition(is_added);
    let operation = |op: &str, values: Vec<(&String, &Value)>| {
        let values: Map<_, _> = values
            .into_iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        (!values.is_empty()).then(|| json!({"op": op, "value": values}))
    };
    let operations = [operation("replace", replaced), operation("add", added)];
    said(&operations.into_iter().flatten().collect::<Vec<_>>(), contact, rules)
}

/// What a PATCH says of a contact, likewise.
#[must_use]
pub fn of_patch(body: &Value, contact: &Attributes, rules: &Rules) -> Said {
    let operations = body.as_object().and_then(|body| field(body, "Operations"));
    match operations.and_then(Value::as_array) {
        Some(operations) => said(operations, contact, rules),
        None => Said::unread("A PATCH body has a list “Operations” with at least one operation."),
    }
}

impl Said {
    /// Nothing, because the body cannot be read.
    fn unread(why: impl Into<String>) -> Self {
        Self {
            asked: BTreeMap::new(),
            wrongs: vec![Wrong::new("", ScimType::InvalidSyntax, "body", why)],
        }
    }
}

fn said(operations: &[Value], contact: &Attributes, rules: &Rules) -> Said {
    let before = model(contact);
    let operations: Vec<_> = operations.iter().map(as_of_user).collect();
    if operations.is_empty() {
        return Said::default();
    }
    let mut asked = addresses(&operations);
    let body = json!({"Operations": operations});
    let written = |onto: &Model| {
        let patch = Patch::parse(&body, Dialect::Tolerant)?;
        Ok::<_, ScimError>(patch.applied(onto, Dialect::Tolerant))
    };
    let mut wrongs = Vec::new();
    // Written onto nothing, only what was said is there; onto the contact, what was taken away is not.
    match (written(&before), written(&Model::default())) {
        (Ok(after), Ok(alone)) => {
            for binding in Binding::ALL.iter().filter(|binding| is_of_contacts(binding)) {
                let is_emptied = before.text(binding).is_some() && after.model.text(binding).is_none();
                let text = alone.model.text(binding).or(is_emptied.then(|| CLEAR.to_owned()));
                asked.extend(text.map(|text| (binding.attribute, text)));
            }
            wrongs.extend(after.wrongs);
        }
        (Err(error), _) | (_, Err(error)) if error.problems.is_empty() => {
            wrongs.push(Wrong::new("", ScimType::InvalidSyntax, "body", error.said));
        }
        (Err(error), _) | (_, Err(error)) => wrongs.extend(error.problems),
    }
    // What every contact has is not emptied.
    let is_empty = |attribute: Attribute, text: &str| {
        text == CLEAR && (attribute.entry().required || attribute == Attribute::EmailAddress)
    };
    asked.retain(|attribute, text| !is_empty(*attribute, text));
    for (attribute, text) in asked.iter().filter(|(_, text)| *text != CLEAR) {
        if let Err(kind) = attribute.parse(text, ';', rules) {
            wrongs.push(Wrong::of(&Problem::in_cell(RowNumber(1), *attribute, text, kind)));
        }
    }
    Said { asked, wrongs }
}

fn is_of_contacts(binding: &Binding) -> bool {
    ATTRIBUTES.contains(&binding.attribute)
}

/// A contact as a user would be shown.
fn model(contact: &Attributes) -> Model {
    let mut model = Model::default();
    for binding in Binding::ALL.iter().filter(|binding| is_of_contacts(binding)) {
        if let Some(value) = contact.get(binding.attribute) {
            resource::put(&mut model, binding, value.as_str());
        }
    }
    model
}

/// An operation on a contact as one on a user: what users have in an extension, contacts have beside everything else.
fn as_of_user(operation: &Value) -> Value {
    let Some(operation) = operation.as_object() else {
        return operation.clone();
    };
    let (mut renamed, mut has_path) = (Map::new(), false);
    for (key, value) in operation {
        let value = match value {
            Value::String(path) if key.eq_ignore_ascii_case("path") && !path.is_empty() => {
                has_path = true;
                Value::String(name_of_user(path))
            }
            value => value.clone(),
        };
        renamed.insert(key.to_lowercase(), value);
    }
    if let (false, Some(Value::Object(values))) = (has_path, renamed.get_mut("value")) {
        *values = values
            .iter()
            .map(|(name, value)| (name_of_user(name), value.clone()))
            .collect();
    }
    Value::Object(renamed)
}

fn name_of_user(path: &str) -> String {
    let urn = Schema::Contact.urn();
    let own = match path.get(..urn.len()) {
        Some(first) if first.eq_ignore_ascii_case(urn) => path[urn.len()..].trim_start_matches(':'),
        _ => path,
    };
    let (name, rest) = own.split_at(own.find(['.', '[']).unwrap_or(own.len()));
    let is_it = |binding: &&Binding| binding.schema.is_extension() && binding.name.eq_ignore_ascii_case(name);
    match Binding::ALL
        .iter()
        .filter(|binding| is_of_contacts(binding))
        .find(is_it)
    {
        Some(binding) => format!("{}:{}{rest}", binding.schema.urn(), binding.name),
        None => own.to_owned(),
    }
}

/// The addresses, which no client sets of users.
fn addresses(operations: &[Value]) -> BTreeMap<Attribute, String> {
    let mut said = BTreeMap::new();
    for operation in operations.iter().filter_map(Value::as_object) {
        let removes = field(operation, "op")
            .and_then(Value::as_str)
            .is_some_and(|op| op.trim().eq_ignore_ascii_case("remove"));
        let value = field(operation, "value").filter(|_| !removes);
        let named: Vec<(&str, Option<&Value>)> = match (field(operation, "path").and_then(Value::as_str), value) {
            (Some(path), value) if !path.is_empty() => vec![(path, value)],
            (_, Some(Value::Object(values))) => values
                .iter()
                .map(|(name, value)| (name.as_str(), Some(value)))
                .collect(),
            _ => vec![],
        };
        for (path, value) in named {
            let name = path.split(['.', '[']).next().unwrap_or_default();
            let attribute = match name.to_lowercase().as_str() {
                "emails" => Attribute::EmailAddress,
                "sipaddress" => Attribute::SipAddress,
                _ => continue,
            };
            said.insert(attribute, address(value).unwrap_or_else(|| CLEAR.to_owned()));
        }
    }
    said
}

/// The address of a value: itself, or the primary one, or the first.
fn address(value: Option<&Value>) -> Option<String> {
    let is_primary = |item: &&Value| item.get("primary").and_then(Value::as_bool) == Some(true);
    let mut items = items_of(value).filter(|item| !is_nothing(item));
    let chosen = items.clone().find(is_primary).or_else(|| items.next())?;
    let text = chosen.get("value").unwrap_or(chosen).as_str()?;
    Some(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{attributes, rules};

    fn zoe() -> Attributes {
        attributes(&[
            (Attribute::FirstName, "Zoe"),
            (Attribute::LastName, "Fenn"),
            (Attribute::DisplayName, "FENN, Zoe"),
            (Attribute::EmailAddress, "zoe.fenn@clinic.example"),
            (Attribute::Telephone, "+441632960123"),
            (Attribute::Notes, "Calls back on Mondays"),
        ])
    }

    fn texts(asked: &BTreeMap<Attribute, String>) -> Vec<(Attribute, &str)> {
        asked
            .iter()
            .map(|(attribute, text)| (*attribute, text.as_str()))
            .collect()
    }

    #[test]
    fn a_put_says_what_it_names_and_nothing_of_the_rest() {
        let body = json!({
            "schemas": ["urn:staffbook:scim:schemas:2.0:Contact"],
            "name": {"givenName": "Zoe", "familyName": "Larkspur"},
            "emails": [{"value": "z@other.example"}, {"value": "zoe.larkspur@clinic.example", "primary": true}],
            "phoneNumbers": [{"type": "work", "value": "01632 960123"}, {"type": "mobile", "value": "07700 900123"}],
            "organisation": "HIL01",
            "title": "Nurse",
            "notes": null,
        });
        let asked = of_put(&body, &zoe(), &rules()).asked;
        let mut expected = [
            (Attribute::FirstName, "Zoe"),
            (Attribute::LastName, "Larkspur"),
            (Attribute::EmailAddress, "zoe.larkspur@clinic.example"),
            (Attribute::Telephone, "01632 960123"),
            (Attribute::Mobile, "07700 900123"),
            (Attribute::Notes, CLEAR),
        ];
        expected.sort_unstable();
        assert_eq!(texts(&asked), expected);
    }

    #[test]
    fn a_patch_is_read_at_its_paths() {
        let body = json!({"Operations": [
            {"op": "Replace", "path": "phoneNumbers[type eq \"work\"].value", "value": "01632 960124"},
            {"op": "add", "path": "urn:staffbook:scim:schemas:2.0:Contact:notes", "value": "Calls back on Tuesdays"},
            {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "zoe@clinic.example"},
        ]});
        let asked = of_patch(&body, &zoe(), &rules()).asked;
        assert_eq!(
            asked.get(&Attribute::Telephone).map(String::as_str),
            Some("01632 960124")
        );
        assert_eq!(
            asked.get(&Attribute::Notes).map(String::as_str),
            Some("Calls back on Tuesdays")
        );
        assert_eq!(
            asked.get(&Attribute::EmailAddress).map(String::as_str),
            Some("zoe@clinic.example")
        );
        assert_eq!(asked.len(), 3);
    }

    #[test]
    fn what_cannot_be_read_is_not_said() {
        for body in [
            json!({}),
            json!([]),
            json!("text"),
            json!({"title": "Nurse", "organisation": "HIL01", "unit": "Medicine"}),
            json!({"emails": [], "name": {"familyName": null}}),
            json!({"notes": {"text": "An object"}}),
        ] {
            assert!(of_put(&body, &zoe(), &rules()).asked.is_empty(), "{body}");
            assert!(of_patch(&body, &zoe(), &rules()).asked.is_empty(), "{body}");
        }
    }

    #[test]
    fn numbers_that_are_not_named_stay_and_wrong_values_are_told() {
        let body = json!({"phoneNumbers": [{"type": "mobile", "value": "07700 900123"}]});
        let said = of_put(&body, &zoe(), &rules());
        assert_eq!(texts(&said.asked), [(Attribute::Mobile, "07700 900123")]);
        let none = of_put(&json!({"phoneNumbers": []}), &zoe(), &rules());
        assert_eq!(texts(&none.asked), [(Attribute::Telephone, CLEAR)]);
        let path = "phoneNumbers[type eq \"work\"].value";
        let wrong = of_put(
            &json!({"phoneNumbers": [{"type": "work", "value": "nonsense"}]}),
            &zoe(),
            &rules(),
        );
        assert_eq!(wrong.wrongs.len(), 1);
        assert_eq!(wrong.wrongs[0].path, path);
        let operations = json!({"Operations": [{"op": "replace", "path": path, "value": "nonsense"}]});
        assert_eq!(of_patch(&operations, &zoe(), &rules()).wrongs[0].path, path);
        let unknown = json!({"Operations": [{"op": "move", "path": "title"}]});
        assert_eq!(of_patch(&unknown, &zoe(), &rules()).wrongs.len(), 1);
    }
}
