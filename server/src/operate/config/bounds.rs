//! Between which numbers each setting may lie. A number outside would not be obeyed, or would be obeyed too well: it stops
//! the start, with a sentence.

use anyhow::bail;
use domain::settings::Setting;
use figment::{Figment, value::Value};

/// Checks every number that is set, whatever it was set by, against what these settings may be.
///
/// # Errors
/// Names each setting that is out of its bounds, its value and what it may be, a line each.
pub(super) fn check(figment: &Figment, settings: impl Iterator<Item = &'static Setting>) -> anyhow::Result<()> {
    let wrong: Vec<_> = settings.filter_map(|setting| problem(figment, setting)).collect();
    if !wrong.is_empty() {
        bail!(wrong.join("\n"));
    }
    Ok(())
}

fn problem(figment: &Figment, setting: &Setting) -> Option<String> {
    let (bounds, value) = (setting.bounds?, figment.find_value(setting.name).ok()?);
    if whole(&value).is_some_and(|number| bounds.allow(number)) {
        return None;
    }
    let variable = setting.name.to_ascii_uppercase();
    Some(format!(
        "PORTAL_{variable}={} cannot be used; set {bounds}",
        shown(&value)
    ))
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
pub(super) fn shown(value: &Value) -> String {
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
    use crate::operate::config::Config;

    fn refused(name: &str, value: impl serde::Serialize) -> String {
        let set = Figment::from(Serialized::defaults(Config::default())).merge((name, value));
        check(&set, Config::settings()).map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn every_setting_that_is_a_number_has_bounds() {
        let set = Figment::from(Serialized::defaults(Config::default()));
        let all: figment::value::Dict = set.extract().unwrap();
        let numbers = all.iter().filter(|(_, value)| matches!(value, Value::Num(..)));
        let is_bounded =
            |name: &str| Config::settings().any(|setting| setting.name == name && setting.bounds.is_some());
        let unbounded: Vec<_> = numbers
            .map(|(name, _)| name.as_str())
            .filter(|name| !is_bounded(name))
            .collect();
        assert_eq!(unbounded, Vec::<&str>::new());
        for setting in Config::settings().filter(|setting| setting.bounds.is_some()) {
            assert!(all.contains_key(setting.name), "{} is no setting", setting.name);
        }
        check(&set, Config::settings()).unwrap();
    }

    #[test]
    fn every_number_out_of_bounds_is_named_at_once() {
        let set = Figment::from(Serialized::defaults(Config::default()));
        let set = set.merge(("offer_days", 0)).merge(("file_mib", 0));
        let refused = check(&set, Config::settings()).unwrap_err().to_string();
        let lines: Vec<_> = refused.lines().collect();
        assert_eq!(lines.len(), 2, "{refused}");
        assert!(lines[0].starts_with("PORTAL_FILE_MIB=0 ") && lines[1].starts_with("PORTAL_OFFER_DAYS=0 "));
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
