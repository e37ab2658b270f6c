//! Who reads a hint: what a hint offers must be possible through the channel that it is read in.

use crate::channel::Channel;

/// Who reads a hint, and so what it may ask of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Somebody who has the row before them in the portal, where it can be fixed, skipped and included.
    #[default]
    Portal,
    /// A program, or the person who runs it: it can only send the row again, or leave it out.
    Program,
}

impl Audience {
    /// Who reads what came of a submission that arrived through a channel.
    #[must_use]
    pub const fn of(channel: Channel) -> Self {
        if channel.is_machine() {
            Self::Program
        } else {
            Self::Portal
        }
    }
}
