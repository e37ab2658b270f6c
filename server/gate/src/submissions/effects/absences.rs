//! Who is told about an absence that somebody entered, changed or took back, and of its end: its person, and the administrators
//! of their organisation, who get one letter about all that a submission did.

use std::collections::BTreeMap;

use domain::{
    absence::Absence,
    account::Account,
    life::Turn,
    organisation::OrganisationCode,
    plan::{AccountRef, AccountStep, Step},
    values::ids::Timestamp,
};
use store::access::rights;

use super::gathered::{AbsentPerson, Aftermath, address, first_name};
use crate::{
    GateError,
    service::letters::{self, AbsenceNews, Letter, PersonNews},
};

impl Aftermath<'_> {
    /// Notes the absence that a step enters, changes or ends. One without a day is an account that is disabled, and no news.
    pub(super) fn note_absence(&mut self, step: &Step) {
        let is_service = self.doing.actor.account().is_none();
        let noted = |of: &AccountRef, news| AbsentPerson {
            account: of.account,
            organisation: of.organisation.clone(),
            news,
        };
        let absent = match step {
            Step::Account(of, AccountStep::PlanAbsence { after: None, .. }) => noted(of, AbsenceNews::TakenBack),
            Step::Account(
                of,
                AccountStep::PlanAbsence {
                    before,
                    after: Some(after),
                },
            ) if days(before.as_ref()) != days(Some(after)) => noted(of, entered(after)),
            // The letter about a planned absence was sent when it was entered.
            Step::Account(
                of,
                AccountStep::Turn {
                    turn: Turn::Disable,
                    away: Some(away),
                    ..
                },
            ) if !is_service && away.until.is_some() => noted(of, entered(away)),
            Step::Account(
                of,
                AccountStep::Turn {
                    turn: Turn::Enable,
                    back: Some(back),
                    ..
                },
            ) if back.until.is_some() => noted(of, AbsenceNews::Back),
            _ => return,
        };
        self.absences.push(absent);
    }

    /// Tells each person of their own, and each administrator of all.
    pub(super) async fn tell_of_absences(&mut self) -> Result<(), GateError> {
        let by = self.doing.actor.account().map(|_| self.by.clone());
        let mut told: BTreeMap<OrganisationCode, Vec<PersonNews>> = BTreeMap::new();
        let mut own_letters = Vec::new();
        for absent in std::mem::take(&mut self.absences) {
            let Some(account) = self.people.get(&absent.account) else {
                continue;
            };
            if Some(account.id) != self.actor() {
                own_letters.push(own(account, by.clone(), absent.news));
            }
            told.entry(absent.organisation).or_default().push(PersonNews {
                name: account.full_name(),
                news: absent.news,
            });
        }
        letters::post_all(self.tx, &own_letters, self.gate.now()).await?;
        for (code, people) in told {
            let administrators = rights::administrators(self.tx, &code, self.gate.now()).await?;
            let letter = Letter::Absences {
                first_name: String::new(),
                organisation: self.name(&code).await?,
                by: by.clone(),
                people,
                others: 0,
            };
            let key = format!("{} absences {code}", self.doing.submission);
            self.gather_for(&administrators, &letter, &key).await?;
        }
        Ok(())
    }
}

/// The letter to the person themself.
fn own(account: &Account, by: Option<String>, news: AbsenceNews) -> (String, Letter) {
    let letter = Letter::OwnAbsence {
        first_name: first_name(&account.attributes),
        by,
        news,
    };
    (address(&account.attributes).to_owned(), letter)
}

/// The days of an absence: another reason alone is no news.
fn days(absence: Option<&Absence>) -> (Option<Timestamp>, Option<Timestamp>) {
    absence.map_or((None, None), |absence| (absence.from, absence.until))
}

const fn entered(absence: &Absence) -> AbsenceNews {
    AbsenceNews::Entered {
        from: absence.from,
        until: absence.until,
    }
}
