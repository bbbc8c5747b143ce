//! The HTTP suite: the real router over real databases, each test on SQLite and on Postgres. One file for each noun.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail where it stands"
)]

mod harness;

mod apply;
mod attachments;
mod bad_input;
mod branches;
mod check;
mod context;
mod crash;
mod crowd;
mod demo;
mod expand;
mod feedback;
mod files;
mod forms;
mod handshake;
mod identity;
mod installs;
mod invitations;
mod limits;
mod log;
mod lost;
mod messages;
mod openapi;
mod operations;
mod origins;
mod outages;
mod own_texts;
mod privacy;
mod quickstart;
mod robofy;
mod sessions;
mod statements;
mod store;
mod streams;
mod suggestions;
mod tls;
mod tokens;
mod turns;
