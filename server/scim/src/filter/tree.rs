//! A filter as it is written: its parts, what can be wrong with it, and how it is compared and shown.

use std::fmt;

use serde_json::{Map, Value};

/// The most bytes of a filter.
pub const LONGEST: usize = 4_096;

/// How deep brackets may stand in each other.
pub const DEEPEST: usize = 16;

/// The most comparisons in one filter.
pub const MOST: usize = 100;

/// A filter, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// An attribute compared with a value.
    Compare {
        /// Which attribute.
        path: Path,
        /// How.
        operator: Operator,
        /// With what: a text, a number, true, false or null.
        value: Value,
    },
    /// An attribute that has a value.
    Present(Path),
    /// An attribute of which some value matches the path's own filter.
    Picks(Path),
    /// What does not match.
    Not(Box<Self>),
    /// What matches all of these; at least two.
    And(Vec<Self>),
    /// What matches any of these; at least two.
    Or(Vec<Self>),
}

/// An attribute, and which part or values of it: `urn:…:User:emails[type eq "work"].value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// What stands in front of the name.
    pub urn: Option<String>,
    /// The attribute's name.
    pub name: String,
    /// Which of its values.
    pub within: Option<Box<Filter>>,
    /// Which attribute of its object.
    pub sub: Option<String>,
}

/// How an attribute is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Is equal.
    Eq,
    /// Is not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Is greater.
    Gt,
    /// Is greater or equal.
    Ge,
    /// Is less.
    Lt,
    /// Is less or equal.
    Le,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Self; 9] = [
        Self::Eq,
        Self::Ne,
        Self::Co,
        Self::Sw,
        Self::Ew,
        Self::Gt,
        Self::Ge,
        Self::Lt,
        Self::Le,
    ];

    /// How it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }
}

/// What is wrong with a filter or a path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentences below say what each is")]
pub enum Fault {
    TooLong { most: usize },
    TooDeep,
    TooMany,
    NoAttribute,
    NoOperator { found: String },
    NoValue,
    BadText,
    NotClosed { with: char },
    NoBracketBehindNot,
    BracketsInBrackets,
    Left { found: String },
}

/// Where a filter or a path cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// The character, counted from 1.
    pub at: usize,
    /// Why.
    pub fault: Fault,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "At character {}: ", self.at)?;
        match &self.fault {
            Fault::TooLong { most } => write!(f, "it is longer than {most} bytes."),
            Fault::TooDeep => write!(f, "brackets stand more than {DEEPEST} deep."),
            Fault::TooMany => write!(f, "there are more than {MOST} comparisons."),
            Fault::NoAttribute => f.write_str("the name of an attribute is missing."),
            Fault::NoOperator { found } => {
                write!(
                    f,
                    "“{found}” is not an operator. Use eq, ne, co, sw, ew, pr, gt, ge, lt or le."
                )
            }
            Fault::NoValue => f.write_str(
                "a value is missing. Write texts in double quotes; others are numbers, true, false and null.",
            ),
            Fault::BadText => f.write_str("this text in quotes cannot be read. Is its closing quote missing?"),
            Fault::NotClosed { with } => write!(f, "a closing “{with}” is missing."),
            Fault::NoBracketBehindNot => f.write_str("not is followed by a filter in round brackets."),
            Fault::BracketsInBrackets => f.write_str("square brackets cannot stand within square brackets."),
            Fault::Left { found } => write!(f, "“{found}” is not expected here."),
        }
    }
}

impl Filter {
    /// Whether an item of a many-valued attribute matches. Texts are compared in any case.
    #[must_use]
    pub fn matches(&self, item: &Map<String, Value>) -> bool {
        match self {
            Self::Compare { path, operator, value } => {
                let found = path.of(item);
                match operator {
                    Operator::Eq => found.is_some_and(|found| is_equal(found, value)),
                    Operator::Ne => !found.is_some_and(|found| is_equal(found, value)),
                    Operator::Co => compared(found, value, |found, value| found.contains(value)),
                    Operator::Sw => compared(found, value, |found, value| found.starts_with(value)),
                    Operator::Ew => compared(found, value, |found, value| found.ends_with(value)),
                    Operator::Gt => compared(found, value, |found, value| found > value),
                    Operator::Ge => compared(found, value, |found, value| found >= value),
                    Operator::Lt => compared(found, value, |found, value| found < value),
                    Operator::Le => compared(found, value, |found, value| found <= value),
                }
            }
            Self::Present(path) => path.of(item).is_some_and(|found| !found.is_null()),
            Self::Picks(_) => false,
            Self::Not(filter) => !filter.matches(item),
            Self::And(filters) => filters.iter().all(|filter| filter.matches(item)),
            Self::Or(filters) => filters.iter().any(|filter| filter.matches(item)),
        }
    }

    /// What an item must be for the filter to match: its comparisons by `eq`, if it has no others and they are joined by
    /// `and`. `None` otherwise.
    #[must_use]
    pub fn equalities(&self) -> Option<Vec<(&str, &Value)>> {
        match self {
            Self::Compare {
                path,
                operator: Operator::Eq,
                value,
            } => Some(vec![(path.name.as_str(), value)]),
            Self::And(filters) => {
                let each: Option<Vec<_>> = filters.iter().map(Self::equalities).collect();
                Some(each?.concat())
            }
            _ => None,
        }
    }
}

impl Path {
    /// The item's value of this name, in any case.
    fn of<'a>(&self, item: &'a Map<String, Value>) -> Option<&'a Value> {
        let found = item.iter().find(|(name, _)| name.eq_ignore_ascii_case(&self.name));
        found.map(|(_, value)| value)
    }
}

fn is_equal(found: &Value, value: &Value) -> bool {
    match (found, value) {
        (Value::String(found), Value::String(value)) => found.to_lowercase() == value.to_lowercase(),
        // Clients write booleans as text.
        (Value::Bool(flag), Value::String(text)) | (Value::String(text), Value::Bool(flag)) => {
            text.eq_ignore_ascii_case(&flag.to_string())
        }
        _ => found == value,
    }
}

fn compared(found: Option<&Value>, value: &Value, are: fn(&str, &str) -> bool) -> bool {
    match (found, value) {
        (Some(Value::String(found)), Value::String(value)) => are(&found.to_lowercase(), &value.to_lowercase()),
        _ => false,
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(urn) = &self.urn {
            write!(f, "{urn}:")?;
        }
        f.write_str(&self.name)?;
        if let Some(within) = &self.within {
            write!(f, "[{within}]")?;
        }
        self.sub.iter().try_for_each(|sub| write!(f, ".{sub}"))
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, filters: &[Self], word: &str| {
            filters.iter().enumerate().try_for_each(|(place, filter)| {
                let before = if place == 0 { "" } else { word };
                match filter {
                    Self::And(_) | Self::Or(_) => write!(f, "{before}({filter})"),
                    _ => write!(f, "{before}{filter}"),
                }
            })
        };
        match self {
            Self::Compare { path, operator, value } => write!(f, "{path} {} {value}", operator.name()),
            Self::Present(path) => write!(f, "{path} pr"),
            Self::Picks(path) => write!(f, "{path}"),
            Self::Not(filter) => write!(f, "not ({filter})"),
            Self::And(filters) => joined(f, filters, " and "),
            Self::Or(filters) => joined(f, filters, " or "),
        }
    }
}
