//! Numbers as people read them.

/// A number with commas between its thousands.
#[must_use]
pub fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How fast something goes and how long it still takes: `1,200 a second, about 40 seconds left`. None while there is too
/// little to tell it by.
#[must_use]
pub fn pace(done: u32, milliseconds: i64, left: u32) -> Option<String> {
    if done == 0 || milliseconds < 1000 {
        return None;
    }
    let a_second = i64::from(done) * 1000 / milliseconds;
    let seconds = i64::from(left) * milliseconds / (i64::from(done) * 1000);
    let still = match seconds {
        ..10 => "a few seconds left".to_owned(),
        10..90 => format!("about {} seconds left", (seconds + 5) / 10 * 10),
        _ => format!("about {} minutes left", (seconds + 30) / 60),
    };
    let a_second = match u32::try_from(a_second) {
        Ok(0) | Err(_) => String::new(),
        Ok(rows) => format!("{} a second, ", thousands(rows)),
    };
    Some(format!("{a_second}{still}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_as_people_read_them() {
        let told = [0, 999, 1000, 150_000, 4_294_967_295].map(thousands);
        assert_eq!(told, ["0", "999", "1,000", "150,000", "4,294,967,295"]);
    }

    #[test]
    fn a_pace_is_told_once_there_is_something_to_tell_it_by() {
        assert_eq!((pace(0, 9000, 10), pace(10, 999, 10)), (None, None));
        for (done, milliseconds, left, told) in [
            (12_000, 10_000, 48_000, "1,200 a second, about 40 seconds left"),
            (12_000, 10_000, 600, "1,200 a second, a few seconds left"),
            (12_000, 10_000, 144_000, "1,200 a second, about 2 minutes left"),
            (1, 4000, 100, "about 7 minutes left"),
        ] {
            assert_eq!(pace(done, milliseconds, left).as_deref(), Some(told));
        }
    }
}
