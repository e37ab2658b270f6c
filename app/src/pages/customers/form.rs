//! The form for a customer: adding one, and changing what is set for one.

use domain::{
    channel::Operation,
    customer::{CustomerNumber, Federation},
    dictionary::Attribute,
    request::Wish,
    values::ids::AccountId,
};
use gate::{GateError, Visit};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::sheet::{Sheet, sheet};
use crate::{
    calls::{
        about, at,
        customers::{AddCustomer, ChangeCustomer},
    },
    components::{
        field::{Group, Keys, TextField, TickBox, Tied},
        text_area::TextArea,
    },
    forms::{
        FormState, Need,
        customer::{
            ACCEPTS, COMPATIBLE, CONNECTOR, CONTACT, DOMAINS, FEDERATION, FIELDS, HYBRID, LANGUAGE, NUMBER,
            ORGANISATION, TAKES, TEMPLATES, TIME_ZONE, VERIFIES, answers,
        },
        said_from,
    },
    pages::asked,
    routes,
    visitor::{ProviderName, Visitor},
};

/// The form for a new customer.
#[component]
pub fn NewCustomerPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let from = said_from();
    asked(async move {
        let visit = visitor.visit()?;
        visit.allowed(Operation::ManageCustomers).await?;
        let mut form = form;
        let answered = |wish: &Wish| match wish {
            Wish::Customer(customer) => Some(answers(customer)),
            _ => None,
        };
        form.fill_in(&visit, from.as_ref(), answered).await?;
        tell_connector(&visit, &mut form).await?;
        let of = Sheet {
            heading: "Add customer",
            back: (routes::CUSTOMERS.to_owned(), "Customers".to_owned()),
            action: at::<AddCustomer>().to_owned(),
        };
        Ok(page(of, None, form))
    })
}

/// The form in which a customer is changed.
#[component]
pub fn EditCustomerPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let from = said_from();
    asked(async move {
        let visit = visitor.visit()?;
        visit.allowed(Operation::ManageCustomers).await?;
        let number: CustomerNumber = id.parse().map_err(|_| GateError::NotFound)?;
        let shown = visit.customer(number).await?;
        let mut form = form;
        let answered = |wish: &Wish| match wish {
            Wish::Customer(customer) if customer.number == number => Some(answers(customer)),
            _ => None,
        };
        form.fill_in(&visit, from.as_ref(), answered).await?;
        if form.is_fresh() {
            for (field, text) in answers(&shown.customer) {
                form.keep(field, &text);
            }
        }
        tell_connector(&visit, &mut form).await?;
        let of = Sheet {
            heading: "Change customer",
            back: (routes::customer(&number), "Customer".to_owned()),
            action: about::<ChangeCustomer>(&number),
        };
        Ok(page(of, Some(number), form))
    })
}

/// Puts the connector's address in the place of its ID, by which answers name it.
async fn tell_connector(visit: &Visit<'_>, form: &mut FormState) -> Result<(), GateError> {
    let Ok(id) = form.value_of(CONNECTOR).parse::<AccountId>() else {
        return Ok(());
    };
    let address = match visit.account(id).await {
        Ok((account, _)) => account.attributes.text(Attribute::EmailAddress).to_owned(),
        Err(GateError::NotFound) => String::new(),
        Err(error) => return Err(error),
    };
    form.keep(CONNECTOR, &address);
    Ok(())
}

fn page(of: Sheet, number: Option<CustomerNumber>, mut form: FormState) -> impl IntoView {
    form.tell_in_order_of(FIELDS.into_iter());
    let number = match number {
        Some(number) => view! { <p>"Customer " <strong>{number.to_string()}</strong></p> }.into_any(),
        None => view! { <NumberField form=form.clone()/> }.into_any(),
    };
    let fields = view! {
        {number}
        <Who form=form.clone()/>
        <Files form=form.clone()/>
        <People form=form.clone()/>
    };
    sheet(of, form, fields)
}

#[component]
fn NumberField(form: FormState) -> impl IntoView {
    let hint = "The names of its change files start with this number. You cannot change it later.";
    view! { <TextField field=NUMBER label="Customer number" hint keys=Keys::Digits width="nhsuk-input--width-20" form/> }
}

/// Which organisation it is, and how its people sign in.
#[component]
fn Who(form: FormState) -> impl IntoView {
    let invalid = Tied::to(FEDERATION, &form).invalid();
    let chosen = form.value_of(FEDERATION);
    let radio = |(place, federation): (usize, Federation)| {
        // The first is where a summary of errors leads to.
        let id = match place {
            0 => FEDERATION.to_owned(),
            _ => format!("{FEDERATION}-{}", federation.slug()),
        };
        let said = format!("{id}-says");
        let checked = chosen == federation.slug();
        view! {
            <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id=id.clone() name=FEDERATION type="radio" value=federation.slug() checked=checked aria-describedby=said.clone() aria-invalid=invalid/>
                <label class="nhsuk-label nhsuk-radios__label" for=id>{federation.name()}</label>
                <div class="nhsuk-hint nhsuk-radios__hint" id=said>{of_federation(federation)}</div>
            </div>
        }
    };
    let radios = Federation::ALL.into_iter().enumerate().map(radio).collect_view();
    let hint = "Its ODS code, like G7H8J. A customer cannot be part of another organisation.";
    let domains = Need::Optional.label("Mail domains that it owns");
    let provider = use_context::<ProviderName>().map(|ProviderName(name)| name);
    view! {
        <TextField field=ORGANISATION label="Organisation" hint keys=Keys::Code width="nhsuk-input--width-10" form=form.clone()/>
        <Group field=FEDERATION legend="How do its people sign in?" look="nhsuk-fieldset__legend--s" hint=on_passwords(provider.as_deref()) form=form.clone()>
            <div class="nhsuk-radios">{radios}</div>
        </Group>
        <TextArea field=DOMAINS label=domains hint="One on each line, like example.org." form/>
    }
}

/// What becomes of the passwords of people who sign in at their own organisation.
fn on_passwords(provider: Option<&str>) -> String {
    match provider {
        Some(name) => format!(
            "People who sign in at their own organisation sign in with {name}. Their passwords for this portal stop working. \
             People with a role can still use theirs."
        ),
        None => "This portal has no single sign-on. Your answer only decides who gets an activation link: passwords for this \
                 portal keep working."
            .to_owned(),
    }
}

/// What a way to sign in means.
const fn of_federation(federation: Federation) -> &'static str {
    match federation {
        Federation::NonFederated => "Everybody signs in here with a password.",
        Federation::Federated => "Everybody signs in at their own organisation. New people get no activation link.",
        Federation::Modified => {
            "Everybody signs in at their own organisation, after they have used an activation link sent by email."
        }
        Federation::Partial => "It differs from person to person. Change files say how each person signs in.",
    }
}

/// Whether its change files are taken, in whose name, and who is told of problems.
#[component]
fn Files(form: FormState) -> impl IntoView {
    let ticked = |field: &str| form.value_of(field) == "yes";
    let of_connector = "The email address of an account that has the role Connector for this organisation, with the channel change file. The role is checked for each file.";
    let of_contact = "This address gets an email about each file with problems.";
    view! {
        <TickBox field=TAKES label="Take change files from this customer" checked=ticked(TAKES) form=form.clone()/>
        <TextField field=CONNECTOR label=Need::Optional.label("Connector") hint=of_connector keys=Keys::Address form=form.clone()/>
        <TextField field=CONTACT label=Need::Optional.label("Contact for problems") hint=of_contact keys=Keys::Address form=form.clone()/>
        <TickBox field=VERIFIES label="People confirm their email address before their account is active" checked=ticked(VERIFIES) form=form.clone()/>
        <TickBox field=ACCEPTS label="The terms of use are accepted for everybody" checked=ticked(ACCEPTS) form=form.clone()/>
        <TickBox field=HYBRID label="Hybrid mail: email addresses change in the customer’s own mail directory first" checked=ticked(HYBRID) form/>
    }
}

/// What holds for people where a file says nothing, and what is allowed for their seats.
#[component]
fn People(form: FormState) -> impl IntoView {
    let language = "Used if a file does not give one. For example, en or en_GB.";
    let time_zone = "Used if a file does not give one. For example, Europe/London.";
    let compatible = "One pair of part numbers on each line, with > between them. For example, A100 > B200 means that a seat of A100 can become a seat of B200.";
    let templates = "One on each line, with the names that change files use. Leave it empty to accept any.";
    view! {
        <TextField field=LANGUAGE label=Need::Optional.label("Language") hint=language keys=Keys::Words width="nhsuk-input--width-10" form=form.clone()/>
        <TextField field=TIME_ZONE label=Need::Optional.label("Time zone") hint=time_zone keys=Keys::Words width="nhsuk-input--width-20" form=form.clone()/>
        <TextArea field=COMPATIBLE label=Need::Optional.label("Seats that can change") hint=compatible form=form.clone()/>
        <TextArea field=TEMPLATES label=Need::Optional.label("Mail templates") hint=templates form/>
    }
}
