//! How a setting is declared: its name, default, bounds and what it does, once. Reading the configuration, checking its
//! numbers, `server settings` and the test of the tables in `docs/operating.md` all follow from the declaration.

/// A setting as it is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name, in small letters: `leaver_days`.
    pub name: &'static str,
    /// What it does, in a sentence or two.
    pub what: &'static str,
    /// Between which numbers it may lie; `None` if it is not a number.
    pub bounds: Option<Bounds>,
}

/// Between which numbers a setting may lie. A number outside would not be obeyed, or would be obeyed too well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The least that may be set, besides 0.
    pub least: u64,
    /// The most.
    pub most: u64,
    /// What 0 means; `None` if it is refused.
    pub zero: Option<&'static str>,
}

impl Bounds {
    /// Whether a number lies within them.
    #[must_use]
    pub fn allow(&self, number: u64) -> bool {
        (number == 0 && self.zero.is_some()) || (self.least..=self.most).contains(&number)
    }
}

impl std::fmt::Display for Bounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a whole number from {} to {}", self.least, self.most)?;
        match self.zero {
            Some(meaning) => write!(f, ", or 0 ({meaning})"),
            None => Ok(()),
        }
    }
}

impl Setting {
    /// What it does, as one sentence within a table: without capital letter and full stop.
    #[must_use]
    pub fn phrase(&self) -> String {
        let text = self.what.trim().trim_end_matches('.');
        // A word of capital letters keeps them.
        let keeps = text.chars().nth(1).is_some_and(char::is_uppercase);
        let mut letters = text.chars();
        match letters.next() {
            Some(first) if !keeps => first.to_lowercase().chain(letters).collect(),
            _ => text.to_owned(),
        }
    }
}

/// Declares a struct of settings. Each line is what it does, its name, its type and its default, and for a number its
/// bounds:
///
/// ```
/// domain::settings! {
///     /// How long things last.
///     #[derive(Clone, Copy)]
///     pub struct Lasting: constant {
///         /// Days after which an offer expires.
///         pub offer_days: u32 = 30, from 1 to 366;
///         /// Days after which a leaver is deleted.
///         pub leaver_days: u32 = 30, from 1 to 3_660, or 0 "never";
///     }
/// }
/// assert_eq!(Lasting::STANDARD.offer_days, 30);
/// assert_eq!(Lasting::SETTINGS[1].name, "leaver_days");
/// assert!(Lasting::SETTINGS[1].bounds.is_some_and(|bounds| bounds.allow(0)));
/// ```
///
/// `constant` makes the defaults `STANDARD`; `default` implements [`Default`] by them.
#[macro_export]
macro_rules! settings {
    (
        $(#[$($of:tt)*])*
        pub struct $name:ident: $defaults:ident {$(
            $(#[$($about:tt)*])*
            pub $field:ident: $kind:ty = $default:expr $(, from $least:literal to $most:literal $(, or 0 $zero:literal)?)?;
        )*}
    ) => {
        $(#[$($of)*])*
        pub struct $name {$(
            $(#[$($about)*])*
            pub $field: $kind,
        )*}

        $crate::settings!(@$defaults $name {$($field: $default;)*});

        impl $name {
            /// Its settings, as they are declared.
            pub const SETTINGS: &'static [$crate::settings::Setting] = &[$(
                $crate::settings::Setting {
                    name: stringify!($field),
                    what: concat!($($crate::settings!(@what $($about)*)),*),
                    bounds: $crate::settings!(@bounds $($least to $most $(or $zero)?)?),
                },
            )*];
        }
    };
    (@constant $name:ident {$($field:ident: $default:expr;)*}) => {
        impl $name {
            /// As shipped.
            pub const STANDARD: Self = Self {$($field: $default,)*};
        }
    };
    (@default $name:ident {$($field:ident: $default:expr;)*}) => {
        impl Default for $name {
            fn default() -> Self {
                Self {$($field: $default,)*}
            }
        }
    };
    (@what doc = $what:literal) => { $what };
    (@what $($other:tt)*) => { "" };
    (@bounds) => { None };
    (@bounds $least:literal to $most:literal) => {
        Some($crate::settings::Bounds { least: $least, most: $most, zero: None })
    };
    (@bounds $least:literal to $most:literal or $zero:literal) => {
        Some($crate::settings::Bounds { least: $least, most: $most, zero: Some($zero) })
    };
}

#[cfg(test)]
mod tests {
    use crate::life::Timers;

    #[test]
    fn a_declared_setting_has_name_text_default_and_bounds() {
        let leaver = Timers::SETTINGS.iter().find(|setting| setting.name == "leaver_days");
        let leaver = leaver.unwrap();
        assert_eq!(
            leaver.phrase(),
            "days that a leaver keeps working before the account is deleted"
        );
        let bounds = leaver.bounds.unwrap();
        assert_eq!(bounds.to_string(), "a whole number from 1 to 3660, or 0 (never)");
        assert_eq!(
            [0, 1, 3_660, 3_661].map(|number| bounds.allow(number)),
            [true, true, true, false]
        );
        assert_eq!(Timers::STANDARD.leaver_days, 30);
    }

    #[test]
    fn a_number_without_a_meaning_of_0_refuses_it() {
        let offer = Timers::SETTINGS.iter().find(|setting| setting.name == "offer_days");
        assert!(!offer.unwrap().bounds.unwrap().allow(0));
    }
}
