//! What was changed by hand since the last file stays when the next one still has what was there before.

use domain::{
    dictionary::Attribute,
    plan::RowKind,
    policy::Actor,
    request::{AccountWish, Cells, Wish},
    values::ids::{AccountId, RowNumber, SubmissionId},
};
use gate::{Filter, KEPT, Mend, Review};
use testkit::{Kind, Portal, on_both};

use crate::{apply, file, lifecycle::done, review};

async fn edit(portal: &Portal, actor: &Actor, account: AccountId, cells: &[(Attribute, &str)]) {
    let cells = Cells::of(cells.iter().copied());
    done(portal, actor, Wish::Account(account, AccountWish::Edit(cells))).await;
}

/// Uploads and applies one row, and gives back whom it made or found.
async fn sent(portal: &Portal, actor: &Actor, row: &str) -> AccountId {
    let id = portal.upload(actor, &file(&[row])).await;
    apply(portal, actor, &id).await;
    AccountId(review(portal, actor, &id).await.rows[0].subject.unwrap())
}

async fn mobile(portal: &Portal, actor: &Actor, account: AccountId) -> String {
    let (account, _) = portal.gate.on_behalf_of(actor).account(account).await.unwrap();
    account.attributes.text(Attribute::Mobile).to_owned()
}

async fn overrule(portal: &Portal, actor: &Actor, id: &SubmissionId, overrules: bool) {
    let mend = Mend {
        row: RowNumber(2),
        cells: vec![],
        shown: vec![],
        everywhere: vec![],
        overruling: vec![(Attribute::Mobile, overrules)],
        surplus: gate::Surplus::Stays,
    };
    assert!(portal.gate.on_behalf_of(actor).mend(id, mend).await.unwrap().changed);
}

fn kind(review: &Review) -> RowKind {
    review.rows[0].planned.step.kind()
}

const ROW: &str = "h1,RIV,Ada,Bright,07700 900001";

on_both! {
    async fn a_value_edited_by_hand_stays_where_the_next_file_has_the_old_one(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let ada = sent(&portal, &ben, ROW).await;
        edit(&portal, &priya, ada, &[(Attribute::Mobile, "07700 900002")]).await;
        edit(&portal, &priya, ada, &[(Attribute::Mobile, "07700 900003")]).await;
        let id = portal.upload(&ben, &file(&[ROW])).await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!((kind(&shown), shown.kept), (RowKind::NoChange, 1));
        let kept = &shown.rows[0].planned.kept[0];
        let text = |value: &Option<domain::dictionary::Value>| value.as_ref().unwrap().as_str().to_owned();
        assert_eq!((text(&kept.stays), text(&kept.in_file)), ("+447700900003".into(), "+447700900001".into()));
        assert_eq!(shown.editors[&kept.by.unwrap()], "Priya Ramanathan");
        let filter = Filter { problem: Some(KEPT.into()), ..Filter::default() };
        assert_eq!(portal.gate.on_behalf_of(&ben).review(&id, filter).await.unwrap().rows.len(), 1);
        apply(&portal, &ben, &id).await;
        assert_eq!(mobile(&portal, &ben, ada).await, "+447700900003");
        // Something new in the file is news, and what is the same as here is neither.
        let id = portal.upload(&ben, &file(&["h1,RIV,Ada,Bright,07700 900003"])).await;
        assert_eq!(review(&portal, &ben, &id).await.kept, 0);
        // That it ends what Priya changed is said before it is applied.
        let id = portal.upload(&ben, &file(&["h1,RIV,Ada,Bright,07700 900004"])).await;
        let shown = review(&portal, &ben, &id).await;
        let [overwritten] = &shown.rows[0].planned.overwrites[..] else { panic!("{shown:?}") };
        assert_eq!((kind(&shown), text(&overwritten.stays)), (RowKind::Update, "+447700900003".into()));
        assert_eq!(shown.editors[&overwritten.by.unwrap()], "Priya Ramanathan");
        sent(&portal, &ben, "h1,RIV,Ada,Bright,07700 900004").await;
        assert_eq!(mobile(&portal, &ben, ada).await, "+447700900004");
        // From now on that is what the last file said.
        sent(&portal, &ben, ROW).await;
        assert_eq!(mobile(&portal, &ben, ada).await, "+447700900001");
    }

    async fn it_is_overwritten_on_the_senders_word_only(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let ada = sent(&portal, &ben, ROW).await;
        edit(&portal, &priya, ada, &[(Attribute::Mobile, "07700 900002"), (Attribute::JobTitle, "Porter")]).await;
        let id = portal.upload(&ben, &file(&["h1,RIV,Ada,Brighton,07700 900001"])).await;
        let shown = review(&portal, &ben, &id).await;
        // What else the row says is done in any case.
        assert_eq!((kind(&shown), shown.kept), (RowKind::Update, 1));
        assert!(shown.rows[0].planned.step.changes().iter().all(|change| change.attribute != Attribute::Mobile));
        overrule(&portal, &ben, &id, true).await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!(shown.kept, 0);
        assert!(shown.rows[0].planned.step.changes().iter().any(|change| change.attribute == Attribute::Mobile));
        overrule(&portal, &ben, &id, false).await;
        assert_eq!(review(&portal, &ben, &id).await.kept, 1);
        overrule(&portal, &ben, &id, true).await;
        apply(&portal, &ben, &id).await;
        assert_eq!(mobile(&portal, &ben, ada).await, "+447700900001");
    }

    async fn what_is_edited_back_or_emptied_by_hand_is_kept_as_anything_else(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let ada = sent(&portal, &ben, ROW).await;
        edit(&portal, &ben, ada, &[(Attribute::Mobile, "(clear)")]).await;
        let id = portal.upload(&ben, &file(&[ROW])).await;
        assert_eq!(review(&portal, &ben, &id).await.kept, 1);
        edit(&portal, &ben, ada, &[(Attribute::Mobile, "07700 900001")]).await;
        let id = portal.upload(&ben, &file(&[ROW])).await;
        assert_eq!(review(&portal, &ben, &id).await.kept, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_files_are_to_overwrite_they_do() {
    let code = domain::organisation::OrganisationCode::parse("RIV").unwrap();
    let portal = Portal::open_with(Kind::Sqlite, |rules| rules.hand_edits_stay.but_in.push(code)).await;
    let ben = portal.persona("Ben").await;
    let ada = sent(&portal, &ben, ROW).await;
    edit(&portal, &ben, ada, &[(Attribute::Mobile, "07700 900002")]).await;
    let id = portal.upload(&ben, &file(&[ROW])).await;
    let shown = review(&portal, &ben, &id).await;
    assert_eq!((kind(&shown), shown.kept), (RowKind::Update, 0));
}
