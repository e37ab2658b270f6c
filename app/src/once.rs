//! What a page shows once and no later page shows again.

use gate::{GivenLinks, MadeLink, MadeToken, Renaming};

/// Recovery codes that were just made: put into the context of the page that answers, and nowhere else.
#[derive(Clone, Debug, Default)]
pub struct OnceCodes(pub Vec<String>);

/// The one-time links that a confirmation has just made: put into the context of the page that answers it.
#[derive(Clone, Debug, Default)]
pub struct OnceLinks(pub Vec<MadeLink>);

/// The API token that was made a moment ago: in the context of the page that answers its making, and nowhere else.
#[derive(Clone)]
pub struct OnceToken(pub MadeToken);

/// The key for the address that files are sent to, made a moment ago: in the context of the page that answers its making,
/// and nowhere else.
#[derive(Clone)]
pub struct OnceEmailKey(pub String);

/// The activation links of a submission's new people that were made a moment ago, for the sheet to print: in the context of
/// the page that answers their making, and nowhere else.
#[derive(Clone)]
pub struct OnceSlips(pub GivenLinks);

/// What came of confirming another email address: in the context of the page that answers it, and nowhere else. `None` if the
/// address can no longer be had.
#[derive(Clone)]
pub struct OnceRenamed(pub Option<Renaming>);
