//! The document around every page, and the files that it names. What holds for every page is checked in `browser`.

use std::fs;

use axum::http::{StatusCode, header};
use server::operate::config::Config;
use testkit::{Kind, Portal};

use crate::browser::Site;

#[tokio::test]
async fn only_pages_with_islands_load_the_browsers_part() {
    let site = Site::open(Kind::Sqlite).await;
    let (nobody, ben) = (site.nobody(), site.sign_in("Ben").await);
    for (visitor, path, loads) in [
        (&nobody, "/sign-in", false),
        (&ben, "/nowhere", false),
        (&ben, "/", false),
        (&ben, "/uploads/new", false),
        (&ben, "/directory", false),
        (&ben, "/people", true),
        (&ben, "/accounts/new?organisation=RIV", true),
        (&ben, "/me", true),
    ] {
        let page = visitor.get(path).await.body;
        for part in ["modulepreload", ".wasm", "__RESOLVED_RESOURCES"] {
            assert_eq!(page.contains(part), loads, "{part} in {path}: {page}");
        }
    }
}

#[tokio::test]
async fn an_islands_scripts_stand_within_a_valid_document() {
    let site = Site::open(Kind::Sqlite).await;
    let page = site.sign_in("Ben").await.get("/people").await.body;
    let (head, body) = page.split_once("</head>").unwrap();
    assert_eq!(head.matches("crossorigin=\"anonymous\"").count(), 2, "{head}");
    assert_eq!(head.matches("crossorigin").count(), 2, "{head}");
    assert!(body.trim_end().ends_with("</script></body></html>"), "{body}");
    let (_, island) = body.split_once("<leptos-island").unwrap();
    let outside = island.rsplit("</leptos-island>").next().unwrap();
    assert!(!outside.contains("<!"), "a mark outside of islands: {outside}");
}

#[tokio::test]
async fn files_are_kept_where_their_address_names_their_content() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["favicon.svg", "pkg/portal.1a.css", "images/icon.svg"] {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "of the site").unwrap();
    }
    let config = Config {
        site_root: folder.path().display().to_string(),
        ..Site::config()
    };
    let site = Site::configured(Portal::open(Kind::Sqlite).await, config);
    let nobody = site.nobody();
    let kept = "public, max-age=31536000, immutable";
    for (path, status, expected) in [
        ("/favicon.svg?1a", StatusCode::OK, kept),
        ("/favicon.svg", StatusCode::OK, "no-cache"),
        ("/images/icon.svg?1a", StatusCode::OK, kept),
        ("/images/icon.svg", StatusCode::OK, "no-cache"),
        ("/pkg/portal.1a.css", StatusCode::OK, kept),
        ("/pkg/portal.2b.css", StatusCode::NOT_FOUND, "no-store"),
    ] {
        let answer = nobody.get(path).await;
        assert_eq!(
            (answer.status, &answer.headers[header::CACHE_CONTROL]),
            (status, &header::HeaderValue::from_static(expected)),
            "{path}"
        );
    }
    let page = nobody.get("/sign-in").await.body;
    let (_, icon) = page
        .split_once("href=\"/favicon.svg?")
        .expect("the icon's content in its address");
    let hash = icon.split('"').next().unwrap();
    assert!(
        hash.len() == 16 && hash.chars().all(|digit| digit.is_ascii_hexdigit()),
        "{hash}"
    );
}
