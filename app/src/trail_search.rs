//! What is asked of the audit trail, as the address bar holds it.

use domain::{
    ids::Timestamp,
    text,
    trail::{Action, Topic},
};
use gate::{TrailQuery, calendar};

use crate::routes;

/// Filters as they were typed, so that the form shows them again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailSearch {
    /// Who did it.
    pub who: String,
    /// Whom it is about.
    pub target: String,
    /// An organisation's code; empty for all.
    pub organisation: String,
    /// A topic's name in addresses; empty for all.
    pub topic: String,
    /// An action's name in addresses; empty for all.
    pub action: String,
    /// The first day: `2026-11-21`.
    pub from: String,
    /// The last day.
    pub to: String,
    /// On from behind this entry.
    pub before: Option<i64>,
}

impl TrailSearch {
    /// Reads the parts of a query.
    #[must_use]
    pub fn read(parts: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut search = Self::default();
        for (name, text) in parts {
            let text = text::trimmed(&text::seen(&text)).to_owned();
            match name.as_str() {
                "who" => search.who = text,
                "target" => search.target = text,
                "organisation" => search.organisation = text.to_uppercase(),
                "type" => search.topic = text,
                "action" => search.action = text,
                "from" => search.from = text,
                "to" => search.to = text,
                "before" => search.before = text.parse().ok(),
                _ => {}
            }
        }
        search
    }

    /// What is wrong, each with its field.
    #[must_use]
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let days = [("from", &self.from), ("to", &self.to)];
        let wrong = days
            .into_iter()
            .filter(|(_, text)| !text.is_empty() && day(text).is_none());
        let mut problems: Vec<_> = wrong
            .map(|(field, text)| (field, format!("“{text}” is not a date. Enter it like 21/11/2026.")))
            .collect();
        if let (Some(from), Some(to)) = (day(&self.from), day(&self.to))
            && to < from
        {
            let message = "The last day is before the first. Enter a later last day, or an earlier first one.";
            problems.push(("to", message.to_owned()));
        }
        let lists = [
            ("type", &self.topic, Topic::from_slug(&self.topic).is_some()),
            ("action", &self.action, Action::from_slug(&self.action).is_some()),
        ];
        let unlisted = lists.into_iter().filter(|(_, text, known)| !text.is_empty() && !known);
        problems.extend(unlisted.map(|(field, text, _)| (field, format!("“{text}” is not in the list. Choose one."))));
        problems
    }

    /// What the gate is asked.
    #[must_use]
    pub fn query(&self) -> TrailQuery {
        TrailQuery {
            who: self.who.clone(),
            target: self.target.clone(),
            organisation: self.organisation.clone(),
            topic: Topic::from_slug(&self.topic),
            action: Action::from_slug(&self.action),
            from: day(&self.from),
            until: day(&self.to).and_then(|last| calendar::days_after(last, 1)),
        }
    }

    /// Whether anything is asked for.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        let parts = [
            &self.who,
            &self.target,
            &self.organisation,
            &self.topic,
            &self.action,
            &self.from,
            &self.to,
        ];
        parts.into_iter().any(|part| !part.is_empty())
    }

    /// An address with these filters.
    #[must_use]
    pub fn address(&self, path: &str, before: Option<i64>) -> String {
        let before = before.map(|before| before.to_string()).unwrap_or_default();
        routes::with_query(
            path,
            &[
                ("who", &self.who),
                ("target", &self.target),
                ("organisation", &self.organisation),
                ("type", &self.topic),
                ("action", &self.action),
                ("from", &self.from),
                ("to", &self.to),
                ("before", &before),
            ],
        )
    }
}

/// When a day begins: `2026-11-21`, as browsers send it, or `21/11/2026`, as people type it where there is no calendar.
fn day(text: &str) -> Option<Timestamp> {
    let parts: Vec<_> = text.split(['-', '/']).collect();
    let [first, month, last] = parts.as_slice() else {
        return None;
    };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    if year.len() != 4 {
        return None;
    }
    calendar::day_begins(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_browsers_and_people_write_them() {
        assert_eq!(day("2026-11-21"), day("21/11/2026"));
        assert!(day("2026-11-21").is_some());
        for none in ["", "21/11/26", "2026-02-30", "yesterday", "2026-11"] {
            assert_eq!(day(none), None, "{none}");
        }
    }

    #[test]
    fn the_last_day_is_asked_for_to_its_end() {
        let read = |name: &str, text: &str| TrailSearch::read([(name.to_owned(), text.to_owned())]);
        let noon = Timestamp(1_795_262_400_000);
        assert!(read("to", "2026-11-21").query().until.unwrap() > noon);
        assert!(read("to", "2026-11-20").query().until.unwrap() < noon);
    }

    #[test]
    fn days_that_are_none_and_days_that_are_the_wrong_way_round_are_told_at_their_fields() {
        let fields = |from: &str, to: &str| {
            let search = TrailSearch {
                from: from.into(),
                to: to.into(),
                ..TrailSearch::default()
            };
            search
                .problems()
                .into_iter()
                .map(|(field, _)| field)
                .collect::<Vec<_>>()
        };
        assert_eq!(fields("2026-02-31", "tomorrow"), ["from", "to"]);
        assert_eq!(fields("2026-11-21", "2026-11-20"), ["to"]);
        assert_eq!(fields("2026-11-21", "21/11/2026"), [""; 0]);
        assert_eq!(fields("", ""), [""; 0]);
    }

    #[test]
    fn what_is_in_no_list_is_told_and_not_taken_for_everything() {
        let read = |name: &str, text: &str| TrailSearch::read([(name.to_owned(), text.to_owned())]).problems();
        assert_eq!(read("type", "acounts")[0].0, "type");
        assert_eq!(read("action", "everything")[0].0, "action");
        assert!(read("type", "accounts").is_empty() && read("action", "").is_empty());
    }

    #[test]
    fn filters_go_along_to_the_next_page() {
        let text = "/audit?who=Ben%20Okafor&type=accounts&before=17";
        let search = TrailSearch {
            who: "Ben Okafor".into(),
            topic: "accounts".into(),
            ..TrailSearch::default()
        };
        assert_eq!(search.address("/audit", Some(17)), text);
    }
}
