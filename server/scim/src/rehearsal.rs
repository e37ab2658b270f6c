//! The answer to a request that is rehearsed (`Prefer: rehearse`): what it would do, before and after, and nothing is done.
//! What the request would be refused for, its rehearsal is refused for in the same way.

use domain::{
    account::AccountStatus,
    dictionary::{Attribute, Value as Held},
    plan::{AccountStep, Step},
    problem::Problem,
};
use serde_json::{Value, json};

use crate::{
    definition::{Schema, path_of},
    error::{ScimType, Wrong},
    model::Model,
    resource::{in_json, is_active},
    wanted::{Setting, Wanted},
};

/// The schema of the answer.
pub const REHEARSAL: &str = "urn:staffbook:scim:api:messages:2.0:Rehearsal";

/// What would come of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum Effect {
    Create,
    Update,
    NoChange,
    /// It would wait for an administrator.
    Wait,
}

impl Effect {
    const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::NoChange => "no-change",
            Self::Wait => "wait",
        }
    }
}

/// The body of the answer. `step` is what the plan would do, and `current` the resource as it is.
#[must_use]
pub fn body(effect: Effect, wanted: &Wanted, step: &Step, current: Option<&Model>, warnings: &[Problem]) -> Value {
    let mut changes = beside(wanted, current);
    changes.extend(within(step));
    let unnamed = wanted.unnamed.iter().map(|attribute| {
        let said = "The request does not name this any more, so its value would be taken away.";
        Wrong::new(&path_of(*attribute), ScimType::InvalidValue, "not-named", said)
    });
    let warnings = warnings.iter().map(Wrong::of).chain(unnamed);
    let ignored = wanted.ignored.iter();
    let ignored = ignored.map(|notice| json!({"path": notice.path, "reason": notice.reason.code()}));
    json!({
        "schemas": [REHEARSAL],
        "result": effect.word(),
        "changes": changes,
        "warnings": warnings.map(|warning| warning.json()).collect::<Vec<_>>(),
        "ignored": ignored.collect::<Vec<_>>(),
    })
}

/// What changes beside the plan: the user name and the connector's key.
fn beside(wanted: &Wanted, current: Option<&Model>) -> Vec<Value> {
    let before = |name: &str| current.and_then(|current| current.get(Schema::User, name).cloned());
    let user_name = wanted.user_name.as_ref();
    let user_name = user_name.map(|name| change("userName", before("userName"), Some(json!(name))));
    let key = match &wanted.external_id {
        Setting::Keep => None,
        Setting::Set(key) => Some(change("externalId", before("externalId"), Some(json!(key)))),
        Setting::Clear => Some(change("externalId", before("externalId"), None)),
    };
    user_name.into_iter().chain(key).collect()
}

/// What the plan would do.
fn within(step: &Step) -> Vec<Value> {
    match step {
        Step::CreateAccount {
            organisation,
            attributes,
            ..
        } => {
            let home = Some(json!(organisation.as_str()));
            let home = change(&path_of(Attribute::Organisation), None, home);
            let kept = attributes.iter().filter(|(attribute, _)| attribute.is_kept());
            let given = kept.filter_map(|(attribute, value)| attribute_change(attribute, None, Some(value)));
            std::iter::once(home).chain(given).collect()
        }
        Step::Account(_, AccountStep::Turn { before, after, .. }) => {
            let told = |status: AccountStatus| Some(json!(is_active(status)));
            vec![change("active", told(*before), told(*after))]
        }
        step => {
            let changes = step.changes().iter();
            let changes = changes.filter_map(|changed| {
                attribute_change(changed.attribute, changed.before.as_ref(), changed.after.as_ref())
            });
            changes.collect()
        }
    }
}

/// `None` for what a client does not see, and for the user name, which is told beside.
fn attribute_change(attribute: Attribute, before: Option<&Held>, after: Option<&Held>) -> Option<Value> {
    let path = path_of(attribute);
    let told = |value: Option<&Held>| value.map(|value| in_json(attribute, value.as_str()));
    let is_told = !path.is_empty() && attribute != Attribute::UserName;
    is_told.then(|| change(&path, told(before), told(after)))
}

fn change(path: &str, before: Option<Value>, after: Option<Value>) -> Value {
    let mut told = json!({ "path": path });
    for (name, value) in [("before", before), ("after", after)] {
        if let Some(value) = value {
            told[name] = value;
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use domain::{organisation::OrganisationCode, problem::Kind, values::ids::RowNumber};

    use super::*;
    use crate::{
        dialect::Dialect,
        testing::{attributes, model, rules, seren},
    };

    #[test]
    fn a_new_account_is_told_with_all_it_would_be_given() {
        let body = json!({"userName": "jo", "name": {"givenName": "Jo", "familyName": "Fenn"}, "nickName": "J"});
        let wanted = Wanted::of_post(&body, Dialect::Tolerant, &rules()).expect("a wish");
        let step = Step::CreateAccount {
            organisation: OrganisationCode::parse("RIV01").expect("a code"),
            attributes: attributes(&[
                (Attribute::FirstName, "Jo"),
                (Attribute::EmailAddress, "jo.fenn@health.example"),
                (Attribute::Role, "Nurse"),
            ]),
            with_password: false,
            stay: domain::absence::Stay::default(),
            provision: domain::plan::Provision::default(),
        };
        let kind = Kind::Missing {
            attribute: Attribute::LastName,
        };
        let warning = Problem::in_cell(RowNumber(1), Attribute::LastName, "", kind);
        let told = super::body(Effect::Create, &wanted, &step, None, &[warning]);
        assert_eq!(
            told["changes"],
            json!([
                {"path": "userName", "after": "jo"},
                {"path": "urn:staffbook:scim:schemas:2.0:Account:organisation", "after": "RIV01"},
                {"path": "name.givenName", "after": "Jo"},
                {"path": "emails[type eq \"work\"].value", "after": "jo.fenn@health.example"},
                {"path": "urn:staffbook:scim:schemas:2.0:Account:staffRoles", "after": ["Nurse"]},
            ])
        );
        assert_eq!(told["result"], "create");
        assert_eq!(told["warnings"][0]["path"], "name.familyName");
        assert_eq!(told["ignored"], json!([{"path": "nickName", "reason": "unknown"}]));
    }

    #[test]
    fn a_change_is_told_before_and_after() {
        let current = model(&seren());
        let operations = json!({"Operations": [{"op": "replace", "path": "externalId", "value": "k"}]});
        let wanted = Wanted::of_patch(&operations, &current, Dialect::Tolerant, &rules()).expect("a wish");
        let nothing = Step::LeaveOut { problems: vec![] };
        let told = super::body(Effect::Update, &wanted, &nothing, Some(&current), &[]);
        assert_eq!(
            told["changes"],
            json!([{"path": "externalId", "before": "emp-4711", "after": "k"}])
        );
        let held = |text: &str| Held::stored(text.to_owned());
        let hidden = attribute_change(Attribute::HideMobile, Some(&held("no")), None);
        let path = "urn:staffbook:scim:schemas:2.0:Account:mobileHidden";
        assert_eq!(hidden, Some(json!({"path": path, "before": false})));
        assert_eq!(attribute_change(Attribute::Password, None, Some(&held("secret"))), None);
        let quota = attribute_change(Attribute::Quota, None, Some(&held("4")));
        assert_eq!(quota.expect("a change")["after"], 4096);
    }

    #[test]
    fn what_a_put_would_clear_because_it_does_not_name_it_is_warned_of() {
        let current = model(&seren());
        let body = json!({
            "userName": "Seren.Larkspur@riverside.example", "name": {"givenName": "Seren", "familyName": "Larkspur"},
        });
        let own = [Attribute::JobTitle].into();
        let wanted = Wanted::of_put(&body, &current, &own, Dialect::Tolerant, &rules()).expect("a wish");
        let nothing = Step::LeaveOut { problems: vec![] };
        let told = super::body(Effect::Update, &wanted, &nothing, Some(&current), &[]);
        assert_eq!(told["warnings"][0]["path"], "title");
        assert_eq!(told["warnings"][0]["code"], "not-named");
    }
}
