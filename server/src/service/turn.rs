//! Turns: taking a question exactly once, finding its answer again, stopping it and asking for it again. What happens
//! while it is answered stands in `turn_run`.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use natter_shared::MAX_MESSAGE_CHARS;
use natter_shared::contact::OfferContact;
use natter_shared::id::{MessageId, SessionId, TurnId};
use natter_shared::message::{Answer, Author, MessageStatus, RetryTurn, SendMessage, Stopped};
use natter_shared::stream::FinishReason;

use crate::clock::timestamp;
use crate::log::{LiveTurn, Outcome, Progress};
use crate::store::{
    MessageRow, NewEvent, NewMessage, NewTurn, Touched, TurnRow, TurnStatus, WriteTx,
};

use super::session::{check_text, invalid};
use super::turn_run::interrupt;
use super::{Access, Service, ServiceError, context};

/// How many turns of a session may be open: one is answered, one waits.
const MAX_OPEN: usize = 2;

/// An answer to be read from a place on.
#[derive(Clone)]
pub struct Reading {
    /// The answer, growing or ended.
    pub live: Arc<LiveTurn>,
    /// How many bytes of its text the reader has already.
    pub from: usize,
    /// Whether the sources of the answer are shown.
    pub shows_sources: bool,
}

/// A turn that is to begin.
struct Begun {
    turn: TurnId,
    question: MessageId,
    /// The event of the question, when that is new.
    asked: Option<NewEvent>,
    /// The first of the numbers that were reserved for that event and the turn's start.
    next_event: i64,
    /// How many turns of the session are open.
    open: usize,
    /// The client's key, when the question is answered again.
    retry_key: Option<String>,
}

impl Service {
    /// Takes a question: stores it, begins its turn, and returns when both are durable. The same `client_message_id`
    /// with the same words, files and place in the conversation gives the same turn.
    ///
    /// # Errors
    /// [`ServiceError`] when the words, the consent or the state of the session do not allow it.
    pub async fn send(
        &self,
        access: &Access,
        request: &SendMessage,
    ) -> Result<Reading, ServiceError> {
        let text = parse_question(access, request)?;
        let context = context::accepted(request.context.as_ref())?;
        let (id, now) = (access.session.id(), self.clock().now());
        let mut tx = self.store().write().await?;
        // The question is an event, and so is the start of its turn.
        let touched = tx.touch_session(id, 2, now).await?;
        let mut touched = touched.ok_or(ServiceError::NotFound("session"))?;
        if let Some(key) = &request.client_message_id
            && let Some(sent) = tx.message_by_client_id(id, key).await?
        {
            let same_files = sent
                .attachments()
                .iter()
                .map(|file| file.id)
                .eq(request.attachments.iter().copied());
            // Where it was asked may have changed meanwhile: that is no other message.
            if sent.body != text || sent.parent() != request.replaces || !same_files {
                return Err(ServiceError::KeyReused("client_message_id"));
            }
            let turn = sent.turn().ok_or(ServiceError::NotFound("turn"))?;
            // On SQLite it may have been sent a moment ago and share our commit, which has yet to succeed.
            tx.reserve_events(id, -2).await?;
            tx.commit().await?;
            return self.reading(access, turn, 0).await;
        }
        if !touched.is_open {
            return Err(ServiceError::SessionFinished);
        }
        if let (Some(hash), false) = (&access.chatbot.consent_hash, touched.consented) {
            if request.consent_accepted != Some(true) {
                return Err(ServiceError::ConsentRequired);
            }
            tx.record_consent(id, hash, request.locale.as_deref(), now).await?;
        }
        let open = self.open_turns(&mut tx, access, &mut touched, 2, now).await?;
        if let Some(replaced) = request.replaces {
            if open > 0 {
                return Err(ServiceError::TurnRunning);
            }
            if newest_question(&mut tx, id).await? != Some(replaced) {
                return Err(ServiceError::NotReplaceable);
            }
        }
        let attachments = self.to_attach(&mut tx, access, &request.attachments).await?;
        let question = NewMessage {
            id: self.clock().id(),
            organization: access.session.organization(),
            session: id,
            parent: request.replaces,
            turn: Some(self.clock().id()),
            author: Author::Visitor,
            body: text.to_owned(),
            status: MessageStatus::Complete,
            sources: Vec::new(),
            answered: None,
            error_code: None,
            client_message_id: request.client_message_id.clone(),
            contact_reason: None,
            suggestions: Vec::new(),
            created_at: now,
            context,
            attachments,
        };
        tx.insert_message(&question).await?;
        for file in &question.attachments {
            // The session's row is held, so nobody else can have sent or deleted it since.
            if !tx.send_attachment(id, file.id, question.id).await? {
                return Err(ServiceError::NotFound("attachment"));
            }
        }
        let asked = event("message", question.turn, Some(question.id), now);
        let turn = question.turn.unwrap_or_else(|| self.clock().id());
        let begun = Begun {
            turn,
            question: question.id,
            asked: Some(asked),
            next_event: touched.next,
            open,
            retry_key: None,
        };
        self.begin_turn(access, tx, begun).await
    }

    /// Has the question of a turn answered again: of one that did not succeed, or of any when that is asked for.
    ///
    /// # Errors
    /// [`ServiceError::NotRetryable`] when it succeeded and that is not asked for, is still open, or is not the newest.
    pub async fn retry(
        &self,
        access: &Access,
        turn: TurnId,
        request: &RetryTurn,
    ) -> Result<Reading, ServiceError> {
        let (id, now) = (access.session.id(), self.clock().now());
        check_text("client_message_id", request.client_message_id.as_deref(), 100)?;
        let mut tx = self.store().write().await?;
        let touched = tx.touch_session(id, 1, now).await?;
        let mut touched = touched.ok_or(ServiceError::NotFound("session"))?;
        let open = self.open_turns(&mut tx, access, &mut touched, 1, now).await?;
        let row = tx.turn(id, turn).await?.ok_or(ServiceError::NotFound("turn"))?;
        if let Some(key) = &request.client_message_id
            && let Some(begun) = tx.turn_by_retry_key(id, key).await?
        {
            if begun.question() != row.question() {
                return Err(ServiceError::KeyReused("client_message_id"));
            }
            tx.reserve_events(id, -1).await?;
            tx.commit().await?;
            return self.reading(access, begun.id(), 0).await;
        }
        if !touched.is_open {
            return Err(ServiceError::SessionFinished);
        }
        // Who has taken the consent back is asked again; terms that came later are asked for with the next question.
        let withdrawn = access.chatbot.consent_hash.is_some() && !touched.consented;
        if withdrawn && tx.withdrawn_consent(id).await?.is_some() {
            return Err(ServiceError::ConsentRequired);
        }
        let newest = newest_question(&mut tx, id).await?;
        let done = row.status() == TurnStatus::Complete && !request.regenerate;
        if row.is_open() || done || newest != Some(row.question()) {
            return Err(ServiceError::NotRetryable);
        }
        let begun = Begun {
            turn: self.clock().id(),
            question: row.question(),
            asked: None,
            next_event: touched.next,
            open,
            retry_key: request.client_message_id.clone(),
        };
        self.begin_turn(access, tx, begun).await
    }

    /// How many turns of a session are open. One that nobody answers does not count: its commit failed for us and has
    /// reached the database all the same. It is marked as interrupted, ahead of the events that were reserved.
    async fn open_turns(
        &self,
        tx: &mut WriteTx,
        access: &Access,
        touched: &mut Touched,
        reserved: i64,
        now: DateTime<Utc>,
    ) -> Result<usize, ServiceError> {
        let (session, organization) = (access.session.id(), access.session.organization());
        let open = tx.open_turns(session).await?;
        // A turn is live before its row can be seen, and until its end is stored.
        let lost = |row: &&TurnRow| self.inner.live.get(session, row.id()).is_none();
        let lost: Vec<&TurnRow> = open.iter().filter(lost).collect();
        if !lost.is_empty() {
            tx.reserve_events(session, -reserved).await?;
            for row in &lost {
                tracing::warn!(turn.id = %row.id(), "turn.recover marked a turn as interrupted");
                interrupt(tx, row, organization, now).await?;
            }
            let newest = tx.reserve_events(session, reserved).await?;
            touched.next = newest.ok_or(ServiceError::NotFound("session"))? + 1 - reserved;
        }
        Ok(open.len() - lost.len())
    }

    /// Stores the turn, commits, and starts it or leaves it waiting.
    async fn begin_turn(
        &self,
        access: &Access,
        mut tx: WriteTx,
        begun: Begun,
    ) -> Result<Reading, ServiceError> {
        let Begun { turn, question, asked, next_event, open, retry_key } = begun;
        let (session, now) = (access.session.id(), self.clock().now());
        if open >= MAX_OPEN {
            return Err(ServiceError::TurnRunning);
        }
        let new = NewTurn {
            id: turn,
            organization: access.session.organization(),
            session,
            question,
            answer: self.clock().id(),
            retry_key,
            chatbot_version: access.chatbot.version,
            status: if open == 0 { TurnStatus::Running } else { TurnStatus::Waiting },
            created_at: now,
        };
        tx.insert_turn(&new).await?;
        let started = (open == 0).then(|| event("turn-started", Some(turn), None, now));
        if started.is_none() {
            // It starts later, under a number of that time.
            tx.reserve_events(session, -1).await?;
        }
        let events: Vec<NewEvent> = asked.into_iter().chain(started).collect();
        tx.insert_events(session, next_event, &events).await?;
        let live = LiveTurn::new(turn, session, question, new.answer);
        let live = Arc::new(live.in_language(access.session.locale.clone()));
        let reading = read_from(access, Arc::clone(&live), 0);
        // The caller may go away at any moment, and what is committed must be answered: so both belong to a task.
        let (service, chatbot) = (self.clone(), Arc::clone(&access.chatbot));
        let stored = self.inner.tasks.spawn(async move {
            // Readers must find the turn as soon as its row can be seen.
            service.inner.live.insert(Arc::clone(&live));
            if let Err(error) = tx.commit().await {
                service.inner.live.remove(&live);
                return Err(error);
            }
            if open == 0 {
                service.spawn_turn(live, chatbot);
            }
            Ok(())
        });
        stored.await.map_err(|error| ServiceError::Internal(error.into()))??;
        Ok(reading)
    }

    /// A turn of the session, to be read from a place on, whether it is being answered or ended long ago.
    async fn reading(
        &self,
        access: &Access,
        turn: TurnId,
        from: usize,
    ) -> Result<Reading, ServiceError> {
        let session = access.session.id();
        if let Some(live) = self.inner.live.get(session, turn) {
            return Ok(read_from(access, live, from));
        }
        let mut tx = self.store().read().await?;
        let row = tx.turn(session, turn).await?.ok_or(ServiceError::NotFound("turn"))?;
        let answer = tx.message(session, row.answer()).await?;
        let live = LiveTurn::new(row.id(), session, row.question(), row.answer());
        let contact = access.chatbot.offers_contact() != OfferContact::Never;
        Ok(read_from(access, Arc::new(live.ended(stored(&row, answer.as_ref(), contact))), from))
    }

    /// The running turn from its start, or the turn that a reader lost, from where it was. None when nothing runs.
    ///
    /// # Errors
    /// [`ServiceError`] when the place is not one of ours or the database fails.
    pub async fn resume_reading(
        &self,
        access: &Access,
        last_event_id: Option<&str>,
    ) -> Result<Option<Reading>, ServiceError> {
        if let Some(place) = last_event_id {
            let parsed = place
                .rsplit_once(':')
                .and_then(|(turn, from)| Some((turn.parse().ok()?, from.parse().ok()?)));
            let (turn, from) = parsed.ok_or_else(|| {
                invalid(
                    "Last-Event-ID",
                    "Last-Event-ID is not one that was handed out; leave it away to begin anew",
                )
            })?;
            return self.reading(access, turn, from).await.map(Some);
        }
        let open = self.store().read().await?.open_turns(access.session.id()).await?;
        match open.first() {
            Some(row) => self.reading(access, row.id(), 0).await.map(Some),
            None => Ok(None),
        }
    }

    /// Waits for the answer.
    ///
    /// # Errors
    /// [`ServiceError::AnswerFailed`] when it failed.
    pub async fn answer(&self, reading: &Reading) -> Result<Answer, ServiceError> {
        let live = &reading.live;
        let outcome = live.ended_with().await;
        if let Some(problem) = outcome.problem {
            return Err(ServiceError::AnswerFailed(Box::new(problem)));
        }
        let (answer, sources) =
            live.look(|progress| (progress.text.clone(), progress.sources.clone()));
        Ok(Answer {
            session_id: live.session,
            turn_id: live.turn,
            message_id: live.answer,
            answer,
            sources: if reading.shows_sources { sources } else { Vec::new() },
            answered: outcome.answered,
            status: outcome.status,
            created_at: timestamp(self.clock().now()),
        })
    }

    /// Stops what is being answered, and waits until its text so far is stored.
    pub async fn stop(&self, access: &Access) -> Stopped {
        let session_id = access.session.id();
        let running = self.inner.live.of_session(session_id);
        for live in &running {
            live.stop.cancel();
        }
        for live in &running {
            live.ended_with().await;
        }
        Stopped { session_id, turn_id: running.first().map(|live| live.turn) }
    }

    /// Stops what is being answered in a session, without waiting.
    pub(super) fn stop_live(&self, session: SessionId) {
        for live in self.inner.live.of_session(session) {
            live.stop.cancel();
        }
    }

    /// Waits until nothing is being answered.
    pub(super) async fn turns_ended(&self) {
        let open = |live: &Arc<LiveTurn>| live.look(|progress| progress.outcome.is_none());
        while let Some(live) = self.inner.live.all().into_iter().find(open) {
            live.ended_with().await;
        }
    }
}

/// The visitor's newest message.
async fn newest_question(
    tx: &mut WriteTx,
    session: SessionId,
) -> Result<Option<MessageId>, ServiceError> {
    let rows = tx.messages(session).await?;
    Ok(rows.iter().rfind(|row| row.author() == Author::Visitor).map(MessageRow::id))
}

fn read_from(access: &Access, live: Arc<LiveTurn>, from: usize) -> Reading {
    Reading { live, from, shows_sources: access.chatbot.config.widget.behaviour.enable_sources }
}

/// The words of a question, trimmed, when they and the consent that came along can be accepted.
fn parse_question<'a>(access: &Access, request: &'a SendMessage) -> Result<&'a str, ServiceError> {
    let text = request.message.trim();
    let most = MAX_MESSAGE_CHARS.min(access.chatbot.config.limits.max_message_chars as usize);
    // A file may say enough. Whether those that are named belong to the session comes out when they are attached.
    if text.is_empty() && request.attachments.is_empty() {
        return Err(invalid("message", "the message is empty; write a question, or attach a file"));
    }
    check_text("message", Some(text), most)?;
    check_text("locale", request.locale.as_deref(), 35)?;
    check_text("client_message_id", request.client_message_id.as_deref(), 100)?;
    if request.consent_accepted == Some(false) {
        return Err(ServiceError::ConsentRequired);
    }
    Ok(text)
}

pub(super) fn event(
    kind: &'static str,
    turn: Option<TurnId>,
    message: Option<MessageId>,
    created_at: DateTime<Utc>,
) -> NewEvent {
    NewEvent { kind, turn, message, created_at }
}

/// A turn that has ended, as the store has it.
fn stored(row: &TurnRow, answer: Option<&MessageRow>, contact: bool) -> Progress {
    let status = answer.map_or(MessageStatus::Interrupted, MessageRow::status);
    let answered = answer.and_then(|answer| answer.answered).unwrap_or(false);
    let code = answer.and_then(|answer| answer.error_code.as_deref());
    Progress {
        text: answer.map_or_else(|| row.text.clone(), |answer| answer.body.clone()),
        sources: answer.map_or_else(|| row.sources().to_vec(), |answer| answer.sources().to_vec()),
        outcome: Some(Outcome {
            status,
            finish_reason: row
                .finish_reason
                .as_deref()
                .map_or(FinishReason::Other, FinishReason::from_word),
            answered,
            contact: answer.and_then(MessageRow::contact_reason).filter(|_| contact),
            suggestions: answer.map_or_else(Vec::new, |answer| answer.suggestions().to_vec()),
            problem: code.map(super::outcome::problem_of_code),
        }),
    }
}
