//! Natter's server. `http` (the doors) translates, `service` decides, `store`, `knowledge`, `answer`, `log` and `files` do.
//! Imports run in that order only.

pub mod answer;
pub mod app;
pub mod check;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod files;
pub mod http;
pub mod knowledge;
pub mod locale;
pub mod log;
pub mod secret;
pub mod service;
pub mod store;

mod shutdown;
mod telemetry;
mod tls;
