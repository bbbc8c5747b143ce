//! What an operator needs: health, and the first account.

use std::process::Stdio;

use secrecy::SecretString;
use tokio::io::AsyncWriteExt as _;

use crate::harness::{Database, Process, Server, Setup, natter, on_both};

on_both!(
    a_live_server_says_so_to_any_page,
    a_server_without_its_database_is_alive_and_not_ready,
    a_call_without_a_database_is_told_to_come_back,
    a_second_server_over_the_same_database_is_refused,
    the_first_account_owns_the_organization_and_its_password_is_hashed,
    an_address_that_is_taken_or_none_is_refused,
    the_command_makes_an_account_with_a_password_from_standard_input,
);

async fn a_live_server_says_so_to_any_page(database: &Database) {
    let server = Server::start(database).await;
    let live = server.wire.get("/health/live").origin("https://any.example").send().await;
    assert_eq!(live.expect(200)["status"], "ok");
    assert_eq!(live.readable_by(), Some("*"));
    assert_eq!(server.wire.get("/health/ready").send().await.expect(200)["status"], "ok");
}

async fn a_server_without_its_database_is_alive_and_not_ready(database: &Database) {
    let server = Server::start(database).await;
    server.service.shut_down(std::time::Duration::ZERO).await;
    server.wire.get("/health/live").send().await.expect(200);
    let answer = server.wire.get("/health/ready").send().await;
    answer.refused(503, "unavailable");
    assert_eq!(answer.header("retry-after"), Some("2"));
}

async fn a_call_without_a_database_is_told_to_come_back(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    server.service.shut_down(std::time::Duration::ZERO).await;
    let answer = visitor.question("Hello").send().await;
    let problem = answer.refused(503, "unavailable");
    assert_eq!(answer.header("retry-after"), Some("2"));
    assert!(!problem.to_string().contains("sql"), "{problem}");
}

async fn a_second_server_over_the_same_database_is_refused(database: &Database) {
    let server = Server::start(database).await;
    let refused = natter(database, &["serve", "--listen", "127.0.0.1:0"]).output().await.unwrap();
    let error = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{error}");
    assert!(error.contains("another server uses this database"), "{error}");
    server.end().await;
    Process::serve(database).await.kill().await;
    // A server that was killed holds nothing back.
    Process::serve(database).await;
}

fn password(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

async fn the_first_account_owns_the_organization_and_its_password_is_hashed(database: &Database) {
    let server = Server::with(database, Setup { file: None, ..Setup::default() }).await;
    let good = password("correct horse battery");
    let account = server.service.create_admin(" Ada@Shop.Example ", &good).await.unwrap();
    assert!(account.to_string().starts_with("acc_"));
    assert_eq!(database.texts("select email from accounts").await, ["ada@shop.example"]);
    let hash = database.texts("select password_hash from accounts").await.remove(0);
    assert!(hash.starts_with("$argon2id$v=19$"), "{hash}");
    assert!(!hash.contains("correct"), "{hash}");
    let owner = "select count(*) from members m join organizations o on o.id = m.organization_id \
                 where m.role = 'owner'";
    assert_eq!(database.number(owner).await, 1);
}

async fn an_address_that_is_taken_or_none_is_refused(database: &Database) {
    let server = Server::start(database).await;
    let good = "correct horse battery";
    server.service.create_admin("ada@shop.example", &password(good)).await.unwrap();
    for (email, secret, said) in [
        ("ada@shop.example", good, "exists already"),
        ("ADA@shop.example", good, "exists already"),
        ("ada", good, "e-mail address"),
        ("bob@shop.example", "short", "at least 10"),
    ] {
        let refused = server.service.create_admin(email, &password(secret)).await.unwrap_err();
        assert!(refused.to_string().contains(said), "{refused}");
    }
    assert_eq!(database.number("select count(*) from accounts").await, 1);
}

async fn the_command_makes_an_account_with_a_password_from_standard_input(database: &Database) {
    let run = async || {
        let mut command = natter(database, &["admin", "create", "--email", "ada@shop.example"]);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(b"correct horse battery\n").await.unwrap();
        drop(input);
        child.wait_with_output().await.unwrap()
    };
    let made = run().await;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(String::from_utf8(made.stdout).unwrap().starts_with("account acc_"));
    let again = run().await;
    assert_eq!(again.status.code(), Some(1));
    let error = String::from_utf8(again.stderr).unwrap();
    assert!(error.contains("exists already") && error.lines().count() == 1, "{error}");
}
