//! Passwords in uploaded files: whether those of a submission are being hashed, and whether its file is still kept.

use sea_orm_migration::{prelude::*, schema::boolean};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement: SQLite adds no two at once.
        for name in ["hashing", "file_gone"] {
            let column = boolean(name).default(false).take();
            let add = Table::alter().table("submission").add_column(column).take();
            manager.alter_table(add).await?;
        }
        Ok(())
    }
}
