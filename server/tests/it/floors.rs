//! Arrows run only downwards: between crates, between the floors of the domain, and between the files of each crate, among
//! which there is no circle. `reading.rs` says what an arrow is.

mod reading;

use std::{collections::BTreeSet, fs};

use self::reading::Crate;
use crate::tidy::{root, sources};

/// The floors of the domain, from the ground up: a file uses only those below, and others of its own floor. A file belongs
/// to the longest of these names that its path begins with.
const FLOORS: [&[&str]; 12] = [
    // Values: each parses itself, and has an error of its own.
    &["values", "searching", "settings", "stored", "lookup", "email"],
    &["organisation", "offer", "customer", "subscription"],
    &[
        "channel",
        "absence",
        "grant",
        "sign_in",
        "account::status",
        "life",
        "policy::table",
        "policy::touch",
    ],
    // What an operator may set, and who somebody is.
    &["rules", "policy"],
    // Every attribute once, and what change files call them.
    &["dictionary", "layout", "change_file"],
    // What can be wrong, and every sentence about it.
    &["problem"],
    // Reading texts, with what can be wrong with them.
    &[
        "dictionary::leftovers",
        "dictionary::parsing",
        "layout::told",
        "password",
        "look_alike",
    ],
    // Things and their lives, and what somebody asks for.
    &[
        "event",
        "hand_edit",
        "account",
        "contact",
        "request",
        "change_file::row",
    ],
    // What one row would do, and whom it touches.
    &[
        "connector",
        "plan::about",
        "plan::step",
        "plan::touched",
        "plan::row",
        "plan::row_kind",
        "policy::holders",
        "policy::right",
    ],
    // What all rows would do.
    &["plan"],
    // The proof that it is allowed.
    &["policy::authorised"],
    // What becomes of it.
    &["submission", "trail", "change_file::report"],
];

/// The crates of the product that each uses, by their folders.
const CRATES: [(&str, &[&str]); 13] = [
    ("app/domain", &[]),
    ("migrations", &[]),
    ("server/formats", &["domain"]),
    ("server/store", &["domain", "migrations"]),
    ("server/email", &["domain"]),
    ("server/gate", &["domain", "email", "formats", "store"]),
    ("app", &["domain", "formats", "gate"]),
    ("frontend", &["app"]),
    ("server/demo", &["domain", "formats", "gate", "store"]),
    (
        "server",
        &["app", "demo", "domain", "email", "formats", "gate", "scim", "store"],
    ),
    (
        "server/testkit",
        &["demo", "domain", "email", "formats", "gate", "store"],
    ),
    ("server/scim", &["domain"]),
    ("server/fuzz", &["domain", "email", "formats", "scim"]),
];

/// The files of the crate in a folder, but for its tests.
fn read(folder: &str) -> Crate {
    let source = format!("{folder}/src");
    let files = sources(&[&source]).into_iter().filter_map(|(name, text)| {
        let path = name.strip_prefix(&source)?.strip_suffix(".rs")?;
        let path = path.trim_start_matches('/').replace('/', "::");
        let is_test = path.split("::").any(|part| part == "tests");
        match path.as_str() {
            "main" => None,
            "lib" => Some((String::new(), text)),
            _ => (!is_test).then_some((path, text)),
        }
    });
    Crate::of(files)
}

#[test]
fn no_files_of_a_crate_use_each_other_in_a_circle() {
    for (folder, _) in CRATES {
        let circles = read(folder).circles();
        assert!(
            circles.is_empty(),
            "{folder}: these files use each other; move what they share into a file below them\n{}",
            circles.join("\n\n")
        );
    }
}

#[test]
fn files_of_the_domain_use_only_the_floors_below() {
    let floor_of = |file: &str| {
        let is_within = |name: &str| {
            file.strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        let named = FLOORS
            .iter()
            .enumerate()
            .flat_map(|(floor, names)| names.iter().map(move |name| (floor, *name)));
        let found = named
            .filter(|(_, name)| is_within(name))
            .max_by_key(|(_, name)| name.len());
        found.map(|(floor, _)| floor)
    };
    let domain = read("app/domain");
    for file in domain.files().filter(|file| !file.is_empty()) {
        assert!(floor_of(file).is_some(), "{file} stands on no floor of FLOORS");
    }
    let wrong: Vec<_> = domain
        .arrows()
        .iter()
        .flat_map(|(from, used)| used.iter().map(move |(to, names)| (from, to, names)))
        .filter(|(from, to, _)| floor_of(to) > floor_of(from))
        .map(|(from, to, names)| format!("{from} -> {to}: {names:?}"))
        .collect();
    assert!(
        wrong.is_empty(),
        "these use a floor above their own\n{}",
        wrong.join("\n")
    );
}

#[test]
fn crates_use_only_the_crates_below_them() {
    let ours: BTreeSet<_> = CRATES
        .iter()
        .filter_map(|(folder, _)| folder.rsplit('/').next())
        .collect();
    for (folder, may) in CRATES {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).expect("a manifest");
        let (_, used) = manifest.split_once("\n[dependencies]\n").unwrap_or_default();
        let used = used.split("\n[").next().unwrap_or_default();
        let names = used.lines().filter_map(|line| line.split([' ', '.', '=']).next());
        let names: Vec<_> = names.filter(|name| ours.contains(name)).collect();
        assert_eq!(names, may, "{folder}");
    }
}
