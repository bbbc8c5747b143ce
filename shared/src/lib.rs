//! The wire: every type that crosses between the server and a browser, in one place, so that both sides change
//! together. Nothing here does I/O, knows a database or a DOM, or makes a decision.

pub mod appearance;
pub mod attachment;
pub mod contact;
pub mod context;
pub mod event;
pub mod handshake;
pub mod id;
pub mod identity;
pub mod install;
pub mod message;
pub mod page;
pub mod privacy;
pub mod problem;
pub mod robofy;
pub mod session;
pub mod stream;

mod time;

pub use self::time::Timestamp;

/// Longest question that a visitor may ask, in characters.
pub const MAX_MESSAGE_CHARS: usize = 8_000;
