//! What is asked of the audit log, as the address bar holds it.

use domain::{
    dictionary::Attribute,
    trail::{Action, Topic},
    values::{ids::Timestamp, text},
};
use gate::{TrailQuery, calendar};

use crate::{
    components::pagination::Page,
    forms::dates::{self, DateNames},
    routes,
};

/// The fields of the first day.
pub const FROM: DateNames = DateNames {
    called: "From",
    day: "from-day",
    month: "from-month",
    year: "from-year",
};

/// The fields of the last day.
pub const TO: DateNames = DateNames {
    called: "To",
    day: "to-day",
    month: "to-month",
    year: "to-year",
};

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
    /// The name in addresses of a detail that was changed; empty for all.
    pub changed: String,
    /// The first day: `2026-11-21`, or `21/11/2026` as its fields have it.
    pub from: String,
    /// The last day.
    pub to: String,
    /// On from behind this entry.
    pub before: Option<i64>,
    /// Which page that is.
    pub page: Page,
}

impl TrailSearch {
    /// Reads the parts of a query.
    #[must_use]
    pub fn read(parts: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut search = Self::default();
        let (mut from, mut to) = (<[String; 3]>::default(), <[String; 3]>::default());
        let mut page = String::new();
        for (name, text) in parts {
            let text = text::trimmed(&text::seen(&text)).to_owned();
            if let Some(place) = part_of(FROM, &name) {
                from[place] = text;
                continue;
            }
            if let Some(place) = part_of(TO, &name) {
                to[place] = text;
                continue;
            }
            match name.as_str() {
                "who" => search.who = text,
                "target" => search.target = text,
                "organisation" => search.organisation = text.to_uppercase(),
                "type" => search.topic = text.to_lowercase(),
                "action" => search.action = text.to_lowercase(),
                "changed" => search.changed = text.to_lowercase(),
                "from" => search.from = text,
                "to" => search.to = text,
                "before" => search.before = text.parse().ok(),
                "page" => page = text,
                _ => {}
            }
        }
        search.page = Page::read(search.before.is_some(), &page);
        // A day in three fields stands in one from here on; an earlier address has it in one already.
        for (typed, day) in [(from, &mut search.from), (to, &mut search.to)] {
            match &typed {
                [first, month, year] if month.is_empty() && year.is_empty() => {
                    // A whole day pasted into the first field; one or two digits are a day of no month.
                    let is_part = first.len() <= 2 && first.bytes().all(|byte| byte.is_ascii_digit());
                    if !first.is_empty() {
                        *day = if is_part { typed.join("/") } else { first.clone() };
                    }
                }
                _ => *day = typed.join("/"),
            }
        }
        search
    }

    /// What the fields of its days hold.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let days = [(FROM, &self.from), (TO, &self.to)];
        let fields = days.into_iter().flat_map(|(names, text)| {
            let [day, month, year] = parts(text).map_or([text.as_str(), "", ""], in_order);
            [(names.day, day), (names.month, month), (names.year, year)]
        });
        fields.map(|(name, text)| (name, text.to_owned())).collect()
    }

    /// What it narrows the list by, in words.
    #[must_use]
    pub fn filters(&self) -> Vec<String> {
        let topic = Topic::from_slug(&self.topic).map(Topic::name);
        let action = Action::from_slug(&self.action).map(Action::name);
        let changed = Attribute::from_slug(&self.changed).map(|changed| format!("{} changed", changed.name()));
        let asked = [
            self.who.clone(),
            self.target.clone(),
            self.organisation.clone(),
            topic.unwrap_or_default().to_owned(),
            action.unwrap_or_default().to_owned(),
            changed.unwrap_or_default(),
            self.from.clone(),
            self.to.clone(),
        ];
        asked.into_iter().filter(|text| !text.is_empty()).collect()
    }

    /// What its page is called: by what is asked for, so that several open pages are told apart.
    #[must_use]
    pub fn title(&self) -> String {
        let asked = self.filters();
        self.page.title(&match asked.is_empty() {
            true => "Audit log".to_owned(),
            false => format!("{}: Audit log", asked.join(", ")),
        })
    }

    /// What is wrong, each with its field.
    #[must_use]
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let days = [(FROM, &self.from), (TO, &self.to)];
        let wrong = days
            .into_iter()
            .filter_map(|(names, text)| Some((names.day, wrong_day(names.called, text)?)));
        let mut problems: Vec<_> = wrong.collect();
        if let (Some(from), Some(to)) = (day(&self.from), day(&self.to))
            && to < from
        {
            let message = "The last day is before the first. Enter a later last day, or an earlier first one.";
            problems.push((TO.day, message.to_owned()));
        }
        let lists = [
            ("type", &self.topic, Topic::from_slug(&self.topic).is_some()),
            ("action", &self.action, Action::from_slug(&self.action).is_some()),
            ("changed", &self.changed, Attribute::from_slug(&self.changed).is_some()),
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
            changed: Attribute::from_slug(&self.changed),
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
            &self.changed,
            &self.from,
            &self.to,
        ];
        parts.into_iter().any(|part| !part.is_empty())
    }

    /// An address with these filters.
    #[must_use]
    pub fn address(&self, path: &str, before: Option<i64>) -> String {
        let page = before.map(|_| self.page.next()).unwrap_or_default();
        let before = before.map(|before| before.to_string()).unwrap_or_default();
        routes::with_query(
            path,
            &[
                ("who", &self.who),
                ("target", &self.target),
                ("organisation", &self.organisation),
                ("type", &self.topic),
                ("action", &self.action),
                ("changed", &self.changed),
                ("from", &self.from),
                ("to", &self.to),
                ("before", &before),
                ("page", &page),
            ],
        )
    }
}

/// The parts of a date, in whichever order: whatever stands between them stands there twice.
fn parts(text: &str) -> Option<[&str; 3]> {
    ['/', '-', '.', ' '].into_iter().find_map(|sign| {
        let parts: Vec<_> = text.split(sign).map(str::trim).collect();
        parts.try_into().ok()
    })
}

/// The parts of a date: day, month and year.
fn in_order([first, month, last]: [&str; 3]) -> [&str; 3] {
    if first.len() == 4 {
        [last, month, first]
    } else {
        [first, month, last]
    }
}

/// What is wrong with a day as it was typed, said by what the day is called. `None` if nothing is, or nothing was typed.
fn wrong_day(called: &str, text: &str) -> Option<String> {
    const SHOWN: usize = 40;
    if text.is_empty() || day(text).is_some() {
        return None;
    }
    let Some(parts) = parts(text).map(in_order) else {
        let shown: String = text.chars().take(SHOWN).collect();
        return Some(format!("{called}: “{shown}” is not a date. {}", dates::example()));
    };
    Some(dates::wrong(called, parts))
}

/// Which part of a date a field holds.
fn part_of(names: DateNames, field: &str) -> Option<usize> {
    [names.day, names.month, names.year]
        .iter()
        .position(|name| *name == field)
}

/// When a day begins, however it is written. A year of two digits may be meant either way, and is asked about.
fn day(text: &str) -> Option<Timestamp> {
    dates::day(in_order(parts(text)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_browsers_and_people_write_them() {
        assert_eq!(day("2026-11-21"), day("21/11/2026"));
        assert!(day("2026-11-21").is_some());
        for same in ["21.11.2026", "21 11 2026", "21 Nov 2026", "21/november/2026"] {
            assert_eq!(day(same), day("2026-11-21"), "{same}");
        }
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
        assert_eq!(fields("2026-02-31", "tomorrow"), ["from-day", "to-day"]);
        assert_eq!(fields("2026-11-21", "2026-11-20"), ["to-day"]);
        assert_eq!(fields("2026-11-21", "21/11/2026"), [""; 0]);
        assert_eq!(fields("", ""), [""; 0]);
    }

    #[test]
    fn what_is_in_no_list_is_told_and_not_taken_for_everything() {
        let read = |name: &str, text: &str| TrailSearch::read([(name.to_owned(), text.to_owned())]).problems();
        assert_eq!(read("type", "acounts")[0].0, "type");
        assert_eq!(read("action", "everything")[0].0, "action");
        assert_eq!(read("changed", "shoe-size")[0].0, "changed");
        assert!(read("type", "Accounts").is_empty() && read("changed", "JOB-TITLE").is_empty());
        assert!(read("type", "accounts").is_empty() && read("action", "").is_empty());
    }

    #[test]
    fn a_day_in_three_fields_is_one_day_and_is_shown_in_three_again() {
        let read = |parts: &[(&str, &str)]| {
            TrailSearch::read(
                parts
                    .iter()
                    .map(|(name, text)| ((*name).to_owned(), (*text).to_owned())),
            )
        };
        let typed = read(&[("from-day", "21"), ("from-month", "11"), ("from-year", "2026")]);
        assert_eq!((typed.from.as_str(), typed.problems()), ("21/11/2026", vec![]));
        assert_eq!(typed.query().from, read(&[("from", "2026-11-21")]).query().from);
        for search in [typed, read(&[("from", "2026-11-21")])] {
            let fields = search.fields();
            let shown: Vec<_> = fields.iter().map(|(_, text)| text.as_str()).collect();
            assert_eq!(shown, ["21", "11", "2026", "", "", ""]);
        }
        let half = read(&[("to-day", "31"), ("to-month", ""), ("to-year", "2026")]);
        assert_eq!(half.problems()[0].0, "to-day");
        assert_eq!(
            read(&[("from", "yesterday")]).fields()[0],
            ("from-day", "yesterday".to_owned())
        );
    }

    #[test]
    fn an_odd_day_is_told_by_what_is_wrong_with_it_and_stays_as_it_was_typed() {
        let read = |typed: [&str; 3]| {
            let names = ["from-day", "from-month", "from-year"];
            let parts = names.into_iter().zip(typed);
            let parts = parts.map(|(name, text)| (name.to_owned(), text.to_owned()));
            TrailSearch::read(parts.chain([("who".to_owned(), "Ben".to_owned())]))
        };
        let like = "Enter a day, a month and a year, like 27 3 2027.";
        for (typed, said) in [
            (["31", "2", "2026"], format!("this month has no such day. {like}")),
            (["31", "", "2026"], format!("the month is missing. {like}")),
            (["31", "", ""], format!("the month and the year are missing. {like}")),
            (["", "", "2026"], format!("the day and the month are missing. {like}")),
            (
                ["21", "11", "26"],
                "“26” is not a year. Enter its four digits, like 2027.".to_owned(),
            ),
            (["yesterday", "", ""], format!("“yesterday” is not a date. {like}")),
            (["1-2", "11", "2026"], format!("the day is not valid. {like}")),
            (["21", "13", "2026"], format!("the month is not valid. {like}")),
            (
                ["x", "y", "z"],
                format!("the day, the month and the year are not valid. {like}"),
            ),
        ] {
            let search = read(typed);
            assert_eq!(search.problems(), [("from-day", format!("From: {said}"))]);
            assert_eq!(search.who, "Ben");
            let fields = search.fields();
            let shown: Vec<_> = fields[..3].iter().map(|(_, text)| text.as_str()).collect();
            assert_eq!(shown, typed);
        }
        // A whole day in the first field is that day.
        let pasted = read(["21/11/2026", "", ""]);
        assert_eq!((pasted.problems(), pasted.query().from), (vec![], day("2026-11-21")));
        assert_eq!(pasted.fields()[1], ("from-month", "11".to_owned()));
    }

    #[test]
    fn each_search_of_the_trail_has_a_title_of_its_own() {
        let search = TrailSearch {
            who: "Ben Okafor".into(),
            changed: "email-address".into(),
            ..TrailSearch::default()
        };
        let name = Attribute::EmailAddress.name();
        assert_eq!(search.title(), format!("Ben Okafor, {name} changed: Audit log"));
        assert_eq!(search.query().changed, Some(Attribute::EmailAddress));
        assert_eq!(TrailSearch::default().title(), "Audit log");
        let further = [("before", "17"), ("page", "3")].map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(TrailSearch::read(further).title(), "Audit log, page 3");
    }

    #[test]
    fn filters_go_along_to_the_next_page() {
        let text = "/audit?who=Ben%20Okafor&type=accounts&before=17&page=2";
        let search = TrailSearch {
            who: "Ben Okafor".into(),
            topic: "accounts".into(),
            ..TrailSearch::default()
        };
        assert_eq!(search.address("/audit", Some(17)), text);
    }
}
