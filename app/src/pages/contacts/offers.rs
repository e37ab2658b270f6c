//! Offers of contacts: those that wait for an answer of one's own side, and those that one's side made.

use domain::{
    channel::Operation,
    contact,
    dictionary::Attribute,
    offer::{Offer, OfferEnd},
    organisation::{Organisation, OrganisationCode},
    request::Wish,
    values::ids::OfferId,
};
use gate::{GateError, ListedOffer, PersonKind};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    calls::{
        about,
        offers::{AcceptOffer, DeclineOffer, WithdrawOffer},
    },
    components::{
        actions,
        error_summary::ErrorSummary,
        place_fields::PlaceFields,
        table::{Column, Table},
        tags,
    },
    forms::{Answers, FormState, WHOLE, place_of, said_from},
    pages::asked,
    routes,
    visitor::Visitor,
    words,
};

/// All of them; those that wait for an answer come first.
#[component]
pub fn OffersPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    asked(async move {
        let visit = visitor.visit()?;
        let offered = visit.offers().await?;
        let lines = |listed: Vec<ListedOffer>, side: Side| {
            let line = |listed: ListedOffer| {
                let until = visit.lapses_at(&listed.offer);
                Line::of(listed, side, words::day(until), &offered.organisations)
            };
            listed.into_iter().map(line).collect::<Vec<_>>()
        };
        let received = lines(offered.received.clone(), Side::Received);
        let sent = lines(offered.sent.clone(), Side::Sent);
        let title = if form.is_sound() { "Offers" } else { "Error: Offers" };
        Ok(view! {
            <Title text=title/>
            <ErrorSummary form/>
            <h1 id=WHOLE tabindex="-1">"Offers"</h1>
            <p>"You can offer a contact to an organisation that you do not manage. It stays where it is until they accept."</p>
            <OffersTable heading="Offered to you" other="From" none="Nobody has offered you a contact." lines=received/>
            <OffersTable heading="Offered by you" other="To" none="You have not offered any contacts." lines=sent/>
        })
    })
}

/// On which side of an offer the visitor is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Received,
    Sent,
}

/// One offer of a list.
struct Line {
    name: String,
    /// Where to look at it, where there is something to look at.
    href: Option<String>,
    other: String,
    offered: String,
    standing: AnyView,
    act: Option<AnyView>,
}

impl Line {
    fn of(listed: ListedOffer, side: Side, until: String, organisations: &[Organisation]) -> Self {
        let ListedOffer { offer, contact, end } = listed;
        let is_open = end.is_none();
        let name = contact.as_ref().map(contact::Contact::full_name);
        let href = match side {
            Side::Received => is_open.then(|| routes::offer(&offer.id)),
            // What has gone to the other side is no longer to be looked at from here.
            Side::Sent => contact
                .filter(|contact| contact.organisation == offer.from)
                .map(|contact| routes::contact(&contact.id)),
        };
        let other = match side {
            Side::Received => &offer.from,
            Side::Sent => &offer.to,
        };
        let withdraw = (is_open && side == Side::Sent)
            .then(|| actions::button("Withdraw", about::<WithdrawOffer>(&offer.id), None));
        let answer = (is_open && side == Side::Received).then(|| actions::link("Answer", routes::offer(&offer.id)));
        Self {
            name: name.unwrap_or_else(|| "A contact".to_owned()),
            href,
            other: place(organisations, other),
            offered: format!("{}, by {}", words::day(offer.offered_at), offer.by_name),
            standing: standing(end, until),
            act: withdraw.or(answer),
        }
    }
}

fn standing(end: Option<(OfferEnd, domain::values::ids::Timestamp, String)>, until: String) -> AnyView {
    match end {
        None => view! { {tags::offer(None)} <br/> "until " {until} }.into_any(),
        Some((end, at, by)) => {
            // What lapses does so by itself.
            let by = (end != OfferEnd::Lapsed && !by.is_empty()).then(|| format!(", by {by}"));
            view! { {tags::offer(Some(end))} <br/> {words::day(at)} {by} }.into_any()
        }
    }
}

#[component]
fn OffersTable(heading: &'static str, other: &'static str, none: &'static str, lines: Vec<Line>) -> impl IntoView {
    let row = |line: Line| {
        let name = match line.href {
            Some(href) => view! { <a class="app-people__name" href=href>{line.name}</a> }.into_any(),
            None => view! { <span class="app-people__name">{line.name}</span> }.into_any(),
        };
        vec![
            name,
            line.other.into_any(),
            line.offered.into_any(),
            line.standing,
            line.act.into_any(),
        ]
    };
    let rows = lines.into_iter().map(row).collect();
    let columns = vec![
        Column::Named("Contact"),
        Column::Named(other),
        Column::Named("Offered"),
        Column::Named("Answer"),
        Column::Acts("What you can do"),
    ];
    view! {
        <section>
            <h2>{heading}</h2>
            <Table caption=heading columns rows empty=none/>
        </section>
    }
}

/// One that waits for the visitor's answer, with the contact as it is now.
#[component]
pub fn OfferPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let from = said_from();
    asked(async move {
        let id: OfferId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let mut form = form;
        form.fill_in(&visit, from.as_ref(), |wish| accepted(id, wish)).await?;
        let (offer, found, _) = visit.received_offer(id).await?;
        let (to, whole) = visit.organisation_for(Operation::TransferContact, &offer.to).await?;
        let places = visit.named(&[offer.from.clone(), offer.to.clone()]).await?;
        let changed = visit.changed_since(&offer).await?;
        let until = words::day(visit.lapses_at(&offer));
        let name = found.full_name();
        let title = if form.is_sound() {
            format!("Offer of {name}")
        } else {
            format!("Error: Offer of {name}")
        };
        let mut known = vec![
            ("Offered by", place(&places, &offer.from)),
            ("To", place(&places, &offer.to)),
        ];
        let own = contact::ATTRIBUTES
            .into_iter()
            .filter_map(|attribute| Some((attribute.name(), found.attributes.shown(attribute)?)));
        known.extend(own);
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=routes::OFFERS>"Offers"</a>
            <ErrorSummary form=form.clone()/>
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <h1 class="app-break"><span class="nhsuk-caption-l">"Offered contact"</span> " " {name}</h1>
                <p>{offer.by_name.clone()} " offered it on " {words::day(offer.offered_at)} ". Without an answer, the offer expires on " {until} "."</p>
                <Changed changed/>
                <Details known/>
                <Answers offer to whole form/>
            </div></div>
        })
    })
}

/// What was answered before, where it was this offer that was accepted.
fn accepted(id: OfferId, wish: &Wish) -> Option<Answers> {
    match wish {
        Wish::AcceptOffer(offer, cells) if *offer == id => Some(place_of(cells)),
        _ => None,
    }
}

/// That the contact is not what it was when it was offered.
#[component]
fn Changed(changed: Vec<Attribute>) -> impl IntoView {
    let names: Vec<_> = changed.into_iter().map(Attribute::name).collect();
    (!names.is_empty()).then(|| {
        view! { <div class="nhsuk-inset-text"><p>"Changed since it was offered: " {names.join(", ")} ". You see how it is now."</p></div> }
    })
}

#[component]
fn Details(known: Vec<(&'static str, String)>) -> impl IntoView {
    let line = |(key, value): (&'static str, String)| {
        view! {
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">{key}</dt>
                <dd class="nhsuk-summary-list__value app-break">{value}</dd>
            </div>
        }
    };
    view! { <dl class="nhsuk-summary-list">{known.into_iter().map(line).collect_view()}</dl> }
}

/// The two answers: each is confirmed on a page of its own.
#[component]
fn Answers(offer: Offer, to: Organisation, whole: bool, form: FormState) -> impl IntoView {
    let acceptance = about::<AcceptOffer>(&offer.id);
    let refusal = about::<DeclineOffer>(&offer.id);
    view! {
        <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action=acceptance novalidate>
            {form.carried()}
            <h2 class="nhsuk-heading-m">"Accept"</h2>
            <p>"The contact moves to " {to.name.clone()} ". You manage it from then on."</p>
            <PlaceFields organisation=to whole kind=PersonKind::Contact form/>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Accept the contact"</button>
        </form>
        <form class="app-sheet" method="post" action=refusal>
            <h2 class="nhsuk-heading-m">"Decline"</h2>
            <p>"The contact stays where it is."</p>
            <button class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0">"Decline the offer"</button>
        </form>
    }
}

fn place(organisations: &[Organisation], code: &OrganisationCode) -> String {
    let found = organisations.iter().find(|organisation| organisation.code == *code);
    found.map_or_else(
        || code.to_string(),
        |organisation| format!("{} ({code})", organisation.name),
    )
}
