//! Robofy's chat calls, with the handshake's token or an API key.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use natter_shared::message::Answer;
use natter_shared::robofy::{ChatAnswer, ChatRequest, ChatResponse, ErrorBody};

use crate::http::Limits;
use crate::http::address::Address;
use crate::http::auth::Claimed;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::sse::{self, SseOptions};
use crate::service::{Asked, Service};

/// Ask a question and get the answer when it is complete.
#[utoipa::path(post, path = "/v1/ai-agent/chat", tag = "widget",
    request_body = ChatRequest,
    responses(
        (status = 200, body = ChatResponse),
        (status = "4XX", body = ErrorBody, description = "400 body or consent, 401 credential, 403 or 404 chatbot"),
    ))]
pub(in crate::http) async fn ask(
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    Json(request): Json<ChatRequest>,
) -> Result<axum::Json<ChatResponse>, ApiError> {
    let asked = take(&service, &limits, address, &claimed, &request).await?;
    let answer = service.answer(&asked.reading).await?;
    Ok(axum::Json(ChatResponse {
        message: "Success".into(),
        data: ChatAnswer { answer: with_sources(answer), session_id: asked.session },
    }))
}

/// Ask a question and read the answer as it is written, as an AI SDK UI message stream.
#[utoipa::path(post, path = "/v1/ai-agent/chat/stream", tag = "widget",
    request_body = ChatRequest,
    responses(
        (status = 200, content_type = "text/event-stream", body = String),
        (status = "4XX", body = ErrorBody, description = "400 body or consent, 401 credential, 403 or 404 chatbot"),
    ))]
pub(in crate::http) async fn ask_streaming(
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    Json(request): Json<ChatRequest>,
) -> Result<Response, ApiError> {
    let asked = take(&service, &limits, address, &claimed, &request).await?;
    Ok(sse::respond(asked.reading, SseOptions { session: asked.session }))
}

/// The answer with its sources below it: this shape has no field for them.
fn with_sources(answer: Answer) -> String {
    let mut text = answer.answer;
    for (index, source) in answer.sources.iter().enumerate() {
        text.push_str(if index == 0 { "\n\n" } else { "\n" });
        let address = source.url.as_deref().unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = write!(text, "[{}] {} {address}", source.number, source.title);
    }
    text.trim_end().to_owned()
}

async fn take(
    service: &Service,
    limits: &Limits,
    address: Address,
    claimed: &Claimed,
    request: &ChatRequest,
) -> Result<Asked, ApiError> {
    if let Some(origin) = service.token_origin(&claimed.credential, &claimed.proof) {
        claimed.allowed.allow(&origin);
    }
    limits.call(address)?;
    let named = request
        .user_context
        .session_id
        .as_deref()
        .and_then(|id| id.split('.').next()?.parse().ok());
    if let Some(session) = named {
        limits.question(session)?;
    }
    Ok(service.ask(request, &claimed.credential, &claimed.proof).await?)
}
