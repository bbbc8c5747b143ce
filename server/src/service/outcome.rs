//! How an answer ends, in the words of the store and of the wire.

use natter_shared::contact::{ContactReason, OfferContact};
use natter_shared::message::MessageStatus;
use natter_shared::problem::Problem;
use natter_shared::stream::FinishReason;

use crate::answer::{self, AnswerError};
use crate::log::Outcome;
use crate::store::TurnStatus;

use super::ServiceError;

/// Why an answer did not end by itself.
pub(super) enum Cut {
    Stopped,
    Closing,
    Failed(AnswerError),
    Service(ServiceError),
}

/// What a question says about the contact form before it is answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offers {
    /// When the owner has it shown.
    pub(super) when: OfferContact,
    /// Whether the visitor asks for a person.
    pub(super) asked: bool,
    /// Whether this is the message that the owner's rule waits for.
    pub(super) due: bool,
}

impl Offers {
    /// Why the form is offered below the answer.
    pub(super) const fn reason(self, answered: bool) -> Option<ContactReason> {
        match self.when {
            OfferContact::Never => None,
            _ if self.asked => Some(ContactReason::Asked),
            OfferContact::AskedForPerson => None,
            _ if !answered => Some(ContactReason::Unanswered),
            _ if self.due => Some(ContactReason::Rule),
            _ => None,
        }
    }
}

/// How an answer ended by itself.
pub(super) struct Ended {
    pub(super) reason: FinishReason,
    pub(super) answered: bool,
    pub(super) contact: Option<ContactReason>,
    pub(super) suggestions: Vec<String>,
}

pub(super) const fn finish_reason(reason: answer::FinishReason) -> FinishReason {
    match reason {
        answer::FinishReason::Stop => FinishReason::Stop,
        answer::FinishReason::Length => FinishReason::Length,
        answer::FinishReason::ContentFilter => FinishReason::ContentFilter,
        answer::FinishReason::Other => FinishReason::Other,
    }
}

pub(super) const fn turn_status(status: MessageStatus) -> TurnStatus {
    match status {
        MessageStatus::Complete => TurnStatus::Complete,
        MessageStatus::Stopped => TurnStatus::Stopped,
        MessageStatus::Interrupted => TurnStatus::Interrupted,
        MessageStatus::Failed => TurnStatus::Failed,
    }
}

/// What the readers are told, and what is logged of a failure.
pub(super) fn outcome(ended: Result<&Ended, &Cut>) -> Outcome {
    let cut = |status, problem| Outcome {
        status,
        finish_reason: if status == MessageStatus::Failed {
            FinishReason::Error
        } else {
            FinishReason::Other
        },
        answered: false,
        contact: None,
        suggestions: Vec::new(),
        problem,
    };
    match ended {
        Ok(Ended { reason, answered, contact, suggestions }) => Outcome {
            status: MessageStatus::Complete,
            finish_reason: *reason,
            answered: *answered,
            contact: *contact,
            suggestions: suggestions.clone(),
            problem: None,
        },
        Err(Cut::Stopped) => cut(MessageStatus::Stopped, None),
        Err(Cut::Closing) => cut(MessageStatus::Interrupted, None),
        Err(Cut::Failed(error)) => {
            tracing::warn!(error = error as &dyn std::error::Error, "turn.answer failed");
            cut(MessageStatus::Failed, Some(problem(error)))
        }
        Err(Cut::Service(error)) => {
            tracing::error!(error = error as &dyn std::error::Error, "turn.answer failed");
            cut(MessageStatus::Failed, Some(problem_of_code("answer_unavailable")))
        }
    }
}

/// What the visitor is told. The provider's own words are never among it.
fn problem(error: &AnswerError) -> Problem {
    let (code, retry_after) = match error {
        AnswerError::Unavailable { retry_after } => ("answer_unavailable", *retry_after),
        AnswerError::RateLimited { retry_after } => ("answer_rate_limited", *retry_after),
        AnswerError::TimedOut => ("answer_timed_out", None),
        AnswerError::Broken => ("answer_broken", None),
        AnswerError::Refused { .. } => ("answer_refused", None),
        AnswerError::TooLong => ("answer_too_long", None),
    };
    Problem { retry_after: retry_after.map(|wait| wait.as_secs().max(1)), ..problem_of_code(code) }
}

/// The problem behind a code that was stored with an answer.
pub(super) fn problem_of_code(code: &str) -> Problem {
    let (status, title, detail) = match code {
        "answer_rate_limited" => {
            (503, "Busy", "Many people are asking right now; try again in a moment.")
        }
        "answer_timed_out" => (504, "Too slow", "The answer took too long; try again."),
        "answer_broken" => (502, "Cut off", "The answer broke off; try again."),
        "answer_refused" => {
            (502, "Not set up", "The assistant is not set up correctly; tell the site's owner.")
        }
        "answer_too_long" => {
            (502, "Too long", "The question is too long for the assistant; shorten it.")
        }
        "answer_not_stored" => {
            (503, "Not stored", "The answer could not be stored; ask again in a moment.")
        }
        _ => (503, "Not available", "The answer cannot be given now; try again in a moment."),
    };
    Problem {
        kind: format!("urn:natter:problem:{code}"),
        title: title.into(),
        status,
        code: code.into(),
        detail: Some(detail.into()),
        field: None,
        errors: Vec::new(),
        retry_after: None,
        request_id: None,
    }
}
