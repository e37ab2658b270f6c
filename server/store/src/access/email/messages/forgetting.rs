//! Taking what is personal out of mails.

use domain::{
    email::{Intake, Why},
    values::ids::Timestamp,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    StoreError,
    entities::{address, mail_message, mail_source},
    lists::padded,
};

/// Takes names, addresses and texts out of the mails that forgotten people sent, or that say they are from one of their
/// addresses. That a mail came, when, and what became of it stays.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let held = address::Entity::find()
        .select_only()
        .column(address::Column::Address)
        .filter(address::Column::Account.is_in(people.iter().copied()));
    let theirs = Condition::any()
        .add(mail_message::Column::Sender.is_in(people.iter().copied()))
        .add(mail_message::Column::FromAddress.in_subquery(held.into_query()));
    let found: Vec<(i64, Option<String>)> = mail_message::Entity::find()
        .select_only()
        .columns([mail_message::Column::Seq, mail_message::Column::Why])
        .filter(theirs)
        .into_tuple()
        .all(db)
        .await?;
    name_no_files(db, &found).await?;
    for some in found.chunks(500) {
        let seqs = || padded(some.iter().map(|(seq, _)| *seq));
        let nothing = || Expr::value(Option::<String>::None);
        mail_message::Entity::update_many()
            .col_expr(mail_message::Column::SenderName, nothing())
            .col_expr(mail_message::Column::FromAddress, Expr::value(""))
            .col_expr(mail_message::Column::Proof, Expr::value(""))
            .col_expr(mail_message::Column::MessageId, nothing())
            .col_expr(mail_message::Column::ReferenceIds, Expr::value("[]"))
            .col_expr(mail_message::Column::Subject, Expr::value(""))
            .col_expr(mail_message::Column::FileName, nothing())
            .filter(mail_message::Column::Seq.is_in(seqs()))
            .exec(db)
            .await?;
        mail_source::Entity::delete_many()
            .filter(mail_source::Column::Message.is_in(seqs()))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Takes subjects and names of files out of mails of proved senders that were refused before a moment: they may name anybody,
/// and are of no use by then.
pub(super) async fn forget_texts(db: &impl ConnectionTrait, before: Timestamp) -> Result<(), StoreError> {
    let names_files = Condition::all()
        .add(mail_message::Column::Why.like(r#"%"names":["%"#))
        .add(mail_message::Column::Why.not_like(r#"%"names":["…"%"#));
    let says_something = Condition::any()
        .add(mail_message::Column::Subject.ne(""))
        .add(mail_message::Column::FileName.is_not_null())
        .add(names_files);
    let old = Condition::all()
        .add(mail_message::Column::Intake.eq(Intake::Refused.slug()))
        .add(mail_message::Column::ReceivedAt.lt(before.0))
        .add(says_something);
    let found: Vec<(i64, Option<String>)> = mail_message::Entity::find()
        .select_only()
        .columns([mail_message::Column::Seq, mail_message::Column::Why])
        .filter(old)
        .into_tuple()
        .all(db)
        .await?;
    name_no_files(db, &found).await?;
    for some in found.chunks(500) {
        mail_message::Entity::update_many()
            .col_expr(mail_message::Column::Subject, Expr::value(""))
            .col_expr(mail_message::Column::FileName, Expr::value(Option::<String>::None))
            .filter(mail_message::Column::Seq.is_in(padded(some.iter().map(|(seq, _)| *seq))))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Takes the names of files out of why mails were refused.
async fn name_no_files(db: &impl ConnectionTrait, mails: &[(i64, Option<String>)]) -> Result<(), StoreError> {
    for (seq, why) in mails {
        let Some(why) = why else { continue };
        let less: Why = serde_json::from_str::<Why>(why)?.forgotten();
        mail_message::Entity::update_many()
            .col_expr(
                mail_message::Column::Why,
                Expr::value(Some(serde_json::to_string(&less)?)),
            )
            .filter(mail_message::Column::Seq.eq(*seq))
            .exec(db)
            .await?;
    }
    Ok(())
}
