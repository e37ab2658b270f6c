//! From facts to tables: the one place where the directory's rows are written.
//!
//! Applying a plan and replaying the events both end here, so the events say everything that the tables say.

use std::collections::HashMap;

use domain::{
    account::AccountStatus,
    dictionary::{Attribute, Attributes},
    email_address::EmailAddress,
    event::Fact,
    organisation::{Organisation, OrganisationCode, OrganisationPath, OrganisationStatus},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable,
    QueryFilter, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    StoreError,
    entities::{account, address, contact, organisation, role_grant, site, unit},
};

/// Rows an insert statement carries: 31 columns each stay below SQLite's 32,766 bound variables.
const ROWS_A_STATEMENT: usize = 500;

/// Writes what the facts say, in their order.
pub(crate) async fn project(db: &impl ConnectionTrait, facts: &[&Fact]) -> Result<(), StoreError> {
    for fact in facts {
        if let Fact::OrganisationFounded { organisation } = fact {
            found(db, organisation).await?;
        }
    }
    let paths = paths(db, facts).await?;
    create_accounts(db, facts, &paths).await?;
    change_accounts(db, facts).await?;
    create_contacts(db, facts, &paths).await?;
    grant_roles(db, facts).await
}

async fn found(db: &impl ConnectionTrait, new: &Organisation) -> Result<(), StoreError> {
    let status = match new.status {
        OrganisationStatus::Open => "open",
        OrganisationStatus::Closed => "closed",
    };
    let row = organisation::Model {
        code: new.code.to_string(),
        name: new.name.clone(),
        short_name: new.short_name.clone(),
        status: status.to_owned(),
        path: new.path.as_str().to_owned(),
    };
    organisation::Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await?;
    let sites = new.sites.iter().map(|own| site::ActiveModel {
        organisation: Set(new.code.to_string()),
        code: Set(own.code.clone()),
        name: Set(own.name.clone()),
    });
    insert_all(db, sites.collect()).await?;
    let units = new.units.iter().map(|own| unit::ActiveModel {
        organisation: Set(new.code.to_string()),
        path: Set(own.as_str().to_owned()),
    });
    insert_all(db, units.collect()).await
}

/// The paths of the organisations that the facts name.
async fn paths(db: &impl ConnectionTrait, facts: &[&Fact]) -> Result<HashMap<String, OrganisationPath>, StoreError> {
    let codes = facts.iter().map(|fact| fact.organisation().as_str());
    let rows = organisation::Entity::find()
        .filter(organisation::Column::Code.is_in(codes))
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.code, OrganisationPath::stored(row.path)))
        .collect())
}

async fn create_accounts(
    db: &impl ConnectionTrait,
    facts: &[&Fact],
    paths: &HashMap<String, OrganisationPath>,
) -> Result<(), StoreError> {
    let (mut rows, mut addresses) = (Vec::new(), Vec::new());
    for fact in facts {
        let Fact::AccountCreated {
            account: id,
            organisation,
            status,
            attributes,
        } = fact
        else {
            continue;
        };
        let mut row = account::Model {
            id: id.0,
            organisation: organisation.to_string(),
            root: root(paths, organisation)?,
            status: status.name().to_owned(),
            version: 1,
            ..account::Model::default()
        };
        row.set_attributes(attributes);
        rows.push(row.into_active_model());
        addresses.extend(address_row(attributes, id.0));
    }
    insert_all(db, rows).await?;
    insert_all(db, addresses).await
}

async fn change_accounts(db: &impl ConnectionTrait, facts: &[&Fact]) -> Result<(), StoreError> {
    let changed = facts.iter().filter_map(|fact| match fact {
        Fact::AccountChanged { account, .. } | Fact::StatusChanged { account, .. } => Some((account.0, *fact)),
        _ => None,
    });
    let changed: Vec<_> = changed.collect();
    if changed.is_empty() {
        return Ok(());
    }
    let ids = changed.iter().map(|(id, _)| *id);
    let found = account::Entity::find()
        .filter(account::Column::Id.is_in(ids))
        .all(db)
        .await?;
    let mut rows: HashMap<Uuid, account::Model> = found.into_iter().map(|row| (row.id, row)).collect();
    for (id, fact) in changed {
        let row = rows
            .get_mut(&id)
            .ok_or_else(|| StoreError::Unreadable(format!("no account {id} to change")))?;
        row.version += 1;
        if let Fact::StatusChanged { after, .. } = fact {
            row.status = after.name().to_owned();
        }
        let Fact::AccountChanged { changes, .. } = fact else {
            continue;
        };
        let mut attributes = row.attributes();
        for change in changes {
            attributes.set(change.attribute, change.after.clone());
        }
        if changes.iter().any(|change| change.attribute == Attribute::EmailAddress) {
            change_address(db, id, &attributes).await?;
        }
        row.set_attributes(&attributes);
    }
    let rows: Vec<_> = rows.into_values().map(IntoActiveModel::into_active_model).collect();
    for chunk in rows.chunks(ROWS_A_STATEMENT) {
        let all_columns = account::Column::iter().filter(|column| !matches!(column, account::Column::Id));
        let overwrite = OnConflict::column(account::Column::Id)
            .update_columns(all_columns)
            .to_owned();
        account::Entity::insert_many(chunk.to_vec())
            .on_conflict(overwrite)
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// The old address stays as an alias; the new one is taken, unless it is an alias coming back.
async fn change_address(db: &impl ConnectionTrait, id: Uuid, attributes: &Attributes) -> Result<(), StoreError> {
    let own = address::Entity::find()
        .filter(address::Column::Account.eq(id))
        .all(db)
        .await?;
    let now = attributes.text(Attribute::EmailAddress);
    for row in own.iter().filter(|row| row.current != (row.address == now)) {
        let mut changed = row.clone().into_active_model();
        changed.current = Set(row.address == now);
        changed.update(db).await?;
    }
    let is_new = own.iter().all(|row| row.address != now);
    insert_all(db, address_row(attributes, id).filter(|_| is_new).into_iter().collect()).await
}

async fn create_contacts(
    db: &impl ConnectionTrait,
    facts: &[&Fact],
    paths: &HashMap<String, OrganisationPath>,
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for fact in facts {
        let Fact::ContactCreated {
            contact: id,
            organisation,
            attributes,
        } = fact
        else {
            continue;
        };
        let mut row = contact::Model {
            id: id.0,
            organisation: organisation.to_string(),
            root: root(paths, organisation)?,
            status: AccountStatus::Active.name().to_owned(),
            version: 1,
            ..contact::Model::default()
        };
        row.set_attributes(attributes);
        rows.push(row.into_active_model());
    }
    insert_all(db, rows).await
}

async fn grant_roles(db: &impl ConnectionTrait, facts: &[&Fact]) -> Result<(), StoreError> {
    let rows = facts.iter().filter_map(|fact| match fact {
        Fact::RoleGranted {
            grant,
            account,
            role,
            organisation,
            unit,
        } => Some(role_grant::ActiveModel {
            id: Set(grant.0),
            account: Set(account.0),
            role: Set(role.slug().to_owned()),
            organisation: Set(organisation.to_string()),
            unit: Set(unit.as_ref().map(ToString::to_string)),
        }),
        _ => None,
    });
    insert_all(db, rows.collect()).await
}

fn root(paths: &HashMap<String, OrganisationPath>, code: &OrganisationCode) -> Result<String, StoreError> {
    let path = paths
        .get(code.as_str())
        .ok_or_else(|| StoreError::Unreadable(format!("no organisation {code}")))?;
    Ok(path.root().to_owned())
}

fn address_row(attributes: &Attributes, account: Uuid) -> Option<address::ActiveModel> {
    let own = EmailAddress::parse(attributes.text(Attribute::EmailAddress)).ok()?;
    Some(address::ActiveModel {
        stem: Set(own.stem()),
        address: Set(own.as_str().to_owned()),
        account: Set(account),
        current: Set(true),
    })
}

pub(crate) async fn insert_all<A>(db: &impl ConnectionTrait, rows: Vec<A>) -> Result<(), StoreError>
where
    A: ActiveModelTrait + Clone,
    A::Entity: EntityTrait,
{
    for chunk in rows.chunks(ROWS_A_STATEMENT) {
        A::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}
