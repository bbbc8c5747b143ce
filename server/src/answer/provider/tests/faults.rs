//! Providers that fail: each failure is told as what it is, and nothing that the provider wrote gets out.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};

use natter_mock_provider::PLANTED_SECRET;
use secrecy::SecretString;
use tracing::level_filters::LevelFilter;
use url::Url;

use super::super::InvalidProvider;
use super::*;

const UNAVAILABLE: AnswerError = AnswerError::Unavailable { retry_after: None };

#[tokio::test]
async fn each_refusal_says_who_must_act_and_when() {
    let mock = MockProvider::start().await;
    for (model, expected) in [
        ("error:500", UNAVAILABLE),
        ("error:529", UNAVAILABLE),
        ("error:503", AnswerError::Unavailable { retry_after: Some(Duration::from_secs(7)) }),
        ("error:429", AnswerError::RateLimited { retry_after: Some(Duration::from_secs(7)) }),
        ("error:429:date", AnswerError::RateLimited { retry_after: Some(Duration::from_secs(30)) }),
        (
            "error:429:ms",
            AnswerError::RateLimited { retry_after: Some(Duration::from_millis(1500)) },
        ),
        ("error:429:none", AnswerError::RateLimited { retry_after: None }),
        ("error:400", AnswerError::Refused { status: Some(400) }),
        ("error:401", AnswerError::Refused { status: Some(401) }),
        ("error:403", AnswerError::Refused { status: Some(403) }),
        ("error:408", AnswerError::TimedOut),
        ("error:413", AnswerError::TooLong),
        ("no-such-model", AnswerError::Refused { status: Some(404) }),
        ("too-long", AnswerError::TooLong),
        ("too-long-message", AnswerError::TooLong),
        ("redirect", AnswerError::Refused { status: Some(307) }),
        ("html", AnswerError::Refused { status: Some(200) }),
    ] {
        let before = mock.requests();
        let whole = ask(&mock, model).await;
        assert_eq!((whole.text.as_str(), whole.error()), ("", expected), "{model}");
        assert_eq!(mock.requests() - before, 1, "{model} was asked again");
    }
}

#[tokio::test]
async fn a_failure_within_the_stream_ends_the_answer_after_what_came() {
    let mock = MockProvider::start().await;
    for (model, expected) in [
        ("cut:5", AnswerError::Broken),
        ("clean-cut:5", AnswerError::Broken),
        ("garbage:5", AnswerError::Broken),
        ("inband:5", UNAVAILABLE),
        ("inband:5:503", UNAVAILABLE),
        ("inband:5:429", AnswerError::RateLimited { retry_after: None }),
        ("inband:5:401", AnswerError::Refused { status: Some(401) }),
        ("legacy-error:5", UNAVAILABLE),
    ] {
        let whole = ask(&mock, model).await;
        assert_eq!((whole.text.as_str(), whole.error()), ("t1 t2 t3 t4 t5", expected), "{model}");
    }
}

#[tokio::test]
async fn a_failure_before_any_text_is_no_answer() {
    let mock = MockProvider::start().await;
    for (model, expected) in [
        ("cut:0", AnswerError::Broken),
        ("clean-cut:0", AnswerError::Broken),
        ("inband:0", UNAVAILABLE),
        ("inband:0:429", AnswerError::RateLimited { retry_after: None }),
    ] {
        let before = mock.requests();
        let whole = ask(&mock, model).await;
        assert_eq!((whole.text.as_str(), whole.error()), ("", expected), "{model}");
        assert_eq!(mock.requests() - before, 1, "{model} was asked again");
    }
}

#[tokio::test]
async fn a_gateway_without_a_backend_is_asked_once_more() {
    let mock = MockProvider::start().await;
    for model in ["flaky:502", "flaky:503", "flaky:504"] {
        let before = mock.requests();
        let whole = ask(&mock, model).await;
        assert_eq!(whole.text, "You may return everything within 30 days [1].", "{model}");
        assert_eq!(mock.requests() - before, 2, "{model}");
    }
    let before = mock.requests();
    assert_eq!(ask(&mock, "error:503:none").await.error(), UNAVAILABLE);
    assert_eq!(mock.requests() - before, 2, "one more try, not several");
    let before = mock.requests();
    assert_eq!(ask(&mock, "flaky:500").await.error(), UNAVAILABLE);
    assert_eq!(mock.requests() - before, 1, "a plain failure may have cost something");
}

#[tokio::test]
async fn a_provider_that_nobody_runs_is_unavailable() {
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    for base in [format!("http://{closed}/v1"), "http://natter-test.invalid/v1".to_owned()] {
        let client = ProviderClient::new(ProviderClient::CONNECT_TIMEOUT).unwrap();
        let config = ProviderConfig::new(base.parse().unwrap(), "echo");
        let whole = read(Provider::new(&client, config).unwrap().answer(question())).await;
        assert_eq!(whole.error(), UNAVAILABLE, "{base}");
    }
}

#[tokio::test]
async fn a_provider_without_the_tls_that_was_configured_is_unavailable() {
    let mock = MockProvider::start().await;
    let mut base = mock.base_url.clone();
    base.set_scheme("https").unwrap();
    let client = ProviderClient::new(ProviderClient::CONNECT_TIMEOUT).unwrap();
    let whole =
        read(Provider::new(&client, ProviderConfig::new(base, "echo")).unwrap().answer(question()))
            .await;
    assert_eq!(whole.error(), UNAVAILABLE);
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nothing_that_a_provider_writes_reaches_error_or_log() {
    let mock = MockProvider::start().await;
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // With a single dispatcher, tests on other threads that have none would switch our call sites off for all.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::new());
    let guard = tracing::subscriber::set_default(subscriber);
    for model in [
        "error:500",
        "error:503:none",
        "error:429",
        "error:401",
        "error:400",
        "too-long",
        "inband:5",
        "inband:5:429",
        "legacy-error:5",
        "garbage:5",
        "html",
        "redirect",
        "cut:5",
    ] {
        let configured =
            provider(&mock, model, |config| config.api_key = Some(SecretString::from("sk-ours")));
        let whole = read(configured.answer(question())).await;
        let error = whole.error();
        for shown in
            [format!("{error}"), format!("{error:?}"), format!("{configured:?}"), whole.text]
        {
            assert!(!shown.contains("sk-"), "{model}: {shown}");
        }
    }
    drop(guard);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("provider 127.0.0.1 failed"), "the log tells of failures: {log}");
    for secret in [PLANTED_SECRET, "sk-ours", "How long may I", "30 days"] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
}

#[test]
fn a_configuration_is_printed_without_key_and_query() {
    let base: Url = "https://models.example/v1?api-key=sk-query".parse().unwrap();
    let mut config = ProviderConfig::new(base, "m");
    config.api_key = Some(SecretString::from("sk-ours"));
    let client = ProviderClient::new(ProviderClient::CONNECT_TIMEOUT).unwrap();
    for shown in
        [format!("{config:?}"), format!("{:?}", Provider::new(&client, config.clone()).unwrap())]
    {
        assert!(shown.contains("models.example") && !shown.contains("sk-"), "{shown}");
    }
}

#[test]
fn a_configuration_that_cannot_work_is_refused_at_once() {
    let client = ProviderClient::new(ProviderClient::CONNECT_TIMEOUT).unwrap();
    let good = ProviderConfig::new("https://models.example/v1".parse().unwrap(), "m");
    let refused = |config| Provider::new(&client, config).unwrap_err();
    assert_eq!(
        refused(ProviderConfig { model: " ".to_owned(), ..good.clone() }),
        InvalidProvider::Model
    );
    let base_url = "ftp://models.example/v1".parse().unwrap();
    assert_eq!(refused(ProviderConfig { base_url, ..good.clone() }), InvalidProvider::BaseUrl);
    let api_key = Some(SecretString::from("sk\nours"));
    assert_eq!(refused(ProviderConfig { api_key, ..good }), InvalidProvider::ApiKey);
}
