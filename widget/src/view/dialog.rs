//! The question before a reset.

use leptos::prelude::*;
use natter_shared::appearance::ResetModal;

use super::parts::{Common, TextButton, never};
use crate::state::{Dialog, Msg};

/// Asks whether the conversation is really to go.
#[component]
pub(super) fn Reset(
    /// What it shares.
    common: Common,
    /// The owner's words.
    words: ResetModal,
) -> impl IntoView {
    view! {
        <div class="veil" hidden=common.flag(|panel| panel.dialog != Dialog::Reset)>
            <div class="modal" part="dialog" role="alertdialog" aria-modal="true" aria-labelledby="natter-reset" aria-describedby="natter-reset-text">
                <h2 id="natter-reset">{words.reset_chat_modal_title}</h2>
                <p id="natter-reset-text">{words.reset_chat_modal_description}</p>
                <div class="acts">
                    <TextButton class="btn danger" label=words.confirm_reset_chat_button_text act=|| Msg::Reset common hidden=never disabled=|panel| panel.resetting/>
                    <TextButton class="btn cancel" label=words.cancel_reset_chat_button_text act=|| Msg::Show(Dialog::None) common hidden=never disabled=never/>
                </div>
            </div>
        </div>
    }
}
