//! The floor: passes a provider's stream through and does nothing else, and shakes hands with the least that a
//! handshake can be: JSON in, the origin checked, a signed token out.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::serve::ListenerExt as _;
use axum::{Json, Router};
use jsonwebtoken::{EncodingKey, Header, encode};
use natter_shared::handshake::HandshakeRequest;
use serde_json::json;
use url::Url;

struct Upstream {
    client: reqwest::Client,
    url: String,
    key: EncodingKey,
    origin: url::Origin,
}

/// Serves on a free port, whose address it prints.
pub(crate) async fn serve(provider: &str) -> Result<()> {
    let upstream = Arc::new(Upstream {
        client: crate::load::client()?,
        url: format!("{}/chat/completions", provider.trim_end_matches('/')),
        key: EncodingKey::from_secret(&[7; 32]),
        origin: Url::parse(crate::handshake::ORIGIN)?.origin(),
    });
    let router = Router::new()
        .route("/chat", post(pass))
        .route("/handshake", post(shake))
        .with_state(upstream);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    crate::report::say(&format!("http://{}", listener.local_addr()?));
    let listener = listener.tap_io(|connection| {
        // Where it cannot be set, small pieces come a little later.
        let _ = connection.set_nodelay(true);
    });
    axum::serve(listener, router).await?;
    Ok(())
}

async fn pass(State(upstream): State<Arc<Upstream>>, body: String) -> Response {
    let asked = upstream
        .client
        .post(&upstream.url)
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await;
    let answer = match asked {
        Ok(answer) => Response::builder()
            .header("content-type", "text/event-stream")
            .body(Body::from_stream(answer.bytes_stream())),
        Err(_) => Response::builder().status(502).body(Body::empty()),
    };
    answer.unwrap_or_default()
}

async fn shake(
    State(upstream): State<Arc<Upstream>>,
    headers: HeaderMap,
    Json(request): Json<HandshakeRequest>,
) -> Response {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let Some(origin) = origin.and_then(|origin| Url::parse(origin).ok()).map(|url| url.origin())
    else {
        return StatusCode::FORBIDDEN.into_response();
    };
    if origin != upstream.origin {
        return StatusCode::FORBIDDEN.into_response();
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let claims = json!({
        "aud": "natter-widget", "iat": now, "exp": now + 900,
        "org": origin.ascii_serialization(), "bots": [request.chatbot_id],
    });
    match encode(&Header::default(), &claims, &upstream.key) {
        Ok(token) => Json(json!({ "data": { "token": token } })).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
