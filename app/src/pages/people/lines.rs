//! The lines of a list of people.

use std::collections::HashSet;

use domain::{
    account::{Account, AccountStatus},
    contact::Contact,
    dictionary::{Attribute, Attributes},
    organisation::{Organisation, OrganisationCode, Site},
};
use gate::Listed;
use leptos::prelude::*;

use crate::{
    calls::work,
    components::{
        breakable::Breakable,
        people_table::{Line, Tick},
        tags, values,
    },
    routes,
    searches::people::{Column, found_at},
    words,
};

/// The names that several people of a page have: they are told apart by what else is known of them.
pub(super) fn namesakes(names: impl Iterator<Item = String>) -> HashSet<String> {
    let mut seen = HashSet::new();
    names.filter(|name| !seen.insert(name.clone())).collect()
}

/// An account. Its tick is named with the address and the local ID; namesakes are told apart by their job and unit, too.
pub(super) fn account_line(
    listed: &Listed<Account>,
    columns: &[Column],
    organisations: &[Organisation],
    ticked: &str,
    is_namesake: bool,
) -> Line {
    let account = &listed.person;
    let work = work(&account.attributes);
    let told_work = if is_namesake { work.clone() } else { String::new() };
    let name = [account.full_name(), told_work, account.attributes.known_as()];
    let name: Vec<_> = name.into_iter().filter(|text| !text.is_empty()).collect();
    let name = name.join(", ");
    let home = organisations.iter().find(|place| place.code == account.organisation);
    let sites = home.map_or(&[][..], |place| place.sites.as_slice());
    let cell = |column: &Column| match column {
        Column::Status => standing(account, !columns.contains(&Column::Away)),
        Column::Away => away(account).unwrap_or_default().into_any(),
        Column::Starts => account.starts_at.map(words::day).unwrap_or_default().into_any(),
        Column::Leaving => account.leaving_at.map(words::day).unwrap_or_default().into_any(),
        Column::Attribute(Attribute::Organisation) => short_name(organisations, &account.organisation).into_any(),
        Column::Attribute(attribute) => value(&account.attributes, *attribute, sites),
    };
    let id = account.id.to_string();
    Line {
        href: routes::account(&account.id),
        name: sorted_name(&account.attributes),
        address: found_at(listed),
        cells: columns.iter().map(cell).collect(),
        tick: Some(Tick {
            ticked: ticked.split(' ').any(|other| other == id),
            id,
            name,
        }),
        work: Some(work).filter(|work| is_namesake && !work.is_empty()),
    }
}

/// Where somebody stands, and below it their absence if no other column tells of it.
fn standing(account: &Account, tells_absence: bool) -> AnyView {
    let away = away(account).filter(|_| tells_absence);
    let away = away.map(|away| view! { " " <span class="app-people__address">{away}</span> });
    view! { {tags::status(account.status)} {away} }.into_any()
}

/// When somebody is away.
fn away(account: &Account) -> Option<String> {
    account.absence.as_ref()?.told(words::day)
}

/// A contact.
pub(super) fn contact_line(contact: &Contact, columns: &[Column], organisations: &[Organisation]) -> Line {
    let status = match contact.deleted_at {
        None => AccountStatus::Active,
        Some(_) => AccountStatus::Deleted,
    };
    let cell = |column: &Column| match column {
        Column::Status => tags::status(status).into_any(),
        Column::Away | Column::Starts | Column::Leaving => ().into_any(),
        Column::Attribute(Attribute::Organisation) => short_name(organisations, &contact.organisation).into_any(),
        Column::Attribute(attribute) => value(&contact.attributes, *attribute, &[]),
    };
    Line {
        href: routes::contact(&contact.id),
        name: sorted_name(&contact.attributes),
        address: contact.attributes.text(Attribute::EmailAddress).to_owned(),
        cells: columns.iter().map(cell).collect(),
        tick: None,
        work: None,
    }
}

/// A value in its cell. Where people write long words, such as addresses, they break.
fn value(attributes: &Attributes, attribute: Attribute, sites: &[Site]) -> AnyView {
    let text = values::known(attributes, attribute, sites).unwrap_or_default();
    match attribute {
        Attribute::Notes | Attribute::SipAddress if !text.is_empty() => view! { <Breakable text/> }.into_any(),
        _ => text.into_any(),
    }
}

fn sorted_name(attributes: &Attributes) -> String {
    format!(
        "{}, {}",
        attributes.text(Attribute::LastName),
        attributes.text(Attribute::FirstName)
    )
}

fn short_name(organisations: &[Organisation], code: &OrganisationCode) -> String {
    let found = organisations.iter().find(|organisation| organisation.code == *code);
    found.map_or_else(|| code.to_string(), |organisation| organisation.short_name.clone())
}

#[cfg(test)]
mod tests {
    use super::namesakes;

    #[test]
    fn only_names_that_several_have_are_told_apart() {
        let names = ["Sam Same", "Ann Other", "Sam Same"].map(ToOwned::to_owned);
        let told_apart: Vec<_> = namesakes(names.into_iter()).into_iter().collect();
        assert_eq!(told_apart, ["Sam Same"]);
    }
}
