//! The seats of one person: shown on their page, and assigned, changed, revoked and given extra storage on a page of their
//! own.

use domain::{
    channel::Operation,
    customer::Customer,
    organisation::OrganisationCode,
    request::{AccountWish, SeatWish, Wish},
    subscription::{KnownSubscription, Offering, Side, Subscription, SubscriptionState},
    values::ids::{AccountId, SeatId},
};
use gate::{CustomerShown, GateError, SeatShown};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    calls::{about, seats::ChangeSeats},
    components::{
        error_summary::ErrorSummary,
        field::{Keys, TextField},
        seat_holders::{choice, extra_storage},
        select_field::select,
        table::{Column, Table},
    },
    forms::{Answers, FormState, SEAT, SEAT_COLLAB, SEAT_DOES, SEAT_MAIL, SEAT_OF, SeatForm, WHOLE, said_from},
    pages::{asked, customers::PoolShares},
    routes,
    visitor::Visitor,
};

/// The page: the seats, and the forms for one of them or for another one.
#[component]
pub fn AccountSeatsPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let wanted = use_query_map().get_untracked().get(SEAT).unwrap_or_default();
    let from = said_from();
    asked(async move {
        let id: AccountId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (account, organisation) = visit.account(id).await?;
        let (operation, unit) = (Operation::SeatsAndStorage, account.unit());
        if !visit.may(operation, &organisation, unit.as_ref()).await? {
            return Err(GateError::Denied);
        }
        let held = visit.seats(id).await?;
        let customer = visit.customer_of(&organisation.code).await?;
        let mut form = form;
        form.fill_in(&visit, from.as_ref(), |wish| answers(id, wish)).await?;
        let wanted = match wanted.is_empty() {
            true => form.value_of(SEAT),
            false => wanted,
        };
        let chosen: Option<SeatId> = wanted.parse().ok();
        let chosen = chosen.and_then(|wanted| held.iter().find(|shown| shown.seat.id == wanted).cloned());
        let name = account.full_name();
        let heading = format!("Seats of {name}");
        let error = if form.is_sound() { "" } else { "Error: " };
        let body = match (customer, chosen) {
            (None, _) => view! { <NoCustomer/> }.into_any(),
            (Some(customer), Some(shown)) => view! { <OneSeat id shown held customer form=form.clone()/> }.into_any(),
            (Some(customer), None) => view! { <AllSeats id held customer form=form.clone()/> }.into_any(),
        };
        Ok(view! {
            <Title text=format!("{error}{heading}")/>
            <a class="nhsuk-back-link" href=routes::account(&id)>{name}</a>
            <ErrorSummary form/>
            <h1 class="app-break">{heading}</h1>
            <div id=WHOLE tabindex="-1">{body}</div>
        })
    })
}

/// What was answered where this page asked for a wish about an account.
fn answers(id: AccountId, wish: &Wish) -> Option<Answers> {
    let Wish::Account(account, AccountWish::Seats(wish)) = wish else {
        return None;
    };
    let of = |form: SeatForm, rest: Answers| [vec![(SEAT_DOES, form.slug().to_owned())], rest].concat();
    let said = match wish {
        SeatWish::Assign(subscription) => of(SeatForm::Assign, vec![(SEAT_OF, subscription.to_string())]),
        SeatWish::Change { seat, to } => of(
            SeatForm::Change,
            vec![(SEAT, seat.to_string()), (SEAT_OF, to.to_string())],
        ),
        SeatWish::Revoke(seat) => of(SeatForm::Revoke, vec![(SEAT, seat.to_string())]),
        SeatWish::Storage { seat, collab, mail } => of(
            SeatForm::Storage,
            vec![
                (SEAT, seat.to_string()),
                (SEAT_COLLAB, collab.to_string()),
                (SEAT_MAIL, mail.to_string()),
            ],
        ),
    };
    (*account == id).then_some(said)
}

/// The organisation is no customer.
#[component]
fn NoCustomer() -> impl IntoView {
    view! {
        <div class="nhsuk-inset-text">
            <p>"This organisation has no subscriptions. Its people do not need seats: every account has a mailbox."</p>
        </div>
    }
}

/// All seats, and the form for another one.
#[component]
fn AllSeats(id: AccountId, held: Vec<SeatShown>, customer: CustomerShown, form: FormState) -> impl IntoView {
    let open = customer
        .subscriptions
        .iter()
        .filter(|known| can_be_assigned(known) && goes_with(&held, known.subscription.offering));
    let open: Vec<_> = open.map(choice).collect();
    let assign = match open.is_empty() {
        true => view! { <div class="nhsuk-inset-text" id=SEAT_OF tabindex="-1"><p>"No seat that this person can have is free. Change or revoke a seat, or ask a Global Administrator for more."</p></div> }
            .into_any(),
        false => {
            let choices = with_choose(open);
            let field = select(SEAT_OF, "Subscription", None, choices, &form.value_of(SEAT_OF), &form);
            view! {
                <form class="app-sheet" method="post" action={about::<ChangeSeats>(&id)} novalidate>
                    <h2 class="nhsuk-heading-m">"Assign a seat"</h2>
                    {form.carried()}
                    <input type="hidden" name=SEAT_DOES value=SeatForm::Assign.slug()/>
                    {field}
                    <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
                </form>
                <p>"You can check everything before anything is done."</p>
            }
            .into_any()
        }
    };
    view! {
        <SeatsTable held account=id may_change=true/>
        {assign}
        <PoolShares subscriptions=customer.subscriptions storage=customer.storage/>
    }
}

/// One seat, and the forms that change it, give it storage, or revoke it.
#[component]
fn OneSeat(
    id: AccountId,
    shown: SeatShown,
    /// All seats of its person.
    held: Vec<SeatShown>,
    customer: CustomerShown,
    form: FormState,
) -> impl IntoView {
    let seat = shown.seat.clone();
    let action = about::<ChangeSeats>(&id);
    let rules = &customer.customer;
    let others = customer
        .subscriptions
        .iter()
        .filter(|known| can_be_assigned(known) && can_become(rules, &shown, &known.subscription));
    let (shut, others): (Vec<_>, Vec<_>) =
        others.partition(|known| in_the_way(&held, &shown, &known.subscription).is_some());
    let others: Vec<_> = others.into_iter().map(choice).collect();
    let why_shut = shut
        .into_iter()
        .filter_map(|known| in_the_way(&held, &shown, &known.subscription))
        .map(|why| view! { <p>{why}</p> })
        .collect_view();
    let hidden = move |does: SeatForm| {
        view! {
            <input type="hidden" name=SEAT_DOES value=does.slug()/>
            <input type="hidden" name=SEAT value=seat.id.to_string()/>
        }
    };
    let none_free = others.is_empty().then(|| {
        view! { <p id=SEAT_OF tabindex="-1">"This seat cannot be changed to another subscription now: the customer’s settings allow none that has a free seat and goes with the person’s other seats."</p> }
    });
    let change = (!others.is_empty()).then(|| {
        let field = select(
            SEAT_OF,
            "New subscription",
            None,
            with_choose(others),
            &form.value_of(SEAT_OF),
            &form,
        );
        let is_both = shown.seat.covers(Side::Collab) && shown.seat.covers(Side::Mail);
        let deletes = is_both.then(
            || view! { <p>"If the new seat has no mail or no collaboration, what is kept there is deleted."</p> },
        );
        view! {
            <form class="app-sheet" method="post" action=action.clone() novalidate>
                <h2 class="nhsuk-heading-m">"Change to another subscription"</h2>
                {deletes}
                {form.carried()}
                {hidden(SeatForm::Change)}
                {field}
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
            </form>
        }
    });
    let storage = (shown.seat.offering.covers_collab() || shown.seat.offering.covers_mail())
        .then(|| view! { <StorageFields shown=shown.clone() form=form.clone()/> })
        .map(|fields| {
            view! {
                <form class="app-sheet" method="post" action=action.clone() novalidate>
                    <h2 class="nhsuk-heading-m">"Extra storage"</h2>
                    {form.carried()}
                    {hidden(SeatForm::Storage)}
                    {fields}
                    <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
                </form>
            }
        });
    let all = routes::account_part(&id, "seats");
    view! {
        <h2>{name_of(&shown)}</h2>
        <p>"For " {shown.seat.offering.name().to_lowercase()} ". Extra storage: " {extra_storage(&shown.seat)} ". " <a href=all>"See all seats"</a></p>
        {none_free}
        {why_shut}
        {change}
        {storage}
        <PoolShares subscriptions=customer.subscriptions storage=customer.storage/>
        <form class="app-sheet" method="post" action=action.clone() novalidate>
            <h2 class="nhsuk-heading-m">"Revoke this seat"</h2>
            <p>"Its content is deleted, and its extra storage goes back to the pool. Seats that depend on it, such as Docs or Traveler, are revoked too."</p>
            {hidden(SeatForm::Revoke)}
            <button class="nhsuk-button nhsuk-button--warning nhsuk-u-margin-bottom-0">"Revoke seat"</button>
        </form>
        <p>"You can check everything before anything is done."</p>
    }
}

/// How much extra storage a seat has, for the sides that it covers; what it has now stands there already.
#[component]
fn StorageFields(shown: SeatShown, form: FormState) -> impl IntoView {
    let seat = shown.seat;
    let is_back = form.value_of(SEAT_DOES) == SeatForm::Storage.slug();
    let value = |field: &str, now: u32| match is_back {
        true => form.value_of(field),
        false => now.to_string(),
    };
    let hint = "The total in gigabytes, not an increase. Enter 0 for none. An empty box changes nothing.";
    let width = "nhsuk-input--width-5";
    let (collab, mail) = (
        value(SEAT_COLLAB, seat.collab_extra_gb),
        value(SEAT_MAIL, seat.mail_extra_gb),
    );
    let collab = seat.offering.covers_collab().then(|| {
        view! { <TextField field=SEAT_COLLAB label="Extra collaboration storage" hint keys=Keys::Digits width value=Some(collab) form=form.clone()/> }
    });
    let mail = seat.offering.covers_mail().then(|| {
        view! { <TextField field=SEAT_MAIL label="Extra mail storage" hint keys=Keys::Digits width value=Some(mail) form=form.clone()/> }
    });
    view! { {collab} {mail} }
}

/// Whether somebody can get a seat of a subscription.
fn can_be_assigned(known: &KnownSubscription) -> bool {
    let of = &known.subscription;
    of.state == SubscriptionState::Active && !of.offering.is_storage() && known.free() > 0
}

/// Whether a seat can change to a subscription: another one, as the customer's settings allow it.
fn can_become(customer: &Customer, from: &SeatShown, to: &Subscription) -> bool {
    to.number != from.seat.subscription && to.may_replace(&from.seat, &from.subscription.part, customer)
}

/// Why a seat cannot change to a subscription before another seat of its person is revoked. `None` if none is in the way.
fn in_the_way(held: &[SeatShown], from: &SeatShown, to: &Subscription) -> Option<String> {
    let mut others = held.iter().filter(|other| other.seat.id != from.seat.id);
    let dropped = from.seat.dropped_for(to.offering);
    let other = others.find(|other| {
        let is_second = Side::ALL
            .into_iter()
            .any(|side| to.offering.covers(side) && other.seat.covers(side));
        is_second || (dropped.is_some() && other.seat.offering.needs() == dropped)
    })?;
    Some(format!(
        "To change it to {} ({}), revoke the seat of {} first.",
        to.name,
        to.number,
        name_of(other)
    ))
}

/// Whether somebody can have a seat of an offering besides those that they have.
fn goes_with(held: &[SeatShown], offering: Offering) -> bool {
    let covers = |side: Side| held.iter().any(|shown| shown.seat.covers(side));
    match offering.needs() {
        Some(side) => covers(side) && !held.iter().any(|shown| shown.seat.offering == offering),
        None => !Side::ALL.into_iter().any(|side| offering.covers(side) && covers(side)),
    }
}

fn with_choose(choices: Vec<(String, String)>) -> Vec<(String, String)> {
    let choose = (String::new(), "Choose a subscription".to_owned());
    std::iter::once(choose).chain(choices).collect()
}

/// A seat by the name of its subscription.
fn name_of(shown: &SeatShown) -> String {
    format!("{} ({})", shown.subscription.name, shown.subscription.number)
}

/// The seats, a line each.
#[component]
fn SeatsTable(held: Vec<SeatShown>, account: AccountId, may_change: bool) -> impl IntoView {
    let page = routes::account_part(&account, "seats");
    let row = |shown: SeatShown| {
        let (name, seat) = (name_of(&shown), shown.seat);
        let stands = if seat.active { "In use" } else { "Not activated yet" };
        let mut cells = vec![
            name.clone().into_any(),
            seat.offering.name().into_any(),
            stands.into_any(),
            extra_storage(&seat).into_any(),
        ];
        if may_change {
            let href = routes::with_query(&page, &[(SEAT, &seat.id.to_string())]);
            let change =
                view! { <a href=href>"Change" <span class="nhsuk-u-visually-hidden">" the seat of " {name}</span></a> };
            cells.push(change.into_any());
        }
        cells
    };
    let rows = held.into_iter().map(row).collect();
    let mut columns = ["Subscription", "For", "Seat", "Extra storage"]
        .map(Column::Named)
        .to_vec();
    if may_change {
        columns.push(Column::Acts("Change"));
    }
    view! { <Table caption="Seats of this person" columns rows empty="This person has no seat."/> }
}

/// The section on the account's page; nothing where the person has no seat and none can be assigned.
#[component]
pub(crate) fn SeatsSection(
    held: Vec<SeatShown>,
    /// The subscriptions of which the visitor may assign a seat.
    offered: Vec<KnownSubscription>,
    account: AccountId,
    /// The organisation of the account.
    organisation: OrganisationCode,
) -> impl IntoView {
    let may_change = !offered.is_empty();
    let label = if held.is_empty() {
        "Assign a seat"
    } else {
        "Change seats"
    };
    (may_change || !held.is_empty()).then(|| {
        let ways = may_change.then(|| {
            let (change, all) = (routes::account_part(&account, "seats"), routes::seats_of(&organisation));
            view! {
                <a class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" href=change>{label}</a>
                <p><a href=all>"All seats of the organisation"</a></p>
            }
        });
        view! {
            <section aria-labelledby="seats">
                <h2 id="seats">"Seats"</h2>
                <SeatsTable held account may_change=false/>
                {ways}
            </section>
        }
    })
}

#[cfg(test)]
mod tests {
    use domain::subscription::Seat;

    use super::*;

    #[test]
    fn what_was_asked_for_a_seat_is_answered_again_about_the_same_account() {
        let account = AccountId(Default::default());
        let other: AccountId = "00000000-0000-0000-0000-000000000001".parse().unwrap();
        let seat: SeatId = "00000000-0000-0000-0000-000000000007".parse().unwrap();
        let (collab, mail) = (50, 0);
        let wish = Wish::Account(account, AccountWish::Seats(SeatWish::Storage { seat, collab, mail }));
        let said = answers(account, &wish).unwrap();
        let texts: Vec<_> = said.iter().map(|(field, text)| (*field, text.as_str())).collect();
        let id = seat.to_string();
        assert_eq!(
            texts,
            [
                (SEAT_DOES, "storage"),
                (SEAT, id.as_str()),
                (SEAT_COLLAB, "50"),
                (SEAT_MAIL, "0")
            ]
        );
        assert_eq!(answers(other, &wish), None);
    }

    fn shown(number: i64, offering: &str) -> SeatShown {
        let stored =
            format!(r#"{{"number":{number},"customer":7,"name":"{offering}","offering":"{offering}","seats":50}}"#);
        let subscription: Subscription = serde_json::from_str(&stored).unwrap();
        let seat = Seat {
            id: format!("00000000-0000-0000-0000-0000000{number}").parse().unwrap(),
            subscription: subscription.number,
            offering: subscription.offering,
            active: true,
            collab_extra_gb: 0,
            mail_extra_gb: 0,
        };
        SeatShown { seat, subscription }
    }

    #[test]
    fn a_form_says_which_seat_must_be_revoked_before_another_changes() {
        let (collab, mail, traveler) = (
            shown(69_054, "collab"),
            shown(69_052, "mail"),
            shown(69_053, "traveler"),
        );
        let bundle = shown(69_051, "bundle");
        let why = |held: &[&SeatShown], from: &SeatShown, to: &SeatShown| {
            let held: Vec<_> = held.iter().map(|shown| (*shown).clone()).collect();
            in_the_way(&held, from, &to.subscription)
        };
        assert_eq!(
            why(&[&collab, &mail], &collab, &bundle).as_deref(),
            Some("To change it to bundle (69051), revoke the seat of mail (69052) first.")
        );
        assert_eq!(
            why(&[&bundle, &traveler], &bundle, &collab).as_deref(),
            Some("To change it to collab (69054), revoke the seat of traveler (69053) first.")
        );
        assert_eq!(why(&[&collab], &collab, &bundle), None);
        assert_eq!(why(&[&bundle, &traveler], &bundle, &mail), None);
    }

    #[test]
    fn a_form_offers_no_second_seat_of_a_side() {
        let held = [shown(69_054, "collab")];
        for (offering, expected) in [
            (Offering::Collab, false),
            (Offering::Bundle, false),
            (Offering::Mail, true),
            (Offering::Docs, true),
            (Offering::Traveler, false),
        ] {
            assert_eq!(goes_with(&held, offering), expected, "{offering:?}");
        }
        assert!(goes_with(&[], Offering::Bundle));
    }
}
