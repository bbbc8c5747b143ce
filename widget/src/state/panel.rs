//! What the panel shows, as facts about the state.

use super::model::{Consent, Dialog, Link, Notice, State};
use crate::i18n::{Texts, Word, fill};

/// The screen within the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The handshake is under way.
    Connecting,
    /// It failed.
    Broken,
    /// The terms.
    Consent,
    /// They were declined.
    Declined,
    /// The chatbots.
    Pick,
    /// The conversation.
    Chat,
}

impl State {
    /// Whether a dialog lies over the panel.
    #[must_use]
    pub const fn is_covered(&self) -> bool {
        matches!(self.dialog, Dialog::Part)
    }

    /// The screen that is shown.
    #[must_use]
    pub fn screen(&self) -> Screen {
        if self.config.is_none() {
            return if matches!(self.link, Link::Broken(_)) {
                Screen::Broken
            } else {
                Screen::Connecting
            };
        }
        if self.held.is_some() {
            return Screen::Connecting;
        }
        match self.consent {
            Consent::Declined => Screen::Declined,
            // Terms that are out of date are not shown while the new ones are on their way.
            Consent::Open if self.renewed && self.shaking => Screen::Connecting,
            Consent::Open if self.terms.is_some() => Screen::Consent,
            _ if self.has_choice() && self.chosen.is_none() && self.lines.is_empty() => {
                Screen::Pick
            }
            _ => Screen::Chat,
        }
    }

    /// Whether there is more than one chatbot.
    #[must_use]
    pub fn has_choice(&self) -> bool {
        self.config.as_ref().is_some_and(|config| config.chatbots.len() > 1)
    }

    /// Whether the visitor may go back to the chatbots.
    #[must_use]
    pub fn can_unpick(&self) -> bool {
        self.has_choice()
            && self.chosen.is_some()
            && self.session.is_none()
            && self.lines.is_empty()
    }

    /// The notice to show.
    #[must_use]
    pub fn told(&self) -> Option<Notice> {
        if let Link::Broken(notice) = self.link { Some(notice) } else { self.notice }
    }

    /// One of our texts, which may name the page's origin.
    #[must_use]
    pub fn say(&self, word: Word) -> String {
        fill(self.texts.of(word), &self.settings.origin)
    }

    /// The questions to offer: none once there is a message.
    #[must_use]
    pub fn questions(&self) -> &[String] {
        let offered = self
            .config
            .as_ref()
            .is_some_and(|config| config.widget.behaviour.enable_suggested_questions);
        match self.chatbot() {
            Some(chatbot) if offered && self.lines.is_empty() => &chatbot.quick_questions,
            _ => &[],
        }
    }
}

/// What stands below the composer about a message's length: the text, and whether it is too long.
#[must_use]
pub fn counter(texts: &Texts, chars: usize, max: usize) -> Option<(String, bool)> {
    if chars > max {
        return Some((texts.count(Word::characters_over, chars - max), true));
    }
    (chars + 500.min(max / 4) >= max)
        .then(|| (texts.count(Word::characters_left, max - chars), false))
}
