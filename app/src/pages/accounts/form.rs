//! Creating an account, and changing one. What both forms about people share is here too: which organisation, what was
//! typed before, what would be made from the name.

use domain::{
    absence::Stay,
    account::AccountStatus,
    channel::Operation,
    dictionary::{Attribute, Attributes},
    organisation::{Organisation, OrganisationCode, OrganisationStatus},
    problem::{Kind, Problem},
    values::{
        day::Day,
        ids::{AccountId, RowNumber, SubmissionId, Timestamp},
    },
};
use gate::{GateError, PersonKind, Visit, calendar};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    calls::{Made, made},
    components::{
        error_summary::ErrorSummary,
        person_form::{ASKED, About, CODE, MovedInset, OrganisationChoice, PersonForm, SIDE_BY_SIDE, stay_answers},
    },
    forms::{ANOTHER_ONE, FROM, FormState, SEEN, Subject},
    islands::{ADDRESS_CHOICE, ANOTHER, KEPT},
    pages::asked,
    routes,
    visitor::Visitor,
};

/// Organisations to choose from.
const OFFERED: u64 = 500;

/// The form for a new account.
#[component]
pub fn NewAccountPage() -> impl IntoView {
    new_person(Subject::NewAccount)
}

/// The form for another person of either kind, behind the question for which organisation.
pub(crate) fn new_person(subject: Subject) -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let mut wanted = Wanted::read();
    // A form that came too late names its organisation, even if its address did not.
    if form.sent_late().is_some() && !wanted.was_sent {
        wanted.organisation = form.value_of(Attribute::Organisation.slug());
    }
    asked(async move {
        let visit = visitor.visit()?;
        let open = visit.organisations_for(subject.operation(), OFFERED).await?;
        let mut form = form;
        let named = wanted.organisation(&open);
        let before = match (form.is_fresh(), &wanted.from) {
            (true, Some(from)) => asked_before(&visit, subject, from, &mut form).await?,
            _ => None,
        };
        let named = named.or(before.filter(|_| !wanted.another));
        let what = match subject.kind() {
            PersonKind::Account => "Create an account",
            PersonKind::Contact => "Create a contact",
        };
        let chosen = match &named {
            Some(named) => chosen(&visit, subject, named).await?,
            None if wanted.was_sent => Err(nothing_chosen()),
            None => Err(String::new()),
        };
        let (home, whole) = match chosen {
            Ok(chosen) => chosen,
            Err(problem) => {
                let by_code = !wanted.code.is_empty() && open.len() > SIDE_BY_SIDE;
                let field = if by_code { CODE } else { Attribute::Organisation.slug() };
                form.keep(Attribute::Organisation.slug(), &wanted.organisation);
                form.keep(CODE, &wanted.code);
                let is_told = [CODE, Attribute::Organisation.slug()]
                    .iter()
                    .any(|field| form.problem_of(field).is_some());
                if !problem.is_empty() && !is_told {
                    form.problem(field, &problem);
                    // It is what this page asks for.
                    form.tell_in_order_of(std::iter::once(field));
                }
                return Ok(question(what, subject, open, form).into_any());
            }
        };
        let elsewhere = (open.len() > 1).then(|| {
            let from = form.value_of(FROM);
            let query = [(FROM, from.as_str()), (ANOTHER_ONE, "yes")];
            ("Choose another one", routes::with_query(&subject.form(), &query))
        });
        let (first, last) = (form.value_of("first-name"), form.value_of("last-name"));
        let about = About {
            subject,
            made: made(&visit, &first, &last, &home).await?,
            home,
            whole,
            elsewhere,
            address: String::new(),
            rules: visitor.gate.rules().clone(),
            now: visitor.gate.now(),
            starts: false,
        };
        Ok(page(what.to_owned(), None, about, form).into_any())
    })
}

/// What the address bar asks for.
struct Wanted {
    organisation: String,
    code: String,
    from: Option<SubmissionId>,
    /// Whether the question was answered, if only with nothing.
    was_sent: bool,
    /// Whether another organisation is wanted than the one asked for before.
    another: bool,
}

impl Wanted {
    fn read() -> Self {
        let query = use_query_map().get_untracked();
        let part = |name: &str| query.get(name).unwrap_or_default();
        let organisation = Attribute::Organisation.slug();
        let was_sent = query.get(organisation).is_some() || query.get(CODE).is_some() || query.get(ASKED).is_some();
        Self {
            organisation: part(organisation),
            code: part(CODE).trim().to_owned(),
            from: SubmissionId::parse(&part(FROM)),
            was_sent,
            another: part(ANOTHER_ONE) == "yes",
        }
    }

    /// The code that is asked for: the one typed, the one chosen, the only one there is.
    fn organisation(&self, open: &[Organisation]) -> Option<String> {
        let said = [&self.code, &self.organisation]
            .into_iter()
            .find(|said| !said.is_empty());
        match (said, open) {
            (Some(said), _) => Some(said.clone()),
            (None, [only]) => Some(only.code.to_string()),
            (None, _) => None,
        }
    }
}

fn nothing_chosen() -> String {
    "Choose the organisation.".to_owned()
}

/// The organisation, complete, and whether a person may be there without a unit; or why nobody can be created there.
async fn chosen(
    visit: &Visit<'_>,
    subject: Subject,
    named: &str,
) -> Result<Result<(Organisation, bool), String>, GateError> {
    let refused = |kind: Kind| {
        let problem = Problem::in_cell(RowNumber(1), Attribute::Organisation, named, kind);
        Err(crate::islands::sentence(&problem))
    };
    let Ok(code) = OrganisationCode::parse(named) else {
        return Ok(refused(Kind::UnknownOrganisation));
    };
    match visit.organisation_for(subject.operation(), &code).await {
        Ok((home, _)) if home.status == OrganisationStatus::Closed => {
            let name = home.name;
            Ok(refused(Kind::ClosedOrganisation { name }))
        }
        Ok(found) => Ok(Ok(found)),
        Err(GateError::NotFound) => Ok(refused(Kind::UnknownOrganisation)),
        Err(error) => Err(error),
    }
}

fn question(what: &'static str, subject: Subject, open: Vec<Organisation>, form: FormState) -> impl IntoView + use<> {
    let title = format!(
        "{}Which organisation? – {what}",
        if form.is_sound() { "" } else { "Error: " }
    );
    let choice = if open.is_empty() {
        view! { <p>"All the organisations you manage are closed, so you cannot add anybody."</p> }.into_any()
    } else {
        view! { <OrganisationChoice subject open form=form.clone()/> }.into_any()
    };
    view! {
        <Title text=title/>
        <a class="nhsuk-back-link" href=subject.page()>"People"</a>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <ErrorSummary form/>
            <h1><span class="nhsuk-caption-l">{what}</span> " Which organisation?"</h1>
            {choice}
        </div></div>
    }
}

/// Fills a form with what was asked for before; gives back the organisation that was named. Nothing where that was
/// something else, or is decided on already.
async fn asked_before(
    visit: &Visit<'_>,
    subject: Subject,
    from: &SubmissionId,
    form: &mut FormState,
) -> Result<Option<String>, GateError> {
    let open = match visit.open_wish(from).await {
        Err(GateError::NotFound) => return Ok(None),
        open => open?,
    };
    let Some(cells) = subject.cells_of(&open.wish) else {
        return Ok(None);
    };
    form.keep(FROM, from.as_str());
    // With the version that it was planned for, what others changed since is shown and not overwritten.
    if let Some(version) = open.version {
        form.keep(SEEN, &version.to_string());
    }
    for (&attribute, text) in &cells.texts {
        let text = if cells.clears(attribute) { "" } else { text.as_str() };
        form.keep(attribute.slug(), text);
    }
    let changed = Day::parse(cells.text(Attribute::StartDate)).and_then(calendar::begins);
    keep_days(form, changed.map_or(cells.stay, Stay::from_day));
    if subject.kind() == PersonKind::Account && !cells.text(Attribute::EmailAddress).is_empty() {
        form.keep(ADDRESS_CHOICE, ANOTHER);
    }
    let organisation = cells.text(Attribute::Organisation);
    Ok((!organisation.is_empty()).then(|| organisation.to_owned()))
}

/// Fills the fields of somebody's days.
fn keep_days(form: &mut FormState, stay: Stay) {
    for (field, text) in stay_answers(stay) {
        form.keep(field, &text);
    }
}

/// The form for other details of an account.
#[component]
pub fn EditAccountPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let from = Wanted::read().from;
    asked(async move {
        let id: AccountId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (account, home) = visit.account(id).await?;
        let unit = account.unit();
        if !visit.may(Operation::EditAccount, &home, unit.as_ref()).await? {
            return Err(GateError::Denied);
        }
        let person = Edited {
            subject: Subject::Account(id),
            name: account.full_name(),
            is_deleted: account.status == AccountStatus::Deleted,
            version: account.version,
            attributes: account.attributes,
            home: account.organisation,
            starts_at: account.starts_at,
        };
        edit_person(&visitor, &visit, person, form, from).await
    })
}

/// An account or a contact that is changed.
pub(crate) struct Edited {
    pub(crate) subject: Subject,
    pub(crate) name: String,
    pub(crate) is_deleted: bool,
    pub(crate) version: i64,
    pub(crate) attributes: Attributes,
    pub(crate) home: OrganisationCode,
    /// The first day of somebody who has not started yet.
    pub(crate) starts_at: Option<Timestamp>,
}

/// The form for other details of a person of either kind.
pub(crate) async fn edit_person(
    visitor: &Visitor,
    visit: &Visit<'_>,
    person: Edited,
    form: FormState,
    from: Option<SubmissionId>,
) -> Result<AnyView, GateError> {
    let (subject, attributes) = (person.subject, &person.attributes);
    if person.is_deleted {
        return Ok(deleted(subject, person.name).into_any());
    }
    let (home, whole) = visit.organisation_for(subject.operation(), &person.home).await?;
    let form = match form.is_fresh() {
        true => {
            let mut form = filled(subject, person.version, attributes);
            keep_days(&mut form, person.starts_at.map(Stay::from_day).unwrap_or_default());
            if let Some(from) = from {
                asked_before(visit, subject, &from, &mut form).await?;
            }
            form
        }
        false => form,
    };
    let names = ["first-name", "last-name"].map(|name| form.value_of(name));
    let as_before = [Attribute::FirstName, Attribute::LastName].map(|name| attributes.text(name)) == names;
    // Who keeps their name is not offered a worse address.
    let made = if as_before {
        Made::default()
    } else {
        made(visit, &names[0], &names[1], &home).await?
    };
    let transfer = match subject {
        Subject::Contact(id) => routes::contact_part(&id, "transfer"),
        Subject::Account(id) => routes::account_part(&id, "transfer"),
        Subject::NewAccount | Subject::NewContact => subject.page(),
    };
    let about = About {
        subject,
        made,
        home,
        whole,
        elsewhere: Some(("Transfer to another organisation", transfer)),
        address: attributes.text(Attribute::EmailAddress).to_owned(),
        rules: visitor.gate.rules().clone(),
        now: visitor.gate.now(),
        starts: person.starts_at.is_some(),
    };
    let what = format!("Change {}", person.name);
    Ok(page(what, Some(person.name), about, form).into_any())
}

/// The form as it is shown first: with what is known of the person.
fn filled(subject: Subject, version: i64, attributes: &Attributes) -> FormState {
    let mut form = FormState::default();
    form.keep(SEEN, &version.to_string());
    for attribute in subject.attributes() {
        form.keep(attribute.slug(), attributes.text(attribute));
    }
    if subject.kind() == PersonKind::Account {
        // The present address is kept, and not typed once more.
        form.keep(ADDRESS_CHOICE, KEPT);
        form.keep(Attribute::EmailAddress.slug(), "");
    }
    form
}

/// The page around the form; `back` names the person whose page it came from.
fn page(what: String, back: Option<String>, about: About, form: FormState) -> impl IntoView + use<> {
    let subject = about.subject;
    let title = match (&form.meanwhile, form.is_sound()) {
        (Some(_), _) => format!("Changed since you opened it: {what}"),
        (None, true) => what.clone(),
        (None, false) => format!("Error: {what}"),
    };
    let from = form.value_of(FROM);
    let cancel = if from.is_empty() {
        subject.page()
    } else {
        routes::submission(&from)
    };
    let meanwhile = form.meanwhile.clone().map(|details| view! { <MovedInset details/> });
    let back = back.unwrap_or_else(|| "People".to_owned());
    view! {
        <Title text=title/>
        <a class="nhsuk-back-link" href=subject.page()>{back}</a>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <ErrorSummary form=form.clone()/>
            <h1 class="app-break">{what}</h1>
            {meanwhile}
            <p>"Nothing is changed until you have checked your answers on the next page."</p>
            <PersonForm about form cancel/>
        </div></div>
    }
}

/// What is deleted cannot be changed.
fn deleted(subject: Subject, name: String) -> impl IntoView + use<> {
    let what = match subject.kind() {
        PersonKind::Account => "This account is deleted",
        PersonKind::Contact => "This contact is deleted",
    };
    view! {
        <Title text=what/>
        <a class="nhsuk-back-link" href=subject.page()>{name.clone()}</a>
        <h1>{what}</h1>
        <p>"You cannot change its details. To change them, " <a href=subject.page()>"restore " {name}</a> " first."</p>
    }
}
