//! Who holds which role: the administrators of one's scope, what one may grant, and how far it would reach.

use domain::{
    account::Account,
    organisation::{Organisation, OrganisationCode},
    policy::{Authority, Deed, Role, Scope},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, GrantId},
    },
};
use store::directory::{
    grants::{self, Granted, Which},
    organisations, people,
};

use crate::{GateError, Visit};

/// Grants that a page shows.
pub const GRANTS_SHOWN: u64 = 50;

/// Roles of one person that are shown.
pub(crate) const ROLES_OF_ONE: u64 = 1000;

/// The grants of a scope.
#[derive(Clone, Debug)]
pub struct Administration {
    /// By organisation and unit; at most [`GRANTS_SHOWN`].
    pub grants: Vec<ListedGrant>,
    /// Whether there are more behind them.
    pub more: bool,
    /// The organisations they are over, and those their holders belong to.
    pub organisations: Vec<Organisation>,
    /// The roles that the actor may grant somewhere.
    pub may_grant: Vec<Role>,
}

/// One grant, and what the actor may do with it.
#[derive(Clone, Debug)]
pub struct ListedGrant {
    /// The grant.
    pub granted: Granted,
    /// Whether they may revoke it; whether it can be revoked at all, the plan says.
    pub may_revoke: bool,
    /// Whether its holder is theirs to look at.
    pub sees_holder: bool,
}

/// Where somebody sees who holds which role: where they grant any, and where they read the trail.
pub(crate) fn administered(authority: &Authority) -> Scope {
    let mut scope = authority.granting();
    let read = authority.scope(Deed::ReadAuditTrail);
    scope.everything |= read.everything;
    scope.parts.extend(read.parts);
    scope
}

impl Visit<'_> {
    /// The grants of the actor's scope; those only that are asked for.
    ///
    /// # Errors
    /// `Denied` where they see none at all.
    pub async fn administrators(&self, which: impl Into<Which>) -> Result<Administration, GateError> {
        let authority = self.authority().await?;
        let scope = administered(&authority);
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        self.grants_within(&authority, &scope, which.into()).await
    }

    /// One grant of the actor's scope, with the organisations that it names.
    ///
    /// # Errors
    /// `NotFound` where it is not there, is over, or lies outside.
    pub async fn grant(&self, id: GrantId) -> Result<(ListedGrant, Vec<Organisation>), GateError> {
        let authority = self.authority().await?;
        let which = Which {
            grant: Some(id),
            ..Which::default()
        };
        let found = self.grants_within(&authority, &administered(&authority), which).await?;
        let grant = found.grants.into_iter().next().ok_or(GateError::NotFound)?;
        Ok((grant, found.organisations))
    }

    /// The roles that an account holds, as far as they are held where the actor sees people.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn roles_of(&self, account: AccountId) -> Result<Administration, GateError> {
        let authority = self.authority().await?;
        let which = Which {
            account: Some(account),
            ..Which::default()
        };
        self.grants_within(&authority, &authority.scope(Deed::See), which).await
    }

    async fn grants_within(
        &self,
        authority: &Authority,
        scope: &Scope,
        which: Which,
    ) -> Result<Administration, GateError> {
        let db = self.gate.store.reader();
        let limit = which.account.map_or(GRANTS_SHOWN, |_| ROLES_OF_ONE);
        let mut found = grants::list(db, scope, which, self.gate.now(), limit + 1).await?;
        let more = found.len() as u64 > limit;
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let mut codes: Vec<_> = found
            .iter()
            .flat_map(|granted| [&granted.held.organisation, &granted.holder.organisation])
            .cloned()
            .collect();
        codes.sort();
        codes.dedup();
        let organisations = organisations::by_codes(db, &codes).await?;
        let path = |code: &OrganisationCode| {
            let found = organisations.iter().find(|organisation| organisation.code == *code);
            found.map(|organisation| organisation.path.clone())
        };
        let seen = authority.scope(Deed::See);
        let listed = |granted: Granted| {
            let (held, holder) = (&granted.held, &granted.holder);
            let may_revoke = path(&held.organisation)
                .is_some_and(|path| authority.may_grant(holder.id, held.role, &path, held.unit.as_ref()));
            let sees_holder = path(&holder.organisation).is_some_and(|path| seen.covers(&path, holder.unit().as_ref()));
            ListedGrant {
                may_revoke,
                sees_holder,
                granted,
            }
        };
        Ok(Administration {
            grants: found.into_iter().map(listed).collect(),
            may_grant: grantable(authority),
            more,
            organisations,
        })
    }

    /// The roles that the actor may grant somewhere.
    ///
    /// # Errors
    /// `Denied` where they may grant none.
    pub async fn grantable(&self) -> Result<Vec<Role>, GateError> {
        let roles = grantable(&self.authority().await?);
        if roles.is_empty() {
            return Err(GateError::Denied);
        }
        Ok(roles)
    }

    /// The organisations that the actor may grant roles over, or over units of, in the tree's order; at most so many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn organisations_to_grant(&self, limit: u64) -> Result<Vec<Organisation>, GateError> {
        let scope = self.authority().await?.granting();
        Ok(organisations::list(self.gate.store.reader(), &scope, limit).await?)
    }

    /// An organisation with its units, where the actor may grant a role over all of it; none elsewhere.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn units_to_grant(&self, code: &OrganisationCode) -> Result<Option<Organisation>, GateError> {
        let scope = self.authority().await?.granting();
        let found = self.with_sites(std::slice::from_ref(code)).await?.into_iter().next();
        Ok(found.filter(|found| scope.covers(&found.path, None)))
    }

    /// The account with this very address, present or former, where the actor sees it.
    ///
    /// # Errors
    /// `NotFound` where nobody has it, or somebody out of sight.
    pub async fn account_at(&self, address: &EmailAddress) -> Result<Account, GateError> {
        let db = self.gate.store.reader();
        let found = people::by_address(db, address.as_str()).await?;
        let found = found.ok_or(GateError::NotFound)?;
        Ok(self.account(found.id).await?.0)
    }

    /// How many organisations lie below one: as many more as a role over it reaches.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn organisations_below(&self, code: &OrganisationCode) -> Result<u64, GateError> {
        let organisation = self.organisation_of(code).await?;
        Ok(organisations::count_below(self.gate.store.reader(), &organisation.path).await?)
    }
}

fn grantable(authority: &Authority) -> Vec<Role> {
    let may = |role: &Role| !authority.scope(Deed::of_grant(*role)).is_empty();
    Role::ALL.into_iter().filter(may).collect()
}
