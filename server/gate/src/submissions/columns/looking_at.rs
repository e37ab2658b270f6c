//! Which part of a file somebody looks at, and what they say of it.

use domain::layout::{Layout, Part};

/// Which columns of a file somebody looks at.
#[derive(Clone, Debug, Default)]
pub enum LookingAt {
    /// Those of the part that is read, or is likely to be.
    #[default]
    Likely,
    /// Those of another part.
    Part(Part),
    /// Those of a part, with what its sender says of them.
    Said(Box<Layout>),
}
