//! Which action takes which field: S2's table 3, as data.

use super::{Action, Field};

/// Whether an action takes a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Taken {
    /// It must be there.
    Required,
    /// It may be there.
    Optional,
    /// It may be there, and must where the row gives a seat that covers mail (`M`).
    WithMail,
    /// It may be there where the row gives, or the person has, a seat that covers mail (`m`).
    SenseWithMail,
    /// It may be there, by a rule of its own, of this number (`C1` to `C8`).
    ///
    /// 1: a number, or the keyword of a kind; empty if there is one seat. 2: the seat that carries the storage; empty if one
    /// does. 3: a second number, or DELETECOLLAB or DELETEMAIL. 4: one of the two if the change brings mail. 6: only of a seat
    /// that covers collaboration. 7: at least one of the two. 8: `FORCE_ACTIVATION`, for federated people alone.
    See(u8),
    /// It must not be there.
    Not,
}

impl Taken {
    /// The letter that the table shows.
    #[must_use]
    pub fn letter(self) -> String {
        match self {
            Self::Required => "R".to_owned(),
            Self::Optional => "o".to_owned(),
            Self::WithMail => "o, M".to_owned(),
            Self::SenseWithMail => "m".to_owned(),
            Self::See(note) => format!("C{note}"),
            Self::Not => "–".to_owned(),
        }
    }
}

/// Whether an action takes a field: S2's table, with the notes of [`Taken::See`].
#[must_use]
pub const fn taken(action: Action, field: Field) -> Taken {
    row(field)[action.column()]
}

/// A field's row: Add, Update, Suspend, Resume, Remove, AssignSeat, ChangeSeat, RevokeSeat, Rename, ResendInvitation,
/// ChangeStorage.
const fn row(field: Field) -> [Taken; 11] {
    const R: Taken = Taken::Required;
    const O: Taken = Taken::Optional;
    const M: Taken = Taken::WithMail;
    const S: Taken = Taken::SenseWithMail;
    const N: Taken = Taken::Not;
    const fn see(note: u8) -> Taken {
        Taken::See(note)
    }
    match field {
        Field::EmailAddress | Field::Action => [R; 11],
        Field::SubscriptionId => [O, N, N, N, N, R, R, see(1), N, N, see(2)],
        Field::SubscriptionId2 => [O, N, N, N, N, N, see(3), N, N, N, N],
        Field::GivenName | Field::FamilyName => [R, O, N, N, N, N, N, N, N, N, N],
        Field::Password => [M, N, N, N, N, N, see(4), N, N, N, N],
        Field::AltEmailAddress => [M, N, N, N, N, M, see(4), N, R, N, N],
        Field::NotesTemplate => [S, S, N, N, N, S, N, N, N, N, N],
        Field::NotesDn | Field::NotesMigration => [S, N, N, N, N, S, N, N, N, N, N],
        Field::AssignTo => [N, N, N, N, O, N, N, see(6), N, N, N],
        Field::Language
        | Field::TimeZone
        | Field::Department
        | Field::JobTitle
        | Field::Country
        | Field::Telephone
        | Field::Mobile
        | Field::Fax
        | Field::Address
        | Field::FederationType => [O, O, N, N, N, N, N, N, N, N, N],
        Field::SuppressInvitation => [O, O, N, N, N, O, N, N, N, N, N],
        Field::CollabExtraStorage | Field::MailExtraStorage => [N, N, N, N, N, N, N, N, N, N, see(7)],
        Field::Activation => [see(8), N, N, N, N, N, N, N, N, N, N],
    }
}
