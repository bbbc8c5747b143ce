//! The floor: passes a provider's stream through and does nothing else.

use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;

struct Upstream {
    client: reqwest::Client,
    url: String,
}

/// Serves on a free port, whose address it prints.
pub(crate) async fn serve(provider: &str) -> Result<()> {
    let url = format!("{}/chat/completions", provider.trim_end_matches('/'));
    let upstream = Arc::new(Upstream { client: crate::load::client()?, url });
    let router = Router::new().route("/chat", post(pass)).with_state(upstream);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    crate::report::say(&format!("http://{}", listener.local_addr()?));
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
