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
}
