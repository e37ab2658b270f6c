//! How what a search looks for is found: in the text that is searched, in an index of its trigrams, and among telephone
//! numbers.

use domain::searching::{Sought, SoughtNumber, is_short, sought};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, LikeExpr, SelectStatement, UnionType},
};

use super::{
    Query, Searched,
    table::{People, Way, Which, filled},
};
use crate::{
    directory::{person_columns::BEHIND_NAMES, scope::escaped},
    entities::person_number,
};

/// Those whom a query's words find.
pub(super) fn worded<T: People>(db: &impl ConnectionTrait, found: Select<T>, way: Way, query: &Query) -> Select<T> {
    let sought = sought(&query.words);
    match way {
        Way::Beginning => beginning(found, &sought),
        Way::Index => indexed(db, found, sought, query.searched),
        Way::Through => sought
            .iter()
            .fold(found, |found, one| found.filter(in_each::<T>(one, query.searched))),
    }
}

/// Whether a text holds a word; of names only, where only those are searched.
pub(crate) fn holds(text: Expr, word: &str, searched: Searched) -> Condition {
    let word = escaped(word);
    let like = |pattern: String| LikeExpr::new(pattern).escape('\\');
    let holds = Condition::all().add(text.clone().like(like(format!("%{word}%"))));
    match searched {
        Searched::Everything | Searched::Shown => holds,
        Searched::Names => {
            let among_names = text.clone().like(like(format!("%{word}%{BEHIND_NAMES}%")));
            // Nothing stands behind the names of whoever has neither place nor work.
            let only_names = text.not_like(like(format!("%{BEHIND_NAMES}%")));
            holds.add(Condition::any().add(among_names).add(only_names))
        }
    }
}

/// Those whose last name begins so.
fn beginning<T: People>(found: Select<T>, sought: &[Sought]) -> Select<T> {
    let words = sought.iter().filter_map(|one| match one {
        Sought::Word(word) => Some(word.as_str()),
        Sought::Digits { .. } => None,
    });
    let (beginning, name) = (words.collect::<Vec<_>>().join(" "), T::column(Which::SortName));
    // Behind every sign that such a name is written with.
    let end = format!("{beginning}~");
    found.filter(name.gte(beginning)).filter(name.lt(end))
}

/// Whether somebody who is looked at has what is sought.
fn in_each<T: People>(sought: &Sought, searched: Searched) -> Condition {
    // PostgreSQL would look up in its index, in the whole country, what is sought among a few.
    let holds = |word: &String| holds(filled(T::column(Which::Search)), word, searched);
    match sought {
        Sought::Word(word) => holds(word),
        Sought::Digits { words, number } => {
            let as_words = words.iter().fold(Condition::all(), |all, word| all.add(holds(word)));
            match numbered(number, searched) {
                None => as_words,
                Some(numbered) => Condition::any()
                    .add(as_words)
                    .add(T::column(Which::Id).in_subquery(numbered)),
            }
        }
    }
}

/// Those whom an index finds.
fn indexed<T: People>(
    db: &impl ConnectionTrait,
    found: Select<T>,
    sought: Vec<Sought>,
    searched: Searched,
) -> Select<T> {
    let (mut all_words, mut numbers) = (Vec::new(), Vec::new());
    for one in sought {
        match one {
            Sought::Word(word) => all_words.push(word),
            Sought::Digits { words, number } => numbers.push((words, number)),
        }
    }
    let found = with_words(db, found, &all_words, searched);
    numbers.into_iter().fold(found, |found, (words, number)| {
        let as_words = with_words(db, T::find(), &words, searched);
        let mut either = as_words.select_only().column(T::column(Which::Id)).into_query();
        // One after the other: of two conditions, of which either is enough, PostgreSQL asks no index.
        if let Some(numbered) = numbered(&number, searched) {
            either.union(UnionType::All, numbered);
        }
        found.filter(T::column(Which::Id).in_subquery(either))
    })
}

/// Those in whose text an index finds words.
fn with_words<T: People>(
    db: &impl ConnectionTrait,
    found: Select<T>,
    words: &[String],
    searched: Searched,
) -> Select<T> {
    let text = || Expr::col(T::column(Which::Search).as_column_ref());
    // PostgreSQL finds by its index what is like something.
    let is_sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let long: Vec<_> = words.iter().filter(|word| is_sqlite && !is_short(word)).collect();
    let looked_at = words
        .iter()
        .filter(|word| searched == Searched::Names || !long.contains(word));
    let found = looked_at.fold(found, |found, word| found.filter(holds(text(), word, searched)));
    if long.is_empty() {
        return found;
    }
    let phrases: Vec<_> = long.iter().map(|word| format!("\"{word}\"")).collect();
    let table = T::NAME;
    let indexed = format!("{table}.number IN (SELECT rowid FROM {table}_words WHERE {table}_words MATCH ?)");
    found.filter(Expr::cust_with_values(indexed, [phrases.join(" AND ")]))
}

/// Those who have a telephone number; `None` where none is looked for.
fn numbered(number: &SoughtNumber, searched: Searched) -> Option<SelectStatement> {
    let backwards = person_number::Column::Backwards;
    let people = person_number::Entity::find()
        .select_only()
        .column(person_number::Column::Person);
    let people = match number {
        SoughtNumber::Whole(digits) => people.filter(backwards.eq(digits)),
        // The colon comes behind the digits.
        SoughtNumber::End(digits) => people
            .filter(backwards.gte(digits))
            .filter(backwards.lt(format!("{digits}:"))),
    };
    match searched {
        Searched::Everything => Some(people.into_query()),
        Searched::Shown => Some(people.filter(person_number::Column::Shown.eq(true)).into_query()),
        Searched::Names => None,
    }
}
