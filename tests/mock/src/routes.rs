//! The routes: completions, models and, for the binary, the statistics.

use std::io;
use std::iter::Peekable;

use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};

use crate::behaviour::{Behaviour, RetryHint};
use crate::script::{self, PLANTED_SECRET};
use crate::stats::{Flight, Recorder, Stats};
use crate::wire::{self, Step, Steps};

/// All routes of the mock.
pub(crate) fn router(recorder: Recorder) -> Router {
    Router::new()
        .route("/v1/chat/completions", post(completions))
        .route("/v1/models", get(models))
        .route("/_stats", get(stats))
        .with_state(recorder)
}

async fn models() -> Json<Value> {
    let model = |id| json!({ "id": id, "object": "model", "created": 1, "owned_by": "mock" });
    Json(json!({ "object": "list", "data": Behaviour::NAMES.map(model).to_vec() }))
}

async fn stats(State(recorder): State<Recorder>) -> Json<Stats> {
    Json(recorder.snapshot())
}

async fn completions(
    State(recorder): State<Recorder>,
    headers: HeaderMap,
    Json(request): Json<Value>,
) -> Response {
    let authorization =
        headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let model = request["model"].as_str().unwrap_or_default();
    let flight = recorder.begin(request.clone(), authorization);
    let Ok(behaviour) = model.parse::<Behaviour>() else {
        return refuse(
            flight,
            StatusCode::NOT_FOUND,
            error("no such model", "model_not_found"),
            &[],
        );
    };
    match behaviour {
        Behaviour::Error(status, hint) => refuse_with(flight, status, hint),
        Behaviour::Flaky(status) if recorder.first_time(model) => {
            refuse_with(flight, status, RetryHint::None)
        }
        Behaviour::TooLong => {
            refuse(flight, StatusCode::BAD_REQUEST, error("prompt", "context_length_exceeded"), &[])
        }
        Behaviour::TooLongMessage => {
            let message =
                "This model's maximum context length is 4096 tokens; the request has 9000";
            refuse(flight, StatusCode::BAD_REQUEST, error(message, "400"), &[])
        }
        Behaviour::Redirect => {
            let elsewhere = [("location", "/v1/models".to_owned())];
            refuse(flight, StatusCode::TEMPORARY_REDIRECT, error("moved", "moved"), &elsewhere)
        }
        _ => answer(flight, behaviour, request).await,
    }
}

async fn answer(flight: Flight, behaviour: Behaviour, request: Value) -> Response {
    let pieces = script::pieces(behaviour, &request);
    let streamed = request["stream"] == true && behaviour != Behaviour::Json;
    let steps = if streamed {
        wire::stream(behaviour, request, pieces)
    } else {
        wire::json_body(&request, &pieces)
    };
    let mut steps = steps.peekable();
    // Most begin to stall, if they do, behind their headers; these two even before.
    match (behaviour, steps.peek()) {
        (Behaviour::Hang, _) => {
            let _flight = flight;
            return std::future::pending().await;
        }
        (Behaviour::Late(_), Some(Step::Pause(pause))) => {
            tokio::time::sleep(*pause).await;
            steps.next();
        }
        _ => {}
    }
    let content_type = match behaviour {
        Behaviour::Html => "text/html; charset=utf-8",
        _ if streamed => "text/event-stream; charset=utf-8",
        _ => "application/json",
    };
    ([(header::CONTENT_TYPE, content_type)], play(flight, steps)).into_response()
}

/// A body that does one step after the other, and knows whether it came to its end.
fn play(flight: Flight, steps: Peekable<Steps>) -> Body {
    Body::from_stream(stream::unfold((flight, steps), |(mut flight, mut steps)| async move {
        loop {
            if let Some(Step::Comments(pause)) = steps.peek() {
                tokio::time::sleep(*pause).await;
                return Some((Ok(Bytes::from_static(b": still here\n\n")), (flight, steps)));
            }
            match steps.next() {
                Some(Step::Send(bytes)) => return Some((Ok(bytes), (flight, steps))),
                Some(Step::Pause(pause)) => tokio::time::sleep(pause).await,
                Some(Step::Hang | Step::Comments(_)) => std::future::pending().await,
                Some(Step::Cut) => {
                    flight.finish();
                    // What was sent so far must be on its way, or the client would see nothing of it.
                    tokio::task::yield_now().await;
                    return Some((Err(io::Error::other("cut, as asked for")), (flight, steps)));
                }
                None => {
                    flight.finish();
                    return None;
                }
            }
        }
    }))
}

fn refuse_with(flight: Flight, status: u16, hint: RetryHint) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = match (status.as_u16(), hint) {
        (429 | 503, RetryHint::Seconds) => vec![("retry-after", "7".to_owned())],
        (429 | 503, RetryHint::Milliseconds) => {
            vec![("retry-after-ms", "1500".to_owned()), ("retry-after", "2".to_owned())]
        }
        (429 | 503, RetryHint::Date) => vec![
            ("date", "Thu, 01 Jan 2026 00:00:00 GMT".to_owned()),
            ("retry-after", "Thu, 01 Jan 2026 00:00:30 GMT".to_owned()),
        ],
        _ => Vec::new(),
    };
    refuse(flight, status, error("refused, as asked for", "mock_error"), &headers)
}

fn refuse(
    mut flight: Flight,
    status: StatusCode,
    body: Value,
    headers: &[(&'static str, String)],
) -> Response {
    flight.finish();
    let mut response = (status, [("x-request-id", PLANTED_SECRET)], Json(body)).into_response();
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(*name, value);
        }
    }
    response
}

fn error(message: &str, code: &str) -> Value {
    let message = format!("{message}; key {PLANTED_SECRET}");
    json!({ "error": { "message": message, "type": "invalid_request_error", "param": null, "code": code } })
}
