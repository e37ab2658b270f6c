//! What stored JSON looks like: a line for every case. Databases hold such lines from years ago, the trail's hashes cover
//! some of them, and queries look into others: each is read, and written again as it was.

use std::{collections::BTreeSet, fmt::Debug};

use domain::{
    event::{Event, Fact},
    plan::Step,
    request::{ChangeRequest, Wish},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

const REQUESTS: &str = include_str!("approved/requests.txt");
const STEPS: &str = include_str!("approved/steps.txt");
const FACTS: &str = include_str!("approved/facts.txt");
const EVENTS: &str = include_str!("approved/events.txt");

fn assert_kept<T: Serialize + DeserializeOwned>(lines: &str) {
    for line in lines.lines() {
        let read: T = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(serde_json::to_string(&read).unwrap(), line);
        // The pages' server functions hold them as values in between.
        let read: T = serde_json::from_value(serde_json::from_str(line).unwrap()).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), line);
    }
}

/// The names of all cases, from what is said of a name that none has.
fn every_name<T: DeserializeOwned + Debug>(unknown: &str) -> BTreeSet<String> {
    let error = serde_json::from_str::<T>(unknown).unwrap_err().to_string();
    let known = error.strip_prefix("unknown variant `unheard-of`, expected one of ");
    let names = known.unwrap_or_else(|| panic!("{error}")).split('`');
    names.skip(1).step_by(2).map(ToOwned::to_owned).collect()
}

fn names(lines: &str, name: fn(&Value) -> &str) -> BTreeSet<String> {
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.map(|line: Value| name(&line).to_owned()).collect()
}

#[test]
fn stored_requests_are_written_as_they_were_read() {
    assert_kept::<ChangeRequest>(REQUESTS);
    let in_file = names(REQUESTS, |line| {
        line["wish"].as_object().unwrap().keys().next().unwrap()
    });
    assert_eq!(in_file, every_name::<Wish>(r#"{"unheard-of":{}}"#));
}

#[test]
fn stored_steps_are_written_as_they_were_read() {
    assert_kept::<Step>(STEPS);
    let in_file = names(STEPS, |line| line["step"].as_str().unwrap());
    assert_eq!(in_file, every_name::<Step>(r#"{"step":"unheard-of"}"#));
}

#[test]
fn stored_facts_are_written_as_they_were_read() {
    assert_kept::<Fact>(FACTS);
    assert_kept::<Event>(EVENTS);
    let in_file = names(FACTS, |line| line["fact"].as_str().unwrap());
    assert_eq!(in_file, every_name::<Fact>(r#"{"fact":"unheard-of"}"#));
}

#[test]
fn json_from_before_a_field_was_added_still_reads() {
    let account = "01a229f2-b32d-74d9-87ec-49b044edda01";
    let undo = format!(r#"{{"row":1,"wish":{{"undo":{{"account":"{account}","event":354}}}}}}"#);
    let read: ChangeRequest = serde_json::from_str(&undo).unwrap();
    let now = undo.replace("354", r#"354,"operation":"edit-account""#);
    assert_eq!(serde_json::to_string(&read).unwrap(), now);
    let read: Step = serde_json::from_str(r#"{"step":"nothing"}"#).unwrap();
    assert_eq!(
        serde_json::to_string(&read).unwrap(),
        r#"{"step":"nothing","account":null}"#
    );
    let read: Fact = serde_json::from_str(&format!(
        r#"{{"account":"{account}","organisation":"RIV","fact":"password-chosen","since":"unknown"}}"#
    ))
    .unwrap();
    let now = format!(r#"{{"fact":"password-chosen","account":"{account}","organisation":"RIV"}}"#);
    assert_eq!(serde_json::to_string(&read).unwrap(), now);
}
