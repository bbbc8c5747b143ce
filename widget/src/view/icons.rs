//! The icons, as path data of 24 × 24, drawn with strokes.

/// An icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Again,
    Agent,
    Back,
    Close,
    Copy,
    Down,
    Edit,
    Expand,
    Image,
    Menu,
    Send,
    Stop,
    ThumbDown,
    ThumbUp,
}

impl Icon {
    /// Its path data.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Again => "M5 12a7 7 0 1 0 2.5-5.4M5 4v4h4",
            Self::Agent => {
                "M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5zM9 12h.01M13 12h.01M17 12h.01"
            }
            Self::Back => "M15 5l-7 7 7 7",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Copy => "M9 9h11v11H9zM5 15H4V4h11v1",
            Self::Down => "M12 5v14M6 13l6 6 6-6",
            Self::Edit => "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
            Self::Expand => "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
            Self::Image => "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
            Self::Menu => "M5 12h.01M12 12h.01M19 12h.01",
            Self::Send => "M12 20V5M5 12l7-7 7 7",
            Self::Stop => "M7 7h10v10H7z",
            Self::ThumbDown => {
                "M17 13V4H8a2 2 0 0 0-2 2l-1.5 6A2 2 0 0 0 6.5 14H10v4a2 2 0 0 0 2 2l5-7zM17 4h3v9h-3"
            }
            Self::ThumbUp => {
                "M7 11v9h9a2 2 0 0 0 2-2l1.5-6A2 2 0 0 0 17.5 10H14V6a2 2 0 0 0-2-2l-5 7zM7 20H4v-9h3"
            }
        }
    }
}
