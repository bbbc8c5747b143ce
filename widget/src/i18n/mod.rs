//! The widget's own words, one catalogue per language. What an owner can word stands in the handshake instead.
//!
//! English is compiled in. A language that is not here falls back to it, text by text.

mod en;

macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The words of one language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Texts { $($(#[$doc])* pub $name: &'static str,)* }
    };
}

catalogue! {
    /// While the handshake runs.
    connecting,
    /// Closes the panel.
    close,
    /// Opens the full page.
    expand,
    /// Opens the menu.
    menu,
    /// Goes back to the chatbots.
    back,
    /// Sends the question.
    send,
    /// Stops the answer.
    stop,
    /// Below the composer.
    disclosure,
    /// Before the brand.
    powered_by,
    /// Scrolls to the end.
    newest,
    /// Before a visitor's message, for screen readers.
    you_said,
    /// Announced when an answer is being written.
    answering,
    /// Announced before the finished answer.
    answered,
    /// Heading of the terms.
    consent_title,
    /// Heading of terms that have changed meanwhile.
    consent_again,
    /// Accepts the terms.
    consent_accept,
    /// Declines the terms.
    consent_decline,
    /// After declining: title.
    declined_title,
    /// After declining: text.
    declined_text,
    /// After declining: back to the terms.
    declined_again,
    /// Heading of the chatbots.
    pick_title,
    /// Group of suggested questions.
    suggestions,
    /// Has the same question answered once more.
    regenerate,
    /// Words the newest question anew.
    edit,
    /// Above the composer while a question is worded anew.
    editing,
    /// Heading of the sources.
    sources,
    /// Label of a citation, before its number.
    citation,
    /// Copies an answer or a code block.
    copy,
    /// Thumb up.
    rate_up,
    /// Thumb down.
    rate_down,
    /// Asks what was wrong.
    comment_label,
    /// Sends the comment.
    comment_send,
    /// After the comment.
    comment_thanks,
    /// Loads a remote picture.
    load_image,
    /// Tries again.
    retry,
    /// Announces that trying again is possible soon; `{}` are the seconds.
    retry_in,
    /// A stopped answer.
    stopped,
    /// An interrupted answer.
    interrupted,
    /// A failed answer.
    failed,
    /// A question that could not be delivered.
    not_sent,
    /// A question that waits for the network.
    waiting_network,
    /// No network.
    offline,
    /// The connection was lost in mid-answer.
    reconnecting,
    /// The server does not answer.
    unreachable,
    /// The server answers with a failure.
    server_error,
    /// Too many requests.
    rate_limited,
    /// Another answer is being written.
    turn_running,
    /// The message is too long.
    too_long,
    /// The site is not allowed; `{}` is its origin.
    origin_refused,
    /// The chatbot does not exist or is not published.
    not_found,
    /// Anything else that was refused.
    refused,
    /// The conversation is gone.
    session_gone,
    /// The expand link was used or is too old.
    expand_gone,
    /// Something small did not work.
    action_failed,
    /// Closes a notice.
    dismiss,
    /// Characters left; `{}` is the number.
    characters_left,
    /// Characters too many; `{}` is the number.
    characters_over,
    /// After "end chat session".
    ended_title,
    /// Starts a new conversation.
    ended_new,
    /// Menu entry that resets.
    reset,
    /// Plain text.
    format_txt,
    /// Markdown.
    format_md,
    /// Web page.
    format_html,
    /// JSON.
    format_json,
    /// Offers the contact form.
    contact_offer,
    /// Opens the contact form.
    contact_open,
    /// Title of the contact form.
    contact_title,
    /// Line below it.
    contact_subtitle,
    /// Name.
    contact_name,
    /// E-mail address.
    contact_email,
    /// Telephone number.
    contact_phone,
    /// Message.
    contact_message,
    /// Agreement to be contacted.
    contact_consent,
    /// Sends the form.
    contact_send,
    /// Neither address nor number was given.
    contact_missing,
    /// The agreement was not given.
    contact_unticked,
    /// After sending.
    contact_thanks,
    /// Closes a form or a question.
    cancel,
    /// Language of these texts, for `lang`.
    lang,
}

/// The texts of a language, by BCP 47 tag.
#[must_use]
pub const fn texts(_locale: &str) -> &'static Texts {
    &en::EN
}

/// Whether a language is written from right to left.
#[must_use]
pub fn is_rtl(locale: &str) -> bool {
    let language = locale.split(['-', '_']).next().unwrap_or_default();
    ["ar", "fa", "he", "ur", "yi", "ps", "sd", "ckb", "dv", "ug"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(language))
}

/// Puts a value where `{}` stands.
#[must_use]
pub fn fill(text: &str, value: &str) -> String {
    // By character: searching for a string would bring the two-way search along.
    let (before, rest) = text.split_once('{').unwrap_or((text, ""));
    [before, value, rest.strip_prefix('}').unwrap_or(rest)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_follows_the_language_and_not_the_region() {
        assert!(is_rtl("ar-EG") && is_rtl("HE") && is_rtl("fa_IR"));
        assert!(!is_rtl("en") && !is_rtl("de-AR") && !is_rtl(""));
    }

    #[test]
    fn a_value_stands_where_the_braces_were() {
        assert_eq!(fill(texts("en").characters_left, "12"), "12 characters left");
    }
}
