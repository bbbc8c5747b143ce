// What the widget and the server say to each other. Made by `cargo xtask types`: do not edit.

/**
 * A point in time in UTC, as RFC 3339 with a `Z`. The wire keeps the text: a browser has its own parser, and the
 * server makes it from its clock.
 */
export type Timestamp = string;

/**
 * One conversation. An identifier, never a credential.
 */
export type SessionId = string;

/**
 * One message of a conversation.
 */
export type MessageId = string;

/**
 * A visitor's message and the answer to it.
 */
export type TurnId = string;

/**
 * A file that a visitor uploaded.
 */
export type AttachmentId = string;

/**
 * A JSON value as its text, so that whoever only hands it on need not know what is in it.
 */
export type JsonText = Record<string, unknown>;

/**
 * Where a question was asked.
 */
export type PageContext = { 
/**
 * Address of the page.
 */
url?: string, 
/**
 * Its title.
 */
title?: string, 
/**
 * What else the site tells, for instance the product that is shown: a JSON object, at most 6 levels deep.
 */
data?: JsonText, };

/**
 * What a page says of its signed-in user: `PUT /v1/public/sessions/{id}/identity`, and a field of [`CreateSession`].
 *
 * With `token`, or with `user_id` and `user_hash`, it is proven; with neither it is only said, and marked so.
 *
 * [`CreateSession`]: crate::session::CreateSession
 */
export type Identity = { 
/**
 * JWT of the site's server, signed with HS256 under the chatbot's identity secret: `sub` is the user, `exp` at most
 * 24 hours ahead.
 */
token?: string, 
/**
 * The site's own id of the user, at most 200 characters.
 */
user_id?: string, 
/**
 * HMAC-SHA256 of `user_id` under the chatbot's identity secret, in hexadecimal.
 */
user_hash?: string, 
/**
 * Name.
 */
name?: string, 
/**
 * E-mail address.
 */
email?: string, };

/**
 * Whose session it is.
 */
export type IdentityView = { 
/**
 * Whether the user id was proven; all else is as the page said it.
 */
verified: boolean, 
/**
 * The site's own id of the user.
 */
user_id?: string, 
/**
 * Name.
 */
name?: string, 
/**
 * E-mail address.
 */
email?: string, };

/**
 * One conversation in a list.
 */
export type SessionSummary = { 
/**
 * The session. `POST …/sessions/{session_id}/resume` with the same proof goes on with it.
 */
session_id: SessionId, 
/**
 * Its first question, or what the files are called that were sent without words, shortened to 120 characters; empty
 * before one was asked.
 */
title: string, 
/**
 * State.
 */
status: SessionStatus, 
/**
 * How many messages it has.
 */
messages: number, 
/**
 * Whether the consent to the terms was taken back, and nothing more is taken until they are accepted again.
 */
consent_withdrawn: boolean, 
/**
 * When it was opened.
 */
created_at: Timestamp, 
/**
 * When something happened in it last.
 */
updated_at: Timestamp, };

/**
 * `POST /v1/public/widgets/{slug}/sessions/lookup`: the conversations of a proven user, newest first.
 */
export type SessionList = { 
/**
 * At most 50 of them.
 */
sessions: Array<SessionSummary>, };

/**
 * A file that was uploaded: the answer to `POST /v1/public/sessions/{id}/attachments`, and a part of a message.
 */
export type AttachmentView = { 
/**
 * The attachment.
 */
attachment_id: AttachmentId, 
/**
 * Its name, for people's eyes.
 */
name: string, 
/**
 * What its bytes are.
 */
media_type: string, 
/**
 * How many bytes it has.
 */
bytes: number, 
/**
 * Its path on this server; it takes the same credential as the session.
 */
url: string, };

/**
 * What may be attached: in the handshake when the owner has switched attachments on.
 */
export type AttachmentRules = { 
/**
 * Largest file, in bytes.
 */
max_bytes: number, 
/**
 * Most files with one message.
 */
max_files: number, 
/**
 * What is taken, for instance `image/png`.
 */
media_types: Array<string>, };

/**
 * Who wrote a message.
 */
export type Author = "visitor" | "assistant" | "operator" | "trigger";

/**
 * Whether a message is whole.
 */
export type MessageStatus = "complete" | "stopped" | "interrupted" | "failed";

/**
 * Thumbs.
 */
export type Rating = "up" | "down";

/**
 * A page, text or file that an answer cites.
 */
export type SourceView = { 
/**
 * The number that cites it in the text, as `[n]`.
 */
number: number, 
/**
 * Its title.
 */
title: string, 
/**
 * Its address; none for pasted text.
 */
url?: string, 
/**
 * The words that were cited, for a preview.
 */
excerpt?: string, };

/**
 * One message of a conversation.
 */
export type MessageView = { 
/**
 * The message.
 */
id: MessageId, 
/**
 * Its author.
 */
author: Author, 
/**
 * Its text as Markdown.
 */
text: string, 
/**
 * Whether it is whole.
 */
status: MessageStatus, 
/**
 * When it was stored.
 */
created_at: Timestamp, 
/**
 * Its turn, when it belongs to one.
 */
turn_id?: TurnId, 
/**
 * The question that an answer belongs to, or the question whose place this one took. A later answer to the same
 * question takes the place of an earlier one.
 */
parent_id?: MessageId, 
/**
 * The client's own key, on a visitor's message.
 */
client_message_id?: string, 
/**
 * What it cites.
 */
sources: Array<SourceView>, 
/**
 * Whether the owner's content answered; only on answers.
 */
answered?: boolean, 
/**
 * Whether to offer the contact form below it: nothing was left since.
 */
offer_contact: boolean, 
/**
 * Why it is offered, when it is.
 */
contact_reason?: ContactReason, 
/**
 * What the visitor may ask next.
 */
suggestions: Array<string>, 
/**
 * Machine code of the failure, on a failed answer.
 */
error_code?: string, 
/**
 * What the visitor thought of it.
 */
rating?: Rating, 
/**
 * Files that came with it.
 */
attachments: Array<AttachmentView>, 
/**
 * The page that it was asked on; only the owner sees it.
 */
context?: PageContext, };

/**
 * `POST /v1/public/sessions/{id}/messages`.
 */
export type SendMessage = { 
/**
 * The question, 1 to 8,000 characters; empty only where files say enough.
 */
message: string, 
/**
 * `false` is refused; absent, the session's own consent stands.
 */
consent_accepted?: boolean, 
/**
 * Idempotency key made by the client: the same key gives the same turn.
 */
client_message_id?: string, 
/**
 * The visitor's language.
 */
locale?: string, 
/**
 * The page that it is asked on, at most 4 KB.
 */
context?: PageContext, 
/**
 * The visitor's newest message, when this one takes its place: it and its answer are no longer part of the
 * conversation.
 */
replaces?: MessageId, 
/**
 * Files that were uploaded for it, at most 5.
 */
attachments: Array<AttachmentId>, };

/**
 * What was wrong with an answer.
 */
export type FeedbackReason = "wrong" | "incomplete" | "unclear" | "off_topic" | "unsafe" | "other";

/**
 * `POST …/feedback`. A later one replaces an earlier one.
 */
export type Feedback = { 
/**
 * The answer that is rated.
 */
message_id: MessageId, 
/**
 * Thumb.
 */
rating: Rating, 
/**
 * What the visitor adds, at most 2,000 characters.
 */
comment?: string, 
/**
 * What was wrong; only with the thumb down.
 */
reason?: FeedbackReason, };

/**
 * State of a session.
 */
export type SessionStatus = "open" | "finished";

/**
 * What the visitor thought of the conversation.
 */
export type SessionRating = { 
/**
 * 1 to 5.
 */
rating: number, 
/**
 * What the visitor added.
 */
comment?: string, 
/**
 * When it was given first.
 */
created_at: Timestamp, 
/**
 * When it was changed last.
 */
updated_at: Timestamp, };

/**
 * What a browser needs to go on with a session.
 */
export type Credentials = { 
/**
 * JWT that opens this session; keep it in memory only.
 */
token: string, 
/**
 * Secret for a later handshake's `resume`; keep it where the page's storage allows.
 */
resume_secret: string, };

/**
 * `POST /v1/public/{robots|widgets}/{slug}/sessions`.
 */
export type CreateSession = { 
/**
 * A label for the owner's eyes, for instance `website visitor`.
 */
visitor_label?: string, 
/**
 * Whether the terms were accepted. Needed when they are on.
 */
consent_accepted?: boolean, 
/**
 * Hash of the terms that were shown; refused when they have changed since.
 */
consent_hash?: string, 
/**
 * The visitor's language.
 */
locale?: string, 
/**
 * Idempotency key made by the client: the same key gives the same session.
 */
client_session_id?: string, 
/**
 * Whose session it shall be, when the page knows.
 */
identity?: Identity, };

/**
 * A session that was opened.
 */
export type SessionCreated = { 
/**
 * The session. A caller without a token gets `ID.SECRET` and sends it back as it is; one with a token gets the
 * bare id.
 */
session_id: string, 
/**
 * Slug of its chatbot.
 */
slug: string, 
/**
 * State.
 */
status: SessionStatus, 
/**
 * When it was opened.
 */
created_at: Timestamp, 
/**
 * When its secret stops working.
 */
expires_at: Timestamp, 
/**
 * For a caller with a token.
 */
natter?: Credentials, };

/**
 * Why the contact form is offered below an answer.
 */
export type ContactReason = "unanswered" | "asked" | "rule";

/**
 * `POST /v1/public/sessions/{id}/contact-handoffs`. Without a form of the chatbot's own, an e-mail address or a telephone
 * number is needed; with one, what its fields ask for.
 */
export type ContactHandoff = { 
/**
 * Name.
 */
name?: string, 
/**
 * E-mail address.
 */
email?: string, 
/**
 * Telephone number.
 */
phone?: string, 
/**
 * What it is about.
 */
message?: string, 
/**
 * What was entered into the fields of the chatbot's own form, by their keys. Numbers and `true` or `false` may stand
 * without quotes.
 */
fields?: { [key in string]?: string }, 
/**
 * Whether the visitor agreed to be contacted.
 */
consent_accepted?: boolean, };

/**
 * A field of a form that is wrong.
 */
export type FieldError = { 
/**
 * Its key.
 */
field: string, 
/**
 * `required`, `unknown`, `invalid`, `not_an_option` or `too_long`.
 */
code: string, 
/**
 * One sentence that says what to do.
 */
detail: string, };

/**
 * Why a request was refused.
 */
export type Problem = { 
/**
 * Names the kind of problem: `urn:natter:problem:CODE`.
 */
type: string, 
/**
 * A short text that is the same for every problem of the kind.
 */
title: string, 
/**
 * The HTTP status.
 */
status: number, 
/**
 * A stable machine code, for instance `turn_running`.
 */
code: string, 
/**
 * One sentence that says what to do.
 */
detail?: string, 
/**
 * The field of the request that is wrong, when it is one.
 */
field?: string, 
/**
 * Every field of a form that is wrong.
 */
errors: Array<FieldError>, 
/**
 * Seconds to wait before trying again, as in the `Retry-After` header.
 */
retry_after?: number, 
/**
 * The id under which the server's log knows the request.
 */
request_id?: string, };
