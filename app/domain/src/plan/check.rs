//! Checks one row and decides what it comes to. All problems of a row are found at once.

use super::{
    Change, PlannedRow, Step,
    matching::{Holder, Keys, World},
};
use crate::{
    account::{self, Account},
    contact,
    dictionary::{Attribute, Attributes, Value},
    email_address::EmailAddress,
    ids::{AccountId, RowNumber},
    organisation::{Organisation, OrganisationCode, OrganisationStatus},
    password::{self, WeakPassword},
    problem::{Kind, Place, Problem},
    request::Cells,
};

/// A row while it is looked at: what could be read of it, and what is wrong with it so far.
struct Sheet<'a> {
    row: RowNumber,
    cells: &'a Cells,
    given: Attributes,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

/// What an account row comes to.
pub(super) fn account(world: &World<'_>, row: RowNumber, cells: &Cells, promised: Option<&EmailAddress>) -> PlannedRow {
    let mut sheet = Sheet::read(world, row, cells);
    let organisation = sheet.organisation(world);
    let found = sheet.find(world, organisation);
    let step = match found {
        Some(existing) => {
            sheet.check_existing(world, existing);
            let home = world
                .snapshot
                .organisations
                .get(&existing.organisation)
                .map(|known| &known.organisation);
            home.map(|home| sheet.update(world, existing, home))
        }
        None => organisation.and_then(|home| sheet.create(world, home, promised)),
    };
    if found.is_none() {
        sheet.check_required();
    }
    let name = found.map_or_else(|| sheet.name(), |existing| existing.full_name());
    sheet.finish(name, step)
}

/// What a contact row comes to: always a new contact.
pub(super) fn contact(world: &World<'_>, row: RowNumber, cells: &Cells) -> PlannedRow {
    let mut sheet = Sheet::read(world, row, cells);
    let organisation = sheet.organisation(world);
    sheet.check_required();
    sheet.require(Attribute::EmailAddress);
    if let Ok(address) = EmailAddress::parse(sheet.given.text(Attribute::EmailAddress)) {
        let verdict = contact::check_address(&address, &world.snapshot.rules.mail_domain);
        verdict.unwrap_or_else(|kind| sheet.cell_problem(Attribute::EmailAddress, kind));
    }
    let step = organisation.map(|home| {
        let mut attributes = sheet.given.clone();
        let display_name = attributes.get(Attribute::DisplayName).cloned();
        let made = || account::display_name(&attributes, home, &world.snapshot.rules);
        let display_name = display_name.unwrap_or_else(made);
        attributes.set(Attribute::DisplayName, Some(display_name));
        Step::CreateContact {
            organisation: home.code.clone(),
            attributes: kept(attributes),
        }
    });
    let name = sheet.name();
    sheet.finish(name, step)
}

impl<'a> Sheet<'a> {
    /// Reads every cell by the dictionary.
    fn read(world: &World<'_>, row: RowNumber, cells: &'a Cells) -> Self {
        let mut sheet = Self {
            row,
            cells,
            given: Attributes::default(),
            problems: vec![],
            warnings: vec![],
        };
        if let Some((found, headings)) = cells.surplus {
            sheet
                .problems
                .push(Problem::in_row(row, Kind::TooManyCells { found, headings }));
        }
        for (&attribute, text) in &cells.texts {
            if cells.clears(attribute) {
                let cannot = attribute.entry().required || !attribute.is_kept() || is_made_by_service(attribute);
                if cannot {
                    sheet.cell_problem(attribute, Kind::CannotClear { attribute });
                }
                continue;
            }
            match attribute.parse(text, cells.separator, &world.snapshot.rules) {
                Ok(value) => sheet.given.set(attribute, Some(value)),
                Err(kind) => sheet.cell_problem(attribute, kind),
            }
        }
        sheet
    }

    fn cell_problem(&mut self, attribute: Attribute, kind: Kind) {
        self.problems
            .push(Problem::in_cell(self.row, attribute, self.cells.text(attribute), kind));
    }

    fn has_problem(&self, attribute: Attribute) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.place.attribute() == Some(attribute))
    }

    fn require(&mut self, attribute: Attribute) {
        if self.given.get(attribute).is_none() && !self.has_problem(attribute) {
            self.cell_problem(attribute, Kind::Missing { attribute });
        }
    }

    fn check_required(&mut self) {
        for attribute in Attribute::ALL
            .into_iter()
            .filter(|attribute| attribute.entry().required)
        {
            self.require(attribute);
        }
    }

    /// The organisation that the row names, with its site and unit checked. One out of scope is one that is not there.
    fn organisation<'w>(&mut self, world: &World<'w>) -> Option<&'w Organisation> {
        let code = self.given.get(Attribute::Organisation)?;
        let known = OrganisationCode::parse(code.as_str())
            .ok()
            .and_then(|code| world.snapshot.organisations.get(&code));
        let Some(known) = known else {
            self.cell_problem(Attribute::Organisation, Kind::UnknownOrganisation);
            return None;
        };
        if known.organisation.status == OrganisationStatus::Closed {
            let name = known.organisation.name.clone();
            self.cell_problem(Attribute::Organisation, Kind::ClosedOrganisation { name });
        }
        Some(&known.organisation)
    }

    /// The account that the row is about, where there is one.
    fn find<'w>(&mut self, world: &World<'w>, organisation: Option<&Organisation>) -> Option<&'w Account> {
        let id = self
            .given
            .get(Attribute::AccountId)
            .map(|id| id.as_str().parse::<AccountId>());
        if let Some(Err(_)) = id {
            self.cell_problem(Attribute::AccountId, Kind::UnknownId);
            return None;
        }
        let keys = Keys {
            id: id.and_then(Result::ok),
            organisation,
            local_id: self.given.get(Attribute::LocalId).map(Value::as_str),
            address: self.given.get(Attribute::EmailAddress).map(Value::as_str),
        };
        match world.find(&keys) {
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
            !given.is_empty() && !current.is_empty() && crate::text::fold(given) != crate::text::fold(current)
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
        if elsewhere && !self.has_problem(Attribute::Organisation) {
            let current = existing.organisation.clone();
            self.cell_problem(Attribute::Organisation, Kind::OtherOrganisation { current });
        }
        if !existing.status.takes_changes_from_files() {
            let (name, status) = (existing.full_name(), existing.status);
            self.problems
                .push(Problem::in_row(self.row, Kind::NotTakingChanges { name, status }));
        }
        let closed = world.snapshot.organisations.get(&existing.organisation);
        if closed.is_some_and(|home| home.organisation.status == OrganisationStatus::Closed) && named.is_none() {
            let name = closed.map(|home| home.organisation.name.clone()).unwrap_or_default();
            self.problems
                .push(Problem::in_row(self.row, Kind::ClosedOrganisation { name }));
        }
        if self.given.get(Attribute::Password).is_some() {
            self.cell_problem(Attribute::Password, Kind::PasswordOfExistingAccount);
        }
    }

    fn create(&mut self, world: &World<'_>, home: &Organisation, promised: Option<&EmailAddress>) -> Option<Step> {
        self.check_place(world, home, None);
        self.check_local_id(world, home, None);
        self.check_password();
        self.check_required();
        let mut attributes = self.given.clone();
        match attributes.get(Attribute::EmailAddress) {
            Some(_) => self.check_address(world, None),
            None if self.problems.is_empty() => match world.free_address(&attributes, promised) {
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
        self.warnings
            .extend(world.look_alikes(self.row, &home.code, &attributes));
        let with_password = self.given.get(Attribute::Password).is_some();
        Some(Step::CreateAccount {
            organisation: home.code.clone(),
            attributes: kept(attributes),
            with_password,
        })
    }

    fn update(&mut self, world: &World<'_>, existing: &Account, home: &Organisation) -> Step {
        self.check_place(world, home, Some(existing));
        self.check_local_id(world, home, Some(existing));
        let address = self.given.text(Attribute::EmailAddress).to_owned();
        if existing.answers_to(&address) {
            // An alias in the row is the same person under an older address, not a wish to go back to it.
            self.given.set(Attribute::EmailAddress, None);
        } else if !address.is_empty() {
            self.check_address(world, Some(existing));
        }
        let mut after = existing.attributes.clone();
        for (attribute, value) in self.given.iter().filter(|(attribute, _)| attribute.is_kept()) {
            after.set(attribute, Some(value.clone()));
        }
        for attribute in self
            .cells
            .texts
            .keys()
            .copied()
            .filter(|attribute| self.cells.clears(*attribute))
        {
            after.set(attribute, None);
        }
        self.settle_place(home, &mut after);
        self.follow_name(world, existing, home, &mut after);
        let changes = changes(&existing.attributes, &after);
        if changes.is_empty() {
            return Step::Nothing { account: existing.id };
        }
        Step::UpdateAccount {
            account: existing.id,
            version: existing.version,
            organisation: existing.organisation.clone(),
            unit: existing.unit(),
            changes,
        }
    }

    /// A display name that nobody chose follows the name it was made from (H).
    fn follow_name(&self, world: &World<'_>, existing: &Account, home: &Organisation, after: &mut Attributes) {
        let names = [Attribute::FirstName, Attribute::LastName, Attribute::Title];
        let renamed = names
            .iter()
            .any(|name| existing.attributes.get(*name) != after.get(*name));
        let old = account::display_name(&existing.attributes, home, &world.snapshot.rules);
        let was_made = existing.attributes.get(Attribute::DisplayName) == Some(&old);
        if renamed && was_made && self.given.get(Attribute::DisplayName).is_none() {
            let made = account::display_name(after, home, &world.snapshot.rules);
            after.set(Attribute::DisplayName, Some(made));
        }
    }

    /// Site and unit are the organisation's own; where only units are looked after, the unit is one of them.
    fn check_place(&mut self, world: &World<'_>, home: &Organisation, existing: Option<&Account>) {
        let organisation = home.code.clone();
        if self
            .given
            .get(Attribute::Site)
            .is_some_and(|site| home.site(site.as_str()).is_none())
        {
            self.cell_problem(
                Attribute::Site,
                Kind::UnknownSite {
                    organisation: organisation.clone(),
                },
            );
        }
        if self
            .given
            .get(Attribute::Unit)
            .is_some_and(|unit| home.unit(unit.as_str()).is_none())
        {
            self.cell_problem(Attribute::Unit, Kind::UnknownUnit { organisation });
        }
        let whole = world
            .snapshot
            .organisations
            .get(&home.code)
            .is_some_and(|known| known.whole);
        if whole {
            return;
        }
        match existing {
            Some(_) if self.cells.clears(Attribute::Unit) => {
                self.cell_problem(
                    Attribute::Unit,
                    Kind::CannotClear {
                        attribute: Attribute::Unit,
                    },
                );
            }
            Some(_) => {}
            None => self.require(Attribute::Unit),
        }
    }

    /// Writes site and unit in the organisation's own spelling.
    fn settle_place(&self, home: &Organisation, attributes: &mut Attributes) {
        if let Some(site) = home.site(self.given.text(Attribute::Site)) {
            attributes.set(Attribute::Site, Some(Value::stored(site.code.clone())));
        }
        if let Some(unit) = self
            .given
            .get(Attribute::Unit)
            .and_then(|unit| home.unit(unit.as_str()))
        {
            attributes.set(Attribute::Unit, Some(Value::stored(unit.as_str().to_owned())));
        }
    }

    fn check_local_id(&mut self, world: &World<'_>, home: &Organisation, existing: Option<&Account>) {
        let Some(local_id) = self.given.get(Attribute::LocalId) else {
            return;
        };
        let holder = world.holder_of_local_id(home, local_id.as_str());
        if !holder.is_free_for(existing.map(|account| account.id)) {
            self.taken(world, Attribute::LocalId, existing, Kind::LocalIdTaken, holder);
        }
    }

    fn check_address(&mut self, world: &World<'_>, existing: Option<&Account>) {
        let domain = &world.snapshot.rules.mail_domain;
        let Ok(address) = EmailAddress::parse(self.given.text(Attribute::EmailAddress)) else {
            return;
        };
        if !domain.holds(&address) {
            let domain = domain.as_str().to_owned();
            self.cell_problem(Attribute::EmailAddress, Kind::OutsideMailDomain { domain });
            return;
        }
        let holder = world.holder_of_address(&address);
        if !holder.is_free_for(existing.map(|account| account.id)) {
            self.taken(world, Attribute::EmailAddress, existing, Kind::AddressTaken, holder);
        }
    }

    /// A key that is somebody's: named where the asker may see who, and the row points at another.
    fn taken(
        &mut self,
        world: &World<'_>,
        attribute: Attribute,
        existing: Option<&Account>,
        otherwise: Kind,
        holder: Holder,
    ) {
        let other = match holder {
            Holder::Seen(id) => world.account(id),
            _ => None,
        };
        let kind = match (existing, other) {
            (Some(existing), Some(other)) => Kind::PointsAtAnother {
                name: existing.full_name(),
                other: other.full_name(),
            },
            _ => otherwise,
        };
        self.cell_problem(attribute, kind);
    }

    fn check_password(&mut self) {
        let Some(password) = self.given.get(Attribute::Password) else {
            return;
        };
        let (first, last) = (
            self.given.text(Attribute::FirstName),
            self.given.text(Attribute::LastName),
        );
        let kind = match password::check(password.as_str(), first, last) {
            Ok(()) => return,
            Err(WeakPassword::TooShort) => Kind::PasswordTooShort {
                least: password::SHORTEST,
            },
            Err(WeakPassword::TooLong) => {
                let length = password.as_str().chars().count();
                Kind::TooLong {
                    attribute: Attribute::Password,
                    limit: password::LONGEST,
                    length,
                }
            }
            Err(WeakPassword::HasSpaces) => Kind::PasswordHasSpaces,
            Err(WeakPassword::ContainsName) => Kind::PasswordContainsName,
            Err(WeakPassword::Common) => Kind::PasswordTooCommon,
        };
        self.cell_problem(Attribute::Password, kind);
    }

    /// The name as written, to tell the row by.
    fn name(&self) -> String {
        let read = account::full_name(&self.given);
        if !read.is_empty() {
            return read;
        }
        let written = [Attribute::FirstName, Attribute::LastName].map(|name| self.cells.text(name).trim());
        written
            .join(" ")
            .trim()
            .chars()
            .filter(|c| !c.is_control())
            .take(80)
            .collect()
    }

    fn finish(self, name: String, step: Option<Step>) -> PlannedRow {
        let Self {
            row,
            mut problems,
            warnings,
            ..
        } = self;
        match step {
            Some(step) if problems.is_empty() => PlannedRow {
                row,
                name,
                step,
                warnings,
            },
            _ => {
                problems.sort_by_key(|problem| match problem.place {
                    Place::File | Place::Row { .. } => None,
                    Place::Cell { attribute, .. } => Some(attribute),
                });
                PlannedRow {
                    row,
                    name,
                    step: Step::LeaveOut { problems },
                    warnings: vec![],
                }
            }
        }
    }
}

/// The service gives every account these; emptying one would only make it anew.
const fn is_made_by_service(attribute: Attribute) -> bool {
    matches!(
        attribute,
        Attribute::EmailAddress | Attribute::DisplayName | Attribute::Quota
    )
}

fn kept(attributes: Attributes) -> Attributes {
    attributes
        .iter()
        .filter(|(attribute, _)| attribute.is_kept())
        .map(|(attribute, value)| (attribute, value.clone()))
        .collect()
}

/// What differs between two states of a person, in the form's order.
fn changes(before: &Attributes, after: &Attributes) -> Vec<Change> {
    let differs = Attribute::ALL
        .into_iter()
        .filter(|attribute| before.get(*attribute) != after.get(*attribute));
    differs
        .map(|attribute| Change {
            attribute,
            before: before.get(attribute).cloned(),
            after: after.get(attribute).cloned(),
        })
        .collect()
}
