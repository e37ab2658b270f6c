//! The form for a subscription: adding one to a customer, and changing one.

use domain::{
    channel::Operation,
    customer::CustomerNumber,
    request::Wish,
    subscription::{Offering, SubscriptionNumber, SubscriptionState},
};
use gate::{GateError, calendar};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::sheet::{Sheet, sheet};
use crate::{
    calls::{
        about,
        customers::{AddSubscription, ChangeSubscription},
    },
    components::{
        date_field::DateField,
        field::{Keys, TextField},
        select_field::select,
    },
    forms::{
        FormState, Need, said_from,
        subscription::{ENDS, FIELDS, GIGABYTES, NAME, NUMBER, OFFERING, PARENT, PART, SEATS, STARTS, STATE, answers},
    },
    pages::asked,
    routes,
    visitor::Visitor,
};

/// The form for a new subscription of a customer.
#[component]
pub fn NewSubscriptionPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let from = said_from();
    asked(async move {
        let visit = visitor.visit()?;
        visit.allowed(Operation::ManageCustomers).await?;
        let customer: CustomerNumber = id.parse().map_err(|_| GateError::NotFound)?;
        let customer = visit.customer(customer).await?.customer.number;
        let mut form = form;
        let answered = |wish: &Wish| match wish {
            Wish::Subscription(subscription) if subscription.customer == customer => Some(answers(subscription)),
            _ => None,
        };
        form.fill_in(&visit, from.as_ref(), answered).await?;
        if form.is_fresh() {
            form.keep(STATE, SubscriptionState::Active.slug());
        }
        let of = Sheet {
            heading: "Add subscription",
            back: (routes::customer(&customer), format!("Customer {customer}")),
            action: about::<AddSubscription>(&customer),
        };
        Ok(page(of, None, form))
    })
}

/// The form in which a subscription is changed.
#[component]
pub fn EditSubscriptionPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let from = said_from();
    asked(async move {
        let visit = visitor.visit()?;
        visit.allowed(Operation::ManageCustomers).await?;
        let number: SubscriptionNumber = id.parse().map_err(|_| GateError::NotFound)?;
        let found = visit.subscription(number).await?.0.subscription;
        let mut form = form;
        let answered = |wish: &Wish| match wish {
            Wish::Subscription(subscription) if subscription.number == number => Some(answers(subscription)),
            _ => None,
        };
        form.fill_in(&visit, from.as_ref(), answered).await?;
        if form.is_fresh() {
            for (field, text) in answers(&found) {
                form.keep(field, &text);
            }
        }
        let of = Sheet {
            heading: "Change subscription",
            back: (routes::subscription(&number), found.name.clone()),
            action: about::<ChangeSubscription>(&number),
        };
        Ok(page(of, Some(number), form))
    })
}

fn page(of: Sheet, number: Option<SubscriptionNumber>, mut form: FormState) -> impl IntoView {
    form.tell_in_order_of(FIELDS.into_iter().chain([STARTS.day, ENDS.day]));
    let number = match number {
        Some(number) => view! { <p>"Subscription " <strong>{number.to_string()}</strong></p> }.into_any(),
        None => view! { <NumberField form=form.clone()/> }.into_any(),
    };
    let fields = view! {
        {number}
        <What form=form.clone()/>
        <When form=form.clone()/>
    };
    sheet(of, form, fields)
}

#[component]
fn NumberField(form: FormState) -> impl IntoView {
    let hint = "Change files use this number. You cannot change it later.";
    view! { <TextField field=NUMBER label="Subscription number" hint keys=Keys::Digits width="nhsuk-input--width-20" form/> }
}

/// What is subscribed to, and how much of it.
#[component]
fn What(form: FormState) -> impl IntoView {
    let offerings = Offering::ALL.map(|offering| (offering.slug().to_owned(), offering.name().to_owned()));
    let choose = (String::new(), "Choose".to_owned());
    let offerings: Vec<_> = std::iter::once(choose).chain(offerings).collect();
    let offering = select(OFFERING, "For", None, offerings, &form.value_of(OFFERING), &form);
    let states = SubscriptionState::ALL.map(|state| (state.slug().to_owned(), state.name().to_owned()));
    let hint = Some("Seats can be assigned only while the subscription is active.");
    let state = select(STATE, "State", hint, states.to_vec(), &form.value_of(STATE), &form);
    let part = "The part number on the order. The customer’s settings use it to say which seats can change.";
    let parent = "For part of a bundle: the subscription number of the bundle.";
    let seats = "Leave it empty for storage.";
    let gigabytes = "Only for storage: how many gigabytes can be given out.";
    view! {
        <TextField field=NAME label="Name" keys=Keys::Words form=form.clone()/>
        {offering}
        <TextField field=SEATS label=Need::Optional.label("Seats") hint=seats keys=Keys::Digits width="nhsuk-input--width-10" form=form.clone()/>
        <TextField field=GIGABYTES label=Need::Optional.label("Gigabytes") hint=gigabytes keys=Keys::Digits width="nhsuk-input--width-10" form=form.clone()/>
        <TextField field=PART label=Need::Optional.label("Part number") hint=part keys=Keys::Code width="nhsuk-input--width-20" form=form.clone()/>
        <TextField field=PARENT label=Need::Optional.label("Part of subscription") hint=parent keys=Keys::Digits width="nhsuk-input--width-20" form=form.clone()/>
        {state}
    }
}

/// Its first and its last day.
#[component]
fn When(form: FormState) -> impl IntoView {
    let now = Visitor::of_page().gate.now();
    let hint = |days: u32| {
        let (year, month, day) = calendar::date_parts(calendar::days_after(now, days).unwrap_or(now));
        format!("For example, {day} {month} {year}.")
    };
    view! {
        <DateField legend=Need::Optional.label("First day") hint=hint(7) names=STARTS form=form.clone()/>
        <DateField legend=Need::Optional.label("Last day") hint=hint(365) names=ENDS form/>
    }
}
