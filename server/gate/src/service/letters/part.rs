//! What letters are made of.

/// A piece of a letter.
pub(super) enum Part {
    /// A paragraph.
    Paragraph(String),
    /// What to do next: a link on a line of its own.
    Button { label: &'static str, url: String },
    /// Names with their values, a line each.
    Facts(Vec<(&'static str, String)>),
    /// Things of one kind, a line each.
    List(Vec<String>),
}
