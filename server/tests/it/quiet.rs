//! What must stay in the pages: names and secrets, which stand in no address and no line of the log.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex},
};

use axum::http::StatusCode;
use domain::dictionary::Attribute;
use testkit::{Kind, PASSWORD};

use crate::browser::{Site, Visitor};

/// What was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The words of a text, in small letters.
fn words(text: &str) -> BTreeSet<String> {
    text.split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| word.len() > 2)
        .map(str::to_lowercase)
        .collect()
}

/// Every address that a page leads or posts to.
fn addresses(page: &str) -> Vec<String> {
    let named = |attribute: &str| {
        let parts = page.split(attribute).skip(1);
        let found = parts.filter_map(|rest| rest.split('"').next());
        found.map(|address| address.replace("&amp;", "&")).collect::<Vec<_>>()
    };
    [named(" href=\""), named(" action=\""), named(" src=\"")].concat()
}

/// Follows every link from the first page on, and gives back all addresses that it saw.
async fn walk(visitor: &Visitor<'_>, most: usize) -> BTreeSet<String> {
    let mut seen = BTreeSet::from(["/".to_owned()]);
    let mut open = VecDeque::from(["/".to_owned()]);
    let mut visited = 0;
    while let Some(path) = open.pop_front().filter(|_| visited < most) {
        visited += 1;
        let answer = visitor.get(&path).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
        let mut found = vec![answer.location().to_owned()];
        if answer.body.starts_with("<!DOCTYPE html>") {
            found.extend(addresses(&answer.body));
        }
        for address in found.into_iter().filter(|address| address.starts_with('/')) {
            let is_page = !address.starts_with("/pkg") && !address.contains('#');
            if seen.insert(address.clone()) && is_page {
                open.push_back(address);
            }
        }
    }
    assert!(visited > 40, "only {visited} pages were found");
    seen
}

#[tokio::test]
async fn neither_addresses_nor_the_log_tell_names_or_secrets() {
    let site = Site::open(Kind::Sqlite).await;
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let logging = tracing::subscriber::set_default(subscriber);

    let wrong = "address=gwen.ashcombe@health.example&password=Wrong-Guess-77";
    assert_eq!(
        site.nobody().post("/sign-in", wrong).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let ben = site.sign_in("Ben").await;
    let mut seen = walk(&ben, 120).await;
    ben.get("/people?words=larkspur").await;
    let asked = "organisation=RIV&first-name=Zephyrine&last-name=Quillfeather&local-id=q1&email-address-choice=made";
    let shown = ben.post("/accounts/new", asked).await;
    assert_eq!(shown.status, StatusCode::SEE_OTHER, "{}", shown.body);
    let page = ben.get(shown.location()).await;
    seen.extend(addresses(&page.body));
    seen.insert(shown.location().to_owned());
    let confirmed = ben
        .post(
            &format!("{}/confirmation", shown.location()),
            "seen=0&look_alikes=create",
        )
        .await;
    assert!(confirmed.status.as_u16() < 400, "{}", confirmed.status);
    ben.upload(
        "Quillfeather.csv",
        "LocalID,ODSCode,FirstName,LastName,Mobile\n9,RIV,Zephyrine,Quillfeather,0\n",
    )
    .await;
    site.portal.work().await;
    drop(logging);

    let actor = site.actor("Ben").await;
    let people = site
        .portal
        .gate
        .on_behalf_of(&actor)
        .accounts(&gate::Query::default())
        .await
        .unwrap();
    let mut names: BTreeSet<String> = ["zephyrine", "quillfeather", "larkspur", "ashcombe", "gwen"]
        .map(str::to_owned)
        .into();
    for listed in &people.people {
        names.extend(words(listed.person.attributes.text(Attribute::LastName)));
        names.extend(words(listed.person.attributes.text(Attribute::FirstName)));
    }
    assert!(names.len() > 40, "{names:?}");

    for address in &seen {
        // A one-time link is made to be sent; everything else may stand in a history, a bookmark or a proxy's log.
        // So far the next page of a list is found by the last name of this one; docs/security.md says so.
        let known = address.split("after=").next().unwrap_or_default();
        let told: Vec<_> = words(known).intersection(&names).cloned().collect();
        assert!(told.is_empty(), "{address} tells {told:?}");
    }
    let log = String::from_utf8_lossy(&lines.0.lock().unwrap()).into_owned();
    assert!(log.matches("answered").count() > 100);
    let told: Vec<_> = words(&log).intersection(&names).cloned().collect();
    assert!(told.is_empty(), "the log tells {told:?}");
    let cookie = ben.cookie().split('=').nth(1).unwrap();
    for secret in [PASSWORD, "Wrong-Guess-77", cookie, "health.example"] {
        assert!(!log.contains(secret), "the log tells {secret}");
        assert!(!seen.iter().any(|address| address.contains(secret)));
    }
}
