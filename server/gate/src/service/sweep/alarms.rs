//! Connectors whose programs need a look: who holds the role and who manages its places are written to, once for each silence
//! and each failing day, and never twice on a day about one connector.

use std::collections::BTreeSet;

use domain::{
    account::{Account, AccountStatus},
    channel::Channel,
    connector::{ProposalReason, is_failing, is_silent, usual_gap},
    dictionary::Attribute,
    policy::{Actor, Role},
    values::{
        ids::{AccountId, Timestamp},
        links,
    },
};
use store::{
    StoreError,
    access::{
        alarms::{self, Alarm},
        counts::{self, Day},
        proposals, rights,
    },
    directory::{
        grants::{self, Which},
        people,
    },
};

use crate::{
    Gate, GateError,
    calendar::day_number,
    connectors::watching::LOOKED_BACK,
    people::listing::everywhere,
    roles::grants::ROLES_OF_ONE,
    service::letters::{self, Letter},
    submissions::claims::commit,
};

impl Gate {
    /// Writes about connectors that have fallen silent, that failed on the day before, or that disabled too many people.
    ///
    /// # Errors
    /// `Denied` for anybody but the service.
    pub(super) async fn tell_of_connectors(&self, service: &Actor) -> Result<(), GateError> {
        if service.account().is_some() {
            return Err(GateError::Denied);
        }
        let (db, now) = (self.store.reader(), self.now());
        let today = day_number(now);
        for connector in alarms::in_contact_from(db, today - LOOKED_BACK).await? {
            let days = counts::days(db, connector, today - LOOKED_BACK).await?;
            let alarms = [self.braked(connector).await?, alarm(&days, now)];
            for alarm in alarms.into_iter().flatten() {
                if alarms::is_told(db, connector, alarm, today).await? {
                    continue;
                }
                match self.tell_of(connector, alarm, &days).await {
                    // Another process came first.
                    Ok(()) | Err(GateError::Trouble(StoreError::Conflict)) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// Whether people wait because a connector disabled too many within the last day.
    async fn braked(&self, connector: AccountId) -> Result<Option<Alarm>, GateError> {
        let (reason, since) = (ProposalReason::ManyLoseAccess, self.now().plus_seconds(-86_400));
        let waiting = proposals::asked_since(self.store.reader(), connector, reason, since).await?;
        Ok(waiting.map(|(people, first)| Alarm::Braked {
            day: day_number(first),
            people,
        }))
    }

    async fn tell_of(&self, connector: AccountId, alarm: Alarm, days: &[Day]) -> Result<(), GateError> {
        // Read before the transaction, so that nobody waits for it.
        let letters = self.alarm_letters(connector, alarm, days).await?;
        if letters.is_empty() {
            return Ok(());
        }
        let tx = self.store.begin().await?;
        if !alarms::tell(&tx, connector, alarm, day_number(self.now())).await? {
            return Ok(());
        }
        letters::post_all(&tx, &letters, self.now()).await?;
        commit(tx).await
    }

    /// The letters about a connector, each with its address; none if it sends for no place any more.
    async fn alarm_letters(
        &self,
        connector: AccountId,
        alarm: Alarm,
        days: &[Day],
    ) -> Result<Vec<(String, Letter)>, GateError> {
        let (db, now) = (self.store.reader(), self.now());
        let which = Which {
            account: Some(connector),
            role: Some(Role::Connector),
            ..Which::default()
        };
        let mut granted = grants::list(db, &everywhere(), which, now, ROLES_OF_ONE).await?;
        granted.retain(|granted| {
            let terms = &granted.held.terms;
            let is_program = |channel: &Channel| matches!(channel, Channel::Api | Channel::ChangeFile);
            terms.channels.iter().any(is_program) && terms.in_force(now)
        });
        let Some(holder) = granted.first().map(|granted| granted.holder.clone()) else {
            return Ok(vec![]);
        };
        let places: BTreeSet<_> = granted.iter().map(|granted| &granted.held.organisation).collect();
        let mut readers = BTreeSet::new();
        for place in places {
            readers.extend(rights::nearest(db, place, &[Role::PrimaryLocalAdministrator], now).await?);
        }
        readers.remove(&holder.id.0);
        let readers: Vec<_> = readers.into_iter().collect();
        let reason = counts::refusals(db, connector, 1).await?.pop();
        let reason = reason.map(|latest| latest.sentence);
        let page = match alarm {
            Alarm::Braked { .. } => links::proposals_of(&connector),
            Alarm::Silent(_) | Alarm::Failing(_) => links::connector(&connector),
        };
        let link = format!("{}{page}", self.rules.url);
        let about = |reader: &Account, named: Option<(String, String)>| {
            let (name, link) = named.unzip();
            let letter = letter(reader, (name, link), alarm, (days, reason.clone()))?;
            Some((reader.attributes.text(Attribute::EmailAddress).to_owned(), letter))
        };
        let name = holder.full_name();
        let mut letters = Vec::new();
        if holder.status == AccountStatus::Active {
            letters.extend(about(&holder, None));
        }
        for reader in people::by_ids(db, &readers).await? {
            letters.extend(about(&reader, Some((name.clone(), link.clone()))));
        }
        Ok(letters)
    }
}

/// What is wrong with a connector by its days of contact, the latest first.
fn alarm(days: &[Day], now: Timestamp) -> Option<Alarm> {
    let yesterday = day_number(now) - 1;
    let fails = |day: &&Day| day.day == yesterday && is_failing(day.requests, day.refused, day.throttled);
    if let Some(day) = days.iter().find(fails) {
        return Some(Alarm::Failing(day.day));
    }
    let last = days.first()?.last_at;
    is_silent(&numbers(days), last, now).then_some(Alarm::Silent(last))
}

fn numbers(days: &[Day]) -> Vec<i64> {
    days.iter().map(|day| day.day).collect()
}

/// The letter to one reader; `named` are the connector's name and page, for those who are another.
fn letter(
    reader: &Account,
    (connector, link): (Option<String>, Option<String>),
    alarm: Alarm,
    (days, reason): (&[Day], Option<String>),
) -> Option<Letter> {
    let first_name = reader.attributes.text(Attribute::FirstName).to_owned();
    let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    Some(match alarm {
        Alarm::Braked { people, .. } => Letter::ConnectorBraked {
            first_name,
            connector,
            people: u32::try_from(people).unwrap_or(u32::MAX),
            link,
        },
        Alarm::Silent(since) => Letter::ConnectorSilent {
            first_name,
            connector,
            since,
            usual_days: count(usual_gap(&numbers(days))? / 86_400),
            link,
        },
        Alarm::Failing(number) => {
            let day = days.iter().find(|day| day.day == number)?;
            Letter::ConnectorFailing {
                first_name,
                connector,
                day: Timestamp(number * 86_400_000),
                requests: count(day.requests),
                refused: count(day.refused),
                throttled: count(day.throttled),
                reason: reason.filter(|_| day.refused > 0),
                link,
            }
        }
    })
}
