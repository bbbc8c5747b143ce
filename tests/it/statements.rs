//! Every statement of the store is understood by both databases: what compile-time checks would be for one.

use std::path::Path;

use natter_server::store::Store;

use crate::harness::{Database, Kind, on_both};

on_both!(every_statement_can_be_prepared, every_table_stands_in_both_schemas);

async fn every_statement_can_be_prepared(database: &Database) {
    Store::open(&database.url).await.unwrap().close().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../server/src/store/sql");
    let mut prepared = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let elsewhere = match database.kind {
            Kind::Sqlite => ".postgres.sql",
            Kind::Postgres => ".sqlite.sql",
        };
        if name.ends_with(elsewhere) {
            continue;
        }
        let statement = std::fs::read_to_string(&path).unwrap();
        if let Err(error) = database.prepare(&statement).await {
            panic!("{name}: {error}");
        }
        prepared += 1;
    }
    assert!(prepared > 50, "only {prepared} statements were found");
}

async fn every_table_stands_in_both_schemas(database: &Database) {
    Store::open(&database.url).await.unwrap().close().await;
    let list = match database.kind {
        Kind::Sqlite => {
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' \
             and name not like 'chunk_index%' order by name"
        }
        Kind::Postgres => {
            "select tablename::text from pg_tables where schemaname = 'public' order by tablename"
        }
    };
    let expected = "_sqlx_migrations accounts api_keys attachments chatbot_sources chatbot_versions chatbots chunks config_epoch \
                    consent_withdrawals contacts erasures expand_tokens feedback file_removals install_reports members messages \
                    organizations projects session_access session_events session_identity session_ratings \
                    sessions sources turns";
    assert_eq!(database.texts(list).await.join(" "), expected);
}
