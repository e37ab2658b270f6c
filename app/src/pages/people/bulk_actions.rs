//! One thing for many accounts, where more must be said first: what it is, when they leave, or where they go. Whom it is
//! about is carried along in the form.

use domain::{
    channel::Operation,
    dictionary::Attribute,
    life::Turn,
    organisation::{Organisation, OrganisationCode},
    problem::in_sentence,
    request::Cells,
};
use gate::{Act, ActKind, CHANGED_FOR_MANY, GateError, PersonKind, Whom, calendar};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    calls::{at, bulk_actions::ActOnMany},
    components::{
        acts::ActField,
        error_summary::ErrorSummary,
        field::{Keys, TextField},
        place_fields::{OrganisationField, SiteAndUnit},
        select_field::select,
        when_field::WhenField,
    },
    forms::{Answers, DETAIL, EMPTY, FormState, VALUE, leaving::LEAVING, place_of, said_from},
    pages::{
        accounts::{
            absence::{absence_of_many, said},
            leaver::ahead,
        },
        asked,
    },
    routes,
    searches::people::{Search, WHOM, whom},
    visitor::Visitor,
    words::counted,
};

/// Organisations offered to go to.
const OFFERED: u64 = 500;

/// The page.
#[component]
pub fn ActingPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let mut form = use_context::<FormState>().unwrap_or_default();
    let from = said_from().filter(|_| form.value_of("whom").is_empty());
    if let Some(from) = &from {
        form.keep("whom", "asked");
        form.keep("submission", from.as_str());
    } else if form.value_of("whom").is_empty() {
        // Come here by a link from a submission.
        let query = use_query_map().get_untracked();
        for name in ["submission", "kind"] {
            form.keep(name, &query.get(name).unwrap_or_default());
        }
        form.keep("whom", "upload");
    }
    asked(async move {
        let visit = visitor.visit()?;
        // Who manages nobody has nothing to do here, as on the list itself.
        if !visit.abilities().await?.sees_people {
            return Err(GateError::Denied);
        }
        if let Some(from) = &from {
            match visit.open_act(from).await {
                Ok((act, _)) => answered(&mut form, &act),
                // Decided on in another window meanwhile.
                Err(GateError::NotFound) => return Ok(view! { <NobodyChosen/> }.into_any()),
                Err(error) => return Err(error),
            }
        }
        let Some(whom) = whom(visitor.gate.now(), |name| form.value_of(name)) else {
            return Ok(view! { <NobodyChosen/> }.into_any());
        };
        let kind = ActKind::from_slug(&form.value_of("act"));
        let acts = visit.acts().await?;
        // Nobody is asked for more about what they may not do.
        if kind.is_some_and(|kind| !acts.contains(&kind)) {
            return Err(GateError::Denied);
        }
        let many = visit.how_many(&whom).await?;
        if many == 0 {
            return Ok(view! { <NobodyChosen/> }.into_any());
        }
        let accounts = counted(u32::try_from(many).unwrap_or(u32::MAX), "account", "accounts");
        let (heading, fields) = match kind {
            Some(ActKind::Turn(Turn::MarkLeaver)) => {
                let now = visitor.gate.now();
                let (year, month, day) = calendar::date_parts(calendar::days_after(now, 30).unwrap_or(now));
                let hint = format!("For example, {day} {month} {year}");
                let leavers = if many == 1 { "leaver" } else { "leavers" };
                let heading = format!("Mark {accounts} as {leavers}");
                let legend = "When do they leave?";
                let form = form.clone();
                let when = view! { <WhenField legend hint names=LEAVING form/> };
                (heading, when.into_any())
            }
            Some(ActKind::Turn(Turn::Disable)) => {
                let heading = format!("Disable {accounts}");
                (heading, absence_of_many(&form, visitor.gate.now()).into_any())
            }
            Some(ActKind::Move) => {
                let offered = visit.organisations_for(Operation::TransferAccount, OFFERED).await?;
                let chosen = OrganisationCode::parse(&form.value_of("organisation")).ok();
                let chosen = chosen.filter(|code| offered.iter().any(|organisation| organisation.code == *code));
                // Where something else is to be answered, it may be another organisation.
                let place = match chosen.filter(|_| from.is_none()) {
                    Some(code) => Some(visit.organisation_for(Operation::TransferAccount, &code).await?),
                    None => None,
                };
                (
                    format!("Transfer {accounts}"),
                    view! { <Going offered place form=form.clone()/> }.into_any(),
                )
            }
            Some(ActKind::Change) => match detail_of(&form) {
                None => (
                    format!("Change a detail for {accounts}"),
                    view! { <WhichDetail form=form.clone()/> }.into_any(),
                ),
                Some(detail) => {
                    let place = match detail {
                        Attribute::Site | Attribute::Unit => visit.place_of_all(&whom).await?,
                        _ => None,
                    };
                    (
                        format!("Change {} for {accounts}", in_sentence(detail)),
                        view! { <Becoming detail place form=form.clone()/> }.into_any(),
                    )
                }
            },
            Some(ActKind::Turn(_)) | None => (
                format!("Change {accounts}"),
                view! { <ActField acts form=form.clone()/> }.into_any(),
            ),
        };
        let title = if form.is_sound() {
            heading.clone()
        } else {
            format!("Error: {heading}")
        };
        let (back, back_words) = match &whom {
            Whom::Upload(id, _) => (routes::submission(id), "Back to what was applied"),
            Whom::Asked(id) => (routes::submission(id), "Back to what you asked for"),
            Whom::These(_) | Whom::Search(_) => (
                Search::of_fields(|field| form.value_of(field)).path(),
                "Back to the list",
            ),
        };
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=back>{back_words}</a>
            <ErrorSummary form=form.clone()/>
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <h1>{heading}</h1>
                <form class="app-sheet" method="post" action={at::<ActOnMany>()} novalidate>
                    <Carried form/>
                    {fields}
                    <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
                </form>
                <p>"You see what will happen to each of them before anything is done."</p>
            </div></div>
        }
        .into_any())
    })
}

/// Puts what was answered before into the form.
fn answered(form: &mut FormState, act: &Act) {
    let answers = match act {
        Act::Turn(_) => vec![("when", "today".to_owned())],
        Act::Leave(at) => ahead(*at),
        Act::Away(absence) => said(absence),
        Act::Move(cells) => place_of(cells),
        Act::Change(cells) => changed(cells),
    };
    form.keep("act", act.kind().slug());
    for (field, text) in answers {
        form.keep(field, &text);
    }
}

/// What a detail was to become, as it was answered.
fn changed(cells: &Cells) -> Answers {
    let asked = CHANGED_FOR_MANY
        .into_iter()
        .find(|detail| !cells.text(*detail).is_empty());
    let Some(detail) = asked else { return vec![] };
    let becomes = match cells.clears(detail) {
        true => (EMPTY, "yes".to_owned()),
        false => (VALUE, cells.text(detail).to_owned()),
    };
    vec![(DETAIL, detail.slug().to_owned()), becomes]
}

/// The detail that was chosen.
fn detail_of(form: &FormState) -> Option<Attribute> {
    let said = form.value_of(DETAIL);
    CHANGED_FOR_MANY.into_iter().find(|detail| detail.slug() == said)
}

/// Whom it is about, carried on unseen. So a long list of people stands in no address.
#[component]
fn Carried(form: FormState) -> impl IntoView {
    let search = Search::of_fields(|field| form.value_of(field)).fields();
    let whom = WHOM.map(|name| (name, form.value_of(name)));
    // Once it is settled it is not asked again.
    let act = ActKind::from_slug(&form.value_of("act")).map(|act| ("act", act.slug().to_owned()));
    let fields = search
        .into_iter()
        .chain(whom)
        .chain(act)
        .chain([("step", "details".to_owned())]);
    fields
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
}

/// Somebody came here without having chosen anybody.
#[component]
fn NobodyChosen() -> impl IntoView {
    view! {
        <Title text="Choose accounts first"/>
        <h1>"Choose accounts first"</h1>
        <p>"Find the accounts in the list, tick them, and choose what to do."</p>
        <p><a class="nhsuk-button" href=routes::PEOPLE>"Go to the list"</a></p>
    }
}

/// Which detail changes.
#[component]
fn WhichDetail(form: FormState) -> impl IntoView {
    let choices = CHANGED_FOR_MANY
        .into_iter()
        .map(|detail| (detail.slug().to_owned(), detail.name().to_owned()));
    let choices = std::iter::once((String::new(), "Choose a detail".to_owned())).chain(choices);
    select(
        DETAIL,
        "Which detail do you want to change?",
        None,
        choices.collect(),
        "",
        &form,
    )
}

/// What it becomes, for all of them: one of the organisation's own sites or units, where all belong to one; else as it is typed.
#[component]
fn Becoming(detail: Attribute, place: Option<(Organisation, bool)>, form: FormState) -> impl IntoView {
    let chosen = form.value_of(VALUE);
    let is_removed = !form.value_of(EMPTY).is_empty();
    let own: Vec<_> = match (&place, detail) {
        (Some((home, _)), Attribute::Site) => home
            .sites
            .iter()
            .map(|site| (site.code.clone(), format!("{} ({})", site.name, site.code)))
            .collect(),
        (Some((home, _)), Attribute::Unit) => {
            let units = home.units.iter();
            units.map(|unit| (unit.to_string(), unit.to_string())).collect()
        }
        _ => vec![],
    };
    let label = match detail {
        Attribute::Quota => "New mailbox quota in gigabytes",
        Attribute::Site => "New site",
        Attribute::Unit => "New unit",
        Attribute::JobTitle => "New job title",
        _ => "New department",
    };
    let hint = match detail {
        Attribute::Site => "The code of a site of each person’s own organisation.",
        Attribute::Unit => "A unit of each person’s own organisation, such as Medicine / Ward 7.",
        _ => "It becomes the same for all of them.",
    };
    let field = if own.is_empty() {
        let keys = if detail == Attribute::Quota {
            Keys::Digits
        } else {
            Keys::Words
        };
        view! { <TextField field=VALUE label hint keys form=form.clone()/> }.into_any()
    } else {
        let choices = std::iter::once((String::new(), "Choose".to_owned())).chain(own);
        select(VALUE, label, None, choices.collect(), &chosen, &form)
    };
    // Whoever manages a unit only keeps everybody in one, and a mailbox always has a size.
    let is_whole = place.as_ref().is_none_or(|(_, whole)| *whole);
    let can_be_empty = detail != Attribute::Quota && (detail != Attribute::Unit || is_whole);
    let empty = can_be_empty.then(|| {
        let words = format!("Remove the {}: leave it empty for all of them", in_sentence(detail));
        view! {
            <div class="nhsuk-form-group">
                <div class="nhsuk-checkboxes nhsuk-checkboxes--small">
                    <div class="nhsuk-checkboxes__item">
                        <input class="nhsuk-checkboxes__input" id=EMPTY name=EMPTY type="checkbox" value="yes" checked=is_removed/>
                        <label class="nhsuk-label nhsuk-checkboxes__label" for=EMPTY>{words}</label>
                    </div>
                </div>
            </div>
        }
    });
    view! {
        <input type="hidden" name=DETAIL value=detail.slug()/>
        {field}
        {empty}
    }
}

/// Where they go: the organisation first, then their place in it.
#[component]
fn Going(offered: Vec<Organisation>, place: Option<(Organisation, bool)>, form: FormState) -> impl IntoView {
    let Some((organisation, whole)) = place else {
        let chosen = form.value_of("organisation");
        let before = ["site", "unit"].map(|name| (name, form.value_of(name)));
        let before = before.into_iter().filter(|(_, value)| !value.is_empty());
        let before = before.map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
        return view! {
            {before.collect_view()}
            <OrganisationField label="To which organisation?" organisations=offered chosen form/>
            <p class="nhsuk-hint">"A local unique ID belongs to one trust. People who move to another trust lose theirs."</p>
        }
        .into_any();
    };
    let code = organisation.code.to_string();
    let name = organisation.name.clone();
    view! {
        <input type="hidden" name="organisation" value=code/>
        <input type="hidden" name="place" value="settled"/>
        <h2 class="nhsuk-heading-m">{name}</h2>
        <p>"They all move to the same place."</p>
        <SiteAndUnit organisation whole kind=PersonKind::Account form/>
    }
    .into_any()
}
