//! The message log: plain DOM nodes that follow the state's lines, at most once per animation frame.
//!
//! The log's scroller is laid out from its end (`column-reverse`), so the browser itself keeps the newest text in view
//! while it grows and leaves the place alone where a visitor reads. No layout is ever read for it.
//!
//! Of a long conversation the newest lines are drawn at once and the older ones in the frames after, some in each, so that
//! none is long: they come above what is in view, which does not move.

use web_sys::{Element, HtmlElement};

use super::dom::{add, attr, element, text};
use super::row::{Row, chips};
use crate::i18n::{ENGLISH, Texts};
use crate::state::{Config, State};

/// How many lines a frame may add: on a slow phone still less than a twentieth of a second.
const BATCH: usize = 24;

/// The log.
pub(crate) struct Log {
    root: Element,
    intro: Element,
    /// The greeting, how many questions, and the configuration that they are from.
    introduced: Option<(String, usize, *const Config)>,
    rows: Vec<Row>,
    /// How many of the newest lines may be drawn by now.
    room: usize,
    texts: &'static Texts,
}

impl Log {
    /// A log within an element of the panel.
    pub(crate) fn new(root: HtmlElement) -> Self {
        let root: Element = root.into();
        let intro = element("div", "intro");
        add(&root, &intro);
        Self { root, intro, introduced: None, rows: Vec::new(), room: 0, texts: &ENGLISH }
    }

    /// Draws what changed. Gives whether there is more to draw in the next frame.
    pub(crate) fn show(&mut self, state: &State) -> bool {
        let Some(config) = &state.config else { return false };
        let locale = state.settings.locale.as_str();
        if !core::ptr::eq(self.texts, state.texts) {
            self.texts = state.texts;
            self.introduced = None;
            self.rows.iter_mut().for_each(|row| row.translate(state.texts, locale));
        }
        self.introduce(config, state);
        let total = state.lines.len();
        let older = total.saturating_sub(self.room + BATCH);
        self.room = total - older;
        let lines = &state.lines[older..];
        let mut rest = lines.iter();
        let in_step = self.rows.iter().all(|row| rest.any(|line| line.key == row.key()));
        if !in_step {
            self.rows.retain(|row| {
                let keep = lines.iter().any(|line| line.key == row.key());
                if !keep {
                    row.node().remove();
                }
                keep
            });
        }
        for (index, line) in lines.iter().enumerate() {
            if self.rows.get(index).is_none_or(|row| row.key() != line.key) {
                let row = Row::new(line, state.texts, locale);
                let before = self.rows.get(index).map(|row| row.node().clone().into());
                let _ = self.root.insert_before(row.node(), before.as_ref());
                self.rows.insert(index, row);
            }
            if let Some(row) = self.rows.get_mut(index) {
                row.show(line, state, config, lines.len() - index);
            }
        }
        let mut day = String::from(js_sys::Date::new_0().to_date_string());
        for row in &mut self.rows {
            let begins = row.date() != day;
            if begins {
                row.date().clone_into(&mut day);
            }
            row.begin_day(begins, locale);
        }
        older > 0
    }

    /// Title, greeting and suggested questions.
    fn introduce(&mut self, config: &Config, state: &State) {
        let (greeting, questions) =
            (state.chatbot().map_or("", |chatbot| &chatbot.greeting), state.questions());
        let from = core::ptr::from_ref(config);
        let same = self.introduced.as_ref().is_some_and(|(old, count, other)| {
            old == greeting && *count == questions.len() && core::ptr::eq(*other, from)
        });
        if same {
            return;
        }
        self.introduced = Some((greeting.to_owned(), questions.len(), from));
        self.intro.set_text_content(None);
        let header = &config.widget.header;
        let hello = element("div", "hello");
        for (tag, part, words) in
            [("h2", "title", &header.title), ("p", "subtitle", &header.subtitle)]
        {
            let line = text(tag, "", state.texts.own(words));
            attr(&line, "part", part);
            add(&hello, &line);
        }
        add(&self.intro, &hello);
        if !greeting.is_empty() {
            let greeting = text("div", "md greeting", state.texts.own(greeting));
            attr(&greeting, "dir", "auto");
            attr(&greeting, "part", "greeting");
            add(&self.intro, &greeting);
        }
        if !questions.is_empty() {
            add(&self.intro, &chips(state.texts, questions));
        }
    }
}
