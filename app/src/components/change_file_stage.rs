//! How far a change file is.

use domain::submission::State;
use gate::ChangeFileShown;

/// How far a change file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is being checked or applied.
    Working,
    /// A person must decide on it.
    Waiting,
    /// It has ended, and its report is being written.
    Reporting,
    /// It has ended, and its report is there.
    Ended,
}

impl Stage {
    /// How far a file is.
    #[must_use]
    pub const fn of(file: &ChangeFileShown) -> Self {
        match file.stands {
            Some(State::Received | State::Applying) => Self::Working,
            Some(State::Planned) => Self::Waiting,
            _ if file.reported_at.is_none() => Self::Reporting,
            _ => Self::Ended,
        }
    }
}
