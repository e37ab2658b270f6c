//! A search for people as the address bar holds it: it can be bookmarked, taken away as a file, and acted on as a whole.

mod columns;
mod last_use;

use domain::{
    account::{Account, AccountStatus},
    dictionary::Attribute,
    plan::RowKind,
    values::{
        ids::{SubmissionId, Timestamp},
        text,
    },
};
use gate::{Listed, PersonKind, Query, Searched, Sort, Whom};

pub use self::{
    columns::{Column, sort_name},
    last_use::LastUse,
};
use crate::{
    components::{pagination::Page, unknown_filters::UnknownFilters},
    routes, words,
};

/// As many people as an export holds.
pub const MOST_EXPORTED: usize = 200_000;

/// A search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Accounts or contacts.
    pub kind: PersonKind,
    /// Words of name, address, work or place, or a number.
    pub words: String,
    /// An organisation's code; empty for all.
    pub organisation: String,
    /// A unit's name; empty for all.
    pub unit: String,
    /// A site's code or name; empty for all.
    pub site: String,
    /// Only accounts that were last used so.
    pub used: Option<LastUse>,
    /// Only people in one of these statuses; in any but Deleted where there is none.
    pub statuses: Vec<AccountStatus>,
    /// The columns that were chosen; none where they are the standard ones.
    pub chosen: Vec<Column>,
    /// By what it is sorted.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
    /// Where the page goes on from.
    pub after: String,
    /// Which page that is.
    pub page: Page,
    /// What the address asks for and no filter offers.
    pub unknown: UnknownFilters,
}

/// A search's parts in the address bar, and as hidden fields of a form that has fields of its own.
const PARTS: [(&str, &str); 10] = [
    ("kind", "search-kind"),
    ("words", "search-words"),
    ("organisation", "search-organisation"),
    ("unit", "search-unit"),
    ("site", "search-site"),
    ("used", "search-used"),
    ("status", "search-status"),
    ("columns", "search-columns"),
    ("sort", "search-sort"),
    ("order", "search-order"),
];

impl Search {
    /// Reads the parts of an address. Several values of one part may stand in one, or in several of its name.
    pub fn read<N: AsRef<str>>(parts: impl IntoIterator<Item = (N, String)>) -> Self {
        let mut search = Self::default();
        let (mut columns, mut page) = (Vec::new(), String::new());
        for (name, value) in parts {
            let values = value.split([' ', ',']).filter(|value| !value.is_empty());
            match name.as_ref() {
                "kind" => search.kind = search.unknown.read(&value, kind).unwrap_or_default(),
                "words" => text::trimmed(&text::seen(&value)).clone_into(&mut search.words),
                "organisation" => text::trimmed(&text::seen(&value)).clone_into(&mut search.organisation),
                "unit" => text::trimmed(&text::seen(&value)).clone_into(&mut search.unit),
                "site" => text::trimmed(&text::seen(&value)).clone_into(&mut search.site),
                "used" => search.used = search.unknown.read(&value, LastUse::from_slug),
                "status" => {
                    for value in values {
                        search.statuses.extend(search.unknown.read(value, status));
                    }
                }
                "columns" => columns.extend(values.map(ToOwned::to_owned)),
                "sort" => search.sort = Sort::from_slug(&value).unwrap_or_default(),
                "order" => search.descending = value == "descending",
                "after" => search.after = value,
                "page" => page = value,
                _ => {}
            }
        }
        search.page = Page::read(!search.after.is_empty(), &page);
        if search.kind == PersonKind::Contact {
            // Contacts are at no site, and never sign in.
            search.site.clear();
            search.used = None;
        }
        let mut offered = Column::offered(search.kind);
        offered.retain(|column| columns.iter().any(|asked| asked == column.slug()));
        if offered != Column::standard(search.kind) {
            search.chosen = offered;
        }
        search
    }

    /// Reads it back from the hidden fields of a form.
    pub fn of_fields(value: impl Fn(&'static str) -> String) -> Self {
        Self::read(PARTS.map(|(name, field)| (name, value(field))))
    }

    /// The hidden fields.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let fields = PARTS.map(|(name, field)| (field, self.part(name)));
        fields.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The query that the gate answers at this moment.
    #[must_use]
    pub fn query(&self, now: Timestamp) -> Query {
        let after = self.after.rsplit_once('~');
        Query {
            words: self.words.clone(),
            // What is no code is nobody's: who looks at one place is not shown all.
            organisation: Some(self.organisation.to_ascii_uppercase()).filter(|code| !code.is_empty()),
            unit: self.unit.clone(),
            site: self.site.clone(),
            unused_since: self.used.map(|used| used.since(now)),
            searched: Searched::Everything,
            statuses: self.shown_statuses(),
            sort: self.sort,
            descending: self.descending,
            after: after.and_then(|(text, id)| Some((text.to_owned(), id.parse().ok()?))),
        }
    }

    /// The query for all that it finds, from the first on.
    #[must_use]
    pub fn whole(&self, now: Timestamp) -> Query {
        Query {
            after: None,
            ..self.query(now)
        }
    }

    /// The statuses of those it finds: who is deleted is found only where somebody asks for them.
    fn shown_statuses(&self) -> Vec<AccountStatus> {
        if self.statuses.is_empty() {
            let all = AccountStatus::ALL.into_iter();
            return all.filter(|status| *status != AccountStatus::Deleted).collect();
        }
        self.statuses.clone()
    }

    /// The same search of those who are deleted; `None` if statuses were chosen.
    #[must_use]
    pub fn of_deleted(&self) -> Option<Self> {
        self.statuses.is_empty().then(|| Self {
            statuses: vec![AccountStatus::Deleted],
            after: String::new(),
            page: Page::First,
            ..self.clone()
        })
    }

    /// The columns that it shows.
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        match self.chosen.as_slice() {
            [] => Column::standard(self.kind),
            chosen => chosen.to_vec(),
        }
    }

    /// Whether it narrows or arranges anything at all.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let plain = Self {
            kind: self.kind,
            after: self.after.clone(),
            page: self.page,
            unknown: self.unknown.clone(),
            ..Self::default()
        };
        *self == plain
    }

    /// Whether it leaves anybody out.
    #[must_use]
    pub const fn is_narrow(&self) -> bool {
        let says_where = !self.organisation.is_empty() || !self.unit.is_empty() || !self.site.is_empty();
        !self.words.is_empty() || says_where || !self.statuses.is_empty() || self.used.is_some()
    }

    /// What it narrows the list by, in words.
    #[must_use]
    pub fn filters(&self) -> Vec<String> {
        let texts = [&self.words, &self.organisation, &self.unit, &self.site];
        let texts = texts.into_iter().filter(|text| !text.is_empty()).cloned();
        let statuses = self.statuses.iter().map(|status| status.name().to_owned());
        let used = self
            .used
            .iter()
            .map(|used| format!("Last sign-in: {}", used.name().to_lowercase()));
        texts.chain(statuses).chain(used).collect()
    }

    /// What its page is called: by what is looked for and how many are found, so that several open pages are told apart.
    #[must_use]
    pub fn title(&self, all: u64) -> String {
        let (one, many) = match self.kind {
            PersonKind::Account => ("account", "accounts"),
            PersonKind::Contact => ("contact", "contacts"),
        };
        let asked = self.filters();
        let asked = match asked.is_empty() {
            true => "People".to_owned(),
            false => asked.join(", "),
        };
        let found = words::found(all, one, many).to_lowercase();
        self.page.title(&format!("{asked}: {found}"))
    }

    /// Its page, from the first person on.
    #[must_use]
    pub fn path(&self) -> String {
        self.at(routes::PEOPLE, "", "")
    }

    /// Its page, going on behind a person.
    #[must_use]
    pub fn path_after(&self, (text, id): &(String, impl std::fmt::Display)) -> String {
        self.at(routes::PEOPLE, &format!("{text}~{id}"), &self.page.next())
    }

    /// What it finds, as a file.
    #[must_use]
    pub fn export(&self) -> String {
        self.at(routes::PEOPLE_EXPORT, "", "")
    }

    /// The same people sorted by something else; by what they are sorted by already, the other way round.
    #[must_use]
    pub fn sorted_by(&self, sort: Sort) -> Self {
        Self {
            sort,
            descending: self.sort == sort && !self.descending,
            after: String::new(),
            page: Page::First,
            ..self.clone()
        }
    }

    fn at(&self, path: &str, after: &str, page: &str) -> String {
        let parts = PARTS.map(|(name, _)| (name, self.part(name)));
        let mut parts: Vec<_> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        parts.extend([("after", after), ("page", page)]);
        routes::with_query(path, &parts)
    }

    fn part(&self, name: &str) -> String {
        let joined = |words: Vec<&str>| words.join(" ");
        match name {
            "kind" if self.kind == PersonKind::Contact => "contacts".to_owned(),
            "words" => self.words.clone(),
            "organisation" => self.organisation.clone(),
            "unit" => self.unit.clone(),
            "site" => self.site.clone(),
            "used" => self.used.map(LastUse::slug).unwrap_or_default().to_owned(),
            "status" => joined(self.statuses.iter().map(|status| status.name()).collect()),
            "columns" => joined(self.chosen.iter().map(|column| column.slug()).collect()),
            "sort" if self.sort != Sort::default() => self.sort.slug().to_owned(),
            "order" if self.descending => "descending".to_owned(),
            _ => String::new(),
        }
    }
}

/// The address of an account that was found, with the earlier one that it was found by.
#[must_use]
pub fn found_at(listed: &Listed<Account>) -> String {
    let address = listed.person.attributes.text(Attribute::EmailAddress);
    match &listed.earlier {
        None => address.to_owned(),
        Some(earlier) => format!("{address} (earlier {earlier})"),
    }
}

/// What a form sends for taking people away as a file.
pub const EXPORT: &str = "export";

/// The fields by which a form says whom it means.
pub const WHOM: [&str; 5] = ["whom", "id", "page", "submission", "kind"];

/// As many people as can be ticked.
const MOST_TICKED: usize = 1000;

/// Whom a form means: those ticked, those of a page, all of a search, those that a submission created or updated, or those
/// of what was asked for before. None where it means nobody.
pub fn whom(now: Timestamp, value: impl Fn(&'static str) -> String) -> Option<Whom> {
    let these = |ids: String| {
        let ids = ids.split_whitespace().filter_map(|id| id.parse().ok());
        let ids: Vec<_> = ids.take(MOST_TICKED).collect();
        (!ids.is_empty()).then_some(Whom::These(ids))
    };
    match value("whom").as_str() {
        "search" => Some(Whom::Search(Search::of_fields(value).whole(now))),
        "page" => these(value("page")),
        "upload" => {
            let kind = RowKind::from_slug(&value("kind")).filter(|kind| kind.changes_something());
            Some(Whom::Upload(SubmissionId::parse(&value("submission"))?, kind?))
        }
        "asked" => Some(Whom::Asked(SubmissionId::parse(&value("submission"))?)),
        _ => these(value("id")),
    }
}

fn kind(name: &str) -> Option<PersonKind> {
    match name {
        "accounts" => Some(PersonKind::Account),
        "contacts" => Some(PersonKind::Contact),
        _ => None,
    }
}

fn status(name: &str) -> Option<AccountStatus> {
    AccountStatus::ALL
        .into_iter()
        .find(|status| status.name().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 21 November 2026, 12:00 UTC.
    const NOON: Timestamp = Timestamp(1_795_262_400_000);

    fn read(parts: &[(&str, &str)]) -> Search {
        Search::read(parts.iter().map(|(name, value)| (*name, (*value).to_owned())))
    }

    #[test]
    fn a_search_survives_the_address_bar() {
        let search = read(&[
            ("words", " O’N & co "),
            ("status", "Active"),
            ("status", "Leaver"),
            ("columns", "unit"),
            ("columns", "status"),
            ("sort", "job-title"),
            ("order", "descending"),
        ]);
        assert_eq!(
            search.path(),
            "/people?words=O%E2%80%99N%20%26%20co&status=Active%20Leaver&columns=unit%20status&sort=job-title&order=descending"
        );
        let again = Search::of_fields(|field| {
            let fields = search.fields();
            let found = fields.iter().find(|(name, _)| *name == field);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        });
        assert_eq!(again, search);
    }

    #[test]
    fn deleted_people_are_found_only_where_they_are_asked_for() {
        let named = read(&[("words", "jem")]);
        let found = named.query(NOON).statuses;
        assert_eq!(found.len(), AccountStatus::ALL.len() - 1);
        assert!(!found.contains(&AccountStatus::Deleted), "{found:?}");
        let deleted = named.of_deleted().unwrap();
        assert_eq!(deleted.path(), "/people?words=jem&status=Deleted");
        assert_eq!(deleted.query(NOON).statuses, [AccountStatus::Deleted]);
        assert_eq!(deleted.of_deleted(), None);
    }

    #[test]
    fn filters_are_read_in_capitals_or_not_and_unknown_ones_are_told() {
        let search = read(&[("kind", "Accounts"), ("status", "pending,ACTIVE"), ("used", "Never")]);
        assert_eq!(search.statuses, [AccountStatus::Pending, AccountStatus::Active]);
        assert_eq!((search.used, search.unknown.sentence()), (Some(LastUse::Never), None));
        assert_eq!(read(&[("kind", "CONTACTS")]).kind, PersonKind::Contact);
        let odd = read(&[("status", "pendng"), ("used", "often")]);
        let told = "The filters “pendng” and “often” are not known and were not used.";
        assert_eq!(odd.unknown.sentence().as_deref(), Some(told));
    }

    #[test]
    fn filters_survive_the_address_bar_and_title_the_page() {
        let search = read(&[
            ("organisation", "RIV"),
            ("unit", " Ward 7 "),
            ("site", "RIVN"),
            ("used", "not-for-90-days"),
        ]);
        let path = "/people?organisation=RIV&unit=Ward%207&site=RIVN&used=not-for-90-days";
        assert_eq!(search.path(), path);
        assert!(search.is_narrow() && !search.is_plain());
        assert_eq!(
            search.title(12),
            "RIV, Ward 7, RIVN, Last sign-in: not in the last 90 days: 12 accounts"
        );
        let query = search.query(NOON);
        assert_eq!((query.unit.as_str(), query.site.as_str()), ("Ward 7", "RIVN"));
        assert_eq!(query.unused_since, Some(NOON.plus_seconds(-90 * 86_400)));
        assert_eq!(read(&[("used", "never")]).query(NOON).unused_since, Some(Timestamp(0)));
        assert_eq!(read(&[]).title(1_312), "People: 1,312 accounts");
        let second = read(&[("words", "smith"), ("after", "x~y"), ("page", "2")]);
        assert_eq!(second.title(12), "smith: 12 accounts, page 2");
        let contacts = read(&[
            ("used", "never"),
            ("site", "RIVN"),
            ("kind", "contacts"),
            ("after", "x~y"),
        ]);
        assert_eq!(contacts.path(), "/people?kind=contacts");
        assert_eq!(
            contacts.title(20_001),
            "People: more than 20,000 contacts, further page"
        );
    }

    #[test]
    fn a_filter_that_is_not_known_is_noted_and_not_taken_for_everything() {
        let search = read(&[("kind", "robots"), ("status", "Bogus Leaver"), ("used", "yesterday")]);
        let told = "The filters “robots”, “Bogus” and “yesterday” are not known and were not used.";
        assert_eq!(search.unknown.sentence().as_deref(), Some(told));
        assert_eq!(search.path(), "/people?status=Leaver");
        let known = read(&[("kind", "accounts"), ("status", "Active"), ("used", "")]);
        assert_eq!(known.unknown.sentence(), None);
        assert!(read(&[("status", "Bogus")]).is_plain());
    }

    #[test]
    fn what_is_standard_is_not_said() {
        let standard = [("columns", "organisation job-title local-id status"), ("sort", "name")];
        assert_eq!(read(&standard).path(), "/people");
        assert!(read(&standard).is_plain());
        assert_eq!(
            read(&[("columns", "no-such-column")]).columns(),
            Column::standard(PersonKind::Account)
        );
    }

    #[test]
    fn sorting_by_the_same_again_turns_it_round() {
        let once = Search::default().sorted_by(Sort::Status);
        let twice = once.sorted_by(Sort::Status);
        assert!(!once.descending && twice.descending && !twice.sorted_by(Sort::Name).descending);
    }

    #[test]
    fn a_form_means_those_ticked_and_never_more_than_it_says() {
        let id = domain::values::ids::AccountId(Default::default()).to_string();
        let said = |parts: Vec<(&'static str, String)>| {
            whom(NOON, |name| {
                let found = parts.iter().find(|(part, _)| *part == name);
                found.map(|(_, value)| value.clone()).unwrap_or_default()
            })
        };
        assert!(said(vec![]).is_none() && said(vec![("id", "x y".into())]).is_none());
        let two = said(vec![("id", format!("{id} x")), ("page", format!("{id} {id}"))]);
        assert!(matches!(two, Some(Whom::These(ids)) if ids.len() == 1));
        let search = said(vec![("whom", "search".into()), ("search-words", "ann".into())]);
        assert!(matches!(search, Some(Whom::Search(query)) if query.words == "ann" && query.after.is_none()));
        let upload = vec![
            ("whom", "upload".into()),
            ("submission", "7Q4K9TZM2X".into()),
            ("kind", "problem".into()),
        ];
        assert!(said(upload).is_none());
    }

    #[test]
    fn a_page_goes_on_where_the_last_one_ended() {
        let id = domain::values::ids::AccountId(Default::default());
        let path = Search::default().path_after(&("smith~jones".to_owned(), id));
        assert_eq!(
            path,
            "/people?after=smith~jones~00000000-0000-0000-0000-000000000000&page=2"
        );
        let (text, _) = read(&[("after", "smith~jones~00000000-0000-0000-0000-000000000000")])
            .query(NOON)
            .after
            .unwrap();
        assert_eq!(text, "smith~jones");
    }
}
