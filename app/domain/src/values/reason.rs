//! Why something is done, in the words of the person who asks for it.

use crate::values::text::TextProblem;

/// What is wrong with a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongReason {
    /// It is missing.
    Missing,
    /// It has a character that cannot be kept.
    Unprintable,
    /// It is longer than it may be, in characters.
    TooLong {
        /// How long it may be.
        limit: usize,
        /// How long it is.
        length: usize,
    },
}

/// A text that was read to be a reason of at most so many characters.
pub(crate) fn as_reason(read: Result<String, TextProblem>, limit: usize) -> Result<String, WrongReason> {
    match read {
        Ok(reason) if reason.is_empty() => Err(WrongReason::Missing),
        Ok(reason) => Ok(reason),
        Err(TextProblem::Unprintable(_)) => Err(WrongReason::Unprintable),
        Err(TextProblem::TooLong(length)) => Err(WrongReason::TooLong { limit, length }),
    }
}
