//! What the panel shows, apart from the log: small values that a view compares with what it drew last.

use super::model::{Consent, Dialog, Link, Mode, Notice, State};
use crate::i18n::{Texts, fill};

/// The screen within the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Screen {
    /// The handshake is under way.
    #[default]
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

/// Everything that the panel's views depend on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Panel {
    /// Whether it is shown.
    pub open: bool,
    /// Its screen.
    pub screen: Screen,
    /// What lies over it.
    pub dialog: Dialog,
    /// Name of the agent.
    pub agent: String,
    /// Label of the chat tab.
    pub tab: String,
    /// Title of the contact form.
    pub contact_title: String,
    /// The line below it.
    pub contact_subtitle: String,
    /// Label of its button.
    pub contact_send: String,
    /// Its picture's address, perhaps empty.
    pub avatar: String,
    /// What it says first.
    pub greeting: String,
    /// Questions to offer; none once there is a message.
    pub questions: Vec<String>,
    /// A notice, perhaps without text.
    pub notice: Notice,
    /// Whether there is no network.
    pub offline: bool,
    /// Whether an answer is awaited.
    pub busy: bool,
    /// Whether the conversation takes no more messages.
    pub finished: bool,
    /// Whether there is a conversation to download, end or reset.
    pub has_session: bool,
    /// Whether there is another chatbot to go back to.
    pub can_unpick: bool,
    /// Whether the panel can be closed.
    pub can_close: bool,
    /// Whether the conversation can be opened in a page of its own.
    pub can_expand: bool,
    /// Whether the reset is under way.
    pub resetting: bool,
    /// What is wrong with the contact form.
    pub contact_error: &'static str,
    /// Whether the contact form is on its way.
    pub contact_sending: bool,
}

impl Panel {
    /// What a state looks like.
    #[must_use]
    pub fn of(state: &State) -> Self {
        let chatbot = state.chatbot();
        let many = state.config.as_ref().is_some_and(|config| config.chatbots.len() > 1);
        let suggests =
            state.config.as_ref().is_some_and(|config| config.widget.behaviour.enable_suggested_questions);
        let broken = match &state.link {
            Link::Broken(notice) => Some(notice.clone()),
            _ => None,
        };
        let texts = state.texts;
        let lead = chatbot.map(|chatbot| &chatbot.lead_capture);
        let word = |own: Option<&String>, ours: &str| {
            own.filter(|own| !own.is_empty()).map_or_else(|| ours.to_owned(), Clone::clone)
        };
        Self {
            tab: state.config.as_ref().map(|config| config.widget.header.chat_tab_label.clone()).unwrap_or_default(),
            contact_title: word(lead.and_then(|lead| lead.form_title.as_ref()), texts.contact_title),
            contact_subtitle: word(lead.and_then(|lead| lead.form_subtitle.as_ref()), texts.contact_subtitle),
            contact_send: word(lead.and_then(|lead| lead.submit_button_text.as_ref()), texts.contact_send),
            open: state.open,
            screen: screen(state, many),
            dialog: state.dialog,
            agent: chatbot.map(|chatbot| chatbot.agent_name.clone()).unwrap_or_default(),
            avatar: chatbot.map(|chatbot| chatbot.avatar_image_path.clone()).unwrap_or_default(),
            greeting: chatbot.map(|chatbot| chatbot.greeting.clone()).unwrap_or_default(),
            questions: chatbot
                .filter(|_| suggests && state.lines.is_empty())
                .map(|chatbot| chatbot.quick_questions.clone())
                .unwrap_or_default(),
            notice: broken.or_else(|| state.notice.clone()).unwrap_or_default(),
            offline: !state.online,
            busy: state.is_busy(),
            finished: state.finished,
            has_session: state.session.is_some(),
            can_unpick: many && state.chosen.is_some() && state.session.is_none() && state.lines.is_empty(),
            can_close: state.settings.mode != Mode::Page,
            can_expand: state.settings.mode != Mode::Page,
            resetting: state.resetting,
            contact_error: state.contact.error.unwrap_or_default(),
            contact_sending: state.contact.sending,
        }
    }
}

fn screen(state: &State, many: bool) -> Screen {
    if state.config.is_none() {
        return if matches!(state.link, Link::Broken(_)) { Screen::Broken } else { Screen::Connecting };
    }
    match state.consent {
        Consent::Declined => Screen::Declined,
        Consent::Open if state.terms().is_some() => Screen::Consent,
        _ if many && state.chosen.is_none() && state.lines.is_empty() => Screen::Pick,
        _ => Screen::Chat,
    }
}

/// What stands below the composer about a message's length: the text, and whether it is too long.
#[must_use]
pub fn counter(texts: &Texts, chars: usize) -> Option<(String, bool)> {
    let max = natter_shared::MAX_MESSAGE_CHARS;
    if chars > max {
        return Some((fill(texts.characters_over, &(chars - max).to_string()), true));
    }
    (chars + 500 >= max).then(|| (fill(texts.characters_left, &(max - chars).to_string()), false))
}
