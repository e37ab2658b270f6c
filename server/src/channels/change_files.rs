//! Change files: files that a customer's own system drops into a folder, by SFTP or however else, are taken in order, and
//! answered by reports beside them.
//!
//! A file is handed to the gate once it is complete. From then on the gate knows of it, so whatever dies in between is gone
//! on with: the report is written, the file is put away without its passwords, and only then is it told to be reported. Each
//! of these steps may be done twice.

mod aside;
mod content;
mod finishing;
mod folders;
mod found;
pub mod looked;
mod queue;
mod settling;
mod stamp;
mod sweeping;
mod troubles;
mod watched;
pub mod watching;
mod writing;
