//! Clients that dawdle, over real connections: each would hold a place that others need.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use server::{config::Config, router, serving};
use testkit::{Kind, Portal};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

use crate::browser::Site;

/// A portal that listens, with a second for headers.
struct Listening {
    address: std::net::SocketAddr,
    end: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    _portal: Portal,
}

async fn listen(form_seconds: u32) -> Listening {
    let portal = Portal::open(Kind::Sqlite).await;
    let config = Config {
        form_seconds,
        ..Site::config()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, told) = oneshot::channel();
    let router = router::portal(portal.gate.clone(), &config);
    let serving = tokio::spawn(serving::serve(listener, router, Duration::from_secs(1), async {
        let _ = told.await;
    }));
    Listening {
        address,
        end,
        serving,
        _portal: portal,
    }
}

/// Sends a beginning at once and then a byte every 100 milliseconds, until the connection is closed; what came back, and
/// after how long.
async fn dawdle(listening: &Listening, beginning: &str, rest: &str) -> (String, Duration) {
    let began = Instant::now();
    let stream = TcpStream::connect(listening.address).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    writer.write_all(beginning.as_bytes()).await.unwrap();
    let bytes = rest.as_bytes().to_vec();
    let writing = tokio::spawn(async move {
        for byte in bytes {
            tokio::time::sleep(Duration::from_millis(100)).await;
            if writer.write_all(&[byte]).await.is_err() {
                break;
            }
        }
        // What is open stays open: it is the server that must close.
        std::future::pending::<()>().await;
    });
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), reader.read_to_end(&mut answer)).await;
    writing.abort();
    assert!(read.is_ok(), "the connection was left open");
    (String::from_utf8_lossy(&answer).into_owned(), began.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_that_dribble_in_are_cut_off() {
    let listening = listen(1).await;
    let (_, took) = dawdle(&listening, "GET / HTTP/1.1\r\n", &"x-header: slow\r\n".repeat(10)).await;
    assert!(
        took >= Duration::from_millis(900) && took < Duration::from_secs(5),
        "{took:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_dribbles_in_is_cut_off() {
    let listening = listen(1).await;
    let beginning = "POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
                     content-length: 1000\r\n\r\n";
    let (answer, took) = dawdle(&listening, beginning, &"x".repeat(200)).await;
    assert!(
        took >= Duration::from_millis(900) && took < Duration::from_secs(5),
        "{took:?}"
    );
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_says_nothing_more_is_closed() {
    let listening = listen(1).await;
    let (answer, took) = dawdle(&listening, "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n", "").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_beyond_number_or_measure_are_refused() {
    let listening = listen(1).await;
    let many: String = (0..200).map(|number| format!("x-{number}: y\r\n")).collect();
    let large = format!("x-large: {}\r\n", "y".repeat(128 * 1024));
    for headers in [many, large] {
        let request = format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{headers}\r\n");
        let mut stream = TcpStream::connect(listening.address).await.unwrap();
        // The server may close before all is sent.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let expected = format!("HTTP/1.1 {}", StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.as_u16());
        assert!(answer.is_empty() || answer.starts_with(&expected), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_end_it_sees_through_what_is_under_way_and_takes_nobody_new() {
    let listening = listen(60).await;
    let mut stream = TcpStream::connect(listening.address).await.unwrap();
    let beginning = "POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
                     content-length: 9\r\n\r\n";
    stream.write_all(beginning.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    listening.end.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(TcpStream::connect(listening.address).await.is_err());
    stream.write_all(b"address=x").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    listening.serving.await.unwrap();
}
