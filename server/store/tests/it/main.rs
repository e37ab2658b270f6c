//! The store by itself, on both databases: what it reads within a scope, what it writes, and what it does once.

#![expect(clippy::disallowed_methods, reason = "tests look behind the doors that they guard")]

mod chain;
mod change_files;
mod customers;
mod jobs;
mod outbox;
mod paging;
mod projecting;
mod scope;
mod snapshot;

use domain::{
    organisation::{OrganisationPath, UnitPath},
    policy::{Scope, ScopePart},
};

/// The whole federation.
fn everything() -> Scope {
    Scope {
        everything: true,
        parts: vec![],
    }
}

/// An organisation and what is below it.
fn below(path: &str) -> Scope {
    part(path, None)
}

/// A unit of an organisation and those below it.
fn unit(path: &str, unit: &str) -> Scope {
    part(path, Some(UnitPath::parse(unit)))
}

fn part(path: &str, unit: Option<UnitPath>) -> Scope {
    let path = OrganisationPath::stored(path.to_owned());
    Scope {
        everything: false,
        parts: vec![ScopePart { path, unit }],
    }
}
