//! A job is one worker's at a time. Whoever falls silent loses it, and cannot go on with it.

use store::jobs::{self, Job, Task};
use testkit::{NOON, Portal, on_both};

const FILE: &str = "LocalID,ODSCode,FirstName,LastName\n9001,RIV,Nia,Bold\n";

/// Claims for a minute, so many seconds after noon.
async fn claim(portal: &Portal, worker: &str, seconds: i64) -> Option<Job> {
    let tx = portal.gate.store().begin().await.unwrap();
    let (now, until) = (NOON.plus_seconds(seconds), NOON.plus_seconds(seconds + 60));
    let claimed = jobs::claim(&tx, worker, now, until).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

async fn renew(portal: &Portal, job: &Job, seconds: i64) -> bool {
    let tx = portal.gate.store().begin().await.unwrap();
    let renewed = jobs::renew(&tx, job, NOON.plus_seconds(seconds)).await.unwrap();
    tx.commit().await.unwrap();
    renewed
}

on_both! {
    async fn two_workers_claim_one_job_once(portal: Portal) {
        let id = portal.hand_over(&portal.persona("Ben").await, FILE).await;
        let (one, other) = tokio::join!(claim(&portal, "one", 1), claim(&portal, "other", 1));
        let claimed: Vec<_> = [one, other].into_iter().flatten().collect();
        assert_eq!(claimed.len(), 1);
        assert_eq!((claimed[0].task, &claimed[0].submission, claimed[0].attempts), (Task::Check, &id, 1));
        assert!(claim(&portal, "third", 30).await.is_none());
    }

    async fn a_silent_workers_job_is_taken_over_for_good(portal: Portal) {
        portal.hand_over(&portal.persona("Ben").await, FILE).await;
        let silent = claim(&portal, "silent", 1).await.unwrap();
        assert!(renew(&portal, &silent, 90).await);
        assert!(claim(&portal, "next", 89).await.is_none(), "the claim was renewed");
        let next = claim(&portal, "next", 90).await.unwrap();
        assert_eq!(next.attempts, 2);
        assert!(!renew(&portal, &silent, 200).await, "what is another's cannot be renewed");
        assert!(renew(&portal, &next, 200).await);
    }

    async fn a_finished_or_paused_job_is_nobodys(portal: Portal) {
        let id = portal.hand_over(&portal.persona("Ben").await, FILE).await;
        let tx = portal.gate.store().begin().await.unwrap();
        jobs::pause(&tx, &id).await.unwrap();
        tx.commit().await.unwrap();
        assert!(claim(&portal, "one", 1_000_000).await.is_none());
        let tx = portal.gate.store().begin().await.unwrap();
        jobs::resume(&tx, &id, NOON).await.unwrap();
        tx.commit().await.unwrap();
        let job = claim(&portal, "one", 1).await.unwrap();
        let tx = portal.gate.store().begin().await.unwrap();
        jobs::finish(&tx, &job).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!jobs::any_due(portal.gate.store().reader(), NOON.plus_seconds(1_000_000)).await.unwrap());
    }
}
