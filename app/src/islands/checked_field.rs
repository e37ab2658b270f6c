//! A field that is checked when one leaves it, by the rules the server checks by. The server stays the judge: without
//! JavaScript the same sentence comes back with the page.

use std::time::Duration;

use domain::{
    contact,
    dictionary::{Attribute, Input},
    problem::{Kind, Problem},
    rules::Rules,
    values::{
        email_address::{EmailAddress, MailDomain},
        ids::RowNumber,
    },
};
use leptos::{either::Either, ev::FocusEvent, prelude::*};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;

/// Long enough to press a button: a sentence that came in sooner would push the button from under the pointer.
const PAUSE: Duration = Duration::from_millis(300);

/// A field of one attribute, with all that it is checked by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// What is asked for.
    pub attribute: Attribute,
    /// What stands above it.
    pub label: String,
    /// What to put there; none where the label says it all.
    pub hint: String,
    /// What stands in it.
    pub value: String,
    /// What the server found wrong with that.
    pub problem: Option<String>,
    /// The IDs of what else describes it.
    pub notes: Vec<String>,
    /// What a browser may offer there of what it knows of its owner.
    pub autocomplete: String,
    /// The operator's numbers that it is checked by.
    pub limits: Limits,
}

/// What an operator may set and a field is checked by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The domain of the mailboxes kept here.
    pub mail_domain: String,
    /// The largest quota in gigabytes.
    pub largest_quota_gb: u32,
    /// On which side of the mail domain the person's address is.
    pub side: Side,
}

/// On which side of the mail domain an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// An account's: in it.
    Inside,
    /// A contact's: anywhere but in it.
    Outside,
}

impl Field {
    /// What is wrong with a text, as far as can be told without the directory. An empty one is left to the server.
    #[must_use]
    pub fn verdict(&self, text: &str) -> Option<String> {
        if domain::values::text::is_blank(text) {
            return None;
        }
        let domain = MailDomain::parse(&self.limits.mail_domain).ok()?;
        let rules = Rules {
            largest_quota_gb: self.limits.largest_quota_gb,
            ..Rules::standard(domain)
        };
        let verdict = self.attribute.parse_single(text, &rules);
        let verdict = verdict.and_then(|value| self.check_side(value.as_str(), &rules.mail_domain));
        let problem = Problem::in_cell(RowNumber(1), self.attribute, text, verdict.err()?);
        let message = problem.message_of_value()?;
        let hint = hint_of_form(&problem.kind).map(str::to_owned);
        Some(format!("{message} {}", hint.or_else(|| problem.hint_of_value())?))
    }

    fn check_side(&self, text: &str, domain: &MailDomain) -> Result<(), Kind> {
        let address = match self.attribute {
            Attribute::EmailAddress => EmailAddress::parse(text),
            _ => return Ok(()),
        };
        match (address, self.limits.side) {
            (Ok(address), Side::Outside) => contact::check_address(&address, domain),
            (Ok(address), Side::Inside) if !domain.holds(&address) => Err(Kind::OutsideMailDomain {
                domain: domain.as_str().to_owned(),
            }),
            _ => Ok(()),
        }
    }
}

/// What a form says of a problem: the catalogue's sentence, and its hint where that does not speak of files.
#[cfg(feature = "ssr")]
pub(crate) fn sentence(problem: &Problem) -> String {
    match &problem.kind {
        // In a form an emptied field is simply one that has nothing in it.
        Kind::CannotClear { attribute } => {
            let kind = Kind::Missing { attribute: *attribute };
            Problem {
                kind,
                ..problem.clone()
            }
            .to_string()
        }
        Kind::PointsAtAnother { other, .. } => {
            format!("“{}” belongs to {other}. Enter another one.", problem.value)
        }
        kind => match hint_of_form(kind) {
            Some(hint) => format!("{} {hint}", problem.message()),
            None => problem.to_string(),
        },
    }
}

/// The hint that a form has in place of the catalogue's.
const fn hint_of_form(kind: &Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::NotAName { .. } => "Enter it in letters.",
        Kind::DigitsLost { .. } => "Enter the whole number.",
        Kind::StandsForNothing { .. } => "Leave this empty if there is none.",
        Kind::NotInList { nearest: None, .. } => "Choose from the list.",
        Kind::OutsideMailDomain { .. } | Kind::AddressTaken => {
            "Enter another one, or choose one that is made from the name."
        }
        Kind::UnknownUnit { needs_one: true, .. } => "Choose a unit that you manage.",
        Kind::UnknownSite { .. } | Kind::UnknownUnit { .. } => "Choose one that belongs to this organisation.",
        Kind::ClosedOrganisation { .. } => "Choose the organisation that the person works for now.",
        Kind::NotTakingChanges { .. } => "Restore the account first.",
        // How it begins is said by the field's hint already.
        Kind::NotAWebPage => "Copy it from where your browser shows the page’s address.",
        _ => return None,
    })
}

/// A field on its own.
#[island]
pub fn CheckedField(field: Field) -> impl IntoView {
    view! { <CheckedInput field/> }
}

/// The field as a part of an island; `on_typed` hears of every change to its text.
#[component]
pub(super) fn CheckedInput(field: Field, #[prop(optional)] on_typed: Option<Callback<()>>) -> impl IntoView {
    let id = field.attribute.slug();
    let problem = RwSignal::new(field.problem.clone());
    let wrong = move || problem.read().is_some();
    let is_invalid = move || wrong().then_some("true");
    let (label, hint, value) = (field.label.clone(), field.hint.clone(), field.value.clone());
    let (notes, autocomplete) = (field.notes.clone(), field.autocomplete.clone());
    let has_hint = !hint.is_empty();
    let described = move || {
        let parts = [(has_hint, "hint"), (wrong(), "error")];
        let own = parts.iter().filter(|(there, _)| *there);
        let ids: Vec<_> = own
            .map(|(_, part)| format!("{id}-{part}"))
            .chain(notes.clone())
            .collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    };
    // What the server said of a text stands as long as the text does: it knows more than can be told here.
    let judged = StoredValue::new(field.value.clone());
    let input = field.attribute.input();
    let checked = StoredValue::new(field);
    let on_blur = move |event: FocusEvent| {
        // Whoever presses a button sends the form, and must not have it move away under a slow hand.
        let to_button = event.related_target().is_some_and(|target| {
            let element = target.dyn_ref::<web_sys::Element>();
            element.is_some_and(|element| element.tag_name().eq_ignore_ascii_case("button"))
        });
        if to_button {
            return;
        }
        let text = event_target_value(&event);
        let judge = move || {
            if judged.with_value(|judged| *judged != text) {
                let verdict = checked.with_value(|field| field.verdict(&text));
                keep_in_step(id, verdict.as_deref());
                problem.set(verdict);
                judged.set_value(text);
            }
        };
        set_timeout(judge, PAUSE);
    };
    let on_input = move |_| {
        if let Some(on_typed) = on_typed {
            on_typed.run(());
        }
    };
    let control = match input {
        Input::Lines => Either::Left(view! {
            <textarea
                class="nhsuk-textarea"
                class=("nhsuk-textarea--error", wrong)
                id=id
                name=id
                rows="5"
                autocomplete="off"
                aria-describedby=described
                aria-invalid=is_invalid
                on:blur=on_blur
                on:input=on_input
                inner_html=escaped(&value)
            ></textarea>
        }),
        input => {
            let line = view! {
                <input
                    class=format!("nhsuk-input {}", width(input))
                    class=("nhsuk-input--error", wrong)
                    id=id
                    name=id
                    type=kind(input)
                    inputmode=keys(input)
                    autocomplete=autocomplete
                    spellcheck="false"
                    value=value
                    aria-describedby=described
                    aria-invalid=is_invalid
                    on:blur=on_blur
                    on:input=on_input
                />
            };
            Either::Right(match input {
                Input::Gigabytes => Either::Left(view! {
                    <div class="nhsuk-input-wrapper">
                        {line}
                        <div class="nhsuk-input-wrapper__suffix" aria-hidden="true">"GB"</div>
                    </div>
                }),
                _ => Either::Right(line),
            })
        }
    };
    let message = move || {
        problem.get().map(|message| {
            view! {
                <span class="nhsuk-error-message" id=format!("{id}-error")>
                    <span class="nhsuk-u-visually-hidden">"Error: "</span>
                    {message}
                </span>
            }
        })
    };
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
            <label class="nhsuk-label" for=id>{label}</label>
            {has_hint.then(|| view! { <div class="nhsuk-hint" id=format!("{id}-hint")>{hint}</div> })}
            <div aria-live="polite">{message}</div>
            {control}
        </div>
    }
}

/// Keeps the summary above the form in step with a field: what is put right is no longer listed there.
fn keep_in_step(id: &str, verdict: Option<&str>) {
    let listed = document().query_selector(&format!(".nhsuk-error-summary [href='#{id}']"));
    let Ok(Some(link)) = listed else { return };
    if verdict.is_some() {
        link.set_text_content(verdict);
    }
    if let Some(line) = link.parent_element() {
        let _ = line.toggle_attribute_with_force("hidden", verdict.is_none());
    }
}

/// What a browser is told about an input, so that a phone shows the right keys. Nothing of it checks anything.
const fn kind(input: Input) -> &'static str {
    match input {
        Input::Address => "email",
        Input::Telephone => "tel",
        Input::Secret => "password",
        // A page with a text that is no URL in a field for one would not be valid.
        Input::WebPage
        | Input::Line
        | Input::Lines
        | Input::Gigabytes
        | Input::YesOrNo
        | Input::Choices
        | Input::Reference => "text",
    }
}

/// The keys that a phone shows, where its kind does not say so.
const fn keys(input: Input) -> Option<&'static str> {
    match input {
        Input::Gigabytes => Some("numeric"),
        Input::WebPage => Some("url"),
        _ => None,
    }
}

const fn width(input: Input) -> &'static str {
    match input {
        Input::Telephone => "nhsuk-input--width-20",
        Input::Gigabytes => "nhsuk-input--width-5",
        _ => "nhsuk-input--width-30",
    }
}

/// A text as it stands within an element that the library writes as it is: a text area, a title.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(attribute: Attribute, side: Side) -> Field {
        Field {
            attribute,
            label: String::new(),
            hint: String::new(),
            value: String::new(),
            problem: None,
            notes: vec![],
            autocomplete: "off".to_owned(),
            limits: Limits {
                mail_domain: "health.example".to_owned(),
                largest_quota_gb: 50,
                side,
            },
        }
    }

    #[test]
    fn a_field_says_what_the_server_would_say() {
        let said = |attribute, text: &str| field(attribute, Side::Inside).verdict(text);
        assert_eq!(said(Attribute::Mobile, "07700 900123"), None);
        assert_eq!(said(Attribute::FirstName, "  "), None);
        assert_eq!(
            said(Attribute::Mobile, "01632 960123").unwrap(),
            "“01632 960123” is not a UK mobile number. Enter eleven digits that begin with 07, like 07700 900123."
        );
        assert_eq!(
            said(Attribute::Quota, "51").unwrap(),
            "“51” is not a mailbox size. Enter a whole number of gigabytes from 1 to 50."
        );
        assert_eq!(
            said(Attribute::WebPage, "health.example").unwrap(),
            "“health.example” is not the address of a web page. Copy it from where your browser shows the page’s address."
        );
    }

    #[test]
    fn the_browser_says_of_every_text_what_the_server_says() {
        let rules = Rules {
            largest_quota_gb: 50,
            ..Rules::standard(MailDomain::parse("health.example").unwrap())
        };
        for (attribute, text) in [
            (Attribute::FirstName, "NULL"),
            (Attribute::FirstName, "12345"),
            (Attribute::LastName, "Smith 😀"),
            (Attribute::LastName, "#REF!"),
            (Attribute::LastName, "Smi\u{200B}th"),
            (Attribute::EmailAddress, "jane.smith"),
            (Attribute::EmailAddress, "jäne@health.example"),
            (Attribute::Telephone, "01632 960"),
            (Attribute::Telephone, "tbc"),
            (Attribute::Mobile, "7.7009e+09"),
            (Attribute::Mobile, "01632 960123"),
            (Attribute::HideMobile, "perhaps"),
            (Attribute::Quota, "51 GB"),
            (Attribute::WebPage, "health.example"),
            (Attribute::WebPage, "https://jane:secret@health.example"),
            (Attribute::EndDate, "soon"),
            (Attribute::JobTitle, "x".repeat(101).as_str()),
        ] {
            let kind = attribute.parse_single(text, &rules).unwrap_err();
            let said = sentence(&Problem::in_cell(RowNumber(1), attribute, text, kind));
            assert_eq!(field(attribute, Side::Inside).verdict(text), Some(said), "{text}");
        }
    }

    #[test]
    fn an_account_has_its_address_in_the_mail_domain_and_a_contact_elsewhere() {
        let said = |side, text: &str| field(Attribute::EmailAddress, side).verdict(text);
        assert_eq!(said(Side::Inside, "jane.smith@health.example"), None);
        assert_eq!(said(Side::Outside, "jane.smith@charity.example"), None);
        assert!(said(Side::Inside, "jane.smith@charity.example").is_some());
        assert!(said(Side::Outside, "jane.smith@a.health.example").is_some());
    }

    #[test]
    fn a_text_cannot_leave_the_element_it_stands_in() {
        assert_eq!(escaped("</textarea><b>&"), "&lt;/textarea&gt;&lt;b&gt;&amp;");
    }
}
