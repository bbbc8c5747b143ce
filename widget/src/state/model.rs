//! What the widget knows: settings, conversation, running answer. Data only.

use std::sync::Arc;

use natter_shared::Timestamp;
use natter_shared::appearance::Widget;
use natter_shared::handshake::ChatbotCard;
use natter_shared::id::{MessageId, TurnId};
use natter_shared::message::{Author, Rating, SourceView};
use natter_shared::session::SessionSnapshot;

use super::effect::Effect;
use super::mode::{Mode, Settings};
use crate::i18n::{ENGLISH, Texts, Word};

/// What a browser keeps of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The session.
    pub session_id: String,
    /// The secret for a later handshake's `resume`.
    pub secret: String,
    /// Its chatbot.
    pub chatbot_id: String,
}

/// The handshake's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The chatbots offered.
    pub chatbots: Vec<ChatbotCard>,
    /// Appearance and behaviour.
    pub widget: Widget,
    /// Whether the owner takes files.
    pub files: bool,
}

/// The connection to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// The handshake is under way.
    Connecting,
    /// There is a token.
    Ready,
    /// The handshake failed for good.
    Broken(Notice),
}

/// Where the visitor stands with the terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// Not asked, or there are none.
    Open,
    /// Accepted.
    Accepted,
    /// Declined; nothing was created.
    Declined,
}

/// Something to tell the visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// One or two sentences, which may name the page's origin.
    pub word: Word,
    /// Whether trying again may help.
    pub retry: bool,
}

/// Why an answer is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// One sentence.
    pub word: Word,
    /// Whether trying again may help.
    pub retry: bool,
    /// Seconds until it may.
    pub wait: u32,
    /// Whether the connection was lost while the server wrote: the answer may be there.
    pub lost: bool,
}

impl Trouble {
    /// What stands on the button that tries again.
    #[must_use]
    pub fn label(&self, texts: &Texts) -> String {
        if self.wait > 0 {
            texts.count(Word::retry_in, self.wait as usize)
        } else {
            texts.of(Word::retry).to_owned()
        }
    }
}

/// How far a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The visitor's message is on its way, or the answer has no text yet.
    Pending,
    /// The answer's text grows.
    Streaming,
    /// Whole.
    Complete,
    /// The visitor stopped it.
    Stopped,
    /// The server went down meanwhile.
    Interrupted,
    /// It failed.
    Failed(Trouble),
}

/// One message of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Names the line within this page.
    pub key: u32,
    /// Counts its changes, so that a view sees what to draw again.
    pub revision: u32,
    /// Who wrote it.
    pub author: Author,
    /// Its id, once the server has one.
    pub id: Option<MessageId>,
    /// The question that an answer belongs to, or whose place this one takes.
    pub parent: Option<MessageId>,
    /// When it was stored, as the server says; nothing before that.
    pub at: Option<Timestamp>,
    /// The idempotency key it was sent with.
    pub client_key: Option<String>,
    /// Its turn.
    pub turn: Option<TurnId>,
    /// Its text as Markdown.
    pub text: String,
    /// What it cites.
    pub sources: Vec<SourceView>,
    /// Ids of the files that came with it: a list as JSON, or nothing.
    pub files: String,
    /// How far it is.
    pub progress: Progress,
    /// Thumb.
    pub rating: Option<Rating>,
    /// Whether the contact form is offered below it.
    pub offer_contact: bool,
    /// What may be asked next.
    pub suggestions: Vec<String>,
    /// Seconds of the answer's countdown, or which loading line is shown.
    pub step: usize,
}

impl Line {
    /// Marks the line as changed.
    pub fn touch(&mut self) {
        self.revision = self.revision.wrapping_add(1);
    }

    /// Whether its text may still grow.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.progress, Progress::Pending | Progress::Streaming)
    }
}

/// What a stream is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// The answer to a new message.
    Send {
        /// The message.
        text: String,
        /// Its idempotency key.
        key: String,
        /// The question whose place it takes.
        replaces: Option<MessageId>,
        /// Ids of the files that go with it: a list as JSON, or nothing.
        files: String,
    },
    /// Another answer to the same message.
    Again {
        /// The turn that failed, or whose answer was not liked.
        turn: TurnId,
        /// Its idempotency key.
        key: String,
    },
    /// The answer that is being written.
    Resume,
}

/// An answer that is awaited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Names the attempt: parts of an earlier one are ignored.
    pub number: u32,
    /// What was asked for.
    pub ask: Ask,
    /// The answer's line.
    pub line: u32,
    /// Place of the last part that was applied.
    pub place: Option<String>,
    /// Whether the server has begun to answer.
    pub heard: bool,
    /// Attempts without a part.
    pub tries: u32,
    /// Whether the connection is down.
    pub waiting: bool,
    /// Why it failed, ahead of the part that says so.
    pub problem: Option<super::failure::Failure>,
}

/// What lies over the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialog {
    /// Nothing.
    #[default]
    None,
    /// The menu.
    Menu,
    /// A part's dialog, below which nothing can be reached.
    Part,
}

/// Everything the widget knows.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct State {
    /// What the loader handed over.
    pub settings: Settings,
    /// The words.
    pub texts: &'static Texts,
    /// The configuration, after the handshake.
    pub config: Option<Arc<Config>>,
    /// The connection.
    pub link: Link,
    /// The current token. Never stored.
    pub token: Option<String>,
    /// The language that the last handshake asked for.
    pub asked: String,
    /// The language that the configuration is in.
    pub worded: String,
    /// Whether the owner's texts exist in several languages.
    pub translated: bool,
    /// Whether a handshake is under way.
    pub shaking: bool,
    /// Handshakes that failed in a row.
    pub shakes: u32,
    /// New tokens that did not help in a row.
    pub renewals: u32,
    /// What waits for a new token.
    pub parked: Vec<Effect>,
    /// The conversation's handle.
    pub session: Option<Stored>,
    /// Counts conversations: answers that belong to an earlier one are ignored.
    pub epoch: u32,
    /// Whether the conversation takes no more messages.
    pub finished: bool,
    /// Number of the newest event that was read.
    pub last_seq: i64,
    /// The turn that the log says is running.
    pub active: Option<TurnId>,
    /// Idempotency key of the session that is being opened.
    pub opening: Option<String>,
    /// Whether the session is being opened right now.
    pub creating: bool,
    /// The chatbot that was chosen.
    pub chosen: Option<usize>,
    /// The terms.
    pub consent: Consent,
    /// The terms, when there are any.
    pub terms: Option<String>,
    /// Their hash.
    pub consent_hash: Option<String>,
    /// Whether they are asked about again, because they have changed.
    pub renewed: bool,
    /// Whether the visitor accepted them here, and the server may not know.
    pub agreed: bool,
    /// Longest message that is taken, in characters.
    pub limit: usize,
    /// The log.
    pub lines: Vec<Line>,
    /// The question that is being worded anew in the composer, by its line.
    pub editing: Option<u32>,
    /// What stood in the composer before that.
    pub draft: String,
    /// What such a question took the place of, until the server has it.
    pub undone: Vec<Line>,
    /// Answers that another attempt replaced.
    pub replaced: Vec<MessageId>,
    /// The next line's key.
    pub next_key: u32,
    /// The answer that is awaited.
    pub run: Option<Run>,
    /// Number of the last stream.
    pub streams: u32,
    /// A message that waits for its time, with its key: for the terms, or behind an answer.
    pub queued: Option<(String, String)>,
    /// Ids of the files that were uploaded for the next message: a list as JSON, or nothing.
    pub files: String,
    /// Whether the panel is shown.
    pub open: bool,
    /// Answers that came while it was not.
    pub unread: u32,
    /// Whether the browser believes that it has a network.
    pub online: bool,
    /// A passing notice.
    pub notice: Option<Notice>,
    /// What lies over the chat.
    pub dialog: Dialog,
    /// Whether a tab that a click opened waits for its address.
    pub expanding: bool,
    /// What the page says of itself: a `PageContext` of the wire as JSON.
    pub page: Option<String>,
    /// What it said when the last question was sent. A question that is repeated is the same to its last word.
    pub context: Option<String>,
    /// Whether there are earlier conversations of the visitor on this device.
    pub past: bool,
    /// Whether the page said who the visitor is while the session was being opened.
    pub late: bool,
    /// Whether the conversation is known to be that of the visitor whom the page named.
    pub proven: bool,
    /// A conversation that came back and is not shown before that.
    pub held: Option<Box<SessionSnapshot>>,
    /// Whether a form comes before the first question.
    pub gated: bool,
    /// Whether the visitor is asked at the end what it was like.
    pub csat: bool,
    /// The answer that a thumb was last put down on: its line and its id.
    pub disliked: Option<(u32, MessageId)>,
}

impl State {
    /// The state before anything happened.
    #[must_use]
    pub fn new(settings: Settings, stored: Option<Stored>, online: bool) -> Self {
        Self {
            texts: &ENGLISH,
            open: settings.mode != Mode::Bubble,
            settings,
            config: None,
            link: Link::Connecting,
            token: None,
            asked: String::new(),
            worded: String::new(),
            translated: false,
            shaking: false,
            shakes: 0,
            renewals: 0,
            parked: Vec::new(),
            session: stored,
            epoch: 0,
            finished: false,
            last_seq: 0,
            active: None,
            opening: None,
            creating: false,
            chosen: None,
            consent: Consent::Open,
            terms: None,
            consent_hash: None,
            renewed: false,
            agreed: false,
            limit: natter_shared::MAX_MESSAGE_CHARS,
            lines: Vec::new(),
            editing: None,
            draft: String::new(),
            undone: Vec::new(),
            replaced: Vec::new(),
            next_key: 0,
            run: None,
            streams: 0,
            queued: None,
            files: String::new(),
            unread: 0,
            online,
            notice: None,
            dialog: Dialog::None,
            expanding: false,
            page: None,
            context: None,
            past: false,
            late: false,
            proven: false,
            held: None,
            gated: false,
            csat: false,
            disliked: None,
        }
    }

    /// The chatbot that the visitor talks to.
    #[must_use]
    pub fn chatbot(&self) -> Option<&ChatbotCard> {
        let chatbots = &self.config.as_ref()?.chatbots;
        self.chosen.and_then(|index| chatbots.get(index)).or_else(|| chatbots.first())
    }

    /// The line of a key.
    pub fn line(&mut self, key: u32) -> Option<&mut Line> {
        self.lines.iter_mut().rev().find(|line| line.key == key)
    }

    /// Appends a line and gives its key.
    pub fn push(&mut self, author: Author, text: String, progress: Progress) -> u32 {
        let key = self.next_key;
        self.next_key += 1;
        self.lines.push(Line {
            key,
            revision: 0,
            author,
            id: None,
            parent: None,
            at: None,
            client_key: None,
            turn: None,
            text,
            sources: Vec::new(),
            files: String::new(),
            progress,
            rating: None,
            offer_contact: false,
            suggestions: Vec::new(),
            step: 0,
        });
        key
    }

    /// Whether an answer is awaited.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        self.run.is_some()
    }
}
