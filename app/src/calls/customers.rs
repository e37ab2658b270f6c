//! Customers of the service and their subscriptions: added and changed. Each becomes a submission of one row that waits to
//! be confirmed.

use domain::{
    channel::Operation,
    customer::{CustomerFault, CustomerNumber},
    dictionary::Attribute,
    problem::{Kind, Problem},
    request::Wish,
    rules::Rules,
    values::{
        email_address::EmailAddress,
        ids::{AccountId, RowNumber},
    },
};
use gate::{GateError, Visit};
use leptos::prelude::*;

use super::{
    about,
    answer::{Answer, Refused},
    at,
    form::{Fields, HtmlForm},
    named,
    reply::Reply,
};
use crate::{
    forms::{absence::Wrong, customer, subscription},
    routes,
    visitor::Visitor,
};

/// Add a customer.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/customers", endpoint = "new", protocol = HtmlForm)]
pub async fn add_customer(
    /// What the form says.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    visit.allowed(Operation::ManageCustomers).await?;
    let form_page = at::<AddCustomer>();
    // Under the number of another customer it would be a change of that one.
    if let Ok(number) = said.text(customer::NUMBER).parse()
        && is_there(visit.customer(number).await)?
    {
        let mut reply = Reply::at(&visit, form_page, routes::CUSTOMERS);
        reply.keep(&said, &customer::FIELDS);
        let message = format!("There is a customer {number} already. Change it on its page, or enter another number.");
        return Ok(reply.again(customer::NUMBER, &message));
    }
    ask_for_customer(&visit, form_page, None, &said, visitor.gate.rules()).await
}

/// Change what is set for a customer.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/customers", endpoint = "{id}/edit", protocol = HtmlForm)]
pub async fn change_customer(
    /// What the form says.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    visit.allowed(Operation::ManageCustomers).await?;
    let number = visit.customer(named().await?).await?.customer.number;
    let form_page = about::<ChangeCustomer>(&number);
    ask_for_customer(&visit, &form_page, Some(number), &said, visitor.gate.rules()).await
}

/// Add a subscription to a customer.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/customers", endpoint = "{id}/subscriptions/new", protocol = HtmlForm)]
pub async fn add_subscription(
    /// What the form says.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    visit.allowed(Operation::ManageCustomers).await?;
    let customer = visit.customer(named().await?).await?.customer.number;
    let mut reply = Reply::at(
        &visit,
        &about::<AddSubscription>(&customer),
        &routes::customer(&customer),
    );
    keep_subscription(&mut reply, &said);
    let subscription = match subscription::read(&said, customer, None) {
        Ok(subscription) => subscription,
        Err(wrong) => return Ok(reply.again_with(wrong)),
    };
    if is_there(visit.subscription(subscription.number).await)? {
        let message =
            "There is a subscription with this number already. Change it on its page, or enter another number.";
        return Ok(reply.again(subscription::NUMBER, message));
    }
    let title = format!("Add subscription {}: {}", subscription.number, subscription.name);
    reply
        .ask(&title, Wish::Subscription(Box::new(subscription)), field)
        .await
}

/// Change a subscription.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/subscriptions", endpoint = "{id}/edit", protocol = HtmlForm)]
pub async fn change_subscription(
    /// What the form says.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    visit.allowed(Operation::ManageCustomers).await?;
    let before = visit.subscription(named().await?).await?.0.subscription;
    let number = before.number;
    let mut reply = Reply::at(
        &visit,
        &about::<ChangeSubscription>(&number),
        &routes::subscription(&number),
    );
    keep_subscription(&mut reply, &said);
    let subscription = match subscription::read(&said, before.customer, Some(number)) {
        Ok(subscription) => subscription,
        Err(wrong) => return Ok(reply.again_with(wrong)),
    };
    let title = format!("Change subscription {number}: {}", subscription.name);
    reply
        .ask(&title, Wish::Subscription(Box::new(subscription)), field)
        .await
}

/// Whether something that was looked for is there.
fn is_there<T>(found: Result<T, GateError>) -> Result<bool, GateError> {
    match found {
        Ok(_) => Ok(true),
        Err(GateError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Asks for a customer as it was sent; `number` is that of the one that is being changed.
async fn ask_for_customer(
    visit: &Visit<'_>,
    form_page: &str,
    number: Option<CustomerNumber>,
    said: &Fields,
    rules: &Rules,
) -> Result<Answer, Refused> {
    let page = number.map_or_else(|| routes::CUSTOMERS.to_owned(), |number| routes::customer(&number));
    let mut reply = Reply::at(visit, form_page, &page);
    reply.keep(said, &customer::FIELDS);
    let connector = connector(visit, said.text(customer::CONNECTOR)).await?;
    let customer = match customer::read(said, number, connector) {
        Ok(customer) => customer,
        Err(mut wrong) => {
            wrong.extend(wrong_locale(said, rules));
            return Ok(reply.again_with(wrong));
        }
    };
    let title = match number {
        Some(number) => format!("Change customer {number}"),
        None => format!("Add customer {}", customer.number),
    };
    reply
        .ask(&title, Wish::Customer(Box::new(customer)), field_of_customer)
        .await
}

/// What is wrong with the language and the time zone. The gate finds it too, once all else can be read.
fn wrong_locale(said: &Fields, rules: &Rules) -> Wrong {
    let asked = [
        (customer::LANGUAGE, Attribute::Language),
        (customer::TIME_ZONE, Attribute::TimeZone),
    ];
    let wrong = asked.into_iter().filter_map(|(field, attribute)| {
        let typed = Some(said.text(field)).filter(|typed| !typed.is_empty())?;
        let kind = attribute.parse(typed, ';', rules).err()?;
        let problem = Problem::in_cell(RowNumber(1), attribute, typed, kind);
        Some((field, problem.to_string()))
    });
    wrong.collect()
}

/// The account at the address that was typed; `None` if none was, and what is wrong where there is no such account.
async fn connector(visit: &Visit<'_>, typed: &str) -> Result<Result<Option<AccountId>, String>, GateError> {
    if typed.is_empty() {
        return Ok(Ok(None));
    }
    let Ok(address) = EmailAddress::read(typed) else {
        return Ok(Err("Enter a whole email address, like name@example.org.".to_owned()));
    };
    match visit.account_at(&address).await {
        Ok(account) => Ok(Ok(Some(account.id))),
        Err(GateError::NotFound) => Ok(Err("No account has this email address. Check it.".to_owned())),
        Err(error) => Err(error),
    }
}

fn keep_subscription(reply: &mut Reply<'_>, said: &Fields) {
    reply.keep(said, &subscription::FIELDS);
    for names in [subscription::STARTS, subscription::ENDS] {
        reply.keep(said, &names.all());
    }
}

/// The field of a problem of a customer: what is not there is its organisation.
const fn field_of_customer(problem: &Problem) -> Option<&'static str> {
    match &problem.kind {
        Kind::NotThere => Some(customer::ORGANISATION),
        _ => field(problem),
    }
}

/// The field of a problem.
const fn field(problem: &Problem) -> Option<&'static str> {
    let Kind::Customer(fault) = &problem.kind else {
        return None;
    };
    Some(match fault {
        CustomerFault::NotARoot { .. }
        | CustomerFault::OtherCustomer { .. }
        | CustomerFault::OtherOrganisation { .. } => customer::ORGANISATION,
        CustomerFault::NotADomain { .. } | CustomerFault::DomainTaken { .. } => customer::DOMAINS,
        CustomerFault::NoName | CustomerFault::NameTooLong { .. } => subscription::NAME,
        CustomerFault::OtherSubscriber { .. } => subscription::NUMBER,
        CustomerFault::OtherOffering => subscription::OFFERING,
        CustomerFault::UnknownParent => subscription::PARENT,
        CustomerFault::EndsBeforeStart | CustomerFault::EndsWithSeats { .. } => subscription::ENDS.day,
        CustomerFault::FewerSeats { .. } | CustomerFault::TooManySeats { .. } => subscription::SEATS,
        CustomerFault::SeatsTaken { .. } => subscription::STATE,
        CustomerFault::SmallerPool { .. } | CustomerFault::TooManyGigabytes { .. } => subscription::GIGABYTES,
    })
}
