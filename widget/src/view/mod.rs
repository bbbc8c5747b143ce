//! What a visitor sees. The panel's frame is Leptos; in it stand plain nodes, bound to facts of the state by a [`Plan`],
//! and the message log. Views only draw, and say what the visitor did.

mod acts;
pub(crate) mod composer;
pub(crate) mod dom;
mod frame;
mod icons;
pub(crate) mod log;
mod markdown;
mod plan;
mod root;
mod row;
pub(crate) mod style;
mod time;

pub(crate) use self::acts::{fresh_key, heard};
pub(crate) use self::plan::Plan;
pub(crate) use self::root::{begin, furnish, root};
