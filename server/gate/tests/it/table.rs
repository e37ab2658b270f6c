//! The gate against a model of the role table (domain, section 3): whatever roles people hold and wherever, the gate lets
//! them do what the model says, and nothing else.

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    grant::Terms,
    life::Turn,
    organisation::{OrganisationCode, UnitPath},
    policy::{Actor, Role},
    request::{AccountWish, Cells, RoleWish, Wish},
    values::ids::AccountId,
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use testkit::{Kind, Portal, SERVICE};

use crate::grants::{told, wish};

/// A role with the place where it is held.
type Held = (Role, &'static str, Option<&'static str>);

/// Places with their paths in the tree; a unit of the trust, and one below it, and one whose name begins alike.
const PLACES: [(&str, &str, Option<&str>); 7] = [
    ("RIV", "/RIV/", None),
    ("RIV", "/RIV/", Some("Medicine")),
    ("RIV", "/RIV/", Some("Medicine / Ward 7")),
    ("RIV", "/RIV/", Some("Surgery")),
    ("RIV01", "/RIV/RIV01/", None),
    ("RIV01", "/RIV/RIV01/", Some("Paediatrics")),
    ("G7H8J", "/G7H8J/", None),
];

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Create,
    Edit,
    Disable,
    Leave,
    Reset,
    Grant(Role),
}

/// The table, as it is published.
fn model(held: &[Held], deed: Deed, place: (&str, Option<&str>)) -> bool {
    use Role::{Audit, Connector, GlobalAdministrator as Ga, GlobalHelpdesk as Gh, LocalAdministrator as La};
    use Role::{LocalHelpdesk as Lh, PrimaryLocalAdministrator as Pla};
    let allows = |role: Role| match deed {
        Deed::Create | Deed::Leave => [Pla, La, Ga].contains(&role),
        Deed::Edit | Deed::Disable | Deed::Reset => [Pla, La, Lh, Ga, Gh].contains(&role),
        Deed::Grant(Pla | La | Lh | Connector | Audit) => [Pla, Ga].contains(&role),
        Deed::Grant(Ga | Gh) => role == Ga,
    };
    let covers = |path: &str, over: Option<&str>| match over {
        None => place.0.starts_with(path),
        Some(over) => {
            path == place.0
                && place
                    .1
                    .is_some_and(|unit| unit == over || unit.starts_with(&format!("{over} / ")))
        }
    };
    let reaches = |(role, path, over): &Held| matches!(role, Ga | Gh) || covers(path, *over);
    held.iter().any(|held| allows(held.0) && reaches(held))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gate_answers_as_the_published_table_does() {
    let portal = Portal::open(Kind::Sqlite).await;
    let grace = portal.persona("Grace").await;
    let visit = portal.gate.on_behalf_of(&grace);
    let all = visit.all_accounts(&gate::Query::default(), 1000).await.unwrap();
    let personas: Vec<_> = demo::PERSONAS.iter().map(|persona| persona.last).collect();
    let people: Vec<_> = all
        .into_iter()
        .filter(|account| account.status == AccountStatus::Active)
        .filter(|account| !personas.contains(&account.attributes.text(Attribute::LastName)))
        .collect();
    let seed = rand::random::<u64>();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);

    // A dozen people with up to three roles each; everybody else holds none.
    let (askers, others) = people.split_at(12);
    let mut asking: Vec<(Actor, Vec<Held>)> = Vec::new();
    for account in askers {
        let mut held: Vec<Held> = Vec::new();
        for _ in 0..random.random_range(0..4) {
            let role = *Role::ALL.choose(&mut random).unwrap();
            let (code, path, unit) = *PLACES.choose(&mut random).unwrap();
            if held.contains(&(role, path, unit)) {
                continue;
            }
            held.push((role, path, unit));
            let grant = granted(account.id, role, code, unit);
            portal.gate.on_behalf_of(&SERVICE).establish(vec![grant]).await.unwrap();
        }
        asking.push((Actor::person(account.id, account.full_name()), held));
    }

    let (mut allowed, mut refused) = (0, 0);
    for number in 0..400 {
        let (actor, held) = asking.choose(&mut random).unwrap();
        let role = *Role::ALL.choose(&mut random).unwrap();
        let deeds = [
            Deed::Create,
            Deed::Edit,
            Deed::Disable,
            Deed::Leave,
            Deed::Reset,
            Deed::Grant(role),
        ];
        let deed = *deeds.choose(&mut random).unwrap();
        let other = others.choose(&mut random).unwrap();
        let (code, path, unit) = *PLACES.choose(&mut random).unwrap();
        let home = people_path(other.organisation.as_str());
        let own_unit = other.unit().map(|unit| unit.as_str().to_owned());
        let theirs = (home.as_str(), own_unit.as_deref());
        let account = other.id;
        let (wish, expected) = match deed {
            Deed::Create => (new_account(number, code, unit), model(held, deed, (path, unit))),
            Deed::Edit => {
                let title = format!("Walker {number}");
                let cells = Cells::of([(Attribute::JobTitle, title.as_str())]);
                (
                    Wish::Account(account, AccountWish::Edit(cells)),
                    model(held, deed, theirs),
                )
            }
            Deed::Disable => (
                Wish::Account(account, AccountWish::Turn(Turn::Disable)),
                model(held, deed, theirs),
            ),
            Deed::Leave => (
                Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver)),
                model(held, deed, theirs),
            ),
            Deed::Reset => (
                Wish::Account(account, AccountWish::ResetPassword),
                model(held, deed, theirs),
            ),
            Deed::Grant(role) => {
                // Whoever gives a role manages the person, and may give that role at the place.
                let gives = [Role::Audit, Role::PrimaryLocalAdministrator];
                let sees = gives.iter().any(|role| model(held, Deed::Grant(*role), theirs));
                let wish = wish(account, role, code, unit);
                (wish, sees && model(held, deed, (path, unit)))
            }
        };
        let answer = told(&portal, actor, wish.clone()).await;
        assert_eq!(
            answer == "planned",
            expected,
            "seed {seed}: {held:?} asks for {wish:?}: {answer}"
        );
        match expected {
            true => allowed += 1,
            false => refused += 1,
        }
    }
    assert!(allowed > 20 && refused > 20, "{allowed} allowed, {refused} refused");
}

fn granted(account: AccountId, role: Role, code: &str, unit: Option<&str>) -> Wish {
    let channels = match role {
        Role::Connector => vec![domain::channel::Channel::Api],
        _ => vec![],
    };
    Wish::Role(
        account,
        RoleWish::Grant {
            role,
            organisation: OrganisationCode::parse(code).unwrap(),
            unit: unit.map(UnitPath::parse),
            terms: Terms {
                channels,
                ..Terms::default()
            },
        },
    )
}

fn new_account(number: usize, code: &str, unit: Option<&str>) -> Wish {
    let letters: String = number
        .to_string()
        .bytes()
        .map(|digit| char::from(b'a' + digit - b'0'))
        .collect();
    let last = format!("Walker{letters}");
    Wish::NewAccount(Cells::of([
        (Attribute::FirstName, "Wanda"),
        (Attribute::LastName, last.as_str()),
        (Attribute::Organisation, code),
        (Attribute::Unit, unit.unwrap_or_default()),
    ]))
}

fn people_path(code: &str) -> String {
    match code {
        "RIV" | "G7H8J" | "HLD01" | "FED00" => format!("/{code}/"),
        below => format!("/RIV/{below}/"),
    }
}
