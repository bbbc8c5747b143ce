// What goes wrong around a conversation, and that nothing of it is lost or doubled.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';

import { equals, hidden, says, until, visible } from '../expect.mjs';
import { Cutter } from '../cutter.mjs';
import { apply, startServer } from '../processes.mjs';
import { embedding } from '../site.mjs';
import { it, world } from '../world.mjs';

/** What `tokens:N:…` answers. */
const counted = (count) => Array.from({ length: count }, (_, index) => `t${index + 1}`).join(' ');

/** What the server has of a conversation, asked with the credentials of its handshake. */
async function transcript(api, origin, session) {
  const response = await fetch(`${api}/v1/public/sessions/${session.session_id}/transcript?format=json`, {
    headers: { origin, authorization: `Bearer ${session.natter.token}` },
  });
  return (await response.json()).messages;
}

/** The next session that a page opens. */
async function nextSession(page) {
  const response = await page.waitForResponse((response) => response.url().endsWith('/sessions') && response.status() === 201);
  return response.json();
}

const begun = (chat) => until('the answer has begun', () => chat.text(), (text) => text.length > 20);

describe('reloading the page in mid-answer', () => {
  it('goes on with the answer to its end, without a word lost or doubled', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('long'));
    await chat.open();
    const session = nextSession(chat.page);
    await chat.ask('Count, please.');
    await begun(chat);
    await chat.page.reload();
    await chat.open();
    const seen = await begun(chat);
    assert.ok(seen.trim() !== counted(300), 'the answer was still being written');
    await until('all has come', () => chat.text(), (text) => text.trim() === counted(300), 30_000);
    await chat.finished();
    const messages = await transcript(world.server.api, world.site.origin, await session);
    assert.deepEqual(
      messages.map((message) => [message.author, message.text.trim()]),
      [['visitor', 'Count, please.'], ['assistant', counted(300)]],
    );
    assert.deepEqual((await chat.conversation()).map(([author, text]) => [author, text.trim()]),
      [['visitor', 'Count, please.'], ['assistant', counted(300)]]);
  });
});

describe('a network that breaks off', () => {
  it('after every few bytes loses and doubles no character, wherever it cuts', async (t) => {
    const cutter = await Cutter.start(world.server.api);
    t.after(() => cutter.stop());
    const visitor = await world.visitor(t);
    visitor.expect(/ERR_INCOMPLETE_CHUNKED_ENCODING/, /ERR_CONNECTION_RESET/, /ERR_EMPTY_RESPONSE/);
    const chat = await visitor.open(world.site.add(embedding(world.server.api, 'slow', { tag: `data-natter-api="${cutter.api}"` })));
    await chat.open();
    await visible(chat.composer);
    cutter.after = 500;
    await chat.ask('Count, please.');
    await until('all has come', () => chat.text(), (text) => text.trim() === counted(150), 45_000);
    await chat.finished();
    assert.equal((await chat.text()).trim(), counted(150));
    assert.ok(cutter.cuts >= 5, `${cutter.cuts} cuts`);
  });

  it('is made good within a second of its return', async (t) => {
    const cutter = await Cutter.start(world.server.api);
    t.after(() => cutter.stop());
    const visitor = await world.visitor(t);
    visitor.expect(/ERR_/);
    const chat = await visitor.open(world.site.add(embedding(world.server.api, 'slow', { tag: `data-natter-api="${cutter.api}"` })));
    await chat.open();
    await chat.ask('Count, please.');
    await begun(chat);
    await chat.page.context().setOffline(true);
    cutter.drop();
    await says(chat.panel, /You are offline/);
    const before = (await chat.text()).length;
    await chat.page.context().setOffline(false);
    await until('it goes on', () => chat.text(), (text) => text.length > before, 1_000);
    await until('all has come', () => chat.text(), (text) => text.trim() === counted(150), 20_000);
  });
});

describe('two tabs of one site', () => {
  it('show the same conversation, whichever of them asks', async (t) => {
    const visitor = await world.visitor(t);
    const address = world.page('quick');
    const first = await visitor.open(address);
    const second = await visitor.open(address);
    await first.open();
    await second.open();
    await visible(second.composer);
    await first.ask('From the first.');
    await equals('the second tab has it', () => second.questions.count(), 1);
    await second.finished();
    await until('its answer is whole', () => second.text(), (text) => text.trim() === counted(12));
    await second.ask('From the second.');
    await equals('the first tab has it', () => first.questions.count(), 2);
    await first.finished();
    await equals('both say the same', () => first.conversation(), await second.conversation());
    assert.deepEqual((await first.conversation()).map(([author, text]) => [author, text.trim()]), [
      ['visitor', 'From the first.'], ['assistant', counted(12)],
      ['visitor', 'From the second.'], ['assistant', counted(12)],
    ]);
  });

  it('both follow an answer while it is written', async (t) => {
    const visitor = await world.visitor(t);
    const address = world.page('slow');
    const first = await visitor.open(address);
    const second = await visitor.open(address);
    await second.open();
    await visible(second.composer);
    await first.open();
    await first.ask('Count, please.');
    await visible(second.button('Stop answering'));
    await begun(second);
    for (const chat of [first, second]) {
      await until('all has come', () => chat.text(), (text) => text.trim() === counted(150), 30_000);
    }
  });

  it('share one connection, however many they are, and the next one goes on when it is closed', async (t) => {
    const cutter = await Cutter.start(world.server.api);
    t.after(() => cutter.stop());
    const visitor = await world.visitor(t);
    const address = world.site.add(embedding(world.server.api, 'long', { tag: `data-natter-api="${cutter.api}"` }));
    const first = await visitor.open(address);
    await first.open();
    await first.ask('Hello');
    await begun(first);
    const others = [];
    for (let count = 0; count < 5; count += 1) {
      const other = await visitor.open(address);
      await other.open();
      await begun(other);
      others.push(other);
    }
    assert.equal(cutter.open, 1, 'six tabs');
    await first.page.close();
    for (const other of others) await until('all has come', () => other.text(), (text) => text.trim() === counted(300), 30_000);
    assert.ok(cutter.most <= 2, `${cutter.most} streams at once`);
  });

  it('both lose the conversation when one of them resets it', async (t) => {
    const visitor = await world.visitor(t);
    const address = world.page('quick');
    const first = await visitor.open(address);
    const second = await visitor.open(address);
    await first.open();
    await second.open();
    await first.ask('Hello?');
    await first.finished();
    await equals('the second tab has it', () => second.answers.count(), 1);
    await first.choose('Reset chat');
    await first.button('Yes, reset').click();
    await equals('the first tab is empty', () => first.questions.count(), 0);
    await equals('the second tab is empty', () => second.questions.count(), 0);
    assert.deepEqual(await second.stored(), { cookies: [] });
  });
});

describe('a server that is killed in mid-answer', () => {
  it('shows the answer as interrupted when it is back, and trying again works', async (t) => {
    const server = await world.ownServer();
    t.after(() => server.program.stop());
    const visitor = await world.visitor(t);
    visitor.expect(/ERR_CONNECTION_REFUSED/, /ERR_INCOMPLETE_CHUNKED_ENCODING/, /ERR_CONNECTION_RESET/, /ERR_EMPTY_RESPONSE/);
    const chat = await visitor.open(world.site.add(embedding(server.api, 'slow')));
    await chat.open();
    const session = nextSession(chat.page);
    await chat.ask('Count, please.');
    await begun(chat);
    await server.program.stop('SIGKILL');
    await says(chat.answer, /Reconnecting/);
    const again = await startServer(server.data, new URL(server.api).host);
    t.after(() => again.program.stop());
    await until('it says so', () => chat.answer.innerText(), (text) => /was interrupted/.test(text), 20_000);
    const kept = (await chat.text()).trim();
    assert.ok(counted(150).startsWith(kept), 'what is shown is what was written');
    const [, stored] = await transcript(server.api, world.site.origin, await session);
    assert.deepEqual([stored.status, stored.text.trim()], ['interrupted', kept]);
    await chat.answer.getByRole('button', { name: 'Try again' }).click();
    await until('all has come', () => chat.text(), (text) => text.trim() === counted(150), 30_000);
    await chat.finished();
    assert.deepEqual((await chat.conversation()).map(([author]) => author), ['visitor', 'assistant']);
  });
});

describe('losing the network', () => {
  it('keeps a question until it is back, and sends it once', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('quick'));
    await chat.open();
    const session = nextSession(chat.page);
    await chat.ask('First question.');
    await chat.finished();
    await visitor.context.setOffline(true);
    await says(chat.panel, /You are offline/);
    await chat.ask('Second question.');
    await says(chat.panel, /Will be sent when you are back online/);
    await visitor.context.setOffline(false);
    await equals('both are answered', () => chat.answers.count(), 2);
    await until('the answer is whole', () => chat.text(), (text) => text.trim() === counted(12));
    await chat.finished();
    await hidden(chat.panel.getByText('You are offline'));
    const messages = await transcript(world.server.api, world.site.origin, await session);
    assert.deepEqual(
      messages.map((message) => [message.author, message.text.trim()]),
      [['visitor', 'First question.'], ['assistant', counted(12)], ['visitor', 'Second question.'], ['assistant', counted(12)]],
    );
  });

  it('keeps the very first question, too, and opens one session for it', async (t) => {
    const visitor = await world.visitor(t);
    const created = [];
    visitor.context.on('response', (response) => response.url().endsWith('/sessions') && created.push(response.status()));
    const chat = await visitor.open(world.page('quick'));
    await chat.open();
    await visible(chat.composer);
    await visitor.context.setOffline(true);
    await chat.ask('Only question.');
    await says(chat.panel, /Will be sent when you are back online/);
    await visitor.context.setOffline(false);
    await until('the answer is whole', () => chat.text(), (text) => text.trim() === counted(12));
    assert.deepEqual(created.filter((status) => status === 201), [201]);
    assert.equal(await chat.questions.count(), 1);
  });
});

describe('terms that change while a visitor has the chat open', () => {
  it('are shown as they are now, and the message that was held back goes on when they are accepted', async (t) => {
    const server = await world.ownServer();
    t.after(() => server.program.stop());
    const visitor = await world.visitor(t);
    visitor.expect(/status of 409/);
    const chat = await visitor.open(world.site.add(embedding(server.api, 'terms')));
    await chat.open();
    await says(chat.terms, /You are talking to a machine/);
    await chat.accept();
    const file = join(server.data, 'apply.toml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('You are talking to a machine', 'You are talking to **two** machines'));
    apply(file, server.data);
    await until('the server has the new terms', async () => {
      const config = await (await fetch(`${server.api}/v1/public/robots/terms/config`)).json();
      return config.consent.text.includes('two');
    });
    await chat.ask('When do you open?');
    await says(chat.terms, /Our terms have changed\s+You are talking to two machines/);
    assert.equal(await chat.questions.count(), 0);
    await chat.accept();
    assert.match(await chat.finished(), /6:30/);
    assert.deepEqual((await chat.conversation()).map(([author]) => author), ['visitor', 'assistant']);
  });
});

describe('a site that is not allowed', () => {
  it('is told so in the panel, with the origin that its owner must add', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/blocked by CORS policy/, /ERR_FAILED/, /status of 403/);
    const chat = await visitor.open(world.strange('plain'));
    await chat.open();
    await says(chat.panel, /isn’t allowed to use this chat/);
    assert.ok((await chat.panel.innerText()).includes(world.stranger.origin));
    await visible(chat.button('Try again'));
    await hidden(chat.composer);
  });

  it('gets the plain truth when the chat server cannot be reached at all', async (t) => {
    const server = await world.ownServer();
    t.after(() => server.program.stop());
    const visitor = await world.visitor(t);
    visitor.expect(/ERR_CONNECTION_REFUSED/);
    const chat = await visitor.open(world.site.add(embedding(server.api, 'plain')));
    await visible(chat.bubble);
    await server.program.stop('SIGKILL');
    await chat.bubble.click();
    await says(chat.note, /cannot be shown/);
    assert.equal(await chat.note.getAttribute('href'), `${server.api}/c/plain`);
    const again = await startServer(server.data, new URL(server.api).host);
    t.after(() => again.program.stop());
    await chat.bubble.click();
    await visible(chat.composer);
    assert.equal(await chat.note.innerText(), '');
  });
});
