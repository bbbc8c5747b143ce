//! Files in a bucket: what a folder does (see `attachments`), an S3-compatible store does too.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt as _;
use http::{Method, StatusCode, header};
use natter_server::clock::Clock;
use natter_server::files::Files;
use natter_shared::id::{AttachmentId, SessionId};
use tokio::net::TcpListener;

/// What a bucket holds, by key.
type Bucket = Arc<Mutex<BTreeMap<String, Bytes>>>;

/// As much of S3 as a store of files needs, for callers who sign.
async fn s3(State(bucket): State<Bucket>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let signed = head.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if !signed.is_some_and(|value| value.starts_with("AWS4-HMAC-SHA256 Credential=key/")) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let key = head.uri.path().trim_start_matches("/bucket").trim_start_matches('/').to_owned();
    let query = head.uri.query().unwrap_or_default();
    let mut objects = bucket.lock().unwrap();
    match (head.method, key.as_str()) {
        (Method::GET, "") => {
            let prefix = query.split('&').find_map(|part| part.strip_prefix("prefix=")).unwrap();
            let prefix = prefix.replace("%2F", "/");
            let mut list = String::from("<ListBucketResult><IsTruncated>false</IsTruncated>");
            for (key, bytes) in objects.iter().filter(|(key, _)| key.starts_with(&prefix)) {
                let size = bytes.len();
                write!(list, "<Contents><Key>{key}</Key><Size>{size}</Size><LastModified>2026-11-21T00:00:00.000Z</LastModified></Contents>").unwrap();
            }
            (list + "</ListBucketResult>").into_response()
        }
        (Method::POST, "") => {
            let body = String::from_utf8(body.to_vec()).unwrap();
            let mut gone = String::from("<DeleteResult>");
            for part in body.split("<Key>").skip(1) {
                let key = part.split("</Key>").next().unwrap();
                objects.remove(key);
                write!(gone, "<Deleted><Key>{key}</Key></Deleted>").unwrap();
            }
            (gone + "</DeleteResult>").into_response()
        }
        (Method::DELETE, key) => {
            objects.remove(key);
            StatusCode::NO_CONTENT.into_response()
        }
        (Method::PUT, key) => {
            objects.insert(key.to_owned(), body);
            ([(header::ETAG, "\"1\"")], "").into_response()
        }
        (Method::GET, key) => {
            let Some(bytes) = objects.get(key).cloned() else {
                return StatusCode::NOT_FOUND.into_response();
            };
            let mut answer = Response::builder()
                .header(header::ETAG, "\"1\"")
                .header(header::LAST_MODIFIED, "Sat, 21 Nov 2026 00:00:00 GMT");
            let range = head.headers.get(header::RANGE).map(|range| range.to_str().unwrap());
            let Some(range) = range else { return answer.body(Body::from(bytes)).unwrap() };
            let (from, to) = range.trim_start_matches("bytes=").split_once('-').unwrap();
            let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
            let to = to.min(bytes.len() - 1);
            answer = answer.status(StatusCode::PARTIAL_CONTENT);
            answer =
                answer.header(header::CONTENT_RANGE, format!("bytes {from}-{to}/{}", bytes.len()));
            answer.body(Body::from(bytes.slice(from..=to))).unwrap()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's own server, which ends with its runtime")]
async fn bucket() -> (Bucket, String) {
    let bucket = Bucket::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(s3).with_state(Arc::clone(&bucket));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (bucket, endpoint)
}

fn variables(endpoint: &str, plain: bool) -> Vec<(String, String)> {
    let mut variables = vec![
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ENDPOINT", endpoint),
        ("AWS_SOMETHING_ELSE", "that is not for us"),
    ];
    if plain {
        variables.push(("AWS_ALLOW_HTTP", "true"));
    }
    variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[tokio::test]
async fn a_bucket_keeps_files_below_its_prefix_and_gives_them_up() {
    let (bucket, endpoint) = bucket().await;
    let files = Files::open("s3://bucket/natter/files", variables(&endpoint, true)).unwrap();
    let clock = Clock::system();
    let (session, other): (SessionId, SessionId) = (clock.id(), clock.id());
    let (one, two): (AttachmentId, AttachmentId) = (clock.id(), clock.id());
    for (session, id) in [(session, one), (session, two), (other, one)] {
        let mut writing = files.write(session, id);
        for piece in ["Hello ", "bucket"] {
            writing.push(Bytes::from_static(piece.as_bytes())).await.unwrap();
        }
        writing.finish().await.unwrap();
    }
    let keys = || bucket.lock().unwrap().keys().cloned().collect::<Vec<_>>();
    let own = format!("natter/files/{:032x}/{:032x}", session.as_u128(), one.as_u128());
    assert!(keys().len() == 3 && keys().contains(&own), "{:?}", keys());
    let read: Vec<Bytes> = files.read(session, one).await.unwrap().try_collect().await.unwrap();
    assert_eq!(read.concat(), b"Hello bucket");
    assert_eq!(&files.head(session, one, 5).await.unwrap()[..], b"Hello");
    files.remove(session, one).await.unwrap();
    files.remove(session, one).await.unwrap();
    assert!(files.read(session, one).await.is_err_and(|error| error.is_missing()));
    files.remove_all(session).await.unwrap();
    assert_eq!(keys(), [format!("natter/files/{:032x}/{:032x}", other.as_u128(), one.as_u128())]);
}

#[tokio::test]
async fn a_bucket_without_tls_needs_the_operators_word() {
    let (bucket, endpoint) = bucket().await;
    let files = Files::open("s3://bucket", variables(&endpoint, false)).unwrap();
    let clock = Clock::system();
    let mut writing = files.write(clock.id(), clock.id());
    writing.push(Bytes::from_static(b"Hello")).await.unwrap();
    assert!(writing.finish().await.is_err());
    assert!(bucket.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_address_that_cannot_work_is_refused_at_once() {
    for url in ["", "files", "ftp://host/files", "file://host/files", "s3://"] {
        assert!(Files::open(url, Vec::new()).is_err(), "{url}");
    }
}
