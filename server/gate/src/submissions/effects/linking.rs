//! One-time links that follow from applied rows: made, mailed to their people or shown to the person who asked, and ended.

use domain::{
    account::{self, Account, AccountStatus},
    dictionary::Attributes,
    life::Turn,
    organisation::OrganisationCode,
    plan::{AccountStep, PlannedRow, Step},
    policy::Deed,
    trail::{GivenOut, Happening, Record},
    values::{
        ids::{AccountId, RowNumber},
        links,
    },
};
use store::{
    Transaction,
    access::{
        codes::{self, NewCode},
        credentials::{self, NewLink, PendingLink},
        rights,
    },
    directory::{newcomers, people},
    submissions,
};

pub use super::gathered::MadeLink;
use super::gathered::{Aftermath, address, alternate, first_name};
pub(crate) use super::gathered::{Replaces, Viewer};
use crate::{
    Gate, GateError,
    service::letters::Letter,
    sign_in::{
        password_sign_in::counting::forgive_all,
        secret_tokens::{new_token, token_hash},
        spoken,
    },
    submissions::proof,
};

/// Why somebody is sent a link to choose a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Because {
    /// Somebody asked for it.
    Asked,
    /// They were given a role, which ends the ways in that others have seen.
    OfNewRole,
}

/// A link that is made for an account.
struct New {
    /// The one that a letter will carry; `None` if nothing is mailed.
    mailed: Option<PendingLink>,
    links: Vec<NewLink>,
    code: Option<NewCode>,
}

impl Aftermath<'_> {
    /// Makes codes ready for the links that will be shown, and reads to which private addresses others go.
    pub(super) async fn prepare_links(&mut self, done: &[&PlannedRow]) -> Result<(), GateError> {
        let making: Vec<_> = done.iter().filter(|row| makes_link(&row.step)).collect();
        let earlier: Vec<_> = making.iter().filter_map(|row| row.step.account()).collect();
        if self.doing.viewer.is_shown() {
            self.linking.ready = spoken::ready(making.len()).await;
        }
        self.linking.private = newcomers::private_addresses(self.tx, &earlier).await?;
        // Whoever chose the other address of a role holder would be in with the role, however long ago that was given.
        let reachable = self
            .people
            .values()
            .filter(|person| alternate(&person.attributes).is_some());
        let reachable: Vec<_> = reachable.map(|person| person.id).collect();
        let holders = rights::holding_any(self.tx, &reachable).await?;
        self.linking.to_mailbox.extend(holders);
        Ok(())
    }

    /// Keeps what was made for new accounts, and gives back the links that are to be shown.
    pub(super) async fn keep_first_links(&mut self) -> Result<Vec<MadeLink>, GateError> {
        let linking = std::mem::take(&mut self.linking);
        credentials::end_links_of(self.tx, &linking.ended).await?;
        credentials::keep_links(self.tx, &linking.first).await?;
        codes::keep(self.tx, &linking.first_codes).await?;
        newcomers::keep_private_addresses(self.tx, &linking.first_private).await?;
        self.record_private(GivenOut::EmailedPrivately, linking.sent_privately)
            .await?;
        self.record_private(GivenOut::PrivatelyLater, linking.privately_later)
            .await?;
        Ok(linking.shown)
    }

    /// That links go to addresses which somebody wrote into a file stands in the trail of who wrote them.
    async fn record_private(&self, how: GivenOut, people: u32) -> Result<(), GateError> {
        let sender = self.doing.actor.account().filter(|_| people > 0);
        let Some(sender) = sender else { return Ok(()) };
        let own = people::by_ids(self.tx, &[sender.0]).await?.pop();
        let file = submissions::hold(self.tx, self.doing.submission).await?;
        self.tx.record(Record {
            at: self.gate.now(),
            actor: Some(sender),
            actor_name: self.by.clone(),
            organisation: own.map(|own| own.organisation),
            person: None,
            rights: self
                .gate
                .authority(self.tx, self.doing.actor)
                .await?
                .rights_to(Deed::CreatePeople),
            happening: Happening::LinksGivenOut {
                submission: self.doing.submission.to_string(),
                file: file.map(|file| file.file_name).unwrap_or_default(),
                people,
                how,
                again: false,
            },
        });
        Ok(())
    }

    /// Takes the private address that a row gives for the links of whom it creates. It is kept until they activate the
    /// account, however late their first link is sent.
    pub(super) fn take_private_address(&mut self, row: RowNumber, account: AccountId, is_sent_now: bool) {
        let Some(private) = self.doing.private.get(&row) else {
            return;
        };
        self.linking.private.insert(account, private.clone());
        self.linking.first_private.push((account, private.clone()));
        match is_sent_now {
            true => self.linking.sent_privately += 1,
            false => self.linking.privately_later += 1,
        }
    }

    /// The first link of a new account.
    pub(super) async fn welcome(
        &mut self,
        account: AccountId,
        organisation: &OrganisationCode,
        attributes: &Attributes,
    ) -> Result<(), GateError> {
        let new = self.new_links(account, attributes, self.doing.viewer);
        self.linking.first.extend(new.links);
        self.linking.first_codes.extend(new.code);
        self.write_activation(account, organisation, attributes, new.mailed)
            .await
    }

    /// Another activation link in place of those before.
    pub(super) async fn invite(
        &mut self,
        account: AccountId,
        organisation: &OrganisationCode,
        attributes: &Attributes,
        viewer: Viewer,
    ) -> Result<(), GateError> {
        let mailed = self.replace_links(account, attributes, viewer).await?;
        self.write_activation(account, organisation, attributes, mailed).await
    }

    async fn write_activation(
        &mut self,
        account: AccountId,
        organisation: &OrganisationCode,
        attributes: &Attributes,
        mailed: Option<PendingLink>,
    ) -> Result<(), GateError> {
        let Some(link) = mailed else { return Ok(()) };
        let letter = Letter::Activation {
            first_name: first_name(attributes),
            organisation: self.name(organisation).await?,
            address: address(attributes).to_owned(),
            link,
        };
        let private = self.linking.private.get(&account).map(String::as_str);
        // Somebody new reads no mailbox of their own yet, but perhaps another.
        let alternate = alternate(attributes).filter(|_| !self.linking.to_mailbox.contains(&account));
        let to = private.or(alternate).unwrap_or(address(attributes)).to_owned();
        self.letters.push((to, letter));
        Ok(())
    }

    /// Anybody who was shown a link, a code or a one-time password could use the role with it, and so could a reader of a
    /// private address that somebody else wrote down. All are good no more, and another link goes to the mailbox alone.
    pub(super) async fn end_shown_ways_in(&mut self, account: AccountId) -> Result<(), GateError> {
        newcomers::forget_private_addresses(self.tx, &[account.0]).await?;
        self.linking.private.remove(&account);
        self.linking.to_mailbox.insert(account);
        if !credentials::was_shown_way_in(self.tx, account).await? {
            return Ok(());
        }
        credentials::revoke(self.tx, account, self.gate.now()).await?;
        match self.people.get(&account).cloned() {
            Some(account) => self.reset(&account, Because::OfNewRole).await,
            None => Ok(()),
        }
    }

    /// A link by which somebody chooses a password, in place of the one that they have.
    pub(super) async fn reset(&mut self, account: &Account, because: Because) -> Result<(), GateError> {
        let is_activated = account.status != AccountStatus::Pending;
        if is_activated && self.doing.replaces == Replaces::Activations {
            // Somebody who has activated their account since they were looked for keeps their password.
            return Err(GateError::Stale);
        }
        let viewer = match proof::goes_by_email_alone(self.tx, account.id, self.gate.now()).await? {
            true => Viewer::Nobody,
            false => self.doing.viewer,
        };
        if !is_activated {
            self.tell_of_link(account);
            return self
                .invite(account.id, &account.organisation, &account.attributes, viewer)
                .await;
        }
        credentials::revoke(self.tx, account.id, self.gate.now()).await?;
        forgive_all(self.tx, account).await?;
        let mailed = self.replace_links(account.id, &account.attributes, viewer).await?;
        if let Some(link) = mailed {
            let first_name = first_name(&account.attributes);
            let letter = match because {
                Because::Asked => Letter::PasswordReset {
                    first_name,
                    by: self.by.clone(),
                    link,
                },
                Because::OfNewRole => Letter::LinkReplaced { first_name, link },
            };
            self.letters.push((address(&account.attributes).to_owned(), letter));
        }
        self.tell_of_link(account);
        Ok(())
    }

    /// Ends the links that an account may have, in letters that wait too, and makes others.
    async fn replace_links(
        &mut self,
        account: AccountId,
        attributes: &Attributes,
        viewer: Viewer,
    ) -> Result<Option<PendingLink>, GateError> {
        credentials::end_links(self.tx, account).await?;
        let new = self.new_links(account, attributes, viewer);
        credentials::keep_links(self.tx, &new.links).await?;
        codes::keep(self.tx, new.code.as_slice()).await?;
        Ok(new.mailed)
    }

    /// The link that a letter will carry, another one for somebody who is there to be shown it, and what is to be kept of
    /// both. Both expire together, counted from the asking: that is what the asker is told, and a letter that waits for
    /// its mail server opens the account no longer than they know.
    fn new_links(&mut self, account: AccountId, attributes: &Attributes, viewer: Viewer) -> New {
        let now = self.gate.now();
        let expires = self.gate.link_ends(now);
        let mailed = (viewer != Viewer::AskerAlone).then(|| PendingLink::until(expires));
        let mut links: Vec<_> = mailed.iter().map(|mailed| mailed.of(account)).collect();
        if !viewer.is_shown() {
            let code = None;
            return New { mailed, links, code };
        }
        let (url, token_hash) = new_url(self.gate);
        links.push(NewLink {
            account,
            token_hash,
            expires,
        });
        let ready = self.linking.ready.pop();
        let (code, kept) = ready.map(|ready| ready.of(account, now, expires)).unzip();
        self.linking.shown.push(MadeLink {
            account,
            name: account::full_name(attributes),
            address: address(attributes).to_owned(),
            url,
            expires,
            code,
        });
        New {
            mailed,
            links,
            code: kept,
        }
    }
}

/// Whether a step makes a link that may be shown to the person who asked for it.
fn makes_link(step: &Step) -> bool {
    match step {
        Step::CreateAccount {
            with_password,
            provision,
            ..
        } => !with_password && provision.invites(),
        Step::Account(_, AccountStep::ResetPassword { .. }) => true,
        Step::Account(_, AccountStep::Turn { turn, .. }) => *turn == Turn::Restore,
        _ => false,
    }
}

/// Makes a link for an account, for the operator to hand over; earlier ones stop working. No code stands for it: whom the
/// operator appoints holds a role.
pub(crate) async fn link_for(gate: &Gate, tx: &Transaction, account: &Account) -> Result<MadeLink, GateError> {
    credentials::end_links(tx, account.id).await?;
    let (url, token_hash) = new_url(gate);
    let expires = gate.link_ends(gate.now());
    let kept = NewLink {
        account: account.id,
        token_hash,
        expires,
    };
    credentials::keep_links(tx, &[kept]).await?;
    Ok(MadeLink {
        account: account.id,
        name: account.full_name(),
        address: address(&account.attributes).to_owned(),
        url,
        expires,
        code: None,
    })
}

/// The URL of a new one-time link, and what the database keeps of its token.
pub(crate) fn new_url(gate: &Gate) -> (String, String) {
    let token = new_token();
    let url = format!("{}{}", gate.rules.url, links::start(&token));
    (url, token_hash(&token))
}

/// The URL of a new link to a new address, and what the database keeps of its token.
pub(crate) fn new_rename_url(gate: &Gate) -> (String, String) {
    let token = new_token();
    let url = format!("{}{}", gate.rules.url, links::rename(&token));
    (url, token_hash(&token))
}
