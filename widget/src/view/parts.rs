//! What every view is made of: the way to say what happened, and small reactive values.

use leptos::prelude::*;

use super::icons::Icon;
use crate::i18n::Texts;
use crate::state::{Msg, Panel};

/// Says what the visitor did.
#[derive(Clone, Copy)]
pub(crate) struct Dispatch(StoredValue<Box<dyn Fn(Msg)>, LocalStorage>);

impl Dispatch {
    /// Hands messages to a function.
    pub(crate) fn new(deliver: impl Fn(Msg) + 'static) -> Self {
        Self(StoredValue::new_local(Box::new(deliver)))
    }

    /// Says it.
    pub(crate) fn send(self, msg: Msg) {
        self.0.try_with_value(|deliver| deliver(msg));
    }
}

/// What all components share.
#[derive(Clone, Copy)]
pub(crate) struct Common {
    /// The panel as it is to be drawn.
    pub(crate) panel: RwSignal<Panel>,
    /// The words.
    pub(crate) texts: &'static Texts,
}

impl Common {
    /// A fact about the panel.
    pub(crate) fn flag(self, fact: fn(&Panel) -> bool) -> impl Fn() -> bool + Copy + Send + Sync + 'static {
        let panel = self.panel;
        move || panel.with(fact)
    }

}

/// A random key for a message.
pub(crate) fn fresh_key() -> String {
    let mut key = String::from("w");
    for _ in 0..22 {
        let digit = js_sys::Math::random() * 36.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 35")]
        let digit = char::from_digit(digit as u32, 36);
        key.push(digit.unwrap_or('0'));
    }
    key
}

/// An icon.
#[component]
pub(super) fn Glyph(
    /// Which one.
    icon: Icon,
) -> impl IntoView {
    view! { <svg viewBox="0 0 24 24" aria-hidden="true"><path d=icon.path()/></svg> }
}
