//! What becomes of handing a letter over.

/// What became of handing a letter over. The texts are for the operator.
pub(crate) enum Handover {
    /// It was taken.
    Taken,
    /// It was refused for good.
    Refused(String),
    /// It was refused for good, because it is too large.
    TooLarge(String),
    /// It was not handed over, and may be another time.
    NotNow(String),
    /// The line broke between handing it over and being told that it was taken.
    Unknown(String),
    /// It was not handed over, because its link had ended before.
    NotNeeded,
}
