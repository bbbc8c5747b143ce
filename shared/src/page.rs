//! What the server tells a page before any request: the loader script and the full chat page carry it inlined.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Where a widget comes from and how its bubble looks. Made by the server, read by the loader and handed by it to the
/// app; a page's own `data-*` attributes may override parts of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Boot {
    /// Version of the server that made this.
    #[serde(default)]
    pub version: String,
    /// Origin of the API, without a slash at its end; empty, and absent, for the script's own origin.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub api: String,
    /// Slug of the chatbot.
    pub slug: String,
    /// Public id of the chatbot.
    pub chatbot_id: String,
    /// Project number, as text.
    pub project_id: String,
    /// Path of the app's script.
    pub glue: String,
    /// Path of the app's WebAssembly module.
    pub wasm: String,
    /// Path of the script that mounts the app beside the bubble (`static/app/host.js`).
    #[serde(default)]
    pub host: String,
    /// `#RRGGBB`.
    pub color: String,
    /// Colour of what stands on it, as three hexadecimal digits.
    #[serde(default)]
    pub ink: String,
    /// As [`crate::appearance::Branding::theme_mode`].
    pub mode: u8,
    /// As [`crate::appearance::Branding::widget_position`].
    pub position: String,
    /// Accessible name of the bubble.
    pub label: String,
    /// One sentence for a visitor when the app cannot be loaded; it links to the full page.
    #[serde(default)]
    pub failed: String,
    /// Path data of the launcher's icon (24 × 24), when the owner's icon is a simple SVG; else the built-in glyph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Address of the launcher's icon when it is any other picture; fetched only when a visitor turns to the bubble.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// More rules for the bubble's style sheet, where an owner's settings need them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
    /// Whether the panel opens when the page has loaded. Absent when it does not.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub open: bool,
    /// The language of visitors whose browser asks for none that there is.
    pub locale: String,
    /// Whether that is the language for all visitors, unless the page asks for another.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub fixed: bool,
    /// When and how to invite the visitor to a conversation; almost always empty, so that the script stays small.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invite: Vec<Invitation>,
}

/// A few words beside the bubble, shown when all of its conditions hold. Conditions that are not set are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// The words.
    pub text: String,
    /// The words in other languages, by language tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, String>,
    /// Paths of pages, in which `*` stands for any characters. Empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<String>,
    /// Seconds since the page was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
    /// How much of the page was scrolled through, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scroll: Option<u8>,
    /// Only visitors who had a conversation before, or only those who had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returning: Option<bool>,
    /// How often it is shown to the same visitor.
    #[serde(default)]
    pub once: OncePer,
    /// Seconds between all that and the invitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<u32>,
}

/// How often an invitation is shown to the same visitor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OncePer {
    /// Once in the life of a tab.
    #[default]
    Session,
    /// Once a day.
    Day,
    /// Once.
    Ever,
}
