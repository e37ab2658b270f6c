//! API tokens: made by connectors for themselves, shown once, revoked at once; and what connectors sent.

mod listing;
mod spelling;

use std::collections::HashMap;

use domain::{
    account::Account,
    channel::Channel,
    organisation::{Organisation, OrganisationCode, UnitPath},
    policy::{Deed, Role, Scope},
    problem::Problem,
    request::{TokenWish, Wish},
    trail::{Happening, Record},
    values::ids::{AccountId, SubmissionId, Timestamp, TokenId},
};
use store::{
    access::tokens::{self, Bearer, Token},
    directory::{
        grants::{self, Which},
        organisations, people,
    },
    submissions::{
        self, Submission,
        rows::{self, Filter},
    },
};

pub use self::listing::{ListedToken, TOKENS_A_PAGE, TokenList};
use self::spelling::{compose, is_sound};
use crate::{
    Gate, GateError, ListedGrant, ROWS_A_PAGE, Review, Visit, calendar,
    people::listing::everywhere,
    roles::grants::{ROLES_OF_ONE, administered},
    service::seed::numbered,
    sign_in::{password_sign_in::counting::Counted, secret_tokens::token_hash},
    submissions::claims::commit,
};

/// As much of what a connector sent as a page shows.
const SENT_SHOWN: u64 = 50;

/// A token that was made a moment ago.
#[derive(Clone)]
pub struct MadeToken {
    /// All of it; nothing keeps it.
    pub secret: String,
    /// What its maker calls it.
    pub name: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// One's own tokens.
#[derive(Clone, Debug)]
pub struct OwnTokens {
    /// All of them, the latest first.
    pub tokens: Vec<Token>,
    /// Whether one may make another: who may send nothing through the API has no use for one.
    pub may_make: bool,
    /// For how many days one is good at most.
    pub days: u32,
    /// When the role ends with which all of them end; none where that is on no day.
    pub until: Option<Timestamp>,
    /// What was sent, the latest first.
    pub sent: Vec<Submission>,
}

/// A connector, as those see them who manage the places they send for.
#[derive(Clone, Debug)]
pub struct ConnectorView {
    /// Who.
    pub holder: Account,
    /// Whether their account is the actor's to look at.
    pub sees_holder: bool,
    /// What they are Connector of, within the actor's scope, each with the name of the place.
    pub grants: Vec<(ListedGrant, String)>,
    /// Their tokens, the latest first.
    pub tokens: Vec<Token>,
    /// Whether the actor may revoke them.
    pub may_revoke: bool,
    /// What they sent for places that are all the actor's to see, the latest first.
    pub sent: Vec<Submission>,
}

impl Gate {
    /// Whose token this is, while it is good and its holder's rights are in force.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn bearer(&self, token: &str) -> Result<Option<Bearer>, GateError> {
        if !is_sound(token) {
            return Ok(None);
        }
        let found = tokens::bearer(self.store.reader(), &token_hash(token), self.now()).await?;
        let Some(bearer) = found.filter(|bearer| bearer.status.is_in_force()) else {
            return Ok(None);
        };
        if bearer.is_to_be_noted(self.now()) {
            let tx = self.store.begin().await?;
            tokens::note_use(&tx, &bearer.token, self.now()).await?;
            commit(tx).await?;
        }
        Ok(Some(bearer))
    }

    /// Counts a token that was refused, and records it: the first from a network within the window, and that there were as
    /// many as are allowed. A program that goes on and on fills no trail.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_token_refused(&self, token: &str, client: Option<&str>) -> Result<(), GateError> {
        let db = self.store.reader();
        let named = spelling::named(token);
        let holder = match &named {
            Some(named) => tokens::holder(db, named).await?,
            None => None,
        };
        // Made-up ones count together, or else each would be a first one.
        let named = named.filter(|_| holder.is_some());
        let counted = Counted::Tokens(client, named.as_ref());
        let Ok(count) = self.count(&[counted]).await? else {
            return Ok(());
        };
        if count != 1 && count != counted.allowance(&self.rules.sign_in).allowed {
            return Ok(());
        }
        let holder = match holder {
            Some(holder) => people::account(db, &everywhere(), holder).await?,
            None => None,
        };
        let tx = self.store.begin().await?;
        tx.record(Record {
            at: self.now(),
            actor: None,
            actor_name: String::new(),
            organisation: holder.as_ref().map(|holder| holder.organisation.clone()),
            person: holder.map(|holder| holder.id.0),
            rights: vec![],
            happening: Happening::TokenRefused {
                token: named.map(|named| named.to_string()),
                network: client.map(ToOwned::to_owned),
            },
        });
        commit(tx).await
    }
}

impl Visit<'_> {
    /// The actor's own tokens, and what was sent with them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn own_tokens(&self) -> Result<OwnTokens, GateError> {
        let own = self.actor.account().ok_or(GateError::NotFound)?;
        let db = self.gate.store.reader();
        Ok(OwnTokens {
            tokens: tokens::of_account(db, own).await?,
            may_make: !self.sending().await?.is_empty(),
            days: self.gate.rules.token_days,
            until: self.sends_until(own).await?,
            sent: submissions::sent_by(db, own, None, SENT_SHOWN).await?,
        })
    }

    /// Until when somebody may send through the API, counting roles that begin before others end; none where that is for good,
    /// or not at all.
    async fn sends_until(&self, account: AccountId) -> Result<Option<Timestamp>, GateError> {
        let which = Which {
            account: Some(account),
            role: Some(Role::Connector),
            ..Which::default()
        };
        let gate = self.gate;
        let held = grants::list(gate.store.reader(), &everywhere(), which, gate.now(), ROLES_OF_ONE).await?;
        let mut terms: Vec<_> = held.into_iter().map(|granted| granted.held.terms).collect();
        terms.retain(|terms| terms.channels.contains(&Channel::Api));
        terms.sort_by_key(|terms| terms.from);
        let mut end = None;
        for terms in terms {
            let follows_on = match end {
                None => terms.in_force(gate.now()),
                Some(end) => terms.from.is_none_or(|from| from <= end),
            };
            match terms.until {
                _ if !follows_on => {}
                None => return Ok(None),
                until => end = end.max(until),
            }
        }
        Ok(end)
    }

    /// Where the actor may send through the API, with the unit where it is one only.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sends_for(&self) -> Result<Vec<(Organisation, Option<UnitPath>)>, GateError> {
        self.sends_through(Channel::Api).await
    }

    /// Where the actor may send through a channel of connectors, with the unit where it is one only.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sends_through(&self, channel: Channel) -> Result<Vec<(Organisation, Option<UnitPath>)>, GateError> {
        let authority = self.authority().await?;
        let sends = authority
            .grants()
            .iter()
            .filter(|grant| grant.role == Role::Connector && grant.channels.contains(&channel))
            .filter_map(|grant| Some((OrganisationCode::parse(grant.path.code()).ok()?, grant.unit.clone())));
        let sends: Vec<_> = sends.collect();
        let codes: Vec<_> = sends.iter().map(|(code, _)| code.clone()).collect();
        let places = organisations::by_codes(self.gate.store.reader(), &codes).await?;
        let place = |code| places.iter().find(|place| place.code == code).cloned();
        Ok(sends
            .into_iter()
            .filter_map(|(code, unit)| Some((place(code)?, unit)))
            .collect())
    }

    /// Where the actor may send through the API at this moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sending(&self) -> Result<Scope, GateError> {
        Ok(self.authority().await?.scope_through(Deed::SendByMachine, Channel::Api))
    }

    /// Whether the actor may send files by email at this moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sends_by_email(&self) -> Result<bool, GateError> {
        let scope = self
            .authority()
            .await?
            .scope_through(Deed::SendByMachine, Channel::EmailCsv);
        Ok(!scope.is_empty())
    }

    /// Makes a token for the actor, good for so many days.
    ///
    /// # Errors
    /// `Denied` where they may send nothing through the API.
    pub async fn make_token(&self, name: &str, days: u32) -> Result<Result<MadeToken, Vec<Problem>>, GateError> {
        let account = self.actor.account().ok_or(GateError::NotFound)?;
        let gate = self.gate;
        let (token, secret) = compose();
        // How much longer than the longest was asked for does not matter, and the calendar has an end. A token without an end
        // would be a door left open.
        let days = days.min(gate.rules.token_days.saturating_add(2));
        let expires_at = calendar::days_after(gate.now(), days).unwrap_or(gate.now());
        let wish = Wish::Token(
            account,
            token.clone(),
            TokenWish::Make {
                name: name.to_owned(),
                expires_at,
            },
        );
        let tx = gate.store.begin().await?;
        let done = self
            .done_in(
                &tx,
                Channel::Portal,
                &format!("Make API token {token}"),
                &numbered(vec![wish]),
            )
            .await?;
        let problems: Vec<_> = done
            .rows
            .iter()
            .flat_map(|(row, _)| row.step.problems())
            .cloned()
            .collect();
        if !problems.is_empty() {
            return Ok(Err(problems));
        }
        let name = domain::values::text::trimmed(name).to_owned();
        let until = (gate.now(), expires_at);
        tokens::make(&tx, account, (&token, &name), token_hash(&secret), until).await?;
        commit(tx).await?;
        Ok(Ok(MadeToken {
            secret,
            name,
            expires_at,
        }))
    }

    /// Revokes a token: the actor's own, or that of a connector whom they could have appointed. Gives back whose it was.
    ///
    /// # Errors
    /// `NotFound` where there is no such token, or none that the actor may see; `Denied` where they may only see it.
    pub async fn revoke_token(&self, token: &TokenId) -> Result<AccountId, GateError> {
        let gate = self.gate;
        let holder = tokens::holder(gate.store.reader(), token).await?;
        let is_own = holder.is_some() && holder == self.actor.account();
        // Who sees no connectors at all learns nothing of which tokens there are.
        if !is_own && administered(&self.authority().await?).is_empty() {
            return Err(GateError::Denied);
        }
        let holder = holder.ok_or(GateError::NotFound)?;
        if !is_own {
            self.connector(holder).await?;
        }
        let wish = Wish::Token(holder, token.clone(), TokenWish::Revoke);
        let tx = gate.store.begin().await?;
        let title = format!("Revoke API token {token}");
        let done = self
            .done_in(&tx, Channel::Portal, &title, &numbered(vec![wish]))
            .await?;
        if done.rows.iter().any(|(row, _)| !row.step.problems().is_empty()) {
            return Err(GateError::Denied);
        }
        commit(tx).await?;
        Ok(holder)
    }

    /// A connector of the actor's scope.
    ///
    /// # Errors
    /// `NotFound` where the account is Connector of nothing there.
    pub async fn connector(&self, id: AccountId) -> Result<ConnectorView, GateError> {
        let authority = self.authority().await?;
        if administered(&authority).is_empty() {
            return Err(GateError::Denied);
        }
        let which = Which {
            account: Some(id),
            role: Some(Role::Connector),
            ..Which::default()
        };
        let found = self.administrators(which).await?;
        let place = |grant: &ListedGrant| {
            let code = &grant.granted.held.organisation;
            let known = found.organisations.iter().find(|known| known.code == *code);
            known.map_or_else(|| code.to_string(), |known| known.name.clone())
        };
        let grants: Vec<_> = found.grants.iter().map(|grant| (grant.clone(), place(grant))).collect();
        let Some((first, _)) = grants.first() else {
            return Err(GateError::NotFound);
        };
        let db = self.gate.store.reader();
        let visible = self.submissions_scope().await?;
        Ok(ConnectorView {
            holder: first.granted.holder.clone(),
            sees_holder: first.sees_holder,
            may_revoke: grants.iter().any(|(grant, _)| grant.may_revoke),
            tokens: tokens::of_account(db, id).await?,
            sent: submissions::sent_by(db, id, Some(&visible), SENT_SHOWN).await?,
            grants,
        })
    }

    /// What the actor sent through the API, newest first; `after` goes on from an earlier page.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all_sent(&self, after: Option<&SubmissionId>, limit: u64) -> Result<Vec<Submission>, GateError> {
        let own = self.actor.account().ok_or(GateError::NotFound)?;
        let (db, seen) = (self.gate.store.reader(), self.scope(Deed::See).await?);
        Ok(submissions::sent_through(db, &seen, own, Channel::Api, after, limit).await?)
    }

    /// What the actor sent through the API, with a page of its rows.
    ///
    /// # Errors
    /// `NotFound` where it is not there, was sent otherwise, or by somebody else.
    pub async fn sent(&self, id: &SubmissionId, filter: Filter) -> Result<Review, GateError> {
        let submission = self.submission(id).await?;
        if submission.channel != Channel::Api || submission.actor.account() != self.actor.account() {
            return Err(GateError::NotFound);
        }
        let mut rows = rows::page(self.gate.store.reader(), id, filter, ROWS_A_PAGE + 1).await?;
        let more = rows.len() as u64 > ROWS_A_PAGE;
        rows.truncate(ROWS_A_PAGE.try_into().unwrap_or(usize::MAX));
        Ok(Review {
            shared: vec![],
            others: HashMap::new(),
            kept: 0,
            editors: HashMap::new(),
            known_as: HashMap::new(),
            before: None,
            submission,
            is_mine: true,
            may_decide: false,
            rows,
            more,
        })
    }
}
