//! People who are here already and whom new ones may be.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use domain::{
    dictionary::Attribute,
    look_alike::{FACTS, FoldedName, MOST_OF_ONE_NAME},
    organisation::Organisation,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::ExprTrait,
};
use uuid::Uuid;

use crate::{
    StoreError,
    directory::person_columns,
    entities::{account, address},
    lists::padded,
};

/// A person of a row, by what tells whether they are here already, and whom they look like if they are not.
pub(super) struct Asked {
    /// Whether the row is about whoever has its keys; else it makes somebody in any case.
    pub(super) may_be_here: bool,
    pub(super) code: String,
    pub(super) local_id: Option<String>,
    pub(super) address: Option<String>,
    pub(super) name: FoldedName,
    pub(super) facts: Vec<(Attribute, String)>,
}

/// The new people among those of a chunk.
#[derive(Default)]
pub(super) struct Newcomers<'a> {
    /// Their names, by their organisation's code and their look-alikes' key.
    looks: HashMap<(&'a str, String), HashSet<&'a FoldedName>>,
    /// Their names as lists are sorted, for their namesakes in other organisations.
    names: HashSet<String>,
    /// What those would have in common with them.
    facts: HashMap<Attribute, HashSet<&'a str>>,
}

impl<'a> Newcomers<'a> {
    /// Those whose keys are nobody's of the accounts found by them: whoever is found is changed, and looks like nobody.
    pub(super) fn among(
        people: &'a [Asked],
        found: &[account::Model],
        held: &[address::Model],
        known: &[Organisation],
    ) -> Self {
        let ids: HashSet<_> = found.iter().map(|row| row.id).collect();
        let by_local_id = found
            .iter()
            .filter_map(|row| Some((row.root.as_str(), row.local_id.as_deref()?)));
        let by_local_id: HashSet<_> = by_local_id.collect();
        let held = held.iter().filter(|row| ids.contains(&row.account));
        let by_address: HashSet<_> = held.map(|row| row.address.as_str()).collect();
        let roots = known.iter().map(|known| (known.code.as_str(), known.path.root()));
        let roots: HashMap<_, _> = roots.collect();
        let is_here = |asked: &Asked| {
            let key = roots.get(asked.code.as_str()).copied().zip(asked.local_id.as_deref());
            let has_address = || asked.address.as_deref().is_some_and(|own| by_address.contains(own));
            asked.may_be_here && (key.is_some_and(|key| by_local_id.contains(&key)) || has_address())
        };
        let mut new = Self::default();
        for asked in people.iter().filter(|asked| !is_here(asked)) {
            let look = (asked.code.as_str(), asked.name.key());
            new.looks.entry(look).or_default().insert(&asked.name);
            if asked.name.is_whole() {
                new.names.insert(asked.name.sorted());
                for (fact, value) in &asked.facts {
                    new.facts.entry(*fact).or_default().insert(value);
                }
            }
        }
        new
    }
}

/// The people of the requests' own organisations whose names are like those of new ones; where it is said, only among
/// these people.
pub(super) async fn within_an_organisation(
    db: &impl ConnectionTrait,
    in_scope: &Condition,
    new: &Newcomers<'_>,
    among: Option<&HashSet<Uuid>>,
) -> Result<Vec<account::Model>, StoreError> {
    if new.looks.is_empty() || among.is_some_and(HashSet::is_empty) {
        return Ok(vec![]);
    }
    let organisations = new.looks.keys().map(|(code, _)| *code).collect::<HashSet<_>>();
    let looks = new.looks.keys().map(|(_, look)| look.as_str()).collect::<HashSet<_>>();
    let same_look = account::Column::Organisation
        .is_in(padded(organisations))
        .and(account::Column::LookAlike.is_in(padded(looks)));
    // A thousand new people share their first letters with most of an organisation: so their names are looked at first.
    let names = account::Entity::find()
        .select_only()
        .columns([
            account::Column::Id,
            account::Column::Organisation,
            account::Column::LookAlike,
            account::Column::FirstName,
            account::Column::LastName,
        ])
        .filter(in_scope.clone())
        .filter(same_look)
        .filter(
            Condition::all().add_option(among.map(|people| account::Column::Id.is_in(padded(people.iter().copied())))),
        )
        .order_by_asc(account::Column::Id);
    type Named = (Uuid, String, String, Option<String>, Option<String>);
    let names: Vec<Named> = names.into_tuple().all(db).await?;
    let mut first_of = First::default();
    let alike = names.into_iter().filter_map(|(id, code, look, first, last)| {
        let new = new.looks.get(&(code.as_str(), look))?;
        let name = FoldedName::of(&first.unwrap_or_default(), &last.unwrap_or_default());
        let is_alike = new.contains(&name) || new.iter().any(|new| new.is_like(&name));
        (is_alike && first_of.has_room((code, name))).then_some(id)
    });
    let alike: Vec<_> = alike.collect();
    by_ids(db, alike).await
}

/// People of the scope by the names of new ones: those of the same trees, and elsewhere those who share a fact with any.
pub(super) async fn namesakes(
    db: &impl ConnectionTrait,
    in_scope: Condition,
    new: &Newcomers<'_>,
    roots: &HashSet<String>,
) -> Result<Vec<account::Model>, StoreError> {
    if new.names.is_empty() {
        return Ok(vec![]);
    }
    let mut known = Condition::any().add(account::Column::Root.is_in(padded(roots)));
    for (fact, values) in &new.facts {
        known =
            known.add_option(person_columns::column(*fact).map(|column| column.is_in(padded(values.iter().copied()))));
    }
    let namesakes = account::Entity::find()
        .select_only()
        .columns([
            account::Column::Id,
            account::Column::Organisation,
            account::Column::Root,
            account::Column::SortName,
        ])
        .columns(FACTS.into_iter().filter_map(person_columns::column))
        .filter(in_scope)
        .filter(account::Column::SortName.is_in(padded(&new.names)))
        .filter(known)
        .order_by_asc(account::Column::Id);
    type Namesake = (
        Uuid,
        String,
        String,
        String,
        Option<String>,
        Option<String>,
        Option<String>,
        Option<String>,
    );
    let namesakes: Vec<Namesake> = namesakes.into_tuple().all(db).await?;
    let (mut of_a_name, mut of_a_fact) = (First::default(), First::default());
    let wanted = namesakes
        .into_iter()
        .filter_map(|(id, code, root, name, one, two, three, four)| {
            let mut is_wanted = roots.contains(&root) && of_a_name.has_room((code.clone(), name.clone()));
            for (fact, value) in FACTS.into_iter().zip([one, two, three, four]) {
                let asked = new.facts.get(&fact);
                let shared = value.filter(|value| asked.is_some_and(|values| values.contains(value.as_str())));
                if let Some(value) = shared {
                    is_wanted |= of_a_fact.has_room((code.clone(), name.clone(), fact, value));
                }
            }
            is_wanted.then_some(id)
        });
    let wanted: Vec<_> = wanted.collect();
    by_ids(db, wanted).await
}

/// Counts people who cannot be told apart, so that only the first of them are read.
struct First<K>(HashMap<K, usize>);

impl<K> Default for First<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> First<K> {
    fn has_room(&mut self, of: K) -> bool {
        let known = self.0.entry(of).or_default();
        *known += 1;
        *known <= MOST_OF_ONE_NAME
    }
}

async fn by_ids(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<account::Model>, StoreError> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(account::Entity::find()
        .filter(account::Column::Id.is_in(padded(ids)))
        .order_by_asc(account::Column::Id)
        .all(db)
        .await?)
}
