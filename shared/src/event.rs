//! The session log as readers see it: ordered events, each with a sequence number.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::Timestamp;
use crate::id::{MessageId, TurnId};
use crate::message::{MessageView, Rating};

/// `GET /v1/public/sessions/{id}/events?after=SEQ`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventPage {
    /// Events after the one that was asked for, oldest first.
    pub events: Vec<SessionEvent>,
    /// Sequence number of the newest event of the session.
    pub last_seq: i64,
    /// Whether there are more than this page holds.
    pub has_more: bool,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionEvent {
    /// Its number within the session, from 1, without gaps.
    pub seq: i64,
    /// When it was stored.
    pub created_at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub what: EventKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum EventKind {
    /// A message was stored.
    Message {
        /// The message.
        message: Box<MessageView>,
    },
    /// An answer was begun; read it from `GET …/stream`.
    TurnStarted {
        /// The turn.
        turn_id: TurnId,
    },
    /// An answer ended; its message came just before.
    TurnEnded {
        /// The turn.
        turn_id: TurnId,
    },
    /// An answer was rated.
    Feedback {
        /// The answer.
        message_id: MessageId,
        /// Thumb.
        rating: Rating,
    },
    /// The session was finished.
    Finished,
}

/// All fields that any event has, flat: as with the stream's parts, serde's buffering stays out of the widget.
#[derive(Deserialize)]
struct Flat {
    seq: i64,
    created_at: Timestamp,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    message: Option<Box<MessageView>>,
    #[serde(default)]
    turn_id: Option<TurnId>,
    #[serde(default)]
    message_id: Option<MessageId>,
    #[serde(default)]
    rating: Option<Rating>,
}

impl<'de> Deserialize<'de> for SessionEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let flat = Flat::deserialize(deserializer)?;
        let what =
            match (flat.kind.as_str(), flat.message, flat.turn_id, flat.message_id, flat.rating) {
                ("message", Some(message), ..) => EventKind::Message { message },
                ("turn-started", _, Some(turn_id), ..) => EventKind::TurnStarted { turn_id },
                ("turn-ended", _, Some(turn_id), ..) => EventKind::TurnEnded { turn_id },
                ("feedback", _, _, Some(message_id), Some(rating)) => {
                    EventKind::Feedback { message_id, rating }
                }
                ("finished", ..) => EventKind::Finished,
                _ => return Err(D::Error::custom("unknown event")),
            };
        Ok(Self { seq: flat.seq, created_at: flat.created_at, what })
    }
}
