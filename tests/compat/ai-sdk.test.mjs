// The AI SDK's own client, unmodified, reads our streams: every chunk passes its schema, and what it makes of them is what
// the transcript says.

import assert from 'node:assert/strict';
import { after, before, describe, it as test } from 'node:test';

import { AbstractChat, DefaultChatTransport, parseJsonEventStream, readUIMessageStream, uiMessageChunkSchema } from 'ai';

import { start } from './server.mjs';

const it = (name, run) => test(name, { timeout: 60_000 }, run);
const counted = (count) => Array.from({ length: count }, (_, index) => `t${index + 1}`).join(' ');

let server;
before(async () => {
  server = await start();
});
after(() => server?.stop());

/** A session as a plain client of the public API has it. */
async function open(slug) {
  const response = await call(`/v1/public/robots/${slug}/sessions`, {});
  return `/v1/public/sessions/${(await response.json()).session_id}`;
}

function call(path, body, headers = {}) {
  return fetch(server.api + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  });
}

const stream = (path, body, headers) => call(path, body, { accept: 'text/event-stream', ...headers });
const ask = (session, message) => stream(`${session}/messages`, { message });

async function transcript(session) {
  return (await (await call(`${session}/transcript?format=json`)).json()).messages;
}

/** The stream's chunks as the SDK's own parser and schema give them: values, or the error of the schema. */
async function* parsed(response) {
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('x-vercel-ai-ui-message-stream'), 'v1');
  for await (const chunk of parseJsonEventStream({ stream: response.body, schema: uiMessageChunkSchema })) {
    assert.ok(chunk.success, `the schema refuses ${JSON.stringify(chunk.rawValue)}: ${chunk.error}`);
    yield chunk.value;
  }
}

/** The last state of the message that the SDK makes of a stream, its errors, and the types of its chunks. */
async function read(response, seen = () => {}) {
  const kinds = [];
  const errors = [];
  const chunks = ReadableStream.from(parsed(response)).pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        kinds.push(chunk.type);
        seen(chunk);
        controller.enqueue(chunk);
      },
    }),
  );
  let message;
  for await (message of readUIMessageStream({ stream: chunks, onError: (error) => errors.push(error) }));
  return { message, kinds, errors };
}

const text = (message) => message.parts.filter((part) => part.type === 'text').map((part) => part.text).join('');

describe('the stream of an answer', () => {
  it('becomes the message of the transcript, with its source', async () => {
    const session = await open('cited');
    const { message, kinds, errors } = await read(await ask(session, 'When do you open on Saturday?'));
    assert.deepEqual(errors, []);
    const [, stored] = await transcript(session);
    assert.equal(text(message), stored.text);
    assert.equal(message.id, stored.id);
    assert.match(stored.text, /6:30/);
    const sources = message.parts.filter((part) => part.type === 'source-url');
    assert.deepEqual(
      sources.map(({ sourceId, url, title }) => ({ number: Number(sourceId), url, title })),
      stored.sources.map(({ number, url, title }) => ({ number, url, title })),
    );
    assert.equal(sources[0].title, 'Opening hours');
    assert.deepEqual(kinds.filter((kind) => kind === 'finish' || kind === 'abort' || kind === 'error'), ['finish']);
  });

  it('that the visitor stopped is aborted, and keeps its text', async () => {
    const session = await open('stalled');
    let stopped;
    const stop = (chunk) => {
      if (chunk.type === 'text-delta' && chunk.delta.includes('t5')) stopped = call(`${session}/stop`, {});
    };
    const { message, kinds, errors } = await read(await ask(session, 'Count, please.'), stop);
    assert.ok((await stopped).ok);
    assert.deepEqual(errors, []);
    assert.equal(text(message).trim(), counted(5));
    assert.ok(kinds.includes('abort') && !kinds.includes('finish') && !kinds.includes('error'), kinds.join());
    const [, stored] = await transcript(session);
    assert.deepEqual([stored.text, stored.status], [text(message), 'stopped']);
  });

  it('that breaks off is an error with one sentence of ours, and keeps its text', async () => {
    const session = await open('cut');
    const { message, kinds, errors } = await read(await ask(session, 'Count, please.'));
    assert.equal(errors.length, 1);
    assert.match(errors[0].message, /^[A-Z][^<>{}]+\.$/);
    assert.doesNotMatch(errors[0].message, /planted/);
    assert.equal(text(message).trim(), counted(10));
    assert.ok(kinds.includes('error') && !kinds.includes('finish') && !kinds.includes('abort'), kinds.join());
    const [, stored] = await transcript(session);
    assert.deepEqual([stored.text, stored.status], [text(message), 'failed']);
  });

  it('that never begins is an error as well', async () => {
    const { errors, kinds } = await read(await ask(await open('down'), 'Are you there?'));
    assert.equal(errors.length, 1);
    assert.ok(!kinds.includes('finish'));
  });
});

describe('resuming', () => {
  it('a running answer gives the whole of it, and none gives 204', async () => {
    const session = await open('slow');
    assert.equal((await stream(`${session}/stream`)).status, 204);
    const first = await ask(session, 'Count, please.');
    const second = await stream(`${session}/stream`);
    const [one, two] = await Promise.all([read(first), read(second)]);
    assert.equal(text(one.message).trim(), counted(150));
    assert.deepEqual(text(two.message), text(one.message));
    assert.equal(two.message.id, one.message.id);
    assert.equal((await stream(`${session}/stream`)).status, 204);
  });

  it('from every place of an answer gives exactly the rest', async () => {
    const session = await open('quick');
    const whole = await (await ask(session, 'Count, please.')).text();
    const ids = [...whole.matchAll(/^id: (\S+)$/gm)].map((match) => match[1]);
    assert.ok(ids.length > 2, whole);
    for (const id of ids) {
      const { message, kinds, errors } = await read(await stream(`${session}/stream`, undefined, { 'last-event-id': id }));
      assert.deepEqual(errors, []);
      const offset = Number(id.split(':')[1]);
      assert.equal(text(message), counted(12).slice(offset), id);
      assert.equal(kinds[0], 'start');
      assert.ok(kinds.includes('finish'));
    }
  });
});

/** The smallest chat that the SDK's own logic can drive: what a framework's `useChat` adds is how it is shown. */
class Chat extends AbstractChat {
  constructor(options) {
    const state = {
      status: 'ready', error: undefined, messages: [],
      pushMessage(message) { this.messages = [...this.messages, message]; },
      popMessage() { this.messages = this.messages.slice(0, -1); },
      replaceMessage(index, message) { this.messages = this.messages.with(index, message); },
      snapshot: (value) => structuredClone(value),
    };
    super({ ...options, state });
  }
}

/** A transport that speaks to our routes: only addresses and the body are ours. */
const transport = (session) =>
  new DefaultChatTransport({
    api: server.api + session,
    headers: { accept: 'text/event-stream' },
    prepareSendMessagesRequest: ({ api, headers, messages }) => ({
      api: `${api}/messages`,
      headers,
      body: { message: messages.at(-1).parts[0].text, client_message_id: messages.at(-1).id },
    }),
    prepareReconnectToStreamRequest: ({ api, headers }) => ({ api: `${api}/stream`, headers }),
  });

describe('the SDK’s chat', () => {
  it('holds a conversation of two turns', async () => {
    const session = await open('quick');
    const errors = [];
    const chat = new Chat({ transport: transport(session), onError: (error) => errors.push(error) });
    await chat.sendMessage({ text: 'First.' });
    await chat.sendMessage({ text: 'Second.' });
    assert.deepEqual(errors, []);
    assert.equal(chat.status, 'ready');
    assert.deepEqual(
      chat.messages.map((message) => [message.role, text(message)]),
      (await transcript(session)).map((message) => [message.author === 'visitor' ? 'user' : 'assistant', message.text]),
    );
  });

  it('takes up a running answer after a reload', async () => {
    const session = await open('slow');
    const running = new Chat({ transport: transport(session) });
    const sent = running.sendMessage({ text: 'Count, please.' });
    while (!running.lastMessage || running.lastMessage.role !== 'assistant') await new Promise((done) => setTimeout(done, 5));
    const reloaded = new Chat({ transport: transport(session), messages: running.messages.slice(0, 1) });
    await reloaded.resumeStream();
    await sent;
    assert.equal(reloaded.status, 'ready');
    assert.equal(text(reloaded.lastMessage).trim(), counted(150));
  });

  it('has nothing to take up when nothing runs', async () => {
    const session = await open('quick');
    assert.equal(await transport(session).reconnectToStream({ chatId: 'any' }), null);
    const chat = new Chat({ transport: transport(session) });
    await chat.resumeStream();
    assert.equal(chat.status, 'ready');
    assert.deepEqual(chat.messages, []);
  });

  it('shows a failed answer as an error', async () => {
    const errors = [];
    const chat = new Chat({ transport: transport(await open('down')), onError: (error) => errors.push(error) });
    await chat.sendMessage({ text: 'Are you there?' });
    assert.equal(chat.status, 'error');
    assert.equal(errors.length, 1);
  });
});

describe('Robofy’s streaming chat call', () => {
  it('is read as well, and ends with the session and the reason in the documented order', async () => {
    const body = { query: 'When do you open on Saturday?', pid: '1', chatbot_id: 'cited', user_context: { platform: 'web' } };
    const response = await call('/v1/ai-agent/chat/stream', body, { authorization: `Bearer ${server.key}` });
    const { message, kinds, errors } = await read(response);
    assert.deepEqual(errors, []);
    assert.match(text(message), /6:30/);
    assert.deepEqual(kinds.slice(-3), ['finish', 'data-session', 'data-finish-reason']);
    assert.ok(kinds.includes('source-url'));
    const session = message.parts.find((part) => part.type === 'data-session').data;
    assert.match(session, /^ses_[0-9a-f]{32}$/);
    assert.deepEqual(message.parts.find((part) => part.type === 'data-finish-reason').data, { finishReason: 'stop', rawFinishReason: 'STOP' });
    const again = await call('/v1/ai-agent/chat/stream', { ...body, user_context: { platform: 'web', session_id: session } }, { authorization: `Bearer ${server.key}` });
    const second = await read(again);
    assert.equal(second.message.parts.find((part) => part.type === 'data-session').data, session);
  });
});
