//! The HTTP suite: the real router over real databases, each test on SQLite and on Postgres. One file for each noun.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail where it stands"
)]

mod harness;

mod handshake;
mod origins;
mod statements;
mod store;
mod tokens;
