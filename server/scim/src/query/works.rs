//! What filters can ask, as those are told who asked something else.

use crate::error::{ScimError, ScimType};

/// What filters can ask, for those who asked something else.
pub const WORKS: &str = "Filters work with userName, externalId, id, employeeNumber, name.familyName, displayName, emails, \
                         organisation, active and meta.lastModified: eq for all but displayName and meta.lastModified; sw for \
                         userName, employeeNumber, name.familyName, displayName and emails; gt, ge, lt and le for \
                         meta.lastModified. Join them with and.";

/// What filters can ask of contacts.
pub const WORKS_FOR_CONTACTS: &str = "Filters of contacts work with id, name.familyName, displayName, emails, organisation and \
                                      meta.lastModified: eq for all but displayName and meta.lastModified; sw for \
                                      name.familyName, displayName and emails; gt, ge, lt and le for meta.lastModified. Join \
                                      them with and.";

/// A filter that cannot be answered.
pub(super) fn refused(why: &str) -> ScimError {
    ScimError::of(ScimType::InvalidFilter, why)
}
