//! A database for one test, and a second look at what is in it.

use std::path::Path;
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use tempfile::TempDir;

use super::postgres::{self, Cluster};

/// A test that takes longer hangs.
const LIMIT: Duration = Duration::from_mins(5);

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// An empty database.
pub(crate) struct Database {
    pub(crate) kind: Kind,
    pub(crate) url: String,
    name: String,
    folder: TempDir,
}

/// Runs a test over a new database.
#[expect(clippy::needless_pass_by_value, reason = "a function needs no ampersand")]
pub(crate) fn run(kind: Kind, test: impl AsyncFn(&Database)) {
    let database = within(async {
        let database = Database::create(kind).await;
        test(&database).await;
        database
    });
    // Nothing of the test is running any more that could come back to the database.
    within(database.remove());
}

/// Runs a test over a Postgres of its own, which it may stop and start.
#[expect(clippy::needless_pass_by_value, reason = "a function needs no ampersand")]
pub(crate) fn run_with_cluster(test: impl AsyncFn(&Database, &Cluster)) {
    let cluster = postgres::start();
    let (folder, url) = (tempfile::tempdir().unwrap(), cluster.url("postgres"));
    let database = Database { kind: Kind::Postgres, url, name: String::new(), folder };
    within(test(&database, &cluster));
}

fn within<T>(work: impl Future<Output = T>) -> T {
    // A test that fails shows what its server complained about.
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_test_writer();
    let _log = tracing::subscriber::set_default(log.finish());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let limited = async { tokio::time::timeout(LIMIT, work).await.expect("the test hangs") };
    runtime.block_on(limited)
}

impl Database {
    async fn create(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (name, url) = match kind {
            Kind::Sqlite => {
                let path = folder.path().join("natter.db");
                (String::new(), format!("sqlite://{}", path.display()))
            }
            Kind::Postgres => {
                let name = postgres::take().await;
                let url = postgres::url(&name);
                (name, url)
            }
        };
        Self { kind, url, name, folder }
    }

    /// Only after a success: what a failed test leaves behind is nobody's ground to stand on.
    async fn remove(self) {
        if self.kind == Kind::Postgres {
            postgres::give_back(self.name).await;
        }
    }

    /// A folder that goes with the database.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The one number that a query gives.
    pub(crate) async fn number(&self, query: &str) -> i64 {
        let query = AssertSqlSafe(query.to_owned());
        match self.kind {
            Kind::Sqlite => {
                let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
                sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap()
            }
            Kind::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.unwrap();
                sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap()
            }
        }
    }

    /// The texts that a query gives.
    pub(crate) async fn texts(&self, query: &str) -> Vec<String> {
        let query = AssertSqlSafe(query.to_owned());
        match self.kind {
            Kind::Sqlite => {
                let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
                sqlx::query_scalar(query).fetch_all(&mut connection).await.unwrap()
            }
            Kind::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.unwrap();
                sqlx::query_scalar(query).fetch_all(&mut connection).await.unwrap()
            }
        }
    }

    /// Changes what is stored, behind the server's back.
    pub(crate) async fn execute(&self, statement: &str) {
        let statement = AssertSqlSafe(statement.to_owned());
        match self.kind {
            Kind::Sqlite => {
                let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
                connection.execute(statement).await.unwrap();
            }
            Kind::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.unwrap();
                connection.execute(statement).await.unwrap();
            }
        }
    }

    /// Waits until a query gives a number that is not 0: for what another process or task is about to write.
    pub(crate) async fn until(&self, query: &str) {
        while self.number(query).await == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Has the database read a statement without running it.
    pub(crate) async fn prepare(&self, statement: &str) -> Result<(), sqlx::Error> {
        let statement = sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(statement.to_owned()));
        match self.kind {
            Kind::Sqlite => {
                let mut connection = SqliteConnection::connect(&self.url).await?;
                connection.prepare(statement).await.map(drop)
            }
            Kind::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await?;
                connection.prepare(statement).await.map(drop)
            }
        }
    }

    /// Everything that the database's files hold.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        assert_eq!(self.kind, Kind::Sqlite, "Postgres keeps its files to itself");
        let mut bytes = Vec::new();
        for entry in std::fs::read_dir(self.folder()).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name().to_string_lossy().starts_with("natter.db") {
                bytes.extend(std::fs::read(entry.path()).unwrap());
            }
        }
        bytes
    }

    /// Whether the database's files hold this text.
    pub(crate) fn holds(&self, text: &str) -> bool {
        self.bytes().windows(text.len()).any(|window| window == text.as_bytes())
    }
}
