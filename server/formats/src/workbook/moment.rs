//! Days and times as people here write them, from what the two kinds of workbook keep of them.

use domain::values::day::calendar;

/// Days from 1 January 1904 back to where other workbooks begin to count.
const DAYS_TO_1904: i64 = 1462;

/// The last day that spreadsheets know: 31 December 9999.
const LAST_DAY: i64 = 2_958_465;

const SECONDS_A_DAY: i64 = 86_400;

/// From which day a workbook counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Epoch {
    /// 1 January 1900 is 1; and 29 February 1900, which never was, is 60.
    #[default]
    Of1900,
    /// 1 January 1904 is 0.
    Of1904,
}

/// How much of a moment a cell shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// The day.
    Day,
    /// The day and the time; midnight is left out.
    DayAndTime,
    /// The time of day.
    Time,
    /// How long something takes, in hours.
    Duration,
}

/// A count of days as the moment that it is: `03/11/2026`, `03/11/2026 14:30`, `14:30`. `None` if it is not one.
pub(super) fn shown(days: f64, epoch: Epoch, shows: Shows) -> Option<String> {
    if !(0.0..=LAST_DAY as f64).contains(&days) {
        return None;
    }
    let seconds = (days * SECONDS_A_DAY as f64).round() as i64;
    let (day, rest) = (seconds.div_euclid(SECONDS_A_DAY), seconds.rem_euclid(SECONDS_A_DAY));
    let text = match shows {
        Shows::Day => date(days.floor() as i64, epoch),
        Shows::DayAndTime if rest == 0 => date(day, epoch),
        Shows::DayAndTime => format!("{} {}", date(day, epoch), time(rest)),
        Shows::Time => time(rest),
        Shows::Duration => time(seconds),
    };
    Some(text)
}

/// Seconds as hours and minutes, with the seconds where there are any.
fn time(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match seconds {
        0 => format!("{hours:02}:{minutes:02}"),
        _ => format!("{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

fn date(day: i64, epoch: Epoch) -> String {
    let day = match epoch {
        Epoch::Of1900 if day == 60 => return "29/02/1900".to_owned(),
        Epoch::Of1900 if day < 60 => day + 1,
        Epoch::Of1900 => day,
        Epoch::Of1904 => day + DAYS_TO_1904,
    };
    let (year, month, day) = calendar(day);
    format!("{day:02}/{month:02}/{year:04}")
}

/// A moment as ISO 8601 writes it, such as `2027-05-01T00:00:00`, as people here do: `01/05/2027`. `None` if it is not one.
pub(super) fn from_iso(text: &str) -> Option<String> {
    let text = text.trim();
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, time),
        None if text.contains(':') => ("", text),
        None => (text, ""),
    };
    let day = match day {
        "" => String::new(),
        day => turned(day)?,
    };
    let time: String = time.chars().take(5).collect();
    let is_time = time.len() == 5
        && time.bytes().enumerate().all(|(place, byte)| match place {
            2 => byte == b':',
            _ => byte.is_ascii_digit(),
        });
    match (day.as_str(), time.as_str()) {
        ("", "") => None,
        (_, "" | "00:00") if !day.is_empty() => Some(day),
        _ if !is_time => None,
        ("", _) => Some(time),
        _ => Some(format!("{day} {time}")),
    }
}

/// `2027-05-01` as `01/05/2027`.
fn turned(day: &str) -> Option<String> {
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    let is_number = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = is_number(year, 4) && is_number(month, 2) && is_number(day, 2);
    is_day.then(|| format!("{day}/{month}/{year}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_spreadsheets_count_them() {
        let day = |days, epoch| shown(days, epoch, Shows::Day).unwrap();
        let named = [
            (1.0, "01/01/1900"),
            (59.0, "28/02/1900"),
            (60.0, "29/02/1900"),
            (61.0, "01/03/1900"),
            (36_526.0, "01/01/2000"),
            (36_585.0, "29/02/2000"),
            (46_329.0, "03/11/2026"),
            (46_329.9, "03/11/2026"),
            (2_958_465.0, "31/12/9999"),
        ];
        for (days, text) in named {
            assert_eq!(day(days, Epoch::Of1900), text);
        }
        assert_eq!(day(0.0, Epoch::Of1904), "01/01/1904");
        assert_eq!(day(44_867.0, Epoch::Of1904), "03/11/2026");
        assert_eq!(shown(-1.0, Epoch::Of1900, Shows::Day), None);
        assert_eq!(shown(f64::NAN, Epoch::Of1900, Shows::Day), None);
    }

    #[test]
    fn times_and_durations_are_hours_and_minutes() {
        let text = |days, shows| shown(days, Epoch::Of1900, shows).unwrap();
        assert_eq!(text(46_329.5, Shows::DayAndTime), "03/11/2026 12:00");
        assert_eq!(text(46_329.0, Shows::DayAndTime), "03/11/2026");
        assert_eq!(text(46_329.510_416_666_7, Shows::Time), "12:15");
        assert_eq!(text(1.5, Shows::Duration), "36:00");
    }

    #[test]
    fn iso_moments_are_turned_and_other_text_is_not() {
        assert_eq!(from_iso("2027-05-01T00:00:00").as_deref(), Some("01/05/2027"));
        assert_eq!(from_iso("2027-05-01").as_deref(), Some("01/05/2027"));
        assert_eq!(from_iso("2027-05-01T08:30:00Z").as_deref(), Some("01/05/2027 08:30"));
        assert_eq!(from_iso("08:30:00").as_deref(), Some("08:30"));
        for text in ["", "May 2027", "PT8H", "2027-05", "01-05-2027"] {
            assert_eq!(from_iso(text), None, "{text:?}");
        }
    }
}
