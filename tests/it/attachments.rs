//! Files that visitors send along: what is taken, who may read it, and that nothing of it stays.

use std::path::{Path, PathBuf};
use std::time::Duration;

use http::Method;
use natter_mock_provider::MockProvider;
use natter_shared::attachment::AttachmentView;
use natter_shared::message::Author;
use serde_json::{Value, json};

use crate::harness::{
    Answer, Call, Database, Server, Setup, Visitor, file, on_both, shop, with_models,
};

on_both!(
    a_file_is_uploaded_sent_and_read_by_its_session_and_the_owner_only,
    what_a_file_is_its_bytes_say_and_nothing_else,
    a_file_that_is_too_large_is_refused_announced_or_not,
    without_the_owners_word_nothing_is_taken,
    a_message_takes_its_files_exactly_once,
    a_file_that_was_not_sent_can_be_deleted_and_goes_after_a_day,
    deleting_a_conversation_leaves_nothing_on_disk,
    retention_deletes_the_bytes_too,
    there_is_only_so_much_room,
    transcripts_name_the_files,
    a_file_may_be_sent_without_words_but_nothing_at_all_may_not,
    a_model_reads_texts_and_sees_pictures_where_it_can,
    bytes_that_could_not_be_deleted_are_deleted_later,
    an_upload_that_breaks_off_leaves_nothing,
);

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on";
const TEXT: &[u8] = "Order 4711: one teapot, größe M.".as_bytes();

/// `part` is added to what the owner says of attachments.
fn with_attachments(text: &str, part: &str) -> String {
    let attachments = format!("[chatbots.attachments]\nenabled = true\n{part}\n");
    text.replace("[chatbots.persona]\n", &format!("{attachments}[chatbots.persona]\n"))
}

async fn start(database: &Database, part: &str) -> Server {
    let setup = Setup::at_a_fixed_time();
    Server::with(database, Setup { file: Some(with_attachments(&shop(), part)), ..setup }).await
}

fn upload(visitor: &Visitor, name: &'static str, bytes: &'static [u8]) -> Call {
    let call = visitor.call(Method::POST, "/attachments").header("x-file-name", name);
    call.body("application/octet-stream", bytes)
}

async fn uploaded(visitor: &Visitor, name: &'static str, bytes: &'static [u8]) -> AttachmentView {
    upload(visitor, name, bytes).send().await.typed(201)
}

async fn send(visitor: &Visitor, key: &str, files: &[&AttachmentView]) -> Answer {
    let ids: Vec<String> = files.iter().map(|file| file.attachment_id.to_string()).collect();
    let body = json!({ "message": "What is this?", "client_message_id": key, "attachments": ids });
    visitor.post("/messages", &body).send().await
}

fn one(visitor: &Visitor, method: Method, file: &AttachmentView) -> Call {
    visitor.call(method, &format!("/attachments/{}", file.attachment_id))
}

/// Everything below the folder of the files.
fn on_disk(database: &Database) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            }
            found.push(path);
        }
    }
    let mut found = Vec::new();
    walk(&database.folder().join("files"), &mut found);
    found
}

async fn a_file_is_uploaded_sent_and_read_by_its_session_and_the_owner_only(database: &Database) {
    let server = start(database, "").await;
    let visitor = server.visitor("shop").await;
    let extras = server.handshake("shop").await.data.natter.unwrap();
    let rules = extras.attachments.unwrap();
    assert_eq!((rules.max_bytes, rules.max_files), (10_000_000, 5));
    let view = uploaded(&visitor, "C%3A%5CGr%C3%B6%C3%9Fe.png", PNG).await;
    assert_eq!((view.name.as_str(), view.media_type.as_str()), ("Größe.png", "image/png"));
    let path = format!("/v1/public/sessions/{}/attachments/{}", visitor.id(), view.attachment_id);
    assert_eq!((view.bytes, &view.url), (PNG.len() as u64, &path));
    send(&visitor, "k1", &[&view]).await.expect(200);
    let messages = visitor.snapshot().await.messages;
    let question = messages.iter().find(|message| message.author == Author::Visitor).unwrap();
    assert_eq!(question.attachments, std::slice::from_ref(&view));

    let read = one(&visitor, Method::GET, &view).send().await;
    assert_eq!((read.status, &read.body[..]), (200, PNG));
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-disposition", "inline; filename*=UTF-8''Gr%C3%B6%C3%9Fe.png"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(read.header(name), Some(value), "{name}");
    }
    let owner = server.wire.get(&path).bearer(server.key("server")).send().await;
    assert_eq!((owner.status, &owner.body[..]), (200, PNG));
    server.wire.get(&path).bearer(server.key("free only")).send().await.refused(404, "not_found");
    server.wire.get(&path).send().await.refused(401, "credential_missing");
    // Another visitor has a session, and no more.
    let other = server.visitor("shop").await;
    one(&other, Method::GET, &view).send().await.refused(404, "not_found");
    one(&other, Method::DELETE, &view).send().await.refused(404, "not_found");
    send(&other, "k1", &[&view]).await.refused(422, "invalid_field");
    let text = uploaded(&visitor, "a.html", TEXT).await;
    let read = one(&visitor, Method::GET, &text).send().await;
    assert_eq!(read.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(read.header("content-disposition").unwrap().starts_with("attachment; "));
}

async fn what_a_file_is_its_bytes_say_and_nothing_else(database: &Database) {
    let server = start(database, "media_types = [\"image/png\", \"text/plain\"]").await;
    let visitor = server.visitor("shop").await;
    for bytes in [
        &b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..],
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"MZ\x90\0\x03\0\0\0",
        b"\x7fELF\x02\x01\x01\0",
        b"#!/bin/sh\necho",
        b"%PDF-1.7\n",
        b"caf\xe9",
        b"",
    ] {
        let call = upload(&visitor, "picture.png", bytes).header("content-type", "image/png");
        let refused = call.send().await.refused(415, "attachment_type");
        assert!(refused["detail"].as_str().unwrap().contains("image/png, text/plain"), "{refused}");
    }
    // What is text in its first pieces must be text to its end.
    let long: &'static [u8] =
        Box::leak([b"a".repeat(20_000), b"\xff".to_vec()].concat().into_boxed_slice());
    upload(&visitor, "a.txt", long).send().await.refused(415, "attachment_type");
    let half: &'static [u8] = "ü".as_bytes().split_at(1).0;
    upload(&visitor, "a.txt", half).send().await.refused(415, "attachment_type");
    assert_eq!(uploaded(&visitor, "a.exe", PNG).await.media_type, "image/png");
    assert_eq!(database.number("select count(*) from attachments").await, 1);
    assert_eq!(on_disk(database).len(), 2, "a folder with one file");
}

async fn a_file_that_is_too_large_is_refused_announced_or_not(database: &Database) {
    let server = start(database, "max_bytes = 20000").await;
    let visitor = server.visitor("shop").await;
    let large: &'static [u8] = Box::leak(b"a".repeat(20_001).into_boxed_slice());
    let announced = upload(&visitor, "a.txt", large).header("content-length", "20001");
    for call in [announced, upload(&visitor, "a.txt", large)] {
        let refused = call.send().await.refused(413, "attachment_too_large");
        assert!(refused["detail"].as_str().unwrap().contains("20000 bytes"), "{refused}");
    }
    uploaded(&visitor, "a.txt", &large[..20_000]).await;
    assert_eq!(on_disk(database).len(), 2);
}

async fn without_the_owners_word_nothing_is_taken(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    upload(&visitor, "a.png", PNG).send().await.refused(403, "attachments_off");
    let none = format!("att_{}", "0".repeat(32));
    let body = json!({ "message": "Hello", "attachments": [none] });
    visitor.post("/messages", &body).send().await.refused(403, "attachments_off");
    assert!(server.handshake("shop").await.data.natter.unwrap().attachments.is_none());
    assert!(on_disk(database).is_empty());
    for part in ["media_types = [\"image/svg+xml\"]", "max_files = 6", "max_bytes = 0", "size = 1"]
    {
        let error = file(&server.service, &with_attachments(&shop(), part)).await.unwrap_err();
        assert!(error.contains("natter.toml:"), "{error}");
    }
}

async fn a_message_takes_its_files_exactly_once(database: &Database) {
    let server = start(database, "max_files = 2").await;
    let visitor = server.visitor("shop").await;
    let (png, text) =
        (uploaded(&visitor, "a.png", PNG).await, uploaded(&visitor, "b.txt", TEXT).await);
    let first = send(&visitor, "k1", &[&png]).await.expect(200);
    assert_eq!(send(&visitor, "k1", &[&png]).await.expect(200)["turn_id"], first["turn_id"]);
    for others in [&[][..], &[&text], &[&png, &text]] {
        send(&visitor, "k1", others).await.refused(409, "client_message_id_reused");
    }
    let questions = "select count(*) from messages where author = 'visitor'";
    assert_eq!(database.number(questions).await, 1);
    // A file is of one message, once; what is refused has not used the others up.
    send(&visitor, "k2", &[&text, &png]).await.refused(422, "invalid_field");
    send(&visitor, "k2", &[&text, &text]).await.refused(422, "invalid_field");
    let third = uploaded(&visitor, "c.txt", TEXT).await;
    let fourth = uploaded(&visitor, "d.txt", TEXT).await;
    send(&visitor, "k2", &[&text, &third, &fourth]).await.refused(422, "invalid_field");
    assert_eq!(database.number(questions).await, 1);
    send(&visitor, "k2", &[&text, &third]).await.expect(200);
    one(&visitor, Method::DELETE, &text).send().await.refused(409, "attachment_sent");
    assert_eq!(one(&visitor, Method::GET, &text).send().await.status, 200);
}

async fn a_file_that_was_not_sent_can_be_deleted_and_goes_after_a_day(database: &Database) {
    let server = start(database, "").await;
    let visitor = server.visitor("shop").await;
    let view = uploaded(&visitor, "a.png", PNG).await;
    assert_eq!(one(&visitor, Method::DELETE, &view).send().await.status, 204);
    one(&visitor, Method::DELETE, &view).send().await.refused(404, "not_found");
    one(&visitor, Method::GET, &view).send().await.refused(404, "not_found");
    assert!(on_disk(database).is_empty());

    let (sent, unsent) =
        (uploaded(&visitor, "a.png", PNG).await, uploaded(&visitor, "b.png", PNG).await);
    send(&visitor, "k", &[&sent]).await.expect(200);
    server.clock.advance(Duration::from_hours(24));
    assert_eq!(server.service.sweep_files().await.unwrap(), 0);
    server.clock.advance(Duration::from_secs(1));
    assert_eq!(server.service.sweep_files().await.unwrap(), 1);
    let unsent = format!("{:032x}", unsent.attachment_id.as_u128());
    let left = on_disk(database);
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(!left.iter().any(|path| path.ends_with(&unsent)), "{left:?}");
    assert_eq!(database.number("select count(*) from attachments").await, 1);
}

async fn deleting_a_conversation_leaves_nothing_on_disk(database: &Database) {
    let server = start(database, "").await;
    let (visitor, other) = (server.visitor("shop").await, server.visitor("shop").await);
    let sent = uploaded(&visitor, "a.png", PNG).await;
    uploaded(&visitor, "b.txt", TEXT).await;
    let others = uploaded(&other, "c.txt", TEXT).await;
    send(&visitor, "k", &[&sent]).await.expect(200);
    assert_eq!(visitor.call(Method::DELETE, "").send().await.status, 204);
    assert_eq!(database.number("select count(*) from attachments").await, 1);
    assert_eq!(on_disk(database).len(), 2, "only the other's");
    assert_eq!(one(&other, Method::GET, &others).send().await.status, 200);
    assert_eq!(other.call(Method::DELETE, "").send().await.status, 204);
    assert!(on_disk(database).is_empty());
}

async fn retention_deletes_the_bytes_too(database: &Database) {
    let server = start(database, "").await;
    let visitor = server.visitor("shop").await;
    uploaded(&visitor, "a.png", PNG).await;
    server.clock.advance(Duration::from_hours(31 * 24));
    assert_eq!(server.service.erase_expired().await.unwrap(), 1);
    assert!(on_disk(database).is_empty());
    assert_eq!(database.number("select count(*) from file_removals").await, 1);
    server.clock.advance(Duration::from_hours(2));
    server.service.sweep_files().await.unwrap();
    assert_eq!(database.number("select count(*) from file_removals").await, 0);
}

async fn there_is_only_so_much_room(database: &Database) {
    let part = "max_bytes = 40\nsession_bytes = 80\ntotal_bytes = 120";
    let server = start(database, part).await;
    let (one_visitor, other) = (server.visitor("shop").await, server.visitor("shop").await);
    uploaded(&one_visitor, "a", TEXT).await;
    uploaded(&one_visitor, "b", TEXT).await;
    upload(&one_visitor, "c", TEXT).send().await.refused(409, "attachment_quota");
    let view = uploaded(&other, "a", TEXT).await;
    upload(&other, "b", TEXT).send().await.refused(409, "attachment_quota");
    assert_eq!(one(&other, Method::DELETE, &view).send().await.status, 204);
    uploaded(&other, "b", TEXT).await;
}

async fn transcripts_name_the_files(database: &Database) {
    let server = start(database, "").await;
    let visitor = server.visitor("shop").await;
    let view = uploaded(&visitor, "order.txt", TEXT).await;
    send(&visitor, "k", &[&view]).await.expect(200);
    for format in ["txt", "md", "html", "json"] {
        let transcript = visitor.get(&format!("/transcript?format={format}")).send().await;
        assert!(transcript.text().contains("order.txt"), "{format}: {}", transcript.text());
    }
    let events = visitor.get("/events").send().await.expect(200);
    assert_eq!(events["events"][0]["message"]["attachments"][0]["name"], "order.txt");
}

async fn a_file_may_be_sent_without_words_but_nothing_at_all_may_not(database: &Database) {
    let server = start(database, "").await;
    let visitor = server.visitor("shop").await;
    visitor.question(" ").send().await.refused(422, "invalid_field");
    let other = uploaded(&server.visitor("shop").await, "another.txt", TEXT).await;
    let ask = |files: &[&AttachmentView]| {
        let ids: Vec<String> = files.iter().map(|file| file.attachment_id.to_string()).collect();
        visitor.post("/messages", &json!({ "message": " ", "attachments": ids }))
    };
    ask(&[&other]).send().await.refused(422, "invalid_field");
    let (png, text) =
        (uploaded(&visitor, "a.png", PNG).await, uploaded(&visitor, "b.txt", TEXT).await);
    ask(&[&png, &text]).send().await.expect(200);
    let messages = visitor.snapshot().await.messages;
    let shown = messages.iter().find(|message| message.author == Author::Visitor).unwrap();
    assert_eq!((shown.text.as_str(), shown.attachments.len()), ("", 2));
    let transcript = async |format: &str| {
        visitor.get(&format!("/transcript?format={format}")).send().await.text().to_owned()
    };
    let (plain, page) = (transcript("txt").await, transcript("html").await);
    assert!(plain.contains("You:\n  (file) a.png (") && page.contains("<li>a.png ("), "{plain}");
    assert!(!page.contains("<p dir=\"auto\"></p>"), "{page}");
    assert!(transcript("md").await.contains("UTC\n\n\n- File: `a.png` ("));
}

/// What the provider was sent last, as the visitor's part of it.
fn asked(provider: &MockProvider) -> Value {
    let sent = provider.last_request().unwrap();
    sent["messages"].as_array().unwrap().last().unwrap()["content"].clone()
}

async fn a_model_reads_texts_and_sees_pictures_where_it_can(database: &Database) {
    let provider = MockProvider::start().await;
    let models = with_models(&provider, &["cite", "cite"]);
    let models = models
        .replace("name = \"Model\"\n", "name = \"Model\"\nattachments = { enabled = true }\n");
    let (first, second) = models.split_at(models.rfind("answerer = { ").unwrap());
    let models =
        format!("{first}{}", second.replacen("answerer = { ", "answerer = { vision = true, ", 1));
    let server = Server::with(database, Setup { file: Some(models), ..Setup::default() }).await;
    let blind = server.visitor("llm-0").await;
    let (png, text) = (uploaded(&blind, "a.png", PNG).await, uploaded(&blind, "b.txt", TEXT).await);
    send(&blind, "k1", &[&png, &text]).await.expect(200);
    let content = asked(&provider);
    let words = content.as_str().unwrap();
    assert!(
        words.contains(
            "<file name=\"b.txt\" type=\"text/plain\">\nOrder 4711: one teapot, größe M.\n</file>"
        ),
        "{words}"
    );
    assert!(
        words.contains("<file name=\"a.png\" type=\"image/png\" content=\"not given\"></file>"),
        "{words}"
    );
    // What was sent may be asked about later.
    blind.ask("How large is the teapot?").await;
    assert!(asked(&provider).as_str().unwrap().contains("Order 4711"), "{}", asked(&provider));
    let seeing = server.visitor("llm-1").await;
    let png = uploaded(&seeing, "a.png", PNG).await;
    send(&seeing, "k1", &[&png]).await.expect(200);
    let content = asked(&provider);
    assert!(content[0]["text"].as_str().unwrap().contains("a picture that follows"), "{content}");
    let url = content[1]["image_url"]["url"].as_str().unwrap();
    assert!(url.starts_with("data:image/png;base64,iVBORw0KGgo"), "{url}");
    // Without words it is told so, and spoken of by its name later.
    let cup = uploaded(&seeing, "cup.png", PNG).await;
    let body = json!({ "message": "", "attachments": [cup.attachment_id.to_string()] });
    seeing.post("/messages", &body).send().await.expect(200);
    let content = asked(&provider);
    let words = content[0]["text"].as_str().unwrap();
    assert!(words.ends_with("without words.\n</question>"), "{words}");
    seeing.ask("Is it blue?").await;
    let sent = provider.last_request().unwrap();
    let said = |message: &Value| message["role"] == "user" && message["content"] == "cup.png";
    assert!(sent["messages"].as_array().unwrap().iter().any(said), "{sent}");
}

async fn bytes_that_could_not_be_deleted_are_deleted_later(database: &Database) {
    let server = start(database, "").await;
    let visitor = server.visitor("shop").await;
    uploaded(&visitor, "a.png", PNG).await;
    // A crash between the commit and the deletion leaves the bytes, and the note that they must go.
    let (files, aside) = (database.folder().join("files"), database.folder().join("aside"));
    std::fs::rename(&files, &aside).unwrap();
    std::fs::create_dir(&files).unwrap();
    assert_eq!(visitor.call(Method::DELETE, "").send().await.status, 204);
    std::fs::remove_dir(&files).unwrap();
    std::fs::rename(&aside, &files).unwrap();
    assert_eq!(on_disk(database).len(), 2);
    server.service.sweep_files().await.unwrap();
    assert!(on_disk(database).is_empty());
}

async fn an_upload_that_breaks_off_leaves_nothing(database: &Database) {
    use futures_util::StreamExt as _;
    use natter_server::service::{Credential, OriginProof, Purpose, Upload};

    let server = start(database, "").await;
    let visitor = server.plain("shop").await;
    let proof = OriginProof::default();
    let access =
        server.service.access(&visitor.address, &Credential::None, &proof, Purpose::Converse);
    let access = access.await.unwrap();
    // More than one part of a file, so that some of it has been written.
    let piece = |_| Ok(bytes::Bytes::from(vec![b'a'; 1_000_000]));
    let lost = [Err(std::io::ErrorKind::ConnectionReset.into())];
    let pieces = futures_util::stream::iter((0..6).map(piece).chain(lost)).boxed();
    let upload = Upload { name: None, length: None, pieces };
    assert!(server.service.upload(&access, upload).await.is_err());
    assert_eq!(database.number("select count(*) from attachments").await, 0);
    assert!(on_disk(database).iter().all(|path| path.is_dir()), "{:?}", on_disk(database));
    let pieces = futures_util::stream::iter((0..6).map(piece)).boxed();
    let upload = Upload { name: None, length: None, pieces };
    assert_eq!(server.service.upload(&access, upload).await.unwrap().bytes, 6_000_000);
}
