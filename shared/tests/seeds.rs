//! The documented JSON parses into our types and comes out unchanged.

use natter_shared::handshake::HandshakeResponse;
use serde_json::Value;

const HANDSHAKE: &str = include_str!("seeds/handshake.json");

#[test]
fn the_documented_handshake_answer_comes_out_unchanged_field_for_field() {
    let typed: HandshakeResponse = serde_json::from_str(HANDSHAKE).unwrap();
    let ours = serde_json::to_value(&typed).unwrap();
    assert_eq!(ours, serde_json::from_str::<Value>(HANDSHAKE).unwrap());
}

#[test]
fn the_documented_handshake_answer_keeps_the_order_of_its_fields() {
    let typed: HandshakeResponse = serde_json::from_str(HANDSHAKE).unwrap();
    let ours = serde_json::to_string(&typed).unwrap();
    let keys = |text: &str| -> Vec<String> {
        text.split('"')
            .skip(1)
            .step_by(2)
            .filter(|key| text.contains(&format!("\"{key}\":")))
            .map(Into::into)
            .collect()
    };
    assert_eq!(keys(&ours), keys(&HANDSHAKE.replace("\": ", "\":")));
}
