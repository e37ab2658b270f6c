//! AssignSeat, ChangeSeat, RevokeSeat and ChangeStorage: the seats of somebody who is here.

use super::{
    adding::subscription,
    draft::{self, Draft},
    mail::given,
    people::{done, heir, is_just_invited, nobody},
};
use crate::{
    account::{Account, AccountStatus},
    change_file::{ChangeFault, Field, Keyword},
    dictionary::{Attribute, Change},
    plan::{
        AccountStep, PlannedRow, SeatStep, Step, accounts,
        seats::{Seating, is_used_at_once, not_open_to},
    },
    subscription::{KnownSubscription, Offering, Seat, Side},
};

/// One more seat.
pub(super) fn assign(mut draft: Draft<'_, '_>) -> PlannedRow {
    let Some(existing) = open(&mut draft) else {
        return shut(draft);
    };
    let mut seating = draft.seating(Some(existing));
    let active = is_used_at_once(existing, seating.federation(&existing.attributes));
    let text = draft.unflagged(Field::SubscriptionId);
    let known = text.and_then(|text| subscription(&mut seating, text));
    let gives_mail = known.is_some_and(|known| known.subscription.offering.covers_mail());
    let has_mail = gives_mail || seating.covers(Side::Mail);
    let seat = known.and_then(|known| seating.assign(known, active));
    draft.seated(seating);
    draft.check_mail(gives_mail, has_mail);
    let mut changes = details(&mut draft, existing, &[Field::AltEmailAddress, Field::NotesTemplate]);
    if gives_mail || draft.unflagged(Field::NotesDn).is_some() {
        name_in_directory(&mut draft, existing, &mut changes);
    }
    let seats = seat.map(SeatStep::Assign).into_iter().collect();
    seated(draft, existing, seats, changes)
}

/// A seat of another subscription in the place of one.
pub(super) fn change(mut draft: Draft<'_, '_>) -> PlannedRow {
    let Some(existing) = open(&mut draft) else {
        return shut(draft);
    };
    let mut seating = draft.seating(Some(existing));
    let (target, keyword) = targets(&mut draft, &mut seating);
    let from = target.and_then(|target| replaced(&mut seating, target.subscription.offering));
    let Some((from, target)) = from.zip(target) else {
        draft.seated(seating);
        return done(draft, existing, None);
    };
    let held = seating
        .seats
        .iter()
        .any(|seat| seat.subscription == target.subscription.number);
    if held {
        let (email, name) = (draft.told(), target.subscription.name.clone());
        draft.seated(seating);
        draft.notice(ChangeFault::ChangeSame { email, name });
        return done(draft, existing, None);
    }
    let offering = target.subscription.offering;
    check_keyword(&mut seating, from.dropped_for(offering), keyword);
    let step = seating.change(&from, target);
    draft.seated(seating);
    let brings_mail = offering.covers_mail() && !from.covers(Side::Mail);
    let mut changes = vec![];
    check_credentials(&mut draft, brings_mail);
    if brings_mail {
        changes = details(&mut draft, existing, &[Field::AltEmailAddress]);
        name_in_directory(&mut draft, existing, &mut changes);
    }
    seated(draft, existing, step.into_iter().collect(), changes)
}

/// One seat less.
pub(super) fn revoke(mut draft: Draft<'_, '_>) -> PlannedRow {
    let Some(existing) = open(&mut draft) else {
        return shut(draft);
    };
    let mut seating = draft.seating(Some(existing));
    let seat = match draft.unflagged(Field::SubscriptionId) {
        Some(text) => named(&mut seating, text),
        None => only_one(&mut seating, |_| true),
    };
    let heir = heir(&mut draft, existing);
    let mut steps = vec![];
    if let Some(seat) = seat {
        if draft.asked.filled(Field::AssignTo).is_some() && !seat.covers(Side::Collab) {
            draft.fault_of(Field::AssignTo, ChangeFault::AssignToMail);
        }
        steps = seating.revoke(&seat, heir);
    }
    draft.seated(seating);
    seated(draft, existing, steps, vec![])
}

/// Other amounts of extra storage.
pub(super) fn storage(mut draft: Draft<'_, '_>) -> PlannedRow {
    let Some(existing) = open(&mut draft) else {
        return shut(draft);
    };
    let collab = gigabytes(&mut draft, Field::CollabExtraStorage);
    let mail = gigabytes(&mut draft, Field::MailExtraStorage);
    let amounts = [Field::CollabExtraStorage, Field::MailExtraStorage];
    if amounts.iter().all(|field| draft.asked.filled(*field).is_none()) {
        draft.fault(ChangeFault::StorageNone);
    }
    let mut seating = draft.seating(Some(existing));
    let carries = |seat: &Seat| {
        let is_base = Side::ALL.into_iter().any(|side| seat.covers(side));
        is_base && (collab.is_none() || seat.covers(Side::Collab)) && (mail.is_none() || seat.covers(Side::Mail))
    };
    let seat = match draft.unflagged(Field::SubscriptionId) {
        Some(text) => named(&mut seating, text),
        None => only_one(&mut seating, carries),
    };
    let step = seat.and_then(|seat| seating.storage(&seat, collab, mail));
    draft.seated(seating);
    seated(draft, existing, step.into_iter().collect(), vec![])
}

/// The person whose seats can be changed. `None` if there is none, or theirs cannot be: that is told.
fn open<'w>(draft: &mut Draft<'_, 'w>) -> Option<&'w Account> {
    let existing = draft.person()?;
    let fault = not_open_to(existing, draft.action);
    let is_open = fault.is_none();
    if let Some(fault) = fault {
        draft.fault(fault);
    }
    is_open.then_some(existing)
}

/// The row of somebody whose seats cannot be changed.
fn shut(draft: Draft<'_, '_>) -> PlannedRow {
    let about = draft.email.as_ref().and_then(|email| draft.at(email));
    match about {
        Some(existing) => done(draft, existing, None),
        None => nobody(draft),
    }
}

/// What the row comes to. Details change with seats alone.
fn seated(mut draft: Draft<'_, '_>, existing: &Account, seats: Vec<SeatStep>, changes: Vec<Change>) -> PlannedRow {
    let is_to_activate = existing.status == AccountStatus::Pending && seats.iter().any(SeatStep::is_to_activate);
    if is_to_activate && !draft.asked.suppresses() && is_just_invited(&draft, existing) {
        let email = draft.told();
        draft.notice(ChangeFault::InvitationRecent { email });
    }
    let step = (!seats.is_empty()).then(|| AccountStep::Seats { seats, changes }.on(existing));
    if step
        .as_ref()
        .is_some_and(|step| draft::changes(step, Attribute::AlternateEmail))
    {
        draft.check_holder(existing, step.as_ref());
    }
    done(draft, existing, step)
}

/// The details that change with a seat, as a form would change them.
fn details(draft: &mut Draft<'_, '_>, existing: &Account, fields: &[Field]) -> Vec<Change> {
    let cells = draft.cells(fields);
    if cells.texts.is_empty() {
        return vec![];
    }
    let planned = accounts::edit(draft.world, draft.row, existing.id, &cells);
    match draft.absorb(planned) {
        Some(Step::Account(_, AccountStep::Update { changes, .. })) => changes,
        _ => vec![],
    }
}

/// Gives somebody who gets a mailbox a name in the mail directory.
fn name_in_directory(draft: &mut Draft<'_, '_>, existing: &Account, changes: &mut Vec<Change>) {
    let name = draft.notes_name(&existing.attributes, Some(existing));
    changes.extend(name.and_then(|name| given(existing, Attribute::NotesName, name)));
}

/// The subscription that a seat is to become one of, and the half of a bundle that is to go. Either stands in either field.
fn targets<'w>(
    draft: &mut Draft<'_, 'w>,
    seating: &mut Seating<'_, 'w>,
) -> (Option<&'w KnownSubscription>, Option<Side>) {
    let (mut number, mut side) = (None, None);
    for field in [Field::SubscriptionId, Field::SubscriptionId2] {
        let Some(text) = draft.unflagged(field) else { continue };
        let deleted = match Keyword::read(text) {
            Some(Keyword::DeleteCollab) => Some(Side::Collab),
            Some(Keyword::DeleteMail) => Some(Side::Mail),
            Some(Keyword::Seat(_)) | None => None,
        };
        match deleted {
            Some(_) if side.is_some() => {
                let keyword = text.to_uppercase();
                seating.faults.push(ChangeFault::KeywordWrong { keyword });
            }
            Some(deleted) => side = Some(deleted),
            None if number.is_some() => {
                let action = draft.action;
                draft.fault_of(field, ChangeFault::FieldNotTaken { action, field });
            }
            None => number = Some(text),
        }
    }
    let field = Field::SubscriptionId;
    if number.is_none() && draft.unflagged(field).is_some() {
        let action = draft.action;
        draft.fault_of(field, ChangeFault::FieldRequired { action, field });
    }
    (number.and_then(|number| seating.subscription(number)), side)
}

/// The seat in whose place one of an offering comes: of two that could be, the one for collaboration (S2).
fn replaced(seating: &mut Seating<'_, '_>, offering: Offering) -> Option<Seat> {
    let mut held = seating.seats.iter().filter(|seat| seat.gives_way_to(offering));
    let first = held.next();
    let from = held
        .chain(first)
        .find(|seat| seat.covers(Side::Collab))
        .or(first)
        .cloned();
    if from.is_none() {
        let what = match offering {
            Offering::Bundle => "collaboration or mail".to_owned(),
            Offering::Collab | Offering::Mail => offering.name().to_lowercase(),
            accessory => accessory.name().to_owned(),
        };
        let email = seating.email.clone();
        seating.faults.push(ChangeFault::SeatNotHeld { email, what });
    }
    from
}

/// Half of a bundle goes only where the row says so.
fn check_keyword(seating: &mut Seating<'_, '_>, dropped: Option<Side>, keyword: Option<Side>) {
    match (dropped, keyword) {
        (Some(side), None) => seating.faults.push(ChangeFault::KeywordMissing { side }),
        (dropped, Some(side)) if dropped != Some(side) => {
            let keyword = match side {
                Side::Collab => Keyword::DELETE_COLLAB,
                Side::Mail => Keyword::DELETE_MAIL,
            };
            let keyword = keyword.to_owned();
            seating.faults.push(ChangeFault::KeywordWrong { keyword });
        }
        _ => {}
    }
}

/// A seat that brings mail for the first time needs a password or another address; no other change takes them.
fn check_credentials(draft: &mut Draft<'_, '_>, brings_mail: bool) {
    let has_password = draft.asked.one_time.is_some();
    let has_address = draft.asked.filled(Field::AltEmailAddress).is_some();
    let email = draft.told();
    match (brings_mail, has_password || has_address) {
        (true, false) => draft.fault(ChangeFault::MailCredentials),
        (true, true) if has_password => draft.notice(ChangeFault::PasswordKept { email }),
        (true, true) | (false, false) => {}
        (false, true) => {
            let given = [(Field::Password, has_password), (Field::AltEmailAddress, has_address)];
            for (field, _) in given.into_iter().filter(|(_, is_given)| *is_given) {
                draft.fault_of(field, ChangeFault::MailCredentialsNotTaken { field });
            }
        }
    }
}

/// The seat that a number or a keyword names.
fn named(seating: &mut Seating<'_, '_>, text: &str) -> Option<Seat> {
    let email = seating.email.clone();
    let (seat, what) = match Keyword::read(text) {
        Some(Keyword::Seat(offering)) => {
            let seat = seating.seats.iter().find(|seat| seat.offering == offering);
            (seat.cloned(), offering.name().to_owned())
        }
        Some(Keyword::DeleteCollab | Keyword::DeleteMail) | None => {
            let known = subscription(seating, text)?;
            let number = known.subscription.number;
            let seat = seating.seats.iter().find(|seat| seat.subscription == number);
            (seat.cloned(), known.subscription.name.clone())
        }
    };
    if seat.is_none() {
        seating.faults.push(ChangeFault::SeatNotHeld { email, what });
    }
    seat
}

/// The only seat that can be meant where none is named.
fn only_one(seating: &mut Seating<'_, '_>, can_be_meant: impl Fn(&Seat) -> bool) -> Option<Seat> {
    let meant: Vec<_> = seating.seats.iter().filter(|seat| can_be_meant(seat)).collect();
    if let [one] = meant.as_slice() {
        return Some((*one).clone());
    }
    let (email, seats) = (seating.email.clone(), meant.len());
    seating.faults.push(ChangeFault::SeatWhich { email, seats });
    None
}

/// A whole number of gigabytes.
fn gigabytes(draft: &mut Draft<'_, '_>, field: Field) -> Option<u32> {
    let text = draft.unflagged(field)?;
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| is_plain);
    if number.is_none() {
        let value = text.to_owned();
        draft.fault_of(field, ChangeFault::StorageNumber { field, value });
    }
    number
}
