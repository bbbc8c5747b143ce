//! A turn while it is answered: it belongs to the server, not to a connection. Its text grows in memory for whoever
//! reads along, is kept in checkpoints, and is stored whole before its end is told to anybody.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use natter_shared::contact::{ContactReason, OfferContact};
use natter_shared::context::{JsonText, PageContext};
use natter_shared::id::{OrganizationId, TurnId};
use natter_shared::message::{Author, MessageStatus, SourceView};
use natter_shared::stream::FinishReason;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::answer::{AnswerError, AnswerPart, Line, Page, Persona, Question, Speaker};
use crate::log::{LiveTurn, Outcome, Progress};
use crate::store::{
    AnswererKind, Attached, NewMessage, SaidRow, StoreError, TurnEnd, TurnRow, TurnStatus, WriteTx,
};

use super::attachment_text::names;
use super::branch;
use super::citations::Citations;
use super::outcome::{Cut, Ended, Offers, finish_reason, outcome, problem_of_code, turn_status};
use super::suggest::Offered;
use super::turn::event;
use super::{Published, Service, ServiceError, TURN_LIMIT, context, person};

/// How often the texts of running turns are looked at.
const LOOK: Duration = Duration::from_millis(500);
/// A text is kept when it has grown by so many bytes …
const CHECKPOINT_BYTES: usize = 4 * 1024;
/// … or is so much newer than what was kept.
const CHECKPOINT_AGE: Duration = Duration::from_secs(2);
/// How many earlier messages an answerer gets to see.
const HISTORY: i64 = 10;
/// How often storing an answer is tried before its readers are told that it cannot be stored, with growing pauses …
const STORE_TRIES: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// … up to this one.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How often it is tried in all when the service closes.
const CLOSING_TRIES: u32 = 2;

/// What is to be answered.
struct Asked {
    question: String,
    /// What was said before, oldest first.
    history: Vec<Line>,
    page: Option<Page>,
    /// Files that came with the question, then those of earlier ones.
    attached: Vec<Attached>,
}

/// What comes after a turn whose end was stored.
enum Stored {
    /// The turn that waited for it.
    Next(TurnId),
    /// Nothing.
    Last,
    /// Nothing, ever: its session is gone.
    Erased,
}

impl Service {
    /// Answers a running turn in a task of its own.
    pub(super) fn spawn_turn(&self, live: Arc<LiveTurn>, chatbot: Arc<Published>) {
        let span =
            tracing::info_span!("turn.run", turn.id = %live.turn, session.id = %live.session);
        let service = self.clone();
        self.inner
            .tasks
            .spawn(async move { service.run_turn(live, chatbot).await }.instrument(span));
    }

    async fn run_turn(&self, live: Arc<LiveTurn>, chatbot: Arc<Published>) {
        let ended = tokio::select! {
            biased;
            () = live.stop.cancelled() => Err(Cut::Stopped),
            () = self.inner.closing.cancelled() => Err(Cut::Closing),
            answered = tokio::time::timeout(TURN_LIMIT, self.answer_into(&live, &chatbot)) => {
                answered.unwrap_or(Err(Cut::Failed(AnswerError::TimedOut)))
            }
        };
        let outcome = outcome(ended.as_ref());
        self.end_turn(&live, &chatbot, outcome).await;
    }

    /// Writes the answer into `live`.
    async fn answer_into(&self, live: &LiveTurn, chatbot: &Published) -> Result<Ended, Cut> {
        let Asked { question, history, page, attached } =
            self.question(live).await.map_err(Cut::Service)?;
        let offers = self.offers(live, chatbot, &question).await.map_err(Cut::Service)?;
        let files = self.readable(chatbot, live.session, &attached).await;
        let url = page.as_ref().and_then(|page| page.url.as_deref());
        // A file without words means what was spoken of, perhaps; a model can tell. Quoting the last answer again is none.
        let quotes = chatbot.config.answerer.kind == AnswererKind::Extractive;
        let passages = if question.is_empty() && quotes {
            Vec::new()
        } else {
            self.retrieve(chatbot, &question, &history, url).await.map_err(Cut::Service)?
        };
        let persona = &chatbot.config.persona;
        let offered = Offered::new(chatbot, &question, &history);
        let question = Question {
            text: question,
            history,
            passages: passages.clone(),
            persona: Persona {
                name: chatbot.config.name.clone(),
                instructions: persona.instructions.clone(),
                not_found_answer: persona.not_found_answer.clone(),
                offers_contact: persona.offers_contact,
            },
            page,
            files,
            locale: Some(live.locale.clone().unwrap_or_else(|| chatbot.config.locale.clone())),
        };
        let mut parts = chatbot.answerer.answer(question);
        let mut citations = Citations::default();
        while let Some(part) = parts.next().await {
            match part.map_err(Cut::Failed)? {
                AnswerPart::Delta(delta) => {
                    // U+0000 is no text, and Postgres cannot store it.
                    let delta = delta.replace('\0', "");
                    live.append(&delta, citations.find(&delta, &passages));
                }
                AnswerPart::Finished { reason, answered, .. } => {
                    let contact = offers.reason(answered);
                    let suggestions = match contact {
                        // Who wants a person does not want another question.
                        Some(ContactReason::Asked) => Vec::new(),
                        _ => live.look(|progress| {
                            offered.suggestions(&passages, &progress.sources, answered)
                        }),
                    };
                    let reason = finish_reason(reason);
                    return Ok(Ended { reason, answered, contact, suggestions });
                }
            }
        }
        Err(Cut::Failed(AnswerError::Broken))
    }

    /// The turn's question, and what was said before it.
    async fn question(&self, live: &LiveTurn) -> Result<Asked, ServiceError> {
        let mut tx = self.store().read().await?;
        let mut said = tx.said_until(live.session, live.question, HISTORY).await?;
        branch::drop_replaced(&mut said);
        let mut said = said.into_iter();
        let asked = said.next().ok_or(ServiceError::NotFound("question"))?;
        let page = context::kept(asked.context.as_deref()).map(page);
        let history: Vec<SaidRow> = said.collect();
        // What was sent earlier may be asked about later; the newest comes first.
        let attached =
            [&asked].into_iter().chain(&history).flat_map(SaidRow::attachments).cloned().collect();
        let history = history.into_iter().rev().map(line).collect();
        Ok(Asked { question: asked.body, history, page, attached })
    }

    /// Whether the contact form may be offered below the answer, and why.
    async fn offers(
        &self,
        live: &LiveTurn,
        chatbot: &Published,
        question: &str,
    ) -> Result<Offers, ServiceError> {
        let when = chatbot.offers_contact();
        let rule = chatbot.config.engage.contact_form.after_messages;
        let due = match rule.filter(|_| when == OfferContact::AfterMessages) {
            Some(after) => {
                let mut tx = self.store().read().await?;
                tx.visitor_messages_until(live.session, live.question).await? == i64::from(after)
            }
            None => false,
        };
        Ok(Offers { when, asked: person::asks_for_person(question), due })
    }

    /// Stores the answer, then tells its readers, then starts the turn that waits for it. While the database cannot
    /// take it, it is tried again; after a while the readers are told so, and it is tried on all the same: what waits
    /// behind this turn must not hang.
    async fn end_turn(&self, live: &Arc<LiveTurn>, chatbot: &Arc<Published>, outcome: Outcome) {
        let closing = &self.inner.closing;
        let mut outcome = outcome;
        let mut attempt = 0;
        let stored = loop {
            attempt += 1;
            let error = match self.store_end(live, chatbot, &outcome).await {
                Ok(stored) => break Some(stored),
                Err(error) => error,
            };
            tracing::warn!(error = &error as &dyn std::error::Error, turn.id = %live.turn, "turn.end is tried again");
            let given_up = closing.is_cancelled() && attempt >= CLOSING_TRIES;
            if attempt == STORE_TRIES || given_up {
                tracing::error!(turn.id = %live.turn, "turn.end not stored");
                outcome.status = MessageStatus::Failed;
                outcome.finish_reason = FinishReason::Error;
                outcome.problem = Some(problem_of_code("answer_not_stored"));
                live.end(outcome.clone());
            }
            if given_up {
                // The next start finds it open and marks it as interrupted.
                break None;
            }
            let pause = (FIRST_PAUSE * 3_u32.saturating_pow(attempt)).min(LONGEST_PAUSE);
            closing.run_until_cancelled(tokio::time::sleep(pause)).await;
        };
        live.end(outcome);
        self.inner.live.remove(live);
        match stored {
            Some(Stored::Next(turn)) => {
                if let Some(next) = self.inner.live.get(live.session, turn) {
                    self.spawn_turn(next, Arc::clone(chatbot));
                }
            }
            Some(Stored::Last) => {}
            Some(Stored::Erased) => self.end_waiting(live, &Cut::Stopped),
            None => self.end_waiting(live, &Cut::Closing),
        }
    }

    /// Ends what waits behind a turn, where nobody will start it: its session was erased, or the service closes.
    fn end_waiting(&self, live: &LiveTurn, why: &Cut) {
        for waiting in self.inner.live.of_session(live.session) {
            waiting.end(outcome(Err(why)));
            self.inner.live.remove(&waiting);
        }
    }

    /// Stores how the turn ended, and tells what comes after it. A session that was erased meanwhile gets nothing.
    async fn store_end(
        &self,
        live: &LiveTurn,
        chatbot: &Published,
        outcome: &Outcome,
    ) -> Result<Stored, StoreError> {
        let (session, now) = (live.session, self.clock().now());
        let (text, sources) =
            live.look(|progress| (progress.text.clone(), progress.sources.clone()));
        let mut tx = self.store().write().await?;
        let Some(touched) = tx.touch_session(session, 2, now).await? else {
            return Ok(Stored::Erased);
        };
        let end = TurnEnd {
            id: live.turn,
            status: turn_status(outcome.status),
            text: &text,
            finish_reason: Some(outcome.finish_reason.as_str()),
            ended_at: now,
        };
        if !tx.end_turn(&end).await? {
            // An earlier try reached the database after all, and started what comes next, though it failed for us.
            let running = |row: &&TurnRow| row.status() == TurnStatus::Running;
            let next = tx.open_turns(session).await?.iter().find(running).map(TurnRow::id);
            return Ok(next.map_or(Stored::Last, Stored::Next));
        }
        let answer = NewMessage {
            id: live.answer,
            organization: chatbot.organization,
            session,
            parent: Some(live.question),
            turn: Some(live.turn),
            author: Author::Assistant,
            body: text.clone(),
            status: outcome.status,
            sources,
            answered: (outcome.status == MessageStatus::Complete).then_some(outcome.answered),
            error_code: outcome.problem.as_ref().map(|problem| problem.code.clone()),
            client_message_id: None,
            contact_reason: outcome.contact,
            suggestions: outcome.suggestions.clone(),
            created_at: now,
            context: None,
            attachments: Vec::new(),
        };
        tx.insert_message(&answer).await?;
        let events = [
            event("message", Some(live.turn), Some(answer.id), now),
            event("turn-ended", Some(live.turn), None, now),
        ];
        tx.insert_events(session, touched.next, &events).await?;
        let mut stored = Stored::Last;
        // A turn is live before it is stored, and this unit of work holds the session.
        let alone = self.inner.live.of_session(session).len() < 2;
        if !alone
            && let Some(waiting) = tx.open_turns(session).await?.first().map(TurnRow::id)
            && tx.start_turn(waiting).await?
        {
            tx.append_event(session, event("turn-started", Some(waiting), None, now)).await?;
            stored = Stored::Next(waiting);
        }
        tx.commit().await?;
        Ok(stored)
    }

    /// Marks the turns that a crash cut off as interrupted, with the text that was kept of them.
    pub(super) async fn recover_turns(&self) -> Result<(), ServiceError> {
        let now = self.clock().now();
        let mut tx = self.store().write().await?;
        // A restored backup may hold what was erased since: the ledger says what.
        tx.replay_erasures().await?;
        let open = tx.all_open_turns().await?;
        for row in &open {
            let Some(session) = tx.session(row.session()).await? else { continue };
            interrupt(&mut tx, row, session.organization(), now).await?;
        }
        tx.commit().await?;
        if !open.is_empty() {
            tracing::warn!(turns = open.len(), "turn.recover marked turns as interrupted");
        }
        Ok(())
    }

    /// Keeps the texts of running turns, all that are due in one commit, until the service closes.
    pub(super) async fn checkpoint_turns(&self) {
        let mut kept: HashMap<TurnId, (usize, Instant)> = HashMap::new();
        while self.inner.closing.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
            let running = self.inner.live.all();
            kept.retain(|turn, _| running.iter().any(|live| live.turn == *turn));
            let now = Instant::now();
            let mut due = Vec::new();
            for live in running {
                let (length, at) = *kept.entry(live.turn).or_insert((0, now));
                let grown = live.look(|progress| progress.text.len());
                if grown >= length + CHECKPOINT_BYTES
                    || (grown > length && now.duration_since(at) >= CHECKPOINT_AGE)
                {
                    let copy =
                        |progress: &Progress| (progress.text.clone(), progress.sources.clone());
                    due.push((live.turn, live.look(copy)));
                }
            }
            if due.is_empty() {
                continue;
            }
            match self.store_checkpoints(&due).await {
                Ok(()) => {
                    kept.extend(due.iter().map(|(turn, (text, _))| (*turn, (text.len(), now))));
                }
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "turn.checkpoint failed"
                    );
                }
            }
        }
    }

    async fn store_checkpoints(
        &self,
        due: &[(TurnId, (String, Vec<SourceView>))],
    ) -> Result<(), StoreError> {
        let mut tx = self.store().write().await?;
        for (turn, (text, sources)) in due {
            tx.checkpoint_turn(*turn, text, sources).await?;
        }
        tx.commit().await
    }
}

/// Marks a turn that nobody answers any more as interrupted, with the text that was kept of it.
pub(super) async fn interrupt(
    tx: &mut WriteTx,
    row: &TurnRow,
    organization: OrganizationId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let end = TurnEnd {
        id: row.id(),
        status: TurnStatus::Interrupted,
        text: &row.text,
        finish_reason: Some(FinishReason::Other.as_str()),
        ended_at: now,
    };
    tx.end_turn(&end).await?;
    let answer = NewMessage {
        id: row.answer(),
        organization,
        session: row.session(),
        parent: Some(row.question()),
        turn: Some(row.id()),
        author: Author::Assistant,
        body: row.text.clone(),
        status: MessageStatus::Interrupted,
        sources: row.sources().to_vec(),
        answered: None,
        error_code: None,
        client_message_id: None,
        contact_reason: None,
        suggestions: Vec::new(),
        created_at: now,
        context: None,
        attachments: Vec::new(),
    };
    tx.insert_message(&answer).await?;
    let session = row.session();
    tx.append_event(session, event("message", Some(row.id()), Some(answer.id), now)).await?;
    tx.append_event(session, event("turn-ended", Some(row.id()), None, now)).await?;
    Ok(())
}

fn page(context: PageContext) -> Page {
    let PageContext { url, title, data } = context;
    Page { url, title, data: data.map(|JsonText(data)| data) }
}

fn line(row: SaidRow) -> Line {
    let speaker =
        if row.author() == Author::Visitor { Speaker::Visitor } else { Speaker::Assistant };
    let text = if row.body.is_empty() { names(row.attachments()) } else { row.body };
    Line { speaker, text }
}
