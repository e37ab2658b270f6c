//! Roles given to accounts and taken from them, and the API tokens of those who are Connectors. Whether the asker may do it
//! is the policy's to say; here is what can be done at all.

use super::{AccountRef, HeldRole, PlannedRow, RoleStep, Step, TokenStep, left_out, life, matching::World, not_there};
use crate::{
    account::AccountStatus,
    channel::Channel,
    dictionary::Attribute,
    grant::{Terms, wrong_reason},
    organisation::{OrganisationCode, UnitPath},
    policy::Role,
    problem::{Kind, Problem},
    request::{RoleWish, TokenWish},
    values::{
        ids::{AccountId, GrantId, RowNumber, Timestamp, TokenId},
        text::{self, TextProblem},
    },
};

/// Letters that a token's name may have.
const LONGEST_NAME: usize = 100;

/// Good tokens that one person may have at once.
const MOST_TOKENS: usize = 20;

/// A role given to an account, or taken from it.
pub(super) fn role(world: &World<'_>, row: RowNumber, id: AccountId, wish: &RoleWish) -> PlannedRow {
    match wish {
        RoleWish::Grant {
            role,
            organisation,
            unit,
            terms,
        } => grant(world, row, id, (*role, organisation, unit.as_ref()), terms),
        RoleWish::Revoke { grant, reason, .. } => revoke(world, row, id, *grant, reason),
    }
}

/// An API token made, or revoked.
pub(super) fn token(world: &World<'_>, row: RowNumber, id: AccountId, token: &TokenId, wish: &TokenWish) -> PlannedRow {
    match wish {
        TokenWish::Make { name, expires_at } => make_token(world, row, id, token, name, *expires_at),
        TokenWish::Revoke => revoke_token(world, row, id, token),
    }
}

/// A role for an account, over an organisation or one of its units.
fn grant(
    world: &World<'_>,
    row: RowNumber,
    id: AccountId,
    (role, organisation, unit): (Role, &OrganisationCode, Option<&UnitPath>),
    terms: &Terms,
) -> PlannedRow {
    life::about(world, row, id, |existing| {
        let now = world.snapshot.now;
        let terms = Terms {
            reason: text::trimmed(&terms.reason).to_owned(),
            ..terms.clone()
        };
        let mut problems = Vec::new();
        let mut wrong = |kind| problems.push(Problem::in_row(row, kind));
        if world.snapshot.own == Some(id) {
            wrong(Kind::OwnAccount);
        }
        if !can_hold(role, existing.status) {
            wrong(Kind::CannotHoldRole {
                name: existing.full_name(),
                status: existing.status,
            });
        }
        let of_terms = terms.problems(Some(role), now).into_iter().map(Kind::from);
        of_terms.filter(|kind| is_said(world, kind)).for_each(&mut wrong);
        // A role over everything is over no unit.
        let unit = unit.filter(|_| !role.is_global());
        let unit = match place(world, row, organisation, unit) {
            Ok(unit) => unit,
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        let here = |held: &&HeldRole| {
            (held.role, &held.organisation, &held.unit) == (role, organisation, &unit) && !held.terms.is_over(now)
        };
        let held = world.roles(id);
        let same = held.iter().find(here);
        match same {
            _ if !problems.is_empty() => Step::LeaveOut { problems },
            Some(held) if held.terms.give_the_same_as(&terms) => Step::Nothing { account: Some(id) },
            Some(_) => left_out(
                row,
                Kind::HeldOnOtherTerms {
                    name: existing.full_name(),
                    role,
                },
            ),
            None => Step::Role(
                id,
                RoleStep::Grant {
                    role,
                    organisation: organisation.clone(),
                    unit,
                    terms,
                },
            ),
        }
    })
}

/// Who is leaving, disabled or deleted has lost their roles and gets none; a Connector must be at work already (S1).
const fn can_hold(role: Role, status: AccountStatus) -> bool {
    match status {
        AccountStatus::Active => true,
        AccountStatus::Leaver | AccountStatus::Disabled | AccountStatus::Deleted => false,
        AccountStatus::Pending | AccountStatus::Inactive | AccountStatus::Locked => !matches!(role, Role::Connector),
    }
}

/// The service needs no reason.
fn is_said(world: &World<'_>, kind: &Kind) -> bool {
    !(world.snapshot.channel == Channel::System && *kind == Kind::NoReason)
}

/// The unit as the organisation spells it, within what the asker manages.
fn place(
    world: &World<'_>,
    row: RowNumber,
    code: &OrganisationCode,
    unit: Option<&UnitPath>,
) -> Result<Option<UnitPath>, Problem> {
    let unknown = || Problem::in_cell(row, Attribute::Organisation, code.as_str(), Kind::UnknownOrganisation);
    let known = world.snapshot.organisations.get(code).ok_or_else(unknown)?;
    let Some(unit) = unit else {
        return match known.whole {
            true => Ok(None),
            false => Err(Problem::in_cell(row, Attribute::Unit, "", Kind::UnitNeeded)),
        };
    };
    let kind = Kind::UnknownUnit {
        organisation: code.clone(),
        needs_one: !known.whole,
    };
    known
        .organisation
        .unit(unit.as_str())
        .cloned()
        .map(Some)
        .ok_or_else(|| Problem::in_cell(row, Attribute::Unit, unit.as_str(), kind))
}

/// A role taken from an account; one that has ended meanwhile needs no ending.
fn revoke(world: &World<'_>, row: RowNumber, id: AccountId, grant: GrantId, reason: &str) -> PlannedRow {
    life::about(world, row, id, |existing| {
        let Some(held) = world.roles(id).into_iter().find(|held| held.grant == grant) else {
            return Step::Nothing { account: Some(id) };
        };
        if world.organisation(&held.organisation).is_none() {
            return not_there(row);
        }
        let wrong = wrong_reason(reason).map(Kind::from).filter(|kind| is_said(world, kind));
        let mut problems: Vec<_> = wrong.into_iter().collect();
        if world.snapshot.own == Some(id) {
            problems.push(Kind::OwnAccount);
        }
        problems.extend(life::last_of(world, existing, &held));
        match problems.is_empty() {
            true => Step::Role(
                id,
                RoleStep::Revoke {
                    held,
                    reason: text::trimmed(reason).to_owned(),
                },
            ),
            false => Step::LeaveOut {
                problems: problems.into_iter().map(|kind| Problem::in_row(row, kind)).collect(),
            },
        }
    })
}

/// An API token of the asker's own.
fn make_token(
    world: &World<'_>,
    row: RowNumber,
    id: AccountId,
    token: &TokenId,
    name: &str,
    expires_at: Timestamp,
) -> PlannedRow {
    life::about(world, row, id, |existing| {
        let days = world.snapshot.rules.token_days;
        // Days are counted by the calendar, where one of them may have an hour more.
        let latest = world.snapshot.now.plus_seconds(i64::from(days) * 86_400 + 3_600);
        let own = world.snapshot.tokens.iter().filter(|(holder, ..)| *holder == id);
        let mut problems = Vec::new();
        let mut wrong = |kind| problems.push(Problem::in_row(row, kind));
        match text::line(name, LONGEST_NAME) {
            Ok(name) if name.is_empty() => wrong(Kind::NoTokenName),
            Ok(_) if own.clone().any(|(.., other)| other == text::trimmed(name)) => wrong(Kind::TokenNameTaken),
            Ok(_) => {}
            Err(TextProblem::Unprintable(_)) => wrong(Kind::TokenNameUnprintable),
            Err(TextProblem::TooLong(length)) => wrong(Kind::TokenNameTooLong {
                limit: LONGEST_NAME,
                length,
            }),
        }
        if expires_at <= world.snapshot.now {
            wrong(Kind::TokenForNoTime { days });
        } else if expires_at > latest {
            wrong(Kind::TokenTooLong { days });
        }
        if own.count() >= MOST_TOKENS {
            wrong(Kind::TooManyTokens { most: MOST_TOKENS });
        }
        if !problems.is_empty() {
            return Step::LeaveOut { problems };
        }
        Step::Token(TokenStep::Make {
            of: AccountRef::to(existing),
            token: token.clone(),
            name: text::trimmed(name).to_owned(),
            expires_at,
        })
    })
}

/// An API token that is good no more.
fn revoke_token(world: &World<'_>, row: RowNumber, id: AccountId, token: &TokenId) -> PlannedRow {
    life::about(world, row, id, |existing| {
        let mut tokens = world.snapshot.tokens.iter();
        let Some((.., name)) = tokens.find(|(holder, own, _)| *holder == id && own == token) else {
            return Step::Nothing { account: Some(id) };
        };
        let mut connector_of = world.roles(id);
        connector_of.retain(|held| held.role == Role::Connector);
        Step::Token(TokenStep::Revoke {
            account: id,
            organisation: existing.organisation.clone(),
            token: token.clone(),
            name: name.clone(),
            connector_of,
        })
    })
}
