//! What the server's answers say.

use natter_shared::page::Boot;
use serde_json::Value;

/// What the server wrote into the loader: the first JSON object in it that is one.
pub(super) fn boot_of(script: &str) -> Option<Boot> {
    script.match_indices("{\"api\":").take(10).find_map(|(at, _)| {
        serde_json::Deserializer::from_str(&script[at..]).into_iter::<Boot>().next()?.ok()
    })
}

/// For tags whose script says nothing about the chatbot.
pub(super) fn empty_boot() -> Boot {
    Boot {
        api: String::new(),
        slug: String::new(),
        chatbot_id: String::new(),
        project_id: String::new(),
        glue: String::new(),
        wasm: String::new(),
        host: String::new(),
        color: String::new(),
        mode: 0,
        position: String::new(),
        label: String::new(),
        failed: String::new(),
        icon: None,
        picture: None,
        mobile: true,
        open: false,
        locale: String::new(),
        fixed: false,
        invite: Vec::new(),
    }
}

/// Code and sentence of a refusal, in either envelope.
pub(super) fn refusal(body: &str) -> (String, String) {
    let value: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().trim_end_matches('.').to_owned();
    let robofy = &value["error"];
    if robofy.is_object() {
        (text(&robofy["code"]).to_ascii_lowercase(), text(&robofy["detail"]))
    } else {
        (text(&value["code"]), text(&value["detail"]))
    }
}
