//! What a language does with numbers. The browser knows it for all of them; the rules of plurals would be kilobytes here.

/// The name of the plural form that a number takes in a language, and the number as it is written there.
#[cfg(target_arch = "wasm32")]
pub(super) fn number(lang: &str, number: usize) -> (String, String) {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        type PluralRules;
        #[wasm_bindgen(constructor, js_namespace = Intl)]
        fn new(lang: &str) -> PluralRules;
        #[wasm_bindgen(method)]
        fn select(this: &PluralRules, number: u32) -> String;
    }

    let number = u32::try_from(number).unwrap_or(u32::MAX);
    let written = js_sys::Number::from(number).to_locale_string(lang);
    (PluralRules::new(lang).select(number), written.into())
}

/// English, for tests of the rules.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn number(_lang: &str, number: usize) -> (String, String) {
    (String::from(if number == 1 { "one" } else { "other" }), number.to_string())
}
