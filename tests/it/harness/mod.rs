//! What the tests stand on: databases of their own, a server over each, and a client that speaks to it.

mod call;
mod database;
mod dice;
mod events;
mod logs;
mod postgres;
mod process;
mod server;
mod shop;
mod visitor;

pub(crate) use self::call::{Answer, Call, Wire};
pub(crate) use self::database::{Database, Kind, run, run_with_cluster};
pub(crate) use self::dice::Dice;
pub(crate) use self::events::{Frame, Stream, Told};
pub(crate) use self::logs::Logs;
pub(crate) use self::postgres::Cluster;
pub(crate) use self::process::{Process, natter};
pub(crate) use self::server::{Server, Setup, file, with_model};
pub(crate) use self::shop::{OWN, SHOP, shop, with_models};
pub(crate) use self::visitor::Visitor;

/// Makes two tests of each function, `sqlite::NAME` and `postgres::NAME`. A function that is forgotten in the list is
/// dead code, which the linter refuses.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                crate::harness::run(crate::harness::Kind::Sqlite, super::$name);
            })*
        }
        mod postgres {
            $(#[test]
            fn $name() {
                crate::harness::run(crate::harness::Kind::Postgres, super::$name);
            })*
        }
    };
}
pub(crate) use on_both;

/// Makes a test of each function over SQLite, for what only a file can show.
macro_rules! on_sqlite {
    ($($name:ident),* $(,)?) => {
        mod only_sqlite {
            $(#[test]
            fn $name() {
                crate::harness::run(crate::harness::Kind::Sqlite, super::$name);
            })*
        }
    };
}
pub(crate) use on_sqlite;
