//! Many large files at the same moment: the process takes them without holding them.

use futures::future::join_all;
use testkit::{Kind, Portal};

use super::{
    client::Client,
    number,
    process::{Running, free_address},
};

const MIB: usize = 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_large_uploads_at_once_keep_the_process_small() {
    let portal = Portal::open_live(Kind::Sqlite).await;
    let address = free_address();
    let running = Running::serve(&portal.url, address, &[]).await;
    let (ben, priya) = (
        Client::sign_in(address, "Ben").await,
        Client::sign_in(address, "Priya").await,
    );
    // A heading that no format has, so that each is read whole, more than once, and nobody is made of it.
    let row = format!("1,RIV,Jane,Smith,{}\n", "x".repeat(9_000));
    let mib = usize::try_from(number("UPLOAD_MIB", 60)).unwrap();
    let uploads = [&ben, &priya].into_iter().cycle().take(20);
    let uploads = uploads.map(|sender| {
        let headings = "LocalID,ODSCode,FirstName,LastName,Shoe size";
        sender.upload_rows(address, headings, &row, mib * MIB / row.len())
    });
    let answers = join_all(uploads).await;
    let peak = running.peak_mib();
    let is = |answer: &String, status: &str| answer.starts_with(&format!("HTTP/1.1 {status} "));
    let taken = answers.iter().filter(|answer| is(answer, "303")).count();
    let sent_back = answers
        .iter()
        .filter(|answer| is(answer, "503") && answer.contains("retry-after: 10"));
    assert_eq!(taken + sent_back.count(), 20, "{answers:#?}");
    assert!(taken >= 10, "{taken} were taken");
    assert!(peak < 600, "{peak} MiB");
}
