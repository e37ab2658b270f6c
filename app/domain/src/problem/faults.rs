//! What is wrong with a value, as a kind of problem.

use super::Kind;
use crate::{
    absence::{WrongAbsence, WrongStay},
    grant::WrongTerms,
    values::{email_address::WrongAddress, reason::WrongReason},
};

impl From<WrongAddress> for Kind {
    fn from(WrongAddress { fault, meant }: WrongAddress) -> Self {
        Self::WrongAddress { why: fault, meant }
    }
}

impl From<WrongReason> for Kind {
    fn from(wrong: WrongReason) -> Self {
        match wrong {
            WrongReason::Missing => Self::NoReason,
            WrongReason::Unprintable => Self::ReasonUnprintable,
            WrongReason::TooLong { limit, length } => Self::ReasonTooLong { limit, length },
        }
    }
}

impl From<WrongAbsence> for Kind {
    fn from(wrong: WrongAbsence) -> Self {
        match wrong {
            WrongAbsence::InPast => Self::AbsenceInPast,
            WrongAbsence::TooFar { days } => Self::AbsenceTooFar { days },
            WrongAbsence::BackBeforeAway => Self::BackBeforeAway,
            WrongAbsence::BackTooLate { months } => Self::BackTooLate { months },
            WrongAbsence::Reason(wrong) => wrong.into(),
        }
    }
}

impl From<WrongStay> for Kind {
    fn from(wrong: WrongStay) -> Self {
        match wrong {
            WrongStay::StartTooFar { days } => Self::StartTooFar { days },
            WrongStay::LeavesInPast => Self::DateInPast,
            WrongStay::LeavesTooFar { days } => Self::DateTooFar { days },
            WrongStay::LeavesBeforeStart => Self::LeavesBeforeStart,
        }
    }
}

impl From<WrongTerms> for Kind {
    fn from(wrong: WrongTerms) -> Self {
        match wrong {
            WrongTerms::BeginsInPast => Self::BeginsInPast,
            WrongTerms::EndsInPast => Self::EndsInPast,
            WrongTerms::EndsBeforeItBegins => Self::EndsBeforeItBegins,
            WrongTerms::NoConnectorChannel => Self::NoConnectorChannel,
            WrongTerms::DisablesWithoutApi => Self::DisablesWithoutApi,
            WrongTerms::Reason(wrong) => wrong.into(),
        }
    }
}
