//! The visitor's app.
//!
//! `view → state ← shell → api → shared`: `state` holds the rules as one pure function, `view` draws, `shell` does what
//! the rules ask for, `api` speaks to the server. What needs a browser is compiled for `wasm32` only, so the rules are
//! tested on the host.

pub mod i18n;
pub mod json;
pub mod lean;
pub mod markdown;
pub mod sse;
pub mod state;

#[cfg(target_arch = "wasm32")]
mod api;
#[cfg(target_arch = "wasm32")]
mod shell;
#[cfg(target_arch = "wasm32")]
mod view;

#[cfg(target_arch = "wasm32")]
pub use self::shell::{App, mount};

/// Constant-time allocation in a third of the bytes that the standard library's allocator takes.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
