//! What an owner decides about how visitors are met: the contact form and what belongs to it. Wire types where the widget
//! gets them as they are.

use std::collections::BTreeMap;

use natter_shared::contact::ContactForm;
use natter_shared::page::{Invitation, OncePer};
use serde::{Deserialize, Serialize};

/// Part of a chatbot's configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EngageConfig {
    /// The form that asks for contact details.
    pub contact_form: ContactForm,
    /// Whether the visitor is asked at the end what the conversation was like.
    pub csat: bool,
    /// Whether an answer that comes while the panel is closed may be heard.
    pub sound: bool,
    /// Words beside the bubble.
    pub invitations: Vec<InvitationConfig>,
}

/// A few words beside the bubble, shown when all conditions hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationConfig {
    /// The words.
    pub text: String,
    /// The words in other languages, by language tag.
    #[serde(default)]
    pub texts: BTreeMap<String, String>,
    /// Paths of pages, in which `*` stands for any characters. Empty for all.
    #[serde(default)]
    pub pages: Vec<String>,
    /// Seconds since the page was opened.
    pub after_seconds: Option<u32>,
    /// How much of the page was scrolled through, in percent.
    pub scroll_percent: Option<u8>,
    /// Only visitors who had a conversation before, or only those who had none.
    pub returning_visitor: Option<bool>,
    /// How often it is shown to the same visitor.
    #[serde(default)]
    pub once_per: OncePer,
    /// Seconds between all that and the invitation.
    pub delay_seconds: Option<u32>,
}

impl InvitationConfig {
    /// As the loader gets it.
    #[must_use]
    pub fn wire(&self) -> Invitation {
        Invitation {
            text: self.text.clone(),
            texts: self.texts.clone(),
            pages: self.pages.clone(),
            after: self.after_seconds,
            scroll: self.scroll_percent,
            returning: self.returning_visitor,
            once: self.once_per,
            delay: self.delay_seconds,
        }
    }
}
