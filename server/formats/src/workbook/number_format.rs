//! Number formats: a number as its cell shows it, such as `00123`, `1,012.00`, `50%` or `RIV0042`.
//!
//! Two things are shown otherwise than by a spreadsheet, because the cell's reader wants them: a day always as people here
//! write it, and a large number with all its digits instead of an exponent.

mod condition;
mod section;

use self::section::{Chosen, Section, Sections, digits_of};
use super::{
    marks::{Is, Shown, undressed},
    moment::{self, Epoch},
};

/// The most characters that a spreadsheet lets a format have.
const LONGEST: usize = 255;

/// A format as a workbook has it.
#[derive(Clone, Debug)]
pub(super) struct NumberFormat(Sections);

impl Default for NumberFormat {
    fn default() -> Self {
        Self::of("General")
    }
}

impl NumberFormat {
    /// The format that this code stands for.
    pub(super) fn of(code: &str) -> Self {
        let code: String = code.chars().take(LONGEST).collect();
        Self(Sections::of(&code))
    }

    /// The format of a number that workbooks do not spell out. An unknown one is as good as none.
    pub(super) fn built_in(number: u32) -> Self {
        // ECMA-376, 18.8.30; 27 to 36 and 50 to 58 are days and times of East Asia.
        let code = match number {
            1 => "0",
            2 => "0.00",
            3 => "#,##0",
            4 => "#,##0.00",
            5..=8 => "[$£-809]#,##0.00",
            9 => "0%",
            10 => "0.00%",
            11 | 48 => "0.00E+00",
            12 | 13 => "# ?/?",
            14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => "dd/mm/yyyy",
            18..=21 | 32..=35 | 45 | 47 | 55 | 56 => "hh:mm",
            22 => "dd/mm/yyyy hh:mm",
            37 | 38 => "#,##0;(#,##0)",
            39 | 40 => "#,##0.00;(#,##0.00)",
            41 | 42 => "#,##0;-#,##0;-",
            43 | 44 => "#,##0.00;-#,##0.00;-",
            46 => "[h]:mm:ss",
            49 => "@",
            _ => "General",
        };
        Self::of(code)
    }

    /// A number, as the workbook writes it, as its cell shows it.
    pub(super) fn shown(&self, raw: &str, epoch: Epoch) -> Shown {
        let raw = raw.trim();
        let Some(number) = raw.parse::<f64>().ok().filter(|number| number.is_finite()) else {
            return Shown {
                text: raw.to_owned(),
                is: Is::Text,
            };
        };
        let plain = digits_of(raw, number);
        let Some(Chosen { section, says_sign }) = self.0.choose(number) else {
            return Shown {
                text: plain,
                is: Is::NotFollowed,
            };
        };
        let text = match section {
            Section::Moment(shows) => match moment::shown(number, epoch, *shows) {
                Some(text) => return Shown { text, is: Is::Text },
                None => plain.clone(),
            },
            Section::Digits(digits) => {
                let text = digits.filled(raw, number);
                let is_negative = number < 0.0 && !says_sign && text.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
                if is_negative { format!("-{text}") } else { text }
            }
            Section::Around { before, after } => format!("{before}{plain}{after}"),
            Section::Only(text) => text.clone(),
        };
        let text = text.trim().to_owned();
        let pads = matches!(section, Section::Digits(digits) if digits.pads());
        let is = if pads {
            Is::Text
        } else if text == plain {
            Is::PlainNumber
        } else if undressed(&text) == plain {
            Is::DressedNumber
        } else {
            Is::Text
        };
        Shown { text, is }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str, raw: &str) -> (String, Is) {
        let Shown { text, is } = NumberFormat::of(code).shown(raw, Epoch::Of1900);
        (text, is)
    }

    fn text(code: &str, raw: &str) -> String {
        shown(code, raw).0
    }

    #[test]
    fn numbers_are_shown_as_their_formats_show_them() {
        let named = [
            ("00000", "123", "00123"),
            ("\"RIV\"0000", "42", "RIV0042"),
            ("00000 000000", "7700900123", "07700 900123"),
            ("000-00-0000", "12345678", "012-34-5678"),
            ("(###) ###-####", "5551234567", "(555) 123-4567"),
            ("\\A0000", "12345", "A12345"),
            ("#,##0", "1234567", "1,234,567"),
            ("#,##0.00", "1250.5", "1,250.50"),
            ("0.00", "1012", "1012.00"),
            ("0.##", "1.5", "1.5"),
            ("0.##", "1", "1"),
            ("0", "4.7", "5"),
            ("0%", "0.5", "50%"),
            ("0.0%", "0.07", "7.0%"),
            ("#,##0,", "1234567", "1,235"),
            ("[$£-809]#,##0.00", "12.5", "£12.50"),
            ("#,##0;(#,##0)", "-1234", "(1,234)"),
            ("#,##0_ ;[Red]\\-#,##0\\ ", "-12", "-12"),
            ("0.00", "-0.001", "0.00"),
            ("0;-0;\"none\"", "0", "none"),
            ("@", "1012", "1012"),
            ("General\" h\"", "37.5", "37.5 h"),
            (".00", "0.5", ".50"),
        ];
        for (code, raw, text) in named {
            assert_eq!(shown(code, raw).0, text, "{code} {raw}");
        }
    }

    #[test]
    fn sections_are_chosen_by_their_conditions() {
        let named = [
            // Telephone numbers as spreadsheets offer them.
            ("[<=9999999]###-####;(###) ###-####", "5551234", "555-1234"),
            ("[<=9999999]###-####;(###) ###-####", "5551234567", "(555) 123-4567"),
            ("[>=1000]00000;[<0]-0;000", "1234", "01234"),
            ("[>=1000]00000;[<0]-0;000", "-7", "-7"),
            ("[>=1000]00000;[<0]-0;000", "42", "042"),
            ("[Red][<100]000;00000", "7", "007"),
            ("[Red][<100]000;00000", "700", "00700"),
            ("[Red][<100]000;00000", "-7", "-007"),
            ("[>=0]0;(0)", "-7", "(7)"),
            ("[=1]\"yes\";[=0]\"no\";0", "1", "yes"),
            ("[=1]\"yes\";[=0]\"no\";0", "2", "2"),
            ("[Red]00000", "123", "00123"),
            ("[>100][Blue]0", "101", "101"),
        ];
        for (code, raw, shown) in named {
            assert_eq!(text(code, raw), shown, "{code} {raw}");
        }
    }

    #[test]
    fn a_format_that_cannot_be_followed_leaves_the_plain_number() {
        let not_followed = [
            // A spreadsheet shows only crosses.
            ("[>=1000]00000", "7"),
            ("[>=1000]00000;[<0]-0", "7"),
            ("[>many]00000", "7"),
        ];
        for (code, raw) in not_followed {
            assert_eq!(shown(code, raw), (raw.to_owned(), Is::NotFollowed), "{code}");
        }
    }

    #[test]
    fn days_are_shown_as_people_here_write_them_whatever_the_format() {
        for code in [
            "dd/mm/yyyy",
            "yyyy",
            "d-mmm-yy",
            "[$-F800]dddd\\, mmmm dd\\, yyyy",
            "mmm",
            "yyyy-mm-dd;@",
        ] {
            assert_eq!(shown(code, "46329"), ("03/11/2026".into(), Is::Text), "{code}");
        }
        assert_eq!(text("dd/mm/yyyy hh:mm", "46329.5"), "03/11/2026 12:00");
        assert_eq!(text("h:mm AM/PM", "0.75"), "18:00");
        assert_eq!(text("[h]:mm", "1.5"), "36:00");
        assert_eq!(text("dd/mm/yyyy", "-4"), "-4");
        // Letters in quotation marks and colours make no day.
        assert_eq!(text("[Red]0\" days\"", "3"), "3 days");
    }

    #[test]
    fn large_numbers_keep_their_digits_and_inexact_ones_lose_their_dust() {
        for code in ["General", "0", "0.00E+00", "@"] {
            assert_eq!(text(code, "123456789012345678"), "123456789012345678", "{code}");
        }
        assert_eq!(text("General", "1.23457E+11"), "123457000000");
        assert_eq!(text("General", "0.30000000000000004"), "0.3");
        assert_eq!(text("General", "1E-3"), "0.001");
        assert_eq!(text("General", "NaN"), "NaN");
    }

    #[test]
    fn numbers_that_may_have_lost_zeros_or_are_dressed_are_known() {
        assert_eq!(shown("General", "4711").1, Is::PlainNumber);
        assert_eq!(shown("0", "4711").1, Is::PlainNumber);
        assert_eq!(shown("00000", "123").1, Is::Text);
        assert_eq!(shown("#,##0", "4711").1, Is::DressedNumber);
        assert_eq!(shown("0.00", "4711").1, Is::DressedNumber);
        assert_eq!(shown("0.00", "47.5").1, Is::Text);
    }
}
