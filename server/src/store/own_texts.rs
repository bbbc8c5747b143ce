//! The owner's own texts in other languages, as a chatbot's configuration keeps them. What is absent is said in the
//! chatbot's own language.

use natter_shared::appearance::LeadCapture;
use serde::{Deserialize, Serialize};

/// The texts of one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnTexts {
    /// Display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it says first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub greeting: Option<String>,
    /// Questions to offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quick_questions: Option<Vec<String>>,
    /// What is shown while an answer is awaited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loader_texts: Option<Vec<String>>,
    /// Texts of the panel.
    pub header: HeaderTexts,
    /// The question before a reset.
    pub reset_modal: ResetTexts,
    /// Texts of the contact form.
    pub lead_capture: LeadCapture,
}

/// The panel's texts in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HeaderTexts {
    /// Heading above the greeting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Line below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Line below the chatbot's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat_tab_label: Option<String>,
    /// In the empty field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_placeholder: Option<String>,
    /// Menu entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub download_transcript_label: Option<String>,
    /// Menu entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_session_label: Option<String>,
}

/// The question before a reset in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResetTexts {
    /// Heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_chat_modal_title: Option<String>,
    /// What will happen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_chat_modal_description: Option<String>,
    /// Confirms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm_reset_chat_button_text: Option<String>,
    /// Does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_reset_chat_button_text: Option<String>,
}
