//! Proving who somebody is, and getting back in.

mod elsewhere;
pub(crate) mod factors;
pub(crate) mod password_sign_in;
pub(crate) mod passwords;
pub(crate) mod recovery;
pub(crate) mod secret_tokens;
pub(crate) mod spoken;
