//! Whose turn it is: of each source the lowest number, and the sources in the order in which these files came.

use std::collections::HashMap;

use domain::{change_file::FileName, customer::CustomerNumber};

use super::found::Entry;

/// The file of each source whose turn it is, in the order in which they came. One that is still being uploaded has its turn,
/// too: were the next number taken before it, it would be too low.
pub(super) fn turns<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<(&'a Entry, &'a FileName)> {
    let mut first: HashMap<(CustomerNumber, &str), (&Entry, &FileName)> = HashMap::new();
    for entry in entries {
        let Ok(name) = &entry.says else { continue };
        let turn = first
            .entry((name.customer, name.source.as_str()))
            .or_insert((entry, name));
        if place(entry, name) < place(turn.0, turn.1) {
            *turn = (entry, name);
        }
    }
    let mut turns: Vec<_> = first.into_values().collect();
    turns.sort_by(|one, other| came(one.0).cmp(&came(other.0)));
    turns
}

/// A file's place among those of its source.
fn place<'a>(entry: &'a Entry, name: &FileName) -> (i64, (i64, i64), &'a str) {
    let (changed, shown) = came(entry);
    (name.number, changed, shown)
}

/// When a file came.
fn came(entry: &Entry) -> ((i64, i64), &str) {
    (entry.stamp.changed, &entry.shown)
}

#[cfg(test)]
mod tests {
    use std::{fs, thread::sleep, time::Duration};

    use super::{super::found::list, *};

    /// The order in which files are taken that came in this order.
    fn order(names: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            fs::write(folder.path().join(name), "x\n").unwrap();
            // A file system may count its moments in hundredths of a second.
            sleep(Duration::from_millis(20));
        }
        let mut entries = list(folder.path()).unwrap();
        let mut order = Vec::new();
        while let Some((entry, _)) = turns(entries.iter()).first() {
            let shown = entry.shown.clone();
            entries.retain(|entry| entry.shown != shown);
            order.push(shown);
        }
        order
    }

    #[test]
    fn numbers_of_a_source_go_up_whenever_they_came() {
        assert_eq!(
            order(&["7_PRV_10.csv", "7_prv_9.CSV", "7_PRV_100.csv", "7_PRV_010.csv"]),
            ["7_prv_9.CSV", "7_PRV_10.csv", "7_PRV_010.csv", "7_PRV_100.csv"]
        );
    }

    #[test]
    fn sources_take_turns_in_the_order_in_which_their_files_came() {
        assert_eq!(
            order(&["7_hr_PRV_5.csv", "7_AD_PRV_2.csv", "7_HR_PRV_4.csv", "7_ad_PRV_3.csv"]),
            ["7_AD_PRV_2.csv", "7_HR_PRV_4.csv", "7_hr_PRV_5.csv", "7_ad_PRV_3.csv"]
        );
    }

    #[test]
    fn of_ten_thousand_files_it_is_the_lowest_ones_turn() {
        let folder = tempfile::tempdir().unwrap();
        for number in (0..10_000).rev() {
            fs::write(folder.path().join(format!("7_PRV_{number}.csv")), "").unwrap();
        }
        let entries = list(folder.path()).unwrap();
        assert_eq!(entries.len(), 10_000);
        let turns = turns(entries.iter());
        assert_eq!(turns.len(), 1);
        assert_eq!(turns[0].0.shown, "7_PRV_0.csv");
    }
}
