//! The parts that every letter is made of.

use super::part::Part;

/// The end of a letter about something that somebody else has done.
pub(super) const IF_WRONG: &str = "If this is wrong, tell your local administrator.";

pub(super) fn hello(first_name: &str) -> Part {
    match first_name.trim() {
        "" => paragraph("Hello,"),
        name => paragraph(format!("Hello {name},")),
    }
}

pub(super) fn paragraph(text: impl Into<String>) -> Part {
    Part::Paragraph(text.into())
}

pub(super) fn button(label: &'static str, url: &str) -> Part {
    Part::Button {
        label,
        url: url.to_owned(),
    }
}
