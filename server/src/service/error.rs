//! Why the service refuses.

use std::time::Duration;

use natter_shared::problem::FieldError;

use crate::store::StoreError;

use super::origin::OriginRefusal;

/// A refusal or a failure. Each has one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// There is no such thing, or it is somebody else's.
    #[error("there is no such {0}; check the id in the address")]
    NotFound(&'static str),
    /// The page's origin is not allowed.
    #[error("{0}")]
    Origin(#[from] OriginRefusal),
    /// A version of the handshake that is not spoken here.
    #[error("version {0} of the handshake is not supported; send version 2")]
    Version(u32),
    /// No credential came along.
    #[error(
        "this call needs a credential; send the handshake's token or an API key in the Authorization header"
    )]
    CredentialMissing,
    /// The credential is not one of ours.
    #[error("the credential is not valid; make a new handshake, or check the API key")]
    CredentialInvalid,
    /// The token is too old.
    #[error("the token has expired; make a new handshake")]
    TokenExpired,
    /// The session's secret is too old.
    #[error("the session can no longer be resumed; open a new one")]
    SessionExpired,
    /// The credential is good, but not for this.
    #[error("the credential does not open this; make a handshake for this chatbot")]
    NotAllowed,
    /// The API key is good, but not for this.
    #[error("the API key's scope does not allow this; use a key with a scope that does")]
    KeyScope,
    /// The proof of who the visitor is does not hold.
    #[error(
        "the proof of identity does not hold; have the site's server make a new one with the chatbot's identity secret"
    )]
    IdentityInvalid,
    /// The session is somebody else's.
    #[error("the session belongs to another user; log out and open a new one")]
    IdentityMismatch,
    /// The terms have not been accepted.
    #[error("the terms must be accepted first; send consent_accepted: true")]
    ConsentRequired,
    /// The terms have changed since they were shown.
    #[error("the terms have changed; show them again and send the new consent_hash")]
    ConsentOutdated,
    /// The session takes no more messages.
    #[error("the session is finished; open a new one")]
    SessionFinished,
    /// There is no consent to take back.
    #[error("no terms were accepted in this session; there is nothing to take back")]
    NothingAccepted,
    /// The session is not finished.
    #[error("the session is not finished yet; finish it first")]
    SessionOpen,
    /// It is too late to rate the session.
    #[error("the session was finished more than a day ago; it can no longer be rated")]
    RatingClosed,
    /// The session is busy.
    #[error("an answer is being written and another question waits; wait for it or stop it")]
    TurnRunning,
    /// The turn cannot be answered again.
    #[error(
        "only the newest answer can be asked for again, and one that succeeded only with \"regenerate\": true"
    )]
    NotRetryable,
    /// The message cannot be replaced.
    #[error("only the visitor's newest message can be replaced, once its answer has ended")]
    NotReplaceable,
    /// The key was used for something else.
    #[error("this {0} was used with other content; make a new one for each message")]
    KeyReused(&'static str),
    /// A value that cannot be accepted.
    #[error("{reason}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong and what to do.
        reason: String,
    },
    /// Fields of a form that cannot be accepted.
    #[error("some fields are wrong; correct what `errors` names")]
    InvalidFields(Vec<FieldError>),
    /// The one-time token was used, or is too old.
    #[error("the token was used already or has expired; make a new one")]
    TokenSpent,
    /// The chatbot does not take contacts.
    #[error("this chatbot takes no contact details")]
    ContactsOff,
    /// The chatbot takes no files.
    #[error("this chatbot takes no attachments")]
    AttachmentsOff,
    /// The file is too large.
    #[error("the file is larger than {most} bytes; send a smaller one")]
    AttachmentTooLarge {
        /// The largest that is taken.
        most: u64,
    },
    /// The file is not of a type that is taken.
    #[error("a file of this type is not taken; send one of {accepted}")]
    AttachmentType {
        /// What is taken.
        accepted: String,
    },
    /// There is no room for more files.
    #[error(
        "there is no room for more files; delete one that was not sent, or begin a new conversation"
    )]
    AttachmentQuota,
    /// The file is part of a message.
    #[error("the file was sent with a message; delete the conversation to delete it")]
    AttachmentSent,
    /// Not all of a file has come.
    #[error("the file broke off; send it again")]
    UploadBroken,
    /// Too many requests.
    #[error("too many requests; wait a moment")]
    RateLimited {
        /// When to come back.
        retry_after: Duration,
    },
    /// The answer could not be had.
    #[error("the answer cannot be given now; try again in a moment")]
    AnswerFailed(Box<natter_shared::problem::Problem>),
    /// The server cannot do it now.
    #[error("the server cannot do this now; try again in a moment")]
    Unavailable(#[source] anyhow::Error),
    /// A fault of ours.
    #[error("something went wrong here; try again, and tell us the request id if it persists")]
    Internal(#[source] anyhow::Error),
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Commit => Self::Unavailable(error.into()),
            other => Self::Internal(other.into()),
        }
    }
}
