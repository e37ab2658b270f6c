//! Submissions: uploading a file, looking through its rows, fixing and applying them.

pub mod columns;
pub mod formats;
pub mod gone_on;
pub mod held;
pub mod mend_row;
pub mod submission;
pub mod uploads;
