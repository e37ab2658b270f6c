//! The API tokens of the connectors that one manages: the list, and one token with the way to revoke it.

use domain::values::ids::{Timestamp, TokenId};
use gate::{GateError, ListedToken, TokenStanding, WhichTokens};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    calls::{
        about, at,
        tokens::{FindTokens, RevokeToken},
    },
    components::{
        done_banner::DoneBanner,
        pagination::Pagination,
        select_field::options,
        table::{Column, Table},
        token_table::standing,
        unknown_filters::{UnknownFilters, UnknownNote},
    },
    islands::breakable,
    pages::asked,
    routes,
    visitor::Visitor,
    words,
};

/// The list, the latest first.
#[component]
pub fn TokensPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let query = use_query_map().get_untracked();
    let given = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
    let revoked = given("revoked") == "yes";
    // Links go on with what a token is recognised by, and with nothing secret.
    let find = given("find");
    let find = TokenId::recognised(&find).map_or(find, |id| format!("pat_{id}"));
    let mut unknown = UnknownFilters::default();
    let show = unknown.read(&given("show"), TokenStanding::from_slug);
    let which = WhichTokens {
        standing: show.unwrap_or_default(),
        words: find,
        token: None,
        after: TokenId::parse(&given("after")),
    };
    asked(async move {
        let found = visitor.visit()?.tokens(&which).await?;
        let address = |after: &str| {
            let (show, find) = (which.standing.slug(), which.words.as_str());
            routes::with_query(routes::TOKENS, &[("show", show), ("find", find), ("after", after)])
        };
        let first = which.after.as_ref().map(|_| address(""));
        let last = found.tokens.last().filter(|_| found.more);
        let next = last.map(|last| address(last.token.id.as_str()));
        let now = visitor.gate.now();
        let list = match found.tokens.is_empty() {
            true => none(&which).into_any(),
            false => view! { <Tokens tokens=found.tokens now/> <Pagination first next/> }.into_any(),
        };
        Ok(view! {
            <Title text="API tokens"/>
            <a class="nhsuk-back-link" href=routes::ADMINISTRATORS>"Administrators"</a>
            {revoked.then(|| view! { <DoneBanner said="The token is revoked. It stopped working at once."/> })}
            <h1>"API tokens"</h1>
            <p>"Programs use these tokens to send changes for organisations you manage. Each belongs to a connector. If a token may have leaked, revoke it."</p>
            <Search which=which.clone()/>
            <UnknownNote filters=unknown/>
            {list}
        })
    })
}

/// Why there is nothing, and what to do.
fn none(which: &WhichTokens) -> impl IntoView + use<> {
    let is_all = which.words.is_empty() && which.standing == TokenStanding::Good;
    let said = match is_all {
        true => {
            "No tokens are active. A connector makes a token on their own page, once you have given them the role Connector."
        }
        false => "No tokens found. Check the start of the token or the name, or show all tokens.",
    };
    let way = match is_all {
        true => {
            view! { <a href=routes::with_query(routes::ADMINISTRATORS, &[("role", "connector")])>"See who is a connector"</a> }
        }
        false => {
            let all = routes::with_query(routes::TOKENS, &[("show", TokenStanding::Any.slug())]);
            view! { <a href=all>"Show all tokens"</a> }
        }
    };
    view! { <div class="nhsuk-inset-text"><p>{said}</p><p>{way}</p></div> }
}

#[component]
fn Search(which: WhichTokens) -> impl IntoView {
    let standings = TokenStanding::ALL.map(|standing| (standing.slug().to_owned(), standing.name().to_owned()));
    let standings = options(standings.to_vec(), which.standing.slug());
    view! {
        <form class="app-search" method="post" action={at::<FindTokens>()} role="search">
            <div class="app-search__filters">
                <div class="nhsuk-form-group">
                    <label class="nhsuk-label" for="find">"Start of the token, its name, or the connector"</label>
                    <div class="nhsuk-hint" id="find-hint">"The first 12 characters of a token are enough, such as pat_3fK9aQ2x. Staffbook keeps no more of it than that."</div>
                    <input class="nhsuk-input" id="find" name="find" type="text" autocomplete="off" spellcheck="false" maxlength="100" value=which.words aria-describedby="find-hint"/>
                </div>
                <div class="nhsuk-form-group">
                    <label class="nhsuk-label" for="show">"Show"</label>
                    <select class="nhsuk-select" id="show" name="show">{standings}</select>
                </div>
            </div>
            <button class="nhsuk-button nhsuk-button--small nhsuk-u-margin-top-4">"Search"</button>
        </form>
    }
}

#[component]
fn Tokens(tokens: Vec<ListedToken>, now: Timestamp) -> impl IntoView {
    let line = move |listed: ListedToken| {
        let ListedToken { token, holder, .. } = listed;
        let name = holder.full_name();
        let used = token.last_used.map_or_else(|| "Never".to_owned(), words::moment);
        let label = if token.is_good(now) { "Revoke" } else { "Open" };
        let hidden = format!(" token {} of {name}", token.name);
        let begins = view! {
            <code>{format!("pat_{}", token.id)}</code> <br/> <span class="app-people__note app-break" inner_html=breakable(&token.name)></span>
        };
        let open = view! { <a href=routes::token(&token.id)>{label} <span class="nhsuk-u-visually-hidden">{hidden}</span></a> };
        vec![
            begins.into_any(),
            view! { <a href=routes::connector(&holder.id)>{name}</a> }.into_any(),
            words::day(token.made_at).into_any(),
            used.into_any(),
            standing(&token, now).into_any(),
            open.into_any(),
        ]
    };
    let rows = tokens.into_iter().map(line).collect();
    let columns = vec![
        Column::Named("Token"),
        Column::Named("Connector"),
        Column::Named("Made"),
        Column::Named("Last used"),
        Column::Named("Status"),
        Column::Acts("Open"),
    ];
    view! { <Table caption="API tokens, newest first" columns rows/> }
}

/// One token: what it is, and the button that revokes it.
#[component]
pub fn TokenPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    asked(async move {
        let id = TokenId::parse(&id).ok_or(GateError::NotFound)?;
        let listed = visitor.visit()?.token(&id).await?;
        let ListedToken { token, holder, is_own } = listed;
        let now = visitor.gate.now();
        let name = holder.full_name();
        let (back, label) = match is_own {
            true => (routes::OWN_TOKENS, "Your API tokens"),
            false => (routes::TOKENS, "API tokens"),
        };
        let used = token.last_used.map_or_else(|| "Never".to_owned(), words::moment);
        let facts = [
            ("Starts with", format!("pat_{}", token.id)),
            ("Name", token.name.clone()),
            ("Connector", name),
            ("Made", words::moment(token.made_at)),
            ("Last used", used),
            ("Status", standing(&token, now)),
        ];
        let facts = facts.map(|(key, value)| {
            view! {
                <div class="nhsuk-summary-list__row">
                    <dt class="nhsuk-summary-list__key">{key}</dt>
                    <dd class="nhsuk-summary-list__value app-break">{value}</dd>
                </div>
            }
        });
        let revoke = token.is_good(now).then(|| {
            view! {
                <p>"Revoking stops the token at once and for good. Programs that use it can send nothing until they have a new token."</p>
                <form method="post" action={about::<RevokeToken>(&token.id)}>
                    <button class="nhsuk-button nhsuk-button--warning">"Revoke token"</button>
                </form>
            }
        });
        let title = format!("Token {}", token.name);
        Ok(view! {
            <Title text=title.clone()/>
            <a class="nhsuk-back-link" href=back>{label}</a>
            <h1 class="app-break">{title}</h1>
            <dl class="nhsuk-summary-list">{facts.collect_view()}</dl>
            {revoke}
        })
    })
}
