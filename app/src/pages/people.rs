//! The people of one's scope: accounts or contacts, searched by name, address or local ID.

use domain::{
    account::{Account, AccountStatus},
    contact::Contact,
    dictionary::{Attribute, Attributes},
    organisation::{Organisation, OrganisationCode},
};
use gate::{Listed, PersonKind, Query};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        pagination::Pagination,
        people_table::{Line, PeopleTable},
        tags,
    },
    islands::LiveSearch,
    pages::asked,
    routes,
    visitor::Visitor,
};

/// Organisations offered as a filter.
const OFFERED: u64 = 200;

/// What the address bar asks for.
#[derive(Clone, Default)]
struct Asked {
    kind: PersonKind,
    words: String,
    organisation: String,
    status: String,
    after: String,
}

impl Asked {
    fn read() -> Self {
        let query = use_query_map().get_untracked();
        let part = |name: &str| query.get(name).unwrap_or_default();
        let kind = if part("kind") == "contacts" {
            PersonKind::Contact
        } else {
            PersonKind::Account
        };
        Self {
            kind,
            words: part("words"),
            organisation: part("organisation"),
            status: part("status"),
            after: part("after"),
        }
    }

    fn kind_word(&self) -> &'static str {
        match self.kind {
            PersonKind::Account => "",
            PersonKind::Contact => "contacts",
        }
    }

    fn query(&self) -> Query {
        let after = self
            .after
            .rsplit_once('~')
            .and_then(|(name, id)| Some((name.to_owned(), id.parse().ok()?)));
        Query {
            words: self.words.clone(),
            organisation: OrganisationCode::parse(&self.organisation).ok(),
            statuses: AccountStatus::ALL
                .into_iter()
                .filter(|status| status.name() == self.status)
                .collect(),
            after,
            ..Query::default()
        }
    }

    /// This list, going on behind a person.
    fn path(&self, after: &str) -> String {
        let parts = [
            ("kind", self.kind_word()),
            ("words", self.words.as_str()),
            ("organisation", &self.organisation),
            ("status", &self.status),
            ("after", after),
        ];
        routes::with_query(routes::PEOPLE, &parts)
    }
}

/// The list.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let wanted = Asked::read();
    asked(async move {
        let visit = visitor.visit()?;
        let offered = visit.organisations(OFFERED).await?;
        let query = wanted.query();
        let (lines, columns, position, more) = match wanted.kind {
            PersonKind::Account => {
                let listing = visit.accounts(&query).await?;
                let position = listing.people.last().map(|last| last.position.clone());
                let lines = listing
                    .people
                    .iter()
                    .map(|listed| account_line(listed, &listing.organisations))
                    .collect::<Vec<_>>();
                (
                    lines,
                    vec!["Organisation", "Job title", "Local ID", "Status"],
                    position,
                    listing.more,
                )
            }
            PersonKind::Contact => {
                let listing = visit.contacts(&query).await?;
                let position = listing.people.last().map(|last| last.position.clone());
                let lines = listing
                    .people
                    .iter()
                    .map(|listed| contact_line(listed, &listing.organisations))
                    .collect::<Vec<_>>();
                (lines, vec!["Organisation", "Telephone"], position, listing.more)
            }
        };
        let next = position
            .filter(|_| more)
            .map(|(name, id)| wanted.path(&format!("{name}~{id}")));
        let first = (!wanted.after.is_empty()).then(|| wanted.path(""));
        let noun = match wanted.kind {
            PersonKind::Account => "Accounts",
            PersonKind::Contact => "Contacts",
        };
        let list = if lines.is_empty() {
            view! { <p>"Nobody is found. Use fewer words, or part of a name, an e-mail address or a local ID."</p> }
                .into_any()
        } else {
            let caption = if more {
                format!("{noun} by name: {} on this page, more on the next page", lines.len())
            } else {
                format!("{noun} by name: {}", lines.len())
            };
            view! { <PeopleTable caption columns lines/> <Pagination first next/> }.into_any()
        };
        Ok(view! {
            <Title text="People"/>
            <h1>"People"</h1>
            <Kinds wanted=wanted.clone()/>
            <Search wanted offered/>
            {list}
        })
    })
}

#[component]
fn Kinds(wanted: Asked) -> impl IntoView {
    let tab = |kind: PersonKind, label: &'static str| {
        let path = Asked {
            kind,
            words: wanted.words.clone(),
            ..Asked::default()
        }
        .path("");
        let current = kind == wanted.kind;
        view! {
            <li class="app-tabs__item">
                <a class="app-tabs__link" href=path aria-current=current.then_some("page")>{label}</a>
            </li>
        }
    };
    view! {
        <nav class="app-tabs" aria-label="Kinds of people">
            <ul class="app-tabs__list">{tab(PersonKind::Account, "Accounts")} {tab(PersonKind::Contact, "Contacts")}</ul>
        </nav>
    }
}

#[component]
fn Search(wanted: Asked, offered: Vec<Organisation>) -> impl IntoView {
    let chosen = wanted.organisation.clone();
    let choice = move |organisation: Organisation| {
        let code = organisation.code.to_string();
        view! { <option value=code.clone() selected=chosen == code>{format!("{} ({code})", organisation.name)}</option> }
    };
    let kept = wanted.status.clone();
    let statuses = AccountStatus::ALL
        .map(|status| view! { <option value=status.name() selected=kept == status.name()>{status.name()}</option> })
        .collect_view();
    let status = (wanted.kind == PersonKind::Account).then(|| view! {
        <div class="nhsuk-form-group">
            <label class="nhsuk-label" for="status">"Status"</label>
            <select class="nhsuk-select" id="status" name="status"><option value="">"Any"</option>{statuses}</select>
        </div>
    });
    let kind =
        (wanted.kind == PersonKind::Contact).then(|| view! { <input type="hidden" name="kind" value="contacts"/> });
    // Suggestions are of accounts; the search for contacts is the button's alone.
    let field = match wanted.kind {
        PersonKind::Account => view! { <LiveSearch words=wanted.words.clone()/> }.into_any(),
        PersonKind::Contact => {
            view! { <input class="nhsuk-input" id="words" name="words" type="search" value=wanted.words.clone()/> }
                .into_any()
        }
    };
    view! {
        <form class="app-search" method="get" action=routes::PEOPLE role="search">
            {kind}
            <label class="nhsuk-label" for="words">"Name, e-mail address or local ID"</label>
            <div class="app-search__line">{field} <button class="nhsuk-button nhsuk-button--small">"Search"</button></div>
            <div class="app-search__filters">
                <div class="nhsuk-form-group">
                    <label class="nhsuk-label" for="organisation">"Organisation"</label>
                    <select class="nhsuk-select" id="organisation" name="organisation">
                        <option value="">"All that you look after"</option>
                        {offered.into_iter().map(choice).collect_view()}
                    </select>
                </div>
                {status}
            </div>
        </form>
    }
}

fn account_line(listed: &Listed<Account>, organisations: &[Organisation]) -> Line {
    let account = &listed.person;
    let text = |attribute| account.attributes.text(attribute).to_owned();
    Line {
        href: routes::account(&account.id),
        name: sorted_name(&account.attributes),
        address: text(Attribute::EmailAddress),
        cells: vec![
            short_name(organisations, &account.organisation).into_any(),
            text(Attribute::JobTitle).into_any(),
            text(Attribute::LocalId).into_any(),
            tags::status(account.status).into_any(),
        ],
    }
}

fn contact_line(listed: &Listed<Contact>, organisations: &[Organisation]) -> Line {
    let contact = &listed.person;
    Line {
        href: routes::contact(&contact.id),
        name: sorted_name(&contact.attributes),
        address: contact.attributes.text(Attribute::EmailAddress).to_owned(),
        cells: vec![
            short_name(organisations, &contact.organisation).into_any(),
            contact.attributes.text(Attribute::Telephone).to_owned().into_any(),
        ],
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
