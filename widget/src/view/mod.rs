//! What a visitor sees. The shell of the panel is Leptos; the message log is plain DOM. Views only draw: they read a
//! [`Panel`] and the handshake's configuration, and say what the visitor did.

#![expect(unreachable_pub, reason = "what the component macro generates is `pub`")]

mod composer;
mod contact;
mod dialog;
pub(crate) mod dom;
mod header;
mod icons;
pub(crate) mod log;
mod markdown;
mod parts;
pub(crate) mod root;
mod row;
mod screens;
pub(crate) mod style;

pub(crate) use self::parts::{Dispatch, fresh_key};
pub(crate) use self::root::{Props, root};
