//! Appointing by the operator's command: the first Global Administrator, a way back in when all of them are lost, and an
//! organisation's Primary Local Administrator. It is planned, authorised and recorded like everything else.

use domain::{
    account::{Account, AccountStatus},
    channel::Channel,
    dictionary::Attribute,
    grant::Terms,
    organisation::{Organisation, OrganisationCode, OrganisationPath, OrganisationStatus},
    plan::Step,
    policy::Role,
    request::{Cells, RoleWish, Wish},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, Timestamp},
    },
};
use store::{
    Transaction,
    access::credentials,
    directory::{
        grants::{self, Granted, Which},
        organisations, people,
    },
};

use crate::{
    GateError, MadeLink, Visit, calendar,
    people::listing::everywhere,
    service::{
        letters::{self, Letter},
        seed::{FOUNDING, numbered},
    },
    submissions::{at_once::Telling, claims::commit, effects},
};

/// What an appointment is called in the trail.
const APPOINTMENT: &str = "Appointment by the operator";

/// The same where there is a Global Administrator already; it is the reason in its grant, too.
const RECOVERY: &str = "Recovery by the operator";

/// Days for which a role is held that was granted for recovery.
const RECOVERY_DAYS: u32 = 7;

/// Global Administrators that are read; there are far fewer.
const MOST_GLOBAL: u64 = 1_000;

/// Whom the operator appoints, and to what.
#[derive(Clone, Debug)]
pub struct Appointing {
    /// The email address, as typed.
    pub address: String,
    /// First and last name, for an account that is not here yet.
    pub name: Option<String>,
    /// The role.
    pub role: TheRole,
}

/// What somebody is appointed to.
#[derive(Clone, Debug)]
pub enum TheRole {
    /// Global Administrator.
    Global {
        /// The organisation that is founded for the service's own people, if there is none.
        service: ServiceOrganisation,
        /// Whether it is done although there is a Global Administrator already.
        recovery: Recovery,
    },
    /// Primary Local Administrator of an organisation.
    Primary(OrganisationCode),
}

/// Whether a Global Administrator is made past those that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Only where there is none.
    No,
    /// In any case: the others cannot sign in any more.
    Yes,
}

/// The organisation of those who run the service.
#[derive(Clone, Debug)]
pub struct ServiceOrganisation {
    /// Its code.
    pub code: OrganisationCode,
    /// Its name.
    pub name: String,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Appointed {
    /// The person.
    pub account: Account,
    /// The organisation over which they hold the role.
    pub organisation: Organisation,
    /// Whether that was founded for it.
    pub founded: bool,
    /// Whether the account was created for it.
    pub created: bool,
    /// Whether the role was granted; they may have held it already.
    pub granted: bool,
    /// When the role ends.
    pub until: Option<Timestamp>,
    /// Where the account is activated, for an account that is not active yet. It is kept nowhere else.
    pub link: Option<MadeLink>,
    /// How many Global Administrators are written to.
    pub told: usize,
}

/// Why somebody was not appointed.
#[derive(Debug, thiserror::Error)]
pub enum NotAppointed {
    /// What was typed is no address.
    #[error("“{0}” is not an email address")]
    NotAnAddress(String),
    /// Accounts have addresses in the mail domain only.
    #[error(
        "{address} is not in the mail domain {domain}. An account here has an address at {domain}; \
         PORTAL_MAIL_DOMAIN sets the domain"
    )]
    OutsideMailDomain {
        /// The address.
        address: String,
        /// The domain.
        domain: String,
    },
    /// A new account needs a name.
    #[error("nobody here has the address {0}. Give their name with --name \"First Last\", and an account is created")]
    NoName(String),
    /// There is a Global Administrator already.
    #[error(
        "there is already a Global Administrator: {}. They can appoint others in the portal. If none of them can sign \
         in, run this again with --recover", .0.join(", ")
    )]
    GlobalAdministratorsThere(Vec<String>),
    /// There is no such organisation.
    #[error("there is no organisation with the code {0}. `server organisations import` adds organisations")]
    NoOrganisation(OrganisationCode),
    /// It is closed.
    #[error("{name} ({code}) is closed, so nobody can be appointed there")]
    Closed {
        /// The code.
        code: OrganisationCode,
        /// The name.
        name: String,
    },
    /// It cannot be done, because of these.
    #[error("{0}")]
    Impossible(String),
    /// The database fails.
    #[error(transparent)]
    Gate(#[from] GateError),
}

impl From<store::StoreError> for NotAppointed {
    fn from(error: store::StoreError) -> Self {
        Self::Gate(error.into())
    }
}

impl Visit<'_> {
    /// Appoints somebody on the operator's word, all of it or nothing.
    ///
    /// # Errors
    /// `Gate(Denied)` for anybody but the service itself; else why it cannot be done.
    pub async fn appoint(&self, appointing: &Appointing) -> Result<Appointed, NotAppointed> {
        if !self.is_service() {
            return Err(GateError::Denied.into());
        }
        let address = self.address_here(&appointing.address)?;
        let tx = self.gate.store.begin().await?;
        let (role, terms, place, there) = match &appointing.role {
            TheRole::Global { service, recovery } => {
                let all = self.global_administrators(&tx).await?;
                let there: Vec<_> = all.iter().filter(|granted| self.is_there(granted)).cloned().collect();
                if !there.is_empty() && *recovery == Recovery::No {
                    let names = there.iter().map(|granted| granted.holder.full_name());
                    return Err(NotAppointed::GlobalAdministratorsThere(names.collect()));
                }
                let terms = if there.is_empty() {
                    Terms::default()
                } else {
                    self.for_recovery()
                };
                let place = self.service_organisation(&tx, service, &all).await?;
                (Role::GlobalAdministrator, terms, place, there)
            }
            TheRole::Primary(code) => {
                let place = (open_organisation(&tx, code).await?, false);
                (Role::PrimaryLocalAdministrator, Terms::default(), place, vec![])
            }
        };
        let (organisation, founded) = place;
        let here = people::by_address(&tx, address.as_str()).await?;
        let created = here.is_none();
        let account = match here {
            Some(account) => account,
            None => {
                self.create_account(&tx, &address, appointing.name.as_deref(), &organisation)
                    .await?
            }
        };
        if account.status == AccountStatus::Pending {
            // Anybody who was shown an earlier link could activate the account and have the role.
            credentials::end_links(&tx, account.id).await?;
        }
        let title = if there.is_empty() { APPOINTMENT } else { RECOVERY };
        let grant = Wish::Role(
            account.id,
            RoleWish::Grant {
                role,
                organisation: organisation.code.clone(),
                unit: None,
                terms: terms.clone(),
            },
        );
        // Those who are told about a recovery learn about the role from that letter.
        let told: Vec<_> = there.iter().map(|granted| granted.holder.id).collect();
        let granted = self.done_or_why(&tx, title, grant, &told).await?
            != Step::Nothing {
                account: Some(account.id),
            };
        let told = match granted {
            true => self.tell_of_recovery(&tx, &account, &there, terms.until).await?,
            false => 0,
        };
        let link = match account.status {
            AccountStatus::Pending => Some(effects::linking::link_for(self.gate, &tx, &account).await?),
            _ => None,
        };
        commit(tx).await?;
        Ok(Appointed {
            account,
            organisation,
            founded,
            created,
            granted,
            until: terms.until,
            link,
            told,
        })
    }

    fn address_here(&self, typed: &str) -> Result<EmailAddress, NotAppointed> {
        let address = EmailAddress::read(typed).map_err(|_| NotAppointed::NotAnAddress(typed.trim().to_owned()))?;
        let domain = &self.gate.rules.mail_domain;
        match domain.holds(&address) {
            true => Ok(address),
            false => Err(NotAppointed::OutsideMailDomain {
                address: address.as_str().to_owned(),
                domain: domain.as_str().to_owned(),
            }),
        }
    }

    async fn global_administrators(&self, tx: &Transaction) -> Result<Vec<Granted>, GateError> {
        let which = Which::from(Some(Role::GlobalAdministrator));
        Ok(grants::list(tx, &everywhere(), which, self.gate.now(), MOST_GLOBAL).await?)
    }

    /// Whether it is somebody who can sign in, or could again: a lock by failed tries makes nobody else Global Administrator.
    fn is_there(&self, granted: &Granted) -> bool {
        let can_come_back = match granted.holder.status {
            AccountStatus::Active | AccountStatus::Inactive | AccountStatus::Locked => true,
            AccountStatus::Pending | AccountStatus::Leaver | AccountStatus::Disabled | AccountStatus::Deleted => false,
        };
        can_come_back && granted.held.terms.in_force(self.gate.now())
    }

    fn for_recovery(&self) -> Terms {
        Terms {
            until: calendar::days_after(self.gate.now(), RECOVERY_DAYS),
            reason: RECOVERY.to_owned(),
            ..Terms::default()
        }
    }

    /// The organisation over which Global Administrators hold their role, and whether it was founded just now.
    async fn service_organisation(
        &self,
        tx: &Transaction,
        service: &ServiceOrganisation,
        there: &[Granted],
    ) -> Result<(Organisation, bool), NotAppointed> {
        let code = there
            .first()
            .map_or(&service.code, |granted| &granted.held.organisation);
        if let Some(found) = organisations::by_codes(tx, std::slice::from_ref(code)).await?.pop() {
            return Ok((found, false));
        }
        let new = Organisation {
            code: code.clone(),
            name: service.name.clone(),
            short_name: service.name.clone(),
            status: OrganisationStatus::Open,
            path: OrganisationPath::below(None, code),
            sites: vec![],
            units: vec![],
        };
        self.done_or_why(tx, FOUNDING, Wish::NewOrganisation(new.clone()), &[])
            .await?;
        Ok((new, true))
    }

    async fn create_account(
        &self,
        tx: &Transaction,
        address: &EmailAddress,
        name: Option<&str>,
        organisation: &Organisation,
    ) -> Result<Account, NotAppointed> {
        let nameless = || NotAppointed::NoName(address.as_str().to_owned());
        let (first, last) = name
            .and_then(|name| name.trim().rsplit_once(char::is_whitespace))
            .ok_or_else(nameless)?;
        let cells = Cells::of([
            (Attribute::Organisation, organisation.code.as_str()),
            (Attribute::FirstName, first),
            (Attribute::LastName, last),
            (Attribute::EmailAddress, address.as_str()),
        ]);
        // Founding writes to nobody: the link is shown to the operator, because the mailbox may not be there yet.
        let wishes = numbered(vec![Wish::NewAccount(cells)]);
        let done = self.done_in(tx, Channel::System, FOUNDING, &wishes).await?;
        let Some((row, applied)) = done.rows.first() else {
            return Err(GateError::NotFound.into());
        };
        refuse(&row.step)?;
        let id = AccountId(applied.subject.ok_or(GateError::NotFound)?);
        let made = people::by_ids(tx, &[id.0]).await?.pop();
        Ok(made.ok_or(GateError::NotFound)?)
    }

    /// Does one thing, or says why it cannot be done. `told` are told by another letter.
    async fn done_or_why(
        &self,
        tx: &Transaction,
        title: &str,
        wish: Wish,
        told: &[AccountId],
    ) -> Result<Step, NotAppointed> {
        let telling = Telling {
            told,
            ..Telling::default()
        };
        let wishes = numbered(vec![wish]);
        let done = self.done_telling(tx, Channel::System, title, &wishes, telling).await?;
        let row = done.rows.into_iter().next().ok_or(GateError::NotFound)?.0;
        refuse(&row.step)?;
        Ok(row.step)
    }

    /// All who are Global Administrators are written to: one has come in past them.
    async fn tell_of_recovery(
        &self,
        tx: &Transaction,
        account: &Account,
        there: &[Granted],
        until: Option<Timestamp>,
    ) -> Result<usize, GateError> {
        let Some(until) = until else { return Ok(0) };
        let text = |of: &Account, attribute| of.attributes.text(attribute).to_owned();
        let holders = there.iter().map(|granted| &granted.holder);
        let mut told: Vec<_> = holders.filter(|holder| holder.id != account.id).collect();
        told.sort_by_key(|holder| holder.id);
        told.dedup_by_key(|holder| holder.id);
        for holder in &told {
            let letter = Letter::GlobalRecovery {
                first_name: text(holder, Attribute::FirstName),
                name: account.full_name(),
                address: text(account, Attribute::EmailAddress),
                until,
            };
            let to = text(holder, Attribute::EmailAddress);
            letters::post(tx, &to, &letter, self.gate.now()).await?;
        }
        Ok(told.len())
    }
}

async fn open_organisation(tx: &Transaction, code: &OrganisationCode) -> Result<Organisation, NotAppointed> {
    let found = organisations::by_codes(tx, std::slice::from_ref(code)).await?.pop();
    let found = found.ok_or_else(|| NotAppointed::NoOrganisation(code.clone()))?;
    match found.status {
        OrganisationStatus::Open => Ok(found),
        OrganisationStatus::Closed => Err(NotAppointed::Closed {
            code: found.code,
            name: found.name,
        }),
    }
}

fn refuse(step: &Step) -> Result<(), NotAppointed> {
    let problems: Vec<_> = step.problems().iter().map(ToString::to_string).collect();
    match problems.is_empty() {
        true => Ok(()),
        false => Err(NotAppointed::Impossible(problems.join(" "))),
    }
}
