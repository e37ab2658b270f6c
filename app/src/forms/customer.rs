//! The form for a customer: what its fields are called, what stands in them of a customer, and reading what was sent.

use domain::{
    customer::{Customer, CustomerNumber, Federation},
    organisation::OrganisationCode,
    values::{
        email_address::{EmailAddress, MailDomain},
        ids::AccountId,
    },
};

use super::{
    absence::Wrong,
    fields::{Answers, Fields},
};

/// The customer's number.
pub(crate) const NUMBER: &str = "number";
/// Its organisation's code.
pub(crate) const ORGANISATION: &str = "organisation";
/// How its people sign in.
pub(crate) const FEDERATION: &str = "federation";
/// Whether its people prove that they read mail at their address.
pub(crate) const VERIFIES: &str = "verifies-email";
/// Whether the terms are accepted for all its people.
pub(crate) const ACCEPTS: &str = "accepts-terms";
/// Whether its own mail directory leads.
pub(crate) const HYBRID: &str = "hybrid";
/// Whether its change files are taken.
pub(crate) const TAKES: &str = "change-files";
/// The email address of the account in whose name they are applied.
pub(crate) const CONNECTOR: &str = "connector";
/// Who is told of files with problems.
pub(crate) const CONTACT: &str = "contact";
/// The language of people for whom none is said.
pub(crate) const LANGUAGE: &str = "language";
/// Their time zone.
pub(crate) const TIME_ZONE: &str = "time-zone";
/// The mail domains that it owns.
pub(crate) const DOMAINS: &str = "domains";
/// Which parts may become which.
pub(crate) const COMPATIBLE: &str = "compatible";
/// Its mail templates.
pub(crate) const TEMPLATES: &str = "templates";

/// Every field, in the order in which the form asks.
pub(crate) const FIELDS: [&str; 14] = [
    NUMBER,
    ORGANISATION,
    FEDERATION,
    DOMAINS,
    TAKES,
    CONNECTOR,
    CONTACT,
    VERIFIES,
    ACCEPTS,
    HYBRID,
    LANGUAGE,
    TIME_ZONE,
    COMPATIBLE,
    TEMPLATES,
];

/// A customer as it stands in the form. Its connector is told by its ID: the page puts the address in its place.
pub(crate) fn answers(customer: &Customer) -> Answers {
    let ticked = |is_so: bool| if is_so { "yes" } else { "" }.to_owned();
    let pairs = customer.compatible.iter().map(|(from, to)| format!("{from} > {to}"));
    vec![
        (NUMBER, customer.number.to_string()),
        (ORGANISATION, customer.organisation.to_string()),
        (FEDERATION, customer.federation.slug().to_owned()),
        (DOMAINS, customer.domains.join("\n")),
        (TAKES, ticked(customer.change_files)),
        (
            CONNECTOR,
            customer
                .connector
                .map(|account| account.to_string())
                .unwrap_or_default(),
        ),
        (
            CONTACT,
            customer.contact.as_ref().map(ToString::to_string).unwrap_or_default(),
        ),
        (VERIFIES, ticked(customer.verifies_email)),
        (ACCEPTS, ticked(customer.accepts_terms)),
        (HYBRID, ticked(customer.hybrid)),
        (LANGUAGE, customer.language.clone().unwrap_or_default()),
        (TIME_ZONE, customer.time_zone.clone().unwrap_or_default()),
        (COMPATIBLE, pairs.collect::<Vec<_>>().join("\n")),
        (TEMPLATES, customer.templates.join("\n")),
    ]
}

/// The customer that was sent, or all that is wrong with it. `number` is the customer's that is being changed; `connector`
/// is the account at the address that was typed, or what is wrong with that.
pub(crate) fn read(
    said: &Fields,
    number: Option<CustomerNumber>,
    connector: Result<Option<AccountId>, String>,
) -> Result<Customer, Wrong> {
    let mut wrong = Wrong::new();
    let number = number.or_else(|| said.text(NUMBER).parse().ok());
    if number.is_none() {
        let message = match said.text(NUMBER) {
            "" => "Enter the customer number.",
            _ => "The customer number must be digits only, up to 9223372036854775807.",
        };
        wrong.push((NUMBER, message.to_owned()));
    }
    let organisation = OrganisationCode::parse(said.text(ORGANISATION)).ok();
    if organisation.is_none() {
        wrong.push((
            ORGANISATION,
            "Enter the ODS code of the organisation, like G7H8J.".to_owned(),
        ));
    }
    let federation = Federation::from_slug(said.text(FEDERATION));
    if federation.is_none() {
        wrong.push((FEDERATION, "Choose how people sign in.".to_owned()));
    }
    let connector = connector.unwrap_or_else(|message| {
        wrong.push((CONNECTOR, message));
        None
    });
    let contact = match said.text(CONTACT) {
        "" => None,
        typed => EmailAddress::read(typed).ok().or_else(|| {
            wrong.push((
                CONTACT,
                "Enter a whole email address, like name@example.org.".to_owned(),
            ));
            None
        }),
    };
    let (domains, compatible) = (domains(said.text(DOMAINS)), compatible(said.text(COMPATIBLE)));
    let domains = domains.unwrap_or_else(|message| {
        wrong.push((DOMAINS, message));
        vec![]
    });
    let compatible = compatible.unwrap_or_else(|message| {
        wrong.push((COMPATIBLE, message));
        vec![]
    });
    let filled = |field: &str| Some(said.text(field).to_owned()).filter(|text| !text.is_empty());
    let (Some(number), Some(organisation), Some(federation), true) =
        (number, organisation, federation, wrong.is_empty())
    else {
        return Err(wrong);
    };
    Ok(Customer {
        number,
        organisation,
        federation,
        verifies_email: is_ticked(said, VERIFIES),
        accepts_terms: is_ticked(said, ACCEPTS),
        hybrid: is_ticked(said, HYBRID),
        change_files: is_ticked(said, TAKES),
        language: filled(LANGUAGE),
        time_zone: filled(TIME_ZONE),
        domains,
        connector,
        contact,
        compatible,
        templates: lines(said.text(TEMPLATES)).map(ToOwned::to_owned).collect(),
    })
}

fn is_ticked(said: &Fields, field: &str) -> bool {
    said.text(field) == "yes"
}

/// The lines of a text that hold something.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Mail domains, one a line or with commas between them, each once.
fn domains(text: &str) -> Result<Vec<String>, String> {
    let typed = text.split(|letter: char| letter.is_whitespace() || [',', ';'].contains(&letter));
    let mut domains = Vec::new();
    for one in typed.filter(|one| !one.is_empty()) {
        let Ok(domain) = MailDomain::parse(one.trim_start_matches('@')) else {
            return Err(format!("“{one}” is not a mail domain. Enter it like example.org."));
        };
        let domain = domain.as_str().to_owned();
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    Ok(domains)
}

/// Pairs of parts, one a line, with > between the two.
fn compatible(text: &str) -> Result<Vec<(String, String)>, String> {
    let pair = |line: &str| {
        let (from, to) = line.split_once('>')?;
        let (from, to) = (from.trim().trim_end_matches('-').trim_end(), to.trim());
        (!from.is_empty() && !to.is_empty() && !to.contains('>')).then(|| (from.to_owned(), to.to_owned()))
    };
    let read = lines(text).map(|line| {
        pair(line).ok_or_else(|| {
            format!("“{line}” is not two part numbers. Write them like A100 > B200, a pair on each line.")
        })
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(changed: &[(&'static str, &'static str)]) -> Fields {
        let whole = [
            (NUMBER, "30020506"),
            (ORGANISATION, "RIV"),
            (FEDERATION, "partial"),
            (TAKES, "yes"),
            (CONTACT, "it@river.example"),
            (DOMAINS, "river.example, @Children.River.example\r\nriver.example"),
            (COMPATIBLE, "A100 > B200\r\n\r\nB200 -> A100"),
            (TEMPLATES, "StdR85Mail\r\n"),
        ];
        let kept = whole
            .into_iter()
            .filter(|(field, _)| changed.iter().all(|(other, _)| other != field));
        let fields: Vec<_> = kept.chain(changed.iter().copied()).collect();
        Fields::of(&fields)
    }

    #[test]
    fn a_customer_is_read_as_it_stands_in_the_form_again() {
        let customer = read(&sent(&[]), None, Ok(None)).unwrap();
        assert_eq!(customer.number.to_string(), "30020506");
        assert_eq!(customer.domains, ["river.example", "children.river.example"]);
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(customer.compatible, [pair("A100", "B200"), pair("B200", "A100")]);
        assert_eq!(customer.templates, ["StdR85Mail"]);
        assert!(customer.change_files && !customer.hybrid);
        let answers = answers(&customer);
        let again: Vec<_> = answers.iter().map(|(field, text)| (*field, text.as_str())).collect();
        assert_eq!(read(&Fields::of(&again), None, Ok(None)), Ok(customer));
        assert_eq!(answers.iter().map(|(field, _)| *field).collect::<Vec<_>>(), FIELDS);
    }

    #[test]
    fn all_that_is_wrong_with_a_customer_is_told_at_once() {
        let fields = sent(&[
            (NUMBER, "-1"),
            (ORGANISATION, ""),
            (FEDERATION, ""),
            (CONTACT, "it"),
            (DOMAINS, "river"),
            (COMPATIBLE, "A100"),
        ]);
        let wrong = read(&fields, None, Err("Not found.".to_owned())).unwrap_err();
        let told: Vec<_> = wrong.iter().map(|(field, _)| *field).collect();
        assert_eq!(
            told,
            [
                NUMBER,
                ORGANISATION,
                FEDERATION,
                CONNECTOR,
                CONTACT,
                DOMAINS,
                COMPATIBLE
            ]
        );
    }

    #[test]
    fn a_customer_keeps_its_number() {
        let number = "7".parse().ok();
        let customer = read(&sent(&[(NUMBER, "8")]), number, Ok(None)).unwrap();
        assert_eq!(Some(customer.number), number);
    }
}
