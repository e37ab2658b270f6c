//! Change files (S2): what their names, fields and actions mean, every sentence that is said of one, and its report.
//!
//! A change file is a customer's CSV file of rows, each an action on one person of that customer. The table of actions and
//! fields is data, held once; `plan::changes` decides what a row comes to.

mod action;
mod fault;
mod field;
mod file_fault;
mod file_name;
mod report;
mod row;
mod taken;

pub use self::{
    action::{Action, Keyword},
    fault::{ChangeFault, Instead},
    field::Field,
    file_fault::{FileFault, NamePart},
    file_name::{FileName, Sequence, after},
    report::{ReportLine, ReportResult, ReportSummary, report_lines},
    row::ChangeRow,
    taken::{Taken, taken},
};

#[cfg(test)]
mod tests;
