//! A Postgres of our own: an unprivileged cluster in a temporary folder, begun by the first test that needs it. It ends
//! with this process, however that ends, because a shell waits for the other end of a pipe that only we hold.

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use natter_server::store::Store;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// `nobody` on Debian: Postgres refuses to run as root.
const NOBODY: u32 = 65_534;

/// $1 is the folder of Postgres' programs, $2 the cluster's.
const SCRIPT: &str = r#"
"$1/initdb" -D "$2/data" -U natter -A trust -E UTF8 --locale=C --no-sync >"$2/log" 2>&1 &&
cat >>"$2/data/postgresql.conf" <<END &&
listen_addresses = ''
unix_socket_directories = '$2'
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 300
shared_buffers = 256MB
wal_level = minimal
max_wal_senders = 0
checkpoint_timeout = 1h
max_wal_size = 4GB
END
"$1/pg_ctl" -D "$2/data" -l "$2/server.log" -w -s start >>"$2/log" 2>&1 && echo ready || cat "$2/log" "$2/server.log"
read -r _
"$1/pg_ctl" -D "$2/data" -m immediate -s stop >/dev/null 2>&1
rm -rf "$2"
"#;

/// A running cluster.
pub(crate) struct Cluster {
    folder: PathBuf,
    /// Its input is closed by the end of this process, which ends the cluster.
    _shell: Child,
}

impl Cluster {
    /// Address of a database in the cluster.
    pub(super) fn url(&self, name: &str) -> String {
        format!("postgres://natter@localhost/{name}?host={}", self.folder.display())
    }

    /// Stops it. Those who are connected are thrown out.
    pub(crate) async fn stop(&self) {
        self.control(&["-m", "fast", "stop"]).await;
    }

    /// Starts it again.
    pub(crate) async fn go_on(&self) {
        let log = self.folder.join("server.log").display().to_string();
        self.control(&["-l", &log, "start"]).await;
    }

    async fn control(&self, arguments: &[&str]) {
        let mut command = tokio::process::Command::new(programs().join("pg_ctl"));
        command.arg("-D").arg(self.folder.join("data")).args(["-w", "-s"]).args(arguments);
        // What it starts would keep our output open.
        command.current_dir("/").stdout(Stdio::null()).stderr(Stdio::null());
        if is_root(Path::new("/proc/self")) {
            command.uid(NOBODY).gid(NOBODY);
        }
        assert!(command.status().await.unwrap().success(), "pg_ctl {arguments:?}");
    }
}

/// Address of a database in the cluster that the tests share.
pub(super) fn url(name: &str) -> String {
    cluster().url(name)
}

/// A database with all tables, to be copied.
const TEMPLATE: &str = "migrated";

/// Databases that are empty again. Making one takes longer than most tests.
static EMPTY: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Leaves the tables as the migrations made them.
const EMPTYING: &str = r"
do $$
declare name text;
begin
    perform pg_terminate_backend(pid, 10000) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid();
    for name in select tablename from pg_tables
        where schemaname = 'public' and tablename not in ('_sqlx_migrations', 'config_epoch')
    loop
        execute format('delete from %I', name);
    end loop;
    update config_epoch set epoch = 1;
end $$
";

/// An empty database that nobody else uses.
pub(super) async fn take() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let empty = EMPTY.lock().unwrap().pop();
    if let Some(name) = empty {
        return name;
    }
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let create = format!("create database {name} template {TEMPLATE} strategy wal_log");
    execute("postgres", create).await;
    name
}

/// Empties a database for the next test.
pub(super) async fn give_back(name: String) {
    execute(&name, EMPTYING.to_owned()).await;
    EMPTY.lock().unwrap().push(name);
}

async fn execute(database: &str, statement: String) {
    let mut connection = PgConnection::connect(&url(database)).await.unwrap();
    connection.execute(AssertSqlSafe(statement)).await.unwrap();
}

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let cluster = start();
        let template = cluster.url(TEMPLATE);
        let made = Command::new(programs().join("createdb"))
            .args(["-U", "natter", "-h"])
            .arg(&cluster.folder)
            .arg(TEMPLATE)
            .status()
            .unwrap();
        assert!(made.success(), "createdb failed");
        // The caller's runtime is busy with waiting for us.
        let migrate = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime
                .unwrap()
                .block_on(async { Store::open(&template).await.unwrap().close().await });
        };
        std::thread::spawn(migrate).join().unwrap();
        cluster
    })
}

/// The folder of Postgres' programs: as told, or where Debian's package puts them, the newest first.
fn programs() -> PathBuf {
    if let Some(told) = std::env::var_os("NATTER_TEST_POSTGRES_BIN") {
        return told.into();
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_string_lossy().parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").exists())
        .collect();
    found.sort();
    let newest = found.pop().map(|(_, programs)| programs);
    newest.expect("these tests need Postgres: install the Debian package `postgresql`")
}

/// Starts another one.
pub(super) fn start() -> Cluster {
    let folder = tempfile::Builder::new().prefix("natter-it-").tempdir().unwrap().keep();
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT, "sh"]).arg(programs()).arg(&folder).current_dir("/");
    if is_root(&folder) {
        std::os::unix::fs::chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    // A group of its own, so that an interrupt from the keyboard ends us and not the shell that cleans up.
    let mut shell =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0).spawn().unwrap();
    let mut lines = BufReader::new(shell.stdout.take().unwrap());
    let mut first = String::new();
    lines.read_line(&mut first).unwrap();
    if first != "ready\n" {
        drop(shell.stdin.take());
        lines.read_to_string(&mut first).unwrap();
        panic!("Postgres did not start: {first}");
    }
    Cluster { folder, _shell: shell }
}

/// Whether what we make belongs to root.
fn is_root(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).unwrap().uid() == 0
}
