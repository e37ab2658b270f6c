//! Accounts: what a file's row comes to, and a form for one that is new, changed, moved or taken in.

use super::{
    AccountStep, Matched, PlannedRow, Provision, Step, left_out, life,
    matching::{Holder, Keys, World},
    sheet::{Coming, Sheet, changes, kept},
};
use crate::{
    account::{self, Account, AccountStatus},
    dictionary::{Attribute, Attributes, Value},
    organisation::{Organisation, OrganisationCode, OrganisationStatus},
    password::OneTimePassword,
    problem::{Kind, Problem},
    request::Cells,
    values::{
        email_address::EmailAddress,
        ids::{AccountId, RowNumber},
    },
};

/// Names of mailboxes that are the service's own (RFC 2142), and that nobody is given.
const RESERVED: [&str; 10] = [
    "abuse",
    "admin",
    "administrator",
    "hostmaster",
    "mailer-daemon",
    "no-reply",
    "postmaster",
    "root",
    "security",
    "webmaster",
];

/// What a file's row comes to: a new account, or a change to the one that it matches.
pub(super) fn in_file(world: &World<'_>, row: RowNumber, cells: &Cells, promised: Option<&EmailAddress>) -> PlannedRow {
    let mut sheet = Sheet::read(world, row, cells);
    sheet.empty_words_for_nothing();
    sheet.ask_about_local_id();
    let organisation = sheet.organisation(world);
    if cells.is_skipped() {
        let skipped = PlannedRow::bare(row, sheet.name(), left_out(row, Kind::Skipped));
        return match sheet.pointed_at(world, organisation) {
            Ok(Some((_, existing))) => as_written(world, cells, existing, skipped),
            Ok(None) | Err(_) => skipped,
        };
    }
    let Some(existing) = sheet.find(world, organisation) else {
        let step = organisation.and_then(|home| sheet.create(world, home, promised));
        sheet.check_required();
        sheet.tell_whole_name(step.as_ref());
        sheet.ask_about_names(step.as_ref());
        sheet.notice_names(step.as_ref());
        let name = sheet.name();
        return sheet.finish(name, step);
    };
    sheet.check_existing(world, existing);
    let home = world.home(existing);
    let step = home.map(|home| sheet.update(world, existing, home, AskedBy::File));
    sheet.check_takes_changes(existing, step.as_ref());
    sheet.tell_whole_name(step.as_ref());
    sheet.ask_about_names(step.as_ref());
    sheet.notice_names(step.as_ref());
    sheet.notice_private_address(existing);
    let planned = sheet.finish(existing.full_name(), step);
    as_written(world, cells, existing, planned)
}

/// A row that cannot be applied has the name that the file has there, and says whom it points at; any other stays as it
/// is.
pub(super) fn as_written(world: &World<'_>, cells: &Cells, existing: &Account, planned: PlannedRow) -> PlannedRow {
    let Step::LeaveOut { .. } = &planned.step else {
        return planned;
    };
    let written = Sheet::read(world, planned.row, cells).name();
    let matched = Matched {
        account: existing.id,
        name: existing.full_name(),
    };
    PlannedRow {
        name: if written.is_empty() {
            matched.name.clone()
        } else {
            written
        },
        matched: Some(matched),
        ..planned
    }
}

/// A new account by a form. Unlike a row, it never becomes a change to somebody who is already here.
pub(super) fn new(world: &World<'_>, row: RowNumber, cells: &Cells, promised: Option<&EmailAddress>) -> PlannedRow {
    let mut sheet = Sheet::read(world, row, cells);
    let organisation = sheet.organisation(world);
    let step = organisation.and_then(|home| sheet.create(world, home, promised));
    sheet.check_required();
    sheet.notice_names(step.as_ref());
    let name = sheet.name();
    sheet.finish(name, step)
}

/// A change to an account by a form or a program, which know whom it is about.
pub(super) fn edit(world: &World<'_>, row: RowNumber, id: AccountId, cells: &Cells) -> PlannedRow {
    let Some(existing) = world.account(id) else {
        return life::nobody(row);
    };
    let mut sheet = Sheet::read(world, row, cells);
    if existing.status == AccountStatus::Deleted {
        let (name, status) = (existing.full_name(), existing.status);
        sheet
            .problems
            .push(Problem::in_row(row, Kind::NotTakingChanges { name, status }));
    }
    // People who edit their own details need not manage their organisation.
    let home = world.anywhere(&existing.organisation);
    let asked = match world.snapshot.channel.is_machine() {
        true => AskedBy::Program,
        false => AskedBy::Form,
    };
    let step = home.map(|home| sheet.update(world, existing, home, asked));
    sheet.finish(existing.full_name(), step)
}

/// An account to another organisation, by one who manages both.
pub(super) fn to_other_organisation(world: &World<'_>, row: RowNumber, id: AccountId, cells: &Cells) -> PlannedRow {
    let Some(existing) = world.account(id) else {
        return life::nobody(row);
    };
    let name = existing.full_name();
    if matches!(existing.status, AccountStatus::Deleted | AccountStatus::Leaver) {
        let status = existing.status;
        return PlannedRow::bare(row, name.clone(), left_out(row, Kind::CannotMove { name, status }));
    }
    if let Some(kind) = life::last_holder(world, existing) {
        return PlannedRow::bare(row, name, left_out(row, kind));
    }
    Sheet::read(world, row, cells).moved(world, existing)
}

/// A leaver of another organisation, found by exact address and taken in.
pub(super) fn join(world: &World<'_>, row: RowNumber, address: &str, cells: &Cells) -> PlannedRow {
    let mut sheet = Sheet::read(world, row, cells);
    let address = EmailAddress::read(address).ok();
    let leaver = address.and_then(|address| {
        let mut leavers = world.snapshot.leavers.iter();
        leavers.find(|leaver| leaver.answers_to(address.as_str()))
    });
    match leaver {
        Some(leaver) => sheet.moved(world, leaver),
        None => {
            sheet.problems.push(Problem::in_row(row, Kind::NoSuchLeaver));
            sheet.finish(String::new(), None)
        }
    }
}

/// Who asks: a row of a file, a form that somebody filled in for this one person, or a program that speaks of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AskedBy {
    File,
    Form,
    Program,
}

impl Sheet<'_> {
    /// The account that the row is about, where there is one.
    fn find<'w>(&mut self, world: &World<'w>, organisation: Option<&Organisation>) -> Option<&'w Account> {
        match self.pointed_at(world, organisation) {
            Ok(Some((key, account))) => {
                if let Some(other) = world.earlier_row(account.id, self.row) {
                    self.cell_problem(key, Kind::TwiceInFile { attribute: key, other });
                }
                self.warn_of_other_local_id(key, account);
                self.warn_of_other_name(account);
                Some(account)
            }
            Ok(None) => {
                self.check_repeated(world);
                None
            }
            Err(kind) => {
                self.cell_problem(Attribute::AccountId, kind);
                None
            }
        }
    }

    /// The account that the row's keys find, with the key that found it; nothing is said of it yet.
    pub(super) fn pointed_at<'w>(
        &self,
        world: &World<'w>,
        organisation: Option<&Organisation>,
    ) -> Result<Option<(Attribute, &'w Account)>, Kind> {
        let id = self.given.get(Attribute::AccountId);
        let id = id.map(|id| id.as_str().parse::<AccountId>());
        let keys = Keys {
            id: id.transpose().map_err(|_| Kind::UnknownId)?,
            organisation,
            local_id: self.given.get(Attribute::LocalId).map(Value::as_str),
            address: self.given.get(Attribute::EmailAddress).map(Value::as_str),
        };
        world.find(&keys)
    }

    /// An address that finds somebody with another local ID than the row's: one of the two may be wrong.
    fn warn_of_other_local_id(&mut self, key: Attribute, existing: &Account) {
        let current = existing.attributes.text(Attribute::LocalId);
        let given = self.given.text(Attribute::LocalId);
        if key == Attribute::EmailAddress && !current.is_empty() && !given.is_empty() && current != given {
            let kind = Kind::OtherLocalId {
                name: existing.full_name(),
                current: current.to_owned(),
            };
            let warning = Problem::in_cell(self.row, Attribute::LocalId, given, kind);
            self.warnings.push(warning);
        }
    }

    /// First and last name both changed: a new person under somebody's number, more often than a new name.
    fn warn_of_other_name(&mut self, existing: &Account) {
        let differs = |name| {
            let (given, current) = (self.given.text(name), existing.attributes.text(name));
            !given.is_empty()
                && !current.is_empty()
                && crate::values::text::fold(given) != crate::values::text::fold(current)
        };
        if differs(Attribute::FirstName) && differs(Attribute::LastName) {
            self.warnings.push(Problem::in_row(
                self.row,
                Kind::OtherName {
                    name: existing.full_name(),
                },
            ));
        }
    }

    /// Two rows with one key are problems both: neither is right by being first.
    fn check_repeated(&mut self, world: &World<'_>) {
        if let Some(&(attribute, other)) = world.snapshot.file.repeated.get(&self.row) {
            self.cell_problem(attribute, Kind::TwiceInFile { attribute, other });
        }
    }

    /// What keeps an existing account from being changed by this row.
    fn check_existing(&mut self, world: &World<'_>, existing: &Account) {
        if !self
            .problems
            .iter()
            .any(|problem| matches!(problem.kind, Kind::TwiceInFile { .. }))
        {
            self.check_repeated(world);
        }
        let named = self.given.get(Attribute::Organisation).cloned();
        let named = named.as_ref().map(Value::as_str);
        let elsewhere = named.is_some_and(|code| !code.eq_ignore_ascii_case(existing.organisation.as_str()));
        // A leaver comes to another organisation by being taken in.
        let can_be_taken_in = existing.status == AccountStatus::Leaver;
        if elsewhere && !can_be_taken_in && !self.has_problem(Attribute::Organisation) {
            let current = existing.organisation.clone();
            self.cell_problem(Attribute::Organisation, Kind::OtherOrganisation { current });
        }
        let closed = world.snapshot.organisations.get(&existing.organisation);
        if closed.is_some_and(|home| home.organisation.status == OrganisationStatus::Closed) && named.is_none() {
            let name = closed.map(|home| home.organisation.name.clone()).unwrap_or_default();
            self.problems
                .push(Problem::in_row(self.row, Kind::ClosedOrganisation { name }));
        }
        if self.cells.one_time.is_some() {
            self.cell_problem(Attribute::Password, Kind::PasswordOfExistingAccount);
        }
    }

    /// A file changes nobody who is disabled, a leaver or deleted. A row that would change nothing of them is sound: an export
    /// lists them, too.
    fn check_takes_changes(&mut self, existing: &Account, step: Option<&Step>) {
        let named = self.given.text(Attribute::Organisation);
        let stays = named.is_empty() || named.eq_ignore_ascii_case(existing.organisation.as_str());
        let changes_nothing = stays && matches!(step, Some(Step::Nothing { .. }));
        if !changes_nothing && !existing.status.takes_changes_from_files() {
            let (name, status) = (existing.full_name(), existing.status);
            self.problems
                .push(Problem::in_row(self.row, Kind::NotTakingChanges { name, status }));
        }
    }

    fn create(&mut self, world: &World<'_>, home: &Organisation, promised: Option<&EmailAddress>) -> Option<Step> {
        self.check_place(world, home, Coming::ComesIn);
        self.check_local_id(world, home, None);
        self.check_user_name(world, None);
        self.check_password();
        self.check_activation_email(world);
        let stay = self.check_stay(world);
        self.check_required();
        let mut attributes = self.given.clone();
        match attributes.get(Attribute::EmailAddress) {
            Some(_) => self.check_address(world, None),
            None if self.problems.is_empty() => match self.free_address(world, &attributes, promised) {
                Some(address) => attributes.set(
                    Attribute::EmailAddress,
                    Some(Value::stored(address.as_str().to_owned())),
                ),
                None => self.cell_problem(Attribute::EmailAddress, Kind::NoAddressFromName),
            },
            None => {}
        }
        if !self.problems.is_empty() {
            return None;
        }
        if attributes.get(Attribute::Title).is_none() {
            attributes.set(Attribute::Title, self.title_of_whole_name());
        }
        self.settle_place(home, &mut attributes);
        if attributes.get(Attribute::DisplayName).is_none() {
            let made = account::display_name(&attributes, home, &world.snapshot.rules);
            attributes.set(Attribute::DisplayName, Some(made));
        }
        if attributes.get(Attribute::Quota).is_none() {
            attributes.set(
                Attribute::Quota,
                Some(Value::stored(world.snapshot.rules.standard_quota_gb.to_string())),
            );
        }
        self.warnings.extend(world.look_alikes(self.row, home, &attributes));
        let with_password = self.cells.one_time.as_ref().is_some_and(OneTimePassword::is_used);
        Some(Step::CreateAccount {
            organisation: home.code.clone(),
            attributes: kept(attributes),
            with_password,
            stay: stay.ahead(world.snapshot.now),
            provision: Provision::default(),
        })
    }

    fn update(&mut self, world: &World<'_>, existing: &Account, home: &Organisation, asked: AskedBy) -> Step {
        self.check_place(world, home, Coming::StaysHere);
        self.check_local_id(world, home, Some(existing));
        self.check_user_name(world, Some(existing));
        let address = self.given.text(Attribute::EmailAddress).to_owned();
        let is_current = existing.attributes.text(Attribute::EmailAddress) == address;
        if is_current || (asked == AskedBy::File && existing.answers_to(&address)) {
            // An alias in a file's row is the same person under an older address, not a wish to go back to it.
            self.given.set(Attribute::EmailAddress, None);
        } else if !address.is_empty() {
            self.check_address(world, Some(existing));
        }
        if asked == AskedBy::File {
            self.keep_names(existing);
        }
        let mut after = self.applied_to(&existing.attributes);
        self.settle_place(home, &mut after);
        // A person's word stays where a program only repeats its own.
        if asked != AskedBy::Form && world.snapshot.rules.hand_edits_stay.at(&home.code) {
            self.keep_hand_edits(existing, &mut after);
        }
        self.follow_name(world, &existing.attributes, home, &mut after);
        let changes = changes(&existing.attributes, &after);
        let days = self.days(world, existing);
        if changes.is_empty() && days.is_empty() {
            return Step::Nothing {
                account: Some(existing.id),
            };
        }
        AccountStep::Update { changes, days }.on(existing)
    }

    fn check_local_id(&mut self, world: &World<'_>, home: &Organisation, existing: Option<&Account>) {
        let Some(local_id) = self.given.get(Attribute::LocalId) else {
            return;
        };
        if let Some((other, organisation)) = world.row_with_local_id(home, local_id.as_str()) {
            if !self.has_problem(Attribute::LocalId) {
                self.cell_problem(Attribute::LocalId, Kind::NumberInOtherRow { other, organisation });
            }
            return;
        }
        let holder = world.holder_of_local_id(home, local_id.as_str());
        if !holder.is_free_for(existing.map(|account| account.id)) {
            let holder = world.seen(holder).map(Account::full_name);
            self.cell_problem(Attribute::LocalId, Kind::LocalIdTaken { holder });
        }
    }

    /// Nobody signs in by what is somebody else's name or address; whose it is, is not said.
    fn check_user_name(&mut self, world: &World<'_>, existing: Option<&Account>) {
        let name = account::sign_in_name(self.given.text(Attribute::UserName));
        if name.is_empty() {
            return;
        }
        let own = existing.map(|account| account.id);
        // The address that somebody new gets by it must be free, too.
        let address = self.address_of_user_name(world);
        let is_reserved = address.as_ref().is_some_and(|own| RESERVED.contains(&own.local_part()));
        let is_held = address.is_some_and(|address| !world.holder_of_address(&address).is_free_for(own));
        if is_reserved || is_held || !world.holder_of_user_name(&name).is_free_for(own) {
            self.cell_problem(Attribute::UserName, Kind::UserNameTaken);
        }
    }

    /// The address of somebody new who is given none: their name to sign in with where it is one here, else one made from
    /// their name.
    fn free_address(
        &self,
        world: &World<'_>,
        attributes: &Attributes,
        promised: Option<&EmailAddress>,
    ) -> Option<EmailAddress> {
        let named = self.address_of_user_name(world);
        named.or_else(|| world.free_address(attributes, promised))
    }

    /// The address here that a name to sign in with is, if it is one.
    fn address_of_user_name(&self, world: &World<'_>) -> Option<EmailAddress> {
        let address = EmailAddress::parse(self.given.text(Attribute::UserName)).ok()?;
        world.snapshot.rules.mail_domain.holds(&address).then_some(address)
    }

    fn check_address(&mut self, world: &World<'_>, existing: Option<&Account>) {
        let domain = &world.snapshot.rules.mail_domain;
        let Ok(address) = EmailAddress::parse(self.given.text(Attribute::EmailAddress)) else {
            return;
        };
        if !domain.holds(&address) && !self.is_of_customer(world, &address, existing) {
            let domain = domain.as_str().to_owned();
            self.cell_problem(Attribute::EmailAddress, Kind::OutsideMailDomain { domain });
            return;
        }
        let holder = world.holder_of_address(&address);
        if RESERVED.contains(&address.local_part()) {
            self.cell_problem(Attribute::EmailAddress, Kind::AddressTaken);
        } else if !holder.is_free_for(existing.map(|account| account.id)) {
            // Named where the asker may see who, and the row points at another.
            let kind = match (existing, holder, world.seen(holder)) {
                (Some(existing), _, Some(other)) => Kind::PointsAtAnother {
                    name: existing.full_name(),
                    other: other.full_name(),
                },
                (_, Holder::Row(other), _) => Kind::AddressInOtherRow { other },
                // Somebody new here may be a leaver elsewhere: it is said in the same way no matter who has the address.
                (None, Holder::OutOfSight, _) => Kind::AddressElsewhere,
                _ => Kind::AddressTaken,
            };
            self.cell_problem(Attribute::EmailAddress, kind);
        }
    }

    /// Whether an address is in a domain that the customer of the person's tree owns.
    fn is_of_customer(&self, world: &World<'_>, address: &EmailAddress, existing: Option<&Account>) -> bool {
        let code = match existing {
            Some(existing) => Some(existing.organisation.clone()),
            None => OrganisationCode::parse(self.given.text(Attribute::Organisation)).ok(),
        };
        let customer = code.and_then(|code| world.customer_at(&code));
        customer.is_some_and(|customer| customer.owns(address.host()))
    }

    /// A new mailbox cannot be read before its account is activated: the link goes to an address elsewhere.
    fn check_activation_email(&mut self, world: &World<'_>) {
        let domain = &world.snapshot.rules.mail_domain;
        let given = EmailAddress::parse(self.given.text(Attribute::ActivationEmail));
        if given.as_ref().is_ok_and(|address| domain.encloses(address)) {
            let domain = domain.as_str().to_owned();
            self.cell_problem(Attribute::ActivationEmail, Kind::PrivateInsideMailDomain { domain });
        }
        // Links of two people go to one mailbox where one of the two has slipped. The address is not said back: it is not kept.
        let in_file = world.snapshot.file.private.get(&self.row);
        let in_file = in_file.map(|&other| Kind::PrivateInOtherRow { other });
        let here = given
            .ok()
            .and_then(|address| world.snapshot.private_here.get(&address).cloned());
        let here = here.map(|(account, name)| Kind::PrivateHere { account, name });
        let (row, attribute) = (self.row, Attribute::ActivationEmail);
        let shared = in_file.into_iter().chain(here);
        self.warnings
            .extend(shared.map(|kind| Problem::in_cell(row, attribute, "", kind)));
    }

    fn check_password(&mut self) {
        if let Some(OneTimePassword::Refused(kind)) = &self.cells.one_time {
            self.cell_problem(Attribute::Password, kind.clone());
        }
    }

    /// What an account's way to the organisation of these cells comes to.
    fn moved(mut self, world: &World<'_>, existing: &Account) -> PlannedRow {
        self.require(Attribute::Organisation);
        let home = self.organisation(world);
        let name = existing.full_name();
        let step = home.map(|home| {
            if home.code == existing.organisation {
                let name = home.name.clone();
                self.cell_problem(Attribute::Organisation, Kind::SameOrganisation { name });
            }
            self.check_place(world, home, Coming::ComesIn);
            self.check_local_id(world, home, Some(existing));
            let mut after = existing.attributes.clone();
            for own in [Attribute::Site, Attribute::Unit] {
                after.set(own, None);
            }
            self.settle_place(home, &mut after);
            let stays_in_tree = world.root(&existing.organisation) == Some(home.path.root());
            let given = self.given.get(Attribute::LocalId).cloned();
            if given.is_some() || !stays_in_tree {
                after.set(Attribute::LocalId, given);
            }
            if !stays_in_tree {
                for theirs in Attribute::OF_CUSTOMERS {
                    after.set(theirs, None);
                }
            }
            // What they are, unless it is said that they are something else here.
            for own in [Attribute::JobTitle, Attribute::Department, Attribute::Telephone] {
                match self.given.get(own).cloned() {
                    None if !self.cells.clears(own) => {}
                    given => after.set(own, given),
                }
            }
            let is_leaver = existing.status == AccountStatus::Leaver;
            let standard = world.snapshot.rules.standard_quota_gb;
            let quota = after.text(Attribute::Quota).parse::<u32>().unwrap_or(standard);
            if is_leaver && quota > standard {
                after.set(Attribute::Quota, Some(Value::stored(standard.to_string())));
            }
            if let Some(old) = world.anywhere(&existing.organisation) {
                let made = account::display_name(&existing.attributes, old, &world.snapshot.rules);
                if existing.attributes.get(Attribute::DisplayName) == Some(&made) {
                    let made = account::display_name(&after, home, &world.snapshot.rules);
                    after.set(Attribute::DisplayName, Some(made));
                }
            }
            AccountStep::Move {
                to: home.code.clone(),
                before: existing.status,
                changes: changes(&existing.attributes, &after),
                leaving: existing.leaving_at,
                leaves_on: None,
                ends: world.roles(existing.id),
                // A seat is the customer's, and a customer has a whole tree.
                seats: match stays_in_tree {
                    true => vec![],
                    false => world.ended_seats(existing.id),
                },
            }
            .on(existing)
        });
        self.finish(name, step)
    }
}
