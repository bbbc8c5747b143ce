//! The provider against a real server that behaves well, oddly or badly, as the model's name says.

mod answers;
mod faults;
mod limits;

use std::time::Duration;

use futures_util::StreamExt as _;
use natter_mock_provider::MockProvider;
use tokio::time::timeout;

use super::super::{
    AnswerError, AnswerPart, AnswerStream, Answerer as _, FinishReason, Passage, Question, Usage,
};
use super::{Provider, ProviderClient, ProviderConfig};

/// No test takes so long unless something hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// A provider that asks `model` of `mock`, configured further by `configure`.
fn provider(
    mock: &MockProvider,
    model: &str,
    configure: impl FnOnce(&mut ProviderConfig),
) -> Provider {
    let mut config = ProviderConfig::new(mock.base_url.clone(), model);
    configure(&mut config);
    Provider::new(&ProviderClient::new(ProviderClient::CONNECT_TIMEOUT).unwrap(), config).unwrap()
}

/// What a visitor asks, with two passages found.
fn question() -> Question {
    let passage = |number, text: &str| Passage {
        number,
        title: "Returns".to_owned(),
        url: None,
        headings: Vec::new(),
        text: text.to_owned(),
        score: 1.0,
        coverage: 1.0,
    };
    Question {
        text: "How long may I return things?".to_owned(),
        passages: vec![
            passage(1, "You may return everything within 30 days. Keep the box."),
            passage(2, "Or not."),
        ],
        ..Question::default()
    }
}

/// An answer to its end.
#[derive(Debug, PartialEq)]
struct Whole {
    text: String,
    /// Reason, answered, usage.
    end: Result<(FinishReason, bool, Option<Usage>), AnswerError>,
}

impl Whole {
    fn error(&self) -> AnswerError {
        self.end.clone().expect_err("an answer that failed")
    }
}

/// Reads `answer` to its end, which must be one.
async fn read(mut answer: AnswerStream) -> Whole {
    let mut text = String::new();
    let reading = async {
        loop {
            match answer.next().await {
                Some(Ok(AnswerPart::Delta(delta))) => {
                    assert!(!delta.is_empty(), "an empty delta after {text:?}");
                    text.push_str(&delta);
                }
                Some(Ok(AnswerPart::Finished { reason, answered, usage })) => {
                    break Ok((reason, answered, usage));
                }
                Some(Err(error)) => break Err(error),
                None => panic!("the stream ended without an end after {text:?}"),
            }
        }
    };
    let end = timeout(PATIENCE, reading).await.expect("an end");
    let more = timeout(PATIENCE, answer.next()).await.expect("the end of the stream");
    assert_eq!(more, None, "something came after the end");
    Whole { text, end }
}

/// Asks `model` the usual question and reads the answer.
async fn ask(mock: &MockProvider, model: &str) -> Whole {
    read(provider(mock, model, |_| {}).answer(question())).await
}

/// Reads `answer` until its first text is there.
async fn first_delta(answer: &mut AnswerStream) -> String {
    match timeout(PATIENCE, answer.next()).await.expect("a first part") {
        Some(Ok(AnswerPart::Delta(delta))) => delta,
        other => panic!("{other:?} instead of text"),
    }
}
