//! An answer as server-sent events: the AI SDK's UI message stream. A reader follows at its own pace; whatever came
//! meanwhile comes as one part. Heartbeats stand between events only.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use natter_shared::message::{MessageStatus, SourceView};
use natter_shared::stream::{
    AnswerData, FinishReasonData, STREAM_DONE, STREAM_HEADER, STREAM_VERSION, SnapshotData,
    SourceMetadata, StreamPart, SuggestionsData, TurnData,
};
use tokio::sync::watch;

use crate::service::{Outcome, Progress, Reading};

/// Pause after which a comment keeps the connection open.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// The one text of an answer.
const TEXT: &str = "0";

/// Whose order of parts is kept at the end.
pub(super) struct SseOptions {
    /// The session's address for `data-session`.
    pub(super) session: String,
}

/// The answer as a stream.
pub(super) fn respond(reading: Reading, options: SseOptions) -> Response {
    let writer = Writer::new(reading, options);
    let body = Body::from_stream(stream::unfold(writer, |mut writer| async move {
        let frame = writer.next().await?;
        Some((Ok::<_, Infallible>(frame), writer))
    }));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform"));
    headers
        .insert(HeaderName::from_static(STREAM_HEADER), HeaderValue::from_static(STREAM_VERSION));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

struct Writer {
    reading: Reading,
    progress: watch::Receiver<Progress>,
    options: SseOptions,
    /// Bytes of the text that were sent.
    sent: usize,
    /// Sources that were sent.
    sources: usize,
    state: State,
}

#[derive(PartialEq, Eq)]
enum State {
    Opening,
    Following,
    Closed,
}

/// What there is to be sent.
struct News {
    /// The text before it is not what the reader has: it replaces everything.
    replaces: bool,
    text: String,
    sources: Vec<SourceView>,
    outcome: Option<Outcome>,
}

impl Writer {
    fn new(reading: Reading, options: SseOptions) -> Self {
        let progress = reading.live.follow();
        Self { sent: reading.from, reading, progress, options, sources: 0, state: State::Opening }
    }

    /// The next frames, or a heartbeat. None when all is said.
    async fn next(&mut self) -> Option<Bytes> {
        match self.state {
            State::Closed => return None,
            State::Opening => {
                self.state = State::Following;
                return Some(self.opening());
            }
            State::Following => {}
        }
        loop {
            let news = self.news();
            if let Some(news) = news {
                return Some(self.write(news));
            }
            match tokio::time::timeout(HEARTBEAT, self.progress.changed()).await {
                // The sender lives as long as the turn that this reader holds.
                Ok(_) => {}
                Err(_) => return Some(Bytes::from_static(b": heartbeat\n\n")),
            }
        }
    }

    fn news(&mut self) -> Option<News> {
        let progress = self.progress.borrow_and_update();
        let known = progress.text.get(self.sent..);
        let sources = progress.sources.get(self.sources..).unwrap_or_default();
        let nothing =
            known.is_some_and(str::is_empty) && sources.is_empty() && progress.outcome.is_none();
        // While the answer grows, a reader may be ahead only after a crash; and then the answer no longer grows.
        if nothing || (known.is_none() && progress.outcome.is_none()) {
            return None;
        }
        Some(News {
            replaces: known.is_none(),
            text: known.unwrap_or(&progress.text).to_owned(),
            sources: sources.to_vec(),
            outcome: progress.outcome.clone(),
        })
    }

    fn opening(&self) -> Bytes {
        let live = &self.reading.live;
        let mut frames = Frames::default();
        frames.part(&StreamPart::Start { message_id: live.answer });
        frames.part(&StreamPart::DataTurn {
            data: TurnData { turn_id: live.turn, question_id: live.question },
        });
        frames.part(&StreamPart::StartStep);
        frames.part(&StreamPart::TextStart { id: TEXT.into() });
        frames.done()
    }

    fn write(&mut self, news: News) -> Bytes {
        let mut frames = Frames::default();
        if news.replaces {
            self.sent = news.text.len();
            frames.id(&self.reading, self.sent);
            frames.part(&StreamPart::DataSnapshot { data: SnapshotData { text: news.text } });
        } else if !news.text.is_empty() {
            self.sent += news.text.len();
            frames.id(&self.reading, self.sent);
            frames.part(&StreamPart::TextDelta { id: TEXT.into(), delta: news.text });
        }
        self.sources += news.sources.len();
        if self.reading.shows_sources {
            for source in news.sources {
                frames.part(&source_part(source));
            }
        }
        if let Some(outcome) = news.outcome {
            self.state = State::Closed;
            self.close(&mut frames, outcome);
        }
        frames.done()
    }

    /// The parts after the text, in the documented order: `finish`, then the session and the reason, then `[DONE]`.
    fn close(&self, frames: &mut Frames, outcome: Outcome) {
        frames.part(&StreamPart::TextEnd { id: TEXT.into() });
        let finish_reason = outcome.finish_reason;
        match outcome.status {
            MessageStatus::Complete => {
                let data = AnswerData {
                    answered: outcome.answered,
                    offer_contact: outcome.contact.is_some(),
                    contact_reason: outcome.contact,
                };
                frames.part(&StreamPart::DataAnswer { data });
                if !outcome.suggestions.is_empty() {
                    let data = SuggestionsData { suggestions: outcome.suggestions };
                    frames.part(&StreamPart::DataSuggestions { data });
                }
                frames.part(&StreamPart::FinishStep);
                frames.part(&StreamPart::Finish { finish_reason });
            }
            MessageStatus::Stopped => {
                frames.part(&StreamPart::FinishStep);
                frames.part(&StreamPart::Abort { reason: Some("stopped".into()) });
            }
            MessageStatus::Interrupted => {
                frames.part(&StreamPart::FinishStep);
                frames.part(&StreamPart::Abort { reason: Some("interrupted".into()) });
            }
            MessageStatus::Failed => {
                let detail = outcome.problem.as_ref().and_then(|problem| problem.detail.clone());
                if let Some(data) = outcome.problem {
                    frames.part(&StreamPart::DataProblem { data });
                }
                frames.part(&StreamPart::FinishStep);
                frames.part(&StreamPart::Error { error_text: detail.unwrap_or_default() });
            }
        }
        frames.part(&StreamPart::DataSession { data: self.options.session.clone() });
        frames.part(&StreamPart::DataFinishReason {
            data: FinishReasonData {
                finish_reason,
                raw_finish_reason: finish_reason.as_str().to_ascii_uppercase(),
            },
        });
        frames.text(STREAM_DONE);
    }
}

fn source_part(source: SourceView) -> StreamPart {
    let source_id = source.number.to_string();
    let provider_metadata = source.excerpt.map(SourceMetadata::of);
    match source.url {
        Some(url) => {
            StreamPart::SourceUrl { source_id, url, title: Some(source.title), provider_metadata }
        }
        None => StreamPart::SourceDocument {
            source_id,
            media_type: "text/plain".into(),
            title: source.title,
            provider_metadata,
        },
    }
}

/// Frames that are sent together.
#[derive(Default)]
struct Frames {
    bytes: Vec<u8>,
}

impl Frames {
    /// The id of the frame that follows: where a reader goes on.
    fn id(&mut self, reading: &Reading, offset: usize) {
        self.bytes.extend_from_slice(format!("id: {}:{offset}\n", reading.live.turn).as_bytes());
    }

    fn part(&mut self, part: &StreamPart) {
        self.bytes.extend_from_slice(b"data: ");
        // A part is made of texts and numbers only, which JSON can always hold.
        let written = serde_json::to_writer(&mut self.bytes, part);
        debug_assert!(written.is_ok(), "a stream part is always JSON");
        self.bytes.extend_from_slice(b"\n\n");
    }

    fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(format!("data: {text}\n\n").as_bytes());
    }

    fn done(self) -> Bytes {
        self.bytes.into()
    }
}
