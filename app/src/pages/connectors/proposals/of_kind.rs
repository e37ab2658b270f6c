//! The proposals of one kind: a table with boxes to tick, and the form that accepts them. Kinds never mix, so that one answer
//! is one thing that is done.

use domain::{
    connector::{ProposalKind, ProposalReason},
    dictionary::{Attribute, Attributes, CLEAR},
    organisation::Organisation,
};
use gate::{ListedProposal, ProposedFor};
use leptos::prelude::*;

use crate::{
    calls::{
        at,
        proposals::{AcceptProposals, DeclineProposal},
    },
    components::{
        error_summary::FieldError,
        table::{Column, Row, Table},
    },
    forms::{ALL_SHOWN, FormState, OF_KIND, PROPOSAL, SHOWN, ticked_of},
    islands::breakable,
    routes,
    visitor::Visitor,
    words::{self, counted},
};

/// How the list is filtered, for forms that lead back to it.
#[derive(Clone, Debug)]
pub(super) struct Filters(Vec<(&'static str, String)>);

impl Filters {
    /// Those that say something.
    pub(super) fn of(all: [(&'static str, &str); 4]) -> Self {
        let some = all.into_iter().filter(|(_, value)| !value.is_empty());
        Self(some.map(|(name, value)| (name, value.to_owned())).collect())
    }

    fn fields(&self) -> impl IntoView + use<> {
        let fields = self.0.clone().into_iter();
        fields
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view()
    }
}

/// The section. Its ticks belong to the form below the table: a line has a form of its own, and no form may be in another.
#[component]
pub(super) fn OfKind(
    kind: ProposalKind,
    /// The longest ago first.
    proposals: Vec<ListedProposal>,
    /// The organisations that they are in.
    places: Vec<Organisation>,
    filters: Filters,
    form: FormState,
) -> impl IntoView {
    let sees_connectors = Visitor::of_page().sees.administrators;
    let number = u32::try_from(proposals.len()).unwrap_or(u32::MAX);
    let (said, field) = (what_is_done(kind, number), ticked_of(kind));
    let (id, named_by) = (format!("kind-{}", kind.slug()), format!("kind-{}", kind.slug()));
    let shown: Vec<_> = proposals.iter().map(|listed| listed.id.to_string()).collect();
    let shown = shown.join(" ");
    let ticked = form.value_of("id");
    let ticks = proposals.iter().map(|listed| tick(listed, &field, &ticked)).collect();
    let whys = proposals.iter().any(|listed| why(listed).is_some());
    let line = |listed: ListedProposal| row(&listed, &places, &filters, (sees_connectors, whys));
    let rows = proposals.into_iter().map(line).collect();
    let mut columns = vec![Column::Named("Person"), Column::Named("Organisation")];
    if whys {
        columns.push(Column::Named(if has_values(kind) { "Proposed" } else { "Why" }));
    }
    columns.extend([Column::Named("Asked by"), Column::Acts("What you can do")]);
    // What one form does is said on its button to those who hear no heading.
    let of_kind = format!(": {}", first_small(kind.name()));
    let all = (number > 1).then(|| {
        let hidden = format!(": {}", first_small(&said));
        view! {
            <button class="nhsuk-button nhsuk-button--secondary" name=ALL_SHOWN value="yes">
                {format!("Accept all {number} shown")} <span class="nhsuk-u-visually-hidden">{hidden}</span>
            </button>
        }
    });
    let caption = format!("{said}: proposals, oldest first");
    let form_id = field.clone();
    view! {
        <section aria-labelledby=named_by>
            <h2 id=id>{said}</h2>
            <Table caption columns rows ticks/>
            <form class="app-sheet" id=form_id tabindex="-1" method="post" action={at::<AcceptProposals>()}>
                {filters.fields()}
                <input type="hidden" name=OF_KIND value=kind.slug()/>
                <input type="hidden" name=SHOWN value=shown/>
                <FieldError field form/>
                <div class="app-actions">
                    <button class="nhsuk-button">"Accept selected" <span class="nhsuk-u-visually-hidden">{of_kind}</span></button>
                    {all}
                </div>
                <p class="nhsuk-hint nhsuk-u-margin-top-3 nhsuk-u-margin-bottom-0">
                    "You see what will happen to each person before anything is done."
                </p>
            </form>
        </section>
    }
}

/// What accepting so many of a kind comes to: `Disable 12 accounts`.
fn what_is_done(kind: ProposalKind, number: u32) -> String {
    let accounts = counted(number, "account", "accounts");
    match kind {
        ProposalKind::Create => format!("Create {accounts}"),
        ProposalKind::Delete => format!("Delete {accounts}"),
        ProposalKind::Disable => format!("Disable {accounts}"),
        ProposalKind::Enable => format!("Enable {accounts}"),
        ProposalKind::Move => format!("Transfer {accounts}"),
        ProposalKind::EditContact => format!("Change {}", counted(number, "contact", "contacts")),
    }
}

/// Words as they stand behind a colon.
fn first_small(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// Whether the kind is proposed with values, which differ from person to person.
const fn has_values(kind: ProposalKind) -> bool {
    match kind {
        ProposalKind::Create | ProposalKind::Move | ProposalKind::EditContact => true,
        ProposalKind::Delete | ProposalKind::Disable | ProposalKind::Enable => false,
    }
}

/// The box of a proposal; `ticked` are the IDs of those that are.
fn tick(listed: &ListedProposal, form: &str, ticked: &str) -> AnyView {
    let id = listed.id.to_string();
    let is_ticked = ticked.split(' ').any(|other| other == id);
    let label = format!("Select {}: {}", name(listed), what(listed));
    view! {
        <input class="app-people__box" type="checkbox" name="id" form=form.to_owned() value=id aria-label=label checked=is_ticked/>
    }
    .into_any()
}

/// A line; whether its connector has a page for the visitor, and whether any line of the table has a reason or values.
fn row(
    listed: &ListedProposal,
    places: &[Organisation],
    filters: &Filters,
    (sees_connectors, whys): (bool, bool),
) -> Row {
    let (href, known) = match &listed.subject {
        ProposedFor::Account(account) => (Some(routes::account(&account.id)), known(&account.attributes)),
        ProposedFor::Contact(contact) => (Some(routes::contact(&contact.id)), known(&contact.attributes)),
        // What they are known by stands among what is proposed.
        ProposedFor::NewAccount { .. } => (None, vec![]),
    };
    let (person, what) = (name(listed), what(listed));
    let known = known
        .into_iter()
        .map(|text| view! { " " <span class="app-people__address" inner_html=breakable(&text)></span> })
        .collect_view();
    let named = match href {
        Some(href) => view! { <a class="app-people__name" href=href>{person.clone()}</a> }.into_any(),
        None => view! { <span class="app-people__name">{person.clone()}</span> }.into_any(),
    };
    let who = view! { {named} {known} };
    let code = &listed.organisation;
    let home = places.iter().find(|place| place.code == *code);
    let home = home.map_or_else(|| code.to_string(), |home| home.short_name.clone());
    let by = match sees_connectors {
        true => view! { <a href=routes::connector(&listed.connector)>{listed.connector_name.clone()}</a> }.into_any(),
        false => listed.connector_name.clone().into_any(),
    };
    let again = (listed.times > 1).then(|| {
        let times = counted(listed.times, "time", "times");
        view! { <br/> <span class="app-people__note">{format!("asked {times}, last on {}", words::moment(listed.said_last))}</span> }
    });
    let asked = view! { {by} <br/> {format!("since {}", words::day(listed.said_first))} {again} };
    let decline = view! {
        <form class="app-actions__form" method="post" action={at::<DeclineProposal>()}>
            {filters.fields()}
            <input type="hidden" name=PROPOSAL value=listed.id.to_string()/>
            <button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small">
                "Decline" <span class="nhsuk-u-visually-hidden">{format!(" {what}, {person}")}</span>
            </button>
        </form>
    };
    let why = whys.then(|| why(listed).unwrap_or_else(|| ().into_any()));
    let cells = [who.into_any(), home.into_any()];
    let cells = cells
        .into_iter()
        .chain(why)
        .chain([asked.into_any(), decline.into_any()]);
    cells.collect()
}

fn name(listed: &ListedProposal) -> String {
    match &listed.subject {
        ProposedFor::Account(account) => account.full_name(),
        ProposedFor::Contact(contact) => contact.full_name(),
        ProposedFor::NewAccount { name, .. } => name.clone(),
    }
}

/// What somebody is known by besides their name.
fn known(attributes: &Attributes) -> Vec<String> {
    let address = attributes.text(Attribute::EmailAddress).to_owned();
    let local_id = match attributes.text(Attribute::LocalId) {
        "" => String::new(),
        local_id => format!("{} {local_id}", Attribute::LocalId.name()),
    };
    [address, local_id]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect()
}

/// The values that it is proposed with, a line each: `Mobile: none`.
fn values(listed: &ListedProposal) -> Vec<String> {
    // A private address is nobody's to see; it is used for the activation link.
    let is_shown = |attribute: &Attribute, text: &str| !text.is_empty() && *attribute != Attribute::ActivationEmail;
    let asked = listed
        .asked
        .iter()
        .filter(|(attribute, text)| is_shown(attribute, text));
    let asked = asked.map(|(attribute, text)| match text.as_str() {
        CLEAR => format!("{}: none", attribute.name()),
        text => format!("{}: {text}", attribute.name()),
    });
    asked.collect()
}

/// Why an administrator is asked whether an account is to be created: nobody else could decide on the row of a file by email.
const WHY_CREATE: &str = "The run did not apply this row of a file by email. It may be a duplicate of somebody who is already \
                          here, or needs another decision.";

/// The values, and why an administrator is asked; `None` if there is nothing to say.
fn why(listed: &ListedProposal) -> Option<AnyView> {
    let values = values(listed);
    if values.is_empty() && listed.reason.is_none() {
        return None;
    }
    let values = values
        .into_iter()
        .map(|line| view! { <span inner_html=breakable(&line)></span> <br/> })
        .collect_view();
    let reason = match listed.kind {
        ProposalKind::Create => Some(WHY_CREATE),
        _ => listed.reason.map(ProposalReason::sentence),
    };
    Some(view! { {values} {reason} }.into_any())
}

/// What is proposed, with the values that it is proposed with.
fn what(listed: &ListedProposal) -> String {
    let values = values(listed);
    match values.is_empty() {
        true => listed.kind.name().to_owned(),
        false => format!("{} ({})", listed.kind.name(), values.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_says_what_is_done_to_how_many() {
        for (kind, number, said) in [
            (ProposalKind::Create, 1, "Create 1 account"),
            (ProposalKind::Disable, 12, "Disable 12 accounts"),
            (ProposalKind::Delete, 1, "Delete 1 account"),
            (ProposalKind::Move, 2, "Transfer 2 accounts"),
            (ProposalKind::EditContact, 3, "Change 3 contacts"),
        ] {
            assert_eq!(what_is_done(kind, number), said);
        }
        assert_eq!(first_small("Disable 12 accounts"), "disable 12 accounts");
    }

    #[test]
    fn only_filters_that_say_something_are_sent_on() {
        let filters = Filters::of([("kind", "delete"), ("connector", ""), ("after", ""), ("page", "")]);
        assert_eq!(filters.0, [("kind", "delete".to_owned())]);
    }
}
