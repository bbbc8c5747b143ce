//! The handshake: the browser's first call. It proves the origin and brings the widget's configuration and a
//! short-lived token. The shape is Robofy's; `resume` and `natter` are ours.

use serde::{Deserialize, Serialize};

use crate::appearance::{LeadCapture, Widget};
use crate::attachment::AttachmentRules;
use crate::contact::ContactForm;
use crate::problem::Problem;
use crate::session::SessionSnapshot;

/// The version of the handshake that is spoken here.
pub const HANDSHAKE_VERSION: u32 = 2;

/// `POST /v1/widget/handshake`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandshakeRequest {
    /// Public id (or slug) of the chatbot.
    pub chatbot_id: String,
    /// Project number, as text.
    pub project_id: String,
    /// Must be 2.
    pub version: u32,
    /// The visitor's language, for the texts that the owner has translated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Whether the answer is to have a [`Palette`]: for who draws a panel.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub palette: bool,
    /// Puts the visitor back into a session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
}

/// What a browser kept of an earlier visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resume {
    /// The session, bare.
    pub session_id: String,
    /// The secret that was handed out with it.
    pub secret: String,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandshakeResponse {
    /// A sentence for a developer's eyes.
    pub message: String,
    /// The content.
    pub data: HandshakeData,
}

/// Content of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandshakeData {
    /// JWT for the calls that follow; keep it in memory only.
    pub token: String,
    /// The chatbots offered, in the order to show them.
    pub chatbots: Vec<ChatbotCard>,
    /// The widget's configuration.
    pub widget: Widget,
    /// Natter's own addition, present only when it has something to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub natter: Option<HandshakeExtras>,
}

/// What Natter adds to a handshake.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandshakeExtras {
    /// Hash of the terms, when they are on: send it back with the consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_hash: Option<String>,
    /// Longest message that is taken, in characters, when the owner set less than the usual 8,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_message_chars: Option<u32>,
    /// What may be attached to a message, when the owner takes attachments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<AttachmentRules>,
    /// The form that asks for contact details, when visitors may leave any. Without fields it is the built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_form: Option<ContactForm>,
    /// Whether the visitor is asked at the end what the conversation was like.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub csat: bool,
    /// Whether an answer that comes while the panel is closed may be heard.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub sound: bool,
    /// Languages besides the chatbot's own that its texts exist in: shake hands again when the visitor chooses another one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// What the theme colour becomes where it has to be read, for who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub palette: Option<Palette>,
    /// The session that the visitor is back in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionSnapshot>,
    /// Why the visitor is not back in it: forget what was kept, and begin anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume_refused: Option<Problem>,
}

/// Colours that follow from the theme colour, each `#rrggbb`. Whatever the theme colour, everything meets WCAG AA in them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Palette {
    /// Black or white: text upon the theme colour.
    pub ink: String,
    /// The theme colour as text, in the light theme.
    pub light: String,
    /// The theme colour as text, in the dark theme.
    pub dark: String,
    /// The theme colour as the edge of a field or a button, in the light theme.
    pub edge: String,
    /// The theme colour as the edge of a field or a button, in the dark theme.
    pub edge_dark: String,
}

/// One chatbot as a visitor sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChatbotCard {
    /// Public id.
    pub chatbot_id: String,
    /// Display name.
    pub agent_name: String,
    /// Visibility, `Public`.
    pub agent_type: String,
    /// What it is for.
    pub description: String,
    /// Address of its picture; empty for the built-in one.
    pub avatar_image_path: String,
    /// What it says first.
    pub greeting: String,
    /// Its place in the list.
    pub sort_order: i32,
    /// Questions to offer.
    pub quick_questions: Vec<String>,
    /// Texts of the contact form.
    pub lead_capture: LeadCapture,
}
