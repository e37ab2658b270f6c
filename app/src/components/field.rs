//! What every control of a form says of itself: its hint and what is wrong with it, tied to it for those who hear the page,
//! and what a browser may fill in. No page decides that for itself.

use leptos::prelude::*;

use crate::{components::error_summary::FieldError, forms::FormState};

/// A control, tied to what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tied {
    id: String,
    is_wrong: bool,
    has_hint: bool,
    notes: Vec<String>,
}

impl Tied {
    /// The control with an ID, and with what the form finds wrong with it.
    #[must_use]
    pub fn to(field: &str, form: &FormState) -> Self {
        Self::by(field, form.problem_of(field).is_some())
    }

    /// The control with an ID, where something else than a form knows whether it is wrong.
    #[must_use]
    pub fn by(id: &str, is_wrong: bool) -> Self {
        Self {
            id: id.to_owned(),
            is_wrong,
            has_hint: false,
            notes: vec![],
        }
    }

    /// With its hint, if it has one.
    #[must_use]
    pub const fn hinted(mut self, has_hint: bool) -> Self {
        self.has_hint = has_hint;
        self
    }

    /// With something else that describes it, if it is there.
    #[must_use]
    pub fn noted(mut self, note: Option<String>) -> Self {
        self.notes.extend(note);
        self
    }

    /// Whether something is wrong with it.
    #[must_use]
    pub const fn is_wrong(&self) -> bool {
        self.is_wrong
    }

    /// Its `aria-describedby`: the hint, what is wrong, what else there is.
    #[must_use]
    pub fn described(&self) -> Option<String> {
        let parts = [(self.has_hint, "hint"), (self.is_wrong, "error")];
        let said = parts.iter().filter(|(is_there, _)| *is_there);
        let ids = said.map(|(_, part)| format!("{}-{part}", self.id));
        let ids: Vec<_> = ids.chain(self.notes.iter().cloned()).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// Its `aria-invalid`; of a group, each control has it.
    #[must_use]
    pub fn invalid(&self) -> Option<&'static str> {
        self.is_wrong.then_some("true")
    }
}

/// What is typed into a field: so a phone shows the right keys, and a browser offers what it knows of its owner in fields
/// about its owner alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Words about anybody or anything.
    Words,
    /// A code or a number with letters in it, such as that of an organisation.
    Code,
    /// A number in digits.
    Digits,
    /// Somebody’s telephone number.
    Telephone,
    /// Somebody’s email address.
    Address,
    /// The address that one signs in with.
    OwnAddress,
    /// One’s password.
    OwnPassword,
    /// A code in digits that works once.
    OnceDigits,
    /// A code that works once and may have letters.
    OnceCode,
}

impl Keys {
    const fn kind(self) -> &'static str {
        match self {
            Self::Address | Self::OwnAddress => "email",
            Self::OwnPassword => "password",
            Self::Telephone => "tel",
            Self::Words | Self::Code | Self::Digits | Self::OnceDigits | Self::OnceCode => "text",
        }
    }

    const fn autocomplete(self) -> &'static str {
        match self {
            Self::OwnAddress => "username",
            Self::OwnPassword => "current-password",
            Self::OnceDigits | Self::OnceCode => "one-time-code",
            Self::Words | Self::Code | Self::Digits | Self::Telephone | Self::Address => "off",
        }
    }

    const fn inputmode(self) -> Option<&'static str> {
        match self {
            Self::Digits | Self::OnceDigits => Some("numeric"),
            _ => None,
        }
    }

    const fn autocapitalize(self) -> Option<&'static str> {
        match self {
            Self::Code => Some("characters"),
            Self::Address | Self::OwnAddress | Self::OwnPassword | Self::OnceCode => Some("none"),
            Self::Words | Self::Digits | Self::Telephone | Self::OnceDigits => None,
        }
    }

    const fn spellcheck(self) -> Option<&'static str> {
        match self {
            Self::Words => None,
            _ => Some("false"),
        }
    }
}

/// A field of one line, with its label, its hint and what is wrong with it. What was typed stands in it again, but for a
/// password or a code.
#[component]
pub fn TextField(
    /// Its name and its ID.
    field: &'static str,
    /// What stands above it.
    #[prop(into)]
    label: String,
    /// What to put there.
    #[prop(into, optional)]
    hint: String,
    /// What is typed into it.
    keys: Keys,
    /// How wide it is.
    #[prop(optional)]
    width: &'static str,
    /// How many characters it takes.
    #[prop(optional)]
    most: Option<u32>,
    /// What stands in it, where that is not what the form has.
    #[prop(optional_no_strip)]
    value: Option<String>,
    form: FormState,
) -> impl IntoView {
    let tied = Tied::to(field, &form).hinted(!hint.is_empty());
    let hint = (!hint.is_empty()).then(|| view! { <div class="nhsuk-hint" id=format!("{field}-hint")>{hint}</div> });
    let value = match keys {
        Keys::OwnPassword | Keys::OnceDigits | Keys::OnceCode => None,
        _ => Some(value.unwrap_or_else(|| form.value_of(field))),
    };
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", tied.is_wrong())>
            <label class="nhsuk-label" for=field>{label}</label>
            {hint}
            <FieldError field form/>
            <input
                class=format!("nhsuk-input {width}")
                class=("nhsuk-input--error", tied.is_wrong())
                id=field
                name=field
                type=keys.kind()
                inputmode=keys.inputmode()
                autocomplete=keys.autocomplete()
                autocapitalize=keys.autocapitalize()
                spellcheck=keys.spellcheck()
                maxlength=most.map(|most| most.to_string())
                value=value
                aria-describedby=tied.described()
                aria-invalid=tied.invalid()
            />
        </div>
    }
}

/// A question with several controls, radios or boxes. The first of them has the field's own ID, to which the summary of
/// errors leads.
#[component]
pub fn Group(
    /// The field's name.
    #[prop(into)]
    field: String,
    /// The question.
    #[prop(into)]
    legend: String,
    /// How large the question is.
    #[prop(default = "nhsuk-fieldset__legend--m")]
    look: &'static str,
    /// What to know before answering.
    #[prop(into, optional)]
    hint: String,
    form: FormState,
    children: Children,
) -> impl IntoView {
    let tied = Tied::to(&field, &form).hinted(!hint.is_empty());
    let hint = (!hint.is_empty()).then(|| view! { <div class="nhsuk-hint" id=format!("{field}-hint")>{hint}</div> });
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", tied.is_wrong())>
            <fieldset class="nhsuk-fieldset" aria-describedby=tied.described()>
                <legend class=format!("nhsuk-fieldset__legend {look}")>{legend}</legend>
                {hint}
                <FieldError field form/>
                {children()}
            </fieldset>
        </div>
    }
}

/// A box to tick by itself.
#[component]
pub fn TickBox(
    /// Its name and its ID.
    field: &'static str,
    /// What ticking it says.
    #[prop(into)]
    label: String,
    checked: bool,
    /// Whether it is a small one.
    #[prop(optional)]
    small: bool,
    /// What else describes it.
    #[prop(optional_no_strip)]
    note: Option<String>,
    form: FormState,
) -> impl IntoView {
    let tied = Tied::to(field, &form).noted(note);
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", tied.is_wrong())>
            <FieldError field form/>
            <div class="nhsuk-checkboxes" class=("nhsuk-checkboxes--small", small)>
                <div class="nhsuk-checkboxes__item">
                    <input
                        class="nhsuk-checkboxes__input"
                        id=field
                        name=field
                        type="checkbox"
                        value="yes"
                        checked=checked
                        aria-describedby=tied.described()
                        aria-invalid=tied.invalid()
                    />
                    <label class="nhsuk-label nhsuk-checkboxes__label" for=field>{label}</label>
                </div>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_is_tied_to_its_hint_its_error_and_its_notes_in_this_order() {
        let mut form = FormState::default();
        let sound = Tied::to("title", &form);
        assert_eq!((sound.described(), sound.invalid()), (None, None));
        form.problem("title", "Shorten it.");
        let wrong = Tied::to("title", &form)
            .hinted(true)
            .noted(Some("title-moved".to_owned()));
        assert_eq!(wrong.described().as_deref(), Some("title-hint title-error title-moved"));
        assert_eq!(wrong.invalid(), Some("true"));
    }

    #[test]
    fn only_fields_about_oneself_are_offered_what_the_browser_knows() {
        for (keys, token) in [
            (Keys::Words, "off"),
            (Keys::Address, "off"),
            (Keys::Code, "off"),
            (Keys::OwnAddress, "username"),
            (Keys::OwnPassword, "current-password"),
            (Keys::OnceDigits, "one-time-code"),
        ] {
            assert_eq!(keys.autocomplete(), token, "{keys:?}");
        }
        assert_eq!(Keys::Address.spellcheck(), Some("false"));
    }

    #[test]
    fn what_is_typed_stands_in_its_field_again_but_for_a_password() {
        let mut form = FormState::default();
        form.keep("address", "jane@");
        form.keep("password", "teapot-lantern");
        form.problem("address", "Enter the whole address.");
        let again = form.clone();
        let address = view! { <TextField field="address" label="Email address" keys=Keys::OwnAddress form/> };
        let address = address.to_html();
        for said in [
            r#"value="jane@""#,
            r#"aria-invalid="true""#,
            r#"aria-describedby="address-error""#,
            r#"autocomplete="username""#,
        ] {
            assert!(address.contains(said), "{said} in {address}");
        }
        let password = view! { <TextField field="password" label="Password" keys=Keys::OwnPassword form=again/> };
        let password = password.to_html();
        assert!(
            !password.contains("teapot") && !password.contains("aria-invalid"),
            "{password}"
        );
    }
}
