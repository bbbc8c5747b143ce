//! Where the app stands, and what it is told there.

/// Where the app stands in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// A panel above a bubble.
    #[default]
    Bubble,
    /// A page of its own.
    Page,
    /// Within a frame of our origin, which stands in for the panel.
    Frame,
    /// A part of somebody's page, always shown.
    Inline,
}

impl Mode {
    /// Whether the chat is shown for as long as it is there.
    #[must_use]
    pub fn stays(self) -> bool {
        matches!(self, Self::Page | Self::Inline)
    }
}

/// What the loader or the page hands over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// Origin of the API, without a slash at its end.
    pub api: String,
    /// Slug of the chatbot.
    pub slug: String,
    /// Public id of the chatbot.
    pub chatbot_id: String,
    /// Project number, as text.
    pub project_id: String,
    /// Name of the bubble, until the handshake brings the chatbot's.
    pub label: String,
    /// Origin of the page, for the explanation of a refusal.
    pub origin: String,
    /// Where the app stands.
    pub mode: Mode,
    /// The visitor's language.
    pub locale: String,
    /// `light`, `dark`, `auto` or `host`.
    pub theme: String,
    /// Theme colour.
    pub colour: String,
    /// What is read upon it, as `#rgb`.
    pub ink: String,
    /// Where the panel stands.
    pub position: String,
    /// A question to put into the composer.
    pub ask: Option<String>,
    /// A one-time token that brings a conversation along.
    pub expand: Option<String>,
    /// Who the visitor is, as the page says: an `Identity` of the wire as JSON. The widget only hands it on.
    pub identity: Option<String>,
}
