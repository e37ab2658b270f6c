//! Invariants 5 and 6 over every operation: random people ask for random things, and the events add up to the directory.

use domain::{
    absence::Absence,
    dictionary::Attribute,
    life::Turn,
    offer::OfferEnd,
    policy::Actor,
    request::{AccountWish, Cells, ContactWish, Wish},
    submission::{LookAlikes, State},
    values::ids::{AccountId, ContactId, OfferId},
};
use gate::{Asked, Confirmation, GateError, seen};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use testkit::{Kind, Portal, SERVICE};

/// Things that each walk asks for.
const STEPS: usize = 400;

struct Walk {
    portal: Portal,
    accounts: Vec<AccountId>,
    contacts: Vec<ContactId>,
    offers: Vec<OfferId>,
    addresses: Vec<String>,
}

impl Walk {
    async fn look_around(&mut self) {
        let grace = self.portal.persona("Grace").await;
        let visit = self.portal.gate.on_behalf_of(&grace);
        let query = gate::Query::default();
        let accounts = visit.all_accounts(&query, 10_000).await.unwrap();
        self.addresses = accounts
            .iter()
            .map(|account| account.attributes.text(Attribute::EmailAddress).to_owned())
            .collect();
        self.accounts = accounts.into_iter().map(|account| account.id).collect();
        let contacts = visit.all_contacts(&query, 10_000).await.unwrap();
        self.contacts = contacts.into_iter().map(|contact| contact.id).collect();
        let offers = visit.offers().await.unwrap().received;
        self.offers = offers.into_iter().map(|listed| listed.offer.id).collect();
    }

    fn wish(&self, random: &mut StdRng) -> Wish {
        let code = *["RIV", "RIV01", "RIV", "G7H8J", "RIV09", "FED00"]
            .choose(random)
            .unwrap();
        let cells = |random: &mut StdRng| {
            let first = *["Ada", "Zoë", "Mary Ann"].choose(random).unwrap();
            let last = *["Bright", "O’Neill", "Grün"].choose(random).unwrap();
            let id = format!("w{}", random.random_range(0..60));
            Cells::of([
                (Attribute::FirstName, first),
                (Attribute::LastName, last),
                (Attribute::LocalId, id.as_str()),
                (Attribute::Organisation, code),
            ])
        };
        let place = || Cells::of([(Attribute::Organisation, code)]);
        let account = *self.accounts.choose(random).unwrap();
        let contact = *self.contacts.choose(random).unwrap();
        let address = self.addresses.choose(random).unwrap().clone();
        let offer = self.offers.choose(random).copied();
        match random.random_range(0..21) {
            0 => {
                let mut cells = cells(random);
                let day = |random: &mut StdRng| testkit::NOON.plus_seconds(86_400 * random.random_range(1..60));
                cells.stay.starts = random.random_bool(0.3).then(|| day(random));
                cells.stay.leaves = random.random_bool(0.3).then(|| day(random));
                Wish::NewAccount(cells)
            }
            1 => {
                let title = ["Nurse", "(clear)", "Porter"].choose(random).unwrap();
                let cells = Cells::of([(Attribute::JobTitle, *title)]);
                Wish::Account(account, AccountWish::Edit(cells))
            }
            2 => {
                let address = format!("new.name{}@health.example", random.random_range(2..9));
                let cells = Cells::of([(Attribute::EmailAddress, address.as_str())]);
                Wish::Account(account, AccountWish::Edit(cells))
            }
            3..=6 => Wish::Account(account, AccountWish::Turn(*Turn::ALL.choose(random).unwrap())),
            7 => Wish::Account(
                account,
                AccountWish::Leaving(
                    random
                        .random_bool(0.7)
                        .then(|| testkit::NOON.plus_seconds(86_400 * random.random_range(1..60))),
                ),
            ),
            17 => {
                let from = random.random_range(-20..60);
                let until = from + random.random_range(1..30);
                let ahead = |days: i64| testkit::NOON.plus_seconds(86_400 * days);
                let absence = Absence {
                    from: (from > 0).then(|| ahead(from)),
                    until: random.random_bool(0.6).then(|| ahead(until)),
                    reason: "leave".to_owned(),
                };
                if random.random_bool(0.2) {
                    return Wish::Account(account, AccountWish::ChangeAbsence(absence));
                }
                let absence = random.random_bool(0.8).then_some(absence);
                Wish::Account(account, AccountWish::Absence(absence))
            }
            18 => {
                let attribute = *[Attribute::StartDate, Attribute::EndDate].choose(random).unwrap();
                let day = format!("2026-12-{:02}", random.random_range(1..29));
                let cells = Cells::of([(attribute, day.as_str())]);
                Wish::Account(account, AccountWish::Edit(cells))
            }
            20 => {
                // One that somebody may have, one that may be an address, and none.
                let number = random.random_range(2..9);
                let named = format!("Walker{number}");
                let addressed = format!("New.Name{number}@health.example");
                let names = [named.as_str(), addressed.as_str(), "(clear)"];
                let name = *names.choose(random).unwrap();
                Wish::Account(account, AccountWish::Edit(Cells::of([(Attribute::UserName, name)])))
            }
            8 | 9 => Wish::Account(account, AccountWish::Move(place())),
            10 => Wish::Join {
                address,
                cells: place(),
            },
            11 => Wish::Account(account, AccountWish::ResetPassword),
            12 => {
                let mut cells = cells(random);
                cells
                    .texts
                    .insert(Attribute::EmailAddress, "walker@council.example".into());
                Wish::NewContact(cells)
            }
            13 => {
                let cells = Cells::of([(Attribute::JobTitle, "Visitor"), (Attribute::LastName, "Moved")]);
                Wish::Contact(contact, ContactWish::Edit(cells))
            }
            14 => match random.random_bool(0.5) {
                true => Wish::Contact(contact, ContactWish::Delete),
                false => Wish::Contact(contact, ContactWish::Restore),
            },
            15 => Wish::Contact(contact, ContactWish::Move(place())),
            16 => Wish::Contact(contact, ContactWish::Offer(code.to_owned())),
            _ => match offer {
                Some(offer) if random.random_bool(0.5) => Wish::AcceptOffer(offer, Cells::of([])),
                Some(offer) => Wish::EndOffer(
                    offer,
                    *[OfferEnd::Declined, OfferEnd::Withdrawn].choose(random).unwrap(),
                ),
                None => Wish::Contact(contact, ContactWish::Delete),
            },
        }
    }

    /// Asks and confirms; says whether anything was done.
    async fn step(&self, actor: &Actor, wish: Wish) -> bool {
        let visit = self.portal.gate.on_behalf_of(actor);
        let id = match visit.ask("Walk", wish.clone()).await {
            Ok(Asked::Planned(id)) => id,
            Ok(Asked::Wrong(_) | Asked::Nothing) | Err(GateError::Denied) => return false,
            Err(error) => panic!("{wish:?}: {error:?}"),
        };
        let said = Confirmation {
            seen: seen(
                &visit
                    .submission(&id)
                    .await
                    .unwrap_or_else(|error| panic!("{wish:?} by {actor:?}: {error:?}")),
            ),
            look_alikes: Some(LookAlikes::Create),
            typed: None,
        };
        if let Err(error) = visit.confirm(&id, said).await {
            panic!("{wish:?}: {error:?}");
        }
        // Invariant 6: confirmed again, it does nothing.
        let before = store::directory::apply::state(self.portal.gate.store().reader())
            .await
            .unwrap();
        let again = visit.confirm(&id, said).await;
        assert!(
            matches!(again, Err(GateError::Stale | GateError::NotFound)),
            "{wish:?}: {again:?}"
        );
        let after = store::directory::apply::state(self.portal.gate.store().reader())
            .await
            .unwrap();
        assert_eq!(before, after, "{wish:?}");
        match visit.submission(&id).await {
            Ok(submission) => assert_eq!(submission.state, State::Applied, "{wish:?}"),
            // Whoever gives somebody away may not look at it any more.
            Err(GateError::NotFound) => {}
            Err(error) => panic!("{wish:?}: {error:?}"),
        }
        true
    }
}

async fn every_operation_adds_up(kind: Kind) {
    let portal = Portal::open(kind).await;
    // Another walk: WALK_SEED=7 in front of the test's command.
    let seed = std::env::var("WALK_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut random = StdRng::seed_from_u64(seed.unwrap_or(20_261_122));
    let mut walk = Walk {
        portal,
        accounts: vec![],
        contacts: vec![],
        offers: vec![],
        addresses: vec![],
    };
    walk.look_around().await;
    let mut actors = Vec::new();
    for name in ["Ben", "Priya", "Gwen", "Grace", "Grace", "Hamid", "Una"] {
        actors.push(walk.portal.persona(name).await);
    }
    let mut done = std::collections::BTreeMap::<String, usize>::new();
    for step in 0..STEPS {
        if step % 20 == 0 {
            walk.look_around().await;
            walk.portal.pass_seconds(86_400);
            walk.portal.gate.sweep(&SERVICE).await.unwrap();
            walk.look_around().await;
        }
        let actor = actors.choose(&mut random).unwrap();
        let wish = walk.wish(&mut random);
        let name = format!("{:?}", wish.operation());
        if walk.step(actor, wish).await {
            *done.entry(name).or_default() += 1;
        }
    }
    assert!(done.len() >= 10, "{done:?}");
    walk.portal.adds_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_adds_up_on_sqlite() {
    every_operation_adds_up(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_adds_up_on_postgres() {
    every_operation_adds_up(Kind::Postgres).await;
}
