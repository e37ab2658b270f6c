//! The API tokens of a scope, for those who may revoke them.

use domain::{
    account::Account,
    policy::{Deed, Scope},
    values::ids::TokenId,
};
use store::{
    access::tokens::{self, Standing, Token, Which},
    directory::people,
};

use crate::{GateError, Visit};

/// Tokens that a page shows.
pub const TOKENS_A_PAGE: u64 = 50;

/// A page of tokens.
#[derive(Clone, Debug)]
pub struct TokenList {
    /// At most [`TOKENS_A_PAGE`], the latest first.
    pub tokens: Vec<ListedToken>,
    /// Whether there are more behind them.
    pub more: bool,
}

/// A token with its holder.
#[derive(Clone, Debug)]
pub struct ListedToken {
    /// The token.
    pub token: Token,
    /// Whose it is.
    pub holder: Account,
    /// Whether it is the actor's own.
    pub is_own: bool,
}

impl Visit<'_> {
    /// Where the actor revokes the tokens of connectors: where they could revoke the role.
    async fn revoking_tokens(&self) -> Result<Scope, GateError> {
        self.scope(Deed::GrantConnector).await
    }

    /// The tokens of everybody who is Connector in the actor's scope.
    ///
    /// # Errors
    /// `Denied` where the actor may revoke none.
    pub async fn tokens(&self, which: &Which) -> Result<TokenList, GateError> {
        let scope = self.revoking_tokens().await?;
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        let db = self.gate.store.reader();
        let mut found = tokens::list(db, &scope, which, self.gate.now(), TOKENS_A_PAGE + 1).await?;
        let more = found.len() as u64 > TOKENS_A_PAGE;
        found.truncate(usize::try_from(TOKENS_A_PAGE).unwrap_or(usize::MAX));
        Ok(TokenList {
            tokens: self.with_holders(found).await?,
            more,
        })
    }

    /// One token: the actor's own, or of a connector whose role they could revoke.
    ///
    /// # Errors
    /// `NotFound` where there is no such token for them.
    pub async fn token(&self, id: &TokenId) -> Result<ListedToken, GateError> {
        let db = self.gate.store.reader();
        let found = match self.actor.account() {
            Some(own) => tokens::of_account(db, own).await?,
            None => vec![],
        };
        let mut found: Vec<_> = found.into_iter().filter(|own| own.id == *id).collect();
        let scope = self.revoking_tokens().await?;
        if found.is_empty() && !scope.is_empty() {
            let which = Which {
                standing: Standing::Any,
                token: Some(id.clone()),
                ..Which::default()
            };
            found = tokens::list(db, &scope, &which, self.gate.now(), 1).await?;
        }
        self.with_holders(found).await?.pop().ok_or(GateError::NotFound)
    }

    async fn with_holders(&self, found: Vec<Token>) -> Result<Vec<ListedToken>, GateError> {
        let ids: Vec<_> = found.iter().map(|token| token.account.0).collect();
        let holders = people::by_ids(self.gate.store.reader(), &ids).await?;
        let listed = found.into_iter().filter_map(|token| {
            let holder = holders.iter().find(|holder| holder.id == token.account)?.clone();
            let is_own = self.actor.account() == Some(token.account);
            Some(ListedToken { token, holder, is_own })
        });
        Ok(listed.collect())
    }
}
