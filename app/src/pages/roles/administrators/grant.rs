//! One role that somebody holds: on which terms, by whom, why; and its end.

use domain::{
    policy::{Deed, Reach, Role, table},
    request::{RoleWish, Wish},
    values::ids::GrantId,
};
use gate::GateError;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    calls::{about, roles::RevokeRole},
    components::{
        error_summary::{ErrorSummary, FieldError},
        field::Tied,
        roles_held::when,
    },
    forms::{FormState, WHOLE, said_from},
    islands::escaped,
    pages::asked,
    routes,
    visitor::Visitor,
    words,
};

/// The page; with the form that ends the role where the visitor may.
#[component]
pub fn GrantPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let from = said_from();
    asked(async move {
        let id: GrantId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let mut form = form;
        let answers = |wish: &Wish| match wish {
            Wish::Role(_, RoleWish::Revoke { grant, reason, .. }) if *grant == id => {
                Some(vec![("reason", reason.clone())])
            }
            _ => None,
        };
        form.fill_in(&visit, from.as_ref(), answers).await?;
        let (listed, organisations) = visit.grant(id).await?;
        let (held, holder) = (listed.granted.held.clone(), listed.granted.holder.clone());
        let name = holder.full_name();
        let place = organisations.iter().find(|place| place.code == held.organisation);
        let what = match place {
            Some(place) => words::held(held.role, place, held.unit.as_ref()),
            None => held.role.name().to_owned(),
        };
        let title = match form.is_sound() {
            true => format!("{name}: {}", held.role.name()),
            false => format!("Error: {name}: {}", held.role.name()),
        };
        let given = match (listed.granted.at, &listed.granted.by) {
            (Some(at), Some(by)) => format!("{}, by {by}", words::moment(at)),
            _ => "Not known".to_owned(),
        };
        let is_own = visitor.actor.as_ref().and_then(|actor| actor.account()) == Some(holder.id);
        let end = if listed.may_revoke {
            view! { <Ending id form=form.clone()/> }.into_any()
        } else if is_own {
            view! { <p>"You cannot change your own roles. If this is wrong, ask another administrator."</p> }.into_any()
        } else {
            view! { <p>{who_revokes(held.role)}</p> }.into_any()
        };
        let person = match listed.sees_holder {
            true => view! { <a href=routes::account(&holder.id)>{name.clone()}</a> }.into_any(),
            false => name.clone().into_any(),
        };
        let mut lines = vec![("Role", what), ("Given", given)];
        lines.extend(when(&held.terms).map(|when| ("Held", when)));
        if !held.terms.channels.is_empty() {
            lines.push(("Sends through", words::sends(&held.terms)));
        }
        if !held.terms.reason.is_empty() {
            lines.push(("Reason", held.terms.reason.clone()));
        }
        let lines = lines
            .into_iter()
            .map(|(key, value)| {
                view! {
                    <div class="nhsuk-summary-list__row">
                        <dt class="nhsuk-summary-list__key">{key}</dt>
                        <dd class="nhsuk-summary-list__value app-break">{value}</dd>
                    </div>
                }
            })
            .collect_view();
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=routes::ADMINISTRATORS>"Administrators"</a>
            <ErrorSummary form/>
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <h1 class="app-break"><span class="nhsuk-caption-l">{name}</span> " " {held.role.name()}</h1>
                <dl class="nhsuk-summary-list">
                    <div class="nhsuk-summary-list__row">
                        <dt class="nhsuk-summary-list__key">"Held by"</dt>
                        <dd class="nhsuk-summary-list__value">{person}</dd>
                    </div>
                    {lines}
                </dl>
                {end}
            </div></div>
        })
    })
}

/// Why the visitor may not revoke a role: it is for others to do.
fn who_revokes(role: Role) -> String {
    let may = |other: &Role| table(*other, Deed::of_grant(role)) == Reach::Yes;
    let roles: Vec<_> = Role::ALL.into_iter().filter(may).map(Role::name).collect();
    format!(
        "You cannot revoke it: your roles do not let you give or revoke {} here. Ask a {}.",
        role.name(),
        roles.join(" or a ")
    )
}

#[component]
fn Ending(id: GrantId, form: FormState) -> impl IntoView {
    let revocation = about::<RevokeRole>(&id);
    view! {
        <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action=revocation novalidate>
            <h2 class="nhsuk-heading-m">"Revoke this role"</h2>
            {form.carried()}
            <ReasonField label="Why does it end?" form/>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
        </form>
        <p>"You can check everything before anything is done."</p>
    }
}

/// Why a role is given or ends.
#[component]
pub(super) fn ReasonField(label: &'static str, form: FormState) -> impl IntoView {
    let tied = Tied::to("reason", &form).hinted(true);
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", tied.is_wrong())>
            <label class="nhsuk-label" for="reason">{label}</label>
            <div class="nhsuk-hint" id="reason-hint">"A few words for people who read the history later. Do not write anything private."</div>
            <FieldError field="reason" form=form.clone()/>
            <textarea
                class="nhsuk-textarea"
                class=("nhsuk-textarea--error", tied.is_wrong())
                id="reason"
                name="reason"
                rows="3"
                autocomplete="off"
                aria-describedby=tied.described()
                aria-invalid=tied.invalid()
                inner_html=escaped(&form.value_of("reason"))
            ></textarea>
        </div>
    }
}
