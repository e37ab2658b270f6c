//! Whether two people may be one: by their names within an organisation, and by a little more across organisations.

mod crowd;

pub(crate) use self::crowd::Crowd;
pub use self::crowd::MOST_OF_ONE_NAME;
use crate::{
    dictionary::{Attribute, Attributes},
    organisation::{Organisation, OrganisationCode},
    values::{names, text::fold},
};

/// What is most often one person's alone. Who shares a name and one of these may be the same person, wherever they are.
pub const FACTS: [Attribute; 4] = [
    Attribute::LocalId,
    Attribute::Telephone,
    Attribute::Mobile,
    Attribute::Pager,
];

/// A name as it is compared: folded once, however often.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FoldedName {
    first: String,
    last: String,
}

impl FoldedName {
    /// That of a first and a last name, without titles and nicknames.
    #[must_use]
    pub fn of(first: &str, last: &str) -> Self {
        Self {
            first: fold(&names::bare(first)),
            last: fold(&names::bare(last)),
        }
    }

    /// What look-alikes share, so that a store can find them by an index: the last name's first two letters and the first
    /// name's first, `sm j` for Jane Smith.
    #[must_use]
    pub fn key(&self) -> String {
        let letters = |name: &str, count: usize| name.chars().take(count).collect::<String>();
        format!("{} {}", letters(&self.last, 2), letters(&self.first, 1))
    }

    /// As lists are sorted and namesakes are found: `smith jane` for Jane Smith.
    #[must_use]
    pub fn sorted(&self) -> String {
        format!("{} {}", self.last, self.first)
    }

    /// Whether both names are there.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        !self.first.is_empty() && !self.last.is_empty()
    }

    /// Whether two names look like one person's: the same but for an accent, a slip of the pen, or a shortened first name.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let nearly = |a: &str, b: &str| {
            let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
            a == b || (short >= 5 && long - short <= 1 && strsim::osa_distance(a, b) <= 1)
        };
        let shortened = |a: &str, b: &str| a.len().min(b.len()) >= 3 && (a.starts_with(b) || b.starts_with(a));
        nearly(&self.last, &other.last) && (nearly(&self.first, &other.first) || shortened(&self.first, &other.first))
    }
}

/// What somebody is compared by.
#[derive(Clone, Debug)]
pub struct Likeness {
    organisation: OrganisationCode,
    /// The root of the organisation's tree.
    root: String,
    name: FoldedName,
    facts: Vec<(Attribute, String)>,
}

impl Likeness {
    /// That of a person of an organisation.
    #[must_use]
    pub fn of(home: &Organisation, attributes: &Attributes) -> Self {
        // The digits of a bleep or an extension are those of many, elsewhere.
        let is_own = |fact: Attribute, text: &str| fact == Attribute::LocalId || text.starts_with('+');
        let known = |fact| {
            let text = attributes.get(fact)?.to_string();
            is_own(fact, &text).then_some((fact, text))
        };
        Self {
            organisation: home.code.clone(),
            root: home.path.root().to_owned(),
            name: FoldedName::of(
                attributes.text(Attribute::FirstName),
                attributes.text(Attribute::LastName),
            ),
            facts: FACTS.into_iter().filter_map(known).collect(),
        }
    }

    /// The organisation that its person belongs to.
    #[must_use]
    pub const fn organisation(&self) -> &OrganisationCode {
        &self.organisation
    }

    /// Whether the two have the same name, but for case and accents.
    #[must_use]
    pub fn has_name_of(&self, other: &Self) -> bool {
        self.name == other.name
    }

    /// Whether the two may be one person. Within one organisation it is enough that the names are alike. In two
    /// organisations of one tree they must be the same; in two trees, one of [`FACTS`] too.
    #[must_use]
    pub fn may_be(&self, other: &Self) -> bool {
        if self.organisation == other.organisation {
            return self.name.is_like(&other.name);
        }
        let shares_a_fact = || self.facts.iter().any(|fact| other.facts.contains(fact));
        self.name.sorted() == other.name.sorted() && (self.root == other.root || shares_a_fact())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dictionary::Value,
        organisation::{OrganisationPath, OrganisationStatus},
    };

    fn are_alike(one: (&str, &str), other: (&str, &str)) -> bool {
        FoldedName::of(one.0, one.1).is_like(&FoldedName::of(other.0, other.1))
    }

    #[test]
    fn slips_accents_and_short_forms_are_alike() {
        assert!(are_alike(("Jane", "Smith"), ("jane", "SMITH")));
        assert!(are_alike(("Zoë", "O'Neill"), ("Zoe", "ONeill")));
        assert!(are_alike(("Jon", "Harper"), ("Jonathan", "Harper")));
        assert!(are_alike(("Jane", "Harper"), ("Jane", "Haprer")));
        assert!(are_alike(("Dr Xanthe", "Thomas"), ("Xanthe (Xan)", "THOMAS OBE")));
    }

    #[test]
    fn different_people_are_not() {
        assert!(!are_alike(("Jane", "Smith"), ("John", "Smith")));
        assert!(!are_alike(("Jane", "Smith"), ("Jane", "Smyth-Jones")));
        assert!(!are_alike(("Amy", "Lee"), ("Ann", "Lee")));
    }

    /// The organisation at the end of a path.
    pub(super) fn home(path: &str) -> Organisation {
        let code = path.trim_matches('/').rsplit('/').next().unwrap_or_default();
        Organisation {
            code: OrganisationCode::parse(code).unwrap(),
            name: code.to_owned(),
            short_name: code.to_owned(),
            status: OrganisationStatus::Open,
            path: OrganisationPath::stored(path.to_owned()),
            sites: vec![],
            units: vec![],
        }
    }

    /// Somebody of the organisation at the end of a path.
    fn person(path: &str, first: &str, last: &str, fact: Option<(Attribute, &str)>) -> Likeness {
        let home = home(path);
        let names = [(Attribute::FirstName, first), (Attribute::LastName, last)];
        let known = names.into_iter().chain(fact);
        let known = known.map(|(attribute, text)| (attribute, Value::stored(text.to_owned())));
        Likeness::of(&home, &known.collect::<Attributes>())
    }

    #[test]
    fn within_a_tree_the_same_name_is_enough_but_it_must_be_the_same() {
        let jon = person("/RIV/", "Jon", "Harper", None);
        assert!(jon.may_be(&person("/RIV/", "Jonathan", "Harper", None)));
        assert!(jon.may_be(&person("/RIV/RIV01/", "JON", "Hárper", None)));
        assert!(!jon.may_be(&person("/RIV/RIV01/", "Jonathan", "Harper", None)));
        assert!(!jon.may_be(&person("/RIV/RIV01/", "Jon", "Haprer", None)));
    }

    #[test]
    fn in_another_tree_a_fact_must_be_shared_too() {
        let mobile = |number| Some((Attribute::Mobile, number));
        let jon = person("/RIV/", "Jon", "Harper", mobile("+447700900123"));
        assert!(jon.may_be(&person("/HLD01/", "Jon", "Harper", mobile("+447700900123"))));
        assert!(!jon.may_be(&person("/HLD01/", "Jon", "Harper", mobile("+447700900124"))));
        assert!(!jon.may_be(&person("/HLD01/", "Jon", "Harper", None)));
        assert!(!jon.may_be(&person("/HLD01/", "Jane", "Harper", mobile("+447700900123"))));
        // The same number, but not as the same thing.
        let pager = Some((Attribute::Pager, "+447700900123"));
        assert!(!jon.may_be(&person("/HLD01/", "Jon", "Harper", pager)));
        // A bleep of the same digits elsewhere is another.
        let bleep = Some((Attribute::Pager, "1113"));
        let called = person("/RIV/", "Jon", "Harper", bleep);
        assert!(!called.may_be(&person("/HLD01/", "Jon", "Harper", bleep)));
        // Nobody shares what neither has.
        let unknown = person("/RIV/", "Jon", "Harper", None);
        assert!(!unknown.may_be(&person("/HLD01/", "Jon", "Harper", None)));
    }
}
