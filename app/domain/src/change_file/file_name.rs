//! The name of a change file, and the sequence that its numbers follow (S2, table 1).

use serde::{Deserialize, Serialize};

use super::{FileFault, NamePart};
use crate::customer::CustomerNumber;

/// What a change file's name says: `customerId_[sourceId_]PRV_seqNum.csv`, in any case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FileName {
    /// Whose people it is about.
    pub customer: CustomerNumber,
    /// The source of the changes, in small letters; empty if there is only one.
    pub source: String,
    /// Its place in the order of its source.
    pub number: i64,
}

/// Where a number stands in the sequence of its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequence {
    /// Behind the last one, or the first.
    Next,
    /// The same as the last one, which S2 allows.
    Again,
}

/// The most characters that the name of a source may have.
const LONGEST_SOURCE: usize = 64;

/// The most digits of a number in a name; `i64::MAX` has as many.
const MOST_DIGITS: usize = 19;

impl FileName {
    /// Reads a name from both ends: the customer first, `PRV` and the number last, the source between them.
    ///
    /// # Errors
    /// [`FileFault::Type`] if it is a file of another type of S2's, [`FileFault::Name`] if it is no such name.
    pub fn read(name: &str) -> Result<Self, FileFault> {
        if is_of_another_type(name) {
            return Err(FileFault::Type);
        }
        Self::parts(name).map_err(|part| FileFault::Name { part })
    }

    fn parts(name: &str) -> Result<Self, NamePart> {
        let is_csv = |(_, extension): &(&str, &str)| extension.eq_ignore_ascii_case("csv");
        let (stem, _) = name.rsplit_once('.').filter(is_csv).ok_or(NamePart::Ending)?;
        let (front, number) = stem.rsplit_once('_').ok_or(NamePart::Kind)?;
        let is_prv = |(_, kind): &(&str, &str)| kind.eq_ignore_ascii_case("prv");
        let (front, _) = front.rsplit_once('_').filter(is_prv).ok_or(NamePart::Kind)?;
        let (customer, source) = front
            .split_once('_')
            .map_or((front, None), |(customer, source)| (customer, Some(source)));
        source.map_or(Ok(()), check_source)?;
        // Written in two ways, a number would look like two customers.
        if customer.len() > 1 && customer.starts_with('0') {
            return Err(NamePart::Customer);
        }
        let customer = digits(customer).and_then(CustomerNumber::new).ok_or(NamePart::Any)?;
        Ok(Self {
            customer,
            source: source.unwrap_or_default().to_ascii_lowercase(),
            number: digits(number).ok_or_else(|| match is_of_a_copy(number) {
                true => NamePart::Copy,
                false => NamePart::Number,
            })?,
        })
    }

    /// Whether this file's number may follow the last one of its source; see [`after`].
    ///
    /// # Errors
    /// [`FileFault::SeqLow`] or [`FileFault::SeqZeroAfterMax`].
    pub fn follows(&self, last: Option<i64>) -> Result<Sequence, FileFault> {
        after(last, self.number).map_err(|fault| match fault {
            FileFault::SeqLow { number, last, .. } => FileFault::SeqLow {
                number,
                last,
                source: self.source.clone(),
            },
            other => other,
        })
    }
}

/// Whether a number may follow the last one: it is not lower (S2: "must not be less"), and behind the highest of all any
/// from 1 on.
///
/// # Errors
/// [`FileFault::SeqLow`], without its source, or [`FileFault::SeqZeroAfterMax`].
pub fn after(last: Option<i64>, number: i64) -> Result<Sequence, FileFault> {
    match last {
        None => Ok(Sequence::Next),
        Some(last) if number == last => Ok(Sequence::Again),
        Some(i64::MAX) if number == 0 => Err(FileFault::SeqZeroAfterMax),
        Some(i64::MAX) => Ok(Sequence::Next),
        Some(last) if number < last => Err(FileFault::SeqLow {
            number,
            last,
            source: String::new(),
        }),
        Some(_) => Ok(Sequence::Next),
    }
}

fn digits(text: &str) -> Option<i64> {
    let fits = (1..=MOST_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// Letters, digits, dots, hyphens and underscores, a letter or a digit first: a path has other signs, too.
fn check_source(text: &str) -> Result<(), NamePart> {
    let fits = |sign: &char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_');
    if let Some(sign) = text.chars().find(|sign| !fits(sign)) {
        return Err(NamePart::Source(sign));
    }
    match text.chars().next() {
        None => Err(NamePart::NoSource),
        Some(first) if !first.is_ascii_alphanumeric() => Err(NamePart::SourceStart),
        Some(_) if text.len() > LONGEST_SOURCE => Err(NamePart::LongSource),
        Some(_) => Ok(()),
    }
}

/// Whether a number has the mark of a copy behind it, as programs write it: `7 (1)`, `7 - Copy`.
fn is_of_a_copy(text: &str) -> bool {
    let mark = text.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let mark_of_copy = mark.trim().to_ascii_lowercase();
    let in_brackets = mark_of_copy.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let is_counted = in_brackets.is_some_and(|count| digits(count).is_some());
    mark.len() < text.len() && (is_counted || mark_of_copy.starts_with("- copy"))
}

/// An integration file in LDIF, or a file of profiles: S2 names them, and this service does not take them.
fn is_of_another_type(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return false;
    };
    let is_ours = |part: &str| digits(part).is_some();
    let mut parts = stem.split('_');
    let is_numbered = parts.next().is_some_and(is_ours) && parts.next_back().is_some_and(is_ours);
    let kind = parts.next_back();
    match extension {
        "ldif" => is_numbered,
        "csv" => is_numbered && kind == Some("profiles"),
        _ => false,
    }
}
