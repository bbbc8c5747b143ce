//! Every part survives its own JSON, and is spelled as documented.

use super::*;

fn problem() -> Problem {
    Problem {
        kind: "urn:natter:problem:answer_unavailable".into(),
        title: "Answer unavailable".into(),
        status: 503,
        code: "answer_unavailable".into(),
        detail: Some("Try again in a moment.".into()),
        field: None,
        errors: Vec::new(),
        retry_after: Some(7),
        request_id: None,
    }
}

fn every_part() -> Vec<StreamPart> {
    let id = String::from("0");
    vec![
        StreamPart::Start { message_id: MessageId::from_u128(1) },
        StreamPart::DataTurn {
            data: TurnData { turn_id: TurnId::from_u128(2), question_id: MessageId::from_u128(3) },
        },
        StreamPart::StartStep,
        StreamPart::TextStart { id: id.clone() },
        StreamPart::TextDelta { id: id.clone(), delta: "Grüße 👋".into() },
        StreamPart::DataSnapshot { data: SnapshotData { text: "Grüße".into() } },
        StreamPart::TextEnd { id },
        StreamPart::SourceUrl {
            source_id: "1".into(),
            url: "https://a.example/".into(),
            title: Some("A".into()),
            provider_metadata: Some(SourceMetadata::of("What was cited".into())),
        },
        StreamPart::SourceDocument {
            source_id: "2".into(),
            media_type: "text/markdown".into(),
            title: "B".into(),
            provider_metadata: None,
        },
        StreamPart::DataAnswer {
            data: AnswerData { answered: true, offer_contact: false, contact_reason: None },
        },
        StreamPart::DataAnswer {
            data: AnswerData {
                answered: false,
                offer_contact: true,
                contact_reason: Some(ContactReason::Asked),
            },
        },
        StreamPart::DataSuggestions { data: SuggestionsData { suggestions: vec!["Next?".into()] } },
        StreamPart::FinishStep,
        StreamPart::Finish { finish_reason: FinishReason::ContentFilter },
        StreamPart::DataSession { data: "ses_1".into() },
        StreamPart::DataFinishReason {
            data: FinishReasonData {
                finish_reason: FinishReason::Stop,
                raw_finish_reason: "STOP".into(),
            },
        },
        StreamPart::DataProblem { data: problem() },
        StreamPart::Error { error_text: "Try again.".into() },
        StreamPart::Abort { reason: Some("stopped".into()) },
    ]
}

#[test]
fn every_part_survives_its_own_json() {
    for part in every_part() {
        let json = serde_json::to_string(&part).unwrap();
        assert_eq!(serde_json::from_str::<StreamPart>(&json).unwrap(), part, "{json}");
    }
}

#[test]
fn parts_are_spelled_as_documented() {
    let lines = [
        r#"{"type":"start-step"}"#,
        r#"{"type":"text-delta","id":"0","delta":"Hello"}"#,
        r#"{"type":"source-url","sourceId":"1","url":"https://a.example/","title":"A","providerMetadata":{"natter":{"excerpt":"What was cited"}}}"#,
        r#"{"type":"finish","finishReason":"stop"}"#,
        r#"{"type":"data-session","data":"abc"}"#,
        r#"{"type":"data-finish-reason","data":{"finishReason":"stop","rawFinishReason":"STOP"}}"#,
    ];
    for line in lines {
        let part: StreamPart = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&part).unwrap(), line);
    }
}

#[test]
fn a_part_of_a_later_version_is_unknown_and_not_an_error() {
    for data in ["[1,[2]]", "1", "-1.5", "true", "null", "\"x\"", "{\"a\":{}}"] {
        let line = format!(r#"{{"type":"data-new","data":{data}}}"#);
        assert_eq!(
            serde_json::from_str::<StreamPart>(&line).unwrap(),
            StreamPart::Unknown,
            "{line}"
        );
    }
    let line = r#"{"type":"tool-input-start","toolCallId":"x"}"#;
    assert_eq!(serde_json::from_str::<StreamPart>(line).unwrap(), StreamPart::Unknown);
}
