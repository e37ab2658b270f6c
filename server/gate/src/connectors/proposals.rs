//! What connectors' machines propose where they may not act: listed for those who may do it, who accept it, which makes it a
//! submission of theirs like any other, or decline it.

use std::collections::{BTreeMap, HashMap};

use domain::{
    account::{Account, AccountStatus},
    connector::{ProposalKind, ProposalReason, ProposalState, creation_name},
    contact::Contact,
    dictionary::Attribute,
    life::Turn,
    organisation::OrganisationCode,
    policy::Authority,
    request::{AccountWish, Cells, ContactWish, Wish},
    trail::{Happening, Record},
    values::ids::{AccountId, ProposalId, RowNumber, SubmissionId, Timestamp},
};
use store::{
    ConnectionTrait, Transaction,
    access::{
        links,
        proposals::{self, Proposal, ProposalSubject, Proposed, UnderReview, Which},
    },
    directory::{organisations, people, synced},
};

use crate::{Gate, GateError, MOST_AT_ONCE, Visit, people::listing::everywhere, submissions::claims::commit};

/// Proposals that a page shows.
pub const PROPOSALS_A_PAGE: u64 = 50;

/// Reviews that are named beside them.
const REVIEWS_NAMED: u64 = 20;

/// Which proposals are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProposalQuery {
    /// Only those of one kind.
    pub kind: Option<ProposalKind>,
    /// Only those of one connector.
    pub connector: Option<AccountId>,
    /// Only those behind this one in the list, as [`ProposalList::next`] says it.
    pub after: Option<String>,
}

/// Proposals that wait for somebody.
#[derive(Clone, Debug)]
pub struct ProposalList {
    /// The longest ago first; at most [`PROPOSALS_A_PAGE`].
    pub proposals: Vec<ListedProposal>,
    /// Behind which one there are more, if there are.
    pub next: Option<String>,
    /// Those that somebody has accepted and not yet confirmed; the first 20 reviews.
    pub reviews: Vec<ProposalReview>,
}

/// Proposals that somebody has accepted and not yet confirmed. Those whose changes they do not make are open again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalReview {
    /// The submission that they became.
    pub submission: SubmissionId,
    /// Who accepted them.
    pub by: String,
    /// Whether that is the actor.
    pub is_own: bool,
    /// How many there are.
    pub proposals: u64,
}

/// One proposal, with whom it is about.
#[derive(Clone, Debug)]
pub struct ListedProposal {
    /// Its ID.
    pub id: ProposalId,
    /// What is to be done.
    pub kind: ProposalKind,
    /// Whose machine proposes it.
    pub connector: AccountId,
    /// The connector's name.
    pub connector_name: String,
    /// Whom it is about.
    pub subject: ProposedFor,
    /// Where they are.
    pub organisation: OrganisationCode,
    /// Why it is asked; `None` if that was not noted.
    pub reason: Option<ProposalReason>,
    /// The values that it is to be done with.
    pub asked: BTreeMap<Attribute, String>,
    /// When it was said first.
    pub said_first: Timestamp,
    /// When it was said last.
    pub said_last: Timestamp,
    /// How often it was said.
    pub times: u32,
}

/// Whom a proposal is about.
#[derive(Clone, Debug)]
pub enum ProposedFor {
    /// An account.
    Account(Box<Account>),
    /// A contact.
    Contact(Box<Contact>),
    /// Somebody who is to have an account.
    NewAccount {
        /// Their name, as it was asked; or what else they are known by.
        name: String,
        /// Where.
        organisation: OrganisationCode,
    },
}

impl ProposedFor {
    /// Where they are.
    const fn organisation(&self) -> &OrganisationCode {
        match self {
            Self::Account(account) => &account.organisation,
            Self::Contact(contact) => &contact.organisation,
            Self::NewAccount { organisation, .. } => organisation,
        }
    }
}

/// Whom proposals are about, by the proposals' IDs; without those who are no longer there, or are there by now and were to
/// have an account.
type Subjects = HashMap<ProposalId, ProposedFor>;

impl Gate {
    /// Keeps what a connector's machine proposes, as part of a transaction; or notes that it says so again. Says where the
    /// proposal stands then.
    pub(crate) async fn propose(
        &self,
        tx: &Transaction,
        connector: AccountId,
        mut proposed: Proposed,
    ) -> Result<ProposalState, GateError> {
        // A password is never kept in words.
        proposed.asked.remove(&Attribute::Password);
        Ok(proposals::put_open(tx, connector, proposed, self.now()).await?)
    }

    /// Ends the proposals of some kinds that a connector's machine no longer makes for an account.
    pub(crate) async fn no_longer_said(
        &self,
        tx: &Transaction,
        connector: AccountId,
        account: AccountId,
        kinds: &[ProposalKind],
    ) -> Result<(), GateError> {
        let subject = ProposalSubject::Account(account);
        Ok(proposals::gone(tx, connector, subject, kinds).await?)
    }

    /// Whom proposals are about who are there.
    async fn subjects(&self, db: &impl ConnectionTrait, of: &[Proposal]) -> Result<Subjects, GateError> {
        let (mut accounts, mut subjects) = (Vec::new(), HashMap::new());
        for proposal in of {
            match proposal.proposed.subject {
                ProposalSubject::Account(account) => accounts.push(account.0),
                ProposalSubject::Contact(contact) => {
                    if let Some(contact) = people::contact(db, &everywhere(), contact).await? {
                        subjects.insert(proposal.id, ProposedFor::Contact(Box::new(contact)));
                    }
                }
                ProposalSubject::NewAccount => {}
            }
        }
        let accounts = people::by_ids(db, &accounts).await?.into_iter();
        let accounts: HashMap<_, _> = accounts.map(|account| (account.id, account)).collect();
        for proposal in of {
            if let ProposalSubject::Account(account) = proposal.proposed.subject
                && let Some(account) = accounts.get(&account)
            {
                subjects.insert(proposal.id, ProposedFor::Account(Box::new(account.clone())));
            }
        }
        Ok(subjects)
    }

    /// Whether what is proposed is so already, or is about nobody any more.
    fn is_so(&self, proposal: &Proposal, subjects: &Subjects) -> bool {
        let (kind, asked) = (proposal.proposed.kind, &proposal.proposed.asked);
        match subjects.get(&proposal.id) {
            None => true,
            // They would not be among the subjects.
            Some(ProposedFor::NewAccount { .. }) => false,
            Some(ProposedFor::Account(account)) => kind.is_so(account, asked),
            Some(ProposedFor::Contact(contact)) => kind.is_so_of_contact(contact, asked, &self.rules),
        }
    }
}

impl Visit<'_> {
    /// What is proposed for people for whom the actor may do it. What is so already is ended, and not listed.
    ///
    /// # Errors
    /// `Denied` where the actor may do nothing of the kind anywhere.
    pub async fn proposals(&self, query: ProposalQuery) -> Result<ProposalList, GateError> {
        let authority = self.authority().await?;
        let mut which = decided_by(&authority);
        if which.within.is_empty() {
            return Err(GateError::Denied);
        }
        which
            .within
            .retain(|(kind, _)| query.kind.is_none_or(|asked| asked == *kind));
        which.connector = query.connector;
        let gate = self.gate;
        let db = gate.store.reader();
        let after = query.after.as_deref().and_then(|after| after.parse().ok());
        let mut found = proposals::open(db, &which, after, PROPOSALS_A_PAGE + 1).await?;
        let reviews = proposals::under_review(db, &which, REVIEWS_NAMED).await?;
        let more = found.len() as u64 > PROPOSALS_A_PAGE;
        found.truncate(usize::try_from(PROPOSALS_A_PAGE).unwrap_or(usize::MAX));
        let next = found.last().map(|last| last.id.to_string()).filter(|_| more);
        let mut subjects = gate.subjects(db, &found).await?;
        subjects.extend(newcomers(db, &found).await?);
        let (over, open): (Vec<_>, Vec<_>) = found.into_iter().partition(|proposal| gate.is_so(proposal, &subjects));
        if !over.is_empty() {
            let ids: Vec<_> = over.iter().map(|proposal| proposal.id).collect();
            let tx = gate.store.begin().await?;
            proposals::decide(&tx, &ids, ProposalState::Gone, None, gate.now()).await?;
            commit(tx).await?;
        }
        let connectors: Vec<_> = open.iter().map(|proposal| proposal.connector.0).collect();
        let connectors = people::by_ids(db, &connectors).await?;
        let listed = open.into_iter().filter_map(|proposal| {
            let connector = connectors.iter().find(|holder| holder.id == proposal.connector);
            let subject = subjects.get(&proposal.id)?.clone();
            Some(ListedProposal {
                id: proposal.id,
                kind: proposal.proposed.kind,
                connector: proposal.connector,
                connector_name: connector.map(Account::full_name).unwrap_or_default(),
                organisation: subject.organisation().clone(),
                subject,
                reason: proposal.reason,
                asked: proposal.proposed.asked,
                said_first: proposal.said_first,
                said_last: proposal.said_last,
                times: proposal.times,
            })
        });
        Ok(ProposalList {
            proposals: listed.collect(),
            next,
            reviews: reviews.into_iter().map(|review| self.told(review)).collect(),
        })
    }

    fn told(&self, review: UnderReview) -> ProposalReview {
        let (by, name) = review.by.unzip();
        ProposalReview {
            submission: review.submission,
            is_own: by.is_some() && by == self.actor.account(),
            by: name.unwrap_or_default(),
            proposals: review.proposals,
        }
    }

    /// How many proposals wait for the actor. One that has come true since may be among them until they are listed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn proposal_count(&self) -> Result<u64, GateError> {
        let which = decided_by(&self.authority().await?);
        if which.within.is_empty() {
            return Ok(0);
        }
        Ok(proposals::count_open(self.gate.store.reader(), &which).await?)
    }

    /// Accepts proposals of one kind: what they propose becomes one submission of the actor, which is planned in the
    /// background and confirmed as any other. They stay open until then, and nobody else is asked about them.
    ///
    /// # Errors
    /// `NotFound` where one of them is not there, is over, or is not the actor's to decide on; `Unanswered` where they are
    /// of several kinds, or too many.
    pub async fn accept_proposals(&self, ids: &[ProposalId]) -> Result<SubmissionId, GateError> {
        let gate = self.gate;
        if ids.len() as u64 > MOST_AT_ONCE {
            return Err(GateError::Unanswered);
        }
        let tx = gate.store.begin().await?;
        let authority = gate.authority(&tx, self.actor).await?;
        let found = of_ids(&tx, &authority, ids).await?;
        let Some(kind) = found.first().map(|proposal| proposal.proposed.kind) else {
            return Err(GateError::NotFound);
        };
        if found.iter().any(|proposal| proposal.proposed.kind != kind) {
            return Err(GateError::Unanswered);
        }
        let title = match found.len() {
            1 => format!("Proposal: {}", kind.name()),
            many => format!("{many} proposals: {}", kind.name()),
        };
        let scope = authority.scope(kind.deed());
        let wishes = found.iter().map(|proposal| wish(&proposal.proposed)).collect();
        let submission = self.keep_asked(&tx, &title, &scope, wishes).await?;
        let happening = Happening::ProposalAccepted {
            kind,
            submission: submission.to_string(),
        };
        let rows = (1..).map(RowNumber);
        let taken: Vec<_> = found.iter().map(|proposal| proposal.id).zip(rows).collect();
        let by = self.actor.account().map(|account| (account, self.actor.name()));
        if proposals::take_up(&tx, &taken, &submission, by, gate.now()).await? != taken.len() as u64 {
            return Err(GateError::Stale);
        }
        self.record_decision(&tx, &authority, &found, &happening).await?;
        commit(tx).await?;
        gate.bell.notify_one();
        Ok(submission)
    }

    /// Declines a proposal. It does not come back while the connector's machine says the very same again and again. Whom the
    /// machine deleted, it sees again then.
    ///
    /// # Errors
    /// `NotFound` where it is not there, is over, or is not the actor's to decide on.
    pub async fn decline_proposal(&self, id: ProposalId) -> Result<(), GateError> {
        let tx = self.gate.store.begin().await?;
        let authority = self.gate.authority(&tx, self.actor).await?;
        let found = of_ids(&tx, &authority, &[id]).await?;
        for proposal in &found {
            let kind = proposal.proposed.kind;
            let happening = Happening::ProposalDeclined { kind };
            let one = std::slice::from_ref(proposal);
            let by = self.actor.account().map(|account| (account, self.actor.name()));
            let declined = ProposalState::Declined;
            if proposals::decide(&tx, &[proposal.id], declined, by, self.gate.now()).await? != 1 {
                return Err(GateError::Stale);
            }
            if let (ProposalKind::Delete, ProposalSubject::Account(account)) = (kind, proposal.proposed.subject) {
                links::show(&tx, proposal.connector, account).await?;
            }
            self.record_decision(&tx, &authority, one, &happening).await?;
        }
        commit(tx).await
    }

    /// Records in the trail of each whom proposals are about that somebody has decided on them.
    async fn record_decision(
        &self,
        tx: &Transaction,
        authority: &Authority,
        which: &[Proposal],
        happening: &Happening,
    ) -> Result<(), GateError> {
        let gate = self.gate;
        let subjects = gate.subjects(tx, which).await?;
        for proposal in which {
            let (person, deed) = (proposal.proposed.subject, proposal.proposed.kind.deed());
            tx.record(Record {
                at: gate.now(),
                actor: self.actor.account(),
                actor_name: self.actor.name().to_owned(),
                organisation: match person {
                    ProposalSubject::NewAccount => Some(proposal.proposed.organisation.clone()),
                    _ => subjects.get(&proposal.id).map(|subject| subject.organisation().clone()),
                },
                person: match person {
                    ProposalSubject::Account(account) => Some(account.0),
                    ProposalSubject::Contact(contact) => Some(contact.0),
                    ProposalSubject::NewAccount => None,
                },
                rights: authority.rights_to(deed),
                happening: happening.clone(),
            });
        }
        Ok(())
    }
}

/// The open proposals that somebody decides on: those of the kinds that they may do, where they may.
fn decided_by(authority: &Authority) -> Which {
    let within = ProposalKind::ALL.map(|kind| (kind, authority.scope(kind.deed())));
    Which {
        within: within.into_iter().filter(|(_, scope)| !scope.is_empty()).collect(),
        ..Which::default()
    }
}

/// Open proposals by their IDs, all of them.
async fn of_ids(tx: &Transaction, authority: &Authority, ids: &[ProposalId]) -> Result<Vec<Proposal>, GateError> {
    let mut ids = ids.to_vec();
    ids.sort();
    ids.dedup();
    let many = ids.len();
    let mut which = decided_by(authority);
    which.ids = Some(ids);
    let found = proposals::open(tx, &which, None, MOST_AT_ONCE).await?;
    match found.len() == many {
        true => Ok(found),
        false => Err(GateError::NotFound),
    }
}

/// What a proposal asks for, as its administrator asks for it.
fn wish(proposed: &Proposed) -> Wish {
    let cells = || cells(&proposed.asked);
    match (proposed.subject, proposed.kind) {
        (ProposalSubject::NewAccount, _) => Wish::NewAccount(cells()),
        (ProposalSubject::Contact(contact), _) => Wish::Contact(contact, ContactWish::Edit(cells())),
        (ProposalSubject::Account(account), kind) => {
            let wish = match kind {
                ProposalKind::Delete => AccountWish::Turn(Turn::Delete),
                ProposalKind::Disable => AccountWish::Turn(Turn::Disable),
                ProposalKind::Enable => AccountWish::Turn(Turn::Enable),
                ProposalKind::Move => AccountWish::Move(cells()),
                ProposalKind::Create | ProposalKind::EditContact => AccountWish::Edit(cells()),
            };
            Wish::Account(account, wish)
        }
    }
}

/// Those who are to have an account, and have none yet.
async fn newcomers(db: &impl ConnectionTrait, of: &[Proposal]) -> Result<Subjects, GateError> {
    let mut newcomers = HashMap::new();
    let new = |proposal: &&Proposal| proposal.proposed.subject == ProposalSubject::NewAccount;
    for proposal in of.iter().filter(new) {
        if !is_here(db, &proposal.proposed).await? {
            let newcomer = ProposedFor::NewAccount {
                name: creation_name(&proposal.proposed.asked),
                organisation: proposal.proposed.organisation.clone(),
            };
            newcomers.insert(proposal.id, newcomer);
        }
    }
    Ok(newcomers)
}

/// Whether whoever is to have an account has one by now: one with the same local ID in the tree of the organisation, or with
/// the same email address.
async fn is_here(db: &impl ConnectionTrait, proposed: &Proposed) -> Result<bool, GateError> {
    let cells = cells(&proposed.asked);
    if let Some(address) = cells.key(Attribute::EmailAddress)
        && people::by_address(db, &address).await?.is_some()
    {
        return Ok(true);
    }
    let Some(local_id) = cells.key(Attribute::LocalId) else {
        return Ok(false);
    };
    let codes = std::slice::from_ref(&proposed.organisation);
    let Some(organisation) = organisations::by_codes(db, codes).await?.pop() else {
        return Ok(false);
    };
    let found = synced::by_local_id(db, &everywhere(), organisation.path.root(), &local_id).await?;
    Ok(found.is_some_and(|(_, status)| status != AccountStatus::Deleted))
}

fn cells(asked: &BTreeMap<Attribute, String>) -> Cells {
    Cells::of(asked.iter().map(|(attribute, text)| (*attribute, text.as_str())))
}
