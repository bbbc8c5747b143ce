//! What an owner decides about how visitors are met: the contact form and what belongs to it. Wire types where the widget
//! gets them as they are.

use natter_shared::contact::ContactForm;
use serde::{Deserialize, Serialize};

/// Part of a chatbot's configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EngageConfig {
    /// The form that asks for contact details.
    pub contact_form: ContactForm,
    /// Whether the visitor is asked at the end what the conversation was like.
    pub csat: bool,
}
