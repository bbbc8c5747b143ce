//! The public quickstart, as Owari prints it, at `/v1` and at `/robo/v1`, and by curl over a real socket.

use serde_json::{Value, json};
use tokio::process::Command;

use crate::harness::{Database, Process, Server, natter, on_both, shop};

on_both!(
    the_printed_requests_work_under_both_base_addresses,
    every_documented_path_exists_under_the_robo_base_too,
    the_printed_curl_lines_run_against_a_real_server,
);

async fn the_printed_requests_work_under_both_base_addresses(database: &Database) {
    let server = Server::start(database).await;
    for base in ["", "/robo"] {
        let config = server.wire.get(format!("{base}/v1/public/robots/shop/config")).send().await;
        assert_eq!(config.expect(200)["consent"]["required"], true);
        let body = json!({ "visitor_label": "website visitor", "consent_accepted": true });
        let call = server.wire.post(format!("{base}/v1/public/robots/shop/sessions")).json(&body);
        let session = call.send().await.expect(201)["session_id"].as_str().unwrap().to_owned();
        let body = json!({ "message": "Can I return an umbrella?", "consent_accepted": true });
        let path = format!("{base}/v1/public/sessions/{session}/messages");
        let answer = server.wire.post(path).json(&body).send().await.expect(200);
        assert!(!answer["answer"].as_str().unwrap().is_empty());
    }
}

async fn every_documented_path_exists_under_the_robo_base_too(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.plain("shop").await;
    let session = &visitor.address;
    for path in [
        "/health/live".to_owned(),
        "/health/ready".to_owned(),
        "/v1/public/robots/shop/config".to_owned(),
        format!("/v1/public/sessions/{session}/events"),
        format!("/v1/public/sessions/{session}/transcript"),
    ] {
        assert_eq!(server.wire.get(format!("/robo{path}")).send().await.status, 200, "{path}");
    }
    let finish = format!("/robo/v1/public/sessions/{session}/finish");
    assert_eq!(server.wire.post(finish).send().await.status, 200);
}

async fn the_printed_curl_lines_run_against_a_real_server(database: &Database) {
    let path = database.folder().join("shop.toml");
    std::fs::write(&path, shop()).unwrap();
    let applied = natter(database, &["apply", path.to_str().unwrap()]).output().await.unwrap();
    assert!(applied.status.success(), "{applied:?}");
    let server = Process::serve(database).await;
    // As printed, but for the host and the slug.
    let script = r#"
set -e
curl -sS --fail "$BASE/robo/v1/public/robots/shop/config"
echo
SESSION=$(curl -sS --fail -X POST "$BASE/robo/v1/public/robots/shop/sessions" \
-H "Content-Type: application/json" \
-d '{
"visitor_label": "website visitor",
"consent_accepted": true
}')
echo "$SESSION"
SESSION_ID=$(echo "$SESSION" | sed 's/.*"session_id":"\([^"]*\)".*/\1/')
curl -sS --fail -X POST "$BASE/robo/v1/public/sessions/$SESSION_ID/messages" \
-H "Content-Type: application/json" \
-d '{
"message": "What services do you offer?",
"consent_accepted": true
}'
"#;
    let mut shell = Command::new("sh");
    let ran = shell.args(["-c", script]).env("BASE", server.base()).output().await.unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(ran.status.success(), "{said}{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(lines[0]["slug"], "shop");
    assert_eq!(lines[1]["status"], "open");
    assert_eq!(lines[2]["status"], "complete");
}
