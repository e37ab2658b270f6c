//! What a body asks of the gate: cells for the attributes that it changes, and what stands beside them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    dictionary::Attribute,
    problem::{Kind, Problem},
    request::{CLEAR, Cells},
    rules::Rules,
    values::{ids::RowNumber, text},
};
use serde_json::Value;

use crate::{
    definition::{Binding, Part, Schema},
    dialect::{Dialect, Notice},
    error::{ScimError, ScimType, Wrong},
    model::Model,
    patch::{Patch, Written, replaced, whole},
};

/// The most characters of a user name.
pub const USER_NAME_LIMIT: usize = 254;

/// The most characters of a client's own key.
pub const EXTERNAL_ID_LIMIT: usize = 255;

/// The code of the problem that nobody is moved by a client.
pub const CANNOT_MOVE: &str = "cannot-move";

/// A setting beside the cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// It stays as it is.
    Keep,
    /// It becomes this.
    Set(String),
    /// It is taken away.
    Clear,
}

/// What a body asks for, beyond what is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Another name to sign in with; `None` if it stays.
    pub user_name: Option<String>,
    /// The connector's own key.
    pub external_id: Setting,
    /// Where a new account belongs, as the client wrote it; always `None` for one that is there.
    pub organisation: Option<String>,
    /// Whether the account is to be active; `None` if it stays as it is, or nothing was said.
    pub active: Option<bool>,
    /// The attributes that change; [`CLEAR`] empties.
    pub cells: Cells,
    /// Telephone numbers as they were sent, to be given back so.
    pub as_sent: BTreeMap<Attribute, String>,
    /// What a PUT says of attributes that are so already.
    pub repeated: BTreeMap<Attribute, String>,
    /// Those of the cells that a PUT empties because it does not name them any more.
    pub unnamed: Vec<Attribute>,
    /// What was sent and is not used.
    pub ignored: Vec<Notice>,
}

/// What a body asks for, as far as it can be read, and all that is wrong with it.
#[derive(Clone, Debug)]
pub struct Read {
    /// What can be read of it.
    pub wanted: Wanted,
    /// What is wrong; nothing is done unless this is empty.
    pub wrongs: Vec<Wrong>,
}

impl Read {
    /// What is asked for.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn sound(self) -> Result<Wanted, ScimError> {
        match self.wrongs.is_empty() {
            true => Ok(self.wanted),
            false => Err(ScimError::all(self.wrongs)),
        }
    }

    /// Adds what is wrong of an attribute of which nothing is said yet.
    pub fn add(&mut self, wrong: Wrong) {
        if !self.wrongs.iter().any(|known| is_within(&wrong.path, &known.path)) {
            self.wrongs.push(wrong);
        }
    }
}

/// Whether a path is another, or one of an attribute within it.
fn is_within(path: &str, other: &str) -> bool {
    let behind = path.strip_prefix(other).filter(|_| !other.is_empty());
    behind.is_some_and(|behind| behind.is_empty() || behind.starts_with(['.', '[']))
}

impl Wanted {
    /// Whether it asks for nothing that is not there already.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.user_name.is_none()
            && self.external_id == Setting::Keep
            && self.organisation.is_none()
            && self.active.is_none()
            && self.cells.texts.is_empty()
    }

    /// What a POST asks for.
    ///
    /// # Errors
    /// All that is wrong with the body and its values.
    pub fn of_post(body: &Value, dialect: Dialect, rules: &Rules) -> Result<Self, ScimError> {
        Self::read_post(body, dialect, rules)?.sound()
    }

    /// The same, with all that is wrong in what comes of it.
    ///
    /// # Errors
    /// If the body is no object.
    pub fn read_post(body: &Value, dialect: Dialect, rules: &Rules) -> Result<Read, ScimError> {
        let written = whole(body, dialect)?;
        Ok(Reading::of(None, &written, rules).read())
    }

    /// What a PUT asks for. What it does not name is cleared where the client has said it before, as [`replaced`] has it;
    /// but for `active`, the organisation, addresses and the client's own key.
    ///
    /// # Errors
    /// As [`Self::of_post`].
    pub fn of_put(
        body: &Value,
        current: &Model,
        own: &BTreeSet<Attribute>,
        dialect: Dialect,
        rules: &Rules,
    ) -> Result<Self, ScimError> {
        Self::of_written(&replaced(body, current, own, dialect)?, current, rules)
    }

    /// What a PATCH asks for.
    ///
    /// # Errors
    /// As [`Self::of_post`].
    pub fn of_patch(body: &Value, current: &Model, dialect: Dialect, rules: &Rules) -> Result<Self, ScimError> {
        Self::of_written(&patched(body, current, dialect)?, current, rules)
    }

    /// What a PUT that [`replaced`] read, or a PATCH that [`patched`] read, asks for.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn of_written(written: &Written, current: &Model, rules: &Rules) -> Result<Self, ScimError> {
        Self::read_written(written, current, rules).sound()
    }

    /// The same, with all that is wrong in what comes of it.
    #[must_use]
    pub fn read_written(written: &Written, current: &Model, rules: &Rules) -> Read {
        Reading::of(Some(current), written, rules).read()
    }
}

/// Reads a PATCH of a user. Of where the account belongs, and whether it is active, the model holds only what was said.
///
/// # Errors
/// All operations that cannot be read; what is wrong with their values stands in what comes of it.
pub fn patched(body: &Value, current: &Model, dialect: Dialect) -> Result<Written, ScimError> {
    let mut unsaid = current.clone();
    unsaid.set(Schema::Account, "organisation", None);
    unsaid.set(Schema::User, "active", None);
    Ok(Patch::parse(body, dialect)?.applied(&unsaid, dialect))
}

impl Written {
    /// Where the account belongs by what was said, as it was sent; `None` if nothing was said of it.
    #[must_use]
    pub fn organisation(&self) -> Option<&str> {
        organisation_of(&self.model).map(text::trimmed)
    }

    /// Whether the account is active by what was said; `None` if nothing was said of it.
    #[must_use]
    pub fn active(&self) -> Option<bool> {
        active_of(&self.model)
    }
}

fn organisation_of(model: &Model) -> Option<&str> {
    model.get(Schema::Account, "organisation").and_then(Value::as_str)
}

fn active_of(model: &Model) -> Option<bool> {
    model.get(Schema::User, "active").and_then(Value::as_bool)
}

/// A model compared with what is there.
struct Reading<'a> {
    before: Option<&'a Model>,
    written: &'a Written,
    rules: &'a Rules,
    wrongs: Vec<Wrong>,
}

impl<'a> Reading<'a> {
    const fn of(before: Option<&'a Model>, written: &'a Written, rules: &'a Rules) -> Self {
        Self {
            before,
            written,
            rules,
            wrongs: vec![],
        }
    }

    fn read(mut self) -> Read {
        let (cells, as_sent, repeated) = self.cells();
        let wanted = Wanted {
            user_name: self.user_name(),
            external_id: self.external_id(),
            organisation: self.organisation(),
            active: self.active(),
            cells,
            as_sent,
            repeated,
            unnamed: self.written.unnamed.clone(),
            ignored: self.written.notices.clone(),
        };
        let mut read = Read {
            wanted,
            wrongs: self.written.wrongs.clone(),
        };
        for wrong in self.wrongs {
            read.add(wrong);
        }
        read
    }

    fn cells(&mut self) -> (Cells, BTreeMap<Attribute, String>, BTreeMap<Attribute, String>) {
        let (mut texts, mut as_sent) = (BTreeMap::new(), BTreeMap::new());
        let mut repeated = self.written.said.clone();
        for binding in &Binding::ALL {
            let attribute = binding.attribute;
            let before = self.before.and_then(|before| before.text(binding));
            let after = self.written.model.text(binding);
            if before == after {
                self.missing(binding, after.as_deref());
                continue;
            }
            repeated.remove(&attribute);
            match after {
                Some(after) => {
                    self.check(attribute, &after);
                    if let Part::Typed(_) = binding.part {
                        as_sent.insert(attribute, after.clone());
                    }
                    texts.insert(attribute, after);
                }
                None if attribute.entry().required && self.written.is_whole => {
                    self.problem(attribute, "", Kind::Missing { attribute });
                }
                None if attribute.entry().required => self.problem(attribute, "", Kind::CannotClear { attribute }),
                None => {
                    texts.insert(attribute, CLEAR.to_owned());
                }
            }
        }
        let mut cells = Cells::of([]);
        cells.texts = texts;
        (cells, as_sent, repeated)
    }

    /// A new account needs what every account has.
    fn missing(&mut self, binding: &Binding, after: Option<&str>) {
        let attribute = binding.attribute;
        if self.before.is_none() && after.is_none() && attribute.entry().required {
            self.problem(attribute, "", Kind::Missing { attribute });
        }
    }

    /// What the dictionary says of a value; what needs the directory is for the plan to say.
    fn check(&mut self, attribute: Attribute, text: &str) {
        if let Err(kind) = attribute.parse(text, ';', self.rules) {
            self.problem(attribute, text, kind);
        }
    }

    fn problem(&mut self, attribute: Attribute, text: &str, kind: Kind) {
        let problem = Problem::in_cell(RowNumber(1), attribute, text, kind);
        self.wrongs.push(Wrong::of(&problem));
    }

    fn wrong(&mut self, path: &str, scim_type: ScimType, code: &str, said: impl Into<String>) {
        self.wrongs.push(Wrong::new(path, scim_type, code, said));
    }

    fn user_name(&mut self) -> Option<String> {
        let before = self.before.and_then(|before| before.core("userName"));
        let sent = self.written.model.core("userName").map(text::trimmed);
        // As the directory keeps it and looks it up.
        let Some(after) = sent.map(text::composed) else {
            let code = if before.is_none() { "missing" } else { "cannot-clear" };
            let said = "userName is missing. Every account has one.";
            self.wrong("userName", ScimType::InvalidValue, code, said);
            return None;
        };
        if before == Some(after.as_str()) {
            return None;
        }
        self.bounded("userName", &after, USER_NAME_LIMIT);
        Some(after)
    }

    fn external_id(&mut self) -> Setting {
        let before = self.before.and_then(|before| before.core("externalId"));
        let after = self.written.model.core("externalId");
        match (before, after) {
            (before, after) if before == after => Setting::Keep,
            (_, Some(after)) => {
                self.bounded("externalId", after, EXTERNAL_ID_LIMIT);
                Setting::Set(after.to_owned())
            }
            (_, None) => Setting::Clear,
        }
    }

    /// A name that is neither too long nor has characters that nobody sees.
    fn bounded(&mut self, path: &str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            let said = format!("{path} has {length} characters; the most is {most}.");
            self.wrong(path, ScimType::InvalidValue, "too-long", said);
        }
        if text.chars().any(|c| c.is_control() || text::is_unseen(c)) {
            let said = format!("{path} contains characters that cannot be seen. Send it without them.");
            self.wrong(path, ScimType::InvalidValue, "unprintable", said);
        }
    }

    /// Nobody is moved by a client.
    fn organisation(&mut self) -> Option<String> {
        let after = self.written.organisation();
        let Some(before) = self.before else {
            return after.map(ToOwned::to_owned);
        };
        let before = organisation_of(before);
        if after.is_some_and(|after| !before.is_some_and(|before| before.eq_ignore_ascii_case(after))) {
            let path = format!("{}:organisation", Schema::Account.urn());
            let said = "People are moved to another organisation in the portal.";
            self.wrong(&path, ScimType::Mutability, CANNOT_MOVE, said);
        }
        None
    }

    fn active(&self) -> Option<bool> {
        let after = self.written.active()?;
        (self.before.and_then(active_of) != Some(after)).then_some(after)
    }
}

#[cfg(test)]
mod tests;
