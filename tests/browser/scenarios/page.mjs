// The full chat page by itself.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { hidden, says, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

describe('the full page', () => {
  it('works without any other page: consent, question, sources, reload', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(`${world.demo.api}/c/demo`);
    assert.equal(await chat.page.title(), 'Hadder assistant');
    await says(chat.terms, /automatic assistant/);
    assert.deepEqual(await chat.stored(), { cookies: [] });
    await chat.accept();
    await chat.ask('How much is shipping to Germany?');
    assert.match(await chat.finished(), /€8\.90/);
    assert.match(await chat.sources.first().getAttribute('href'), /\/shipping\.html/);
    const before = await chat.conversation();
    await chat.page.reload();
    await says(chat.answer, /€8\.90/);
    await hidden(chat.terms);
    assert.deepEqual(await chat.conversation(), before);
    assert.deepEqual(await visitor.context.cookies(), []);
  });

  it('puts the question of a deep link into the field and leaves the sending to the visitor', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(`${world.demo.api}/c/demo?q=${encodeURIComponent('How much is shipping to Germany?')}`);
    await chat.accept();
    await visible(chat.composer);
    assert.equal(await chat.composer.inputValue(), 'How much is shipping to Germany?');
    assert.equal(await chat.questions.count(), 0);
    await chat.button('Send message').click();
    assert.match(await chat.finished(), /€8\.90/);
  });

  it('has the strictest policy that it can work with, and so has its other address', async () => {
    for (const path of ['/c/demo', '/robo/demo']) {
      const response = await fetch(world.demo.api + path);
      assert.equal(response.status, 200);
      const rules = new Map(
        response.headers.get('content-security-policy').split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]),
      );
      assert.doesNotMatch([...rules.values()].flat().join(' '), /unsafe-inline|'unsafe-eval'|\*|strict-dynamic/);
      assert.deepEqual(rules.get('default-src'), ["'none'"]);
      assert.deepEqual(rules.get('script-src'), ["'self'", "'wasm-unsafe-eval'"]);
      assert.deepEqual(rules.get('connect-src'), ["'self'"]);
      assert.deepEqual(rules.get('frame-ancestors'), ["'none'"]);
      assert.deepEqual(rules.get('require-trusted-types-for'), ["'script'"]);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    }
  });

  it('loads nothing from anywhere else', async (t) => {
    const visitor = await world.visitor(t);
    const elsewhere = [];
    visitor.context.on('request', (request) => {
      if (!request.url().startsWith(world.demo.api)) elsewhere.push(request.url());
    });
    const chat = await visitor.open(`${world.demo.api}/c/demo`);
    await chat.accept();
    await chat.ask('Are you open on Sunday?');
    await chat.finished();
    assert.deepEqual(elsewhere, []);
  });

  it('says what to do when a conversation was already taken over', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/status of 4\d\d/);
    const chat = await visitor.open(`${world.demo.api}/c/demo#expand=long-gone`);
    await says(chat.panel, /already used or is too old|Before we chat/);
    await chat.accept();
    await says(chat.panel, /already used or is too old/);
    await chat.ask('Are you open on Sunday?');
    assert.match(await chat.finished(), /Sunday/);
  });

  it('offers another attempt when the app cannot be loaded', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/ERR_FAILED/, /Failed to fetch/);
    let refuse = true;
    await visitor.context.route(/\.wasm/, (route) => (refuse ? route.abort() : route.continue()));
    const chat = await visitor.open(`${world.demo.api}/c/demo`);
    const again = chat.page.getByRole('button', { name: 'Try again' });
    await visible(again);
    refuse = false;
    await again.click();
    await visible(chat.terms);
  });

  it('is not there for a chatbot that does not exist', async () => {
    const response = await fetch(`${world.demo.api}/c/nobody`);
    assert.equal(response.status, 404);
    assert.doesNotMatch(await response.text(), /stack|panic|sql/i);
  });
});
