//! JSON to and from wire types, small: no floating point, no error texts.
//!
//! `serde_json` and `serde-wasm-bindgen`, and what serde's derive makes of twenty types, cost a visitor some thirty
//! kilobytes. Here a text becomes a [`Value`] once, and wire types pick their fields from it; the tests hold them to
//! what serde makes of the same text.

mod value;
mod wire;
mod write;

pub use self::value::Value;
pub use self::wire::{FromValue, from_json};
pub use self::write::{Object, ToJson};
