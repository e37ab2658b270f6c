//! What a page is given when a form comes back: what is wrong with it, and all that was typed, or what was answered before.
//! And which fields the forms about people have, so that pages show and handlers read the same ones.

pub(crate) mod absence;
pub(crate) mod dates;
pub mod fields;
pub(crate) mod leaving;
pub(crate) mod typed;

use std::borrow::Cow;

use domain::{
    channel::{Channel, Operation},
    dictionary::Attribute,
    ids::{AccountId, ContactId, SubmissionId},
    layout::Layout,
    problem::Problem,
    request::{Cells, Wish},
};
use gate::{GateError, Moved, PersonKind, Visit};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{islands::sentence, routes, visitor::Failure};

/// The form itself, where a problem is of no single field.
pub const WHOLE: &str = "person";
/// The link to the OpenID Connect provider, where what went wrong there is told.
pub const BY_PROVIDER: &str = "openid";
/// The version of a person that a form was shown with.
pub const SEEN: &str = "seen";
/// The submission whose answers are being changed.
pub const FROM: &str = "from";

/// The detail that is changed for many: its attribute's slug.
pub const DETAIL: &str = "detail";
/// What it becomes.
pub const VALUE: &str = "value";
/// Whether it is emptied.
pub const EMPTY: &str = "empty";

/// The table that says what the columns of a file hold.
pub const COLUMNS: &str = "columns";
/// The field that says which sheet of a workbook is read.
pub const SHEET: &str = "sheet";
/// The field that says which row holds the headings.
pub const HEADINGS: &str = "headings";
/// What a text of a file means where its cell is to be left empty.
pub const LEFT_EMPTY: &str = "(empty)";

/// The field that says what a column holds, counted from 0.
#[must_use]
pub fn column_field(place: usize) -> String {
    format!("column-{place}")
}

/// The field that says what every row of a file has.
#[must_use]
pub fn for_all_field(attribute: Attribute) -> String {
    format!("all-{}", attribute.slug())
}

/// The table that asks what the texts in a column mean.
#[must_use]
pub fn texts_table(attribute: Attribute) -> String {
    format!("texts-{}", attribute.slug())
}

/// The field that names a text whose meaning is asked, counted from 0.
#[must_use]
pub fn text_field(attribute: Attribute, place: usize) -> String {
    format!("text-{}-{place}", attribute.slug())
}

/// The field that says what that text means.
#[must_use]
pub fn meaning_field(attribute: Attribute, place: usize) -> String {
    format!("meaning-{}-{place}", attribute.slug())
}

/// How activation links are given out.
pub const HOW: &str = "how";
/// From behind which row on.
pub const AFTER: &str = "after";
/// That links are given out to people, too, whose first day is still to come.
pub const STARTERS: &str = "starters";

/// In which cells of a row the other rows with the same problem are mended, too: the attributes' slugs.
pub const EVERYWHERE: &str = "everywhere";
/// The cell that is to overwrite what was changed by hand: its attribute's slug.
pub const OVERRULE: &str = "overrule";
/// The cell that is to overwrite it no longer.
pub const KEEP: &str = "keep";
/// What is decided about a row as a whole: to skip it, or to include it.
pub const DECIDE: &str = "decide";
/// That a row is to be applied without the cells that stand beyond the headings.
pub const SURPLUS: &str = "surplus";
/// The field that says what a cell held when its form was shown.
#[must_use]
pub fn was(attribute: Attribute) -> String {
    format!("was-{}", attribute.slug())
}
/// What the address bar says of a file's rows, for whoever comes back to them: which sort, with which problem, with which
/// words, behind which.
pub const BACK: [&str; 4] = ["show", "problem", "find", "after"];
/// The row that was mended last.
pub const MENDED: &str = "mended";
/// How many others were mended with it.
pub const ALSO: &str = "also";

/// The fields of a role's first day: day, month and year.
pub const FIRST_DAY: [&str; 3] = ["from-day", "from-month", "from-year"];
/// The fields of a role's last day.
pub const LAST_DAY: [&str; 3] = ["until-day", "until-month", "until-year"];

/// The field that lets a Connector send through a channel.
#[must_use]
pub const fn channel_field(channel: Channel) -> &'static str {
    match channel {
        Channel::EmailCsv => "channel-email-csv",
        Channel::Api => "channel-api",
        Channel::ChangeFile => "channel-change-file",
        Channel::Portal | Channel::PortalCsv | Channel::Undo | Channel::Organisations | Channel::System => {
            "channel-none"
        }
    }
}

/// The answer that takes what somebody else made of a detail; any other keeps one's own.
pub const THEIRS: &str = "theirs";

/// The field that asks whose a detail is to be, where two changed it.
#[must_use]
pub fn whose(attribute: Attribute) -> String {
    format!("whose-{}", attribute.slug())
}

/// The place that somebody goes to.
pub const PLACE: [Attribute; 4] = [
    Attribute::Organisation,
    Attribute::Site,
    Attribute::Unit,
    Attribute::LocalId,
];

/// What a leaver who is taken in may become, besides their place.
pub const BECOMES: [Attribute; 3] = [Attribute::JobTitle, Attribute::Department, Attribute::Telephone];

/// What fields say, by their names.
pub type Answers = Vec<(&'static str, String)>;

/// The submission whose answers are being changed, as the address bar names it.
#[must_use]
pub fn said_from() -> Option<SubmissionId> {
    let from = use_query_map().get_untracked().get(FROM)?;
    SubmissionId::parse(&from)
}

/// A place as it was answered.
#[must_use]
pub fn place_of(cells: &Cells) -> Answers {
    let answer = |attribute: Attribute| (attribute.slug(), cells.text(attribute).to_owned());
    PLACE.map(answer).to_vec()
}

/// A form that is shown again, or a failure that is shown in its place.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    problems: Vec<(Cow<'static, str>, String)>,
    values: Answers,
    /// What could not be done at all.
    pub failure: Option<Failure>,
    /// What was changed while the form was filled in; none where nothing was.
    pub meanwhile: Option<Vec<MovedDetail>>,
    /// What was said of a file's columns.
    pub columns: Option<Box<Layout>>,
}

/// A detail that was changed while a form was filled in, by somebody else or in another window.
#[derive(Clone, Debug)]
pub struct MovedDetail {
    /// What it was and is, who changed it and when.
    pub moved: Moved,
    /// What was typed, where that is neither.
    pub typed: Option<String>,
}

impl FormState {
    /// Keeps what was typed into a field, in place of what was kept for it before.
    pub fn keep(&mut self, field: &'static str, value: &str) {
        self.values.retain(|(name, _)| *name != field);
        self.values.push((field, value.to_owned()));
    }

    /// Says what is wrong with a field.
    pub fn problem(&mut self, field: impl Into<Cow<'static, str>>, message: &str) {
        self.problems.push((field.into(), message.to_owned()));
    }

    /// Says why the gate would not have it, at the field that it is about.
    pub fn refuse(&mut self, problem: &Problem) {
        let field = problem.place.attribute().map_or(WHOLE, Attribute::slug);
        self.problem(field, &sentence(problem));
    }

    /// Fills a form that was not sent yet with what was asked for by it before, as long as its visitor has not decided on
    /// that. `answers` knows the wishes that this very form asks for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fill_in(
        &mut self,
        visit: &Visit<'_>,
        from: Option<&SubmissionId>,
        answers: impl Fn(&Wish) -> Option<Answers>,
    ) -> Result<(), GateError> {
        let Some(from) = from.filter(|_| self.is_fresh()) else {
            return Ok(());
        };
        let open = match visit.open_wish(from).await {
            Err(GateError::NotFound) => return Ok(()),
            open => open?,
        };
        if let Some(answers) = answers(&open.wish) {
            self.keep(FROM, from.as_str());
            self.values.extend(answers);
        }
        Ok(())
    }

    /// The hidden field by which it goes on to be the same form; nothing where it begins anew.
    #[must_use]
    pub fn carried(&self) -> Option<impl IntoView + use<>> {
        let from = self.value_of(FROM);
        (!from.is_empty()).then(|| view! { <input type="hidden" name=FROM value=from/> })
    }

    /// The organisation that a form of two steps is about: the one that the address bar says, or the one answered before.
    #[must_use]
    pub fn organisation(&self, said: String) -> String {
        match said.is_empty() && self.is_sound() {
            true => self.value_of(Attribute::Organisation.slug()),
            false => said,
        }
    }

    /// Where another organisation is chosen in the first of two steps; what was answered before comes along.
    #[must_use]
    pub fn choice_again(&self, step: &str) -> String {
        let from = self.value_of(FROM);
        // No organisation has a code in small letters.
        let query = [(Attribute::Organisation.slug(), "another"), (FROM, from.as_str())];
        routes::with_query(step, &query)
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    /// Whether the form was not sent yet: nothing was typed, and so nothing can be wrong.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.is_sound() && self.values.is_empty()
    }

    /// All that is wrong, field by field.
    #[must_use]
    pub fn problems(&self) -> &[(Cow<'static, str>, String)] {
        &self.problems
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn problem_of(&self, field: &str) -> Option<String> {
        self.problems
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, message)| message.clone())
    }

    /// Whether something was typed into a field, or it was emptied.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.values.iter().any(|(name, _)| *name == field)
    }

    /// What was typed into a field.
    #[must_use]
    pub fn value_of(&self, field: &str) -> String {
        self.values
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }

    /// What was changed in a detail meanwhile.
    #[must_use]
    pub fn moved(&self, attribute: Attribute) -> Option<&MovedDetail> {
        let mut all = self.meanwhile.iter().flatten();
        all.find(|detail| detail.moved.change.attribute == attribute)
    }
}

/// Whom a form about a person is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Somebody who is to have an account.
    NewAccount,
    /// Somebody who is to be a contact.
    NewContact,
    /// An account.
    Account(AccountId),
    /// A contact.
    Contact(ContactId),
}

impl Subject {
    /// With a mailbox here, or without.
    #[must_use]
    pub const fn kind(self) -> PersonKind {
        match self {
            Self::NewAccount | Self::Account(_) => PersonKind::Account,
            Self::NewContact | Self::Contact(_) => PersonKind::Contact,
        }
    }

    /// Whether the person is yet to be created.
    #[must_use]
    pub const fn is_new(self) -> bool {
        matches!(self, Self::NewAccount | Self::NewContact)
    }

    /// What the form asks for.
    #[must_use]
    pub const fn operation(self) -> Operation {
        match self {
            Self::NewAccount => Operation::CreateAccount,
            Self::NewContact => Operation::CreateContact,
            Self::Account(_) => Operation::EditAccount,
            Self::Contact(_) => Operation::EditContact,
        }
    }

    /// Where its form is.
    #[must_use]
    pub fn form(self) -> String {
        match self {
            Self::NewAccount => routes::NEW_ACCOUNT.to_owned(),
            Self::NewContact => routes::NEW_CONTACT.to_owned(),
            Self::Account(id) => routes::account_part(&id, "edit"),
            Self::Contact(id) => routes::contact_part(&id, "edit"),
        }
    }

    /// Where its form is, for somebody new in an organisation.
    #[must_use]
    pub fn form_in(self, organisation: &str) -> String {
        routes::with_query(&self.form(), &[(Attribute::Organisation.slug(), organisation)])
    }

    /// The person's own page, or the list that a new person will be in.
    #[must_use]
    pub fn page(self) -> String {
        match self {
            Self::NewAccount => routes::PEOPLE.to_owned(),
            Self::NewContact => routes::with_query(routes::PEOPLE, &[("kind", "contacts")]),
            Self::Account(id) => routes::account(&id),
            Self::Contact(id) => routes::contact(&id),
        }
    }

    /// The texts of a wish that this very form asked for.
    #[must_use]
    pub fn cells_of(self, wish: &Wish) -> Option<&Cells> {
        match (self, wish) {
            (Self::NewAccount, Wish::NewAccount(cells)) | (Self::NewContact, Wish::Contact(cells)) => Some(cells),
            (Self::Account(id), Wish::EditAccount { account, cells }) if id == *account => Some(cells),
            (Self::Contact(id), Wish::EditContact { contact, cells }) if id == *contact => Some(cells),
            _ => None,
        }
    }

    /// The parts of its form, in order.
    #[must_use]
    pub const fn sections(self) -> &'static [Section] {
        match self.kind() {
            PersonKind::Account => &ACCOUNT,
            PersonKind::Contact => &CONTACT,
        }
    }

    /// The attributes that are typed or chosen in its form; the organisation is settled before.
    pub fn attributes(self) -> impl Iterator<Item = Attribute> {
        let all = self.sections().iter().flat_map(|section| section.attributes);
        all.copied().filter(|attribute| *attribute != Attribute::Organisation)
    }
}

/// A part of a form.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// What it is about.
    pub heading: &'static str,
    /// What it asks for.
    pub attributes: &'static [Attribute],
}

const fn section(heading: &'static str, attributes: &'static [Attribute]) -> Section {
    Section { heading, attributes }
}

/// The account form, in the domain's order (domain, section 4).
const ACCOUNT: [Section; 5] = [
    section(
        "Name and email address",
        &[
            Attribute::Title,
            Attribute::FirstName,
            Attribute::Initials,
            Attribute::LastName,
            Attribute::DisplayName,
            Attribute::EmailAddress,
        ],
    ),
    section(
        "Place of work",
        &[
            Attribute::LocalId,
            Attribute::Organisation,
            Attribute::Site,
            Attribute::Unit,
            Attribute::JobTitle,
            Attribute::Department,
        ],
    ),
    section(
        "Telephone and web",
        &[
            Attribute::Telephone,
            Attribute::Mobile,
            Attribute::HideMobile,
            Attribute::Pager,
            Attribute::Fax,
            Attribute::WebPage,
        ],
    ),
    section(
        "Specialty, role and work area",
        &[Attribute::ClinicalSpecialty, Attribute::Role, Attribute::WorkArea],
    ),
    section("Notes and mailbox", &[Attribute::Notes, Attribute::Quota]),
];

/// The contact form, in the domain's order (domain, section 4).
const CONTACT: [Section; 5] = [
    section(
        "Name",
        &[
            Attribute::Title,
            Attribute::FirstName,
            Attribute::LastName,
            Attribute::DisplayName,
        ],
    ),
    section(
        "Telephone and email",
        &[
            Attribute::Mobile,
            Attribute::Telephone,
            Attribute::Pager,
            Attribute::Fax,
            Attribute::EmailAddress,
            Attribute::SipAddress,
        ],
    ),
    section(
        "Specialty, role and work area",
        &[Attribute::ClinicalSpecialty, Attribute::Role, Attribute::WorkArea],
    ),
    section("Notes", &[Attribute::Notes]),
    section("Organisation", &[Attribute::Organisation, Attribute::Unit]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_form_asks_for_everything_that_is_kept_of_an_account() {
        let kept = Attribute::ALL.into_iter().filter(|attribute| attribute.is_kept());
        let without_sip = kept.filter(|attribute| *attribute != Attribute::SipAddress);
        assert!(Subject::NewAccount.attributes().eq(without_sip));
    }

    #[test]
    fn the_contact_form_asks_for_a_contacts_attributes_and_the_unit() {
        let own = domain::contact::ATTRIBUTES.into_iter().chain([Attribute::Unit]);
        assert!(Subject::NewContact.attributes().eq(own));
    }

    #[test]
    fn what_was_answered_before_names_the_organisation_unless_another_is_wanted() {
        let mut form = FormState::default();
        form.keep("organisation", "RIV01");
        assert_eq!(form.organisation(String::new()), "RIV01");
        assert_eq!(form.organisation("RIV02".to_owned()), "RIV02");
        form.keep(FROM, "7Q4K9TZM2X");
        let again = form.choice_again("/joiners/new");
        assert_eq!(again, "/joiners/new?organisation=another&from=7Q4K9TZM2X");
        form.problem("organisation", "Choose an organisation.");
        assert_eq!(form.organisation(String::new()), "");
    }

    #[test]
    fn a_field_that_is_kept_again_has_its_latest_text() {
        let mut form = FormState::default();
        assert!(form.is_fresh());
        form.keep("title", "Ms");
        form.keep("title", "Dr");
        assert_eq!(form.value_of("title"), "Dr");
        assert!(!form.is_fresh() && form.is_sound());
    }
}
