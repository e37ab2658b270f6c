//! Clients that dawdle, over real connections: each would hold a place that others need.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use server::{
    http::{router, serving},
    operate::config::Config,
};
use testkit::{Kind, PASSWORD};
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
    site: Site,
}

/// Forms and files must have come whole in so many seconds.
async fn listen(seconds: u32) -> Listening {
    let config = Config {
        form_seconds: seconds,
        upload_seconds: seconds,
        ..Site::config()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, told) = oneshot::channel();
    let site = Site::open(Kind::Sqlite).await;
    let router = router::portal(site.portal.gate.clone(), &config);
    let serving = tokio::spawn(serving::serve(listener, router, Duration::from_secs(1), async {
        let _ = told.await;
    }));
    Listening {
        address,
        end,
        serving,
        site,
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
async fn fifty_slow_sign_ins_hold_up_nobody_else() {
    let listening = listen(60).await;
    let head = "POST /sign-in HTTP/1.1\r\nhost: x\r\nsec-fetch-site: same-origin\r\n\
                content-type: application/x-www-form-urlencoded\r\n";
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut stream = TcpStream::connect(listening.address).await.unwrap();
        let beginning = format!("{head}content-length: 1000\r\n\r\naddress=");
        stream.write_all(beginning.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let form = format!("address=ben.cartwright@health.example&password={PASSWORD}");
    let good = format!(
        "{head}connection: close\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    let (answer, took) = dawdle(&listening, &good, "").await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(took < Duration::from_secs(1), "{took:?}");
    // Those are still open.
    for mut stream in slow {
        assert!(stream.write_all(b"x").await.is_ok());
    }
}

/// The beginning of an upload by somebody who is signed in; its rest is still to come.
async fn upload_begun(site: &Site) -> String {
    let ben = site.sign_in("Ben").await;
    format!(
        "POST /uploads/new HTTP/1.1\r\nhost: x\r\nsec-fetch-site: same-origin\r\ncookie: {}\r\n\
         content-type: multipart/form-data; boundary=edge\r\ncontent-length: 5000\r\n\r\n\
         --edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"staff.csv\"\r\n\r\nLocalID,ODSCode",
        ben.cookie()
    )
}

async fn uploads(site: &Site) -> usize {
    let ben = site.actor("Ben").await;
    let uploads = site
        .portal
        .gate
        .on_behalf_of(&ben)
        .submissions(gate::SentBy::Anybody, None, 10)
        .await;
    uploads.unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_comes_byte_by_byte_is_cut_off_and_nothing_of_it_is_kept() {
    let listening = listen(1).await;
    let beginning = upload_begun(&listening.site).await;
    let (answer, took) = dawdle(&listening, &beginning, &"x".repeat(200)).await;
    assert!(took >= Duration::from_millis(900), "{took:?}");
    assert!(
        answer.starts_with("HTTP/1.1 422") && answer.contains("The upload was interrupted"),
        "{answer}"
    );
    assert_eq!(uploads(&listening.site).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_file_whose_sender_hangs_up_nothing_is_kept_and_others_are_served() {
    let listening = listen(60).await;
    let beginning = upload_begun(&listening.site).await;
    for _ in 0..20 {
        let mut stream = TcpStream::connect(listening.address).await.unwrap();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (answer, _) = dawdle(
        &listening,
        "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        "",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // Told to end, it waits for what is under way; of those who hung up, nothing is.
    listening.end.send(()).unwrap();
    listening.serving.await.unwrap();
    assert_eq!(uploads(&listening.site).await, 0);
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
