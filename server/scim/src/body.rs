//! The body of a request: JSON in which no name stands twice.
//!
//! The standard of JSON leaves open which of two values under one name counts (RFC 8259, section 4), and to SCIM names are
//! the same whatever their case (RFC 7643, section 2.1). Nobody could say which was meant, so neither is taken.

use std::{collections::HashSet, fmt};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, error::Category};

use crate::error::{ScimError, ScimType};

/// How many levels of lists and objects a body may have; the reader of JSON bears no more.
const DEEPEST: usize = 127;

/// Reads a body.
///
/// # Errors
/// `invalidSyntax` with the place and what to do.
pub fn read(body: &[u8]) -> Result<Value, ScimError> {
    match serde_json::from_slice(body) {
        Ok(Once(value)) => Ok(value),
        Err(error) => Err(ScimError::of(ScimType::InvalidSyntax, said(body, &error))),
    }
}

fn said(body: &[u8], error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    let told = error.to_string();
    if body.is_empty() {
        "The body is missing.".to_owned()
    } else if body.starts_with(b"\xEF\xBB\xBF") {
        "The body begins with a byte order mark. Send it without one.".to_owned()
    } else if std::str::from_utf8(body).is_err() {
        "The body is not UTF-8. Send it in this encoding.".to_owned()
    } else if told.starts_with("recursion limit") {
        format!("The body is nested too deeply: more than {DEEPEST} levels. Send it with fewer.")
    } else if told.starts_with("number out of range") {
        format!("A number is too large, at line {line}, column {column}. Send it as a text.")
    } else if error.is_eof() {
        "The body ends too early, so it is not JSON. Send all of it.".to_owned()
    } else if error.classify() == Category::Data {
        format!("One name stands twice in an object, at line {line}, column {column}. Send it once.")
    } else {
        format!("The body is not JSON: line {line}, column {column} cannot be read.")
    }
}

/// A value that holds no name twice.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Once(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let (mut values, mut names) = (Map::new(), HashSet::new());
        while let Some(name) = object.next_key::<String>()? {
            if !names.insert(name.to_ascii_lowercase()) {
                return Err(A::Error::custom("a name stands twice"));
            }
            let Once(value) = object.next_value()?;
            values.insert(name, value);
        }
        Ok(values.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn nested(levels: usize) -> Vec<u8> {
        format!("{}1{}", "[".repeat(levels), "]".repeat(levels)).into_bytes()
    }

    #[test]
    fn a_body_that_cannot_be_read_says_where_and_why() {
        for (body, said) in [
            (b"".to_vec(), "The body is missing."),
            (
                b"\xEF\xBB\xBF{}".to_vec(),
                "The body begins with a byte order mark. Send it without one.",
            ),
            (b"\"\xFF\"".to_vec(), "The body is not UTF-8. Send it in this encoding."),
            (
                nested(DEEPEST + 1),
                "The body is nested too deeply: more than 127 levels. Send it with fewer.",
            ),
            (
                b"{\"a\": 1".to_vec(),
                "The body ends too early, so it is not JSON. Send all of it.",
            ),
            (b"{\n  a: 1}".to_vec(), "The body is not JSON: line 2, column "),
            (b"{\"a\": 1e999}".to_vec(), "A number is too large, at line 1, column "),
            (
                b"{\"active\": true,\n \"active\": false}".to_vec(),
                "One name stands twice in an object, at line 2, column ",
            ),
            (
                br#"{"name": [{"givenName": "Jo", "GivenName": "Al"}]}"#.to_vec(),
                "One name stands twice in an object, at line 1, column ",
            ),
        ] {
            let error = read(&body).expect_err(said);
            assert!(error.said.starts_with(said), "{}", error.said);
            assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax));
        }
        assert!(read(&nested(DEEPEST)).is_ok());
    }

    #[test]
    fn a_name_may_stand_again_in_another_object() {
        let body = br#"[{"op": "add", "value": {"op": 1}}, {"op": -2, "to": [null, true, 1.5, "x"]}]"#;
        let expected = json!([{"op": "add", "value": {"op": 1}}, {"op": -2, "to": [null, true, 1.5, "x"]}]);
        assert_eq!(read(body).expect("JSON"), expected);
    }

    proptest! {
        #[test]
        fn what_has_no_name_twice_is_read_as_any_reader_does(
            texts in prop::collection::vec("[a-z\"\\\\é]{0,4}", 0..6),
            whole in any::<i64>(),
            parts in -1e9..1e9,
        ) {
            let numbered = texts.iter().enumerate().map(|(number, text)| (format!("{number}{text}"), json!(text)));
            let object: Map<_, _> = numbered.collect();
            let body = json!({"texts": texts, "object": object, "whole": whole, "parts": parts}).to_string();
            prop_assert_eq!(read(body.as_bytes()).expect("JSON"), serde_json::from_str::<Value>(&body).expect("JSON"));
        }
    }
}
