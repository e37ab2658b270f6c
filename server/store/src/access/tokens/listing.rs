//! The tokens of a scope: those of everybody who is Connector there, wherever they belong.

use domain::{
    policy::{Role, Scope},
    values::{
        ids::{Timestamp, TokenId},
        text::fold,
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};

use super::{Token, good_at, read};
use crate::{
    StoreError,
    directory::{
        people::{Searched, holds},
        scope::{escaped, within},
    },
    entities::{account, api_token, role_grant},
};

/// Seconds without use after which a token counts as unused: 90 days.
const UNUSED: i64 = 90 * 86_400;

/// Seconds before its end in which a token counts as expiring: 30 days.
const EXPIRING: i64 = 30 * 86_400;

/// Characters of a search that are looked for.
const LONGEST: usize = 100;

/// Which tokens of a scope are listed.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// By how they stand.
    pub standing: Standing,
    /// Words of the holder's name, the beginning of the token, or words of its name; empty for all.
    pub words: String,
    /// Only the token of this ID.
    pub token: Option<TokenId>,
    /// Only those behind this one in the list.
    pub after: Option<TokenId>,
}

/// How the tokens of a list stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// They open something.
    #[default]
    Good,
    /// As good ones, and not used for 90 days.
    Unused,
    /// As good ones, and expire within 30 days.
    Expiring,
    /// They were revoked or have expired.
    Over,
    /// All of these.
    Any,
}

impl Standing {
    /// Every standing, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Good, Self::Unused, Self::Expiring, Self::Over, Self::Any];

    /// Its name in addresses.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Good => "",
            Self::Unused => "unused",
            Self::Expiring => "expiring",
            Self::Over => "over",
            Self::Any => "all",
        }
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "Active",
            Self::Unused => "Active, not used for 90 days",
            Self::Expiring => "Active, expires within 30 days",
            Self::Over => "Revoked or expired",
            Self::Any => "All",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.slug() == slug)
    }

    fn condition(self, now: Timestamp) -> Condition {
        let (made, used) = (api_token::Column::MadeAt, api_token::Column::LastUsed);
        let expires = api_token::Column::ExpiresAt;
        match self {
            Self::Good => good_at(now),
            Self::Unused => {
                let long_ago = now.plus_seconds(-UNUSED).0;
                // One that was made a week ago has not been forgotten yet.
                let never = Condition::all().add(used.is_null()).add(made.lte(long_ago));
                good_at(now).add(Condition::any().add(never).add(used.lte(long_ago)))
            }
            Self::Expiring => good_at(now).add(expires.lte(now.plus_seconds(EXPIRING).0)),
            Self::Over => Condition::any()
                .add(api_token::Column::EndedAt.is_not_null())
                .add(expires.lte(now.0)),
            Self::Any => Condition::all(),
        }
    }
}

/// Returns the tokens of those who are Connector within a scope, the latest first, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    which: &Which,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<Token>, StoreError> {
    let connectors = role_grant::Entity::find()
        .select_only()
        .column(role_grant::Column::Account)
        .filter(role_grant::Column::Role.eq(Role::Connector.slug()))
        .filter(within(
            scope,
            role_grant::Column::Organisation,
            Some(role_grant::Column::Unit),
        ));
    let mut found = api_token::Entity::find()
        .filter(api_token::Column::Account.in_subquery(connectors.into_query()))
        .filter(which.standing.condition(now));
    if let Some(token) = &which.token {
        found = found.filter(api_token::Column::Id.eq(token.as_str()));
    }
    if !which.words.trim().is_empty() {
        found = found.filter(matching(&which.words));
    }
    let last = match &which.after {
        Some(last) => api_token::Entity::find_by_id(last.as_str()).one(db).await?,
        None => None,
    };
    if let Some(last) = last {
        let same = api_token::Column::MadeAt
            .eq(last.made_at)
            .and(api_token::Column::Id.gt(last.id));
        let earlier = api_token::Column::MadeAt.lt(last.made_at);
        found = found.filter(Condition::any().add(earlier).add(same));
    }
    let latest_first = found
        .order_by_desc(api_token::Column::MadeAt)
        .order_by_asc(api_token::Column::Id)
        .limit(limit);
    latest_first.all(db).await?.into_iter().map(read).collect()
}

/// The holder's name or address, the beginning of the token, or the token's name.
fn matching(words: &str) -> Condition {
    let anywhere = |word: &str| LikeExpr::new(format!("%{}%", escaped(word))).escape('\\');
    let typed: String = words.trim().chars().take(LONGEST).collect();
    let typed = typed.as_str();
    let beginning = typed.strip_prefix("pat_").unwrap_or(typed);
    // Whoever has found a token somewhere pastes all of it.
    let beginning: String = beginning.chars().take(TokenId::LENGTH).collect();
    let mut any = Condition::any()
        .add(api_token::Column::Id.like(LikeExpr::new(format!("{}%", escaped(&beginning))).escape('\\')))
        .add(Expr::expr(Func::lower(Expr::col(api_token::Column::Name))).like(anywhere(&typed.to_lowercase())));
    let folded = fold(typed);
    if !folded.is_empty() {
        let holders = folded.split_whitespace().fold(
            account::Entity::find().select_only().column(account::Column::Id),
            |holders, word| holders.filter(holds(Expr::col(account::Column::Search), word, Searched::Names)),
        );
        any = any.add(api_token::Column::Account.in_subquery(holders.into_query()));
    }
    any
}
