//! Which results about a mail count: those that the operator's own servers have written. Everything below the field by
//! which the mail came to them may have been written by anybody.

use std::ops::Range;

use crate::{
    fields::{Field, Head},
    results::Results,
    spelling::{Cursor, Misspelt},
    trust::Trust,
};

/// Fields that a sender's program writes: below the first of them nothing was written on the way.
const SENDERS: [&str; 9] = [
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "mime-version",
];

/// The results that count, from the top down.
pub(crate) fn results(head: &Head<'_>, trust: &Trust) -> Vec<Results> {
    let is_listed = |id: &str| trust.authserv_ids.iter().any(|known| known.eq_ignore_ascii_case(id));
    let (above, below) = parts(head, trust);
    let is_result = |field: &&Field<'_>| field.is("authentication-results") && !field.is_spaced;
    let above = head.fields[..above].iter().filter(is_result);
    // A second one below the Received field may be the sender's.
    let below = below.and_then(|below| head.fields[below].iter().find(is_result));
    above
        .chain(below)
        .filter_map(|field| Results::read(&field.text()))
        .filter(|results| is_listed(&results.id))
        .collect()
}

/// How many fields from the top were written by the operator's own servers, and which of those below them may be.
fn parts(head: &Head<'_>, trust: &Trust) -> (usize, Option<Range<usize>>) {
    let fields = &head.fields;
    let senders = fields
        .iter()
        .position(|field| SENDERS.iter().any(|name| field.is(name)));
    let senders = senders.unwrap_or(fields.len());
    let received: Vec<_> = (0..fields.len())
        .filter(|place| fields[*place].is("received"))
        .collect();
    let is_own = |place: &usize| {
        let by = by(&fields[*place].text());
        by.is_some_and(|by| trust.received_by.iter().any(|own| is_name(own, &by)))
    };
    let own = received
        .iter()
        .take(trust.own_hops)
        .take_while(|place| is_own(place))
        .count();
    let received_at = |number: usize| received.get(number).copied().unwrap_or(fields.len());
    // A server that is not known, or none: what stands above was added by the last that had the mail.
    let above = received_at(own.saturating_sub(1)).min(senders);
    let below = above..received_at(own).min(senders).max(above);
    (above, (own > 0 && trust.results_below_received).then_some(below))
}

/// Whether a server has a name of the operator's; one that begins with a dot stands for all names below it.
fn is_name(own: &str, by: &str) -> bool {
    let (own, by) = (own.to_ascii_lowercase(), by.to_ascii_lowercase());
    match own.starts_with('.') {
        true => by.len() > own.len() && by.ends_with(&own),
        false => by == own,
    }
}

/// The name of the server that a Received field says it was written by.
fn by(field: &str) -> Option<String> {
    let mut cursor = Cursor::new(field);
    let mut is_next = false;
    while let Ok(Some(word)) = word(&mut cursor) {
        if is_next {
            return Some(word.to_ascii_lowercase());
        }
        is_next = word.eq_ignore_ascii_case("by");
    }
    None
}

fn word(cursor: &mut Cursor<'_>) -> Result<Option<String>, Misspelt> {
    cursor.skip()?;
    if cursor.is_done() || cursor.rest.starts_with(';') {
        return Ok(None);
    }
    if let Some(quoted) = cursor.quoted()? {
        return Ok(Some(quoted));
    }
    let word = cursor.run(|sign| !matches!(sign, ' ' | '\t' | '(' | ';' | '"'));
    Ok((!word.is_empty()).then(|| word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trust() -> Trust {
        Trust {
            authserv_ids: vec!["mx.health.example".to_owned()],
            received_by: vec!["mx.health.example".to_owned(), "store.health.example".to_owned()],
            own_hops: 2,
            ..Trust::default()
        }
    }

    /// The methods that count, in a header whose fields are given in short.
    fn counted(fields: &[&str], trust: &Trust) -> String {
        let mail: String = fields
            .iter()
            .map(|field| match field.split_once(' ') {
                Some(("by", host)) => format!("Received: from a.example (by x) by {host} (Postfix)\r\n"),
                Some(("ar", result)) => format!("Authentication-Results: mx.health.example; {result}\r\n"),
                _ => format!("{field}\r\n"),
            })
            .collect();
        let mail = mail + "\r\n";
        let head = Head::read(mail.as_bytes(), 100_000);
        let results = results(&head, trust);
        let methods = results.iter().flat_map(|results| &results.list);
        methods
            .map(|outcome| outcome.method.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    const FROM: &str = "From: dana@health.example";

    #[test]
    fn results_below_the_own_servers_field_never_count() {
        let own = [
            "ar a=x",
            "by mx.health.example",
            "ar b=x",
            "by other.example",
            "ar c=x",
            FROM,
            "ar d=x",
        ];
        assert_eq!(counted(&own, &trust()), "a");
        let two = [
            "by store.health.example",
            "ar a=x",
            "by mx.health.example",
            "ar b=x",
            FROM,
            "ar c=x",
        ];
        assert_eq!(counted(&two, &trust()), "a");
        let forged = ["by mx.health.example", "ar a=x", FROM];
        assert_eq!(counted(&forged, &trust()), "");
    }

    #[test]
    fn results_below_count_where_the_operator_says_so() {
        let below = Trust {
            results_below_received: true,
            ..trust()
        };
        let fields = [
            "by store.health.example",
            "by mx.health.example",
            "ar a=x",
            "by a.example",
            "ar b=x",
            FROM,
        ];
        assert_eq!(counted(&fields, &below), "a");
        assert_eq!(counted(&fields, &trust()), "");
        let submitted = ["by mx.health.example", "ar a=x", FROM, "ar b=x"];
        assert_eq!(counted(&submitted, &below), "a");
        let brought_along = ["by mx.health.example", "ar a=x", "ar b=x", FROM];
        assert_eq!(counted(&brought_along, &below), "a", "only the topmost below it");
    }

    #[test]
    fn a_name_with_a_dot_in_front_stands_for_those_below_it() {
        let hosted = Trust {
            received_by: vec![".protection.example".to_owned()],
            ..trust()
        };
        let fields = [
            "by eu1.protection.example",
            "ar a=x",
            "by eu2.protection.example",
            "ar b=x",
            FROM,
        ];
        assert_eq!(counted(&fields, &hosted), "a");
        assert_eq!(counted(&["by protection.example", "ar a=x", FROM], &hosted), "");
        assert_eq!(counted(&["by evilprotection.example", "ar a=x", FROM], &hosted), "");
    }

    #[test]
    fn results_without_a_name_count_only_where_the_operator_lists_a_dash() {
        let fields = ["Authentication-Results: a=x (so); b=x", FROM];
        assert_eq!(counted(&fields, &trust()), "");
        let nameless = Trust {
            authserv_ids: vec!["-".to_owned()],
            ..trust()
        };
        assert_eq!(counted(&fields, &nameless), "a b");
        assert_eq!(counted(&["ar a=x", FROM], &nameless), "");
    }

    #[test]
    fn no_more_fields_of_own_servers_pass_than_there_are_servers() {
        let one = Trust { own_hops: 1, ..trust() };
        let fields = [
            "ar a=x",
            "by mx.health.example",
            "ar b=x",
            "by mx.health.example",
            "ar c=x",
            FROM,
        ];
        assert_eq!(counted(&fields, &one), "a");
        assert_eq!(counted(&fields, &trust()), "a b");
    }

    #[test]
    fn without_a_known_server_only_the_top_counts() {
        assert_eq!(counted(&["ar a=x", "by a.example", "ar b=x", FROM], &trust()), "a");
        assert_eq!(
            counted(&["ar a=x", "X-Spam: no", "ar b=x", FROM, "ar c=x"], &trust()),
            "a b"
        );
        let look_alike = ["by mx.health.example.evil.example", "ar a=x", FROM];
        assert_eq!(counted(&look_alike, &trust()), "");
        let hidden = ["by evil.example (by mx.health.example)", "ar a=x", FROM];
        assert_eq!(counted(&hidden, &trust()), "");
    }

    #[test]
    fn fields_of_other_servers_and_odd_spellings_do_not_count() {
        let others = [
            "Authentication-Results: mx.health.example.evil.example; a=x",
            "Authentication-Results: evil.example; b=x",
            "Authentication-Results : mx.health.example; c=x",
            "Authentication-Results: a=x; mx.health.example; d=x",
            "X-Authentication-Results: mx.health.example; e=x",
            "ARC-Authentication-Results: i=1; mx.health.example; f=x",
            "Authentication-Results: MX.health.example; g=x",
            FROM,
        ];
        assert_eq!(counted(&others, &trust()), "g");
    }
}
