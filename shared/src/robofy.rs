//! Robofy's chat calls and its error envelope. Unknown request fields are ignored here, as its clients expect.

use serde::{Deserialize, Serialize};

/// `POST /v1/ai-agent/chat` and `POST /v1/ai-agent/chat/stream`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChatRequest {
    /// The question.
    pub query: String,
    /// Project number, as text.
    pub pid: String,
    /// Public id of the chatbot; it must belong to the project.
    pub chatbot_id: String,
    /// Where the question comes from.
    pub user_context: UserContext,
}

/// Where a question comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserContext {
    /// The session to go on with; a new one is opened when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// `web`.
    pub platform: String,
}

/// The answer of the call that does not stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChatResponse {
    /// `Success`.
    pub message: String,
    /// Content.
    pub data: ChatAnswer,
}

/// Content of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChatAnswer {
    /// The answer as Markdown.
    pub answer: String,
    /// The session to send with the next question.
    pub session_id: String,
}

/// The error envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// A short text.
    pub message: String,
    /// The machine's part.
    pub error: ErrorDetail,
}

/// Code and sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorDetail {
    /// For instance `BAD_REQUEST` or `ORIGIN_NOT_ALLOWED`.
    pub code: String,
    /// One sentence that says what to do.
    pub detail: String,
}
