//! What a connector's program reads and asks for, one person at a time.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    account::AccountStatus,
    channel::Channel,
    dictionary::Attribute,
    grant::Terms,
    life::Turn,
    lookup::{Condition, Match},
    organisation::{OrganisationCode, UnitPath},
    policy::{Actor, Role},
    request::{AccountWish, Cells, RoleWish, Wish},
    values::ids::AccountId,
};
use gate::{
    Connection, GateError, KnownKey, SyncChange, SyncOutcome, SyncQuery, SyncRefusal, SyncStart, SyncWish, Synced,
};
use testkit::{Portal, SERVICE, on_both};

use crate::grants::done;

/// A Connector of the trust, or of a unit of it: Jem, or Hector, who may disable accounts.
pub async fn connector(portal: &Portal, may_disable: bool, unit: Option<&str>) -> Actor {
    let address = match may_disable {
        true => "hector.trelawny@health.example",
        false => "jem.larkspur@health.example",
    };
    let holder = portal.person(address).await;
    let wish = RoleWish::Grant {
        role: Role::Connector,
        organisation: OrganisationCode::parse("RIV").unwrap(),
        unit: unit.map(UnitPath::parse),
        terms: Terms {
            channels: vec![Channel::Api],
            may_disable,
            reason: "Our staff system".into(),
            ..Terms::default()
        },
    };
    let wish = Wish::Role(holder.account().unwrap(), wish);
    done(portal, &portal.persona("Priya").await, wish).await;
    holder
}

fn cells(texts: &[(Attribute, &'static str)]) -> Cells {
    Cells::of(texts.iter().copied())
}

/// A new person of the trust by a user name, and by a key of the connector's own.
pub fn newcomer(name: &str, key: Option<&str>) -> SyncWish {
    SyncWish {
        cells: Cells::of([
            (Attribute::UserName, name),
            (Attribute::FirstName, "Ottilie"),
            (Attribute::LastName, "Quennell"),
            (Attribute::Organisation, "RIV"),
        ]),
        external_id: key.map(|key| Some(key.to_owned())),
        ..SyncWish::default()
    }
}

pub fn edit(attribute: Attribute, text: &'static str) -> SyncWish {
    SyncWish {
        cells: cells(&[(attribute, text)]),
        ..SyncWish::default()
    }
}

pub fn active(active: bool) -> SyncWish {
    SyncWish {
        active: Some(active),
        ..SyncWish::default()
    }
}

/// A program's visit.
pub struct Program<'a> {
    pub portal: &'a Portal,
    pub actor: Actor,
    pub to: Connection,
}

impl<'a> Program<'a> {
    pub async fn of(portal: &'a Portal, actor: Actor) -> Self {
        let to = portal.gate.on_behalf_of(&actor).connect(None).await.unwrap();
        Self { portal, actor, to }
    }

    pub async fn creates(&self, new: &SyncWish) -> SyncOutcome {
        let visit = self.portal.gate.on_behalf_of(&self.actor);
        visit.sync_create(&self.to, new).await.unwrap()
    }

    pub async fn made(&self, new: &SyncWish) -> Synced {
        match self.creates(new).await {
            SyncOutcome::Created(made) => *made,
            other => panic!("{other:?}"),
        }
    }

    pub async fn reads(&self, id: AccountId) -> Result<Synced, GateError> {
        self.portal
            .gate
            .on_behalf_of(&self.actor)
            .synced_account(&self.to, id)
            .await
    }

    pub async fn changes(&self, id: AccountId, wish: &SyncWish) -> SyncOutcome {
        let seen = self.reads(id).await.unwrap();
        let visit = self.portal.gate.on_behalf_of(&self.actor);
        visit.sync_change(&self.to, &seen, wish).await.unwrap()
    }

    pub async fn lists(&self, conditions: Vec<Condition>) -> Vec<AccountId> {
        let asked = SyncQuery {
            conditions,
            count: 1_000,
            ..SyncQuery::default()
        };
        let page = self
            .portal
            .gate
            .on_behalf_of(&self.actor)
            .synced_accounts(&self.to, &asked)
            .await;
        page.unwrap().people.iter().map(|found| found.account.id).collect()
    }
}

pub fn refusal(outcome: SyncOutcome) -> SyncRefusal {
    match outcome {
        SyncOutcome::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn a_new_account_is_found_by_every_key_and_made_once(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        let made = program.made(&newcomer("OQuennell", Some("emp-7"))).await;
        assert_eq!(made.account.attributes.text(Attribute::UserName), "OQuennell");
        assert_eq!(made.account.attributes.text(Attribute::EmailAddress), "ottilie.quennell@health.example");
        assert_eq!((made.account.status, made.link.external_id.as_deref()), (AccountStatus::Pending, Some("emp-7")));
        let id = made.account.id;
        for condition in [
            Condition::UserName(Match::Is("oquennell".into())),
            Condition::UserName(Match::Starts("OQuenn".into())),
            Condition::ExternalId("emp-7".into()),
            Condition::FamilyName(Match::Is("QUENNELL".into())),
            Condition::DisplayName("quennell, ott".into()),
            Condition::Id(Some(id.0)),
        ] {
            assert_eq!(program.lists(vec![condition.clone()]).await, [id], "{condition:?}");
        }
        let known = |key| SyncRefusal::Known { key, id };
        assert_eq!(refusal(program.creates(&newcomer("other", Some("emp-7"))).await), known(KnownKey::ExternalId));
        assert_eq!(refusal(program.creates(&newcomer("OQUENNELL", None)).await), known(KnownKey::UserName));
        assert_eq!(refusal(program.creates(&newcomer("ottilie.quennell@health.example", None)).await), SyncRefusal::Taken);
        // Of somebody out of sight nothing else is said.
        assert_eq!(refusal(program.creates(&newcomer("gwen.ashcombe@health.example", None)).await), SyncRefusal::Taken);
        portal.adds_up().await;
    }

    async fn a_local_id_of_whoever_was_disabled_or_deleted_brings_nobody_back(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        for (local_id, said) in [
            ("1041", SyncRefusal::Dormant(AccountStatus::Disabled)),
            ("1042", SyncRefusal::Dormant(AccountStatus::Leaver)),
            ("1043", SyncRefusal::Dormant(AccountStatus::Deleted)),
        ] {
            let mut new = newcomer(&format!("again{local_id}x"), None);
            new.cells.texts.insert(Attribute::LocalId, local_id.into());
            assert_eq!(refusal(program.creates(&new).await), said);
        }
        let mut new = newcomer("again", None);
        new.cells.texts.insert(Attribute::LocalId, "2".into());
        let ben = portal.account("ben.cartwright@health.example").await;
        let known = SyncRefusal::Known { key: KnownKey::EmployeeNumber, id: ben };
        assert_eq!(refusal(program.creates(&new).await), known);
    }

    async fn what_a_person_changed_by_hand_survives_a_program_that_repeats_itself(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        let mut new = newcomer("oquennell", None);
        new.cells.texts.insert(Attribute::JobTitle, "Nurse".into());
        let id = program.made(&new).await.account.id;
        let priya = portal.persona("Priya").await;
        let by_hand = Wish::Account(id, AccountWish::Edit(cells(&[(Attribute::JobTitle, "Ward manager")])));
        done(&portal, &priya, by_hand).await;
        // The program says what it said before: the person's word stays. Something new is its word of today.
        let repeated = program.changes(id, &edit(Attribute::JobTitle, "Nurse")).await;
        assert!(matches!(repeated, SyncOutcome::Unchanged(_)), "{repeated:?}");
        assert_eq!(program.reads(id).await.unwrap().account.attributes.text(Attribute::JobTitle), "Ward manager");
        let anew = program.changes(id, &edit(Attribute::JobTitle, "Matron")).await;
        assert!(matches!(&anew, SyncOutcome::Changed(now) if now.account.attributes.text(Attribute::JobTitle) == "Matron"), "{anew:?}");
        portal.adds_up().await;
    }

    async fn only_with_the_right_are_accounts_disabled_and_persons_win(portal: Portal) {
        let jem = connector(&portal, false, None).await;
        let program = Program::of(&portal, jem.clone()).await;
        let id = program.made(&newcomer("oquennell", None)).await.account.id;
        assert_eq!(refusal(program.changes(id, &active(false)).await), SyncRefusal::MayNotDisable);
        assert_eq!(portal.standing(id).await.status, AccountStatus::Pending);
        let priya = portal.persona("Priya").await;
        let waiting = portal.gate.on_behalf_of(&priya).proposal_count().await.unwrap();
        assert_eq!(waiting, 1, "its administrators are asked");
        let with_right = Program::of(&portal, connector(&portal, true, None).await).await;
        let disabled = with_right.changes(id, &active(false)).await;
        assert!(matches!(&disabled, SyncOutcome::Changed(now) if now.account.status == AccountStatus::Disabled), "{disabled:?}");
        let back = with_right.changes(id, &active(true)).await;
        assert!(matches!(&back, SyncOutcome::Changed(now) if now.account.status == AccountStatus::Pending), "{back:?}");
        // Whom a person disabled, no program enables.
        let marek = portal.account("marek.maddern@health.example").await;
        assert_eq!(refusal(with_right.changes(marek, &active(true)).await), SyncRefusal::DisabledByPerson);
        assert_eq!(portal.standing(marek).await.status, AccountStatus::Disabled);
        // Nor does one disable whoever holds a role, or change who is leaving.
        let ben = portal.account("ben.cartwright@health.example").await;
        assert_eq!(refusal(with_right.changes(ben, &active(false)).await), SyncRefusal::RoleHolderStays);
        let dermot = portal.account("dermot.dunmore@health.example").await;
        assert_eq!(refusal(with_right.changes(dermot, &edit(Attribute::JobTitle, "Cook")).await), SyncRefusal::Leaver);
        portal.adds_up().await;
    }

    async fn a_program_that_disables_too_many_waits_for_a_person(portal: Portal) {
        let portal = portal.ruled(|rules| rules.access_brake.people = 2);
        let program = Program::of(&portal, connector(&portal, true, None).await).await;
        let mut said = Vec::new();
        for name in ["one", "two", "three"] {
            let id = program.made(&newcomer(name, None)).await.account.id;
            said.push(program.changes(id, &active(false)).await);
        }
        assert!(matches!(&said[..], [SyncOutcome::Changed(_), SyncOutcome::Changed(_), SyncOutcome::Refused(SyncRefusal::Braked)]), "{said:?}");
        let priya = portal.persona("Priya").await;
        assert_eq!(portal.gate.on_behalf_of(&priya).proposal_count().await.unwrap(), 1);
        portal.pass_seconds(86_401);
        let id = program.made(&newcomer("four", None)).await.account.id;
        assert!(matches!(program.changes(id, &active(false)).await, SyncOutcome::Changed(_)));
    }

    async fn what_changed_since_it_was_read_is_not_overwritten_and_rehearsing_writes_nothing(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        let visit = portal.gate.on_behalf_of(&program.actor);
        let would = visit.rehearse_create(&program.to, &newcomer("oquennell", None)).await.unwrap();
        assert!(matches!(would, SyncOutcome::Would { .. }), "{would:?}");
        assert_eq!(program.lists(vec![Condition::UserName(Match::Is("oquennell".into()))]).await, []);
        let seen = program.made(&newcomer("oquennell", None)).await;
        program.changes(seen.account.id, &edit(Attribute::JobTitle, "Nurse")).await;
        let late = visit.sync_change(&program.to, &seen, &edit(Attribute::JobTitle, "Cook")).await;
        assert!(matches!(late, Err(GateError::Stale)), "{late:?}");
        let seen = program.reads(seen.account.id).await.unwrap();
        let would = visit.rehearse_change(&program.to, &seen, &edit(Attribute::JobTitle, "Cook")).await.unwrap();
        assert!(matches!(would, SyncOutcome::Would { .. }), "{would:?}");
        assert_eq!(program.reads(seen.account.id).await.unwrap().account.attributes.text(Attribute::JobTitle), "Nurse");
    }

    async fn who_is_out_of_the_scope_is_not_there_and_is_not_counted(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        let gwen = portal.account("gwen.ashcombe@health.example").await;
        assert!(matches!(program.reads(gwen).await, Err(GateError::NotFound)));
        assert_eq!(program.lists(vec![Condition::UserName(Match::Is("gwen.ashcombe@health.example".into()))]).await, []);
        let visit = portal.gate.on_behalf_of(&program.actor);
        let everybody = portal.everybody().await;
        let there = everybody.iter().filter(|account| account.organisation.as_str().starts_with("RIV"));
        let there: Vec<_> = there.filter(|account| account.status != AccountStatus::Deleted).map(|account| account.id).collect();
        let mut listed = BTreeSet::new();
        let mut start = SyncStart::First;
        loop {
            let asked = SyncQuery { start: start.clone(), count: 20, with_total: true, ..SyncQuery::default() };
            let page = visit.synced_accounts(&program.to, &asked).await.unwrap();
            assert_eq!(page.total, Some(there.len() as u64));
            listed.extend(page.people.iter().map(|found| found.account.id.0));
            match page.next {
                Some((key, id)) => start = SyncStart::After(key, id),
                None => break,
            }
        }
        assert_eq!(listed, there.iter().map(|id| id.0).collect());
        // From each place in the list, beyond its end too, and with no page at all, as many are counted.
        let all = u32::try_from(there.len()).unwrap();
        for (first, count) in [(1, all), (1, all - 1), (1, all + 1), (2, all), (all, 1), (all + 1, 5), (all + 9, 5), (1, 0)] {
            let asked = SyncQuery { start: SyncStart::Index(first), count, with_total: true, ..SyncQuery::default() };
            let page = visit.synced_accounts(&program.to, &asked).await.unwrap();
            assert_eq!(page.total, Some(there.len() as u64), "{count} from {first}");
            let shown = (all + 1).saturating_sub(first).min(count);
            assert_eq!(page.people.len(), shown as usize, "{count} from {first}");
        }
        let one = vec![Condition::Id(Some(there[0].0))];
        for (start, count) in [(SyncStart::First, 1), (SyncStart::Index(1), 5), (SyncStart::Index(2), 5), (SyncStart::First, 0)] {
            let asked = SyncQuery { conditions: one.clone(), start, count, with_total: true, ..SyncQuery::default() };
            assert_eq!(visit.synced_accounts(&program.to, &asked).await.unwrap().total, Some(1), "{asked:?}");
        }
        // Below one organisation of several; another's is not there at all.
        let below = visit.connect(Some("riv01")).await.unwrap();
        let below = visit.sync_organisations(&below).await.unwrap();
        assert_eq!(below.iter().map(|own| own.code.to_string()).collect::<Vec<_>>(), ["RIV01"]);
        assert!(matches!(visit.connect(Some("G7H8J")).await, Err(GateError::NotFound)));
        let priya = portal.persona("Priya").await;
        assert!(matches!(portal.gate.on_behalf_of(&priya).connect(None).await, Err(GateError::Denied)));
    }

    async fn the_changes_since_a_mark_make_an_old_copy_the_same_as_a_new_one(portal: Portal) {
        for (may_disable, unit) in [(true, None), (false, Some("Medicine"))] {
            let program = Program::of(&portal, connector(&portal, may_disable, unit).await).await;
            let visit = portal.gate.on_behalf_of(&program.actor);
            let copy = async || -> BTreeMap<uuid::Uuid, i64> {
                let asked = SyncQuery { count: 1_000, ..SyncQuery::default() };
                let page = visit.synced_accounts(&program.to, &asked).await.unwrap();
                page.people.iter().map(|found| (found.account.id.0, found.account.version)).collect()
            };
            let (mut old, since) = (copy().await, visit.sync_mark().await.unwrap());
            let mut told_of: BTreeSet<_> = old.keys().copied().collect();
            let suffix = if unit.is_some() { "u" } else { "a" };
            let mut new = newcomer(&format!("quennell{suffix}"), None);
            new.cells.texts.insert(Attribute::Unit, "Medicine".into());
            let made = program.made(&new).await;
            program.changes(made.account.id, &edit(Attribute::JobTitle, "Nurse")).await;
            let some: Vec<_> = old.keys().copied().take(12).collect();
            for (place, id) in some.iter().enumerate() {
                let id = AccountId(*id);
                let turn = match (place % 3, portal.standing(id).await.status) {
                    (0, AccountStatus::Active) => Turn::MarkLeaver,
                    (1, AccountStatus::Active) => Turn::Delete,
                    _ => continue,
                };
                let wish = Wish::Account(id, AccountWish::Turn(turn));
                let _ = portal.gate.on_behalf_of(&SERVICE).establish(vec![wish]).await;
            }
            let (mut after, mut until) = (since, None);
            loop {
                let feed = visit.sync_feed(&program.to, until, after, 3).await.unwrap();
                for changed in feed.changes {
                    match changed.change {
                        SyncChange::CreatedAccount(now) | SyncChange::UpdatedAccount(now) => {
                            told_of.insert(changed.id);
                            old.insert(changed.id, now.account.version);
                        }
                        SyncChange::DeletedAccount => {
                            old.remove(&changed.id);
                            assert!(told_of.contains(&changed.id), "of nobody else it is told that they are gone");
                        }
                        _ => {}
                    }
                }
                (after, until) = (feed.after, Some(feed.until));
                if feed.is_last {
                    break;
                }
            }
            assert_eq!(old, copy().await, "{unit:?}");
        }
    }
}
