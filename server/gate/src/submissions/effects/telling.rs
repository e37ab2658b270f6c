//! Who else is told: the addresses that somebody had until recently, the administrators whom somebody has left, and those
//! who have roles beside somebody whose roles have changed.

use std::collections::{BTreeMap, HashSet};

use domain::{
    account::{Account, AccountStatus},
    channel::Channel,
    dictionary::Attribute,
    life::Turn,
    organisation::OrganisationCode,
    plan::{AccountRef, AccountStep, Change, HeldRole, RoleStep, Step},
    policy::Role,
    values::{ids::AccountId, links},
};
use store::{access::rights, directory::people};
use uuid::Uuid;

use super::gathered::{Aftermath, MovedPerson, TurnedRole, address, first_name};
use crate::{
    GateError,
    service::letters::{self, Letter, MoveNews, RoleEnd, RoleNews, RoleTurn, SendsByEmail},
};

/// For so many seconds, thirty days, an address that somebody had is told about what concerns their account's safety.
pub(super) const RECENTLY: i64 = 30 * 24 * 3600;

/// Whether a letter about a step goes to the addresses that its person had until recently, too. Giving a role may end a
/// link that others were shown, and send another.
pub(super) fn tells_former_addresses(step: &Step) -> bool {
    match step {
        Step::Account(_, AccountStep::ResetPassword { .. } | AccountStep::ResetFactors)
        | Step::Role(_, RoleStep::Grant { .. }) => true,
        Step::Account(_, AccountStep::Update { changes, .. }) => new_address(changes).is_some(),
        _ => false,
    }
}

/// Whether nothing follows from a step: details have changed, and not the address that letters go to.
pub(super) fn tells_nobody(step: &Step) -> bool {
    match step {
        Step::Account(_, AccountStep::Update { changes, .. }) => new_address(changes).is_none(),
        _ => false,
    }
}

/// The email address before and after, where it changes.
fn new_address(changes: &[Change]) -> Option<(&str, &str)> {
    let change = changes
        .iter()
        .find(|change| change.attribute == Attribute::EmailAddress)?;
    Some((change.before.as_ref()?.as_str(), change.after.as_ref()?.as_str()))
}

impl Aftermath<'_> {
    /// The addresses that an account had within [`RECENTLY`] and has no longer.
    pub(super) fn former_addresses(&self, account: &Account) -> Vec<String> {
        let mut seen: HashSet<_> = HashSet::from([address(&account.attributes)]);
        let given_up = self.former.get(&account.id).map(Vec::as_slice).unwrap_or_default();
        given_up
            .iter()
            .filter(|address| seen.insert(address.as_str()))
            .cloned()
            .collect()
    }

    /// Both addresses are told that the one has become the other, and so are those before.
    pub(super) fn address_changed(&mut self, account: AccountId, changes: &[Change]) {
        let Some((before, after)) = new_address(changes) else {
            return;
        };
        let Some(account) = self.people.get(&account) else {
            return;
        };
        let letter = Letter::AddressChanged {
            first_name: first_name(&account.attributes),
            by: self.by.clone(),
            before: before.to_owned(),
            after: after.to_owned(),
        };
        // This change is not among the events yet.
        let mut to = self.former_addresses(account);
        to.retain(|address| address != before && address != after);
        to.extend([before.to_owned(), after.to_owned()]);
        self.letters.extend(to.into_iter().map(|to| (to, letter.clone())));
    }

    /// Former addresses are told that a link was sent to the present one; the link itself goes to that one alone.
    pub(super) fn tell_of_link(&mut self, account: &Account) {
        let letter = Letter::LinkSent {
            first_name: first_name(&account.attributes),
            by: self.by.clone(),
            sent_to: address(&account.attributes).to_owned(),
        };
        for address in self.former_addresses(account) {
            self.letters.push((address, letter.clone()));
        }
    }

    /// The person is told where their account is now.
    pub(super) async fn account_moved(
        &mut self,
        of: &AccountRef,
        to: &OrganisationCode,
        before: AccountStatus,
        ends: &[HeldRole],
    ) -> Result<(), GateError> {
        let Some(account) = self.people.get(&of.account).cloned() else {
            return Ok(());
        };
        let how = match before {
            AccountStatus::Leaver => MoveNews::TakenIn,
            _ => MoveNews::Transferred,
        };
        let letter = Letter::AccountMoved {
            first_name: first_name(&account.attributes),
            how,
            from: self.name(&of.organisation).await?,
            to: self.name(to).await?,
            by: self.by.clone(),
            roles: self.ended(&account, ends, RoleEnd::Moved).await?,
        };
        self.letters.push((address(&account.attributes).to_owned(), letter));
        self.moved.push(MovedPerson {
            name: account.full_name(),
            how,
            from: of.organisation.clone(),
            to: to.clone(),
        });
        Ok(())
    }

    /// The administrators whom people have left are told who took them in, and where; of a transfer only where they have
    /// not made it among themselves.
    pub(super) async fn tell_of_moves(&mut self) -> Result<(), GateError> {
        let mut left: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for moved in std::mem::take(&mut self.moved) {
            left.entry((moved.from, moved.to, moved.how))
                .or_default()
                .push(moved.name);
        }
        for ((from, to, how), people) in left {
            let administrators = rights::administrators(self.tx, &from, self.gate.now()).await?;
            let among_them = self.actor().is_some_and(|actor| administrators.contains(&actor.0));
            if among_them && how == MoveNews::Transferred {
                continue;
            }
            let letter = Letter::PeopleMoved {
                first_name: String::new(),
                how,
                from: self.name(&from).await?,
                to: self.name(&to).await?,
                by: self.by.clone(),
                people,
                others: 0,
            };
            let key = format!("{} moved {from} {to}", self.doing.submission);
            self.gather_for(&administrators, &letter, &key).await?;
        }
        Ok(())
    }

    /// Notes the roles that a step gives or ends.
    pub(super) fn note_roles(&mut self, step: &Step) {
        let is_service = self.doing.actor.account().is_none();
        let why = match step {
            Step::Role(
                account,
                RoleStep::Grant {
                    role,
                    organisation,
                    unit,
                    terms,
                },
            ) => {
                let leaving = self.people.get(account).and_then(|holder| holder.leaving_at);
                self.roles.push(TurnedRole {
                    holder: *account,
                    role: *role,
                    organisation: organisation.clone(),
                    unit: unit.clone(),
                    turn: RoleTurn::Given {
                        from: terms.from,
                        until: terms.last_moment(),
                        leaving: leaving.filter(|at| terms.until.is_none_or(|until| *at < until)),
                    },
                    by_email: *role == Role::Connector && terms.channels.contains(&Channel::EmailCsv),
                });
                return;
            }
            Step::Role(account, RoleStep::Revoke { held, .. }) => {
                let why = match is_service {
                    true => RoleEnd::Expired,
                    false => RoleEnd::Revoked,
                };
                self.roles.push(TurnedRole::ended(*account, held, why));
                return;
            }
            Step::Account(_, AccountStep::Turn { turn, .. }) => match turn {
                Turn::Disable => RoleEnd::Disabled,
                Turn::MarkLeaver => RoleEnd::Leaver,
                Turn::Delete => RoleEnd::Deleted,
                Turn::Activate | Turn::Wake | Turn::Idle | Turn::Lock => return,
                Turn::Unlock | Turn::Enable | Turn::KeepOn | Turn::Restore => return,
            },
            Step::Account(_, AccountStep::Move { .. }) => RoleEnd::Moved,
            _ => return,
        };
        if let Some(account) = step.account() {
            let ended = step.ends().iter().map(|held| TurnedRole::ended(account, held, why));
            self.roles.extend(ended);
        }
    }

    /// The roles that ended, as a letter to the person names them.
    pub(super) async fn ended(
        &mut self,
        account: &Account,
        ends: &[HeldRole],
        why: RoleEnd,
    ) -> Result<Vec<RoleNews>, GateError> {
        let mut news = Vec::with_capacity(ends.len());
        for held in ends {
            news.push(
                self.news(&account.full_name(), &TurnedRole::ended(account.id, held, why))
                    .await?,
            );
        }
        Ok(news)
    }

    async fn news(&mut self, holder: &str, turned: &TurnedRole) -> Result<RoleNews, GateError> {
        let organisation = self.name(&turned.organisation).await?;
        Ok(RoleNews {
            holder: holder.to_owned(),
            role: turned.role,
            place: match &turned.unit {
                Some(unit) => format!("{unit}, {organisation}"),
                None => organisation,
            },
            turn: turned.turn,
        })
    }

    /// Those whose roles have changed are told, and so are their colleagues: in one letter each, however many roles.
    pub(super) async fn tell_of_roles(&mut self) -> Result<(), GateError> {
        let mut own: BTreeMap<AccountId, (Vec<RoleNews>, bool)> = BTreeMap::new();
        let mut told: BTreeMap<Uuid, Vec<RoleNews>> = BTreeMap::new();
        for turned in std::mem::take(&mut self.roles) {
            let Some(holder) = self.people.get(&turned.holder).map(Account::full_name) else {
                continue;
            };
            let news = self.news(&holder, &turned).await?;
            let colleagues = rights::colleagues(self.tx, turned.role, &turned.organisation, self.gate.now()).await?;
            for colleague in colleagues {
                let is_told = self.doing.told.contains(&AccountId(colleague));
                if colleague != turned.holder.0 && !is_told && Some(AccountId(colleague)) != self.actor() {
                    told.entry(colleague).or_default().push(news.clone());
                }
            }
            if turned.has_a_letter_of_its_own() {
                let (roles, by_email) = own.entry(turned.holder).or_default();
                roles.push(news);
                *by_email |= turned.by_email;
            }
        }
        let by = self.doing.actor.account().map(|_| self.by.clone());
        for (holder, (roles, by_email)) in own {
            if let Some(account) = self.people.get(&holder) {
                let letter = Letter::OwnRoles {
                    first_name: first_name(&account.attributes),
                    by: by.clone(),
                    roles,
                    by_email: by_email.then(|| SendsByEmail {
                        address: self.gate.rules.email.address.clone(),
                        help: format!("{}{}", self.gate.rules.url, links::HELP_EMAIL),
                    }),
                };
                letters::post(self.tx, address(&account.attributes), &letter, self.gate.now()).await?;
            }
        }
        let key = format!("{} roles", self.doing.submission);
        for (colleague, roles) in told {
            let letter = Letter::RolesChanged {
                first_name: String::new(),
                by: by.clone(),
                roles,
                others: 0,
            };
            self.gather_for(&[colleague], &letter, &key).await?;
        }
        Ok(())
    }

    pub(super) async fn gather_for(&self, readers: &[Uuid], letter: &Letter, key: &str) -> Result<(), GateError> {
        for reader in people::by_ids(self.tx, readers).await? {
            if Some(reader.id) == self.actor() {
                continue;
            }
            let letter = letter.clone().greeting(first_name(&reader.attributes));
            letters::gather(self.tx, address(&reader.attributes), letter, key, self.gate.now()).await?;
        }
        Ok(())
    }

    pub(super) fn actor(&self) -> Option<AccountId> {
        self.doing.actor.account()
    }
}

impl TurnedRole {
    fn ended(holder: AccountId, held: &HeldRole, why: RoleEnd) -> Self {
        Self {
            holder,
            role: held.role,
            organisation: held.organisation.clone(),
            unit: held.unit.clone(),
            turn: RoleTurn::Ended(why),
            by_email: false,
        }
    }

    /// Whether the holder is told by a letter about roles. Another letter tells about a leaver and a move, and who
    /// is deleted reads no more mail.
    const fn has_a_letter_of_its_own(&self) -> bool {
        match self.turn {
            RoleTurn::Given { .. } => true,
            RoleTurn::Ended(RoleEnd::Revoked | RoleEnd::Expired | RoleEnd::Disabled) => true,
            RoleTurn::Ended(RoleEnd::Leaver | RoleEnd::Deleted | RoleEnd::Moved) => false,
        }
    }
}
