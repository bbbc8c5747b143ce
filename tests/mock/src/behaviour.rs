//! The model names and what each of them does.

use std::str::FromStr;
use std::time::Duration;

/// How a rate limit tells when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryHint {
    /// `Retry-After: 7`.
    Seconds,
    /// `Retry-After` as a date that lies 30 seconds after the response's own `Date`.
    Date,
    /// `retry-after-ms: 1500` beside a `Retry-After: 2`.
    Milliseconds,
    /// Not at all.
    None,
}

/// What a model name asks for. In the names below `N` counts tokens, `MS` are milliseconds, `CHARS` are characters for
/// each delta; every number may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// `echo`: the question, a word at a time.
    Echo,
    /// `cite:CHARS`: the first sentence of source 1, citing `[1]`.
    Cite(usize),
    /// `slow:MS`: headers at once, the first token late.
    Slow(Duration),
    /// `late:MS`: even the headers are late.
    Late(Duration),
    /// `tokens:N:MS`: `t1 t2 …`, one each `MS`.
    Tokens(usize, Duration),
    /// `stall:N`: nothing more after N tokens, the connection stays open.
    Stall(usize),
    /// `cut:N`: the connection is cut after N tokens, without the end of the body.
    Cut(usize),
    /// `clean-cut:N`: the body ends well after N tokens, but with neither finish reason nor `[DONE]`.
    CleanCut(usize),
    /// `error:STATUS:HINT`: refused with that status; HINT (`date`, `ms`, `none`) is for 429 and 503.
    Error(u16, RetryHint),
    /// `flaky:STATUS`: the first request for this model is refused so, later ones are answered as by `cite`.
    Flaky(u16),
    /// `too-long`: 400 with the code `context_length_exceeded`.
    TooLong,
    /// `too-long-message`: 400 whose message alone speaks of the context length.
    TooLongMessage,
    /// `inband:N:CODE`: an error object after N tokens of a 200 stream; CODE may be a number.
    Inband(usize, Option<u16>),
    /// `legacy-error:N`: the same with the fields at top level, as older servers wrote them.
    LegacyError(usize),
    /// `error-null`: a good answer whose every chunk has `"error": null`.
    ErrorNull,
    /// `split:BYTES`: text of many bytes for each character, cut anywhere; 1 to 7 bytes at a time without BYTES.
    Split(Option<usize>),
    /// `crlf`: lines end with CR LF, comments and unknown fields in between.
    Crlf,
    /// `usage-null`: `"usage": null` in every chunk, none at the end.
    UsageNull,
    /// `no-role`: no chunk has a role, and content and finish reason share the last chunk.
    NoRole,
    /// `reasoning:N`: N chunks with `reasoning` and N with `reasoning_content` before the answer.
    Reasoning(usize),
    /// `think:CHARS`: the same in `<think>` tags within the text.
    Think(usize),
    /// `badcite:CHARS`: cites `[1]` and several numbers that no source has.
    BadCite(usize),
    /// `noanswer:CHARS`: begins with the mark of an answer that the sources do not give.
    NoAnswer(usize),
    /// `only-marker`: that mark and nothing else.
    OnlyMarker,
    /// `hang`: takes the request and never answers.
    Hang,
    /// `linger:N`: N tokens and a finish reason, then the connection stays open without `[DONE]`.
    Linger(usize),
    /// `no-done:N`: a finish reason, but no `[DONE]`.
    NoDone(usize),
    /// `done-only:N`: a `[DONE]`, but no finish reason.
    DoneOnly(usize),
    /// `tail:N`: the last event lacks its blank line.
    Tail(usize),
    /// `empty`: a finish reason without any text.
    Empty,
    /// `length`: a few tokens, then the length limit.
    Length,
    /// `content_filter`: a few tokens, then the provider's filter.
    ContentFilter,
    /// `long:BYTES`: that much text in good chunks.
    Long(usize),
    /// `long-line:BYTES`: one line that never ends, at least for so long.
    LongLine(usize),
    /// `comments:MS`: nothing but keep-alive comments, one each `MS`, for ever.
    Comments(Duration),
    /// `garbage:N`: something that is not JSON after N tokens.
    Garbage(usize),
    /// `json`: a whole JSON answer although a stream was asked for.
    Json,
    /// `html`: 200 with a web page, as a wrong base URL gives.
    Html,
    /// `null`: text with null characters in it.
    Null,
    /// `redirect`: 307 to another place.
    Redirect,
}

/// The model name is none that the mock knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownModel;

impl Behaviour {
    /// The names that `/v1/models` lists.
    pub(crate) const NAMES: [&str; 41] = [
        "echo",
        "cite",
        "slow:2000",
        "late:2000",
        "tokens:50:20",
        "stall:10",
        "cut:10",
        "clean-cut:10",
        "error:500",
        "error:429",
        "error:401",
        "flaky:503",
        "too-long",
        "too-long-message",
        "inband:5",
        "legacy-error:5",
        "error-null",
        "split",
        "crlf",
        "usage-null",
        "no-role",
        "reasoning:5",
        "think",
        "badcite",
        "noanswer",
        "only-marker",
        "hang",
        "linger:5",
        "no-done:5",
        "done-only:5",
        "tail:5",
        "empty",
        "length",
        "content_filter",
        "long:100000",
        "long-line:1000000",
        "comments:20",
        "garbage:5",
        "json",
        "html",
        "null",
    ];
}

impl FromStr for Behaviour {
    type Err = UnknownModel;

    fn from_str(model: &str) -> Result<Self, UnknownModel> {
        let mut fields = model.split(':');
        let name = fields.next().unwrap_or_default();
        let first = fields.next();
        let second = fields.next();
        let number = |field: Option<&str>, default: usize| match field {
            None | Some("") => Ok(default),
            Some(text) => text.parse().map_err(|_| UnknownModel),
        };
        let tokens = number(first, 10);
        let chars = number(first, 7);
        let pause = |field, default| Ok(Duration::from_millis(number(field, default)? as u64));
        let status = || first.and_then(|text| text.parse().ok()).ok_or(UnknownModel);
        Ok(match name {
            "echo" => Self::Echo,
            "cite" => Self::Cite(chars?),
            "slow" => Self::Slow(pause(first, 2000)?),
            "late" => Self::Late(pause(first, 2000)?),
            "tokens" => Self::Tokens(number(first, 50)?, pause(second, 0)?),
            "stall" => Self::Stall(tokens?),
            "cut" => Self::Cut(tokens?),
            "clean-cut" => Self::CleanCut(tokens?),
            "error" => Self::Error(status()?, hint(second)?),
            "flaky" => Self::Flaky(status()?),
            "too-long" => Self::TooLong,
            "too-long-message" => Self::TooLongMessage,
            "inband" => Self::Inband(tokens?, second.and_then(|code| code.parse().ok())),
            "legacy-error" => Self::LegacyError(tokens?),
            "error-null" => Self::ErrorNull,
            "split" => {
                Self::Split(first.map(|size| size.parse().map_err(|_| UnknownModel)).transpose()?)
            }
            "crlf" => Self::Crlf,
            "usage-null" => Self::UsageNull,
            "no-role" => Self::NoRole,
            "reasoning" => Self::Reasoning(tokens?),
            "think" => Self::Think(chars?),
            "badcite" => Self::BadCite(chars?),
            "noanswer" => Self::NoAnswer(chars?),
            "only-marker" => Self::OnlyMarker,
            "hang" => Self::Hang,
            "linger" => Self::Linger(tokens?),
            "no-done" => Self::NoDone(tokens?),
            "done-only" => Self::DoneOnly(tokens?),
            "tail" => Self::Tail(tokens?),
            "empty" => Self::Empty,
            "length" => Self::Length,
            "content_filter" => Self::ContentFilter,
            "long" => Self::Long(number(first, 100_000)?),
            "long-line" => Self::LongLine(number(first, 1_000_000)?),
            "comments" => Self::Comments(pause(first, 20)?),
            "garbage" => Self::Garbage(tokens?),
            "json" => Self::Json,
            "html" => Self::Html,
            "null" => Self::Null,
            "redirect" => Self::Redirect,
            _ => return Err(UnknownModel),
        })
    }
}

fn hint(field: Option<&str>) -> Result<RetryHint, UnknownModel> {
    match field {
        None => Ok(RetryHint::Seconds),
        Some("date") => Ok(RetryHint::Date),
        Some("ms") => Ok(RetryHint::Milliseconds),
        Some("none") => Ok(RetryHint::None),
        Some(_) => Err(UnknownModel),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_name_is_a_behaviour_with_its_numbers() {
        for (name, expected) in [
            ("tokens:50:20", Behaviour::Tokens(50, Duration::from_millis(20))),
            ("tokens", Behaviour::Tokens(50, Duration::ZERO)),
            ("error:429:date", Behaviour::Error(429, RetryHint::Date)),
            ("inband:5:400", Behaviour::Inband(5, Some(400))),
            ("split", Behaviour::Split(None)),
            ("split:1", Behaviour::Split(Some(1))),
        ] {
            assert_eq!(name.parse(), Ok(expected), "{name}");
        }
    }

    #[test]
    fn a_name_that_means_nothing_is_refused() {
        for name in ["", "gpt-4o", "tokens:many", "error", "error:429:later"] {
            assert_eq!(name.parse::<Behaviour>(), Err(UnknownModel), "{name}");
        }
    }

    #[test]
    fn every_listed_name_is_known() {
        for name in Behaviour::NAMES {
            assert!(name.parse::<Behaviour>().is_ok(), "{name}");
        }
    }
}
