//! What the service says of itself, for the token that asks: its configuration, the types of resources, and the schemas with
//! the values that this connector may send.

use scim::{
    error::ScimError,
    list::ListResponse,
    schema::{self, DeltaQuery, MOST_VALUES, Vocabulary},
};

use super::{
    answers::{Answer, Answered, Failed},
    call::Call,
};

/// `GET /ServiceProviderConfig`.
pub(crate) async fn configuration(call: Call) -> Answer {
    refuse_filter(&call)?;
    let told = schema::service_provider_config(&call.base, call.dialect(), DeltaQuery::Untold);
    Ok(Answered::with(told))
}

/// `GET /ResourceTypes`.
pub(crate) async fn types(call: Call) -> Answer {
    refuse_filter(&call)?;
    let all = ListResponse::all(schema::resource_types(&call.base));
    Ok(Answered::with(all.body()))
}

/// `GET /ResourceTypes/{id}`.
pub(crate) async fn one_type(call: Call) -> Answer {
    refuse_filter(&call)?;
    let told = schema::resource_type(&call.base, call.named());
    Ok(Answered::with(told.ok_or_else(ScimError::not_found)?))
}

/// `GET /Schemas`.
pub(crate) async fn schemas(call: Call) -> Answer {
    refuse_filter(&call)?;
    let words = Words::of(&call).await?;
    let all = ListResponse::all(schema::schemas(&call.base, words.vocabulary(&call)));
    Ok(Answered::with(all.body()))
}

/// `GET /Schemas/{id}`.
pub(crate) async fn one_schema(call: Call) -> Answer {
    refuse_filter(&call)?;
    let words = Words::of(&call).await?;
    let told = schema::schema(&call.base, call.named(), words.vocabulary(&call));
    Ok(Answered::with(told.ok_or_else(ScimError::not_found)?))
}

/// Refuses a filter: what the service says of itself is answered whole (RFC 7644, 4).
fn refuse_filter(call: &Call) -> Result<(), ScimError> {
    match call.has_parameter("filter") {
        true => Err(ScimError::plain(
            403,
            "This address takes no filter. Send the request without one.",
        )),
        false => Ok(()),
    }
}

/// What a connector may name. Sites and units are those of one organisation.
struct Words {
    organisations: Option<Vec<String>>,
    sites: Option<Vec<String>>,
    units: Option<Vec<String>>,
}

impl Words {
    async fn of(call: &Call) -> Result<Self, Failed> {
        let homes = call.visit().sync_organisations(&call.to).await?;
        let codes = || homes.iter().map(|home| home.code.to_string()).collect();
        let only = match homes.as_slice() {
            [only] => Some(only),
            _ => None,
        };
        Ok(Self {
            organisations: (homes.len() <= MOST_VALUES).then(codes),
            sites: only.map(|home| home.sites.iter().map(|site| site.code.clone()).collect()),
            units: only.map(|home| home.units.iter().map(ToString::to_string).collect()),
        })
    }

    fn vocabulary<'a>(&'a self, call: &'a Call) -> Vocabulary<'a> {
        Vocabulary {
            organisations: self.organisations.as_deref(),
            sites: self.sites.as_deref(),
            units: self.units.as_deref(),
            rules: call.gate.rules(),
            dialect: call.dialect(),
        }
    }
}
