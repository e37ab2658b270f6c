//! Test data of others: the CSV files of csv-spectrum, and the Big List of Naughty Strings as people's names.

use std::{collections::HashMap, path::PathBuf};

use axum::http::StatusCode;
use domain::{
    account::Account,
    dictionary::Attribute,
    layout::Layout,
    request::{Cells, Wish},
    values::text,
};
use formats::{Formats, Sheet};
use gate::Query;
use serde_json::{Map, Value};
use testkit::on_both;

use crate::browser::Site;

/// A file of a package that `end2end/package.json` names.
fn package(path: &str) -> Vec<u8> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../end2end/node_modules")
        .join(path);
    std::fs::read(&file).unwrap_or_else(|error| {
        panic!(
            "{}: {error}. The packages of the tests are not there; run `make setup`.",
            file.display()
        )
    })
}

const SPECTRUM: [&str; 12] = [
    "comma_in_quotes",
    "empty",
    "empty_crlf",
    "escaped_quotes",
    "json",
    "location_coordinates",
    "newlines",
    "newlines_crlf",
    "quotes_and_newlines",
    "simple",
    "simple_crlf",
    "utf8",
];

/// What columns that mean nothing here are said to hold.
const HOLDS: [Attribute; 5] = [
    Attribute::LocalId,
    Attribute::FirstName,
    Attribute::LastName,
    Attribute::Department,
    Attribute::Notes,
];

#[test]
fn every_file_of_csv_spectrum_is_read_as_its_json_says() {
    for name in SPECTRUM {
        let bytes = package(&format!("csv-spectrum/csvs/{name}.csv"));
        let json = serde_json::from_slice(&package(&format!("csv-spectrum/json/{name}.json"))).unwrap();
        let expected: Vec<Map<String, Value>> = match json {
            Value::Array(rows) => rows
                .into_iter()
                .map(|row| serde_json::from_value(row).unwrap())
                .collect(),
            row => vec![serde_json::from_value(row).unwrap()],
        };
        let headings = Sheet::guess(&Formats::shipped(), &bytes).unwrap().layout.columns;
        let read = read_as(&bytes, &HOLDS);
        assert_eq!(read.len(), expected.len(), "{name}");
        for (read, expected) in read.iter().zip(&expected) {
            assert_eq!(expected.len(), headings.len(), "{name}");
            for ((heading, _), held) in headings.iter().zip(HOLDS) {
                // Its JSON has another number than its CSV.
                if heading == "Contact Phone Number" {
                    continue;
                }
                assert_eq!(Some(read.text(held)), expected[heading].as_str(), "{name}: {heading}");
            }
        }
    }
}

fn cells(wish: Wish) -> Cells {
    match wish {
        Wish::AccountInFile(cells) => cells,
        other => panic!("{other:?}"),
    }
}

/// A cell as a careful program writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// What a page shows of a text.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A file in which each string is somebody's last name, or the note about somebody.
fn file(strings: &[String], holds: Attribute) -> String {
    let mut file = "LocalID,ODSCode,FirstName,LastName,Notes\n".to_owned();
    for (number, string) in strings.iter().enumerate() {
        let (name, note) = match holds {
            Attribute::LastName => (quoted(string), String::new()),
            _ => (letters(number), quoted(string)),
        };
        file += &format!("{},RIV,Ada,{name},{note}\n", local_id(holds, number));
    }
    file
}

fn local_id(holds: Attribute, number: usize) -> String {
    format!("blns-{}-{number}", holds.slug())
}

/// A name that no other is like.
fn letters(number: usize) -> String {
    let letter = |part: usize| char::from(b'a' + u8::try_from(part % 26).unwrap());
    [letter(number / 26), letter(number), 'o']
        .iter()
        .collect::<String>()
        .repeat(2)
}

on_both! {
    async fn a_naughty_string_comes_back_as_it_was_or_is_refused_with_a_sentence(portal: Portal) {
        let strings: Vec<String> = serde_json::from_slice(&package("blns/resources/blns.json")).unwrap();
        let site = Site::over(portal);
        let (ben, actor) = (site.sign_in("Ben").await, site.actor("Ben").await);
        let visit = site.portal.gate.on_behalf_of(&actor);
        for (holds, most) in [(Attribute::LastName, 120), (Attribute::Notes, 1000)] {
            let id = site.portal.upload(&actor, &file(&strings, holds)).await;
            for page in ["", "?kind=problem", "?kind=create"] {
                assert_eq!(ben.get(&format!("/submissions/{id}{page}")).await.status, StatusCode::OK);
            }
            let form = "seen=0&look_alikes=create";
            let confirmed = ben.post(&format!("/submissions/{id}/confirmation"), form).await;
            assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{}", confirmed.body);
            site.portal.work().await;
            let accounts: HashMap<String, Account> = site.portal.everybody().await.into_iter()
                .map(|account| (account.attributes.text(Attribute::LocalId).to_owned(), account))
                .collect();
            let report = ben.get(&format!("/submissions/{id}/result.csv")).await;
            let results = results(report.body.as_bytes(), strings.len());
            let export = ben.get("/people/export.csv?words=blns&columns=notes").await;
            let exported = exported(export.body.as_bytes());
            let mut taken = 0;
            for (number, string) in strings.iter().enumerate() {
                let local_id = local_id(holds, number);
                let Some(account) = accounts.get(&local_id) else {
                    let said = &results[number];
                    assert!(said.starts_with("Rejected. ") && said.len() > 30, "{string:?}: {said}");
                    continue;
                };
                taken += 1;
                // Documented cleaning: characters are composed, spaces single; a note keeps its lines.
                let kept = account.attributes.text(holds);
                let cleaned = if holds == Attribute::Notes { text::lines(string, most) } else { text::line(string, most) };
                // A word for nothing is an empty cell, which is told.
                if kept.is_empty() && cleaned != Ok(String::new()) {
                    assert!(holds == Attribute::Notes && holds.is_nothing(string), "{string:?}");
                    continue;
                }
                assert_eq!(Ok(kept.to_owned()), cleaned, "{string:?}");
                assert_eq!(exported[&local_id].text(holds), kept, "{string:?}");
                // Pages and searches take their time: each name, and some of the notes.
                if holds == Attribute::Notes && number % 10 != 0 {
                    continue;
                }
                let page = ben.get(&format!("/accounts/{}", account.id)).await;
                assert_eq!(page.status, StatusCode::OK);
                assert!(page.body.contains(&escaped(kept)), "{string:?} is not on its page");
                let words = match holds {
                    Attribute::LastName => format!("{local_id} {kept}"),
                    _ => local_id,
                };
                let query = Query { words, ..Query::default() };
                let found = visit.accounts(&query).await.unwrap().people;
                assert!(found.iter().any(|found| found.person.id == account.id), "{string:?} is not found");
            }
            println!("{taken} of {} are taken as {}", strings.len(), holds.name());
            assert!(taken > 20, "{taken}");
        }
        site.portal.adds_up().await;
    }
}

/// What stands in the added column of a report, row by row.
fn results(report: &[u8], rows: usize) -> Vec<String> {
    let columns = [
        Attribute::LocalId,
        Attribute::Organisation,
        Attribute::FirstName,
        Attribute::LastName,
        Attribute::Notes,
    ];
    let read = read_as(report, &[&columns[..], &[Attribute::JobTitle]].concat());
    assert_eq!(read.len(), rows);
    read.iter()
        .map(|cells| cells.text(Attribute::JobTitle).to_owned())
        .collect()
}

/// The people of an export, by local ID.
fn exported(export: &[u8]) -> HashMap<String, Cells> {
    let sheet = Sheet::open(&Formats::shipped(), export).unwrap();
    let people = sheet.requests().map(|request| cells(request.wish));
    people
        .map(|cells| (cells.text(Attribute::LocalId).to_owned(), cells))
        .collect()
}

/// A file whose columns hold what is said here.
fn read_as(bytes: &[u8], held: &[Attribute]) -> Vec<Cells> {
    let formats = Formats::shipped();
    let headings = Sheet::guess(&formats, bytes).unwrap().layout.columns.into_iter();
    let said = Layout {
        columns: headings
            .zip(held)
            .map(|((heading, _), held)| (heading, Some(*held)))
            .collect(),
        is_chosen: true,
        ..Layout::default()
    };
    let sheet = Sheet::open_as(&formats, bytes, "new", &said).unwrap();
    sheet.requests().map(|request| cells(request.wish)).collect()
}
