//! Every kind of problem. The sentences are in the catalogue beside this file.

use serde::{Deserialize, Serialize};

use super::spot::Spot;
use crate::{
    account::status::AccountStatus,
    change_file::{ChangeFault, FileFault},
    channel::{Channel, Operation},
    customer::CustomerFault,
    dictionary::Attribute,
    life::Turn,
    organisation::OrganisationCode,
    policy::{Ender, Role, Touch},
    values::{
        email_address::AddressFault,
        ids::{AccountId, ContactId, RowNumber, Timestamp},
        names::{Noticed, Slight},
        telephone::NumberFault,
    },
};

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the catalogue's sentences say what each is")]
pub enum Kind {
    // Of a file
    Empty,
    NotText,
    NoRows,
    /// With the name of the sheet that was read, where there are others.
    EmptySpreadsheet {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sheet: Option<String>,
    },
    TooLarge {
        limit_mib: u32,
    },
    TooManyColumns {
        found: usize,
        most: usize,
    },
    TooManyRows {
        most: u32,
    },
    CellTooLong {
        cell: String,
        most: usize,
    },
    OldWorkbook,
    BrokenWorkbook,
    // Of a file of another kind (workbooks)
    LockedWorkbook,
    BinaryWorkbook,
    WebPage,
    XmlWorkbook,
    OtherXml,
    Pdf,
    TextDocument,
    RichText,
    Picture,
    Archive,
    AppleNumbers,
    // Of a file, again
    UnpacksTooLarge {
        limit_mib: u32,
    },
    UnknownFormat {
        missing: Vec<String>,
        extra: Vec<String>,
        repeated: Vec<String>,
        found: Vec<String>,
        format: String,
        /// Where the headings were found.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        row: Option<RowNumber>,
    },
    /// Of files that were checked before a broken cell became a problem of its row.
    Unbalanced {
        row: RowNumber,
    },
    BrokenHeadings {
        row: RowNumber,
    },
    OtherHeadings {
        row: RowNumber,
    },
    // Of a row
    BrokenQuotes {
        swallowed: Vec<RowNumber>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        apart: Option<RowNumber>,
    },
    TooManyCells {
        found: usize,
        headings: usize,
    },
    ChannelCannot {
        channel: Channel,
        operation: Operation,
    },
    // Of a cell
    CellError {
        error: String,
    },
    NotCalculated,
    // Of a cell's text
    Missing {
        attribute: Attribute,
    },
    CannotClear {
        attribute: Attribute,
    },
    TooLong {
        attribute: Attribute,
        limit: usize,
        length: usize,
    },
    Unprintable {
        attribute: Attribute,
    },
    NotAName {
        attribute: Attribute,
    },
    HasSigns {
        attribute: Attribute,
        signs: String,
    },
    NotAnAddress,
    OutsideMailDomain {
        domain: String,
    },
    InsideMailDomain {
        domain: String,
    },
    // Links of new people.
    PrivateInsideMailDomain {
        domain: String,
    },
    PrivateNotUsed,
    PrivateNotNeeded,
    NotATelephone {
        attribute: Attribute,
    },
    NotAUkMobile,
    NotYesOrNo {
        attribute: Attribute,
    },
    NotInList {
        attribute: Attribute,
        part: String,
        nearest: Option<String>,
        /// The other values of the cell that are not in the list.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        others: Vec<String>,
    },
    NotAQuota {
        most: u32,
    },
    NotAWebPage,
    WebPageWithSignIn,
    NotALanguage,
    NotACountry,
    NotATimeZone,
    NotAFederationType,
    PasswordTooShort {
        least: usize,
    },
    /// Of files that were checked before spaces were allowed.
    PasswordHasSpaces,
    PasswordContainsName,
    PasswordRepeats,
    PasswordRuns,
    PasswordTooCommon,
    PasswordKnownName,
    PasswordOfExistingAccount,
    PasswordTwiceInFile {
        other: RowNumber,
    },
    // Of values: what keeps a text from being one
    Unseen {
        attribute: Attribute,
        sign: char,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spot: Option<Spot>,
    },
    NoName {
        attribute: Attribute,
    },
    WrongAddress {
        why: AddressFault,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        meant: Option<String>,
    },
    WrongNumber {
        attribute: Attribute,
        why: NumberFault,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        meant: Option<String>,
    },
    StandsForNothing {
        attribute: Attribute,
    },
    DigitsLost {
        attribute: Attribute,
    },
    BothNamesInOne {
        attribute: Attribute,
        first: String,
        last: String,
    },
    // Of values: how one was read, and what is noticed about it
    ReadWithoutFraction {
        attribute: Attribute,
        read: String,
    },
    LooksLikeADate {
        attribute: Attribute,
    },
    ReadAsEmpty {
        attribute: Attribute,
        word: String,
    },
    NameAsTyped {
        attribute: Attribute,
        noticed: Noticed,
        meant: String,
    },
    // Of names: one that stays as it is here, and one that may be no name
    NameKept {
        attribute: Attribute,
        stays: String,
        how: Slight,
    },
    MayBeNobody {
        attribute: Attribute,
    },
    // Of a whole name in one cell
    ReadAsNames {
        first: String,
        last: String,
        /// What of the cell is in neither name nor the title.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        dropped: String,
    },
    NotSplit,
    // Of a private address that another row gives, too
    PrivateInOtherRow {
        other: RowNumber,
    },
    PrivateHere {
        account: AccountId,
        name: String,
    },
    // Of what a cell points at
    UnknownId,
    UnknownOrganisation,
    ClosedOrganisation {
        name: String,
    },
    OtherOrganisation {
        current: OrganisationCode,
    },
    UnknownSite {
        organisation: OrganisationCode,
    },
    UnknownUnit {
        organisation: OrganisationCode,
        #[serde(default)]
        needs_one: bool,
    },
    NotTakingChanges {
        name: String,
        status: AccountStatus,
    },
    AddressTaken,
    UserNameTaken,
    NoAddressFromName,
    LocalIdTaken {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        holder: Option<String>,
    },
    PointsAtAnother {
        name: String,
        other: String,
    },
    TwiceInFile {
        attribute: Attribute,
        other: RowNumber,
    },
    // Of a form about one person
    CannotTurn {
        turn: Turn,
        name: String,
        status: AccountStatus,
    },
    CannotMove {
        name: String,
        status: AccountStatus,
    },
    NoPasswordFor {
        name: String,
        status: AccountStatus,
    },
    OwnAccount,
    LastPrimary {
        name: String,
        organisation: OrganisationCode,
    },
    LastGlobal {
        name: String,
    },
    Held {
        name: String,
        reason: String,
        since: Timestamp,
    },
    HoldsRole {
        name: String,
        #[serde(default)]
        touch: Touch,
        #[serde(default)]
        ender: Ender,
    },
    AddressJustChanged {
        name: String,
    },
    TooManyMisses {
        most: u32,
    },
    NotADate,
    DateInPast,
    DateTooFar {
        days: u32,
    },
    NoSuchLeaver,
    NoSuchOrganisation,
    SameOrganisation {
        name: String,
    },
    ContactThereAlready {
        name: String,
    },
    ClosedToContacts {
        name: String,
    },
    OfferToOwn {
        name: String,
    },
    ContactDeleted,
    AlreadyOffered {
        to: OrganisationCode,
    },
    OfferOver,
    // Of a role or a token
    CannotHoldRole {
        name: String,
        status: AccountStatus,
    },
    HeldOnOtherTerms {
        name: String,
        role: Role,
    },
    UnitNeeded,
    NoConnectorChannel,
    DisablesWithoutApi,
    BeginsInPast,
    EndsInPast,
    EndsBeforeItBegins,
    NoReason,
    ReasonUnprintable,
    ReasonTooLong {
        limit: usize,
        length: usize,
    },
    NoTokenName,
    TokenNameTaken,
    TokenNameUnprintable,
    TokenNameTooLong {
        limit: usize,
        length: usize,
    },
    TokenForNoTime {
        days: u32,
    },
    TokenTooLong {
        days: u32,
    },
    TooManyTokens {
        most: usize,
    },
    // Of an undo: what stays as it is, and what cannot go back
    EditedSince {
        by: String,
        on: String,
    },
    TakenUpSince {
        on: String,
    },
    GoneSince,
    MovedSince {
        name: String,
    },
    DeletedSince,
    ClosedSince {
        name: String,
    },
    TakenSince,
    NotAllowedAnyMore,
    // Of an undo of what was done to many (bulk)
    RolesStayEnded {
        roles: String,
    },
    CannotGoBack,
    // Of an absence, and of somebody's first and last day (absence)
    AbsenceInPast,
    AbsenceTooFar {
        days: u32,
    },
    BackBeforeAway,
    BackTooLate {
        months: u32,
    },
    LeaverCannotPlan {
        name: String,
    },
    StartTooFar {
        days: u32,
    },
    LeavesBeforeStart,
    // Of days in a file, of a first day that has passed, and of an absence beside a leaving date (days)
    NotADay,
    StartInPast {
        on: String,
    },
    StartNotUsed,
    FirstDayPassed,
    LastDayPassed,
    LastDayByMachine,
    AwayAfterLeaving {
        leaves: String,
    },
    LeavesWhileAway {
        away: String,
    },
    // Of an organisation in a file
    NotACode,
    NotAStatus,
    NotASite {
        part: String,
    },
    SiteTwice {
        code: String,
    },
    NotAUnit {
        part: String,
    },
    UnknownParent,
    ParentInCircle {
        round: Vec<OrganisationCode>,
    },
    ParentHasProblem {
        other: RowNumber,
    },
    TooManyLevels {
        most: usize,
    },
    CannotMoveOrganisation {
        parent: Option<OrganisationCode>,
    },
    ClosedWithPeople,
    // Of anything: something is not there any more, or is there already
    AlreadyThere,
    NotThere,
    // To be seen, though it may be right; with the name of the organisation where it is another one
    LooksLike {
        account: AccountId,
        name: String,
        local_id: String,
        address: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organisation: Option<String>,
    },
    LooksLikeRow {
        other: RowNumber,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organisation: Option<String>,
    },
    ContactAlreadyHere {
        contact: ContactId,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organisation: Option<String>,
    },
    LooksLikeContact {
        contact: ContactId,
        name: String,
        address: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organisation: Option<String>,
    },
    OtherName {
        name: String,
    },
    OtherLocalId {
        name: String,
        current: String,
    },
    // Of the review: rows that meet others, people out of sight, names in place of codes, and rows that were skipped
    NumberInOtherRow {
        other: RowNumber,
        organisation: OrganisationCode,
    },
    AddressInOtherRow {
        other: RowNumber,
    },
    AddressElsewhere,
    OrganisationByName {
        code: OrganisationCode,
        name: String,
    },
    Skipped,
    // Of a change file, and of a row of one
    ChangeFile(FileFault),
    Change(ChangeFault),
    // Of a customer or a subscription
    Customer(CustomerFault),
}
