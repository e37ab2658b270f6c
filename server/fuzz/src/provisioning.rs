//! What provisioning clients send: filters, paths, bodies and cursors of SCIM.

use std::{collections::BTreeSet, sync::LazyLock};

use domain::{request::CLEAR, values::ids::Timestamp};
use scim::{
    cursor::{Position, Seal, SigningKey},
    dialect::Dialect,
    error::ScimError,
    filter::{Fault, Filter},
    list::Search,
    model::Model,
    path::Target,
    query::Query,
    wanted::Wanted,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::RULES;

/// How a body is read.
type Way = fn(&Value, Dialect) -> Result<Wanted, ScimError>;

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::of(b"fuzz"));

static PERSON: LazyLock<Model> = LazyLock::new(|| {
    let person = json!({
        "userName": "jo",
        "name": {"givenName": "Jo", "familyName": "Fenn"},
        "active": true,
        "title": "Nurse",
        "emails": [{"value": "jo.fenn@health.example", "type": "work", "primary": true}],
        "phoneNumbers": [{"type": "work", "value": "01632 960123"}, {"type": "mobile", "value": "07700 900123"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "4711"},
        "urn:staffbook:scim:schemas:2.0:Account": {"organisation": "RIV01", "clinicalSpecialties": ["Cardiology"]},
    });
    match person {
        Value::Object(person) => Model::of(person),
        _ => Model::default(),
    }
});

/// A filter: what is read is read again from how it is printed, and is a query or is refused in a sentence.
pub fn scim_filter(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let filter = match Filter::parse(&text) {
        Ok(filter) => filter,
        Err(error) => {
            assert!(error.at <= text.chars().count() + 1, "{error}");
            return;
        }
    };
    let printed = filter.to_string();
    match Filter::parse(&printed) {
        Ok(again) => assert_eq!(again, filter, "{printed}"),
        // Printed with all brackets, it may pass the bounds.
        Err(error) => assert!(
            matches!(error.fault, Fault::TooDeep | Fault::TooLong { .. }),
            "{printed}: {error}"
        ),
    }
    if let Err(error) = Query::of(&filter) {
        assert_eq!(error.status, 400);
    }
    let _ = Search::of_query([("filter", text.as_ref())]);
}

/// A path: what is found in the table is found again by the path that errors name.
pub fn scim_path(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(Target::Attribute(place)) = Target::parse(&text) {
        let path = place.path();
        match Target::parse(&path) {
            Ok(Target::Attribute(again)) => assert_eq!(again.path(), path),
            // Printed with all brackets, a filter in it may pass the bounds.
            other => assert!(place.within.is_some() && other.is_err(), "{path}"),
        }
    }
}

/// A body, as a POST, a PUT and a PATCH, in both dialects: no more is asked for than values that can be read, and the strict
/// dialect takes nothing that the tolerant one refuses.
pub fn scim_patch(bytes: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let ways: [Way; 3] = [
        |body, dialect| Wanted::of_post(body, dialect, &RULES),
        |body, dialect| Wanted::of_put(body, &PERSON, &BTreeSet::new(), dialect, &RULES),
        |body, dialect| Wanted::of_patch(body, &PERSON, dialect, &RULES),
    ];
    for way in ways {
        let tolerant = way(&body, Dialect::Tolerant);
        let strict = way(&body, Dialect::Strict);
        assert!(tolerant.is_ok() || strict.is_err(), "{body}");
        for wanted in [tolerant, strict] {
            let wanted = match wanted {
                Ok(wanted) => wanted,
                Err(error) => {
                    assert!((400..500).contains(&error.status) && !error.detail().is_empty());
                    continue;
                }
            };
            for (attribute, text) in &wanted.cells.texts {
                assert!(
                    text == CLEAR || attribute.parse(text, ';', &RULES).is_ok(),
                    "{attribute:?} {text:?}"
                );
            }
            assert!(wanted.as_sent.keys().all(|sent| wanted.cells.texts.contains_key(sent)));
            assert!(
                wanted
                    .user_name
                    .is_none_or(|name| !name.is_empty() && name.chars().count() <= 254)
            );
        }
    }
}

/// A cursor: no bytes are one, and no slip in one that is sound goes unseen.
pub fn scim_cursor(bytes: &[u8]) {
    let seal = Seal {
        key: &KEY,
        holder: "3fK9aQ2x",
        scope: "RIV",
        asked: "User",
    };
    let now = Timestamp(0);
    let text = String::from_utf8_lossy(bytes);
    assert!(seal.open_cursor(&text, now).is_err());
    assert!(seal.open_delta_token(&text, now).is_err());
    let position = Position::Row {
        key: text.chars().take(80).collect(),
        id: Uuid::from_u128(bytes.len() as u128),
    };
    let cursor = seal.cursor(position.clone(), Timestamp(1));
    assert_eq!(seal.open_cursor(&cursor, now), Ok(position));
    if let [place, sign, ..] = bytes {
        let mut slip = cursor.clone().into_bytes();
        let place = usize::from(*place) % slip.len();
        slip[place] = *sign;
        let slip = String::from_utf8_lossy(&slip);
        assert!(
            slip == cursor || seal.open_cursor(&slip, now).is_err(),
            "{cursor} {slip}"
        );
    }
}
