//! Writing values of attributes that have many: texts from a list, and telephone numbers, of which there is one of a type.

use serde_json::{Map, Value, json};

use super::{
    is_nothing, items_of,
    writer::{Act, Source, Writer},
};
use crate::{
    definition::TELEPHONE_TYPES,
    dialect::{Dialect, Reason},
    error::ScimType,
    filter::Filter,
    path::Place,
};

/// The most texts of one attribute.
const MOST: usize = 200;

/// An item of an attribute that has many.
type Item = Map<String, Value>;

impl Writer<'_> {
    /// Texts from a list.
    pub(super) fn put_list(&mut self, act: Act, place: &Place, value: Option<&Value>) {
        let there = self
            .model
            .get(place.schema, place.definition.name)
            .and_then(Value::as_array);
        let mut texts: Vec<Value> = there.cloned().unwrap_or_default();
        let Some(sent) = self.texts(place, value) else { return };
        let picks =
            |filter: &Filter, text: &Value| filter.matches(&Item::from_iter([("value".to_owned(), text.clone())]));
        match (&place.within, act) {
            (None, Act::Remove) if sent.is_empty() => texts.clear(),
            (None, Act::Remove) => texts.retain(|text| !sent.iter().any(|sent| is_same(sent, text))),
            (Some(within), Act::Remove) => texts.retain(|text| !picks(within, text)),
            (None, Act::Replace) => texts = sent,
            (within, Act::Add | Act::Replace) => {
                if let (Some(within), Act::Replace) = (within, act) {
                    texts.retain(|text| !picks(within, text));
                }
                for text in sent {
                    if !texts.iter().any(|there| is_same(there, &text)) {
                        texts.push(text);
                    }
                }
            }
        }
        if texts.len() > MOST {
            return self.too_many(&place.path());
        }
        let texts = Some(texts).filter(|texts| !texts.is_empty());
        self.model
            .set(place.schema, place.definition.name, texts.map(Value::Array));
    }

    /// What was sent as texts: one, several, or objects with a value. `None` if it is none of these, which is told.
    fn texts(&mut self, place: &Place, value: Option<&Value>) -> Option<Vec<Value>> {
        let path = place.path();
        let mut texts = Vec::new();
        if items_of(value).len() > MOST {
            self.too_many(&path);
            return None;
        }
        for item in items_of(value) {
            let text = item.get("value").unwrap_or(item);
            texts.push(self.simple(&path, place.definition, Some(text))?);
        }
        Some(texts)
    }

    fn too_many(&mut self, path: &str) {
        let said = format!("{path} has more than {MOST} values.");
        self.wrong(path, ScimType::InvalidValue, "too-many", said);
    }

    /// Telephone numbers.
    pub(super) fn put_items(&mut self, act: Act, place: &Place, value: Option<&Value>) {
        let there = self
            .model
            .get(place.schema, place.definition.name)
            .and_then(Value::as_array);
        let there = there.into_iter().flatten().filter_map(Value::as_object);
        let items: Vec<Item> = there.cloned().collect();
        let items = match (&place.within, act) {
            // Without its value or its type, nothing is left of a number.
            (Some(within), Act::Remove) => Some(items.into_iter().filter(|item| !within.matches(item)).collect()),
            (Some(within), Act::Add | Act::Replace) => self.put_picked(act, place, within, value, items),
            (None, Act::Remove) => Some(without(items, place, value)),
            (None, Act::Add | Act::Replace) => Some(self.put_among(act, place, value, items)),
        };
        let Some(items) = items else { return };
        let items: Vec<_> = items.into_iter().map(Value::Object).collect();
        let items = Some(items).filter(|items| !items.is_empty());
        self.model
            .set(place.schema, place.definition.name, items.map(Value::Array));
    }

    /// Those that a filter picks: `phoneNumbers[type eq "mobile"].value`. Clients replace a number that is not there yet, so
    /// it is created as the filter says.
    fn put_picked(
        &mut self,
        act: Act,
        place: &Place,
        within: &Filter,
        value: Option<&Value>,
        items: Vec<Item>,
    ) -> Option<Vec<Item>> {
        let sent = match (place.sub, items_of(value).next()) {
            (Some(sub), Some(value)) => json!({ sub.name: value }),
            (None, Some(value)) => value.clone(),
            (_, None) => return None,
        };
        let (picked, mut items): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| within.matches(item));
        if picked.is_empty() {
            let may_create = act == Act::Add || self.dialect == Dialect::Tolerant;
            let Some(equalities) = within.equalities().filter(|_| may_create) else {
                let path = place.path();
                let said = format!("{path} picks no value that is there.");
                self.wrong(&path, ScimType::NoTarget, "no-target", said);
                return None;
            };
            let subs = equalities.into_iter().filter_map(|(name, value)| {
                let sub = place.definition.sub(name)?;
                Some((sub.name.to_owned(), value.clone()))
            });
            let item = self.item(place, &sent, subs.collect())?;
            upsert(&mut items, item);
            return Some(items);
        }
        for item in picked {
            let item = self.item(place, &sent, item)?;
            upsert(&mut items, item);
        }
        Some(items)
    }

    /// Those that are sent.
    fn put_among(&mut self, act: Act, place: &Place, value: Option<&Value>, items: Vec<Item>) -> Vec<Item> {
        let mut new: Vec<Item> = Vec::new();
        for sent in items_of(value) {
            let sent = match place.sub {
                Some(sub) => json!({ sub.name: sent }),
                None => sent.clone(),
            };
            let Some(item) = self.item(place, &sent, Item::new()) else {
                continue;
            };
            if new.iter().any(|other| other.get("type") == item.get("type")) {
                self.second(place);
            } else {
                new.push(item);
            }
        }
        if act == Act::Replace && place.sub.is_none() {
            return new;
        }
        let mut items = items;
        for item in new {
            upsert(&mut items, item);
        }
        items
    }

    /// Two numbers of one type: only the first is kept.
    fn second(&mut self, place: &Place) {
        let path = place.path();
        match self.dialect {
            Dialect::Tolerant => self.notice(&path, Reason::OtherType),
            Dialect::Strict => {
                let said = format!("{path} has two values of one type. Send one of each.");
                self.wrong(&path, ScimType::InvalidValue, "two-of-a-type", said);
            }
        }
    }

    /// A number as it was sent, on top of what is known of it. Without a type it is the work number. `None` if it has no
    /// value, or a type that is not kept here.
    fn item(&mut self, place: &Place, sent: &Value, mut item: Item) -> Option<Item> {
        let definition = place.definition;
        let bare = json!({ "value": sent });
        let sent = sent.as_object().or_else(|| bare.as_object())?;
        for (name, value) in sent.iter().filter(|(_, value)| !is_nothing(value)) {
            let path = format!("{}.{name}", definition.name);
            match definition.sub(name) {
                Some(sub) => {
                    let value = self.simple(&path, sub, Some(value))?;
                    item.insert(sub.name.to_owned(), value);
                }
                None => self.unknown(&path, Some(value), Source::Key),
            }
        }
        let kind = item.get("type").and_then(Value::as_str).unwrap_or("work").to_owned();
        let known = TELEPHONE_TYPES
            .iter()
            .find(|known| known.eq_ignore_ascii_case(kind.trim()));
        let Some(known) = known else {
            self.other_type(definition.name, &kind);
            return None;
        };
        item.insert("type".to_owned(), json!(known));
        item.contains_key("value").then_some(item)
    }

    fn other_type(&mut self, name: &str, kind: &str) {
        match self.dialect {
            Dialect::Tolerant => {
                let shown: String = kind.chars().take(30).collect();
                self.notice(&format!("{name}[type eq \"{shown}\"]"), Reason::OtherType);
            }
            Dialect::Strict => {
                let said = format!("{name}.type is one of {}.", TELEPHONE_TYPES.join(", "));
                self.wrong(&format!("{name}.type"), ScimType::InvalidValue, "other-type", said);
            }
        }
    }
}

/// What stays when those that are sent are taken away; without any, all of them.
fn without(items: Vec<Item>, place: &Place, value: Option<&Value>) -> Vec<Item> {
    let sent: Vec<_> = items_of(value).collect();
    let is_meant = |item: &Item, sent: &Value| match (place.sub, sent.as_object()) {
        (None, Some(sent)) => sent
            .iter()
            .all(|(name, value)| item.get(name).is_none_or(|there| is_same(there, value))),
        (sub, _) => {
            let name = sub.map_or("value", |sub| sub.name);
            item.get(name).is_some_and(|there| is_same(there, sent))
        }
    };
    let stays = |item: &Item| !sent.is_empty() && !sent.iter().any(|sent| is_meant(item, sent));
    items.into_iter().filter(stays).collect()
}

/// Puts a number in the place of the one of its type.
fn upsert(items: &mut Vec<Item>, item: Item) {
    items.retain(|there| there.get("type") != item.get("type"));
    items.push(item);
}

fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one.to_lowercase() == other.to_lowercase(),
        _ => one == other,
    }
}
