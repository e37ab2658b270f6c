//! Which files of a run count: of each organisation only the newest that names it (S1). Files are newer or older by the
//! order in which their mails came in, whoever sent them.

use std::collections::BTreeMap;

use domain::{
    organisation::{OrganisationCode, OrganisationPath, UnitPath},
    policy::Scope,
};

/// How much of an organisation a sender may send for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Nothing of it, any more: nobody claims what is not theirs.
    Nothing,
    /// Some of its units, each with those below it.
    Units(Vec<UnitPath>),
    /// All of it.
    Whole,
}

impl Reach {
    /// How much of an organisation lies in a scope.
    pub(crate) fn within(scope: &Scope, path: &OrganisationPath) -> Self {
        if scope.covers_whole(path) {
            return Self::Whole;
        }
        let units: Vec<_> = scope.units_of(path).cloned().collect();
        match units.is_empty() {
            true => Self::Nothing,
            false => Self::Units(units),
        }
    }

    /// Whether all that an older file could say is for the newer to say. A ward's list does not replace its hospital's.
    fn covers(&self, older: &Self) -> bool {
        match (self, older) {
            (Self::Nothing, _) => false,
            (Self::Whole, _) | (Self::Units(_), Self::Nothing) => true,
            (Self::Units(_), Self::Whole) => false,
            (Self::Units(own), Self::Units(others)) => {
                let is_covered = |unit: &UnitPath| own.iter().any(|own| own.covers(unit));
                others.iter().all(is_covered)
            }
        }
    }
}

/// A mail of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Its number: the higher, the newer.
    pub(crate) seq: i64,
    /// The organisations that its file names, each with how much of it its sender may send for.
    pub(crate) names: Vec<(OrganisationCode, Reach)>,
    /// Whether any row of its file can be applied. One that would do nothing takes no other's place.
    pub(crate) does_something: bool,
}

impl Sent {
    /// Whether its sender may send nothing, any more, for an organisation that it names.
    pub(crate) fn reaches_not_all(&self) -> bool {
        self.names.iter().any(|(_, reach)| *reach == Reach::Nothing)
    }

    /// Has it speak for all of those, too.
    pub(crate) fn reach_all(&mut self) {
        for (_, reach) in &mut self.names {
            if *reach == Reach::Nothing {
                *reach = Reach::Whole;
            }
        }
    }
}

/// What becomes of a mail of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// Its number.
    pub(crate) seq: i64,
    /// The organisations for which its rows count.
    pub(crate) keeps: Vec<OrganisationCode>,
    /// The organisations for which a newer file counts, each with the number of that one's mail.
    pub(crate) loses: Vec<(OrganisationCode, i64)>,
    /// Of those for which its rows count, the ones for which its sender may send nothing any more: none is applied.
    pub(crate) barred: Vec<OrganisationCode>,
}

impl Chosen {
    /// Whether newer files have replaced all of it.
    pub(crate) const fn is_replaced(&self) -> bool {
        self.keeps.is_empty() && !self.loses.is_empty()
    }

    /// Whether nothing of what counts of it is applied, because its sender may not send for any of it any more.
    pub(crate) const fn is_barred(&self) -> bool {
        !self.barred.is_empty() && self.barred.len() == self.keeps.len()
    }

    /// The organisations for which its rows are applied.
    pub(crate) fn applied(&self) -> Vec<OrganisationCode> {
        let is_applied = |kept: &&OrganisationCode| !self.barred.contains(kept);
        self.keeps.iter().filter(is_applied).cloned().collect()
    }

    /// The numbers of the mails that have replaced something of it.
    pub(crate) fn replaced_by(&self) -> Vec<i64> {
        let mut by: Vec<_> = self.loses.iter().map(|(_, by)| *by).collect();
        by.sort_unstable();
        by.dedup();
        by
    }

    /// The organisations for which the mail with a number counts instead.
    pub(crate) fn lost_to(&self, seq: i64) -> Vec<OrganisationCode> {
        let lost = self.loses.iter().filter(|(_, by)| *by == seq);
        lost.map(|(organisation, _)| organisation.clone()).collect()
    }

    /// The organisations for which a newer file counts.
    pub(crate) fn lost(&self) -> Vec<OrganisationCode> {
        self.loses
            .iter()
            .map(|(organisation, _)| organisation.clone())
            .collect()
    }
}

/// Chooses for each organisation the newest file that names it. What its mails are in, newest first, is what they are
/// answered in.
pub(crate) fn choose(newest_first: &[Sent]) -> Vec<Chosen> {
    let mut claims: BTreeMap<&OrganisationCode, Vec<(i64, &Reach)>> = BTreeMap::new();
    let mut chosen = Vec::with_capacity(newest_first.len());
    for sent in newest_first {
        let (mut keeps, mut loses, mut barred) = (Vec::new(), Vec::new(), Vec::new());
        for (organisation, reach) in &sent.names {
            let claimed = claims.entry(organisation).or_default();
            let newer = claimed.iter().find(|(_, newer)| newer.covers(reach));
            if let Some(by) = newer.map(|(by, _)| *by) {
                loses.push((organisation.clone(), by));
            } else {
                keeps.push(organisation.clone());
                if *reach == Reach::Nothing {
                    barred.push(organisation.clone());
                }
                if sent.does_something {
                    claimed.push((sent.seq, reach));
                }
            }
        }
        chosen.push(Chosen {
            seq: sent.seq,
            keeps,
            loses,
            barred,
        });
    }
    chosen
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> OrganisationCode {
        OrganisationCode::parse(text).unwrap()
    }

    fn sent(seq: i64, names: &[&str]) -> Sent {
        let names = names.iter().map(|name| (code(name), Reach::Whole));
        Sent {
            seq,
            names: names.collect(),
            does_something: true,
        }
    }

    /// What is kept and lost, as text: `3 keeps RIV loses HLD to 4`.
    fn told(newest_first: &[Sent]) -> Vec<String> {
        let line = |chosen: &Chosen| {
            let keeps = chosen.keeps.iter().map(|kept| format!(" keeps {kept}"));
            let loses = chosen.loses.iter().map(|(lost, by)| format!(" loses {lost} to {by}"));
            format!("{}{}", chosen.seq, keeps.chain(loses).collect::<String>())
        };
        choose(newest_first).iter().map(line).collect()
    }

    #[test]
    fn of_two_files_of_one_organisation_the_newer_counts() {
        let told = told(&[sent(2, &["RIV"]), sent(1, &["RIV"])]);
        assert_eq!(told, ["2 keeps RIV", "1 loses RIV to 2"]);
        assert!(choose(&[sent(2, &["RIV"]), sent(1, &["RIV"])])[1].is_replaced());
    }

    #[test]
    fn files_of_different_organisations_both_count() {
        let told = told(&[sent(2, &["G7H8J"]), sent(1, &["RIV"])]);
        assert_eq!(told, ["2 keeps G7H8J", "1 keeps RIV"]);
    }

    #[test]
    fn a_file_of_two_loses_only_the_organisation_that_a_newer_one_names() {
        let mails = [sent(3, &["RIV"]), sent(2, &["RIV", "RIV01"]), sent(1, &["RIV01"])];
        let expected = ["3 keeps RIV", "2 keeps RIV01 loses RIV to 3", "1 loses RIV01 to 2"];
        assert_eq!(told(&mails), expected);
        assert!(!choose(&mails)[1].is_replaced());
        assert_eq!(choose(&mails)[1].replaced_by(), [3]);
    }

    #[test]
    fn a_file_that_names_nothing_neither_claims_nor_loses() {
        assert_eq!(told(&[sent(2, &[]), sent(1, &["RIV"])]), ["2", "1 keeps RIV"]);
        assert!(!choose(&[sent(2, &[])])[0].is_replaced());
    }

    #[test]
    fn a_file_that_would_do_nothing_replaces_none_and_can_be_replaced() {
        let idle = |seq| Sent {
            does_something: false,
            ..sent(seq, &["RIV"])
        };
        let mails = [idle(3), sent(2, &["RIV"]), idle(1)];
        assert_eq!(told(&mails), ["3 keeps RIV", "2 keeps RIV", "1 loses RIV to 2"]);
    }

    #[test]
    fn who_may_no_longer_send_for_an_organisation_claims_nothing_of_it() {
        let revoked = |seq| Sent {
            seq,
            names: vec![(code("RIV"), Reach::Nothing)],
            does_something: true,
        };
        let mails = [revoked(3), sent(2, &["RIV"]), revoked(1)];
        assert_eq!(told(&mails), ["3 keeps RIV", "2 keeps RIV", "1 loses RIV to 2"]);
        let chosen = choose(&mails);
        assert_eq!(
            chosen.iter().map(Chosen::is_barred).collect::<Vec<_>>(),
            [true, false, false]
        );
        assert_eq!((chosen[0].applied(), chosen[1].applied()), (vec![], vec![code("RIV")]));
    }

    #[test]
    fn what_was_applied_counts_though_its_sender_may_send_no_longer() {
        let mut applied = Sent {
            seq: 2,
            names: vec![
                (code("RIV"), Reach::Nothing),
                (code("RIV01"), Reach::Units(vec![UnitPath::parse("Medicine")])),
            ],
            does_something: true,
        };
        assert!(applied.reaches_not_all());
        applied.reach_all();
        assert!(!applied.reaches_not_all());
        let expected = ["2 keeps RIV keeps RIV01", "1 keeps RIV01 loses RIV to 2"];
        assert_eq!(told(&[applied, sent(1, &["RIV", "RIV01"])]), expected);
    }

    #[test]
    fn a_wards_list_does_not_replace_its_hospitals() {
        let ward = |seq, unit: &str| Sent {
            seq,
            names: vec![(code("RIV"), Reach::Units(vec![UnitPath::parse(unit)]))],
            does_something: true,
        };
        let mails = [
            ward(5, "Medicine"),
            sent(4, &["RIV"]),
            ward(3, "Medicine / Ward 7"),
            ward(2, "Surgery"),
            sent(1, &["RIV"]),
        ];
        let expected = [
            "5 keeps RIV",
            "4 keeps RIV",
            "3 loses RIV to 5",
            "2 loses RIV to 4",
            "1 loses RIV to 4",
        ];
        assert_eq!(told(&mails), expected);
    }

    /// Mails with descending numbers, each naming some of six organisations.
    fn any_mails() -> impl Strategy<Value = Vec<Sent>> {
        let names = proptest::collection::btree_set(0..6u8, 0..5);
        proptest::collection::vec(names, 0..12).prop_map(|mails| {
            let numbered = mails.into_iter().zip((1..=12).rev());
            let mail = |(names, seq): (BTreeSet<u8>, i64)| Sent {
                seq,
                names: names
                    .into_iter()
                    .map(|name| (code(&format!("ORG{name}")), Reach::Whole))
                    .collect(),
                does_something: true,
            };
            numbered.map(mail).collect()
        })
    }

    proptest! {
        #[test]
        fn each_named_organisation_is_kept_by_its_newest_mail_alone(mails in any_mails()) {
            let chosen = choose(&mails);
            prop_assert_eq!(chosen.len(), mails.len());
            for number in 0..6u8 {
                let organisation = code(&format!("ORG{number}"));
                let naming = mails.iter().filter(|mail| mail.names.iter().any(|(name, _)| *name == organisation));
                let newest = naming.map(|mail| mail.seq).max();
                let keeping: Vec<_> = chosen.iter().filter(|mail| mail.keeps.contains(&organisation)).collect();
                prop_assert_eq!(keeping.iter().map(|mail| mail.seq).collect::<Vec<_>>(), Vec::from_iter(newest));
            }
        }

        #[test]
        fn every_name_is_kept_or_lost_to_a_newer_mail_that_keeps_it(mails in any_mails()) {
            let chosen = choose(&mails);
            for (mail, chosen_of) in mails.iter().zip(&chosen) {
                prop_assert_eq!(chosen_of.keeps.len() + chosen_of.loses.len(), mail.names.len());
                for (lost, by) in &chosen_of.loses {
                    prop_assert!(*by > mail.seq);
                    let winner = chosen.iter().find(|other| other.seq == *by).unwrap();
                    prop_assert!(winner.keeps.contains(lost));
                }
            }
        }

        #[test]
        fn choosing_again_among_the_winners_changes_nothing(mails in any_mails()) {
            let chosen = choose(&mails);
            let winners: Vec<_> = chosen
                .iter()
                .map(|mail| Sent {
                    seq: mail.seq,
                    names: mail.keeps.iter().map(|kept| (kept.clone(), Reach::Whole)).collect(),
                    does_something: true,
                })
                .collect();
            prop_assert!(choose(&winners).iter().all(|mail| mail.loses.is_empty()));
        }
    }
}
