//! Where the organisations of a file stand in the tree: each below its parent, which may be here already or be founded by
//! any row of the file. Nothing here recurses, however long a chain of parents somebody sends.

use std::collections::HashMap;

use crate::{
    organisation::{OrganisationCode, OrganisationPath},
    plan::Snapshot,
    problem::Kind,
    values::ids::RowNumber,
};

/// Levels that the tree may have. A path holds up to 13 characters a level, and must fit into an index.
const MOST_LEVELS: usize = 12;

/// The parent that a row gives.
pub(super) enum Above {
    /// None: a new organisation is a root, and one that is here stays where it is.
    Unsaid,
    /// This one.
    Code(OrganisationCode),
    /// Something that is no code.
    Wrong,
}

/// What of a row says where its organisation stands.
pub(super) struct Standing<'a> {
    pub(super) number: RowNumber,
    pub(super) code: Option<&'a OrganisationCode>,
    pub(super) above: &'a Above,
    /// Whether nothing is wrong with the row by itself.
    pub(super) is_sound: bool,
}

/// Where a row's organisation stands.
#[derive(Clone)]
pub(super) enum Place {
    /// There.
    At(OrganisationPath),
    /// Its parent is wrong, because of this.
    Wrong(Kind),
    /// That cannot be told; why is said elsewhere in the row.
    Unknown,
}

/// The place of each row, in the rows' order.
pub(super) fn places(snapshot: &Snapshot, rows: &[Standing<'_>]) -> Vec<Place> {
    let by_code: HashMap<&OrganisationCode, usize> = rows
        .iter()
        .enumerate()
        .rev()
        .filter_map(|(place, row)| Some((row.code?, place)))
        .collect();
    let mut tree = Tree {
        snapshot,
        rows,
        by_code,
        found: vec![None; rows.len()],
    };
    (0..rows.len()).for_each(|row| tree.settle(row));
    tree.found
        .into_iter()
        .map(|place| place.unwrap_or(Place::Unknown))
        .collect()
}

struct Tree<'a> {
    snapshot: &'a Snapshot,
    rows: &'a [Standing<'a>],
    by_code: HashMap<&'a OrganisationCode, usize>,
    found: Vec<Option<Place>>,
}

impl Tree<'_> {
    /// Finds the place of a row and of the rows above it: up until one is known, and back down.
    fn settle(&mut self, row: usize) {
        let (mut way, mut steps_at) = (Vec::new(), HashMap::new());
        let mut next = Some(row);
        while let Some(row) = next.filter(|row| self.found[*row].is_none()) {
            if let Some(start) = steps_at.insert(row, way.len()) {
                self.go_round(&way[start..]);
                break;
            }
            way.push(row);
            next = self.row_above(row);
        }
        for row in way.into_iter().rev() {
            if self.found[row].is_none() {
                self.found[row] = Some(self.place_of(row));
            }
        }
    }

    /// The row that founds a row's parent, if one does.
    fn row_above(&self, row: usize) -> Option<usize> {
        let Above::Code(parent) = self.rows[row].above else {
            return None;
        };
        let is_new = |code: &OrganisationCode| !self.snapshot.organisations.contains_key(code);
        let is_itself_new = self.rows[row].code.is_none_or(is_new);
        self.by_code
            .get(parent)
            .copied()
            .filter(|_| is_itself_new && is_new(parent))
    }

    fn go_round(&mut self, circle: &[usize]) {
        let codes = circle.iter().filter_map(|row| self.rows[*row].code.cloned());
        // As many as a sentence names, and one more that says that there are others.
        let round: Vec<_> = codes.take(11).collect();
        for row in circle {
            let round = round.clone();
            self.found[*row] = Some(Place::Wrong(Kind::ParentInCircle { round }));
        }
    }

    /// The place of a row whose parent's is known.
    fn place_of(&self, row: usize) -> Place {
        let row = &self.rows[row];
        let Some(code) = row.code else {
            return Place::Unknown;
        };
        if let Some(known) = self.snapshot.organisations.get(code) {
            return Place::At(known.organisation.path.clone());
        }
        let parent = match row.above {
            Above::Unsaid => return Place::At(OrganisationPath::below(None, code)),
            Above::Wrong => return Place::Unknown,
            Above::Code(parent) => parent,
        };
        let above = match self.snapshot.organisations.get(parent) {
            Some(known) => known.organisation.path.clone(),
            None => {
                let Some(&other) = self.by_code.get(parent) else {
                    return Place::Wrong(Kind::UnknownParent);
                };
                let founder = &self.rows[other];
                match &self.found[other] {
                    Some(Place::At(path)) if founder.is_sound => path.clone(),
                    _ => return Place::Wrong(Kind::ParentHasProblem { other: founder.number }),
                }
            }
        };
        if above.levels() >= MOST_LEVELS {
            return Place::Wrong(Kind::TooManyLevels { most: MOST_LEVELS });
        }
        Place::At(OrganisationPath::below(Some(&above), code))
    }
}
