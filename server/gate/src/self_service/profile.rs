//! Who is asking: their account, what a session asks of it, their roles, and what these let them do somewhere.

use domain::{
    account::Account,
    connector::ProposalKind,
    organisation::{Organisation, OrganisationCode, UnitPath},
    policy::{Authority, Deed, Role},
    values::ids::{AccountId, Timestamp},
};
use store::{
    access::credentials::{self, Standing},
    directory::{organisations, people},
};

use crate::{Gate, GateError, Visit, people::listing::everywhere};

/// Who is asking, and what they manage.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Their own account.
    pub account: Account,
    /// The roles they hold, each with the organisation and the unit of it, where it is held over one only.
    pub roles: Vec<(Role, Organisation, Option<UnitPath>)>,
    /// What these let them do.
    pub abilities: Abilities,
}

/// What somebody may do anywhere at all.
#[expect(clippy::struct_excessive_bools, reason = "one for each part of the portal")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// Whether they hold a role.
    pub has_roles: bool,
    /// Whether they may upload files.
    pub uploads: bool,
    /// Whether they see uploads of their scope.
    pub sees_uploads: bool,
    /// Whether they see any people.
    pub sees_people: bool,
    /// Whether they may create people.
    pub creates: bool,
    /// Whether they may move people and mark leavers, and so see offers.
    pub moves: bool,
    /// Whether they decide on what connectors propose.
    pub decides_proposals: bool,
    /// Whether they may read an audit log.
    pub audits: bool,
    /// Whether they see who holds which role.
    pub sees_administrators: bool,
    /// Whether they manage organisations.
    pub manages_organisations: bool,
}

impl Abilities {
    fn of(authority: &Authority) -> Self {
        let has = |deed| !authority.scope(deed).is_empty();
        let (uploads, audits) = (has(Deed::UploadCsv), has(Deed::ReadAuditTrail));
        Self {
            has_roles: !authority.grants().is_empty(),
            uploads,
            sees_uploads: uploads || audits,
            sees_people: has(Deed::See),
            creates: has(Deed::CreatePeople),
            moves: has(Deed::MoveAndEnd),
            decides_proposals: ProposalKind::ALL.into_iter().any(|kind| has(kind.deed())),
            audits,
            sees_administrators: !crate::roles::grants::administered(authority).is_empty(),
            manages_organisations: has(Deed::ManageOrganisations),
        }
    }
}

impl Gate {
    /// What a session that began at a moment asks of its account at each request; `None` if that is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn standing(&self, account: AccountId, began: Timestamp) -> Result<Option<Standing>, GateError> {
        Ok(credentials::standing(self.store.reader(), account, began).await?)
    }
}

impl Visit<'_> {
    /// What the actor may do anywhere at all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn abilities(&self) -> Result<Abilities, GateError> {
        Ok(Abilities::of(&self.authority().await?))
    }

    /// Who is asking.
    ///
    /// # Errors
    /// `NotFound` when the account is gone.
    pub async fn profile(&self) -> Result<Profile, GateError> {
        let db = self.gate.store.reader();
        let authority = self.authority().await?;
        let id = self.actor.account().ok_or(GateError::NotFound)?;
        let account = people::account(db, &everywhere(), id)
            .await?
            .ok_or(GateError::NotFound)?;
        let held: Vec<_> = authority
            .grants()
            .iter()
            .filter_map(|grant| Some((grant, OrganisationCode::parse(grant.path.code()).ok()?)))
            .collect();
        let codes: Vec<_> = held.iter().map(|(_, code)| code.clone()).collect();
        let places = organisations::by_codes(db, &codes).await?;
        let roles = held.into_iter().filter_map(|(grant, code)| {
            let place = places.iter().find(|place| place.code == code)?;
            Some((grant.role, place.clone(), grant.unit.clone()))
        });
        Ok(Profile {
            account,
            roles: roles.collect(),
            abilities: Abilities::of(&authority),
        })
    }
}
