//! The widget's rules: one pure function from what is known and what happened to what is to be done.
//!
//! No signals, no DOM, no clock, no randomness: the shell brings all of these as messages.

mod actions;
mod edit;
mod effect;
mod failure;
mod link;
mod mode;
mod model;
mod panel;
mod plain;
mod setback;
mod sync;
mod turn;
mod update;

#[cfg(test)]
mod tests;

pub use self::effect::{Call, Effect, Focus, Host, Msg, Reply, StreamEnd, Tell, Timer};
pub use self::failure::{Failure, backoff};
pub use self::mode::{Mode, Settings};
pub use self::model::{
    Ask, Config, Consent, Dialog, Line, Link, Notice, Progress, Run, State, Stored, Trouble,
};
pub use self::panel::{Screen, counter};
pub use self::plain::plain;
pub use self::update::update;
