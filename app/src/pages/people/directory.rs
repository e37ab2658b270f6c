//! The national directory: everybody who is signed in looks people up here, and sees nothing but what it shows.

use domain::{
    dictionary::{Attribute, Attributes},
    values::telephone,
};
use gate::{Entry, GateError};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    components::{back::BackToList, breakable::Breakable},
    pages::asked,
    routes,
    visitor::Visitor,
    words::counted,
};

/// As many letters as a search needs.
const LEAST: usize = 2;

/// As many entries as one search shows.
const MOST: usize = 50;

/// The search.
#[component]
pub fn DirectoryPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let words = use_query_map()
        .get_untracked()
        .get("words")
        .unwrap_or_default()
        .trim()
        .to_owned();
    asked(async move {
        let found = visitor.visit()?.look_up(&words).await?;
        let few = words.chars().filter(|letter| letter.is_alphanumeric()).count() < LEAST;
        let title = titled(&words, (!few).then_some(found.len()));
        let result = match (words.is_empty(), few, found.is_empty()) {
            (true, ..) => ().into_any(),
            (false, true, _) => {
                view! { <p class="app-search__found" role="status">"Enter at least two letters or digits."</p> }.into_any()
            }
            (false, false, true) => view! {
                <div class="nhsuk-inset-text" role="status">
                    <p>"No people found. Check the spelling, or use part of a name, email address, telephone number, job title, unit or site."</p>
                    <p>"The directory does not show hidden mobile numbers, or people who cannot get email."</p>
                </div>
            }
            .into_any(),
            (false, false, false) => view! { <Entries found/> }.into_any(),
        };
        Ok(view! {
            <Title text=title/>
            <h1>"Directory"</h1>
            <form class="app-search" method="get" action=routes::DIRECTORY role="search">
                <label class="nhsuk-label" for="words">"Search the directory"</label>
                <div class="nhsuk-hint" id="words-hint">"Find colleagues in all organisations by name, email address, telephone number, job title, unit or site. Enter at least two letters or digits."</div>
                <div class="app-search__line">
                    <input class="nhsuk-input" id="words" name="words" type="search" autocomplete="off" spellcheck="false" value=words aria-describedby="words-hint"/>
                    <button class="nhsuk-button nhsuk-button--small">"Search"</button>
                </div>
            </form>
            {result}
        })
    })
}

/// What the page is called: by what is looked for and how many are found. `None` if nothing was looked for.
fn titled(words: &str, found: Option<usize>) -> String {
    match (words, found) {
        ("", _) => "Directory".to_owned(),
        (words, None) => format!("{words}: Directory"),
        (words, Some(many)) => format!("{words}: {}, Directory", people(many)),
    }
}

/// How many were found: no more are shown than [`MOST`].
fn people(many: usize) -> String {
    match many {
        MOST.. => format!("the first {MOST} people"),
        many => counted(u32::try_from(many).unwrap_or(u32::MAX), "person", "people"),
    }
}

#[component]
fn Entries(found: Vec<Entry>) -> impl IntoView {
    let many = found.len();
    let count = match many {
        MOST.. => format!("The first {MOST} people. Enter more words to find others."),
        many => people(many),
    };
    let entries = found
        .into_iter()
        .map(|entry| view! { <EntryCard entry/> })
        .collect_view();
    view! {
        <p class="app-search__found" role="status">{count}</p>
        <ul class="app-directory">{entries}</ul>
    }
}

#[component]
fn EntryCard(entry: Entry) -> impl IntoView {
    let text = |attribute: Attribute| entry.attributes.text(attribute).to_owned();
    let does = [Attribute::JobTitle, Attribute::Department].map(text);
    let does: Vec<_> = does.into_iter().filter(|text| !text.is_empty()).collect();
    let does = (!does.is_empty()).then(|| view! { <p class="app-directory__does">{does.join(", ")}</p> });
    let place = where_they_work(&entry);
    let telephone = [Attribute::Telephone, Attribute::Mobile]
        .into_iter()
        .find_map(|attribute| linked(&entry.attributes, attribute))
        .map(|number| view! { <p class="app-directory__way">{number}</p> });
    let address = linked(&entry.attributes, Attribute::EmailAddress)
        .map(|address| view! { <p class="app-directory__way app-break">{address}</p> });
    let earlier = entry.earlier.map(|earlier| {
        view! { <p class="app-directory__where app-break">"Earlier address: " <Breakable text=earlier.to_string()/></p> }
    });
    let contact = entry.is_contact.then(contact_tag);
    view! {
        <li class="app-directory__item">
            <h2 class="app-directory__name"><a href=routes::entry(&entry.id)>{entry.name}</a> " " {contact}</h2>
            {does}
            <p class="app-directory__where">{place}</p>
            {address}
            {earlier}
            {telephone}
        </li>
    }
}

/// Unit, site and organisation, from the nearest to the furthest.
fn where_they_work(entry: &Entry) -> String {
    let places = [
        entry.attributes.text(Attribute::Unit),
        entry.site.as_str(),
        entry.organisation.as_str(),
    ];
    let places: Vec<_> = places.into_iter().filter(|place| !place.is_empty()).collect();
    places.join(", ")
}

/// One person.
#[component]
pub fn EntryPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    asked(async move {
        let id = id.parse().map_err(|_| GateError::NotFound)?;
        let entry = visitor.visit()?.entry(id).await?;
        let lines = LINES
            .into_iter()
            .filter_map(|attribute| Some((attribute.name(), linked(&entry.attributes, attribute)?)))
            .map(|(name, value)| line(name, value))
            .collect_view();
        let site = (!entry.site.is_empty()).then(|| line(Attribute::Site.name(), entry.site.clone().into_any()));
        let caption = if entry.is_contact { "Contact" } else { "Directory" };
        Ok(view! {
            <Title text=entry.name.clone()/>
            <BackToList list=routes::DIRECTORY plain=routes::DIRECTORY.to_owned() label="Directory"/>
            <h1 class="app-break"><span class="nhsuk-caption-l">{caption}</span> " " {entry.name}</h1>
            <dl class="nhsuk-summary-list">
                {line("Organisation", entry.organisation.into_any())}
                {site}
                {lines}
            </dl>
            <p><a class="nhsuk-button nhsuk-button--secondary" href=routes::entry_card(&entry.id) download>"Save to an address book (vCard)"</a></p>
        })
    })
}

/// What an entry's page shows, in its order; the name is its heading.
const LINES: [Attribute; 15] = [
    Attribute::Unit,
    Attribute::DisplayName,
    Attribute::Title,
    Attribute::JobTitle,
    Attribute::Department,
    Attribute::EmailAddress,
    Attribute::Telephone,
    Attribute::Mobile,
    Attribute::Pager,
    Attribute::Fax,
    Attribute::WebPage,
    Attribute::SipAddress,
    Attribute::ClinicalSpecialty,
    Attribute::Role,
    Attribute::WorkArea,
];

fn line(name: &'static str, value: AnyView) -> impl IntoView + use<> {
    view! {
        <div class="nhsuk-summary-list__row">
            <dt class="nhsuk-summary-list__key">{name}</dt>
            <dd class="nhsuk-summary-list__value app-break">{value}</dd>
        </div>
    }
}

/// A value, as a link where it can be followed; none where there is none.
fn linked(attributes: &Attributes, attribute: Attribute) -> Option<AnyView> {
    let value = attributes.get(attribute)?;
    let text = attribute.shown(value.as_str());
    let href = match attribute {
        Attribute::EmailAddress => Some(format!("mailto:{value}")),
        Attribute::Telephone | Attribute::Mobile => telephone::address(value.as_str()),
        Attribute::SipAddress => Some(format!("sip:{value}")),
        // Read as one that begins with https:// or http://.
        Attribute::WebPage => Some(value.to_string()),
        _ => None,
    };
    Some(match href {
        Some(href) => view! { <a href=href><Breakable text/></a> }.into_any(),
        None => text.into_any(),
    })
}

fn contact_tag() -> impl IntoView {
    view! { <strong class="nhsuk-tag nhsuk-tag--grey">"Contact"</strong> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_tells_the_search_and_how_many_are_found() {
        assert_eq!(titled("", None), "Directory");
        assert_eq!(titled("s", None), "s: Directory");
        assert_eq!(titled("smith", Some(12)), "smith: 12 people, Directory");
        assert_eq!(titled("smith", Some(MOST)), "smith: the first 50 people, Directory");
    }
}
