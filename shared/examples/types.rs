//! Prints the wire types as TypeScript, for `cargo xtask types`.

use natter_shared::{
    Timestamp, attachment as a, contact as c, context as x, id, identity as i, message as m,
    problem as p, session as s,
};
use ts_rs::{Config, TS};

/// One declaration under its documentation.
fn declared<T: TS + 'static>(config: &Config) -> String {
    let docs = T::docs().unwrap_or_default();
    [docs.trim_end(), "\nexport ", &T::decl(config)].concat()
}

macro_rules! declare {
    ($($type:ty),* $(,)?) => {{
        let config = Config::new().with_large_int("number");
        vec![$(declared::<$type>(&config)),*]
    }};
}

#[expect(clippy::print_stdout, reason = "this program prints")]
fn main() {
    println!(
        "// What the widget and the server say to each other. Made by `cargo xtask types`: do not edit."
    );
    for declaration in declare![
        Timestamp,
        id::SessionId,
        id::MessageId,
        id::TurnId,
        id::AttachmentId,
        x::JsonText,
        x::PageContext,
        i::Identity,
        i::IdentityView,
        i::SessionSummary,
        i::SessionList,
        a::AttachmentView,
        a::AttachmentRules,
        m::Author,
        m::MessageStatus,
        m::Rating,
        m::SourceView,
        m::MessageView,
        m::SendMessage,
        m::FeedbackReason,
        m::Feedback,
        s::SessionStatus,
        s::SessionRating,
        s::Credentials,
        s::CreateSession,
        s::SessionCreated,
        c::ContactReason,
        c::ContactHandoff,
        p::FieldError,
        p::Problem,
    ] {
        println!("\n{}", declaration.trim_start());
    }
}
