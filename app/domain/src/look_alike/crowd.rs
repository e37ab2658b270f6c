//! People who are kept so that those who may be a new one are found without going through all, however many share a name.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

use super::{FoldedName, Likeness};
use crate::{dictionary::Attribute, organisation::OrganisationCode};

/// As many of one name are kept for an organisation, and for each fact that they share: nobody is told about more.
pub const MOST_OF_ONE_NAME: usize = 21;

/// People by what they may be found by. What is compared by its spelling are the different names of one organisation with
/// the same first letters, and only these.
#[derive(Clone, Debug)]
pub(crate) struct Crowd<T> {
    secret: RandomState,
    people: Vec<(Likeness, T)>,
    /// The places of people by the number of what they have in common.
    shelves: HashMap<u64, Vec<usize>>,
    /// How many there are of each name, so far as they are kept.
    kept: HashMap<u64, usize>,
}

impl<T> Default for Crowd<T> {
    fn default() -> Self {
        Self {
            secret: RandomState::new(),
            people: vec![],
            shelves: HashMap::new(),
            kept: HashMap::new(),
        }
    }
}

/// What several people have in common.
#[derive(Hash)]
enum Common<'a> {
    /// The organisation, and the first letters of the name.
    Letters(&'a OrganisationCode, &'a str),
    /// The tree, and the name.
    Tree(&'a str, &'a str),
    /// A fact, and the name.
    Fact(&'a (Attribute, String), &'a str),
    /// The organisation, and the name.
    Name(&'a OrganisationCode, &'a FoldedName),
    /// The organisation, a fact, and the name.
    NameAndFact(&'a OrganisationCode, &'a (Attribute, String), &'a FoldedName),
}

impl<T> Crowd<T> {
    /// Adds somebody, unless there are enough who cannot be told apart from them.
    pub(crate) fn add(&mut self, likeness: Likeness, who: T) {
        let Likeness {
            organisation,
            root,
            name,
            facts,
        } = &likeness;
        let sorted = name.sorted();
        let mut shelves = Vec::new();
        if self.is_wanted(&Common::Name(organisation, name)) {
            shelves.push(self.number(&Common::Letters(organisation, &name.key())));
            shelves.push(self.number(&Common::Tree(root, &sorted)));
        }
        for fact in facts {
            if self.is_wanted(&Common::NameAndFact(organisation, fact, name)) {
                shelves.push(self.number(&Common::Fact(fact, &sorted)));
            }
        }
        if shelves.is_empty() {
            return;
        }
        let place = self.people.len();
        for shelf in shelves {
            self.shelves.entry(shelf).or_default().push(place);
        }
        self.people.push((likeness, who));
    }

    /// Those who may be the same person as a new one, in the order in which they were added.
    pub(crate) fn alike(&self, new: &Likeness) -> impl Iterator<Item = &(Likeness, T)> {
        let may_be = |place: &usize| {
            let (other, _) = &self.people[*place];
            new.may_be(other)
        };
        let elsewhere = |place: &usize| self.people[*place].0.organisation != new.organisation && may_be(place);
        let (sorted, letters) = (new.name.sorted(), new.name.key());
        let here = Common::Letters(&new.organisation, &letters);
        let mut places: Vec<usize> = self.on(&here).filter(may_be).collect();
        let facts = new.facts.iter().map(|fact| Common::Fact(fact, &sorted));
        for common in std::iter::once(Common::Tree(&new.root, &sorted)).chain(facts) {
            places.extend(self.on(&common).filter(elsewhere).take(MOST_OF_ONE_NAME));
        }
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(move |place| &self.people[place])
    }

    /// Whether one more who has this in common may be told about.
    fn is_wanted(&mut self, common: &Common<'_>) -> bool {
        let kept = self.kept.entry(self.secret.hash_one(common)).or_default();
        *kept += 1;
        *kept <= MOST_OF_ONE_NAME
    }

    fn on(&self, common: &Common<'_>) -> impl Iterator<Item = usize> {
        self.shelves.get(&self.number(common)).into_iter().flatten().copied()
    }

    fn number(&self, common: &Common<'_>) -> u64 {
        self.secret.hash_one(common)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dictionary::{Attributes, Value},
        look_alike::tests::home,
    };

    fn person(path: &str, first: &str, mobile: &str) -> Likeness {
        let home = home(path);
        let known = [
            (Attribute::FirstName, first),
            (Attribute::LastName, "Harper"),
            (Attribute::Mobile, mobile),
        ];
        let known = known.map(|(attribute, text)| (attribute, Value::stored(text.to_owned())));
        Likeness::of(&home, &known.into_iter().collect::<Attributes>())
    }

    #[test]
    fn the_first_of_each_name_and_place_are_found_in_order() {
        let mut crowd = Crowd::<usize>::default();
        for number in 0..2_000 {
            crowd.add(person("/RIV/", "Jon", ""), number);
        }
        crowd.add(person("/RIV/RIV01/", "Jon", ""), 2_000);
        crowd.add(person("/HLD01/", "Jon", "+447700900123"), 2_001);
        crowd.add(person("/HLD01/", "Jon", "+447700900124"), 2_002);
        crowd.add(person("/RIV/", "Jonathan", ""), 2_003);
        let found = |path, mobile| {
            let new = person(path, "Jon", mobile);
            crowd.alike(&new).map(|(_, number)| *number).collect::<Vec<_>>()
        };
        let first: Vec<_> = (0..MOST_OF_ONE_NAME).collect();
        assert_eq!(found("/RIV/", ""), [first.as_slice(), &[2_000, 2_003]].concat());
        assert_eq!(found("/RIV/RIV01/", ""), [first.as_slice(), &[2_000]].concat());
        assert_eq!(found("/HLD02/", "+447700900123"), [2_001]);
        assert_eq!(found("/HLD02/", ""), Vec::<usize>::new());
    }
}
