//! What a visitor sees. The panel's root and the composer are Leptos;
//! the message log and what changes seldom are plain nodes. Views only draw: they read a
//! [`Panel`] and the handshake's configuration, and say what the visitor did.

#![expect(unreachable_pub, reason = "what the component macro generates is `pub`")]

mod acts;
mod composer;
mod contact;
pub(crate) mod dom;
mod frame;
mod icons;
pub(crate) mod log;
mod markdown;
mod parts;
mod plan;
mod root;
mod row;
pub(crate) mod style;

pub(crate) use self::parts::{Dispatch, fresh_key};
pub(crate) use self::plan::Plan;
pub(crate) use self::root::{Props, begin, furnish, root};
