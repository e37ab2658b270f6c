//! One person: what will happen before it is confirmed, and what was done.

use domain::{
    absence::{Absence, Stay},
    account::AccountStatus,
    dictionary::{Attribute, Attributes},
    layout::Layout,
    life::Turn,
    organisation::Site,
    plan::{AccountStep, Change, ContactStep, RoleStep, Step},
    problem::{Audience, Kind, Problem},
    request::{AccountWish, ContactWish, RoleWish, Wish},
    submission::{LookAlikes, Outcome, State},
};
use gate::{Review, Row, Submission, seen};
use leptos::prelude::*;

use super::{
    around::Around,
    customers, granting,
    heading::{Heading, NotMine, Reference},
    once::Once,
    wording::{self, LinkGoes},
};
use crate::{
    calls::{
        about,
        submissions::{Confirm, Refuse},
    },
    components::{
        breakable::Breakable,
        changes::{Answered, AskedIn, BeforeAfter, Changes, Given, change as change_of},
        doing::{absence, days_of, doing, ending, leaving_date, seats_ending},
        problems::Problems,
        rows::address,
    },
    forms::{
        ANOTHER_ONE, FROM, PLACE, Subject,
        absence::{AWAY, BACK, REASON},
    },
    routes, words,
};

/// The plan, waiting for its asker's word.
#[component]
pub(super) fn OnePlanned(review: Review, row: Row, around: Around) -> impl IntoView {
    let submission = review.submission;
    let can = row.planned.step.kind().changes_something();
    let now = if can {
        "This is what would be done now."
    } else {
        "This is how it is now."
    };
    let who = if around.changed_oneself { "You" } else { "Somebody else" };
    let went_back = (row.outcome == Outcome::Stale).then(|| view! {
        <div class="nhsuk-inset-text"><p>{who} " changed something after you opened this, so nothing has been done yet. " {now}</p></div>
    });
    let decide = match review.is_mine {
        true => view! { <Decide submission=submission.clone() row=row.clone() status=around.status()/> }.into_any(),
        false => view! { <NotMine submission=submission.clone()/> }.into_any(),
    };
    let all = row.planned.warnings.clone();
    let (remarks, warnings): (Vec<_>, Vec<_>) = all.into_iter().partition(Problem::is_remark);
    let alike = (!warnings.is_empty()).then(|| view! { <Alike warnings/> });
    let remarks = (!remarks.is_empty())
        .then(|| view! { <Problems problems=remarks layout=Layout::default() warning=true bare=true/> });
    let ends = ending(&row.planned.step).into_iter().chain(around.follows.clone());
    let follows: Vec<_> = ends
        .chain(seats_ending(&row.planned.step))
        .chain(leaving_date(&row.planned.step))
        .chain(absence(&row.planned.step))
        .collect();
    let asked = change(&submission, &row).filter(|_| review.is_mine);
    // Where nothing can be done, there is more to do than to say so.
    let on = (!can).then(|| {
        let on = onward(&row, &around, false);
        view! { <ul class="nhsuk-list">{on}</ul> }
    });
    view! {
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <Heading caption="Check before it is done" submission=submission.clone()/>
            {went_back}
            <Plan follows row around asked/>
            {remarks}
            {alike}
            {decide}
            {on}
            <Reference submission/>
        </div></div>
    }
}

/// How it ended.
#[component]
pub(super) fn OneEnded(review: Review, row: Row, around: Around) -> impl IntoView {
    let submission = review.submission;
    let is_done = submission.state == State::Applied && row.outcome == Outcome::Done;
    let name = around
        .person
        .clone()
        .map_or(row.planned.name.clone(), |person| person.name);
    let heading = if is_done {
        let what = wording::done(&row.planned.step);
        let told = [name, address(&row)];
        let told: Vec<_> = told.into_iter().filter(|part| !part.is_empty()).collect();
        view! {
            <div class="nhsuk-panel">
                <h1 class="nhsuk-panel__title">{what}</h1>
                <div class="nhsuk-panel__body app-break">{told.join(", ")}</div>
            </div>
        }
        .into_any()
    } else {
        view! { <Heading caption="Not done" submission=submission.clone()/> <p>"Nothing was changed."</p> }.into_any()
    };
    let links = around
        .links
        .iter()
        .map(|link| view! { <Once link=link.clone()/> })
        .collect_view();
    let is_sent_later = around.person.as_ref().is_some_and(|person| person.starts_on.is_some());
    let had_link = is_done && review.is_mine && makes_link(&row.planned.step) && !is_sent_later;
    let shown_before = (had_link && around.links.is_empty())
        .then_some(match around.goes {
            LinkGoes::ToAskerToo => SHOWN_BEFORE,
            LinkGoes::ByEmailAlone => SENT_ALONE,
        })
        .map(|said| view! { <div class="nhsuk-inset-text"><p>{said}</p></div> });
    let on = onward(&row, &around, is_done);
    // What was not done has no consequences.
    let plan = match is_done {
        true => view! { <Plan follows=endings(&row.planned.step) row around asked=None/> }.into_any(),
        false => view! { <h2>"What was asked for"</h2> <Plan follows=vec![] row around asked=None/> }.into_any(),
    };
    view! {
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            {heading}
            {links}
            {shown_before}
            {plan}
            <ul class="nhsuk-list">{on}</ul>
            <Reference submission/>
        </div></div>
    }
}

/// Where a link went to its person only.
const SENT_ALONE: &str = "The link was sent by email only, because the person holds a role. If it did not arrive, open \
    the person’s page and send another link.";

/// Where a link was shown already.
const SHOWN_BEFORE: &str = "The link was sent by email. It is shown at most once, right after it is made. If it did \
    not arrive, open the person’s page and send another link.";

/// Whether a one-time link is made with the step.
const fn makes_link(step: &Step) -> bool {
    matches!(
        step,
        Step::CreateAccount {
            with_password: false,
            stay: Stay { starts: None, .. },
            ..
        } | Step::Account(
            _,
            AccountStep::ResetPassword { .. }
                | AccountStep::Turn {
                    turn: Turn::Restore,
                    after: AccountStatus::Pending,
                    ..
                }
        )
    )
}

/// What ended, as it is told once it is done; what else follows was told before.
fn endings(step: &Step) -> Vec<String> {
    ending(step)
        .into_iter()
        .chain(seats_ending(step))
        .chain(leaving_date(step))
        .chain(absence(step))
        .collect()
}

/// What is done: for whom, before → after, and what is to be told of what ends and follows. `asked` is the form in which it was
/// asked for, while its answers can be changed.
#[component]
fn Plan(row: Row, around: Around, follows: Vec<String>, asked: Option<AskedIn>) -> impl IntoView {
    let step = row.planned.step;
    let name = match &around.person {
        Some(person) => view! { <a href=person.href.clone()>{person.name.clone()}</a> }.into_any(),
        None => row.planned.name.clone().into_any(),
    };
    // Of somebody new, all details stand below.
    let is_new = matches!(step, Step::CreateAccount { .. } | Step::CreateContact { .. });
    let known_as = around.person.as_ref().map(|person| person.known_as.clone());
    let known_as = known_as.filter(|known_as| !is_new && !known_as.is_empty());
    let known_as = known_as.map(|known_as| view! { <p class="app-break">{known_as}</p> });
    let follows = follows
        .into_iter()
        .map(|sentence| view! { <li>{sentence}</li> })
        .collect_view();
    let follows = (!follows.is_empty()).then(|| view! { <ul class="app-plan__follows">{follows}</ul> });
    view! {
        <section class="app-sheet app-plan" aria-labelledby="plan">
            <h2 class="app-plan__who app-break" id="plan">{name}</h2>
            {known_as}
            {what(&step, &around, asked)}
            {follows}
        </section>
    }
}

fn what(step: &Step, around: &Around, asked: Option<AskedIn>) -> AnyView {
    let organisation = |from, to| BeforeAfter {
        what: "Organisation",
        before: Some(around.place(from)),
        after: Some(around.place(to)),
    };
    let sites = around.sites();
    match step {
        Step::CreateAccount {
            organisation,
            attributes,
            ..
        }
        | Step::CreateContact {
            organisation,
            attributes,
        } => {
            let stay = match step {
                Step::CreateAccount { stay, .. } => *stay,
                _ => Stay::default(),
            };
            let another = change_of(asked.as_ref(), ORGANISATION, "organisation");
            let values = attributes
                .iter()
                .map(|(attribute, value)| (attribute, value.clone()))
                .collect();
            let address = attributes.text(Attribute::EmailAddress).to_owned();
            view! {
                <p class="app-break"><strong><Breakable text=address/></strong> <br/> {around.place(organisation)} " " {another}</p>
                <Given values sites stay asked/>
            }
            .into_any()
        }
        Step::Account(_, AccountStep::Update { changes, days }) => {
            view! { <Changes changes=changes.clone() sites days=days.clone() asked/> }.into_any()
        }
        Step::Contact(_, ContactStep::Update { changes }) => {
            view! { <Changes changes=changes.clone() sites asked/> }.into_any()
        }
        // What the other organisation kept of a leaver is not this side's to see: only what they have from now on.
        Step::Account(
            of,
            AccountStep::Move {
                to,
                before: AccountStatus::Leaver,
                changes,
                ..
            },
        ) => {
            let values = changes
                .iter()
                .filter_map(|change| Some((change.attribute, change.after.clone()?)))
                .collect();
            let stays = stays(around.along.as_ref(), changes, &sites);
            let lines = vec![(organisation(&of.organisation, to), ORGANISATION)];
            view! { <Answered lines asked=asked.clone()/> <Given values sites asked/> {stays} }.into_any()
        }
        Step::Account(of, AccountStep::Move { to, changes, .. }) => {
            moved(organisation(&of.organisation, to), changes, sites, asked)
        }
        Step::Contact(of, ContactStep::Move { to, changes, .. }) => {
            moved(organisation(&of.organisation, to), changes, sites, asked)
        }
        Step::Account(
            _,
            AccountStep::Turn {
                before, after, away, ..
            },
        ) => {
            let status = BeforeAfter {
                what: "Status",
                before: Some(before.name().to_owned()),
                after: Some(after.name().to_owned()),
            };
            let reason = away.as_ref().filter(|away| !away.reason.is_empty());
            let reason = reason.map(|away| BeforeAfter {
                what: "Reason",
                before: None,
                after: Some(away.reason.clone()),
            });
            let lines = std::iter::once((status, WHEN)).chain(reason.map(|reason| (reason, REASON)));
            view! { <Answered lines=lines.collect() asked/> }.into_any()
        }
        Step::Account(_, AccountStep::PlanAbsence { before, after }) => {
            let days = BeforeAfter {
                what: "Absence",
                before: before.as_ref().map(days_of),
                after: after.as_ref().map(days_of),
            };
            let said = |absence: &Option<Absence>| {
                let reason = absence.as_ref().map(|absence| absence.reason.clone());
                reason.filter(|reason| !reason.is_empty())
            };
            let reason = BeforeAfter {
                what: "Reason",
                before: said(before),
                after: said(after),
            };
            let first = match after.as_ref().is_some_and(Absence::is_planned) {
                true => AWAY.day,
                false => BACK.day,
            };
            view! { <Answered lines=vec![(days, first), (reason, REASON)] asked/> }.into_any()
        }
        Step::Account(_, AccountStep::PlanLeaving { before, after }) => {
            let line = BeforeAfter {
                what: "Leaving date",
                before: before.map(words::day),
                after: after.map(words::day),
            };
            view! { <Answered lines=vec![(line, WHEN)] asked/> }.into_any()
        }
        Step::Contact(_, ContactStep::Offer { to, .. }) => {
            let another = change_of(asked.as_ref(), "to", "the organisation");
            view! { <p>"Offered to " {around.place(to)} ". " {another}</p> }.into_any()
        }
        Step::Contact(of, ContactStep::EndOffer { offer, .. }) => {
            let (from, to) = (around.place(&of.organisation), around.place(&offer.to));
            view! { <p>"Offered by " {from} " to " {to} "."</p> }.into_any()
        }
        Step::Role(
            _,
            RoleStep::Grant {
                role,
                organisation,
                unit,
                terms,
            },
        ) => granting::given(around, *role, (organisation, unit.as_ref()), terms, asked.as_ref()),
        Step::Role(_, RoleStep::Revoke { held, reason }) => granting::taken(around, held, reason, asked.as_ref()),
        Step::Customer { before, after } => customers::customer(before.as_deref(), after, around, asked),
        Step::Subscription { before, after, .. } => customers::subscription(before.as_deref(), after, asked),
        Step::Account(_, AccountStep::ResetPassword { .. }) if around.status() == Some(AccountStatus::Pending) => {
            view! { <p>"An activation link is made and sent."</p> }.into_any()
        }
        Step::Account(_, AccountStep::Seats { changes, .. }) if !changes.is_empty() => {
            view! { <p>{doing(step)}</p> <Changes changes=changes.clone() sites asked/> }.into_any()
        }
        Step::LeaveOut { problems } => {
            view! { <Problems problems=problems.clone() layout=Layout::default() bare=true/> }.into_any()
        }
        Step::Nothing { .. } => view! { <p>"No changes needed."</p> }.into_any(),
        other => view! { <p>{doing(other)}</p> }.into_any(),
    }
}

/// What a leaver who is taken in is still, and that a number of the other organisation stays behind.
fn stays(along: Option<&Attributes>, changes: &[Change], sites: &[Site]) -> Option<AnyView> {
    let along = along?;
    let is_changed = |attribute| changes.iter().any(|change| change.attribute == attribute);
    let values: Vec<_> = along
        .iter()
        .filter(|(attribute, _)| !is_changed(*attribute))
        .map(|(attribute, value)| (attribute, value.clone()))
        .collect();
    let removed = changes
        .iter()
        .filter(|change| change.attribute != Attribute::LocalId && change.after.is_none())
        .filter(|change| along.get(change.attribute).is_some())
        .map(|change| view! { <p>{change.attribute.name()} " is removed."</p> })
        .collect_view();
    let had_number = |change: &Change| change.attribute == Attribute::LocalId && change.before.is_some();
    let number = changes
        .iter()
        .any(had_number)
        .then(|| view! { <p>"They lose the local unique ID that they had there."</p> });
    let stays = (!values.is_empty()).then(|| {
        view! { <h3>"Stays as it was"</h3> <Given values sites=sites.to_vec()/> }
    });
    Some(view! { {removed} {number} {stays} }.into_any())
}

fn moved(organisation: BeforeAfter, changes: &[Change], sites: Vec<Site>, asked: Option<AskedIn>) -> AnyView {
    let lines = vec![(organisation, ORGANISATION)];
    // What follows from the place, such as the display name, was not asked for: no field is there to change it.
    let is_answered = |change: &Change| PLACE.contains(&change.attribute) && change.after.is_some();
    let (answered, following): (Vec<_>, Vec<_>) = changes.iter().cloned().partition(is_answered);
    let answered =
        (!answered.is_empty()).then(|| view! { <Changes changes=answered sites=sites.clone() asked=asked.clone()/> });
    let following = (!following.is_empty()).then(|| view! { <Changes changes=following sites/> });
    view! { <Answered lines asked/> {answered} {following} }.into_any()
}

/// People who are here already and may be the same person.
#[component]
fn Alike(warnings: Vec<Problem>) -> impl IntoView {
    let item = |warning: Problem| {
        let (href, open) = match &warning.kind {
            Kind::LooksLike { account, name, .. } | Kind::PrivateHere { account, name } => {
                (Some(routes::account(account)), format!("Open {name}"))
            }
            Kind::ContactAlreadyHere { contact, name, .. } | Kind::LooksLikeContact { contact, name, .. } => {
                (Some(routes::contact(contact)), format!("Open {name}"))
            }
            _ => (None, String::new()),
        };
        let hint = href
            .is_none()
            .then(|| view! { <span class="app-problems__hint">{warning.hint(Audience::Portal)}</span> });
        view! {
            <li class="app-problems__item app-problems__item--warning">
                <span class="app-problems__message">{warning.message()}</span>
                " "
                {href.map(|href| view! { <a href=href>{open}</a> })}
                {hint}
            </li>
        }
    };
    view! {
        <section class="app-sheet" aria-labelledby="look_alikes">
            <h2 class="nhsuk-heading-m" id="look_alikes">"Is it the same person?"</h2>
            <ul class="app-problems">{warnings.into_iter().map(item).collect_view()}</ul>
            <p class="nhsuk-u-margin-top-3">"A person with two accounts gets email in two places. If it is the same person, change the existing account instead."</p>
        </section>
    }
}

/// The forms of the decision: do it, change what was asked for, or do not.
#[component]
fn Decide(submission: Submission, row: Row, status: Option<AccountStatus>) -> impl IntoView {
    let step = &row.planned.step;
    let can = step.kind().changes_something();
    let confirmation = about::<Confirm>(&submission.id);
    let refusal = about::<Refuse>(&submission.id);
    let is_warned = row.planned.warnings.iter().any(|warning| !warning.is_remark());
    let label = match step {
        Step::CreateAccount { .. } | Step::CreateContact { .. } if is_warned => "Create anyway",
        step => wording::act(step, status),
    };
    let style = if wording::takes_away(step) {
        wording::WARNING
    } else {
        wording::PLAIN
    };
    let answer = is_warned.then(|| view! { <input type="hidden" name="look_alikes" value=LookAlikes::Create.slug()/> });
    let seen = seen(&submission).to_string();
    let confirm = can.then(|| {
        view! {
            <form class="app-actions__form" method="post" action=confirmation>
                <input type="hidden" name="seen" value=seen/>
                {answer}
                <button class=style>{label}</button>
            </form>
        }
    });
    // What is so already, or cannot be done, need not be refused.
    let refuse = if can { "Make no changes" } else { "Discard" };
    let change = change(&submission, &row).map(|asked| {
        view! { <a class="nhsuk-button nhsuk-button--secondary" href=asked.form>"Change"</a> }
    });
    view! {
        <div class="app-actions app-actions--large">
            {confirm}
            {change}
            <form class="app-actions__form" method="post" action=refusal>
                <button class="nhsuk-button nhsuk-button--secondary">{refuse}</button>
            </form>
        </div>
    }
}

/// The field that says from when it is.
const WHEN: &str = "when";

/// The field of the organisation.
const ORGANISATION: &str = Attribute::Organisation.slug();

/// The form in which it was asked for, with what was answered there.
fn change(submission: &Submission, row: &Row) -> Option<AskedIn> {
    let wish = &row.request.wish;
    let account_to_hold = match wish {
        Wish::Role(account, RoleWish::Grant { .. }) => Some(account.to_string()),
        _ => None,
    };
    let form = match wish {
        Wish::NewAccount(_) => Subject::NewAccount.form(),
        Wish::NewContact(_) => Subject::NewContact.form(),
        Wish::Account(account, AccountWish::Edit(_)) => Subject::Account(*account).form(),
        Wish::Contact(contact, ContactWish::Edit(_)) => Subject::Contact(*contact).form(),
        Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver) | AccountWish::Leaving(Some(_))) => {
            routes::account_part(account, "leaver")
        }
        Wish::Account(account, AccountWish::Absence(Some(_)) | AccountWish::ChangeAbsence(_)) => {
            routes::account_part(account, "absence")
        }
        Wish::Account(account, AccountWish::Move(_)) => routes::account_part(account, "transfer"),
        Wish::Contact(contact, ContactWish::Move(_) | ContactWish::Offer(_)) => {
            routes::contact_part(contact, "transfer")
        }
        Wish::Join { .. } => routes::NEW_JOINER.to_owned(),
        Wish::AcceptOffer(offer, _) => routes::offer(offer),
        Wish::Role(_, RoleWish::Grant { .. }) => routes::NEW_GRANT.to_owned(),
        Wish::Role(_, RoleWish::Revoke { grant, .. }) => routes::grant(grant),
        Wish::Account(account, AccountWish::Seats(_)) => routes::account_part(account, "seats"),
        Wish::Account(account, AccountWish::Hold(_)) => routes::account_part(account, "hold"),
        Wish::Customer(customer) => match &row.planned.step {
            Step::Customer { before: Some(_), .. } => routes::customer_part(&customer.number, "edit"),
            _ => routes::NEW_CUSTOMER.to_owned(),
        },
        Wish::Subscription(of) => match &row.planned.step {
            Step::Subscription { before: Some(_), .. } => routes::subscription_part(&of.number, "edit"),
            _ => routes::customer_part(&of.customer, "subscriptions/new"),
        },
        _ => return None,
    };
    let from = (FROM, submission.id.as_str());
    let to_hold = account_to_hold.iter().map(|account| ("account", account.as_str()));
    let query: Vec<_> = to_hold.chain([from]).collect();
    let plain = routes::with_query(&form, &query);
    let organisation = match wish {
        Wish::NewAccount(_) | Wish::NewContact(_) => Some(routes::with_query(&form, &[from, (ANOTHER_ONE, "yes")])),
        Wish::Account(_, AccountWish::Move(_)) | Wish::Contact(_, ContactWish::Move(_)) | Wish::Join { .. } => {
            Some(routes::with_query(&form, &[(ORGANISATION, ANOTHER_ONE), from]))
        }
        Wish::Role(_, RoleWish::Grant { .. }) | Wish::Customer(_) => Some(format!("{plain}#{ORGANISATION}")),
        _ => None,
    };
    Some(AskedIn {
        form: plain,
        organisation,
    })
}

/// Where to go from here.
fn onward(row: &Row, around: &Around, is_done: bool) -> impl IntoView + use<> {
    let person = around
        .person
        .clone()
        .map(|person| (person.href, format!("Open {}", person.name)));
    let another = match &row.request.wish {
        Wish::NewAccount(_) if is_done => Some((Subject::NewAccount.form(), "Create another account".to_owned())),
        Wish::NewContact(_) if is_done => Some((Subject::NewContact.form(), "Create another contact".to_owned())),
        Wish::Join { .. } if is_done => Some((routes::NEW_JOINER.to_owned(), "Take in another leaver".to_owned())),
        Wish::AcceptOffer(..) | Wish::EndOffer(..) | Wish::Contact(_, ContactWish::Offer(_)) => {
            Some((routes::OFFERS.to_owned(), "See all offers".to_owned()))
        }
        Wish::Role(..) => Some((routes::ADMINISTRATORS.to_owned(), "See all administrators".to_owned())),
        Wish::Customer(customer) if is_done => Some((
            routes::customer(&customer.number),
            format!("Open customer {}", customer.number),
        )),
        Wish::Subscription(of) => Some((routes::customer(&of.customer), format!("Open customer {}", of.customer))),
        Wish::Account(account, AccountWish::Seats(_)) => Some((
            routes::account_part(account, "seats"),
            "See all seats of this person".to_owned(),
        )),
        _ => None,
    };
    let all = match &row.request.wish {
        Wish::Customer(_) | Wish::Subscription(_) => (routes::CUSTOMERS.to_owned(), "Go to all customers".to_owned()),
        _ => (routes::PEOPLE.to_owned(), "Go to all people".to_owned()),
    };
    person
        .into_iter()
        .chain(another)
        .chain([all])
        .map(|(href, words)| view! { <li><a href=href>{words}</a></li> })
        .collect_view()
}
