//! The page that a question was asked on: what of it is accepted. The page around a widget says it, so it is worth as
//! much as the visitor's own words.

use natter_shared::context::{JsonText, MAX_CONTEXT_BYTES, PageContext};
use serde_json::Value;

use super::ServiceError;
use super::session::{check_text, invalid};

/// How deeply data may be nested.
const MAX_DEPTH: usize = 6;

/// The context as it is kept, when it can be accepted; none when it says nothing.
pub(super) fn accepted(context: Option<&PageContext>) -> Result<Option<String>, ServiceError> {
    let Some(context) = context.filter(|context| **context != PageContext::default()) else {
        return Ok(None);
    };
    check_text("context.url", context.url.as_deref(), 2_000)?;
    check_text("context.title", context.title.as_deref(), 300)?;
    if let Some(JsonText(text)) = &context.data {
        let too_deep = format!("context.data is nested more than {MAX_DEPTH} deep; flatten it");
        // What even the parser takes for too deep is too deep.
        let data: Value =
            serde_json::from_str(text).map_err(|_| invalid("context.data", too_deep.clone()))?;
        if !data.is_object() {
            return Err(invalid(
                "context.data",
                "context.data must be an object; wrap it into one",
            ));
        }
        if depth(&data) > MAX_DEPTH {
            return Err(invalid("context.data", too_deep));
        }
    }
    let kept =
        serde_json::to_string(context).map_err(|error| ServiceError::Internal(error.into()))?;
    if kept.len() > MAX_CONTEXT_BYTES {
        let most = MAX_CONTEXT_BYTES / 1024;
        return Err(invalid("context", format!("the context is larger than {most} KB; send less")));
    }
    Ok(Some(kept))
}

fn depth(value: &Value) -> usize {
    let below = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(fields) => fields.values().map(depth).max(),
        _ => return 0,
    };
    below.unwrap_or_default() + 1
}

/// What was kept.
pub(super) fn kept(text: Option<&str>) -> Option<PageContext> {
    serde_json::from_str(text?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(text: &str) -> PageContext {
        PageContext { data: Some(JsonText(text.into())), ..PageContext::default() }
    }

    #[test]
    fn what_is_accepted_comes_back_as_it_was() {
        let context = PageContext {
            url: Some("https://shop.example/a".into()),
            title: Some("A".into()),
            ..data(r#"{"a":[1.50,{"b":null}]}"#)
        };
        let text = accepted(Some(&context)).unwrap();
        assert_eq!(kept(text.as_deref()), Some(context));
        assert_eq!(accepted(None).unwrap(), None);
        assert_eq!(accepted(Some(&PageContext::default())).unwrap(), None);
    }

    #[test]
    fn what_is_too_much_too_deep_or_no_object_is_refused() {
        let nested = |deep: usize| [r#"{"a":"#.repeat(deep), "1".into(), "}".repeat(deep)].concat();
        assert!(accepted(Some(&data(&nested(6)))).is_ok());
        let long = PageContext { title: Some("x".repeat(301)), ..PageContext::default() };
        for context in [
            data("[]"),
            data("7"),
            data(&nested(7)),
            data(&nested(500)),
            data(&format!(r#"{{"a":"{}"}}"#, "x".repeat(4_096))),
            long,
        ] {
            assert!(
                matches!(accepted(Some(&context)), Err(ServiceError::Invalid { .. })),
                "{context:?}"
            );
        }
    }
}
