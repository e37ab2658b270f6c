//! Who reads.

use domain::{policy::Scope, values::ids::AccountId};

/// Which people a connector reads: those of a scope, but for those that it gave up.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The scope.
    pub scope: &'a Scope,
    /// The connector.
    pub connector: AccountId,
    /// Which of them.
    pub whom: Whom,
}

/// Which people of a scope are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whom {
    /// All.
    #[default]
    All,
    /// Those for whom the connector has tried nothing, where it is only tried out.
    Untried,
    /// All, those that the connector gave up too.
    GivenUpToo,
}
