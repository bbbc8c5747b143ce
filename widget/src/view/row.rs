//! One message of the log, with what stands below it.

use js_sys::Date;
use natter_shared::message::{Author, Rating};
use web_sys::Element;

use super::dom::{add, attr, button, element, icon_button, text};
use super::icons::Icon;
use super::markdown::{Document, Drawing, anchor, is_web};
use super::time::{self, moment};
use crate::i18n::{Texts, Word};
use crate::lean::{after_last, digits};
use crate::state::{Config, Line, Progress, State};

/// A message's nodes.
pub(super) struct Row {
    key: u32,
    drawn: Option<(u32, usize, bool, bool)>,
    /// When it was said, and on which day.
    said: (Date, String),
    day: Option<Element>,
    time: Element,
    root: Element,
    document: Option<Document>,
    status: Element,
    foot: Element,
    offer: Element,
}

impl Row {
    /// The nodes of a line, still without its text.
    pub(super) fn new(line: &Line, texts: &Texts, locale: &str) -> Self {
        let mine = line.author == Author::Visitor;
        let root = element("div", "");
        attr(&root, "data-key", &digits(line.key.into()));
        attr(&root, "part", if mine { "message visitor" } else { "message assistant" });
        let document = (!mine).then(Document::new);
        if let Some(document) = &document {
            attr(document.node(), "dir", "auto");
            add(&root, document.node());
        } else {
            add(&root, &text("span", "sr", texts.of(Word::you_said)));
            let bubble = text("div", "bubble", &line.text);
            attr(&bubble, "dir", "auto");
            add(&root, &bubble);
            if !line.files.is_empty() {
                let files = element("div", "files");
                attr(&files, "part", "files");
                // The part for files puts them in.
                attr(&files, "data-files", &line.files);
                add(&root, &files);
            }
        }
        let (status, foot) = (element("div", "status"), element("div", "foot"));
        let moment = moment(line.at.as_ref());
        let time = element("time", "");
        time::write(&time, &moment, locale);
        let said = (moment.clone(), moment.to_date_string().into());
        let offer = element("div", "foot");
        for part in [&status, &foot, &offer] {
            add(&root, part);
        }
        Self {
            key: line.key,
            drawn: None,
            root,
            document,
            status,
            foot,
            offer,
            said,
            day: None,
            time,
        }
    }

    /// The line's key.
    pub(super) const fn key(&self) -> u32 {
        self.key
    }

    /// The day it was said on, as a text that is equal for equal days.
    pub(super) fn date(&self) -> &str {
        &self.said.1
    }

    /// Shows above it that another day began, or does not.
    pub(super) fn begin_day(&mut self, begins: bool, locale: &str) {
        if begins == self.day.is_some() {
            return;
        }
        if let Some(day) = self.day.take() {
            day.remove();
            return;
        }
        let day = time::day(&self.said.0, locale);
        let _ = self.root.insert_before(&day, self.root.first_child().as_ref());
        self.day = Some(day);
    }

    /// The outermost node.
    pub(super) const fn node(&self) -> &Element {
        &self.root
    }

    /// The words are those of another language from now on. What is being written stays.
    pub(super) fn translate(&mut self, texts: &Texts, locale: &str) {
        self.drawn = None;
        time::write(&self.time, &self.said.0, locale);
        // The day is named again when the log is through.
        if let Some(day) = self.day.take() {
            day.remove();
        }
        if let Some(document) = &mut self.document {
            document.forget();
        } else if let Some(said) = self.root.first_element_child() {
            said.set_text_content(Some(texts.of(Word::you_said)));
        }
    }

    /// Draws a line if it changed.
    pub(super) fn show(&mut self, line: &Line, state: &State, config: &Config, from_end: usize) {
        let last = from_end == 1;
        let waiting = state.run.as_ref().is_some_and(|run| run.line == line.key && run.waiting)
            || (line.author == Author::Visitor && line.is_open() && !state.online);
        let offered = if line.author == Author::Visitor {
            state.may_edit(line)
        } else {
            last && state.may_regenerate(line)
        };
        let now = (line.revision, from_end.min(3), waiting, offered);
        if self.drawn == Some(now) {
            return;
        }
        self.drawn = Some(now);
        let texts = state.texts;
        let open = line.is_open();
        let who = if line.author == Author::Visitor { "row me" } else { "row ai" };
        let growing = if open && line.author != Author::Visitor { " live" } else { "" };
        // The newest question and its answer are drawn at once, whatever else the browser puts off.
        let fresh = if from_end < 3 { " fresh" } else { "" };
        self.root.set_class_name(&[who, growing, fresh].concat());
        if let Some(document) = &mut self.document {
            document.show(&line.text, Drawing { texts, sources: &line.sources, grows: open });
        }
        self.status.set_text_content(None);
        self.show_status(line, state, config, waiting, last);
        self.foot.set_text_content(None);
        self.offer.set_text_content(None);
        if line.author == Author::Visitor {
            let tools = element("div", "tools");
            // It keeps its place while it is out of sight, so that nothing moves when it comes.
            let edit = icon_button(Icon::Edit, "edit", texts.of(Word::edit));
            let _ = edit.toggle_attribute_with_force("disabled", !offered);
            add(&tools, &edit);
            add(&tools, &self.time);
            add(&self.foot, &tools);
        } else if !open {
            self.show_foot(line, texts, config, last, offered);
        }
    }

    fn show_status(&self, line: &Line, state: &State, config: &Config, waiting: bool, last: bool) {
        let texts = state.texts;
        let mine = line.author == Author::Visitor;
        match &line.progress {
            Progress::Pending if waiting && mine => {
                self.say("note", texts.of(Word::waiting_network));
            }
            Progress::Pending | Progress::Streaming if mine => {}
            Progress::Pending | Progress::Streaming if waiting && state.online => {
                self.say("note", texts.of(Word::reconnecting));
            }
            Progress::Pending if !waiting => {
                add(&self.status, &dots());
                let loader = &config.widget.loader;
                if let Some(words) =
                    loader.loader_texts.get(line.step).filter(|_| loader.enable_loader)
                {
                    self.say("note", texts.own(words));
                }
            }
            Progress::Stopped => self.say("note", texts.of(Word::stopped)),
            Progress::Interrupted => {
                self.say("note", texts.of(Word::interrupted));
                if last {
                    self.offer_retry(texts.of(Word::retry), true);
                }
            }
            Progress::Failed(trouble) => {
                self.say("note bad", texts.of(trouble.word));
                if trouble.retry && last {
                    self.offer_retry(&trouble.label(texts), trouble.wait == 0);
                }
            }
            Progress::Pending | Progress::Streaming | Progress::Complete => {}
        }
    }

    fn say(&self, class: &str, words: &str) {
        add(&self.status, &text("span", class, words));
    }

    fn offer_retry(&self, label: &str, ready: bool) {
        let retry = button("btn small", "retry", label);
        attr(&retry, "part", "retry");
        if !ready {
            attr(&retry, "disabled", "");
        }
        add(&self.status, &retry);
    }

    fn show_foot(&self, line: &Line, texts: &Texts, config: &Config, last: bool, again: bool) {
        if config.widget.behaviour.enable_sources && !line.sources.is_empty() {
            add(&self.foot, &sources(line, texts));
        }
        if line.text.is_empty() {
            return;
        }
        let tools = element("div", "tools");
        add(&tools, &icon_button(Icon::Copy, "copy", texts.of(Word::copy)));
        if again {
            add(&tools, &icon_button(Icon::Again, "retry", texts.of(Word::regenerate)));
        }
        let rateable = line.author == Author::Assistant && line.id.is_some();
        if config.widget.privacy.enable_chat_rating && rateable {
            for (icon, act, label, rating) in [
                (Icon::ThumbUp, "up", Word::rate_up, Rating::Up),
                (Icon::ThumbDown, "down", Word::rate_down, Rating::Down),
            ] {
                let thumb = icon_button(icon, act, texts.of(label));
                attr(
                    &thumb,
                    "aria-pressed",
                    if line.rating == Some(rating) { "true" } else { "false" },
                );
                add(&tools, &thumb);
            }
        }
        add(&tools, &self.time);
        add(&self.foot, &tools);
        if line.offer_contact && last {
            let card = element("div", "card");
            add(&card, &text("p", "", texts.of(Word::contact_offer)));
            add(&card, &button("btn", "contact", texts.of(Word::contact_open)));
            add(&self.offer, &card);
        }
        // Not once the conversation has ended, and not below an answer that failed.
        if again && !line.suggestions.is_empty() {
            add(&self.offer, &chips(texts, &line.suggestions));
        }
    }
}

fn sources(line: &Line, texts: &Texts) -> Element {
    let list = element("div", "sources");
    attr(&list, "part", "sources");
    add(&list, &text("h3", "", texts.of(Word::sources)));
    let items = element("ol", "");
    for source in &line.sources {
        let item = element("li", "");
        let web = source.url.as_deref().filter(|url| is_web(url));
        let entry = match web {
            Some(url) => anchor("source", url),
            None => element("span", "source"),
        };
        add(&entry, &text("span", "cite", &digits(source.number.into())));
        add(&entry, &text("span", "title", &source.title));
        if let Some(host) = web.and_then(host) {
            add(&entry, &text("span", "host", host));
        }
        attr(&entry, "part", "source");
        if let Some(excerpt) = &source.excerpt {
            attr(&entry, "title", excerpt);
        }
        add(&item, &entry);
        add(&items, &item);
    }
    add(&list, &items);
    list
}

/// The host of an address, as a reader knows it.
fn host(url: &str) -> Option<&str> {
    let host = url.split(['/', '?', '#']).nth(2)?;
    let host = after_last(host, b'@');
    Some(host.strip_prefix("www.").unwrap_or(host))
}

/// Questions that can be asked by pressing them.
pub(super) fn chips(texts: &Texts, questions: &[String]) -> Element {
    let group = element("div", "chips");
    attr(&group, "role", "group");
    attr(&group, "aria-label", texts.of(Word::suggestions));
    for question in questions {
        let chip = button("chip", "ask", question);
        attr(&chip, "part", "suggestion question");
        attr(&chip, "dir", "auto");
        add(&group, &chip);
    }
    group
}

/// Three dots that move while something is awaited.
pub(super) fn dots() -> Element {
    let dots = element("span", "dots");
    attr(&dots, "aria-hidden", "true");
    for _ in 0..3 {
        add(&dots, &element("i", ""));
    }
    dots
}
