//! Limits of time and size, and stopping.

use std::time::Instant;

use super::*;

const SHORT: Duration = Duration::from_millis(100);

#[tokio::test]
async fn a_provider_that_never_begins_is_given_up() {
    let mock = MockProvider::start().await;
    for model in ["hang", "late:60000", "slow:60000", "stall:0", "comments:20"] {
        let start = Instant::now();
        let limited = provider(&mock, model, |config| config.first_token_timeout = SHORT);
        let whole = read(limited.answer(question())).await;
        assert_eq!((whole.text.as_str(), whole.error()), ("", AnswerError::TimedOut), "{model}");
        assert!(start.elapsed() >= SHORT, "{model}");
    }
    timeout(PATIENCE, mock.wait_until(|stats| stats.aborted == 5))
        .await
        .expect("every request was aborted");
}

#[tokio::test]
async fn a_provider_that_pauses_for_too_long_is_given_up_after_what_came() {
    let mock = MockProvider::start().await;
    let limited = provider(&mock, "stall:3", |config| config.idle_timeout = SHORT);
    let whole = read(limited.answer(question())).await;
    assert_eq!((whole.text.as_str(), whole.error()), ("t1 t2 t3", AnswerError::TimedOut));
    timeout(PATIENCE, mock.wait_aborted()).await.expect("the request was aborted");
}

#[tokio::test]
async fn a_steady_provider_may_take_longer_than_any_single_pause() {
    let mock = MockProvider::start().await;
    let limited = provider(&mock, "tokens:30:20", |config| {
        config.first_token_timeout = Duration::from_millis(400);
        config.idle_timeout = Duration::from_millis(400);
    });
    let whole = read(limited.answer(question())).await;
    assert!(whole.text.ends_with("t29 t30") && whole.end.is_ok(), "{whole:?}");
}

#[tokio::test]
async fn an_answer_that_takes_too_long_altogether_is_given_up() {
    let mock = MockProvider::start().await;
    // The other limits are far longer than the patience of this test.
    let limited = provider(&mock, "tokens:10000:10", |config| {
        config.total_timeout = Duration::from_millis(300);
    });
    let whole = read(limited.answer(question())).await;
    assert_eq!(whole.error(), AnswerError::TimedOut);
    timeout(PATIENCE, mock.wait_aborted()).await.expect("the request was aborted");
}

#[tokio::test]
async fn dropping_the_stream_aborts_the_request_at_once_at_whatever_point() {
    for (model, begun) in [
        ("hang", false),
        ("late:60000", false),
        ("slow:60000", false),
        ("stall:3", true),
        ("tokens:10000:10", true),
    ] {
        let mock = MockProvider::start().await;
        let mut answer = provider(&mock, model, |_| {}).answer(question());
        if begun {
            first_delta(&mut answer).await;
        } else {
            let under_way = async {
                tokio::select! {
                    part = answer.next() => panic!("{part:?} from {model}"),
                    () = mock.wait_until(|stats| stats.requests == 1) => {}
                }
            };
            timeout(PATIENCE, under_way).await.expect("a request");
        }
        let dropped = Instant::now();
        drop(answer);
        let aborted =
            timeout(PATIENCE, mock.wait_aborted()).await.expect("the request was aborted");
        let lag = aborted.saturating_duration_since(dropped);
        assert!(lag < Duration::from_millis(250), "{model} was aborted only after {lag:?}");
        assert_eq!(mock.finished(), 0, "{model}");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut_at_the_limit() {
    let mock = MockProvider::start().await;
    let whole = ask(&mock, "long:20000000").await;
    assert!((64 * 1024 - 4..=64 * 1024).contains(&whole.text.len()), "{}", whole.text.len());
    assert!(matches!(whole.end, Ok((FinishReason::Length, true, None))), "{:?}", whole.end);
    timeout(PATIENCE, mock.wait_aborted()).await.expect("the rest is not read");
}

#[tokio::test]
async fn a_line_without_end_breaks_the_answer() {
    let mock = MockProvider::start().await;
    let whole = ask(&mock, "long-line:2000000").await;
    assert_eq!((whole.text.as_str(), whole.error()), ("", AnswerError::Broken));
    timeout(PATIENCE, mock.wait_aborted()).await.expect("the rest is not read");
}
