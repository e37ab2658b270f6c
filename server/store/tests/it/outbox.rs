//! A letter comes with the change that it tells of, is one sender's, and is forgotten once it is sent.

use store::outbox::{self, Content, NewMail, Outgoing};
use testkit::{NOON, Portal, on_both};

fn mail(address: &str) -> NewMail {
    NewMail {
        address: address.to_owned(),
        subject: "A test".to_owned(),
        letter: "{\"of\":\"a test\"}".to_owned(),
    }
}

async fn put(portal: &Portal, addresses: &[&str]) {
    let tx = portal.gate.store().begin().await.unwrap();
    let mails: Vec<_> = addresses.iter().map(|address| mail(address)).collect();
    outbox::put(&tx, &mails, NOON).await.unwrap();
    tx.commit().await.unwrap();
}

/// Claims, so many seconds after noon.
async fn claim(portal: &Portal, sender: &str, seconds: i64) -> Option<Outgoing> {
    let tx = portal.gate.store().begin().await.unwrap();
    let claimed = outbox::claim(&tx, sender, NOON.plus_seconds(seconds)).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

on_both! {
    async fn two_senders_get_different_letters(portal: Portal) {
        put(&portal, &["one@health.example", "two@health.example"]).await;
        let (one, other) = tokio::join!(claim(&portal, "one", 1), claim(&portal, "other", 1));
        let mut claimed: Vec<_> = [one, other].into_iter().flatten().map(|mail| mail.address).collect();
        claimed.sort();
        assert_eq!(claimed, ["one@health.example", "two@health.example"]);
        assert!(claim(&portal, "third", 1).await.is_none());
    }

    async fn a_letter_that_was_written_alone_does_not_wait_for_those_of_a_file(portal: Portal) {
        let many: Vec<_> = (0..300).map(|number| format!("new{number}@health.example")).collect();
        put(&portal, &many.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let tx = portal.gate.store().begin().await.unwrap();
        for (address, seconds) in [("one@health.example", 5), ("two@health.example", 6)] {
            outbox::put_ahead(&tx, &mail(address), NOON.plus_seconds(seconds)).await.unwrap();
        }
        tx.commit().await.unwrap();
        for address in ["one@health.example", "two@health.example", "new0@health.example", "new1@health.example"] {
            assert_eq!(claim(&portal, "one", 7).await.unwrap().address, address);
        }
    }

    async fn a_change_that_is_not_kept_writes_to_nobody(portal: Portal) {
        let tx = portal.gate.store().begin().await.unwrap();
        outbox::put(&tx, &[mail("one@health.example")], NOON).await.unwrap();
        tx.rollback().await.unwrap();
        assert!(claim(&portal, "one", 1).await.is_none());
        assert!(portal.letters_to("one@health.example").await.is_empty());
    }

    async fn what_could_not_be_sent_waits_and_is_claimed_again(portal: Portal) {
        put(&portal, &["one@health.example"]).await;
        let first = claim(&portal, "one", 0).await.unwrap();
        let tx = portal.gate.store().begin().await.unwrap();
        let again = outbox::put_back(&tx, &first, "no line", NOON).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(again, Some(NOON.plus_seconds(60)));
        assert!(claim(&portal, "other", 59).await.is_none());
        let second = claim(&portal, "other", 60).await.unwrap();
        assert_eq!(second.attempts, 2);
        assert!(matches!(&second.content, Content::Letter(letter) if letter.contains("a test")));

        let tx = portal.gate.store().begin().await.unwrap();
        outbox::mark_sent(&tx, &second, NOON.plus_seconds(61)).await.unwrap();
        tx.commit().await.unwrap();
        let db = portal.gate.store().reader();
        assert_eq!(outbox::waiting_count(db).await.unwrap(), 0);
        assert!(claim(&portal, "other", 1_000_000).await.is_none());
        assert_eq!(portal.letters_to("one@health.example").await, ["A test"]);
    }
}
