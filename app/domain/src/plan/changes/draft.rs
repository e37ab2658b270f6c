//! A row of a change file while it is looked at: what it says, whom it is about, and all that is wrong with it so far.

use std::collections::BTreeSet;

use crate::{
    account::{Account, AccountStatus},
    change_file::{Action, ChangeFault, ChangeRow, Field},
    channel::Channel,
    customer::{Customer, FederationType},
    dictionary::{Attribute, CLEAR},
    hand_edit::Kept,
    plan::{
        AccountStep, Matched, PlannedRow, Step,
        matching::{Keys, World},
        seats::Seating,
    },
    policy::Touch,
    problem::{Kind, Problem},
    request::Cells,
    values::{
        email_address::EmailAddress,
        ids::{AccountId, RowNumber},
    },
};

/// Of those whom somebody new looks like, as many are told, the nearest first: a report is read, not searched.
const MOST_ALIKE_TOLD: usize = 2;

/// A row while it is looked at.
pub(super) struct Draft<'x, 'w> {
    pub(super) world: &'x World<'w>,
    pub(super) row: RowNumber,
    pub(super) asked: &'x ChangeRow,
    pub(super) customer: &'w Customer,
    pub(super) action: Action,
    /// The address of its person, as far as it is one.
    pub(super) email: Option<EmailAddress>,
    /// The fields of which it is said what is wrong.
    pub(super) flagged: BTreeSet<Field>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    kept: Vec<Kept>,
    overwrites: Vec<Kept>,
}

impl<'x, 'w> Draft<'x, 'w> {
    pub(super) fn of(
        world: &'x World<'w>,
        row: RowNumber,
        asked: &'x ChangeRow,
        customer: &'w Customer,
        action: Action,
    ) -> Self {
        let mut draft = Self {
            world,
            row,
            asked,
            customer,
            action,
            email: None,
            flagged: BTreeSet::new(),
            problems: vec![],
            warnings: vec![],
            kept: vec![],
            overwrites: vec![],
        };
        for notice in &asked.notices {
            draft.notice(notice.clone());
        }
        if Action::is_older_name(&asked.action) {
            draft.notice(ChangeFault::ActionOlder);
        }
        draft
    }

    pub(super) fn fault(&mut self, fault: ChangeFault) {
        self.problems.push(Problem::in_row(self.row, Kind::Change(fault)));
    }

    pub(super) fn notice(&mut self, fault: ChangeFault) {
        self.warnings.push(Problem::in_row(self.row, Kind::Change(fault)));
    }

    /// Whether the service itself asks: a person has used the link that an earlier row had sent to them, and the row was
    /// looked at then.
    pub(super) fn is_by_service(&self) -> bool {
        self.world.snapshot.channel == Channel::System
    }

    /// Whether nothing is wrong so far.
    pub(super) const fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    /// Something wrong with one field; nothing further is said of it.
    pub(super) fn fault_of(&mut self, field: Field, fault: ChangeFault) {
        self.flagged.insert(field);
        self.fault(fault);
    }

    /// The person's address, as it is told.
    pub(super) fn told(&self) -> String {
        let written = || self.asked.text(Field::EmailAddress).unwrap_or_default().to_owned();
        self.email.as_ref().map_or_else(written, ToString::to_string)
    }

    /// The account of this customer's that answers to an address, whatever has become of it.
    pub(super) fn at(&self, address: &EmailAddress) -> Option<&'w Account> {
        let keys = Keys {
            id: None,
            organisation: None,
            local_id: None,
            address: Some(address.as_str()),
        };
        let (_, account) = self.world.find(&keys).ok()??;
        let customer = self.world.customer_of(account)?;
        (customer.number == self.customer.number).then_some(account)
    }

    /// Whether an address is promised to somebody else, whose rename waits. Who uses their link is asked no more.
    pub(super) fn is_promised(&self, address: &EmailAddress, own: Option<AccountId>) -> bool {
        let snapshot = self.world.snapshot;
        let waits = |account: &AccountId| {
            let asked = snapshot.file.carried.asked.get(account);
            snapshot.renaming.contains(account) && asked.is_none_or(|asked| asked == address)
        };
        let promised = snapshot.promised.get(address);
        promised.is_some_and(|account| Some(*account) != own && waits(account)) && !self.is_by_service()
    }

    /// The account that the row is about, with what keeps machines from it told. `None` if there is none.
    pub(super) fn person(&mut self) -> Option<&'w Account> {
        let email = self.email.clone()?;
        let Some(existing) = self.at(&email) else {
            let email = email.to_string();
            self.fault_of(Field::EmailAddress, ChangeFault::AccountNone { email });
            return None;
        };
        let present = existing.attributes.text(Attribute::EmailAddress);
        if present != email.as_str() {
            let (email, present) = (email.to_string(), present.to_owned());
            self.notice(ChangeFault::AddressOlder { email, present });
        }
        self.check_held(existing);
        Some(existing)
    }

    /// Every row for somebody who is held is refused, whatever it asks for; a link that an earlier row had sent does nothing
    /// for them either.
    pub(super) fn check_held(&mut self, existing: &Account) {
        if let Some(held) = &existing.held {
            let fault = ChangeFault::Held {
                email: self.told(),
                reason: held.reason.clone(),
                since: (self.world.snapshot.day)(held.since),
            };
            self.fault(fault);
        }
    }

    /// That the person's status does not allow the action.
    pub(super) fn fault_of_status(&mut self, status: AccountStatus) {
        let (email, action) = (self.told(), self.action);
        self.fault(ChangeFault::State { email, status, action });
    }

    /// Somebody's seats, to be looked at.
    pub(super) fn seating(&self, existing: Option<&Account>) -> Seating<'x, 'w> {
        let seats = existing
            .map(|existing| self.world.seats(existing.id))
            .unwrap_or_default();
        Seating::of(self.world, self.customer, self.told(), seats)
    }

    /// Takes over what was found out about somebody's seats.
    pub(super) fn seated(&mut self, seating: Seating<'x, 'w>) {
        // What would go with a change is told where it is made.
        if seating.faults.is_empty() {
            for notice in seating.notices {
                self.notice(notice);
            }
        }
        for fault in seating.faults {
            self.fault(fault);
        }
    }

    /// The fields of a row that give details of a person, as cells. What was said to be wrong, and what the row does not
    /// have, is left out; `""` empties.
    pub(super) fn cells(&self, fields: &[Field]) -> Cells {
        let text = |field: Field| {
            let text = self.asked.text(field)?;
            let attribute = field.attribute().filter(|_| !self.flagged.contains(&field))?;
            match (text, self.action) {
                ("", Action::Update) => Some((attribute, CLEAR.to_owned())),
                ("", _) => None,
                (text, _) if field == Field::FederationType => {
                    let federation = FederationType::read(text)?;
                    Some((attribute, federation.slug().to_owned()))
                }
                (text, _) => Some((attribute, text.to_owned())),
            }
        };
        let mut cells = Cells::of([]);
        cells.texts = fields.iter().filter_map(|field| text(*field)).collect();
        cells
    }

    /// Takes over what another module decided: its step, or what is wrong in the words of change files.
    pub(super) fn absorb(&mut self, planned: PlannedRow) -> Option<Step> {
        self.kept.extend(planned.kept);
        self.overwrites.extend(planned.overwrites);
        let mut alike = 0;
        for warning in planned.warnings {
            match warning.kind {
                // It is of interest where somebody new is made.
                Kind::LooksLike {
                    name, address: email, ..
                } if self.is_sound() && alike < MOST_ALIKE_TOLD => {
                    alike += 1;
                    self.notice(ChangeFault::LooksLike { name, email });
                }
                _ if warning.is_remark() => self.warnings.push(warning),
                // Nobody is there to be asked.
                _ => {}
            }
        }
        match planned.step {
            Step::LeaveOut { problems } => {
                for problem in problems {
                    let told = self.translated(problem);
                    self.problems.extend(told);
                }
                None
            }
            step => Some(step),
        }
    }

    /// A problem in the words of change files. `None` if it is told already.
    fn translated(&self, problem: Problem) -> Option<Problem> {
        let field = problem.place.attribute().and_then(Field::of);
        if field.is_some_and(|field| self.flagged.contains(&field)) {
            return None;
        }
        let address = self.asked.text(match self.action {
            Action::Rename => Field::AltEmailAddress,
            _ => Field::EmailAddress,
        });
        let email = address.unwrap_or_default().to_lowercase();
        let fault = match (&problem.kind, field) {
            (Kind::TooLong { limit, length, .. }, Some(field)) => ChangeFault::FieldLong {
                field,
                limit: *limit,
                length: *length,
            },
            (Kind::CannotClear { .. }, Some(field)) => ChangeFault::FieldEmpty { field },
            (Kind::Missing { .. }, Some(field)) => ChangeFault::FieldRequired {
                action: self.action,
                field,
            },
            (
                Kind::AddressTaken
                | Kind::AddressElsewhere
                | Kind::AddressInOtherRow { .. }
                | Kind::PointsAtAnother { .. },
                _,
            ) => match self.action {
                Action::Rename => ChangeFault::RenameTaken { email },
                _ => ChangeFault::AddressReserved { email },
            },
            (Kind::OutsideMailDomain { .. }, Some(Field::EmailAddress)) => {
                ChangeFault::DomainForeign { domain: host(&email) }
            }
            _ => return Some(problem),
        };
        Some(Problem::in_row(self.row, Kind::Change(fault)))
    }

    /// No machine takes from somebody a role that they hold, or changes how they sign in or where their links go.
    pub(super) fn check_holder(&mut self, existing: &Account, step: Option<&Step>) {
        let Some(step) = step.filter(|step| step.operation().is_some()) else {
            return;
        };
        let snapshot = self.world.snapshot;
        if snapshot.holders.roles_of(existing.id).is_empty() {
            return;
        }
        let touch = match step.of_account() {
            Some(AccountStep::AskRename { .. }) => Touch::ChangeAddress,
            Some(AccountStep::Update { .. }) if changes(step, Attribute::FederationType) => Touch::Change,
            _ => Touch::of(step),
        };
        let ender = snapshot.asker.who_ends(existing.id, &snapshot.holders);
        let kind = Kind::HoldsRole {
            name: existing.full_name(),
            touch,
            ender: ender.unwrap_or_default(),
        };
        self.problems.push(Problem::in_row(self.row, kind));
    }

    /// The row as it is planned: what is to be done, or all that is wrong.
    pub(super) fn finish(self, name: String, about: Option<&Account>, step: Option<Step>) -> PlannedRow {
        let matched = about.map(|existing| Matched {
            account: existing.id,
            name: existing.full_name(),
        });
        let account: Option<AccountId> = matched.as_ref().map(|matched| matched.account);
        let is_sound = self.is_sound();
        let step = match step {
            _ if !is_sound => Step::LeaveOut {
                problems: self.problems,
            },
            Some(step) => step,
            None => Step::Nothing { account },
        };
        PlannedRow {
            row: self.row,
            name: matched.as_ref().map_or(name, |matched| matched.name.clone()),
            step,
            warnings: self.warnings,
            kept: if is_sound { self.kept } else { vec![] },
            overwrites: if is_sound { self.overwrites } else { vec![] },
            matched: matched.filter(|_| !is_sound),
        }
    }
}

/// Whether a step changes an attribute.
pub(super) fn changes(step: &Step, attribute: Attribute) -> bool {
    step.changes().iter().any(|change| change.attribute == attribute)
}

/// What stands behind the `@`.
fn host(email: &str) -> String {
    email.rsplit_once('@').map_or(email, |(_, host)| host).to_owned()
}

/// Whom a row is about as it says itself: their names, else their address.
pub(super) fn written_name(asked: &ChangeRow) -> String {
    let text = |field| asked.text(field).unwrap_or_default();
    let names = crate::account::joined_name(text(Field::GivenName), text(Field::FamilyName));
    let written = match names.as_str() {
        "" => text(Field::EmailAddress),
        names => names,
    };
    let shown = |c: &char| !c.is_control() && !crate::values::text::is_unseen(*c);
    written.chars().filter(shown).take(80).collect()
}
