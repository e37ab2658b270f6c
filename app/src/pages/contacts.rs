//! Contacts: the form, one of them, and offers.

pub mod contact;
pub mod form;
pub mod offers;
