//! The texts of one row's cells.

/// The texts of a row's cells, one behind the other in one piece of memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, place: usize) -> Option<&str> {
        let end = *self.ends.get(place)?;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[start..end])
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        (0..self.len()).filter_map(move |place| self.get(place))
    }

    /// Ends a cell, with all that was written since the one before.
    pub(super) fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }

    /// Takes back what was written of a cell that has not ended.
    pub(super) fn drop_cell(&mut self) {
        self.text.truncate(self.ends.last().copied().unwrap_or_default());
    }

    /// Writes more of a cell that has not ended.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Keeps only so many cells, and nothing of one that has not ended.
    pub(super) fn keep(&mut self, cells: usize) {
        self.ends.truncate(cells);
        self.drop_cell();
    }
}
