//! The owner's texts in the visitor's language: what may be set, which language is chosen, what a handshake then says.

use natter_shared::appearance::Widget;
use natter_shared::handshake::ChatbotCard;

use super::Published;
use crate::locale::Texts;
use crate::store::OwnTexts;

/// Checks the texts of one language in an apply file. `own` is the chatbot's own language.
pub(super) fn check(tag: &str, texts: &OwnTexts, own: &str) -> Result<(), String> {
    if !super::apply_file::is_language_tag(tag) {
        return Err(format!("chatbots.texts.{tag} is no language tag; write it like de or pt-BR"));
    }
    if tag.eq_ignore_ascii_case(own) {
        return Err(format!(
            "chatbots.texts.{tag} is the chatbot's own language (locale); set its texts on the chatbot itself"
        ));
    }
    let value = serde_json::to_value(texts).unwrap_or_default();
    match empty(&value, &format!("chatbots.texts.{tag}")) {
        Some(key) => Err(format!("{key} is empty; leave it out to keep the chatbot's own text")),
        None => Ok(()),
    }
}

/// The first key below a value that holds an empty text.
fn empty(value: &serde_json::Value, key: &str) -> Option<String> {
    match value {
        serde_json::Value::String(text) => text.trim().is_empty().then(|| key.to_owned()),
        serde_json::Value::Array(items) => items.iter().find_map(|item| empty(item, key)),
        serde_json::Value::Object(fields) => {
            fields.iter().find_map(|(name, value)| empty(value, &format!("{key}.{name}")))
        }
        _ => None,
    }
}

impl Published {
    /// The owner's texts for a visitor's language: for the tag itself, or for less and less of it. Nothing when the
    /// chatbot's own texts are the best there are.
    fn texts_for(&self, locale: Option<&str>) -> Option<&OwnTexts> {
        let texts = &self.config.texts;
        let named = |tag: &str| {
            texts.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)).map(|(_, texts)| texts)
        };
        let shorter = |tag: &str| {
            let ends = tag.match_indices('-').map(|(at, _)| at).collect::<Vec<_>>();
            let starts = ends.into_iter().rev().filter_map(|at| tag.get(..at));
            core::iter::once(tag).chain(starts).map(str::to_owned).collect::<Vec<_>>()
        };
        let locale = locale?;
        // A tag may say in other words what ours says: `zh-TW` is written in the script of `zh-Hant`.
        let ours = Texts::choose([locale]).tag;
        let mut tags = shorter(locale);
        if ours != "en" {
            tags.extend(shorter(ours));
        }
        // What is written in the chatbot's own language goes before another one.
        let own = self.config.locale.as_str();
        tags.into_iter()
            .take_while(|tag| !tag.eq_ignore_ascii_case(own))
            .find_map(|tag| named(&tag))
    }

    /// The handshake's description of it, in a visitor's language.
    #[must_use]
    pub fn card_in(&self, locale: Option<&str>) -> ChatbotCard {
        let mut card = self.card();
        let Some(texts) = self.texts_for(locale) else { return card };
        put(&mut card.agent_name, texts.name.as_ref());
        put(&mut card.description, texts.description.as_ref());
        put(&mut card.greeting, texts.greeting.as_ref());
        put(&mut card.quick_questions, texts.quick_questions.as_ref());
        let (form, own) = (&mut card.lead_capture, &texts.lead_capture);
        for (to, from) in [
            (&mut form.form_title, &own.form_title),
            (&mut form.form_subtitle, &own.form_subtitle),
            (&mut form.submit_button_text, &own.submit_button_text),
        ] {
            if from.is_some() {
                to.clone_from(from);
            }
        }
        card
    }

    /// The widget's configuration in a visitor's language.
    #[must_use]
    pub fn widget_in(&self, locale: Option<&str>) -> Widget {
        let mut widget = self.config.widget.clone();
        let Some(texts) = self.texts_for(locale) else { return widget };
        let (header, own) = (&mut widget.header, &texts.header);
        put(&mut header.title, own.title.as_ref());
        put(&mut header.subtitle, own.subtitle.as_ref());
        put(&mut header.chat_tab_label, own.chat_tab_label.as_ref());
        put(&mut header.input_placeholder, own.input_placeholder.as_ref());
        put(&mut header.download_transcript_label, own.download_transcript_label.as_ref());
        put(&mut header.end_session_label, own.end_session_label.as_ref());
        let (modal, own) = (&mut widget.reset_modal, &texts.reset_modal);
        put(&mut modal.reset_chat_modal_title, own.reset_chat_modal_title.as_ref());
        put(&mut modal.reset_chat_modal_description, own.reset_chat_modal_description.as_ref());
        put(&mut modal.confirm_reset_chat_button_text, own.confirm_reset_chat_button_text.as_ref());
        put(&mut modal.cancel_reset_chat_button_text, own.cancel_reset_chat_button_text.as_ref());
        put(&mut widget.loader.loader_texts, texts.loader_texts.as_ref());
        widget
    }
}

fn put<T: Clone>(to: &mut T, from: Option<&T>) {
    if let Some(from) = from {
        to.clone_from(from);
    }
}
