//! The ways in which texts are read.

use crate::rules::Rules;

/// How an attribute's text is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reading {
    Line,
    /// A line that somebody could be called.
    Name,
    Lines,
    /// A number or code of the sender's own.
    Key,
    Address,
    /// A name that somebody signs in with, as another system writes it.
    UserName,
    /// A number, which may have an extension.
    Telephone,
    /// A number, or a few digits by which a pager is called within a hospital.
    Pager,
    Fax,
    Mobile,
    YesOrNo,
    WebPage,
    Choices(fn(&Rules) -> &Vec<String>),
    Quota,
    /// A language, with or without a country.
    Language,
    /// A country by its code.
    Country,
    TimeZone,
    /// Where somebody signs in.
    Federation,
    /// A day of the calendar.
    Day,
    /// Looked up or checked by the plan, which knows the organisation or the account; here only cleaned.
    Reference,
    Secret,
}
