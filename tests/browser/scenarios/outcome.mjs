// The main job from one end to the other, as a visitor of the demo shop.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';

import { Chat } from '../chat.mjs';
import { equals, hidden, says, until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

const QUESTION = 'How long do I have to return something?';

describe('a shop page that nobody turns to', () => {
  it('asks the chat server for its one script and stores nothing, however long it stays open', async (t) => {
    const visitor = await world.visitor(t);
    const page = await visitor.context.newPage();
    const asked = [];
    page.on('request', (request) => request.url().startsWith(world.demo.api) && asked.push(request.url()));
    await page.clock.install();
    await page.goto(world.demo.shop);
    await visible(page.locator('natter-chat [part~="bubble"]'));
    await page.clock.runFor('10:00');
    assert.deepEqual(asked, [`${world.demo.api}/w/demo.js`]);
    const kept = await page.evaluate(async () => ({
      local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie,
      databases: await indexedDB.databases(), caches: await caches.keys(),
    }));
    assert.deepEqual(kept, { local: {}, session: {}, cookie: '', databases: [], caches: [] });
    assert.deepEqual(await visitor.context.cookies(), []);
  });
});

describe('the whole way from the bubble to the reset', () => {
  const ending = [];
  const created = [];
  let visitor;
  let chat;
  let full;
  let session;
  let answer;

  before(async () => {
    visitor = await world.visitor({ after: (end) => ending.push(end) }, { acceptDownloads: true });
    visitor.context.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/sessions')) created.push(request.url());
    });
    chat = await visitor.open(world.demo.shop);
  });
  after(async () => {
    for (const end of ending) await end();
  });

  /** A call of the session's own routes, as the shop's page would make it. */
  const call = (path, method = 'GET') =>
    fetch(`${world.demo.api}/v1/public/sessions/${session.session_id}${path}`, {
      method,
      headers: { origin: world.demo.shop, authorization: `Bearer ${session.natter.token}` },
    });

  it('asks for consent first, and declining creates nothing', async () => {
    await chat.open();
    await says(chat.terms, /automatic assistant/);
    await chat.button('No, thanks').click();
    await visible(chat.panel.getByRole('heading', { name: 'That’s all right' }));
    await hidden(chat.composer);
    assert.deepEqual(created, []);
    assert.deepEqual(await chat.stored(), { cookies: [] });
  });

  it('lets the visitor read the terms again and accept them, still without creating anything', async () => {
    await chat.button('Read the terms again').click();
    await chat.accept();
    await visible(chat.composer);
    await visible(chat.button(QUESTION));
    assert.deepEqual(created, []);
    assert.deepEqual(await chat.stored(), { cookies: [] });
  });

  it('streams an answer that grows before the visitor’s eyes', async () => {
    await chat.watch();
    const opened = chat.page.waitForResponse((response) => response.url().endsWith('/sessions') && response.request().method() === 'POST');
    await chat.ask(QUESTION);
    session = await (await opened).json();
    answer = await chat.finished();
    assert.match(answer, /60 days/);
    const steps = (await chat.watched()).filter((text) => text.length < answer.length);
    assert.ok(steps.length >= 5, `the answer was seen growing ${steps.length} times`);
    const lengths = steps.map((text) => text.length);
    assert.deepEqual(lengths, [...lengths].sort((a, b) => a - b), 'it only ever grew');
    assert.equal(created.length, 1);
  });

  it('cites the taught page, and the source leads there', async () => {
    const chip = chat.answer.getByRole('link', { name: /^Source 1: Returns/ }).first();
    const address = await chip.getAttribute('href');
    assert.ok(address.startsWith(`${world.demo.shop}/returns.html`), address);
    const [page] = await Promise.all([visitor.context.waitForEvent('page'), chat.sources.first().click()]);
    await visible(page.getByRole('heading', { level: 1, name: 'Returns and exchanges' }));
    assert.equal(await page.evaluate(() => window.opener), null);
    await page.close();
  });

  it('takes a rating, and another one with a comment in its place', async () => {
    const rated = () => chat.page.waitForResponse((response) => response.url().endsWith('/feedback'));
    let [response] = await Promise.all([rated(), chat.answer.getByRole('button', { name: 'Helpful', exact: true }).click()]);
    assert.ok(response.ok());
    await equals('the thumb is pressed', () => chat.answer.getByRole('button', { pressed: true }).count(), 1);
    [response] = await Promise.all([rated(), chat.answer.getByRole('button', { name: 'Not helpful' }).click()]);
    assert.ok(response.ok());
    await chat.answer.getByLabel('What was wrong? (optional)').fill('It does not say who pays.');
    [response] = await Promise.all([rated(), chat.answer.getByRole('button', { name: 'Send', exact: true }).click()]);
    assert.ok(response.ok());
    assert.deepEqual(response.request().postDataJSON(), {
      message_id: response.request().postDataJSON().message_id,
      rating: 'down',
      comment: 'It does not say who pays.',
    });
    await says(chat.answer, /Thank you for telling us/);
    const { events } = await (await call('/events')).json();
    const ratings = events.filter((event) => event.type === 'feedback').map((event) => event.rating);
    assert.equal(ratings.at(-1), 'down');
  });

  it('hands out the conversation in four formats', async () => {
    for (const [entry, ending, mark] of [
      ['Plain text', 'txt', /^(?!.*<)/],
      ['Markdown', 'md', /\*\*/],
      ['Web page', 'html', /^<!doctype html>/i],
      ['JSON', 'json', /^\{/],
    ]) {
      const { name, text } = await chat.download(entry);
      assert.ok(name.endsWith(`.${ending}`), name);
      for (const part of [QUESTION, '60 days', `${world.demo.shop}/returns.html`]) {
        assert.ok(text.includes(part), `${name} has ${part}`);
      }
      assert.match(text, mark);
    }
    const { text } = await chat.download('JSON');
    const { messages } = JSON.parse(text);
    assert.deepEqual(messages.map((message) => message.author), ['visitor', 'assistant']);
    assert.equal(messages[0].text, QUESTION);
  });

  it('expands into the full page, where the same conversation is', async () => {
    const [page] = await Promise.all([visitor.context.waitForEvent('page'), chat.button('Open in a new tab').click()]);
    full = new Chat(page);
    await says(full.answer, /60 days/);
    assert.equal(new URL(page.url()).pathname, '/c/demo');
    assert.equal(new URL(page.url()).origin, world.demo.api);
    assert.equal(new URL(page.url()).hash, '', 'the token is out of the address bar');
    assert.equal(await page.evaluate(() => window.opener), null);
    assert.deepEqual(await full.conversation(), await chat.conversation());
    assert.equal(await full.answer.getByRole('button', { pressed: true }).getAttribute('aria-label'), 'Not helpful');
  });

  it('goes on there in the same session', async () => {
    await full.ask('How much is shipping to Germany?');
    assert.match(await full.finished(), /€8\.90/);
    const transcript = await (await call('/transcript?format=json')).json();
    assert.equal(transcript.messages.length, 4);
    assert.equal(created.length, 1);
  });

  it('keeps the conversation when the question before the reset is answered with no', async () => {
    await full.choose('Reset chat');
    await says(full.resetModal, /Start over\?/);
    await full.button('Keep it').click();
    await hidden(full.resetModal);
    assert.equal(await full.answers.count(), 2);
    assert.equal((await call('/events')).status, 200);
  });

  it('deletes everything in the browser and on the server when it is answered with yes', async () => {
    await full.choose('Reset chat');
    await full.button('Delete and start over').click();
    await visible(full.terms);
    await equals('nothing is left of the conversation', () => full.questions.count(), 0);
    assert.deepEqual(await full.stored(), { cookies: [] });
    for (const path of ['/events', '/transcript?format=txt', '/stream']) {
      assert.equal((await call(path)).status, 404, path);
    }
  });

  it('forgets it on the shop’s page too, once that looks for it', async () => {
    await chat.page.reload();
    chat = new Chat(chat.page);
    await chat.open();
    await visible(chat.terms);
    assert.equal(await chat.questions.count(), 0);
    await until('the shop’s storage is empty', async () => (await chat.page.evaluate(() => localStorage.length)) === 0);
  });
});
