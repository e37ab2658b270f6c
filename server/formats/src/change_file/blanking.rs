//! The text of a change file without its passwords, so that it can be kept.

use std::ops::Range;

use domain::{
    change_file::{Action, Field},
    values::email_address::EmailAddress,
};

use super::lines::{Cell, Line, Lines, Shape, line_ends};

/// What stands where a password stood.
pub const BLANK: &str = "•••";

/// Which columns hold passwords, and which hold what is kept of a row whose values may have slipped.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    passwords: Vec<usize>,
    address: Option<usize>,
    action: Option<usize>,
    width: usize,
}

/// A text as it is written again, with cells taken out from its front to its back.
pub(super) struct Blanking<'t> {
    text: &'t str,
    copied: usize,
    written: String,
}

impl Columns {
    pub(super) fn of(header: &[Field]) -> Self {
        let place = |wanted: Field| header.iter().position(|field| *field == wanted);
        Self {
            passwords: place(Field::Password).into_iter().collect(),
            address: place(Field::EmailAddress),
            action: place(Field::Action),
            width: header.len(),
        }
    }

    /// Of a header that is not understood: what is no field may be anything, a password too.
    fn guessed(header: &Line, cells: &[Cell<'_>]) -> Self {
        let fields: Vec<_> = cells
            .iter()
            .map(|cell| Field::read(cell.text.as_deref().unwrap_or_default()))
            .collect();
        let place = |wanted: Field| fields.iter().position(|field| *field == Some(wanted));
        let may_hold = |place: &usize| fields[*place].is_none_or(|field| field == Field::Password);
        let mut passwords: Vec<_> = (0..fields.len()).filter(may_hold).collect();
        let (address, action) = (place(Field::EmailAddress), place(Field::Action));
        let mut width = fields.len();
        if header.broken.is_some() {
            // Nobody knows how many columns there are: no row has so many.
            passwords.push(width);
            width = usize::MAX;
        }
        Self {
            passwords,
            address,
            action,
            width,
        }
    }

    /// By what rows within a broken cell are known; `None` if there is no column of addresses or actions.
    pub(super) fn shape(&self) -> Option<Shape> {
        Some(Shape {
            address: self.address?,
            action: self.action?,
            width: self.width,
        })
    }

    /// Takes out a line's passwords. Of a line whose values may have slipped everything is taken out that is not an email
    /// address or an action in its own place.
    pub(super) fn blank(&self, line: &Line, cells: &[Cell<'_>], blanking: &mut Blanking<'_>) {
        if self.passwords.is_empty() {
            return;
        }
        let is_sound = line.broken.is_none() && cells.len() == self.width;
        let is_kept = |place: usize, text: &str| match is_sound {
            true => !self.passwords.contains(&place),
            false if Some(place) == self.address => EmailAddress::parse(text).is_ok(),
            false => Some(place) == self.action && Action::read(text).is_some(),
        };
        for (place, cell) in cells.iter().enumerate() {
            if let Some(text) = cell.text.as_deref()
                && !text.is_empty()
                && !is_kept(place, text)
            {
                blanking.blank(cell.span.clone());
            }
        }
        if let Some(start) = line.broken {
            blanking.blank(start..line.span.end);
        }
    }
}

impl<'t> Blanking<'t> {
    pub(super) const fn of(text: &'t str) -> Self {
        Self {
            text,
            copied: 0,
            written: String::new(),
        }
    }

    /// Takes out a cell. As many line ends stay, so that the lines behind it keep their numbers.
    fn blank(&mut self, span: Range<usize>) {
        self.written.push_str(&self.text[self.copied..span.start]);
        match line_ends(&self.text.as_bytes()[span.clone()]) {
            0 => self.written.push_str(BLANK),
            ends => {
                self.written.push('"');
                self.written.push_str(BLANK);
                self.written.extend((0..ends).map(|_| '\n'));
                self.written.push('"');
            }
        }
        self.copied = span.end;
    }

    pub(super) fn finish(mut self) -> String {
        self.written.push_str(&self.text[self.copied..]);
        self.written
    }
}

/// The text of a file that failed as a whole, without its passwords as far as its header tells where they are. Where it is
/// not UTF-8 it has other characters instead.
#[must_use]
pub fn blanked(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = Lines::of(&text);
    let mut blanking = Blanking::of(&text);
    let mut cells = Vec::new();
    let Some(header) = lines.next_into(&mut cells) else {
        return blanking.finish();
    };
    let columns = Columns::guessed(&header, &cells);
    if text[header.span.clone()].contains('@') {
        // It is a row.
        columns.blank(&header, &cells, &mut blanking);
    }
    if let Some(shape) = columns.shape() {
        lines.expect(shape);
    }
    while let Some(line) = lines.next_into(&mut cells) {
        columns.blank(&line, &cells, &mut blanking);
    }
    blanking.finish()
}
