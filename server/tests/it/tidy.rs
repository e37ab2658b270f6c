//! Invariants about what is absent, kept by looking at the sources and at what depends on what.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace")
        .to_path_buf()
}

/// The crates that one depends on, by name, itself included.
fn dependencies(of: &str, more: &[&str]) -> Vec<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut tree = Command::new(cargo);
    tree.current_dir(root())
        .args([
            "tree",
            "--offline",
            "--locked",
            "-e",
            "normal",
            "--prefix",
            "none",
            "-f",
            "{p}",
            "-p",
            of,
        ])
        .args(more);
    let printed = tree.output().expect("cargo runs");
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let text = String::from_utf8_lossy(&printed.stdout).into_owned();
    text.lines()
        .filter_map(|line| line.split(' ').next().map(ToOwned::to_owned))
        .collect()
}

/// The Rust files below some folders, with their text.
fn sources(folders: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Vec<_> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).expect("below the root").display().to_string();
                found.push((name, fs::read_to_string(&path).expect("a text")));
            }
        }
    }
    assert!(!found.is_empty());
    found.sort();
    found
}

const ALL: [&str; 12] = [
    "app/src",
    "app/domain/src",
    "server/src",
    "server/formats/src",
    "server/fuzz/src",
    "server/gate/src",
    "server/store/src",
    "server/testkit/src",
    "migrations/src",
    "frontend/src",
    "frontend/bundle/src",
    "server/tests",
];

/// The files in which a text stands, but for those where it may.
fn found_outside(folders: &[&str], text: &str, allowed: &[&str]) -> Vec<String> {
    // A name that only ends like it is another one.
    let is_whole = |source: &str, at: usize| !source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let holds = |source: &str| source.match_indices(text).any(|(at, _)| is_whole(source, at));
    let found = sources(folders).into_iter().filter(|(_, source)| holds(source));
    found
        .map(|(name, _)| name)
        .filter(|name| !allowed.contains(&name.as_str()))
        .collect()
}

#[test]
fn nothing_of_the_server_reaches_the_browser() {
    let reached = dependencies("frontend", &["--target", "wasm32-unknown-unknown"]);
    assert!(reached.iter().any(|name| name == "domain"));
    for name in [
        "server",
        "gate",
        "store",
        "formats",
        "migrations",
        "sea-orm",
        "sqlx",
        "argon2",
        "tokio",
        "axum",
        "csv",
    ] {
        assert!(
            !reached.iter().any(|reached| reached == name),
            "{name} reaches the browser"
        );
    }
}

#[test]
fn the_domain_has_no_io_no_clock_no_async_and_no_database() {
    let used = dependencies("domain", &[]);
    for name in [
        "tokio",
        "futures",
        "sea-orm",
        "sqlx",
        "chrono",
        "jiff",
        "time",
        "rand",
        "getrandom",
        "leptos",
    ] {
        assert!(!used.iter().any(|used| used == name), "domain uses {name}");
    }
    for text in [
        "std::fs",
        "std::net",
        "std::env",
        "SystemTime",
        "Instant::now",
        "async fn",
        "std::process",
    ] {
        assert_eq!(
            found_outside(&["app/domain/src"], text, &[]),
            Vec::<String>::new(),
            "{text}"
        );
    }
}

#[test]
fn the_directory_is_written_in_one_place_only() {
    let writer = [
        "server/store/src/project.rs",
        "server/store/src/project/contacts.rs",
        "server/store/src/project/numbers.rs",
        "server/store/src/project/organisations.rs",
        "server/store/src/project/sites.rs",
    ];
    for table in [
        "account",
        "contact",
        "organisation",
        "site",
        "unit",
        "address",
        "person_number",
        "role_grant",
        "offer",
    ] {
        for verb in [
            "insert",
            "insert_many",
            "update",
            "update_many",
            "delete_many",
            "delete_by_id",
        ] {
            let text = format!("{table}::Entity::{verb}(");
            assert_eq!(
                found_outside(&["server/store/src"], &text, &writer),
                Vec::<String>::new(),
                "{text}"
            );
        }
    }
    // Facts are projected when a plan is applied and when events are replayed, and at no other time.
    assert_eq!(
        found_outside(&["server/store/src"], "project(tx", &["server/store/src/apply.rs"]),
        Vec::<String>::new()
    );
    let callers = ["server/gate/src/apply.rs", "server/gate/src/at_once.rs"];
    assert_eq!(
        found_outside(
            &["server/src", "server/gate/src", "app/src"],
            "store::apply::apply(",
            &callers
        ),
        Vec::<String>::new()
    );
    // A history is told by the service only, where it is checked that it is the service.
    assert_eq!(
        found_outside(
            &["server/src", "server/gate/src", "app/src"],
            "apply::replay(",
            &["server/gate/src/seed.rs"]
        ),
        Vec::<String>::new()
    );
    assert_eq!(
        found_outside(&["server/src", "server/gate/src", "app/src"], "execute_unprepared", &[]),
        Vec::<String>::new()
    );
}

#[test]
fn the_trail_is_written_in_one_place_only() {
    for (text, allowed) in [
        ("trail::append(", &["server/store/src/transaction.rs"][..]),
        ("event::Entity::insert", &[]),
        ("trail::Entity::insert", &[]),
        ("insert_all(tx, entries)", &["server/store/src/trail.rs"]),
        (
            "DatabaseTransaction",
            &[
                "server/store/src/transaction.rs",
                "server/store/src/transaction/together.rs",
                "server/store/src/trail.rs",
            ],
        ),
    ] {
        assert_eq!(
            found_outside(&["server/store/src", "server/gate/src", "server/src"], text, allowed),
            Vec::<String>::new(),
            "{text}"
        );
    }
}

#[test]
fn actors_are_made_where_a_sign_in_is_proved_and_nowhere_else() {
    let folders = ["server/src", "server/gate/src", "server/store/src", "app/src"];
    // The store reads an actor back from the submission that they sent.
    let makers = ["server/src/sign_in.rs", "server/store/src/submissions.rs"];
    assert_eq!(
        found_outside(&folders, "Actor::Person {", &makers),
        Vec::<String>::new()
    );
    // The gate asks whether somebody is the service; it never says so.
    let knowing = [
        "server/src/sign_in.rs",
        "server/store/src/submissions.rs",
        "server/gate/src/seed.rs",
        "server/gate/src/at_once.rs",
    ];
    assert_eq!(found_outside(&folders, "Actor::System", &knowing), Vec::<String>::new());
}

#[test]
fn no_file_grows_out_of_hand_and_none_is_called_mod() {
    for (name, source) in sources(&ALL) {
        let lines = source.lines().count();
        assert!(lines <= 600, "{name} has {lines} lines; is it one concept?");
        assert!(!name.ends_with("/mod.rs"), "{name}: put the module beside its folder");
        assert!(
            !source.contains(concat!("#[", "allow(")),
            "{name}: #[expect(…, reason)] says why and goes when it is not needed"
        );
        assert!(
            !source.contains(concat!("#[", "ignore")),
            "{name}: a test that does not run is none"
        );
    }
}

/// Every path at the start of a list item of the code map, and whether a file is covered by one.
fn code_map() -> Vec<String> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let (_, map) = text.split_once("## Code map").expect("a code map");
    let map = map.split("\n## ").next().unwrap_or_default();
    let items = map.lines().filter_map(|line| line.trim_start().strip_prefix("- `"));
    items
        .filter_map(|item| item.split('`').next().map(ToOwned::to_owned))
        .collect()
}

#[test]
fn the_code_map_names_what_is_there_and_misses_nothing() {
    let map = code_map();
    assert!(map.len() > 20);
    for path in &map {
        assert!(
            root().join(path).exists(),
            "ARCHITECTURE.md names {path}, which is not there"
        );
    }
    let folders: Vec<_> = ALL.into_iter().filter(|folder| *folder != "server/tests").collect();
    for (name, _) in sources(&folders) {
        let covered = map.iter().any(|path| match path.strip_suffix(".rs") {
            Some(module) => *path == name || name.starts_with(&format!("{module}/")),
            None => name.starts_with(&format!("{}/", path.trim_end_matches('/'))),
        });
        assert!(covered, "ARCHITECTURE.md's code map does not cover {name}");
    }
}
