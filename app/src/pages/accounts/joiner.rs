//! A joiner: somebody whom another organisation has marked as leaver, found by their exact address and taken in.

use domain::{
    channel::Operation,
    dictionary::{Attribute, Attributes},
    organisation::Organisation,
    request::{CLEAR, Wish},
    values::ids::SubmissionId,
};
use gate::PersonKind;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    calls::{at, lifecycle::TakeIn},
    components::{
        error_summary::ErrorSummary,
        field::{Keys, TextField},
        place_fields::{OrganisationField, PlaceFields, SettledOrganisation, chosen_of, said_organisation},
    },
    forms::{Answers, BECOMES, FROM, FormState, Need, WHOLE, place_of, said_from},
    pages::asked,
    routes,
    visitor::Visitor,
};

/// Organisations that the list offers.
const OFFERED: u64 = 500;

/// The form, in two steps where there is a choice of organisations.
#[component]
pub fn JoinerPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let mut form = use_context::<FormState>().unwrap_or_default();
    let wanted = said_organisation(&mut form);
    let from = said_from();
    asked(async move {
        let visit = visitor.visit()?;
        let own = visit.organisations_for(Operation::Joiner, OFFERED).await?;
        let mut form = form;
        form.fill_in(&visit, from.as_ref(), answers).await?;
        // Only whoever gave the exact address, and was told that it is a leaver’s, is shown what they are.
        let along = match SubmissionId::parse(&form.value_of(FROM)) {
            Some(asked) => visit.coming_along(&asked).await?,
            None => None,
        };
        let body = match chosen_of(&own, &form.organisation(wanted)) {
            None => view! { <Which own form=form.clone()/> }.into_any(),
            Some(code) => {
                let (organisation, whole) = visit.organisation_for(Operation::Joiner, &code).await?;
                let has_choice = own.len() > 1;
                view! { <Whom organisation whole has_choice along form=form.clone()/> }.into_any()
            }
        };
        let title = if form.is_sound() {
            "Take in a leaver"
        } else {
            "Error: Take in a leaver"
        };
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=routes::PEOPLE>"People"</a>
            <ErrorSummary form/>
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <h1>"Take in a leaver"</h1>
                <p>"A person who joins you from another organisation keeps their account, email address and mailbox. Their old organisation marks them as leaver first. Then you take them in here."</p>
                {body}
            </div></div>
        })
    })
}

/// What was answered where somebody was to be taken in.
fn answers(wish: &Wish) -> Option<Answers> {
    match wish {
        Wish::Join { address, cells } => {
            let address = vec![(Attribute::EmailAddress.slug(), address.clone())];
            let becomes = BECOMES.map(|attribute| (attribute.slug(), cells.text(attribute).to_owned()));
            Some([address, place_of(cells), becomes.to_vec()].concat())
        }
        _ => None,
    }
}

/// The first step: which organisation they join.
#[component]
fn Which(own: Vec<Organisation>, form: FormState) -> impl IntoView {
    let carried = form.carried();
    let chosen = form.value_of("organisation");
    view! {
        <form class="app-sheet" method="get" action=routes::NEW_JOINER>
            {carried}
            <OrganisationField label="Which organisation do they join?" organisations=own chosen form/>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
        </form>
    }
}

/// The second: who, and their place here.
#[component]
fn Whom(
    organisation: Organisation,
    whole: bool,
    has_choice: bool,
    along: Option<Attributes>,
    form: FormState,
) -> impl IntoView {
    let carried = form.carried();
    let change = has_choice.then(|| form.choice_again(routes::NEW_JOINER));
    let becomes = BECOMES
        .into_iter()
        .map(|attribute| view! { <Becomes attribute was=was(along.as_ref(), attribute) form=form.clone()/> })
        .collect_view();
    view! {
        <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action={at::<TakeIn>()} novalidate>
            {carried}
            <SettledOrganisation lead="They join " organisation=organisation.clone() change form=form.clone()/>
            <TextField
                field="email-address"
                label=Attribute::EmailAddress.name()
                hint="The whole email address, exactly as it is. Ask the person for it."
                keys=Keys::Address
                form=form.clone()
            />
            <PlaceFields organisation whole kind=PersonKind::Account form=form.clone()/>
            {becomes}
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
        </form>
    }
}

/// What somebody is, as far as it is known.
fn was(along: Option<&Attributes>, attribute: Attribute) -> String {
    match along.map(|along| along.shown(attribute)) {
        None => "Leave it empty to keep what they have.".to_owned(),
        Some(None) => "They have none.".to_owned(),
        Some(Some(text)) => format!("As it was: {text}. Leave it empty to keep that, or enter {CLEAR} to remove it."),
    }
}

/// What somebody becomes who is taken in; empty, it stays as it was.
#[component]
fn Becomes(attribute: Attribute, was: String, form: FormState) -> impl IntoView {
    let label = Need::Optional.label(attribute.name());
    let keys = if attribute == Attribute::Telephone {
        Keys::Telephone
    } else {
        Keys::Words
    };
    view! { <TextField field=attribute.slug() label hint=was keys form/> }
}
