//! The notice on an account's page that a new email address waits until its person confirms it.

use domain::values::ids::AccountId;
use gate::WaitingRename;
use leptos::prelude::*;

use crate::{
    calls::{about, renames::CancelRename},
    components::{actions::button, breakable::Breakable},
    words,
};

/// To which address, since when and until when; and the way to cancel it, for those who may edit the account.
#[component]
pub(crate) fn NewAddress(waiting: WaitingRename, account: AccountId, may_cancel: bool) -> impl IntoView {
    let cancel = may_cancel.then(|| {
        let cancel = button("Cancel new address", about::<CancelRename>(&account), None);
        view! { <div class="app-actions">{cancel}</div> }
    });
    let (since, until) = (words::moment(waiting.asked_at), words::moment(waiting.expires));
    view! {
        <div class="nhsuk-inset-text">
            <p><strong>"A new email address waits to be confirmed."</strong></p>
            <p>"New address: " <Breakable text=waiting.to.to_string()/></p>
            <p>"A change file asked for it on " {since} ". A link was sent to the new address. It works until " {until} "; until it is used, nothing changes."</p>
            {cancel}
        </div>
    }
}
