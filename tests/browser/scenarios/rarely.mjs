// What few pages and few owners use: proof by a token, some events and calls, settings of the bubble and of the wait, and the
// edges of a phone's screen.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { equals, hidden, says, visible } from '../expect.mjs';
import { proofOf, tokenFor } from '../processes.mjs';
import { it, world } from '../world.mjs';

const QUESTION = 'When do you open?';
const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };
const LISTEN = { body: `<script>window.heard = [];
for (const name of ['open', 'close', 'contact', 'reset', 'identify', 'error'])
  document.addEventListener('natter:' + name, (event) => heard.push([name, event.detail ?? null]));</script>` };

const call = (chat, method, ...values) => chat.page.evaluate(([method, values]) => window.natter[method](...values), [method, values]);
const heard = (chat) => chat.page.evaluate(() => window.heard);

describe('a visitor whom the site proves by a token', () => {
  it('is known to the server, and finds the conversation on another device', async (t) => {
    const user = `token-${Date.now()}`;
    const open = async () => {
      const visitor = await world.visitor(t);
      const chat = await visitor.open(world.page('plain', LISTEN));
      await visible(chat.bubble);
      return chat;
    };
    const first = await open();
    await call(first, 'identify', { token: tokenFor({ sub: user, name: 'Ada', email: 'ada@example.org' }) });
    await call(first, 'open', { message: QUESTION });
    assert.match(await first.finished(), /6:30/);
    assert.deepEqual(await heard(first), [['open', null], ['identify', user]].sort());
    await first.choose('Your data');
    await says(first.panel, /Ada/);
    // Another device, proven in the other way.
    const other = await open();
    await call(other, 'identify', { userId: user, userHash: proofOf(user) });
    await call(other, 'open', { message: 'Do you ship to Norway?' });
    await other.finished();
    await other.choose('Your conversations');
    await says(other.panel.getByRole('dialog'), /When do you open/);
  });

  it('is not proven by a token that another key has signed', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/status of 403/);
    const chat = await visitor.open(world.page('plain', LISTEN));
    await visible(chat.bubble);
    const [head, body] = tokenFor({ sub: 'eve' }).split('.');
    await call(chat, 'identify', { token: `${head}.${body}.${Buffer.from(proofOf('x'), 'hex').toString('base64url')}` });
    await call(chat, 'open', { message: QUESTION });
    await chat.finished();
    assert.deepEqual((await heard(chat)).filter(([name]) => name === 'error'), [['error', 'identity_invalid']]);
  });
});

describe('a page hears', () => {
  it('of contact details that were left, and of a conversation that was deleted, and nothing that is in them', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('never', LISTEN));
    await chat.open();
    await chat.ask(QUESTION);
    await chat.finished();
    await chat.choose('Leave your contact details');
    await chat.contactForm.getByLabel('E-mail').fill('ada@acme.example');
    await chat.contactForm.getByLabel('I agree to be contacted').check();
    await chat.contactForm.getByRole('button', { name: 'Send' }).click();
    await hidden(chat.contactForm);
    await chat.choose('Reset chat');
    await chat.button('Yes, reset').click();
    await equals('the page heard', async () => (await heard(chat)).map(([name, detail]) => [name, detail || null]), [['open', null], ['contact', null], ['reset', null]]);
  });
});

describe('natter.toggle()', () => {
  it('opens the panel and closes it, and says whether that was possible', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', LISTEN));
    await visible(chat.bubble);
    assert.equal(await call(chat, 'toggle'), true);
    await visible(chat.panel);
    assert.equal(await call(chat, 'toggle'), true);
    await hidden(chat.panel);
    assert.deepEqual((await heard(chat)).map(([name]) => name), ['open', 'close']);
  });
});

describe('an owner’s setting', () => {
  it('`show_on_mobile = false` hides the bubble on narrow screens alone, and a call of the page opens the panel', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('person'));
    await visible(chat.bubble);
    await chat.page.setViewportSize(PHONE.viewport);
    await hidden(chat.bubble);
    await call(chat, 'open');
    await visible(chat.panel);
    await chat.button('Close chat').click();
    await hidden(chat.bubble);
    await chat.page.setViewportSize({ width: 800, height: 600 });
    await visible(chat.bubble);
  });

  it('`loader_texts` are shown in turn until the answer begins', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('never'));
    await chat.open();
    let answer;
    const held = new Promise((done) => (answer = done));
    await visitor.context.route(/\/messages/, async (route) => {
      await held;
      await route.continue();
    });
    await chat.ask(QUESTION);
    await says(chat.answer, /Looking it up/);
    await says(chat.answer, /Almost there/);
    assert.doesNotMatch(await chat.answer.innerText(), /Looking it up/);
    answer();
    assert.match(await chat.finished(), /6:30/);
    assert.doesNotMatch(await chat.answer.innerText(), /Almost there/);
  });
});

describe('on a phone', () => {
  it('nothing of the panel lies below a notch or the bar at the bottom', async (t) => {
    const visitor = await world.visitor(t, PHONE);
    const chat = await visitor.open(world.page('plain'));
    const devtools = await visitor.context.newCDPSession(chat.page);
    const insets = (top, bottom) => devtools.send('Emulation.setSafeAreaInsetsOverride', { insets: { top, bottom, left: 0, right: 0 } });
    await insets(0, 0);
    await chat.bubble.tap();
    await visible(chat.composer);
    const edges = async () => {
      const title = await chat.button('Close chat').boundingBox();
      const field = await chat.composer.boundingBox();
      return [Math.round(title.y), Math.round(780 - field.y - field.height)];
    };
    const [above, below] = await edges();
    await insets(47, 34);
    await equals('what lies at the edges has moved in', edges, [above + 47, below + 34]);
    assert.deepEqual(await chat.panel.boundingBox(), { x: 0, y: 0, width: 390, height: 780 });
  });

  it('“back” closes the chat also where it is in a frame', async (t) => {
    const { api } = world.server;
    const visitor = await world.visitor(t, PHONE);
    visitor.expect(/Content Security Policy/, /violates the/, /Refused to/, /CompileError/);
    const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${api} 'unsafe-inline'; connect-src ${api}; frame-src ${api}`;
    const chat = await visitor.open(world.page('plain', LISTEN, { 'content-security-policy': policy }));
    const url = chat.page.url();
    for (let round = 0; round < 2; round += 1) {
      await chat.bubble.tap();
      await visible(chat.framed.composer);
      await chat.page.goBack();
      await hidden(chat.page.locator('natter-chat iframe'));
      assert.equal(chat.page.url(), url);
      await visible(chat.bubble);
    }
    assert.deepEqual((await heard(chat)).map(([name]) => name), ['open', 'close', 'open', 'close']);
  });
});
