//! Where the app stands.

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
