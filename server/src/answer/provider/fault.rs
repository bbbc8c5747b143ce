//! From a provider's failures to one honest [`AnswerError`]. This is the only place that looks into an error's text,
//! and nothing of it leaves: only the question whether the prompt was too long is answered with it.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::Value;

use super::AnswerError;

/// Nobody is sent away for longer than this, whatever a provider asks for.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// How servers name a prompt that does not fit: as a code or type …
const TOO_LONG_CODES: [&str; 3] =
    ["context_length_exceeded", "exceed_context_size_error", "string_above_max_length"];

/// … or, for want of one, in their message.
const TOO_LONG_WORDS: [&str; 8] = [
    "context length",
    "context window",
    "context size",
    "maximum input length",
    "prompt is too long",
    "input is too long",
    "input token count",
    "too many input tokens",
];

/// Why the provider refused with `status`. `body` is its start, read only where the status alone does not say.
pub(super) fn refusal(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> AnswerError {
    match status.as_u16() {
        400 | 422 if says_too_long(body) => AnswerError::TooLong,
        413 => AnswerError::TooLong,
        status => of_status(status, retry_after(headers)),
    }
}

/// Whether the body of a refusal is worth reading.
pub(super) fn needs_body(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 422)
}

/// What an error object within a good stream means: its `error` field, or the whole of it as older vLLM servers wrote
/// it. Without a known code it is the provider's own failure.
pub(super) fn inband(error: &Value) -> AnswerError {
    if names_too_long(error) {
        return AnswerError::TooLong;
    }
    let word = |field: &str| error[field].as_str().unwrap_or_default();
    let status = |field: &str| match &error[field] {
        Value::Number(number) => number.as_u64().and_then(|n| u16::try_from(n).ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    match (status("code").or_else(|| status("status")), word("type"), word("code")) {
        (Some(status @ 400..=599), _, _) => of_status(status, None),
        (_, "rate_limit_error" | "rate_limit_exceeded" | "too_many_requests", _)
        | (_, _, "rate_limit_exceeded" | "rate_limit_error") => {
            AnswerError::RateLimited { retry_after: None }
        }
        (
            _,
            "invalid_request_error"
            | "authentication_error"
            | "permission_error"
            | "not_found_error",
            _,
        ) => AnswerError::Refused { status: None },
        _ => AnswerError::Unavailable { retry_after: None },
    }
}

fn of_status(status: u16, retry_after: Option<Duration>) -> AnswerError {
    match status {
        408 => AnswerError::TimedOut,
        429 => AnswerError::RateLimited { retry_after },
        500.. => AnswerError::Unavailable { retry_after },
        _ => AnswerError::Refused { status: Some(status) },
    }
}

fn says_too_long(body: &[u8]) -> bool {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return false };
    names_too_long(if body["error"].is_null() { &body } else { &body["error"] })
}

fn names_too_long(error: &Value) -> bool {
    let text = |field: &str| error[field].as_str().unwrap_or_default().to_ascii_lowercase();
    let named =
        ["code", "type"].map(text).iter().any(|name| TOO_LONG_CODES.contains(&name.as_str()));
    // `error` is sometimes the message itself.
    let message = error.as_str().map_or_else(|| text("message"), str::to_ascii_lowercase);
    named || TOO_LONG_WORDS.iter().any(|words| message.contains(words))
}

/// When the provider asked to come back: `retry-after-ms`, or `Retry-After` in seconds or as a date.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let number =
        |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    let wait = text("retry-after-ms").and_then(number).map(|ms| ms / 1000.0);
    let wait = wait.or_else(|| text(RETRY_AFTER.as_str()).and_then(number));
    if let Some(seconds) = wait {
        return Some(Duration::from_secs_f64(seconds.min(LONGEST_WAIT.as_secs_f64())));
    }
    let date = |name: &str| text(name).and_then(|date| httpdate::parse_http_date(date).ok());
    // The provider's own clock, when it tells it: ours may differ.
    let now = date(DATE.as_str()).unwrap_or_else(SystemTime::now);
    let wait = date(RETRY_AFTER.as_str())?.duration_since(now).unwrap_or_default();
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn every_way_to_say_when_to_come_back_is_understood() {
        let date = "Thu, 01 Jan 2026 00:00:00 GMT";
        for (pairs, expected) in [
            (vec![("retry-after", "7")], Some(Duration::from_secs(7))),
            (vec![("retry-after", "0.5")], Some(Duration::from_millis(500))),
            (
                vec![("retry-after", "2"), ("retry-after-ms", "1500")],
                Some(Duration::from_millis(1500)),
            ),
            (
                vec![("date", date), ("retry-after", "Thu, 01 Jan 2026 00:00:30 GMT")],
                Some(Duration::from_secs(30)),
            ),
            (vec![("retry-after", date)], Some(Duration::ZERO)),
            (vec![("retry-after", "1e300")], Some(LONGEST_WAIT)),
            (vec![("retry-after", "-1")], None),
            (vec![("retry-after", "soon")], None),
            (vec![], None),
        ] {
            assert_eq!(retry_after(&headers(&pairs)), expected, "{pairs:?}");
        }
    }

    #[test]
    fn each_servers_word_for_a_prompt_that_does_not_fit_is_known() {
        for body in [
            json!({ "error": { "message": "…", "type": "invalid_request_error", "code": "context_length_exceeded" } }),
            json!({ "error": { "message": "…", "type": "exceed_context_size_error", "code": 400 } }),
            json!({ "object": "error", "message": "This model's maximum context length is 8 tokens", "code": 400 }),
            json!({ "error": "prompt exceeds the context window" }),
        ] {
            let error =
                refusal(StatusCode::BAD_REQUEST, &HeaderMap::new(), body.to_string().as_bytes());
            assert_eq!(error, AnswerError::TooLong, "{body}");
        }
    }

    #[test]
    fn a_status_says_who_must_act() {
        let unavailable = AnswerError::Unavailable { retry_after: None };
        for (status, expected) in [
            (302, AnswerError::Refused { status: Some(302) }),
            (400, AnswerError::Refused { status: Some(400) }),
            (401, AnswerError::Refused { status: Some(401) }),
            (404, AnswerError::Refused { status: Some(404) }),
            (408, AnswerError::TimedOut),
            (413, AnswerError::TooLong),
            (429, AnswerError::RateLimited { retry_after: None }),
            (500, unavailable.clone()),
            (503, unavailable.clone()),
            (529, unavailable),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(refusal(status, &HeaderMap::new(), b"not json"), expected, "{status}");
        }
    }

    #[test]
    fn an_error_within_the_stream_is_told_by_its_code() {
        let unavailable = AnswerError::Unavailable { retry_after: None };
        for (error, expected) in [
            (json!({ "code": 429 }), AnswerError::RateLimited { retry_after: None }),
            (json!({ "code": "401" }), AnswerError::Refused { status: Some(401) }),
            (json!({ "code": "context_length_exceeded" }), AnswerError::TooLong),
            (
                json!({ "type": "rate_limit_error", "code": null }),
                AnswerError::RateLimited { retry_after: None },
            ),
            (json!({ "type": "server_error" }), unavailable.clone()),
            (json!("overloaded"), unavailable),
        ] {
            assert_eq!(inband(&error), expected, "{error}");
        }
    }
}
