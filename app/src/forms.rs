//! Forms, as pages show and handlers read them: what their fields are called (`names`), which ones the forms about
//! people have (`subject`), what a page is given when a form comes back (`state`), and reading what was sent.

pub(crate) mod absence;
pub(crate) mod customer;
pub mod dates;
pub mod fields;
pub(crate) mod leaving;
mod names;
mod need;
pub mod returned;
mod state;
mod subject;
pub(crate) mod subscription;
pub(crate) mod typed;

pub use self::{
    fields::Answers,
    names::*,
    need::Need,
    state::{FormState, MovedDetail, place_of, said_from},
    subject::{Section, Subject},
};
