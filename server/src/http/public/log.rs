//! The session log and the transcript.

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use natter_shared::event::EventPage;
use natter_shared::problem::Problem;
use serde::Deserialize;

use crate::http::auth::{FollowAccess, KeepAccess};
use crate::http::error::{ApiError, BadRequest};
use crate::service::{Service, TranscriptFormat};

/// Where to begin.
#[derive(Debug, Deserialize)]
pub(in crate::http) struct After {
    #[serde(default)]
    after: i64,
}

/// What happened in the session after event number `after`.
#[utoipa::path(get, path = "/v1/public/sessions/{session_id}/events", tag = "public",
    params(
        ("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`"),
        ("after" = Option<i64>, Query, description = "Number of the last event that is known; 0 for all"),
    ),
    responses(
        (status = 200, body = EventPage),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn events(
    State(service): State<Service>,
    FollowAccess(access): FollowAccess,
    query: Result<Query<After>, axum::extract::rejection::QueryRejection>,
) -> Result<axum::Json<EventPage>, ApiError> {
    let Query(After { after }) =
        query.map_err(|_| wrong_query("after", "after must be a number; send it like after=7"))?;
    Ok(axum::Json(service.events(&access, after).await?))
}

/// Which format.
#[derive(Debug, Deserialize)]
pub(in crate::http) struct Format {
    format: Option<String>,
}

/// The conversation as a file.
#[utoipa::path(get, path = "/v1/public/sessions/{session_id}/transcript", tag = "public",
    params(
        ("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`"),
        ("format" = Option<String>, Query, description = "`txt` (default), `md`, `json` or `html`"),
    ),
    responses(
        (status = 200, content((String = "text/plain"), (String = "text/markdown"), (String = "text/html"),
            (natter_shared::session::SessionFile = "application/json"))),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn transcript(
    State(service): State<Service>,
    KeepAccess(access): KeepAccess,
    Query(Format { format }): Query<Format>,
) -> Result<Response, ApiError> {
    let word = format.as_deref().unwrap_or("txt");
    let format = TranscriptFormat::parse(word).ok_or_else(|| {
        wrong_query("format", "format must be txt, md, json or html; send one of them")
    })?;
    let transcript = service.transcript(&access, format).await?;
    let disposition = format!("attachment; filename=\"{}\"", transcript.file_name);
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned(),
        ),
    ];
    Ok((headers, transcript.body).into_response())
}

fn wrong_query(field: &str, detail: &str) -> ApiError {
    BadRequest {
        status: axum::http::StatusCode::UNPROCESSABLE_ENTITY,
        code: "invalid_field",
        title: "Invalid field",
        detail: detail.into(),
        field: Some(field.into()),
    }
    .into()
}
