//! What a page shows once and no later page shows again.

use gate::MadeLink;

/// The one-time links that a confirmation has just made: put into the context of the page that answers it.
#[derive(Clone, Debug, Default)]
pub struct OnceLinks(pub Vec<MadeLink>);
