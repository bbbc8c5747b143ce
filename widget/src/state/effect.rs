//! What `update` is told and what it asks for. The shell does the one and reports the other.

use natter_shared::event::EventPage;
use natter_shared::handshake::{HandshakeData, Resume};
use natter_shared::message::{Feedback, Rating};
use natter_shared::session::{CreateSession, ExpandToken, Redeemed, SessionCreated};
use natter_shared::stream::StreamPart;

use super::failure::Failure;
use super::model::{Ask, Stored};
use crate::i18n::Texts;

/// What happened.
#[derive(Debug)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::large_enum_variant, reason = "one or two exist at a time")
)]
pub enum Msg {
    /// The app was mounted.
    Start,
    /// Show the panel.
    Open,
    /// Hide the panel.
    Close,
    /// Show or hide it.
    Toggle,
    /// Escape was pressed.
    Escape,
    /// The handshake ended.
    Handshaken(Result<Box<HandshakeData>, Failure>),
    /// The server was asked whether it lives.
    Probed(bool),
    /// Try again what the notice is about.
    Reconnect,
    /// The browser lost or found its network.
    Online(bool),
    /// The terms were accepted (`true`), declined, or are to be read again.
    Consent(bool),
    /// Back from declining to the terms.
    Reconsider,
    /// A chatbot was chosen.
    Pick(usize),
    /// Back to the chatbots.
    Unpick,
    /// A message is to be sent. The key is random.
    Submit {
        /// The message.
        text: String,
        /// An idempotency key.
        key: String,
    },
    /// The page's script sends a message, which waits for its time.
    Send {
        /// The message.
        text: String,
        /// An idempotency key.
        key: String,
    },
    /// The page's script puts a text into the composer.
    Prefill(String),
    /// What the page says of itself, as JSON, ahead of a message.
    Page(Option<String>),
    /// The page says who the visitor is, as JSON.
    Identify(String),
    /// The page says that the visitor is gone: nothing of theirs may be left.
    Logout,
    /// Stop the answer.
    Stop,
    /// Try a line again.
    Retry {
        /// The line.
        line: u32,
        /// An idempotency key.
        key: String,
    },
    /// The visitor's newest question is to be worded anew in the place of what stands in the composer, or not after all.
    Edit(Option<u32>, String),
    /// Parts of a stream came.
    Parts {
        /// The stream.
        number: u32,
        /// The parts with their places.
        parts: Vec<(Option<String>, StreamPart)>,
    },
    /// A stream ended.
    Ended {
        /// The stream.
        number: u32,
        /// How.
        result: Result<StreamEnd, Failure>,
    },
    /// A call ended.
    Reply(u32, Call, Result<Reply, Failure>),
    /// A timer ran out.
    Timer(Timer),
    /// A thumb was pressed.
    Rate(u32, Rating),
    /// Something is to lie over the chat, or nothing.
    Show(super::model::Dialog),
    /// A new conversation is to be begun after one was ended.
    Anew,
    /// The full page is to be opened; the click has opened a tab already.
    Expand,
    /// A part of the app is asked for, by its name.
    Part(&'static str),
    /// A part says that contact details were left.
    Contacted,
    /// A part says which files are to go with the next message: a list of ids as JSON, or nothing.
    Files(String),
    /// A part needs a conversation to upload a file for. The key is random.
    Begin(String),
    /// A part says that the form before the first question is done with.
    Passed,
    /// A part was told that its token is too old.
    Renew,
    /// A part could not be fetched, or broke, or its request was answered with this status.
    Failed(u16),
    /// A part ended the conversation.
    Finished,
    /// A part had the conversation deleted.
    Cleared,
    /// Whether there are earlier conversations of the visitor.
    Past(bool),
    /// Another conversation of the visitor is to be gone on with.
    Opened(Option<Stored>),
    /// The notice is to go.
    Dismiss,
    /// The newest message is to be seen.
    Newest,
    /// Another tab says that the conversation went on.
    Elsewhere,
    /// Another tab began or reset the conversation; what is stored now.
    Restored(Option<Stored>),
    /// The words are to be those of another language.
    Locale(String, &'static Texts),
    /// The panel was idle for the owner's time.
    Idle {
        /// Whether the visitor is at it all the same.
        attended: bool,
    },
}

/// How a stream ended without a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamEnd {
    /// The connection was closed.
    Closed,
    /// Nothing is running.
    Nothing,
}

/// A timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    /// Try the handshake again.
    Handshake,
    /// Open the run's stream again.
    Stream(u32),
    /// Count a line's seconds down.
    Second(u32),
    /// Show a line's next loading text.
    Loader(u32),
}

/// A request with a JSON answer. The session is the state's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Opens a session with a chatbot.
    Create(String, CreateSession),
    /// Stops the answer.
    Stop,
    /// Rates an answer.
    Rate(Feedback),
    /// Asks for an address of the full page.
    Expand,
    /// Takes a conversation over from an expand token.
    Redeem(String),
    /// Reads the log after an event.
    Events(i64),
    /// Says whose conversation it is.
    Identify,
}

/// What a call brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A session.
    Created(SessionCreated),
    /// An address.
    Expanded(ExpandToken),
    /// A conversation.
    Redeemed(Box<Redeemed>),
    /// Events.
    Events(EventPage),
    /// Nothing that matters.
    Done,
}

/// Where the focus goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The first thing to do on the screen that is shown.
    Screen,
    /// The composer.
    Composer,
}

/// What other tabs are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    /// The conversation went on.
    Changed,
    /// The stored conversation is another one.
    Stored,
}

/// What the page around the app is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// The panel was shown.
    Opened,
    /// The panel was hidden; the focus goes back.
    Closed,
    /// The panel was hidden because nobody attended to it; the focus stays.
    Idle,
    /// So many answers are unread.
    Unread(u32),
    /// An event for the page's script: its name and the session or message it is about.
    Emit(&'static str, String),
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask for a token and the configuration.
    Handshake(Option<Resume>),
    /// Ask whether the server lives.
    Probe,
    /// Do a request and report its end, with the epoch it belongs to.
    Call(u32, Call),
    /// Open a stream.
    Stream {
        /// Its number.
        number: u32,
        /// What to ask for.
        ask: Ask,
        /// Where to go on.
        place: Option<String>,
    },
    /// Drop the stream that is open.
    Drop,
    /// Report when a time is over.
    After(u32, Timer),
    /// Keep a conversation's handle, or forget it.
    Keep(Option<Stored>),
    /// Tell the other tabs.
    Tell(Tell),
    /// Tell the page around.
    Host(Host),
    /// Fetch a part of the app and let it begin.
    Part(&'static str),
    /// Have what a part lays over the chat go.
    Dismiss,
    /// Have the parts leave nothing of the conversation, and what lies over the chat go.
    Leave,
    /// Have the list of earlier conversations forget one that is not on the server any more.
    Gone(String),
    /// Say something to screen readers.
    Announce(String),
    /// Move the focus.
    Focus(Focus),
    /// Put a text into the composer.
    Draft(String),
    /// Say again how long the text in the composer may still get.
    Recount,
    /// Send the waiting tab to its address, or close it.
    Navigate(Option<String>),
    /// Scroll the log to its end.
    ScrollToEnd,
}
