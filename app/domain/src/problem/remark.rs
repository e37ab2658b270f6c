//! What a warning wants of its reader: an answer, or only to be read.

use super::{Kind, Problem};

impl Problem {
    /// Whether it only tells how a cell was read or what is noticed about it: nobody has to answer it before the row is
    /// applied.
    #[must_use]
    pub const fn is_remark(&self) -> bool {
        if let Kind::Change(fault) = &self.kind {
            return fault.is_notice();
        }
        matches!(
            self.kind,
            Kind::ReadAsEmpty { .. }
                | Kind::NameAsTyped { .. }
                | Kind::NameKept { .. }
                | Kind::ReadAsNames { .. }
                | Kind::PrivateNotUsed
                | Kind::PrivateNotNeeded
                | Kind::StartInPast { .. }
                | Kind::StartNotUsed
                | Kind::LastDayByMachine
        )
    }

    /// Whether many rows of a column may share it, so that it is told once for all of them.
    #[must_use]
    pub const fn is_of_a_column(&self) -> bool {
        self.is_remark()
            || matches!(
                self.kind,
                Kind::ReadWithoutFraction { .. } | Kind::LooksLikeADate { .. } | Kind::MayBeNobody { .. }
            )
    }

    /// Whether it is said once the row is applied, too: it tells of something that was not done with it.
    #[must_use]
    pub const fn is_told_afterwards(&self) -> bool {
        matches!(
            self.kind,
            Kind::PrivateNotUsed | Kind::PrivateNotNeeded | Kind::StartNotUsed
        )
    }

    /// Whether it only says that something stays, because somebody has touched it since.
    #[must_use]
    pub const fn keeps(&self) -> bool {
        matches!(self.kind, Kind::EditedSince { .. } | Kind::TakenUpSince { .. })
    }
}
