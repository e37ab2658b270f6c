//! Contacts: new, changed, deleted, restored, and on their way to another organisation.

use super::{
    ContactStep, OpenOffer, PlannedRow, Step, left_out,
    matching::{MOST_LOOK_ALIKES, World},
    not_there,
    sheet::{Coming, Sheet, changes, kept},
};
use crate::{
    account,
    contact::{self, Contact},
    dictionary::{Attribute, Attributes},
    look_alike::Likeness,
    offer::{Offer, OfferEnd},
    organisation::{Organisation, OrganisationCode, OrganisationStatus},
    problem::{Kind, Problem},
    request::Cells,
    values::{
        email_address::EmailAddress,
        ids::{ContactId, OfferId, RowNumber},
        text,
    },
};

/// A new contact.
pub(super) fn new(world: &World<'_>, row: RowNumber, cells: &Cells) -> PlannedRow {
    let mut sheet = Sheet::read(world, row, cells);
    let organisation = sheet.organisation(world);
    sheet.check_required();
    sheet.require(Attribute::EmailAddress);
    sheet.check_outside(world);
    let step = organisation.map(|home| {
        sheet.check_place(world, home, Coming::ComesIn);
        let mut attributes = sheet.given.clone();
        sheet.settle_place(home, &mut attributes);
        if attributes.get(Attribute::DisplayName).is_none() {
            let made = account::display_name(&attributes, home, &world.snapshot.rules);
            attributes.set(Attribute::DisplayName, Some(made));
        }
        if sheet.problems.is_empty() {
            sheet.warn_of_same_address(world, home, &attributes);
            sheet.warn_of_look_alikes(world, home, &attributes);
        }
        Step::CreateContact {
            organisation: home.code.clone(),
            attributes: kept(attributes),
        }
    });
    sheet.notice_names(step.as_ref());
    let name = sheet.name();
    sheet.finish(name, step)
}

/// A change to a contact.
pub(super) fn edit(world: &World<'_>, row: RowNumber, id: ContactId, cells: &Cells) -> PlannedRow {
    about(world, row, id, |existing| {
        if existing.deleted_at.is_some() {
            return left_out(row, Kind::ContactDeleted);
        }
        let mut sheet = Sheet::read(world, row, cells);
        for needed in [Attribute::EmailAddress] {
            if cells.clears(needed) && !sheet.has_problem(needed) {
                sheet.cell_problem(needed, Kind::CannotClear { attribute: needed });
            }
        }
        sheet.check_outside(world);
        let Some(home) = world.organisation(&existing.organisation) else {
            return not_there(row);
        };
        sheet.check_place(world, home, Coming::StaysHere);
        let mut after = sheet.applied_to(&existing.attributes);
        sheet.settle_place(home, &mut after);
        sheet.follow_name(world, &existing.attributes, home, &mut after);
        let changes = changes(&existing.attributes, &after);
        if !sheet.problems.is_empty() {
            return sheet.finish(String::new(), None).step;
        }
        if changes.is_empty() {
            return Step::Nothing { account: None };
        }
        ContactStep::Update { changes }.on(existing)
    })
}

/// A contact taken away; an open offer of it ends.
pub(super) fn delete(world: &World<'_>, row: RowNumber, id: ContactId) -> PlannedRow {
    about(world, row, id, |existing| match existing.deleted_at {
        Some(_) => Step::Nothing { account: None },
        None => ContactStep::Delete {
            offer: open_offer(world, id),
        }
        .on(existing),
    })
}

/// A deleted contact brought back.
pub(super) fn restore(world: &World<'_>, row: RowNumber, id: ContactId) -> PlannedRow {
    about(world, row, id, |existing| match existing.deleted_at {
        None => Step::Nothing { account: None },
        Some(_) => ContactStep::Restore.on(existing),
    })
}

/// A deleted contact forgotten.
pub(super) fn erase(world: &World<'_>, row: RowNumber, id: ContactId) -> PlannedRow {
    about(world, row, id, |existing| match existing.deleted_at {
        None => Step::Nothing { account: None },
        Some(_) => ContactStep::Erase.on(existing),
    })
}

/// A contact to another organisation, by one who manages both.
pub(super) fn to_other_organisation(world: &World<'_>, row: RowNumber, id: ContactId, cells: &Cells) -> PlannedRow {
    let offer = open_offer(world, id).map(|offer| (offer, OfferEnd::ContactMoved));
    about(world, row, id, |existing| moved(world, row, existing, cells, offer))
}

/// A contact offered to another organisation, which is named by its code.
pub(super) fn offer(world: &World<'_>, row: RowNumber, id: ContactId, code: &str) -> PlannedRow {
    about(world, row, id, |existing| {
        let known = OrganisationCode::parse(code).ok();
        let other = known.as_ref().and_then(|code| world.anywhere(code));
        let wrong = |kind| Step::LeaveOut {
            problems: vec![Problem::in_cell(row, Attribute::Organisation, code, kind)],
        };
        if existing.deleted_at.is_some() {
            return left_out(row, Kind::ContactDeleted);
        }
        if let Some(open) = open_offer(world, id) {
            return left_out(row, Kind::AlreadyOffered { to: open.to });
        }
        match other {
            None if text::is_blank(code) => wrong(Kind::Missing {
                attribute: Attribute::Organisation,
            }),
            None => wrong(Kind::NoSuchOrganisation),
            Some(other) if other.code == existing.organisation => wrong(Kind::ContactThereAlready {
                name: other.name.clone(),
            }),
            Some(other) if other.status == OrganisationStatus::Closed => wrong(Kind::ClosedToContacts {
                name: other.name.clone(),
            }),
            // It is there to be asked for; who manages both sides asks themselves, and transfers it (S1).
            Some(other) if world.looks_after(&other.code) => wrong(Kind::OfferToOwn {
                name: other.name.clone(),
            }),
            Some(other) => ContactStep::Offer {
                to: other.code.clone(),
                to_name: other.name.clone(),
            }
            .on(existing),
        }
    })
}

/// A contact that was offered, taken in by somebody of the other organisation.
pub(super) fn accept(world: &World<'_>, row: RowNumber, id: OfferId, cells: &Cells) -> PlannedRow {
    let Some(open) = world.snapshot.offers.iter().find(|offer| offer.id == id) else {
        return PlannedRow::bare(row, String::new(), left_out(row, Kind::OfferOver));
    };
    about(world, row, open.contact, |existing| {
        let mut cells = cells.clone();
        cells.texts.insert(Attribute::Organisation, open.to.to_string());
        let offer = Some((as_open(open), OfferEnd::Accepted));
        moved(world, row, existing, &cells, offer)
    })
}

/// An offer that ends without the contact going anywhere.
pub(super) fn end_offer(world: &World<'_>, row: RowNumber, id: OfferId, end: OfferEnd) -> PlannedRow {
    let Some(open) = world.snapshot.offers.iter().find(|offer| offer.id == id) else {
        return PlannedRow::bare(row, String::new(), left_out(row, Kind::OfferOver));
    };
    about(world, row, open.contact, |existing| match end {
        OfferEnd::Declined | OfferEnd::Withdrawn | OfferEnd::Lapsed => ContactStep::EndOffer {
            offer: as_open(open),
            end,
        }
        .on(existing),
        OfferEnd::Accepted | OfferEnd::ContactDeleted | OfferEnd::ContactMoved => not_there(row),
    })
}

fn moved(
    world: &World<'_>,
    row: RowNumber,
    existing: &Contact,
    cells: &Cells,
    offer: Option<(OpenOffer, OfferEnd)>,
) -> Step {
    if existing.deleted_at.is_some() {
        return left_out(row, Kind::ContactDeleted);
    }
    let mut sheet = Sheet::read(world, row, cells);
    sheet.require(Attribute::Organisation);
    let step = sheet.organisation(world).map(|home| {
        if home.code == existing.organisation {
            let name = home.name.clone();
            sheet.cell_problem(Attribute::Organisation, Kind::ContactThereAlready { name });
        }
        sheet.check_place(world, home, Coming::ComesIn);
        let mut after = existing.attributes.clone();
        for own in [Attribute::Site, Attribute::Unit] {
            after.set(own, None);
        }
        sheet.settle_place(home, &mut after);
        if let Some(old) = world.anywhere(&existing.organisation) {
            let made = account::display_name(&existing.attributes, old, &world.snapshot.rules);
            if existing.attributes.get(Attribute::DisplayName) == Some(&made) {
                let made = account::display_name(&after, home, &world.snapshot.rules);
                after.set(Attribute::DisplayName, Some(made));
            }
        }
        ContactStep::Move {
            to: home.code.clone(),
            changes: changes(&existing.attributes, &after),
            offer,
        }
        .on(existing)
    });
    sheet.finish(String::new(), step).step
}

fn about<'w>(world: &World<'w>, row: RowNumber, id: ContactId, decide: impl FnOnce(&'w Contact) -> Step) -> PlannedRow {
    match world.snapshot.contacts.iter().find(|contact| contact.id == id) {
        Some(existing) => PlannedRow::bare(row, existing.full_name(), decide(existing)),
        None => PlannedRow::bare(row, String::new(), not_there(row)),
    }
}

fn open_offer(world: &World<'_>, id: ContactId) -> Option<OpenOffer> {
    let open = world.snapshot.offers.iter().find(|offer| offer.contact == id);
    open.map(as_open)
}

fn as_open(offer: &Offer) -> OpenOffer {
    OpenOffer {
        id: offer.id,
        to: offer.to.clone(),
    }
}

impl Sheet<'_> {
    /// A contact's address lies outside the mail domain.
    fn check_outside(&mut self, world: &World<'_>) {
        if let Ok(address) = EmailAddress::parse(self.given.text(Attribute::EmailAddress)) {
            let verdict = contact::check_address(&address, &world.snapshot.rules.mail_domain);
            verdict.unwrap_or_else(|kind| self.cell_problem(Attribute::EmailAddress, kind));
        }
    }

    /// Another contact of the scope with this address may be the same person, one of the same organisation first.
    fn warn_of_same_address(&mut self, world: &World<'_>, home: &Organisation, attributes: &Attributes) {
        let address = attributes.text(Attribute::EmailAddress);
        let twins = world.snapshot.contacts.iter().filter(|other| {
            world.organisation(&other.organisation).is_some()
                && other.deleted_at.is_none()
                && other.attributes.text(Attribute::EmailAddress) == address
        });
        if let Some(twin) = twins.min_by_key(|other| other.organisation != home.code) {
            let kind = Kind::ContactAlreadyHere {
                contact: twin.id,
                name: twin.full_name(),
                organisation: world.other_place(home, &twin.organisation),
            };
            let warning = Problem::in_cell(self.row, Attribute::EmailAddress, address, kind);
            self.warnings.push(warning);
        }
    }

    /// Contacts of the scope with another address whom a new one looks like, those of the same organisation first.
    fn warn_of_look_alikes(&mut self, world: &World<'_>, home: &Organisation, attributes: &Attributes) {
        let new = Likeness::of(home, attributes);
        let address = |of: &Attributes| of.text(Attribute::EmailAddress).to_owned();
        let is_alike = |other: &&Contact| {
            let place = world.organisation(&other.organisation);
            other.deleted_at.is_none()
                && address(&other.attributes) != address(attributes)
                && place.is_some_and(|place| new.may_be(&Likeness::of(place, &other.attributes)))
        };
        let mut alike: Vec<_> = world.snapshot.contacts.iter().filter(is_alike).collect();
        alike.sort_by_key(|other| (other.organisation != home.code, other.id));
        for other in alike.into_iter().take(MOST_LOOK_ALIKES) {
            let kind = Kind::LooksLikeContact {
                contact: other.id,
                name: other.full_name(),
                address: address(&other.attributes),
                organisation: world.other_place(home, &other.organisation),
            };
            self.warnings.push(Problem::in_row(self.row, kind));
        }
    }
}
