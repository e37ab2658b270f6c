//! What mail servers found out about a mail: Authentication-Results (RFC 8601). A field that is not spelt as it must be
//! proves nothing, however much of it can be read.
//!
//! Mail servers copy into it what a sender has chosen: the envelope's sender, the name in HELO, domains and selectors of
//! signatures. So a field with signs by which such a text could end what it stands in proves nothing either.

use crate::spelling::{Cursor, Misspelt, Quotes, has_controls, is_plain};

/// Results of one field, and properties of one result, that are read at most.
const MOST: usize = 100;

/// The id of a field that does not say who writes it.
const NAMELESS: &str = "-";

/// What one field says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Results {
    /// The name of the server that writes it, in small letters.
    pub(crate) id: String,
    pub(crate) list: Vec<Outcome>,
    /// Whether all of the field can be read, and in one way only.
    pub(crate) is_sound: bool,
    /// What its comments quote.
    quotes: Quotes,
}

/// What one method came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// How many results stand before it in its field, those that are left out included.
    place: usize,
    /// In small letters, like the result: `dkim`.
    pub(crate) method: String,
    pub(crate) result: String,
    /// By type and name: `header.d`. None is there twice.
    properties: Vec<(String, String)>,
}

impl Outcome {
    pub(crate) fn has_passed(&self) -> bool {
        self.result == "pass"
    }

    /// The value of a property, in small letters.
    pub(crate) fn property(&self, name: &str) -> Option<String> {
        let mut properties = self.properties.iter();
        let (_, value) = properties.find(|(known, _)| known == name)?;
        Some(value.to_ascii_lowercase())
    }
}

impl Results {
    /// Reads the value of a field. Some hosted mailboxes leave out who writes it: their id is a dash.
    pub(crate) fn read(value: &str) -> Option<Self> {
        let mut cursor = Cursor::new(value);
        let named = id(&mut cursor).ok()?;
        let from_the_start = format!(";{value}");
        if named.is_none() {
            cursor = Cursor::new(&from_the_start);
        }
        let mut list = Vec::new();
        let is_whole = body(&mut cursor, &mut list).is_ok();
        if named.is_none() && list.is_empty() {
            return None;
        }
        Some(Self {
            id: named.unwrap_or_else(|| NAMELESS.to_owned()),
            list,
            // What a mail server has escaped, another one would have let through.
            is_sound: is_whole && cursor.quotes < Quotes::Doubtful && !value.contains('\\') && !has_controls(value),
            quotes: cursor.quotes,
        })
    }

    /// Whether somebody is said to have signed in where a text of the sender's could say so: behind another result, twice,
    /// or in a field with a comment that quotes something.
    pub(crate) fn has_doubtful_login(&self) -> bool {
        let logins: Vec<_> = self.list.iter().filter(|outcome| outcome.method == "auth").collect();
        let is_clear =
            self.quotes == Quotes::Nothing && logins.len() == 1 && logins.iter().all(|login| login.place == 0);
        logins.iter().any(|login| login.has_passed()) && !is_clear
    }
}

fn id(cursor: &mut Cursor<'_>) -> Result<Option<String>, Misspelt> {
    cursor.skip()?;
    let id = value(cursor)?.to_ascii_lowercase();
    // Some servers leave their name out and begin with the first result.
    let is_name = !id.is_empty() && id.len() <= 255 && !id.contains(['=', '@']) && !has_controls(&id);
    cursor.skip()?;
    Ok((is_name && !cursor.rest.starts_with('=')).then_some(id))
}

/// What follows the name: the version, and the results.
fn body(cursor: &mut Cursor<'_>, list: &mut Vec<Outcome>) -> Result<(), Misspelt> {
    let version = cursor.run(|sign| sign.is_ascii_digit());
    if !matches!(version, "" | "1") {
        return Err(Misspelt);
    }
    let mut place = 0;
    loop {
        cursor.skip()?;
        if cursor.is_done() {
            return Ok(());
        }
        if !cursor.eat(';') || list.len() == MOST {
            return Err(Misspelt);
        }
        cursor.skip()?;
        // Some servers end with a semicolon.
        if cursor.is_done() {
            return Ok(());
        }
        let outcome = outcome(cursor)?;
        list.extend(outcome.map(|outcome| Outcome { place, ..outcome }));
        place += 1;
    }
}

/// A method and what it came to; `None` if it says that there are none, or is of a version that is not known.
fn outcome(cursor: &mut Cursor<'_>) -> Result<Option<Outcome>, Misspelt> {
    let method = keyword(cursor)?;
    cursor.skip()?;
    if method == "none" && (cursor.is_done() || cursor.rest.starts_with(';')) {
        return Ok(None);
    }
    let mut is_known = true;
    if cursor.eat('/') {
        cursor.skip()?;
        is_known = cursor.run(|sign| sign.is_ascii_digit()) == "1";
        cursor.skip()?;
    }
    equals(cursor)?;
    let mut outcome = Outcome {
        method,
        result: keyword(cursor)?,
        ..Outcome::default()
    };
    loop {
        let before = cursor.rest;
        cursor.skip()?;
        if cursor.is_done() || cursor.rest.starts_with(';') {
            return Ok(is_known.then_some(outcome));
        }
        // Between two of them there is a space or a comment.
        if cursor.rest.len() == before.len() || outcome.properties.len() == MOST {
            return Err(Misspelt);
        }
        let (name, value) = property(cursor)?;
        // What stands there twice, one of the two did not write.
        if outcome.properties.iter().any(|(known, _)| *known == name) {
            return Err(Misspelt);
        }
        outcome.properties.push((name, value));
    }
}

/// A reason (`reason=…`, or what else stands without a type), or a property with its type: `smtp.auth=…`.
fn property(cursor: &mut Cursor<'_>) -> Result<(String, String), Misspelt> {
    let mut name = keyword(cursor)?;
    cursor.skip()?;
    if cursor.eat('.') {
        cursor.skip()?;
        name = format!("{name}.{}", keyword(cursor)?);
        cursor.skip()?;
    }
    equals(cursor)?;
    let value = value(cursor)?;
    // Of the envelope and the header: a sender has chosen it, whatever the method.
    let is_chosen = name.starts_with("smtp.") || name.starts_with("header.");
    if is_chosen && !is_plain(&value) {
        return Err(Misspelt);
    }
    Ok((name, value))
}

fn equals(cursor: &mut Cursor<'_>) -> Result<(), Misspelt> {
    cursor.skip()?;
    if !cursor.eat('=') {
        return Err(Misspelt);
    }
    cursor.skip()
}

/// A word of letters, digits, hyphens and underscores, in small letters.
fn keyword(cursor: &mut Cursor<'_>) -> Result<String, Misspelt> {
    let word = cursor.run(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_'));
    if word.is_empty() {
        return Err(Misspelt);
    }
    Ok(word.to_ascii_lowercase())
}

/// A value: quoted, or up to a space, a comment or a semicolon. The part of an address before the @ may be quoted.
fn value(cursor: &mut Cursor<'_>) -> Result<String, Misspelt> {
    let quoted = cursor.quoted()?;
    if quoted.is_some() && !cursor.rest.starts_with('@') {
        return Ok(quoted.unwrap_or_default());
    }
    let run = cursor.run(|sign| !matches!(sign, ' ' | '\t' | ';' | '(' | ')' | '"'));
    if cursor.rest.starts_with(['"', ')']) {
        return Err(Misspelt);
    }
    Ok(format!("{}{run}", quoted.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The results that a field comes to, in short.
    fn read(value: &str) -> Option<(String, Vec<String>, bool)> {
        let results = Results::read(value)?;
        let told = results.list.iter().map(|outcome| {
            let properties = outcome
                .properties
                .iter()
                .map(|(name, value)| format!(" {name}={value}"));
            format!(
                "{}={}{}",
                outcome.method,
                outcome.result,
                properties.collect::<String>()
            )
        });
        Some((results.id.clone(), told.collect(), results.is_sound))
    }

    fn sound(value: &str) -> Vec<String> {
        let (id, told, is_sound) = read(value).unwrap();
        assert!(is_sound, "{value:?} {told:?}");
        assert_eq!(id, "mx.health.example");
        told
    }

    #[test]
    fn results_are_read_as_servers_write_them() {
        for (value, told) in [
            ("mx.health.example; none", &[][..]),
            ("mx.health.example 1; none;", &[]),
            (
                "mx.health.example; auth=pass smtp.auth=dana@health.example smtp.mailfrom=\"d.c\"@health.example",
                &["auth=pass smtp.auth=dana@health.example smtp.mailfrom=d.c@health.example"],
            ),
            (
                "MX.Health.Example (rspamd) 1 ;\tDKIM = Pass (2048-bit key; unprotected) Header . D = x.example \
                 header.b=\"Ab/c+\" header.s=s1; dmarc/1=fail (p=none dis=none) header.from=x.example;",
                &[
                    "dkim=pass header.d=x.example header.b=Ab/c+ header.s=s1",
                    "dmarc=fail header.from=x.example",
                ],
            ),
            (
                "mx.health.example; spf=softfail reason=\"a; auth=pass\" smtp.mailfrom=x.example; auth=none",
                &["spf=softfail reason=a; auth=pass smtp.mailfrom=x.example", "auth=none"],
            ),
            (
                "mx.health.example; dkim=pass (a; auth=pass smtp.auth=d@h (b)) header.b=a/b+c==",
                &["dkim=pass header.b=a/b+c=="],
            ),
            (
                "\"mx.health.example\"; dkim=pass action=none header.i=@x.example; new/2=pass smtp.auth=a",
                &["dkim=pass action=none header.i=@x.example"],
            ),
        ] {
            assert_eq!(sound(value), told, "{value}");
        }
    }

    #[test]
    fn field_that_is_misspelt_is_unsound() {
        for value in [
            "mx.health.example 2; auth=pass",
            "mx.health.example auth=pass smtp.auth=d",
            "mx.health.example; auth",
            "mx.health.example; auth=",
            "mx.health.example; =pass",
            "mx.health.example; auth=pass smtp.auth",
            "mx.health.example; auth=pass smtp.=d",
            "mx.health.example; auth=pass smtp.auth=\"d",
            "mx.health.example; auth=pass (smtp.auth=d",
            "mx.health.example; auth=pass smtp.auth=d)",
            "mx.health.example; auth=pass smtp.auth=d\"e\"",
            "mx.health.example; auth=pass smtp.auth=\"d\"header.d=e",
            "mx.health.example; auth=pass\rsmtp.auth=d",
            "mx.health.example; auth=pass smtp.auth=d\0",
            "mx.health.example; auth=pass\u{A0}smtp.auth=d",
            "mx.health.example; auth=pass smtp.auth=d smtp.auth=d",
            "mx.health.example; x-new=pass a=b a=c",
        ] {
            let (_, told, is_sound) = read(value).unwrap();
            assert!(!is_sound, "{value:?} {told:?}");
        }
        for value in ["", ";", " ; auth=pass", "(mx.health.example; auth=pass"] {
            assert_eq!(read(value), None, "{value:?}");
        }
    }

    #[test]
    fn field_without_a_name_has_a_dash_for_its_id() {
        for value in [
            "auth=pass smtp.auth=d",
            "spf=pass (x) smtp.mailfrom=x; dkim=none",
            "dmarc = pass",
        ] {
            let results = Results::read(value).unwrap();
            assert_eq!((results.id.as_str(), results.is_sound), (NAMELESS, true), "{value:?}");
        }
    }

    #[test]
    fn what_a_sender_could_have_ended_is_unsound() {
        for value in [
            // As rspamd writes the envelope's sender, or the name in HELO where there is none.
            "spf=none (mx.health.example: domain of \"x) ; dkim=pass header.d=x.example ; a=b (y@evil.example\" has no \
             SPF policy when checking 203.0.113.9) smtp.mailfrom=plain@evil.example",
            "spf=none (mx.health.example: domain of \"x) ; a=b (y\" has no) smtp.helo=plain",
            "spf=none (domain of \"x\\\\\" ; y\") smtp.mailfrom=plain@evil.example",
            "spf=none (domain of \"x)",
            // And in the property behind it, of any method.
            "spf=none smtp.mailfrom=\"x y@evil.example\"",
            "spf=none smtp.mailfrom=\"x;y\"@evil.example",
            "spf=none smtp.helo=\"x(y\"",
            "x-new=none smtp.mailfrom=\"x)y@evil.example\"",
            "new/2=none smtp.mailfrom=\"x,y@evil.example\"",
            "dkim=pass header.d=\"evil.example header.d=x.example\"",
            "dkim=pass header.d=evil.example header.s=\"a b\"",
            "dkim=pass header.i=\"a b@x.example\" header.d=x.example",
            "dmarc=pass header.from=\"x.example;\"",
            "auth=pass smtp.auth=\"dana connors@health.example\"",
            // A backslash anywhere: it closes a quotation for one reader and not for another.
            "dmarc=fail reason=\"a \\\" b\"",
            "dkim=fail (a \\ b)",
        ] {
            let (_, told, is_sound) = read(&format!("mx.health.example; {value}")).unwrap();
            assert!(!is_sound, "{value} {told:?}");
        }
    }

    #[test]
    fn quotations_that_servers_write_into_comments_are_sound() {
        for value in [
            "dkim=fail (\"body hash did not verify\") header.d=riverside.example header.s=s1 header.b=\"U/ORh4DL\"",
            "arc=pass (\"lists.example:s=s1:i=1\")",
            "dmarc=fail reason=\"SPF not aligned (relaxed), No valid DKIM\" header.from=x.example (policy=reject)",
            "spf=pass (domain of \"srs0=ab=x.example=sam@lists.example\" designates 192.0.2.1 as permitted sender) \
             smtp.mailfrom=\"srs0=ab=x.example=sam@lists.example\"",
            "spf=none smtp.mailfrom=<>; iprev=pass smtp.remote-ip=2001:db8::1; auth=none smtp.mailfrom=",
        ] {
            let (_, told, is_sound) = read(&format!("mx.health.example; {value}")).unwrap();
            assert!(is_sound, "{value} {told:?}");
        }
    }

    #[test]
    fn login_counts_as_the_first_and_only_one_of_its_field() {
        for (value, is_doubtful) in [
            ("auth=pass smtp.auth=d@h.example", false),
            ("auth=pass (PLAIN) smtp.auth=d@h.example; spf=none; dkim=none", false),
            ("spf=none (so); auth=none", false),
            ("spf=none; auth=pass smtp.auth=d@h.example", true),
            ("none; auth=pass smtp.auth=d@h.example", true),
            ("new/2=none; auth=pass smtp.auth=d@h.example", true),
            ("auth=pass smtp.auth=d@h.example; auth=none", true),
            ("auth=none; auth=pass smtp.auth=d@h.example", true),
            ("auth=pass smtp.auth=d@h.example; auth=pass smtp.auth=d@h.example", true),
            ("auth=pass smtp.auth=d@h.example; dkim=fail (\"so\")", true),
        ] {
            let results = Results::read(&format!("mx.health.example; {value}")).unwrap();
            assert_eq!(
                (results.is_sound, results.has_doubtful_login()),
                (true, is_doubtful),
                "{value}"
            );
        }
    }

    #[test]
    fn endless_fields_are_not_read_to_their_end() {
        let many = format!("mx{}", "; auth=pass".repeat(100_000));
        let results = Results::read(&many).unwrap();
        assert_eq!((results.list.len(), results.is_sound), (MOST, false));
        let long = format!("mx; auth=pass{}", " smtp.a=b".repeat(100_000));
        assert!(!Results::read(&long).unwrap().is_sound);
        assert_eq!(Results::read(&format!("mx{}", "(".repeat(100_000))), None);
    }
}
