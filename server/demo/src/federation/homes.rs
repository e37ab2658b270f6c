//! The organisations of a made-up federation, and how many people each has: of a hundred, one or two are trusts with three
//! quarters of all people; ten are parts of those; the others are practices with a dozen each.

use domain::organisation::{Organisation, OrganisationCode, OrganisationPath, OrganisationStatus, Site, UnitPath};

use super::names::{Dice, SURNAMES, surname};

/// How large it is to be.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Accounts and contacts together.
    pub people: u32,
    /// Organisations.
    pub organisations: u32,
}

/// An organisation with its people, as numbers.
#[derive(Clone, Debug)]
pub(super) struct Home {
    pub(super) organisation: Organisation,
    pub(super) accounts: u32,
    pub(super) first_account: u32,
    pub(super) contacts: u32,
    pub(super) first_contact: u32,
}

/// All organisations, each after the one above it, and trees together.
pub(super) fn homes(size: Size) -> Vec<Home> {
    let mut dice = Dice::new();
    let trusts = (size.organisations * 3 / 200).max(1).min(size.organisations);
    let parts = (size.organisations / 10).min(size.organisations - trusts);
    let practices = size.organisations - trusts - parts;
    let mut weighed = Vec::with_capacity(size.organisations as usize);
    for rank in 0..trusts {
        let Some(trust) = trust(rank) else { continue };
        let own = (rank..parts).step_by(trusts as usize);
        let below: Vec<_> = own.filter_map(|number| part(&trust, number)).collect();
        weighed.push((Kind::Trust, 1.0 / f64::from(rank + 6).sqrt(), trust));
        weighed.extend(
            below
                .into_iter()
                .map(|part| (Kind::Part, f64::from(1 + dice.below(8)), part)),
        );
    }
    for practice in (0..practices).filter_map(practice) {
        let is_open = practice.status == OrganisationStatus::Open;
        let weight = if is_open { f64::from(1 + dice.below(12)) } else { 0.0 };
        weighed.push((Kind::Practice, weight, practice));
    }
    peopled(weighed, size.people)
}

/// Who of an organisation's people is its connector by program, by email and by change file, counted from 0: nobody has the
/// role twice there. The first administers it, too.
pub(super) const BY_PROGRAM: u32 = 0;
pub(super) const BY_EMAIL: u32 = 1;
pub(super) const BY_CHANGE_FILE: u32 = 2;

/// How many of an organisation's people may be given a role; all of them are active.
pub(super) const HOLDERS: u32 = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Trust,
    Part,
    Practice,
}

impl Kind {
    /// The share of all people, where there are organisations of every kind.
    const fn share(self) -> f64 {
        match self {
            Self::Trust => 0.75,
            Self::Part => 0.1,
            Self::Practice => 0.15,
        }
    }
}

/// Deals people out by weight. One in twenty is a contact.
fn peopled(weighed: Vec<(Kind, f64, Organisation)>, people: u32) -> Vec<Home> {
    let sum_of = |kind: Kind| {
        let own = weighed.iter().filter(|(other, ..)| *other == kind);
        own.map(|(_, weight, _)| weight).sum::<f64>()
    };
    let sums = [Kind::Trust, Kind::Part, Kind::Practice].map(|kind| (kind, sum_of(kind)));
    let there: f64 = sums
        .iter()
        .filter(|(_, sum)| *sum > 0.0)
        .map(|(kind, _)| kind.share())
        .sum();
    let contacts = people / 20;
    let accounts = people - contacts;
    let (mut dealt, mut first_account, mut first_contact) = (0.0, 0, 0);
    let last = weighed.len().saturating_sub(1);
    let mut homes = Vec::with_capacity(weighed.len());
    for (place, (kind, weight, organisation)) in weighed.into_iter().enumerate() {
        let sum = sums
            .iter()
            .find(|(other, _)| *other == kind)
            .map_or(1.0, |(_, sum)| *sum);
        if weight > 0.0 {
            dealt += kind.share() / there * weight / sum;
        }
        // Up to here so many, so that all together are exactly as many as were asked for.
        let up_to = |all: u32| {
            if place == last {
                all
            } else {
                (f64::from(all) * dealt) as u32
            }
        };
        homes.push(Home {
            organisation,
            accounts: up_to(accounts) - first_account,
            first_account,
            contacts: up_to(contacts) - first_contact,
            first_contact,
        });
        (first_account, first_contact) = (up_to(accounts), up_to(contacts));
    }
    homes
}

fn trust(rank: u32) -> Option<Organisation> {
    let place = place(rank);
    let code = format!("R{rank:04}");
    let sites = ["General Hospital", "Infirmary", "Community Hospital"];
    let mut units = Vec::new();
    for top in [
        "Medicine",
        "Surgery",
        "Women and Children",
        "Diagnostics",
        "Estates",
        "People Services",
    ] {
        units.push(UnitPath::parse(top));
        units.extend((1..=4).map(|ward| UnitPath::parse(&format!("{top} / Team {ward}"))));
    }
    let sites = (1..).zip(sites).map(|(number, name)| Site {
        code: format!("{code}{number}"),
        name: format!("{place} {name}"),
    });
    let trust = organisation(None, &code, format!("{place} Hospitals Trust"), place.clone())?;
    let sites = sites.collect();
    Some(Organisation { sites, units, ..trust })
}

fn part(trust: &Organisation, number: u32) -> Option<Organisation> {
    let place = place(number * 7 + 3);
    let code = format!("C{number:05}");
    let kind = ["Community Services", "Day Hospital", "Health Centre"][number as usize % 3];
    let part = organisation(Some(&trust.path), &code, format!("{place} {kind}"), place.clone())?;
    let units = ["Clinics", "Office"].map(UnitPath::parse).to_vec();
    Some(Organisation { units, ..part })
}

fn practice(number: u32) -> Option<Organisation> {
    let place = place(number * 11 + 5);
    let code = format!("P{number:05}");
    let kind = ["Surgery", "Medical Centre", "Practice", "Health Centre"][number as usize % 4];
    let mut practice = organisation(None, &code, format!("{place} {kind}"), place.clone())?;
    if number % 100 == 99 {
        practice.status = OrganisationStatus::Closed;
    }
    Some(practice)
}

fn organisation(
    above: Option<&OrganisationPath>,
    code: &str,
    name: String,
    short_name: String,
) -> Option<Organisation> {
    let code = OrganisationCode::parse(code).ok()?;
    Some(Organisation {
        path: OrganisationPath::below(above, &code),
        code,
        name,
        short_name,
        status: OrganisationStatus::Open,
        sites: vec![],
        units: vec![],
    })
}

fn place(number: u32) -> String {
    surname(number as usize % SURNAMES)
}
