//! Between which numbers each setting may lie. A number outside would not be obeyed, or would be obeyed too well: it stops
//! the start, with a sentence.

use anyhow::bail;
use figment::{Figment, value::Value};

/// What a setting of 0 means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zero {
    /// It is refused.
    Refused,
    /// Something documented, in these words.
    Means(&'static str),
}

use Zero::{Means, Refused};

/// Every setting that is a number: the least that may be set besides 0, the most, and what 0 means.
const BOUNDS: &[(&str, u64, u64, Zero)] = &[
    ("standard_quota_gb", 1, 10_000, Refused),
    ("largest_quota_gb", 1, 10_000, Refused),
    ("threshold_percent", 1, 100, Means("any share")),
    ("threshold_accounts", 1, 1_000_000, Means("any number")),
    ("machine_new_percent", 1, 100, Means("any share")),
    ("machine_new_accounts", 1, 1_000_000, Means("any number")),
    ("sweep_percent", 1, 100, Refused),
    ("sweep_accounts", 1, 1_000_000, Refused),
    ("file_mib", 1, 1_024, Refused),
    ("file_rows", 1, 2_000_000, Refused),
    ("file_columns", 1, 1_000, Refused),
    ("file_cell_characters", 1, 100_000, Refused),
    ("claim_seconds", 1, 3_600, Refused),
    ("session_minutes", 1, 1_440, Refused),
    ("session_hours", 1, 168, Refused),
    ("sign_in_failures", 1, 1_000, Refused),
    ("client_failures", 1, 100_000, Refused),
    ("failure_minutes", 1, 1_440, Refused),
    ("fresh_minutes", 1, 1_440, Refused),
    ("reset_link_minutes", 1, 1_440, Refused),
    ("unused_days", 1, 3_660, Means("never")),
    ("inactive_days", 1, 3_660, Means("never")),
    ("disabled_months", 1, 240, Means("never")),
    ("leaver_days", 1, 3_660, Means("never")),
    ("deleted_days", 1, 3_660, Means("never")),
    ("reserved_months", 1, 1_200, Refused),
    ("offer_days", 1, 366, Refused),
    ("notice_days", 1, 3_660, Refused),
    ("password_days", 1, 3_660, Means("never")),
    ("link_days", 1, 90, Refused),
    ("undecided_days", 1, 366, Means("never")),
    ("undo_days", 1, 366, Means("nothing can be undone")),
    ("held_days", 1, 366, Means("never")),
    ("file_days", 1, 3_660, Refused),
    ("uploads_at_once", 1, 10_000, Refused),
    ("hsts_days", 1, 3_660, Means("browsers are told nothing")),
    ("requests_per_minute", 1, 1_000_000, Means("any number")),
    ("requests_burst", 1, 1_000_000, Refused),
    ("address_requests_per_minute", 1, 1_000_000, Means("any number")),
    ("address_requests_burst", 1, 1_000_000, Refused),
    ("header_seconds", 1, 600, Refused),
    ("form_seconds", 1, 600, Refused),
    ("upload_seconds", 1, 3_600, Refused),
    ("audit_years", 1, 100, Means("for good")),
    ("token_days", 1, 3_660, Refused),
];

/// Checks every number that is set, whatever it was set by.
///
/// # Errors
/// Names the setting, its value and what it may be.
pub(super) fn check(figment: &Figment) -> anyhow::Result<()> {
    for &(name, least, most, zero) in BOUNDS {
        let Ok(value) = figment.find_value(name) else {
            continue;
        };
        let number = whole(&value);
        let is_allowed = match (number, zero) {
            (Some(0), Means(_)) => true,
            (Some(number), _) => (least..=most).contains(&number),
            (None, _) => false,
        };
        if !is_allowed {
            let variable = name.to_ascii_uppercase();
            let or_zero = match zero {
                Refused => String::new(),
                Means(meaning) => format!(", or 0 ({meaning})"),
            };
            bail!(
                "PORTAL_{variable}={} cannot be used; set a whole number from {least} to {most}{or_zero}",
                shown(&value)
            );
        }
    }
    Ok(())
}

/// A value as a whole number that is not negative.
fn whole(value: &Value) -> Option<u64> {
    let signed = || value.to_i128().and_then(|number| u64::try_from(number).ok());
    match value.to_u128() {
        Some(number) => u64::try_from(number).ok(),
        None => signed(),
    }
}

/// A value as it was set.
fn shown(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Bool(_, value) => value.to_string(),
        value => {
            let number = value.to_u128().map(|number| number.to_string());
            let number = number.or_else(|| value.to_i128().map(|number| number.to_string()));
            let number = number.or_else(|| value.to_f64().map(|number| number.to_string()));
            number.unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use figment::providers::Serialized;

    use super::*;
    use crate::config::Config;

    fn refused(name: &str, value: impl serde::Serialize) -> String {
        let set = Figment::from(Serialized::defaults(Config::default())).merge((name, value));
        check(&set).map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn every_setting_that_is_a_number_has_bounds() {
        let set = Figment::from(Serialized::defaults(Config::default()));
        let all: figment::value::Dict = set.extract().unwrap();
        let numbers = all.iter().filter(|(_, value)| matches!(value, Value::Num(..)));
        let unbounded: Vec<_> = numbers
            .map(|(name, _)| name.as_str())
            .filter(|name| BOUNDS.iter().all(|(known, ..)| known != name))
            .collect();
        assert_eq!(unbounded, Vec::<&str>::new());
        for &(name, ..) in BOUNDS {
            assert!(all.contains_key(name), "{name} is no setting");
        }
        check(&set).unwrap();
    }

    #[test]
    fn a_number_out_of_bounds_is_refused_with_what_is_allowed() {
        assert_eq!(
            refused("disabled_months", 999_999),
            "PORTAL_DISABLED_MONTHS=999999 cannot be used; set a whole number from 1 to 240, or 0 (never)"
        );
        assert_eq!(
            refused("offer_days", 0),
            "PORTAL_OFFER_DAYS=0 cannot be used; set a whole number from 1 to 366"
        );
        for (value, said) in [
            ("-5", "-5"),
            ("99999999999999999999", ""),
            ("2.5", "2.5"),
            ("soon", "soon"),
        ] {
            let error = refused("leaver_days", value);
            assert!(error.starts_with(&format!("PORTAL_LEAVER_DAYS={said}")), "{error}");
        }
        assert!(refused("leaver_days", -5).starts_with("PORTAL_LEAVER_DAYS=-5 "));
        for documented in [
            "unused_days",
            "inactive_days",
            "disabled_months",
            "leaver_days",
            "deleted_days",
        ] {
            assert_eq!(refused(documented, 0), "", "{documented}");
        }
    }
}
