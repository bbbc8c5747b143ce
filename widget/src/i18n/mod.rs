//! The widget's own words, one catalogue per language. What an owner can word stands in the handshake instead.
//!
//! English is compiled in. The others are files (`widget/locales`) that the page fetches beside the app, made into lines:
//! the texts in the order of [`Word`], then pairs of an owner's default text and what it is called in that language. A
//! text that is missing there is shown in English.

mod en;
mod intl;

macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Names a text, as the catalogue's files do.
        #[expect(non_camel_case_types, reason = "the names stand in the files of the other languages too")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Word { $($(#[$doc])* $name,)* }

        /// The English texts.
        struct English { $($name: &'static str,)* }

        impl English {
            const fn list(self) -> [&'static str; COUNT] {
                [$(self.$name,)*]
            }
        }

        /// The names of all texts, in the order of the files that browsers fetch.
        pub const NAMES: &[&str] = &[$(stringify!($name),)*];
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
    /// Names the brand, which is `{}`.
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
    /// Label of a citation; `{}` is its number.
    citation,
    /// Copies an answer or a code block.
    copy,
    /// Thumb up.
    rate_up,
    /// Thumb down.
    rate_down,
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
    /// Characters left; `{}` is the number, whose plural forms these are.
    characters_left,
    /// Characters too many; `{}` is the number.
    characters_over,
    /// After "end chat session".
    ended_title,
    /// Starts a new conversation.
    ended_new,
    /// Offers the contact form.
    contact_offer,
    /// Opens the contact form.
    contact_open,
    /// After sending.
    contact_thanks,
    /// Closes a form or a question.
    cancel,
    /// Language of these texts, for `lang` and for the forms of plurals and numbers.
    lang,
    /// Direction of these texts: `ltr` or `rtl`.
    dir,
    /// Answers that came while the panel was closed; `{}` is their number.
    unread,
}

const COUNT: usize = NAMES.len();

static LIST: [&str; COUNT] = en::EN.list();

/// English.
pub static ENGLISH: Texts = Texts { list: &LIST };

/// The words of one language.
#[derive(Debug)]
pub struct Texts {
    list: &'static [&'static str],
}

impl Texts {
    /// Reads a language's file; nothing is English, and what is no such file is none. What it takes is never given back: a
    /// page speaks few languages in its life, and a text that lives for ever is passed around for nothing.
    #[must_use]
    pub fn read(file: String) -> Option<&'static Self> {
        if file.is_empty() {
            return Some(&ENGLISH);
        }
        let mut list = Vec::new();
        for line in file.leak().split('\n') {
            list.push(line);
        }
        if list.len() < COUNT {
            return None;
        }
        Some(Box::leak(Box::new(Self { list: list.leak() })))
    }

    /// A text.
    #[must_use]
    #[inline]
    pub fn of(&self, word: Word) -> &'static str {
        self.find(word)
    }

    /// Where a text stands: one number to give back instead of two, at a hundred places.
    #[inline(never)]
    fn find(&self, word: Word) -> &'static &'static str {
        let at = word as usize;
        self.list.get(at).filter(|text| !text.is_empty()).unwrap_or(&LIST[at])
    }

    /// A text with a number, in the form that the language asks for. Before the first tab of such a text stands the usual
    /// form, the others begin with the name of theirs.
    #[must_use]
    pub fn count(&self, word: Word, number: usize) -> String {
        let (form, number) = intl::number(self.of(Word::lang), number);
        let mut forms = self.of(word).split('\t');
        let usual = forms.next().unwrap_or_default();
        fill(forms.find_map(|text| text.strip_prefix(&*form)).unwrap_or(usual), &number)
    }

    /// An owner's text: in this language when the owner left it as it was.
    #[must_use]
    #[inline(never)]
    pub fn own<'t>(&self, text: &'t str) -> &'t str {
        let mut pairs = self.list.get(COUNT..).unwrap_or_default().chunks_exact(2);
        pairs.find(|pair| pair[0] == text).map_or(text, |pair| pair[1])
    }
}

/// Puts a value where `{}` stands, if it does.
#[must_use]
pub fn fill(text: &str, value: &str) -> String {
    // By character: searching for a string would bring the two-way search along.
    let Some((before, rest)) = text.split_once('{') else { return text.to_owned() };
    [before, value, rest.strip_prefix('}').unwrap_or(rest)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn german() -> &'static Texts {
        let mut list = vec![""; COUNT];
        list[Word::close as usize] = "Chat schließen";
        list[Word::characters_left as usize] = "noch {} Zeichen\tonenoch {} einziges";
        list.extend(["Hello", "Hallo"]);
        Texts::read(list.join("\n")).unwrap()
    }

    #[test]
    fn a_value_stands_where_the_braces_were_and_nowhere_else() {
        assert_eq!(fill("{} characters", "12"), "12 characters");
        assert_eq!(fill("No place", "12"), "No place");
    }

    #[test]
    fn a_text_that_a_language_lacks_is_english() {
        assert_eq!(german().of(Word::close), "Chat schließen");
        assert_eq!(german().of(Word::stop), "Stop answering");
        assert!(Texts::read("no texts".into()).is_none());
        assert!(core::ptr::eq(Texts::read(String::new()).unwrap(), &raw const ENGLISH));
    }

    #[test]
    fn a_number_chooses_the_form_of_its_text() {
        assert_eq!(german().count(Word::characters_left, 1), "noch 1 einziges");
        assert_eq!(german().count(Word::characters_left, 2), "noch 2 Zeichen");
        assert_eq!(ENGLISH.count(Word::characters_over, 1), "1 character too many");
    }

    #[test]
    fn an_owners_own_text_stays_and_a_default_is_translated() {
        assert_eq!(german().own("Hello"), "Hallo");
        assert_eq!(german().own("Welcome to the shop"), "Welcome to the shop");
        assert_eq!(ENGLISH.own("Hello"), "Hello");
    }
}
