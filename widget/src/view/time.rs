//! When something was said, in the visitor's own way of writing times.

use js_sys::{Date, Function, Object, Reflect};
use natter_shared::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use super::dom::{attr, text};
use crate::api::get;

/// When a message was stored; before the server says so, now.
pub(super) fn moment(at: Option<&Timestamp>) -> Date {
    let at = at.map_or(f64::NAN, |at| Date::parse(&at.0));
    Date::new(&JsValue::from_f64(if at.is_nan() { Date::now() } else { at }))
}

/// The time of day, for a message.
pub(super) fn write(node: &Element, moment: &Date, locale: &str) {
    node.set_text_content(Some(&local(moment, "toLocaleTimeString", "timeStyle", "short", locale)));
    attr(node, "datetime", &String::from(moment.to_iso_string()));
}

/// What separates days.
pub(super) fn day(moment: &Date, locale: &str) -> Element {
    let day = text("div", "day", &local(moment, "toLocaleDateString", "dateStyle", "full", locale));
    attr(&day, "part", "day");
    day
}

/// Called by name: an unknown language tag makes these throw, and the time is not worth that.
fn local(moment: &Date, method: &str, option: &str, style: &str, locale: &str) -> String {
    let options = Object::new();
    let _ = Reflect::set(&options, &option.into(), &style.into());
    let format = get(moment, method).dyn_into::<Function>();
    let format = format.and_then(|format| format.call2(moment, &locale.into(), &options));
    format.ok().and_then(|text| text.as_string()).unwrap_or_default()
}
