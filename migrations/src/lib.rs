//! The schema, one step a file. How steps are made so that old and new servers run side by side: README beside this.

#![expect(clippy::disallowed_methods, reason = "a step of the schema is SQL")]

mod m20261121_000001_directory;
mod m20261121_000002_submissions;
mod m20261121_000003_sign_in;
mod m20261122_000004_lives;
mod m20261122_000005_mail;
mod m20261122_000006_addresses;
mod m20261122_000007_grants;
mod m20261122_000008_factors;
mod m20261122_000009_trail;
mod m20261122_000010_holding;
mod m20261122_000011_columns;
mod m20261122_000012_finding;
mod m20261123_000013_mending;
mod m20261123_000014_undo;
mod m20261123_000015_hand_edits;
mod m20261123_000016_searching;
mod m20261123_000017_news;
mod m20261129_000020_sweep_brake;
mod m20261129_000021_known_use;
mod m20261129_000050_letters;
mod m20261129_000060_passwords;
mod m20261129_000070_doors;
mod m20261129_000080_pieces;
mod m20261129_000081_column_mappings;
mod m20261129_000090_machines;
mod m20261129_000130_spoken;
mod m20261129_000150_found_by;
mod m20261129_000160_absence;
mod m20261130_000020_private_sharing;
mod m20261130_000030_user_names;
mod m20261130_000040_connectors;
mod m20261130_000060_secrets;
mod m20261130_000070_shadow;
mod m20261130_000080_connector_letters;
mod m20261130_000090_email;
mod m20261130_000091_proposal_submission;
mod m20261130_000094_mail_folder_age;
mod m20261130_000100_change_files;
mod m20261130_000110_outbox_order;
mod types;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

/// Runs the steps in order, on either database.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_directory::Migration),
            Box::new(m20261121_000002_submissions::Migration),
            Box::new(m20261121_000003_sign_in::Migration),
            Box::new(m20261122_000004_lives::Migration),
            Box::new(m20261122_000005_mail::Migration),
            Box::new(m20261122_000006_addresses::Migration),
            Box::new(m20261122_000007_grants::Migration),
            Box::new(m20261122_000008_factors::Migration),
            Box::new(m20261122_000009_trail::Migration),
            Box::new(m20261122_000010_holding::Migration),
            Box::new(m20261122_000011_columns::Migration),
            Box::new(m20261122_000012_finding::Migration),
            Box::new(m20261123_000013_mending::Migration),
            Box::new(m20261123_000014_undo::Migration),
            Box::new(m20261123_000015_hand_edits::Migration),
            Box::new(m20261123_000016_searching::Migration),
            Box::new(m20261123_000017_news::Migration),
            Box::new(m20261129_000020_sweep_brake::Migration),
            Box::new(m20261129_000021_known_use::Migration),
            Box::new(m20261129_000050_letters::Migration),
            Box::new(m20261129_000060_passwords::Migration),
            Box::new(m20261129_000070_doors::Migration),
            Box::new(m20261129_000080_pieces::Migration),
            Box::new(m20261129_000081_column_mappings::Migration),
            Box::new(m20261129_000090_machines::Migration),
            Box::new(m20261129_000130_spoken::Migration),
            Box::new(m20261129_000150_found_by::Migration),
            Box::new(m20261129_000160_absence::Migration),
            Box::new(m20261130_000020_private_sharing::Migration),
            Box::new(m20261130_000030_user_names::Migration),
            Box::new(m20261130_000040_connectors::Migration),
            Box::new(m20261130_000060_secrets::Migration),
            Box::new(m20261130_000070_shadow::Migration),
            Box::new(m20261130_000080_connector_letters::Migration),
            Box::new(m20261130_000090_email::Migration),
            Box::new(m20261130_000091_proposal_submission::Migration),
            Box::new(m20261130_000094_mail_folder_age::Migration),
            Box::new(m20261130_000100_change_files::Migration),
            Box::new(m20261130_000110_outbox_order::Migration),
        ]
    }
}
