//! Reads one answer: its events, its time limits, its size limits and its end, which must be a real one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use sse_stream::SseByteStream;
use tokio::time::{Instant, timeout, timeout_at};

use super::super::{AnswerError, AnswerPart, FinishReason, Question, Usage};
use super::fault;
use super::filter::AnswerFilter;
use super::wire::{self, Chunk, Event, Finish};

/// An answer that is longer ends with [`FinishReason::Length`].
const LONGEST_ANSWER: usize = 64 * 1024;

/// An event, or the comments before it, may not be longer.
const LONGEST_EVENT: usize = 256 * 1024;

/// How long token counts and `[DONE]` are waited for once the finish reason is there.
const EPILOGUE: Duration = Duration::from_secs(1);

/// How long the end of the body is waited for after `[DONE]`: a connection read to its end can be used again.
const FAREWELL: Duration = Duration::from_millis(50);

/// An answer that is being read.
pub(super) struct Reading {
    /// The data of each event. None when there is nothing more to read.
    events: Option<BoxStream<'static, Result<String, AnswerError>>>,
    /// When the next sign of an answer must be there.
    deadline: Instant,
    /// When all of it must be there.
    end: Instant,
    idle: Duration,
    filter: AnswerFilter,
    not_found_answer: Option<String>,
    /// Bytes of text that were shown.
    shown: usize,
    finish: Option<FinishReason>,
    usage: Option<Usage>,
    /// The last part, once it is certain.
    finished: Option<AnswerPart>,
}

impl Reading {
    /// Starts to read `response`, whose first sign of an answer is due at `first` and whose last part at `end`.
    pub(super) fn new(
        response: Response,
        first: Instant,
        end: Instant,
        idle: Duration,
        question: &Question,
    ) -> Result<Self, AnswerError> {
        let kind = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let events = match kind.split(';').next().unwrap_or_default().trim() {
            "application/json" => whole(response).boxed(),
            // A web page: the base URL leads somewhere else.
            "text/html" => {
                return Err(AnswerError::Refused { status: Some(response.status().as_u16()) });
            }
            _ => events(response).boxed(),
        };
        Ok(Self {
            events: Some(events),
            deadline: first,
            end,
            idle,
            filter: AnswerFilter::new(question.passages.iter().map(|passage| passage.number)),
            not_found_answer: question
                .persona
                .not_found_answer
                .clone()
                .filter(|answer| !answer.trim().is_empty()),
            shown: 0,
            finish: None,
            usage: None,
            finished: None,
        })
    }

    /// The answer's parts, ending with `Finished` or an error.
    pub(super) fn parts(self) -> impl Stream<Item = Result<AnswerPart, AnswerError>> + Send {
        stream::try_unfold(Some(self), |reading| async move {
            let Some(mut reading) = reading else { return Ok(None) };
            let part = reading.next().await?;
            let rest = matches!(part, AnswerPart::Delta(_)).then_some(reading);
            Ok(Some((part, rest)))
        })
    }

    async fn next(&mut self) -> Result<AnswerPart, AnswerError> {
        loop {
            if let Some(finished) = self.finished.take() {
                return Ok(finished);
            }
            let text = match self.event().await? {
                Some(chunk) => self.take(&chunk)?,
                None => self.close().await,
            };
            if !text.is_empty() {
                return Ok(AnswerPart::Delta(text));
            }
        }
    }

    /// The next piece of the answer, or None when it came to a good end.
    async fn event(&mut self) -> Result<Option<Chunk>, AnswerError> {
        let Some(events) = &mut self.events else { return Ok(None) };
        let data = match timeout_at(self.deadline, events.next()).await {
            Ok(Some(Ok(data))) => data,
            // Whatever happens after the finish reason: the answer is whole.
            _ if self.finish.is_some() => return Ok(None),
            Ok(Some(Err(error))) => return Err(error),
            Ok(None) => return Err(AnswerError::Broken),
            Err(_) => return Err(AnswerError::TimedOut),
        };
        if data.trim() == "[DONE]" {
            self.finish.get_or_insert(FinishReason::Other);
            return Ok(None);
        }
        match wire::event(data.as_bytes()) {
            Some(Event::Chunk(chunk)) => Ok(Some(chunk)),
            _ if self.finish.is_some() => Ok(None),
            Some(Event::Error(error)) => Err(fault::inband(&error)),
            None => Err(AnswerError::Broken),
        }
    }

    /// Takes in one piece and gives what can be shown of it.
    fn take(&mut self, chunk: &Chunk) -> Result<String, AnswerError> {
        self.usage = chunk.usage.or(self.usage);
        if chunk.progress {
            self.deadline = self.end.min(Instant::now() + self.idle);
        }
        match chunk.finish {
            // A provider that thinks aloud for ever never leaves us waiting.
            None if chunk.text.is_empty() && Instant::now() >= self.end => {
                return Err(AnswerError::TimedOut);
            }
            None => {}
            Some(Finish::Failed) => return Err(AnswerError::Unavailable { retry_after: None }),
            Some(Finish::Ended(reason)) => {
                self.finish.get_or_insert(reason);
                self.deadline = self.deadline.min(Instant::now() + EPILOGUE);
            }
        }
        let text = self.filter.push(&chunk.text);
        Ok(self.measured(text))
    }

    /// Cuts `text` where the answer becomes too long, and stops reading there.
    fn measured(&mut self, mut text: String) -> String {
        let room = LONGEST_ANSWER - self.shown;
        if text.len() > room {
            text.truncate(text.floor_char_boundary(room));
            self.stop(FinishReason::Length);
        }
        self.shown += text.len();
        text
    }

    /// The answer came to its end: gives what was held back of it.
    async fn close(&mut self) -> String {
        if let Some(events) = &mut self.events {
            timeout(FAREWELL, events.next()).await.ok();
        }
        let mut text = self.filter.finish();
        if self.filter.found_no_answer() && !self.filter.has_shown() {
            // The model said nothing but the mark.
            text = self.not_found_answer.take().unwrap_or_default();
        }
        let text = self.measured(text);
        self.stop(self.finish.unwrap_or(FinishReason::Other));
        text
    }

    fn stop(&mut self, reason: FinishReason) {
        self.events = None;
        let answered = self.filter.has_shown() && !self.filter.found_no_answer();
        self.finished.get_or_insert(AnswerPart::Finished { reason, answered, usage: self.usage });
    }
}

/// The data of each event of a stream. A last event without its empty line counts: the HTTP framing says that all of it
/// is there, and half of one is not JSON.
fn events(response: Response) -> impl Stream<Item = Result<String, AnswerError>> + Send {
    let unread = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&unread);
    let end = stream::iter([Ok(Bytes::from_static(b"\n\n"))]);
    let pieces = response.bytes_stream().map_err(|_| AnswerError::Broken).chain(end).and_then(
        move |piece| {
            let unread = counter.fetch_add(piece.len(), Ordering::Relaxed);
            std::future::ready(if unread > LONGEST_EVENT {
                Err(AnswerError::Broken)
            } else {
                Ok(piece)
            })
        },
    );
    SseByteStream::new(pieces).filter_map(move |event| {
        unread.store(0, Ordering::Relaxed);
        // Bytes that are no UTF-8, or too many of them, are as good as a cut.
        std::future::ready(event.map_or(Some(Err(AnswerError::Broken)), |event| event.data.map(Ok)))
    })
}

/// A server that does not stream gives its whole answer as one event, and that is all of it.
fn whole(response: Response) -> impl Stream<Item = Result<String, AnswerError>> + Send {
    stream::once(async move {
        let mut body = Vec::new();
        let mut pieces = response.bytes_stream();
        while let Some(piece) = pieces.next().await {
            body.extend_from_slice(&piece.map_err(|_| AnswerError::Broken)?);
            if body.len() > LONGEST_EVENT {
                return Err(AnswerError::Broken);
            }
        }
        String::from_utf8(body).map_err(|_| AnswerError::Broken)
    })
    .chain(stream::iter([Ok("[DONE]".to_owned())]))
}
