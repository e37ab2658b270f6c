//! PostgreSQL that goes away for some seconds while the portal serves and applies, as when it is started again.

use std::{net::SocketAddr, time::Duration};

use domain::submission::State;
use rand::{SeedableRng, rngs::StdRng};
use reqwest::StatusCode;
use testkit::{Kind, Portal};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

use super::{
    applied_as_it_says,
    client::Client,
    confirmed, look,
    process::{Running, free_address},
    staff::Staff,
};

/// The line between the portal and its database.
struct Line {
    at: SocketAddr,
    database: String,
    open: Option<JoinHandle<()>>,
}

impl Line {
    /// A line to the database that a URL names, and the URL by which it is reached.
    async fn to(url: &str) -> (Self, String) {
        let (start, rest) = url.split_once('@').expect("a user");
        let (database, name) = rest.split_once('/').expect("a database");
        let at = free_address();
        let mut line = Self {
            at,
            database: database.to_owned(),
            open: None,
        };
        line.restore().await;
        (line, format!("{start}@{at}/{name}"))
    }

    /// Lets connections through.
    async fn restore(&mut self) {
        let listener = TcpListener::bind(self.at).await.expect("the port is free");
        let database = self.database.clone();
        self.open = Some(tokio::spawn(async move {
            // Dropped with the task, and all connections with it.
            let mut connections = JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let database = database.clone();
                connections.spawn(async move {
                    if let Ok(mut far) = TcpStream::connect(database).await {
                        let _ = copy_bidirectional(&mut near, &mut far).await;
                    }
                });
            }
        }));
    }

    /// Breaks every connection, and refuses new ones.
    async fn cut(&mut self) {
        if let Some(open) = self.open.take() {
            open.abort();
            let _ = open.await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_was_away_for_some_seconds_is_found_again_and_nothing_is_lost() {
    let portal = Portal::open_live(Kind::Postgres).await;
    let ben = portal.persona("Ben").await;
    let (mut line, url) = Line::to(&portal.url).await;
    let address = free_address();
    let mut running = Running::serve(&url, address, &[("PORTAL_CLAIM_SECONDS", "3")]).await;
    let client = Client::sign_in(address, "Ben").await;
    let mut random = StdRng::seed_from_u64(5);
    let file = Staff::nobody('p').file(2400, &mut random);
    let id = confirmed(&portal, &ben, &client, &file)
        .await
        .expect("the file is taken");
    for _ in 0..2 {
        let before = look(&portal, &ben, &id).await.progress;
        client
            .until(|| async { look(&portal, &ben, &id).await.progress > before })
            .await;
        assert_eq!(
            look(&portal, &ben, &id).await.state,
            State::Applying,
            "it was done too soon to be cut off"
        );
        line.cut().await;
        // A page that is asked for meanwhile is a clear one, or comes when the database is back.
        let page = tokio::spawn({
            let client = client.at(address);
            async move { client.look("/people").await }
        });
        tokio::time::sleep(Duration::from_secs(3)).await;
        line.restore().await;
        let (status, text) = page.await.expect("no panic").expect("an answer");
        match status {
            StatusCode::OK => {}
            StatusCode::SERVICE_UNAVAILABLE => {
                assert!(
                    text.contains("Sorry, that did not work") && text.contains("Try again in a few minutes"),
                    "{text}"
                );
            }
            other => panic!("{other}: {text}"),
        }
    }
    applied_as_it_says(&portal, &ben, &client, &id, &file).await;
    client.take("/people").await;
    portal.adds_up().await;
    running.kill();
}
