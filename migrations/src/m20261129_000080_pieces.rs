//! Large files in pieces, so that neither keeping nor reading one needs it whole in memory. Small ones stay in
//! `submission_file`.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, string},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut piece = Table::create();
        piece
            .table("submission_piece")
            .col(string("submission"))
            .col(integer("number"))
            .col(ColumnDef::new("bytes").blob().not_null())
            .primary_key(Index::create().col("submission").col("number"));
        manager.create_table(piece.take()).await
    }
}
