//! Good answers, in whatever shape they come.

use natter_mock_provider::SPLIT_TEXT;
use secrecy::SecretString;
use serde_json::json;

use super::super::super::{Line, Persona, Speaker};
use super::*;

const COUNTED: &str = "t1 t2 t3 t4 t5";

#[tokio::test]
async fn an_answer_is_streamed_and_ends_once_with_its_token_counts() {
    let mock = MockProvider::start().await;
    let whole = ask(&mock, "tokens:50").await;
    let expected: Vec<_> = (1..=50).map(|n| format!("t{n}")).collect();
    assert_eq!(whole.text, expected.join(" "));
    let (reason, answered, usage) = whole.end.unwrap();
    assert_eq!((reason, answered), (FinishReason::Stop, true));
    let usage = usage.expect("token counts");
    assert_eq!(usage.output_tokens, 50);
    assert!(usage.input_tokens > 100, "{usage:?}");
}

#[tokio::test]
async fn text_is_given_on_as_soon_as_it_is_there() {
    let mock = MockProvider::start().await;
    let mut answer = provider(&mock, "stall:1", |_| {}).answer(question());
    assert_eq!(first_delta(&mut answer).await, "t1");
}

#[tokio::test]
async fn every_way_of_framing_a_good_answer_is_understood() {
    let mock = MockProvider::start().await;
    let cited = "You may return everything within 30 days [1].";
    for (model, text, reason) in [
        ("echo", "How long may I return things?", FinishReason::Stop),
        ("cite", cited, FinishReason::Stop),
        ("split", SPLIT_TEXT, FinishReason::Stop),
        ("split:1", SPLIT_TEXT, FinishReason::Stop),
        ("split:3", SPLIT_TEXT, FinishReason::Stop),
        ("crlf", SPLIT_TEXT, FinishReason::Stop),
        ("usage-null", cited, FinishReason::Stop),
        ("error-null", cited, FinishReason::Stop),
        ("no-role", "Hello there.", FinishReason::Stop),
        ("reasoning", "After all, yes.", FinishReason::Stop),
        ("think", "After all, yes.", FinishReason::Stop),
        ("think:1", "After all, yes.", FinishReason::Stop),
        ("slow:50", "t1 t2 t3 t4 t5 t6 t7 t8 t9 t10", FinishReason::Stop),
        ("late:50", "t1 t2 t3 t4 t5 t6 t7 t8 t9 t10", FinishReason::Stop),
        ("no-done:5", COUNTED, FinishReason::Stop),
        ("linger:5", COUNTED, FinishReason::Stop),
        ("done-only:5", COUNTED, FinishReason::Other),
        ("tail:5", COUNTED, FinishReason::Other),
        ("length", COUNTED, FinishReason::Length),
        ("content_filter", COUNTED, FinishReason::ContentFilter),
        ("json", cited, FinishReason::Stop),
    ] {
        let whole = ask(&mock, model).await;
        assert_eq!(whole.text, text, "{model}");
        let (ended, answered, _) = whole.end.unwrap_or_else(|error| panic!("{model}: {error:?}"));
        assert_eq!((ended, answered), (reason, true), "{model}");
    }
}

#[tokio::test]
async fn an_answer_without_text_does_not_count_as_one() {
    let mock = MockProvider::start().await;
    let whole = ask(&mock, "empty").await;
    assert_eq!(whole.text, "");
    assert!(matches!(whole.end, Ok((FinishReason::Stop, false, Some(_)))), "{whole:?}");
}

#[tokio::test]
async fn citations_of_no_given_source_are_dropped_however_the_deltas_are_cut() {
    let mock = MockProvider::start().await;
    for chars in 1..=12 {
        let whole = ask(&mock, &format!("badcite:{chars}")).await;
        assert_eq!(
            whole.text, "Returns take 30 days. Shipping is free [1]. See `list[9]` and [1].",
            "{chars}"
        );
        assert!(whole.end.unwrap().1);
    }
}

#[tokio::test]
async fn the_mark_of_an_unanswered_question_is_stripped_and_reported_however_the_deltas_are_cut() {
    let mock = MockProvider::start().await;
    for chars in 1..=16 {
        let whole = ask(&mock, &format!("noanswer:{chars}")).await;
        assert_eq!(whole.text, "The sources do not say that.", "{chars}");
        assert!(!whole.end.unwrap().1);
    }
}

#[tokio::test]
async fn the_owners_words_stand_in_when_the_model_says_only_that_it_has_no_answer() {
    let mock = MockProvider::start().await;
    let persona =
        Persona { not_found_answer: Some("Please call us.".to_owned()), ..Persona::default() };
    let question = Question { persona, ..question() };
    let whole = read(provider(&mock, "only-marker", |_| {}).answer(question)).await;
    assert_eq!(whole.text, "Please call us.");
    assert!(!whole.end.unwrap().1);
}

#[tokio::test]
async fn the_request_holds_what_the_owner_configured() {
    let mock = MockProvider::start().await;
    let configured = provider(&mock, "echo", |config| {
        config.api_key = Some(SecretString::from("sk-ours\n"));
        config.temperature = Some(0.5);
        config.max_output_tokens = Some(300);
    });
    let history = vec![
        Line { speaker: Speaker::Visitor, text: "Hi".to_owned() },
        Line { speaker: Speaker::Assistant, text: "Hello".to_owned() },
    ];
    read(configured.answer(Question { history, ..question() })).await;
    let request = mock.last_request().unwrap();
    assert_eq!(mock.stats().last_authorization.as_deref(), Some("Bearer sk-ours"));
    assert_eq!(request["model"], "echo");
    assert_eq!(request["stream"], true);
    assert_eq!(request["stream_options"], json!({ "include_usage": true }));
    assert_eq!(request["temperature"], 0.5);
    assert_eq!(request["max_tokens"], 300);
    let roles: Vec<_> = request["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["role"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["system", "user", "assistant", "user"]);
}

#[tokio::test]
async fn what_the_owner_left_open_is_not_sent() {
    let mock = MockProvider::start().await;
    ask(&mock, "echo").await;
    let request = mock.last_request().unwrap();
    assert_eq!(mock.stats().last_authorization, None);
    for field in ["temperature", "max_tokens", "max_completion_tokens"] {
        assert!(request.get(field).is_none(), "{field}");
    }
}

#[tokio::test]
async fn all_providers_of_one_client_share_its_connections() {
    let mock = MockProvider::start().await;
    let client = ProviderClient::new(ProviderClient::CONNECT_TIMEOUT).unwrap();
    for model in ["echo", "cite", "tokens:5", "no-done:5", "json", "echo"] {
        let provider =
            Provider::new(&client, ProviderConfig::new(mock.base_url.clone(), model)).unwrap();
        read(provider.answer(question())).await;
    }
    assert_eq!(mock.stats().connections, 1);
}
