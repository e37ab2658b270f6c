//! What everybody may read, signed in or not.

pub mod accessibility;
pub mod change_files;
pub mod contact;
pub mod email;
pub mod help;
pub mod privacy;
pub mod sync;
