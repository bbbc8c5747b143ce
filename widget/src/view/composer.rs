//! Where a visitor writes.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::icons::Icon;
use super::parts::{Common, Glyph, IconButton, TextButton, fresh_key, never};
use crate::state::{Msg, Panel, Screen, counter};

/// Input methods that do not set `isComposing` on the Enter that ends a composition report this key code.
const IME_KEY: u32 = 229;

/// The field with its buttons, and what takes its place when the conversation has ended.
#[component]
pub(super) fn Composer(
    /// What it shares.
    common: Common,
    /// The owner's placeholder.
    placeholder: String,
) -> impl IntoView {
    let texts = common.texts;
    let field = NodeRef::<leptos::html::Textarea>::new();
    let mirror = NodeRef::<leptos::html::Div>::new();
    let chars = RwSignal::new(0_usize);
    let submit = move || {
        if let Some(field) = field.get_untracked() {
            common.dispatch.send(Msg::Submit { text: field.value(), key: fresh_key() });
        }
    };
    let typed = move |_| {
        if let (Some(field), Some(mirror)) = (field.get_untracked(), mirror.get_untracked()) {
            let text = field.value();
            chars.set(text.trim().chars().count());
            // The mirror has the same text in the same grid cell: the field grows without a layout being read.
            mirror.set_text_content(Some(&[&text, "\u{200b}"].concat()));
        }
    };
    let key = move |event: KeyboardEvent| {
        let composing = event.is_composing() || event.key_code() == IME_KEY;
        if event.key() == "Enter" && !event.shift_key() && !composing {
            event.prevent_default();
            submit();
        }
    };
    let over = move || counter(texts, chars.get()).is_some_and(|(_, over)| over);
    let count = move || counter(texts, chars.get()).map(|(text, _)| text).unwrap_or_default();
    let idle = move || chars.get() == 0 || over();
    let label = placeholder.clone();
    let ended: fn(&Panel) -> bool = |panel| panel.finished;
    view! {
        <div class="notice" part="notice" role="group" hidden=common.flag(|panel| panel.notice.text.is_empty() || panel.screen != Screen::Chat)>
            <span>{common.text(|panel| panel.notice.text.clone())}</span>
            <TextButton class="btn small" label=texts.retry.to_owned() act=|| Msg::Reconnect common hidden=|panel| !panel.notice.retry disabled=never/>
            <IconButton name="dismiss" label=texts.dismiss icon=Icon::Close act=|| Msg::Dismiss common hidden=|panel| panel.notice.retry/>
        </div>
        <div class="notice" hidden=common.flag(|panel| !panel.offline)><span>{texts.offline}</span></div>
        <div class="ended" hidden=common.flag(|panel| !panel.finished)>
            <p>{texts.ended_title}</p>
            <TextButton class="btn primary" label=texts.ended_new.to_owned() act=|| Msg::Anew common hidden=never disabled=never/>
        </div>
        <form
            class="composer"
            part="composer"
            hidden=common.flag(ended)
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <div class="grow">
                <textarea
                    class="input"
                    part="input"
                    rows="1"
                    dir="auto"
                    enterkeyhint="send"
                    placeholder=placeholder
                    aria-label=label
                    node_ref=field
                    on:input=typed
                    on:keydown=key
                ></textarea>
                <div class="input mirror" aria-hidden="true" node_ref=mirror></div>
            </div>
            <button type="submit" class="send" part="send" aria-label=texts.send title=texts.send disabled=idle hidden=common.flag(|panel| panel.busy)>
                <Glyph icon=Icon::Send/>
            </button>
            <button type="button" class="send stop" part="stop" aria-label=texts.stop title=texts.stop hidden=common.flag(|panel| !panel.busy) on:click=move |_| common.dispatch.send(Msg::Stop)>
                <Glyph icon=Icon::Stop/>
            </button>
        </form>
        <p class="count" class:bad=over hidden=move || count().is_empty()>{count}</p>
    }
}
