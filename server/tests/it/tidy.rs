//! Invariants about what is absent, kept by looking at the sources and at what depends on what.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

pub(crate) fn root() -> PathBuf {
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
pub(crate) fn sources(folders: &[&str]) -> Vec<(String, String)> {
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

const ALL: [&str; 15] = [
    "app/src",
    "app/domain/src",
    "server/src",
    "server/demo/src",
    "server/email/src",
    "server/formats/src",
    "server/fuzz/src",
    "server/gate/src",
    "server/scim/src",
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
        "demo",
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
fn the_gate_contains_no_demonstration() {
    let used = dependencies("gate", &[]);
    assert!(used.iter().any(|name| name == "store"));
    for name in ["demo", "testkit"] {
        assert!(!used.iter().any(|used| used == name), "gate uses {name}");
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

/// The verbs by which an entity is written.
const WRITING: [&str; 6] = [
    "insert",
    "insert_many",
    "update",
    "update_many",
    "delete_many",
    "delete_by_id",
];

/// That only some files of the store write a table. Who may call what writes it is the types' and clippy's (clippy.toml).
fn assert_written_only_in(table: &str, writers: &[&str]) {
    for verb in WRITING {
        let text = format!("{table}::Entity::{verb}(");
        assert_eq!(
            found_outside(&["server/store/src"], &text, writers),
            Vec::<String>::new(),
            "{text}"
        );
    }
}

#[test]
fn scim_and_email_are_rules_only_and_have_no_io_no_clock_no_async_and_no_database() {
    for of in ["scim", "email"] {
        let used = dependencies(of, &[]);
        for name in [
            "tokio", "futures", "axum", "sea-orm", "sqlx", "rand", "leptos", "gate", "store",
        ] {
            assert!(!used.iter().any(|used| used == name), "{of} uses {name}");
        }
        for text in [
            "std::fs",
            "std::net",
            "std::env",
            "SystemTime",
            "Timestamp::now",
            "async fn",
        ] {
            let folder = format!("server/{of}/src");
            assert_eq!(found_outside(&[&folder], text, &[]), Vec::<String>::new(), "{text}");
        }
    }
}

#[test]
fn the_directory_is_written_in_one_place_only() {
    let writers = [
        "server/store/src/directory/project.rs",
        "server/store/src/directory/project/addresses.rs",
        "server/store/src/directory/project/contacts.rs",
        "server/store/src/directory/project/customers.rs",
        "server/store/src/directory/project/numbers.rs",
        "server/store/src/directory/project/organisations.rs",
        "server/store/src/directory/project/seats.rs",
        "server/store/src/directory/project/sites.rs",
        "server/store/src/directory/project/user_names.rs",
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
        "customer",
        "customer_domain",
        "subscription",
        "seat",
    ] {
        assert_written_only_in(table, &writers);
    }
    for (table, maker) in [
        ("customer", "customers"),
        ("customer_domain", "customers"),
        ("subscription", "customers"),
        ("seat", "seats"),
    ] {
        let maker = format!("server/store/src/directory/project/{maker}.rs");
        let row = format!("{table}::ActiveModel {{");
        assert_eq!(
            found_outside(&["server/store/src"], &row, &[maker.as_str()]),
            Vec::<String>::new(),
            "{row}"
        );
    }
}

#[test]
fn the_trail_is_written_in_one_place_only() {
    let shorteners = [
        "server/store/src/trail/forgetting.rs",
        "server/store/src/trail/keeping.rs",
    ];
    for (table, maker) in [
        ("event", "server/store/src/trail/events.rs"),
        ("trail", "server/store/src/trail.rs"),
    ] {
        assert_written_only_in(table, &shorteners);
        let row = format!("{table}::Model {{");
        assert_eq!(
            found_outside(&["server/store/src"], &row, &[maker]),
            Vec::<String>::new(),
            "{row}"
        );
    }
}

#[test]
fn what_came_by_email_is_written_in_one_place_only() {
    for (table, file) in [
        ("mail_message", "messages"),
        ("mail_source", "messages"),
        ("mail_organisation", "messages"),
        ("mail_run", "runs"),
        ("mail_folder", "folders"),
        ("mail_reply", "replies"),
        ("mail_note", "notes"),
        ("connector_key", "keys"),
    ] {
        let file = format!("server/store/src/access/email/{file}.rs");
        let forgetting = "server/store/src/access/email/messages/forgetting.rs";
        assert_written_only_in(table, &[file.as_str(), forgetting]);
        let row = format!("{table}::ActiveModel {{");
        assert_eq!(
            found_outside(&["server/store/src"], &row, &[file.as_str()]),
            Vec::<String>::new(),
            "{row}"
        );
    }
}

#[test]
fn what_came_in_change_files_is_written_in_one_place_only() {
    for (table, file) in [
        ("change_source", "sources"),
        ("change_file", "files"),
        ("pending_rename", "renames"),
        ("access_loss", "losses"),
    ] {
        let file = format!("server/store/src/access/change_files/{file}.rs");
        assert_written_only_in(table, &[file.as_str()]);
        let row = format!("{table}::ActiveModel {{");
        assert_eq!(
            found_outside(&["server/store/src"], &row, &[file.as_str()]),
            Vec::<String>::new(),
            "{row}"
        );
    }
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

/// The documents that people read, by their paths below the root, with their text.
fn documents() -> Vec<(PathBuf, String)> {
    let mut found = vec![PathBuf::from("ARCHITECTURE.md"), PathBuf::from("README.md")];
    let mut open = vec![PathBuf::from("docs")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(root().join(&folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(root().join(&path)).expect("a text");
        (path, text)
    };
    found.into_iter().map(read).collect()
}

/// The lines of a document that are not within a block of code.
fn outside_code(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// Where a document's links lead to, but for those to other sites.
fn links(text: &str) -> Vec<String> {
    let lines: Vec<_> = outside_code(text).collect();
    let text = lines.join("\n");
    let behind = text.split("](").skip(1);
    let targets = behind.filter_map(|rest| rest.split(')').next().map(ToOwned::to_owned));
    targets.filter(|target| !target.contains("://")).collect()
}

/// The anchors of a document's headings, as GitHub makes them.
fn anchors(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut titles: Vec<String> = Vec::new();
    for line in outside_code(text).filter(|line| line.starts_with('#')) {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        let before = titles.iter().filter(|title| **title == anchor).count();
        titles.push(anchor.clone());
        found.push(match before {
            0 => anchor,
            before => format!("{anchor}-{before}"),
        });
    }
    found
}

#[test]
fn documents_link_only_to_files_and_headings_that_exist() {
    let mut checked = 0;
    for (document, text) in documents() {
        let folder = document.parent().unwrap_or(Path::new(""));
        for link in links(&text) {
            let (path, anchor) = link.split_once('#').unwrap_or((link.as_str(), ""));
            let target = match path {
                "" => root().join(&document),
                path => root().join(folder).join(path),
            };
            assert!(target.exists(), "{}: {link} is not there", document.display());
            if !anchor.is_empty() {
                let text = fs::read_to_string(&target).expect("a text");
                let is_there = anchors(&text).iter().any(|there| there == anchor);
                assert!(is_there, "{}: {link} has no such heading", document.display());
            }
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked} links");
}

#[test]
fn every_decision_is_listed_in_the_index() {
    let index = PathBuf::from("docs/decisions/README.md");
    let listed = links(&fs::read_to_string(root().join(&index)).expect("an index"));
    for (document, _) in documents() {
        if document.parent() == index.parent() && document != index {
            let name = document.file_name().expect("a name").to_string_lossy().into_owned();
            assert!(listed.contains(&name), "{} does not list {name}", index.display());
        }
    }
}

#[test]
fn readme_has_at_most_12_kb_and_architecture_at_most_20() {
    for (name, kib) in [("README.md", 12), ("ARCHITECTURE.md", 20)] {
        let bytes = fs::read(root().join(name)).expect("a document").len();
        assert!(
            bytes <= kib * 1024,
            "{name} has {bytes} bytes; move what is not for newcomers to docs/"
        );
    }
}
