//! Whose folders cannot be used: it is logged once, until they can be or it is for another reason.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::customer::CustomerNumber;

use super::{looked::Look, watched::Lane};
use crate::operate::observe;

/// What was logged of customers whose folders cannot be used.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    said: Mutex<HashMap<CustomerNumber, HashMap<Lane, Vec<String>>>>,
}

/// What is new about a customer.
#[derive(Debug, PartialEq, Eq)]
enum News {
    /// Something cannot be used, and why.
    Troubled(String),
    /// All can be used again.
    Well,
}

impl Troubles {
    /// Takes in what came of a look, and says what is new about it.
    pub(super) fn note(&self, customer: CustomerNumber, lane: Lane, look: &Look) {
        let why = look.troubled.iter().map(|(_, why)| why.clone()).collect();
        for news in self.news(customer, lane, why) {
            match news {
                News::Troubled(why) => tracing::error!(
                    %customer,
                    error = why,
                    "change files cannot be taken or reported; none is lost, and it is tried again"
                ),
                News::Well => tracing::info!(%customer, "change files are taken and reported again"),
            }
        }
    }

    /// Forgets a customer that is no more.
    pub(super) fn forget(&self, customer: CustomerNumber, lane: Lane) {
        self.news(customer, lane, vec![]);
    }

    fn news(&self, customer: CustomerNumber, lane: Lane, why: Vec<String>) -> Vec<News> {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let own = said.entry(customer).or_default();
        let is_said = |why: &&String| own.values().flatten().any(|said| said == *why);
        let mut news: Vec<_> = why.iter().filter(|why| !is_said(why)).cloned().collect();
        news.dedup();
        let mut news: Vec<_> = news.into_iter().map(News::Troubled).collect();
        let was_well = own.is_empty();
        match why.is_empty() {
            true => own.remove(&lane),
            false => own.insert(lane, why),
        };
        if own.is_empty() {
            said.remove(&customer);
            if !was_well {
                news.push(News::Well);
            }
        }
        observe::tell_change_files_taken(said.is_empty());
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_is_said_once_until_it_is_over() {
        let (troubles, customer) = (Troubles::default(), CustomerNumber::new(30_020_506).unwrap());
        let news = |lane: Lane, why: &[&str]| {
            let why = why.iter().map(|why| (*why).to_owned()).collect();
            troubles.news(customer, lane, why)
        };
        let troubled = |why: &str| vec![News::Troubled(why.to_owned())];
        let (processing, rehearsing) = (Lane::Processing, Lane::Rehearsing);
        assert!(news(processing, &[]).is_empty());
        assert_eq!(news(processing, &["full"]), troubled("full"));
        // Both of a customer's folders have it.
        assert!(news(rehearsing, &["full"]).is_empty());
        assert!(news(processing, &["full"]).is_empty());
        assert_eq!(news(processing, &["gone"]), troubled("gone"));
        assert!(news(processing, &[]).is_empty());
        assert_eq!(news(rehearsing, &[]), [News::Well]);
        assert_eq!(news(rehearsing, &["full"]), troubled("full"));
    }
}
