//! Many visitors at once: rendering is done on whichever thread is free, and nothing of a page may be bound to one.

use axum::http::StatusCode;
use testkit::Kind;

use crate::browser::Site;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_pages_at_once_are_all_served() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let actor = site.actor("Ben").await;
    let id = site.portal.upload(&actor, demo::PRACTICE_FILE).await;
    let paths = [
        "/".to_owned(),
        "/people".to_owned(),
        "/uploads".to_owned(),
        "/preview".to_owned(),
        format!("/submissions/{id}"),
    ];
    let visits = (0..200).map(|number| ben.get(&paths[number % paths.len()]));
    for answer in futures::future::join_all(visits).await {
        assert_eq!(answer.status, StatusCode::OK);
    }
}
