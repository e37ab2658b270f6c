//! The codes of problems that change files share with other ways in.

use crate::problem::Kind;

/// The code of a kind of problem in a report.
pub(super) const fn of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Change(fault) => fault.code(),
        Kind::ChangeFile(fault) => fault.code(),
        Kind::Held { .. } => "held",
        Kind::PasswordTooShort { .. } => "password.short",
        Kind::PasswordHasSpaces => "password.spaces",
        Kind::PasswordContainsName | Kind::PasswordKnownName => "password.name",
        Kind::PasswordRepeats => "password.repeats",
        Kind::PasswordRuns => "password.runs",
        Kind::PasswordTooCommon => "password.common",
        Kind::PasswordTwiceInFile { .. } => "password.twice",
        Kind::PasswordOfExistingAccount => "password.existing",
        Kind::TooLong { .. } => "field.long",
        Kind::Missing { .. } => "field.required",
        Kind::CannotClear { .. } => "field.empty",
        Kind::AddressTaken | Kind::AddressElsewhere | Kind::AddressInOtherRow { .. } => "address.reserved",
        Kind::OutsideMailDomain { .. } => "domain.foreign",
        Kind::WrongAddress { .. } | Kind::NotAnAddress => "email.bad",
        Kind::UnknownUnit { .. } | Kind::UnknownSite { .. } | Kind::ClosedOrganisation { .. } => "organisation",
        Kind::HoldsRole { .. } | Kind::LastPrimary { .. } | Kind::LastGlobal { .. } | Kind::OwnAccount => "role",
        Kind::ChannelCannot { .. } => "channel",
        Kind::NotThere => "account.none",
        _ => "value",
    }
}
