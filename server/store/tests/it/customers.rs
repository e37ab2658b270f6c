//! Customers, what they subscribe to, and seats: what the events say of them is kept, counted, and nobody's twice.

use domain::{
    account::AccountStatus,
    change_file::{ChangeRow, Field},
    channel::Channel,
    customer::{Customer, CustomerNumber, Federation},
    dictionary::{Attribute, Value},
    event::{AccountFact, Event, Fact},
    life::Turn,
    organisation::OrganisationCode,
    plan::{Change, FileKeys, Snapshot},
    policy::{Authority, Scope},
    request::{AccountWish, Cells, ChangeRequest, Wish},
    subscription::{Offering, Seat, Subscription, SubscriptionNumber, SubscriptionState},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, RowNumber, SeatId, SubmissionId, Timestamp},
    },
};
use store::{
    ConnectionTrait, StoreError,
    access::change_files::{
        files::{self, FileState, NewFile},
        losses::{self, Loss},
        renames::{self, Rename},
    },
    directory::{
        apply, customers,
        snapshot::{self, Hold, Known},
    },
};
use testkit::{NOON, Portal, SERVICE, on_both};
use uuid::Uuid;

use crate::{below, change_files::new_file, everything};

const BEN: &str = "ben.cartwright@health.example";
const FINTAN: &str = "fintan.gillespie@health.example";

/// The number of a customer.
pub fn customer_number() -> CustomerNumber {
    CustomerNumber::new(30_020_506).unwrap()
}

fn code(text: &str) -> OrganisationCode {
    OrganisationCode::parse(text).unwrap()
}

/// A customer: the organisation RIV.
pub fn customer() -> Customer {
    Customer {
        number: customer_number(),
        organisation: code("RIV"),
        federation: Federation::NonFederated,
        verifies_email: true,
        accepts_terms: false,
        hybrid: false,
        change_files: true,
        language: None,
        time_zone: None,
        domains: vec!["River.example".to_owned()],
        connector: None,
        contact: None,
        compatible: vec![],
        templates: vec![],
    }
}

fn number(of: i64) -> SubscriptionNumber {
    SubscriptionNumber::new(of).unwrap()
}

fn subscription(of: i64, offering: Offering, seats: u32) -> Subscription {
    Subscription {
        number: number(of),
        customer: customer_number(),
        name: offering.name().to_owned(),
        part: String::new(),
        offering,
        parent: None,
        seats,
        gigabytes: 0,
        state: SubscriptionState::Active,
        starts_on: None,
        ends_on: None,
    }
}

fn subscribed(of: i64, offering: Offering, seats: u32) -> Fact {
    Fact::Subscription {
        organisation: code("RIV"),
        before: None,
        after: subscription(of, offering, seats),
    }
}

fn seat(of: i64, offering: Offering) -> Seat {
    Seat {
        id: SeatId(Uuid::now_v7()),
        subscription: number(of),
        offering,
        active: false,
        collab_extra_gb: 0,
        mail_extra_gb: 0,
    }
}

fn about(account: AccountId, what: AccountFact) -> Fact {
    Fact::Account(account, code("RIV"), what)
}

fn assigned(account: AccountId, seat: &Seat) -> Fact {
    about(account, AccountFact::SeatAssigned { seat: seat.clone() })
}

fn revoked(account: AccountId, seat: &Seat) -> Fact {
    let seat = seat.clone();
    about(account, AccountFact::SeatRevoked { seat, content_to: None })
}

fn turned(account: AccountId, turn: Turn, before: AccountStatus, after: AccountStatus) -> Fact {
    let turned = AccountFact::Turned {
        turn,
        before,
        after,
        leaving: None,
        back: None,
        away: None,
    };
    about(account, turned)
}

/// Has it happened, by change file.
pub async fn happen(portal: &Portal, facts: impl IntoIterator<Item = Fact>) -> Result<(), StoreError> {
    let event = |fact| Event {
        at: NOON,
        submission: SubmissionId::parse("7Q4K9TZM2X").unwrap(),
        row: RowNumber(1),
        actor: None,
        actor_name: "Jem Okafor".to_owned(),
        channel: Channel::ChangeFile,
        fact,
    };
    let events: Vec<_> = facts.into_iter().map(event).collect();
    let tx = portal.gate.store().begin().await?;
    apply::replay(&tx, &events).await?;
    tx.commit().await
}

/// The customer, with a bundle, single seats of both sides, Docs, and extra storage.
async fn established(portal: &Portal) {
    let facts = [
        Fact::Customer {
            before: None,
            after: customer(),
        },
        subscribed(1, Offering::Bundle, 5),
        subscribed(2, Offering::Collab, 5),
        subscribed(3, Offering::Mail, 1),
        subscribed(4, Offering::Docs, 5),
        subscribed(5, Offering::CollabStorage, 0),
    ];
    happen(portal, facts).await.unwrap();
}

/// How many seats of each subscription are taken.
async fn taken(portal: &Portal) -> Vec<u32> {
    let known = customers::subscriptions(portal.gate.store().reader(), customer_number()).await;
    known.unwrap().into_iter().map(|known| known.taken).collect()
}

async fn seats_of(portal: &Portal, account: AccountId) -> Vec<Seat> {
    let seats = customers::seats_of(portal.gate.store().reader(), &[account]).await;
    seats.unwrap().remove(&account).unwrap_or_default()
}

fn is_conflict(done: &Result<(), StoreError>) -> bool {
    matches!(done, Err(StoreError::Conflict))
}

/// Loads what some wishes may touch, for somebody who sees everything.
async fn load(portal: &Portal, wishes: Vec<Wish>, hold: Hold) -> Snapshot {
    let known = Known {
        rules: std::sync::Arc::new(portal.gate.rules().clone()),
        channel: Channel::ChangeFile,
        file: FileKeys::default(),
        now: NOON,
        asker: Authority::new(portal.persona("Grace").await, vec![]),
        day: |_| String::new(),
        begins: |_| None,
        among: None,
    };
    let requests = (1..).zip(wishes).map(|(row, wish)| ChangeRequest {
        row: RowNumber(row),
        wish,
        promised: None,
    });
    let (requests, scope): (Vec<_>, Scope) = (requests.collect(), everything());
    let tx = portal.gate.store().begin().await.unwrap();
    let loaded = snapshot::load(&tx, &scope, known, &requests, hold).await.unwrap();
    tx.rollback().await.unwrap();
    loaded
}

fn change_row(action: &str, address: &str) -> Wish {
    let row = ChangeRow::of(customer_number(), action, [(Field::EmailAddress, address)]);
    Wish::ChangeRow(Box::new(row))
}

on_both! {
    async fn seats_taken_follow_what_is_assigned_changed_and_revoked(portal: Portal) {
        established(&portal).await;
        let (ben, fintan) = (portal.account(BEN).await, portal.account(FINTAN).await);
        let (bundle, collab) = (seat(1, Offering::Bundle), seat(2, Offering::Collab));
        happen(&portal, [assigned(ben, &bundle), assigned(fintan, &collab)]).await.unwrap();
        assert_eq!(taken(&portal).await, [1, 1, 0, 0, 0]);
        let single = Seat {
            collab_extra_gb: 20,
            ..Seat { id: bundle.id, ..seat(2, Offering::Collab) }
        };
        let changed = AccountFact::SeatChanged { before: bundle.clone(), after: single.clone() };
        happen(&portal, [about(ben, changed)]).await.unwrap();
        assert_eq!(taken(&portal).await, [0, 2, 0, 0, 0]);
        assert_eq!(seats_of(&portal, ben).await, std::slice::from_ref(&single));
        let db = portal.gate.store().reader();
        assert_eq!(customers::storage_used(db, customer_number()).await.unwrap(), (20, 0));
        happen(&portal, [revoked(ben, &single)]).await.unwrap();
        assert_eq!(taken(&portal).await, [0, 1, 0, 0, 0]);
        assert_eq!(customers::storage_used(db, customer_number()).await.unwrap(), (0, 0));
        portal.adds_up().await;
    }

    async fn the_last_seat_goes_to_one_person(portal: Portal) {
        established(&portal).await;
        let (ben, fintan) = (portal.account(BEN).await, portal.account(FINTAN).await);
        happen(&portal, [assigned(ben, &seat(3, Offering::Mail))]).await.unwrap();
        let again = happen(&portal, [assigned(fintan, &seat(3, Offering::Mail))]).await;
        assert!(is_conflict(&again), "{again:?}");
        assert_eq!(taken(&portal).await, [0, 0, 1, 0, 0]);
        let fewer = Fact::Subscription {
            organisation: code("RIV"),
            before: Some(subscription(3, Offering::Mail, 1)),
            after: subscription(3, Offering::Mail, 0),
        };
        let fewer = happen(&portal, [fewer]).await;
        assert!(is_conflict(&fewer), "{fewer:?}");
        portal.adds_up().await;
    }

    async fn nobody_has_two_seats_of_one_side_or_of_one_accessory(portal: Portal) {
        established(&portal).await;
        let ben = portal.account(BEN).await;
        let bundle = seat(1, Offering::Bundle);
        happen(&portal, [assigned(ben, &bundle), assigned(ben, &seat(4, Offering::Docs))]).await.unwrap();
        for (of, offering) in [(2, Offering::Collab), (3, Offering::Mail), (1, Offering::Bundle), (4, Offering::Docs)] {
            let second = happen(&portal, [assigned(ben, &seat(of, offering))]).await;
            assert!(is_conflict(&second), "{offering:?}: {second:?}");
        }
        assert_eq!(taken(&portal).await, [1, 0, 0, 1, 0]);
        let mail = seat(3, Offering::Mail);
        happen(&portal, [revoked(ben, &bundle), assigned(ben, &mail)]).await.unwrap();
        // What is gone cannot go once more.
        let gone = happen(&portal, [revoked(ben, &bundle)]).await;
        assert!(gone.is_err());
        assert_eq!(taken(&portal).await, [0, 0, 1, 1, 0]);
    }

    async fn a_domain_and_an_organisation_are_one_customers(portal: Portal) {
        established(&portal).await;
        let other = Customer { number: CustomerNumber::new(7).unwrap(), organisation: code("G7H8J"), ..customer() };
        let same_domain = happen(&portal, [Fact::Customer { before: None, after: other.clone() }]).await;
        assert!(is_conflict(&same_domain), "{same_domain:?}");
        let same_place = Customer { organisation: code("RIV"), domains: vec![], ..other.clone() };
        let same_place = happen(&portal, [Fact::Customer { before: None, after: same_place }]).await;
        assert!(is_conflict(&same_place), "{same_place:?}");
        let less = Customer { domains: vec![], language: Some("cy".to_owned()), ..customer() };
        let given_up = Fact::Customer { before: Some(customer()), after: less.clone() };
        happen(&portal, [given_up, Fact::Customer { before: None, after: other.clone() }]).await.unwrap();
        let db = portal.gate.store().reader();
        assert_eq!(customers::all(db).await.unwrap(), [other, less.clone()]);
        assert_eq!(customers::of_organisation(db, &code("RIV")).await.unwrap(), Some(less));
        assert_eq!(customers::of(db, CustomerNumber::new(8).unwrap()).await.unwrap(), None);
        portal.adds_up().await;
    }

    async fn seats_are_in_use_once_their_person_activates_the_account(portal: Portal) {
        established(&portal).await;
        let cells = Cells::of([
            (Attribute::Organisation, "RIV"),
            (Attribute::FirstName, "Zora"),
            (Attribute::LastName, "Quillfeather"),
        ]);
        portal.gate.on_behalf_of(&SERVICE).establish(vec![Wish::NewAccount(cells)]).await.unwrap();
        let zora = portal.account("zora.quillfeather@health.example").await;
        happen(&portal, [assigned(zora, &seat(1, Offering::Bundle))]).await.unwrap();
        assert!(!seats_of(&portal, zora).await[0].active);
        let activated = turned(zora, Turn::Activate, AccountStatus::Pending, AccountStatus::Active);
        happen(&portal, [activated]).await.unwrap();
        assert!(seats_of(&portal, zora).await[0].active);
        portal.adds_up().await;
    }

    async fn who_disabled_an_account_and_who_holds_it_is_known(portal: Portal) {
        let fintan = portal.account(FINTAN).await;
        let reason = "The merger is not finished".to_owned();
        happen(&portal, [
            turned(fintan, Turn::Disable, AccountStatus::Active, AccountStatus::Disabled),
            about(fintan, AccountFact::Held { reason: reason.clone() }),
        ]).await.unwrap();
        let standing = portal.standing(fintan).await;
        assert_eq!(standing.disabled_by, Some(Channel::ChangeFile));
        let held = standing.held.unwrap();
        assert_eq!((held.reason, held.by.as_str(), held.since), (reason, "Jem Okafor", NOON));
        portal.adds_up().await;
        happen(&portal, [
            turned(fintan, Turn::Enable, AccountStatus::Disabled, AccountStatus::Active),
            about(fintan, AccountFact::Released),
        ]).await.unwrap();
        let standing = portal.standing(fintan).await;
        assert_eq!((standing.disabled_by, standing.held), (None, None));
        portal.adds_up().await;
    }

    async fn holders_of_seats_are_listed_by_name_within_the_scope(portal: Portal) {
        established(&portal).await;
        let (ben, fintan) = (portal.account(BEN).await, portal.account(FINTAN).await);
        happen(&portal, [
            assigned(fintan, &seat(2, Offering::Collab)),
            assigned(ben, &seat(2, Offering::Collab)),
        ]).await.unwrap();
        let (db, all) = (portal.gate.store().reader(), everything());
        let listed = customers::holders(db, &all, number(2), None, 10).await.unwrap();
        let ids: Vec<_> = listed.iter().map(|holder| holder.account.id).collect();
        assert_eq!(ids, [ben, fintan]);
        assert_eq!((listed[0].assigned_at, listed[0].seat.subscription), (NOON, number(2)));
        let rest = customers::holders(db, &all, number(2), Some(&listed[0].position), 10).await.unwrap();
        assert_eq!(rest.iter().map(|holder| holder.account.id).collect::<Vec<_>>(), [fintan]);
        assert_eq!(customers::count_holders(db, &all, number(2)).await.unwrap(), 2);
        let elsewhere = below("/G7H8J/");
        assert!(customers::holders(db, &elsewhere, number(2), None, 10).await.unwrap().is_empty());
        assert_eq!(customers::count_holders(db, &elsewhere, number(2)).await.unwrap(), 0);
    }

    async fn a_change_files_row_knows_its_customer_and_its_peoples_seats(portal: Portal) {
        established(&portal).await;
        let ben = portal.account(BEN).await;
        let extra = Seat { collab_extra_gb: 20, ..seat(2, Offering::Collab) };
        happen(&portal, [assigned(ben, &extra)]).await.unwrap();
        let rename = Rename {
            account: ben,
            address: EmailAddress::parse("b.cartwright@river.example").unwrap(),
            before: BEN.to_owned(),
            customer: customer_number(),
            asked_at: NOON,
            expires_at: Timestamp(NOON.0 + 1),
        };
        let tx = portal.gate.store().begin().await.unwrap();
        renames::ask(&tx, &rename, "hash", NOON).await.unwrap();
        tx.commit().await.unwrap();

        let capitals = BEN.to_uppercase();
        for hold in [Hold::Free, Hold::Locked] {
            let wishes = vec![change_row("changestorage", &capitals), change_row("Rename", BEN)];
            let known = load(&portal, wishes, hold).await;
            assert_eq!(known.customers, [customer()]);
            assert!(known.organisations.contains_key(&code("RIV")));
            assert_eq!(known.accounts.iter().map(|account| account.id).collect::<Vec<_>>(), [ben]);
            assert_eq!(known.seats.get(&ben), Some(&vec![extra.clone()]));
            assert_eq!((known.subscriptions.len(), known.subscriptions[&number(2)].taken), (5, 1));
            assert_eq!(known.storage_used.get(&customer_number()), Some(&(20, 0)));
            assert!(known.renaming.contains(&ben));
        }
        let wish = |wish| vec![Wish::Account(ben, wish)];
        let known = load(&portal, wish(AccountWish::Turn(Turn::Delete)), Hold::Free).await;
        assert_eq!((known.seats.len(), known.subscriptions.len(), known.customers.len()), (1, 1, 1));
        let known = load(&portal, wish(AccountWish::Turn(Turn::Disable)), Hold::Free).await;
        assert!(known.seats.is_empty() && known.subscriptions.is_empty() && known.customers.is_empty());
    }

    async fn whoever_a_new_person_of_a_change_file_may_be_is_known(portal: Portal) {
        established(&portal).await;
        let row = [
            (Field::EmailAddress, "f.gillespie@river.example"),
            (Field::GivenName, "Fintan"),
            (Field::FamilyName, "Gillespie"),
        ];
        let row = Wish::ChangeRow(Box::new(ChangeRow::of(customer_number(), "Add", row)));
        let known = load(&portal, vec![row], Hold::Free).await;
        let fintan = portal.account(FINTAN).await;
        assert!(known.accounts.iter().any(|account| account.id == fintan));
    }

    async fn whoever_has_the_name_that_a_row_would_give_is_known(portal: Portal) {
        established(&portal).await;
        let (ben, fintan) = (portal.account(BEN).await, portal.account(FINTAN).await);
        let named = |account, name: &str| {
            let after = Some(Value::stored(name.to_owned()));
            let change = Change { attribute: Attribute::NotesName, before: None, after };
            about(account, AccountFact::Changed { changes: vec![change] })
        };
        happen(&portal, [named(ben, "Zora Quillfeather"), named(fintan, "ZORA Quillfeather 2")]).await.unwrap();
        let asked = |more: &[(Field, &'static str)]| {
            let new = [
                (Field::EmailAddress, "zora@health.example"),
                (Field::GivenName, "Zora"),
                (Field::FamilyName, "quillfeather"),
            ];
            let row = ChangeRow::of(customer_number(), "Add", new.into_iter().chain(more.iter().copied()));
            vec![Wish::ChangeRow(Box::new(row))]
        };
        let mail = (Field::SubscriptionId, "3");
        let named_so = [mail, (Field::NotesDn, "zora quillfeather 2")];
        for (more, mut expected) in
            [(&[][..], vec![]), (&[mail][..], vec![ben, fintan]), (&named_so[..], vec![fintan])]
        {
            let known = load(&portal, asked(more), Hold::Locked).await;
            let mut ids: Vec<_> = known.accounts.iter().map(|account| account.id).collect();
            ids.sort_unstable();
            expected.sort_unstable();
            assert_eq!(ids, expected, "{more:?}");
        }
    }

    async fn of_who_is_erased_no_seat_and_no_customer_says_anything(portal: Portal) {
        established(&portal).await;
        let (ben, fintan) = (portal.account(BEN).await, portal.account(FINTAN).await);
        let address = EmailAddress::parse(FINTAN).unwrap();
        let theirs = Customer { connector: Some(fintan), contact: Some(address.clone()), ..customer() };
        happen(&portal, [
            Fact::Customer { before: Some(customer()), after: theirs },
            assigned(fintan, &seat(1, Offering::Bundle)),
            assigned(ben, &seat(1, Offering::Bundle)),
        ]).await.unwrap();
        let tx = portal.gate.store().begin().await.unwrap();
        let rename = Rename {
            account: fintan,
            address,
            before: FINTAN.to_owned(),
            customer: customer_number(),
            asked_at: NOON,
            expires_at: Timestamp(NOON.0 + 1_000_000),
        };
        renames::ask(&tx, &rename, "hash", NOON).await.unwrap();
        let loss = |account| Loss { account, organisation: code("RIV"), at: NOON };
        losses::note(&tx, ben, &[loss(fintan)]).await.unwrap();
        losses::note(&tx, fintan, &[loss(ben)]).await.unwrap();
        let why = serde_json::from_value(serde_json::json!({
            "fault": "header-unknown", "heading": "Fintan.Gillespie@health.example",
        }));
        let failed = NewFile { state: FileState::Failed, why: Some(why.unwrap()), ..new_file(1) };
        let failed = files::insert(&tx, failed).await.unwrap();
        tx.commit().await.unwrap();

        for wish in [AccountWish::Turn(Turn::Delete), AccountWish::Erase] {
            let wish = Wish::Account(fintan, wish);
            portal.gate.on_behalf_of(&SERVICE).establish(vec![wish]).await.unwrap();
        }
        let db = portal.gate.store().reader();
        assert_eq!(taken(&portal).await, [1, 0, 0, 0, 0]);
        assert!(seats_of(&portal, fintan).await.is_empty());
        assert_eq!(customers::of(db, customer_number()).await.unwrap(), Some(customer()));
        assert_eq!(renames::of(db, fintan, NOON).await.unwrap(), None);
        assert!(losses::since(db, ben, NOON).await.unwrap().is_empty());
        assert!(losses::since(db, fintan, NOON).await.unwrap().is_empty());
        let failed = files::get(db, &failed).await.unwrap().unwrap();
        assert!(!format!("{failed:?}").to_lowercase().contains("fintan"), "{failed:?}");
        let told = "UPDATE event SET fact = fact WHERE lower(fact) LIKE '%\"contact\":\"fintan%'";
        assert_eq!(db.execute_unprepared(told).await.unwrap().rows_affected(), 0);
        portal.adds_up().await;
    }
}
