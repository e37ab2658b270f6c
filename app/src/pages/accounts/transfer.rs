//! Transferring an account or a contact to another organisation: first which, then the place in it. A contact can also be
//! offered to an organisation that somebody else manages.

use domain::{
    account::{Account, AccountStatus},
    channel::Operation,
    contact::Contact,
    organisation::{Organisation, OrganisationCode},
    problem::{Kind, Problem},
    request::{AccountWish, ContactWish, Wish},
    values::ids::{AccountId, ContactId, RowNumber},
};
use gate::{GateError, PersonKind, Visit};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    calls::{about, contacts::TransferContact, lifecycle::TransferAccount},
    components::{
        error_summary::ErrorSummary,
        field::{Group, Keys, TextField, Tied},
        place_fields::{OrganisationField, PlaceFields, SettledOrganisation, chosen_of, said_organisation},
    },
    forms::{Answers, FormState, WHOLE, place_of, said_from},
    pages::asked,
    routes,
    visitor::Visitor,
    words::{self, counted},
};

/// Organisations that a list offers.
const OFFERED: u64 = 500;

/// The form for an account, in two steps where there is a choice.
#[component]
pub fn AccountTransferPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let mut form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let wanted = said_organisation(&mut form);
    let from = said_from();
    asked(async move {
        let id: AccountId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (account, _) = visit.account(id).await?;
        let mut form = form;
        form.fill_in(&visit, from.as_ref(), |wish| of_account(id, wish)).await?;
        let others = others(&visit, Operation::TransferAccount, &account.organisation).await?;
        let name = account.full_name();
        let chosen = chosen_of(&others, &form.organisation(wanted));
        let cannot = matches!(account.status, AccountStatus::Leaver | AccountStatus::Deleted);
        let body = match chosen {
            _ if cannot => view! { <CannotMove account/> }.into_any(),
            _ if others.is_empty() => view! { <NoOther account/> }.into_any(),
            None => {
                let step = routes::account_part(&id, "transfer");
                view! { <Which step others form=form.clone()/> }.into_any()
            }
            Some(code) => {
                let (organisation, whole) = visit.organisation_for(Operation::TransferAccount, &code).await?;
                let action = about::<TransferAccount>(&id);
                let change = (others.len() > 1).then(|| form.choice_again(&action));
                let leaving = account.leaving_at.map(words::day);
                let leaving = leaving.map(|day| view! { <p>"The leaving date " {day} " is removed."</p> });
                view! {
                    <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action=action novalidate>
                        {form.carried()}
                        <SettledOrganisation lead="To " organisation=organisation.clone() change form=form.clone()/>
                        <PlaceFields organisation whole kind=PersonKind::Account form=form.clone()/>
                        <p>"Roles that the person holds end with the transfer. The address and the mailbox stay as they are."</p>
                        {leaving}
                        <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
                    </form>
                }
                .into_any()
            }
        };
        Ok(view! { <Frame person=routes::account(&id) name form>{body}</Frame> })
    })
}

/// The form for a contact: to an organisation of one's own, or as an offer to another.
#[component]
pub fn ContactTransferPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let wanted = use_query_map().get_untracked().get("organisation").unwrap_or_default();
    let from = said_from();
    asked(async move {
        let id: ContactId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (contact, home) = visit.contact(id).await?;
        if !visit
            .may(Operation::TransferContact, &home, contact.unit().as_ref())
            .await?
        {
            return Err(GateError::Denied);
        }
        let mut form = form;
        form.fill_in(&visit, from.as_ref(), |wish| of_contact(id, wish)).await?;
        let wanted = form.organisation(wanted);
        let others = others(&visit, Operation::TransferContact, &contact.organisation).await?;
        let name = contact.full_name();
        // Unlike for an account, one organisation of one's own is no answer yet: there is the offer, too.
        let chosen = others.iter().find(|other| other.code.as_str() == wanted);
        let chosen = chosen.map(|other| other.code.clone());
        let action = about::<TransferContact>(&id);
        let body = match chosen {
            _ if contact.deleted_at.is_some() => {
                let why = Problem::in_row(RowNumber(1), Kind::ContactDeleted);
                view! { <div class="nhsuk-inset-text"><p>{why.to_string()}</p></div> }.into_any()
            }
            Some(code) => {
                let (organisation, whole) = visit.organisation_for(Operation::TransferContact, &code).await?;
                let change = Some(form.choice_again(&action));
                view! {
                    <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action=action novalidate>
                        {form.carried()}
                        <input type="hidden" name="way" value="own"/>
                        <SettledOrganisation lead="To " organisation=organisation.clone() change form=form.clone()/>
                        <input type="hidden" name="placed" value="yes"/>
                        <PlaceFields organisation whole kind=PersonKind::Contact form=form.clone()/>
                        <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
                    </form>
                }
                .into_any()
            }
            None => {
                let days = counted(visitor.gate.rules().timers.offer_days, "day", "days");
                view! { <Ways action contact others days form=form.clone()/> }.into_any()
            }
        };
        Ok(view! { <Frame person=routes::contact(&id) name form>{body}</Frame> })
    })
}

/// What was answered where an account's transfer was asked for.
fn of_account(id: AccountId, wish: &Wish) -> Option<Answers> {
    match wish {
        Wish::Account(account, AccountWish::Move(cells)) if *account == id => Some(place_of(cells)),
        _ => None,
    }
}

/// What was answered where a contact's was, or an offer.
fn of_contact(id: ContactId, wish: &Wish) -> Option<Answers> {
    let going = |way: &str, answers: Answers| Some([vec![("way", way.to_owned())], answers].concat());
    match wish {
        Wish::Contact(contact, ContactWish::Move(cells)) if *contact == id => going("own", place_of(cells)),
        Wish::Contact(contact, ContactWish::Offer(to)) if *contact == id => going("offer", vec![("to", to.clone())]),
        _ => None,
    }
}

/// Open organisations where the visitor may do it, but for the one where the person is.
async fn others(
    visit: &Visit<'_>,
    operation: Operation,
    home: &OrganisationCode,
) -> Result<Vec<Organisation>, GateError> {
    let mut others = visit.organisations_for(operation, OFFERED).await?;
    others.retain(|organisation| organisation.code != *home);
    Ok(others)
}

#[component]
fn Frame(person: String, name: String, form: FormState, children: Children) -> impl IntoView {
    let heading = format!("Transfer {name}");
    let title = if form.is_sound() {
        heading.clone()
    } else {
        format!("Error: {heading}")
    };
    view! {
        <Title text=title/>
        <a class="nhsuk-back-link" href=person>{name}</a>
        <ErrorSummary form/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <h1 class="app-break">{heading}</h1>
            {children()}
        </div></div>
    }
}

/// The first step: to which organisation.
#[component]
fn Which(step: String, others: Vec<Organisation>, form: FormState) -> impl IntoView {
    let carried = form.carried();
    let chosen = form.value_of("organisation");
    view! {
        <form class="app-sheet" method="get" action=step>
            {carried}
            <OrganisationField label="To which organisation?" organisations=others chosen form/>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
        </form>
    }
}

/// A leaver or a deleted account: what to do instead.
#[component]
fn CannotMove(account: Account) -> impl IntoView {
    let (name, status) = (account.full_name(), account.status);
    let why = Problem::in_row(RowNumber(1), Kind::CannotMove { name, status });
    view! { <div class="nhsuk-inset-text"><p>{why.to_string()}</p></div> }
}

/// Whoever manages one organisation only: the way by leaver and joiner.
#[component]
fn NoOther(account: Account) -> impl IntoView {
    let name = account.full_name();
    view! {
        <p>"You manage no other organisation that " {name} " could go to."</p>
        <p>"If they go to an organisation that you do not manage:"</p>
        <ol>
            <li><a href=routes::account_part(&account.id, "leaver")>"Mark them as leaver"</a> "."</li>
            <li>"Their next organisation takes the account in, by its email address. The address and the mailbox stay."</li>
        </ol>
    }
}

/// A contact's two ways: directly, or as an offer.
#[component]
fn Ways(action: String, contact: Contact, others: Vec<Organisation>, days: String, form: FormState) -> impl IntoView {
    let carried = form.carried();
    let invalid = Tied::to("way", &form).invalid();
    let way = form.value_of("way");
    let has_own = !others.is_empty();
    let (is_own, is_offer) = (way == "own", way == "offer" || !has_own);
    let own = has_own.then(|| {
        let chosen = form.value_of("organisation");
        view! {
            <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id="way" name="way" type="radio" value="own" checked=is_own aria-invalid=invalid/>
                <label class="nhsuk-label nhsuk-radios__label" for="way">"An organisation that I manage"</label>
            </div>
            <div class="nhsuk-radios__conditional">
                <OrganisationField label="Organisation" organisations=others chosen form=form.clone()/>
            </div>
        }
        .into_any()
    });
    let hint = format!(
        "For example, G7H8J. The contact is offered to its administrators, and stays here until they accept. The offer expires after {days}."
    );
    // Where there is one way only, it is the first that a summary of errors leads to.
    let offer_id = if has_own { "way-offer" } else { "way" };
    let offer = view! {
        <div class="nhsuk-radios__item">
            <input class="nhsuk-radios__input" id=offer_id name="way" type="radio" value="offer" checked=is_offer aria-invalid=invalid/>
            <label class="nhsuk-label nhsuk-radios__label" for=offer_id>"An organisation that I do not manage"</label>
        </div>
        <div class="nhsuk-radios__conditional">
            <TextField field="to" label="Its ODS code" hint keys=Keys::Code width="nhsuk-input--width-10" form=form.clone()/>
        </div>
    }
    .into_any();
    view! {
        <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action=action novalidate>
            {carried}
            <Group field="way" legend=format!("Where does {} go?", contact.full_name()) form>
                <div class="nhsuk-radios">{own} {offer}</div>
            </Group>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
        </form>
    }
}
