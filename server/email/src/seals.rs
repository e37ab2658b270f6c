//! What a forwarder found out about a mail before it changed it: the seals of ARC (RFC 8617). Whether they are genuine the
//! operator's mail server has said.

use crate::{
    fields::{Field, Head},
    results::Results,
};

/// Seals of one mail at most (RFC 8617).
const MOST: usize = 50;

/// The results that the last seal covers, if its domain is among those believed.
pub(crate) fn last(head: &Head<'_>, sealers: &[String]) -> Option<Results> {
    // Whether a name with a space before its colon is one, mail servers do not agree: they may have checked other seals.
    if head.fields.iter().any(|field| field.is_spaced) {
        return None;
    }
    let seal = highest(head, "arc-seal", |seal| tag(seal, "i"))?;
    let sealer = tag(&seal, "d")?;
    if !sealers.iter().any(|known| known.eq_ignore_ascii_case(sealer)) {
        return None;
    }
    let found = highest(head, "arc-authentication-results", |found| {
        let (first, _) = found.split_once(';')?;
        tag(first, "i")
    })?;
    let is_of_it = head.all("arc-seal").count() == head.all("arc-authentication-results").count();
    let (_, results) = found.split_once(';').filter(|_| is_of_it)?;
    Results::read(results)
}

/// The field with the highest number, if there is one with each number from 1 on.
fn highest(head: &Head<'_>, name: &str, number: impl Fn(&str) -> Option<&str>) -> Option<String> {
    let mut fields = Vec::new();
    for field in head.all(name).map(Field::text) {
        let number: usize = number(&field)?.parse().ok()?;
        fields.push((number, field));
    }
    fields.sort_unstable();
    let is_whole = fields.len() <= MOST && fields.iter().zip(1..).all(|((number, _), place)| *number == place);
    fields.pop().filter(|_| is_whole).map(|(_, field)| field)
}

/// The value of a tag that is there once.
fn tag<'t>(field: &'t str, name: &str) -> Option<&'t str> {
    let tags = field.split(';').filter_map(|tag| tag.split_once('='));
    let mut values = tags
        .filter(|(known, _)| known.trim() == name)
        .map(|(_, value)| value.trim());
    values.next().filter(|_| values.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last_of(fields: &str) -> Option<String> {
        let mail = format!("{fields}\r\n\r\n");
        let head = Head::read(mail.as_bytes(), 10_000);
        last(&head, &["lists.example".to_owned()]).map(|results| results.id)
    }

    #[test]
    fn of_several_seals_the_last_counts() {
        let fields = "ARC-Seal: a=rsa-sha256; i=2; d=Lists.example\r\n\
                      ARC-Authentication-Results: i=2; two.example; none\r\n\
                      ARC-Seal: i=1; d=other.example\r\n\
                      ARC-Authentication-Results: i=1; one.example; none";
        assert_eq!(last_of(fields), Some("two.example".to_owned()));
        let forged = fields.replace("i=1", "i=3");
        assert_eq!(last_of(&forged), None);
    }

    #[test]
    fn names_with_a_space_before_the_colon_leave_no_seal() {
        let genuine = "ARC-Seal: i=1; d=lists.example\r\nARC-Authentication-Results: i=1; one.example; none";
        assert_eq!(last_of(genuine), Some("one.example".to_owned()));
        for spaced in [
            "ARC-Seal : i=2; d=lists.example\r\nARC-Authentication-Results : i=2; two.example; none",
            "ARC-Seal : i=2; d=lists.example",
            "ARC-Message-Signature : i=2; d=lists.example",
            "Received : by x.example",
            "From\t: sam@hr.trust.example",
        ] {
            assert_eq!(last_of(&format!("{spaced}\r\n{genuine}")), None, "{spaced}");
        }
    }

    #[test]
    fn seals_with_one_number_or_none_count_for_nothing() {
        for fields in [
            "",
            "ARC-Seal: i=2; d=lists.example\r\nARC-Authentication-Results: i=2; two.example; none",
            "ARC-Seal: i=1; i=2; d=lists.example\r\nARC-Authentication-Results: i=1; one.example; none",
            "ARC-Seal: i=1; d=lists.example; d=evil.example\r\nARC-Authentication-Results: i=1; one.example; none",
            "ARC-Seal: i=1; d=lists.example\r\nARC-Authentication-Results: i=1; one.example; none\r\n\
             ARC-Authentication-Results: i=2; two.example; none",
            "ARC-Seal: i=1; d=lists.example\r\nARC-Authentication-Results: one.example; i=1; none",
            "ARC-Seal: d=lists.example",
            "ARC-Seal: i=0; d=lists.example",
            "ARC-Seal: i=1; d=lists.example",
            "ARC-Seal: i=1; d=lists.example\r\nARC-Seal: i=1; d=lists.example\r\n\
             ARC-Authentication-Results: i=1; one.example; none",
            "ARC-Seal: i=1; d=lists.example\r\nARC-Authentication-Results: i=1; one.example; none\r\n\
             ARC-Authentication-Results: i=1; two.example; none",
        ] {
            assert_eq!(last_of(fields), None, "{fields}");
        }
    }
}
