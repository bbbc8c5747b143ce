// What a page's own script can do, and what it hears.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { equals, says, until, visible } from '../expect.mjs';
import { proofOf } from '../processes.mjs';
import { it, world } from '../world.mjs';

const QUESTION = 'When do you open?';

/** The script of a page, before its tag. */
const script = (code) => ({ body: `<script>${code}</script>` });

/** Calls a method of `window.natter` in the page. */
const call = (chat, method, ...values) =>
  chat.page.evaluate(([method, values]) => window.natter[method](...values), [method, values]);

/** Writes down what the chat tells the page. */
const LISTEN = `window.heard = [];
for (const name of ['ready','open','close','message','session','answer','error','consent','unread','identify','logout','context','reset'])
  document.addEventListener('natter:' + name, (event) => heard.push([name, event.detail ?? null]));`;
const heard = (chat, name) => chat.page.evaluate((name) => window.heard.filter(([other]) => other === name).map(([, detail]) => detail), name);

/** What is asked of our server, from the moment that a page is opened. */
function requests(visitor, match = /./) {
  const seen = [];
  visitor.context.on('request', (request) => {
    if (request.url().startsWith(world.server.api) && match.test(request.url())) seen.push(request);
  });
  return seen;
}

describe('a page’s commands', () => {
  it('are worked off in order when they were given before the script was there', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', script(`${LISTEN}
      window.natter = window.natter || [];
      natter.push(['on', 'open', () => window.opened = true]);
      natter.push(['setTheme', 'dark']);
      natter.push(['noSuchThing', 1]);
      natter.push(['open', { message: '${QUESTION}' }]);`)));
    assert.match(await chat.finished(), /6:30/);
    assert.equal(await chat.panel.getAttribute('data-theme'), 'dark');
    assert.equal(await chat.page.evaluate(() => window.opened), true);
  });

  it('may be called by name on the documented stand-in', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', script(`
      window.natter = window.natter || [];
      for (const name of ['open', 'prefill', 'setTheme']) natter[name] ??= (...values) => natter.push([name, ...values]);
      natter.setTheme('dark');
      natter.prefill('Half a ');
      natter.open();`)));
    await until('the text is there', () => chat.composer.inputValue(), (text) => text === 'Half a ');
    assert.equal(await chat.panel.getAttribute('data-theme'), 'dark');
  });

  it('that only set something load nothing and keep nothing until a visitor turns to the chat', async (t) => {
    const visitor = await world.visitor(t);
    await visitor.context.clock.install();
    const seen = requests(visitor);
    const chat = await visitor.open(world.page('plain', script(`${LISTEN}
      window.natter = window.natter || [];
      natter.push(['setTheme', 'dark']);
      natter.push(['setLocale', 'ar']);
      natter.push(['setContext', { product: 7 }]);
      natter.push(['identify', { userId: 'ada' }]);
      natter.push(['logout']);
      natter.push(['identify', { userId: 'grace' }]);
      natter.push(['close']);`)));
    await visible(chat.bubble);
    // Longer than the loader waits before it looks for an earlier conversation.
    await chat.page.clock.runFor(2_000);
    assert.deepEqual(seen.map((request) => new URL(request.url()).pathname), ['/w/plain.js']);
    assert.deepEqual(await chat.stored(), { cookies: [] });
    await chat.open();
    assert.equal(await chat.panel.getAttribute('data-theme'), 'dark');
    assert.equal(await chat.panel.getAttribute('dir'), 'rtl');
    await equals('the last word on the visitor holds', () => heard(chat, 'identify'), ['ada', 'grace']);
    assert.deepEqual(await heard(chat, 'context'), [{ product: 7 }]);
  });

  it('reach the chat that they name, and say its version', async (t) => {
    const visitor = await world.visitor(t);
    const second = `<script src="${world.server.api}/w/quick.js" async></script>`;
    const chat = await visitor.open(world.page('plain', { body: second }));
    await until('both are there', () => chat.page.evaluate(() => Boolean(window.natter?.get('plain') && window.natter.get('quick'))));
    await chat.page.evaluate(() => window.natter.get('quick').open());
    await says(chat.panel, /Assistant quick/);
    assert.match(await chat.page.evaluate(() => window.natter.get('plain').version), /^\d+\.\d+\.\d+$/);
    assert.equal(await chat.page.evaluate(() => window.natter.get('nobody')), undefined);
    await chat.page.evaluate(() => { window.natter.get('plain').destroy(); window.natter.get('quick').destroy(); });
    assert.equal(await chat.page.locator('natter-chat').count(), 0);
    assert.equal(await chat.page.evaluate(() => window.natter), undefined);
  });
});

describe('a page’s theme', () => {
  const theme = (chat) => chat.panel.getAttribute('data-theme');
  /** What one sees of it. */
  const scheme = async (chat) => ((await chat.panel.evaluate((panel) => getComputedStyle(panel).backgroundColor)) === 'rgb(255, 255, 255)' ? 'light' : 'dark');

  it('changes at any time, also to follow the page itself', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', { head: '<style>html.night { color-scheme: dark }</style>' }));
    await chat.open();
    await call(chat, 'setTheme', 'dark');
    assert.equal(await theme(chat), 'dark');
    assert.equal(await scheme(chat), 'dark');
    await call(chat, 'setTheme', 'host');
    assert.equal(await scheme(chat), 'light');
    await chat.page.evaluate(() => document.documentElement.classList.add('night'));
    await equals('it follows', () => scheme(chat), 'dark');
    await call(chat, 'setTheme', 'auto');
    assert.equal(await theme(chat), 'auto');
  });

  it('reaches a frame, too', async (t) => {
    const { api } = world.server;
    const visitor = await world.visitor(t);
    visitor.expect(/Content Security Policy/, /violates the/, /CompileError/);
    const chat = await visitor.open(world.page('plain', {}, {
      'content-security-policy': `default-src 'none'; img-src data:; script-src ${api}; connect-src ${api}; frame-src ${api}`,
    }));
    await chat.bubble.click();
    await visible(chat.framed.composer);
    await call(chat, 'setTheme', 'dark');
    await equals('it is dark', () => theme(chat.framed), 'dark');
    await call(chat, 'setTheme', 'host');
    await equals('it is as the page', () => theme(chat.framed), 'light');
    await chat.page.evaluate(() => (document.documentElement.style.colorScheme = 'dark'));
    await equals('it follows the page', () => theme(chat.framed), 'dark');
  });
});

describe('a page’s language', () => {
  it('changes with the conversation and the unsent text kept', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    await chat.ask(QUESTION);
    await chat.finished();
    const before = await chat.conversation();
    await chat.composer.fill('Unsent');
    await call(chat, 'setLocale', 'ar');
    await equals('it is written from right to left', () => chat.panel.getAttribute('dir'), 'rtl');
    await equals('the conversation is there', () => chat.conversation(), before);
    await equals('so is the text', () => chat.composer.inputValue(), 'Unsent');
    await visible(chat.panel);
    const sent = chat.page.waitForRequest(/\/messages$/);
    await chat.composer.press('Enter');
    assert.equal((await sent).postDataJSON().locale, 'ar');
  });
});

describe('what a page says of itself', () => {
  it('goes with each question, and nothing goes without it', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(`${world.page('plain')}?secret=1#2`);
    const sent = requests(visitor, /\/messages$/);
    const contexts = () => sent.map((request) => request.postDataJSON().context);
    await chat.open();
    await chat.ask(QUESTION);
    await chat.finished();
    assert.deepEqual(contexts(), [undefined]);
    await call(chat, 'setContext', { product: { sku: 'A-7', price: 9.5 } });
    await chat.ask('And now?');
    await equals('it was sent', async () => contexts()[1], {
      url: chat.page.url().split('?')[0],
      title: 'Somebody\'s website',
      data: { product: { sku: 'A-7', price: 9.5 } },
    });
    await equals('two answers', () => chat.answers.count(), 2);
    await chat.finished();
    await call(chat, 'setContext', null);
    await chat.ask('And then?');
    await equals('three questions', () => contexts().length, 3);
    assert.equal(contexts()[2], undefined);
  });

  it('is refused when it is too large, and what was said before stands', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', script(LISTEN)));
    await chat.open();
    await call(chat, 'setContext', { small: 1 });
    await call(chat, 'setContext', { large: 'x'.repeat(5000) });
    assert.deepEqual(await heard(chat, 'error'), ['context_too_large']);
    await chat.page.evaluate(() => { const round = {}; round.round = round; return window.natter.setContext(round); });
    assert.equal((await heard(chat, 'error')).length, 2);
    const sent = chat.page.waitForRequest(/\/messages$/);
    await chat.ask(QUESTION);
    assert.deepEqual((await sent).postDataJSON().context.data, { small: 1 });
  });
});

describe('who a visitor is', () => {
  it('is said when the conversation begins, and of one that goes on', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', script(LISTEN)));
    const ada = { user_id: 'ada', user_hash: proofOf('ada') };
    await call(chat, 'identify', { userId: 'ada', userHash: ada.user_hash, name: 'Ada', email: 'ada@example.org' });
    const created = chat.page.waitForRequest(/\/sessions$/);
    const again = requests(visitor, /\/identity$/);
    await call(chat, 'open', { message: QUESTION });
    assert.deepEqual((await created).postDataJSON().identity, { ...ada, name: 'Ada', email: 'ada@example.org' });
    await chat.finished();
    assert.equal(again.length, 0);
    const told = chat.page.waitForResponse((response) => /\/identity$/.test(response.url()) && response.request().method() === 'PUT');
    await call(chat, 'identify', { userId: 'ada', userHash: ada.user_hash, name: 'Ada L.' });
    assert.deepEqual(await (await told).json(), { verified: true, user_id: 'ada', name: 'Ada L.' });
    assert.equal(await chat.questions.count(), 1);
    assert.deepEqual(await heard(chat, 'identify'), ['ada', 'ada']);
    assert.deepEqual(await heard(chat, 'logout'), []);
  });

  it('changes nothing for a visitor whose proof is refused', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/status of 403/);
    const chat = await visitor.open(world.page('plain', script(LISTEN)));
    await visitor.context.route(/\/sessions$/, (route) =>
      route.request().postDataJSON().identity
        ? route.fulfill({ status: 403, contentType: 'application/problem+json', body: '{"code":"identity_invalid"}', headers: { 'access-control-allow-origin': world.site.origin } })
        : route.continue());
    await call(chat, 'identify', { token: 'e30.e30.x' });
    await call(chat, 'open', { message: QUESTION });
    assert.match(await chat.finished(), /6:30/);
    assert.deepEqual(await heard(chat, 'error'), ['identity_invalid']);
  });

  it('is never taken for the next one: another identity begins anew', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', script(LISTEN)));
    await call(chat, 'identify', { userId: 'ada' });
    await call(chat, 'open', { message: QUESTION });
    await chat.finished();
    await call(chat, 'identify', { userId: 'grace' });
    await equals('no question is shown', () => chat.questions.count(), 0);
    assert.deepEqual(await heard(chat, 'logout'), [null]);
    // Nor on the next page.
    await call(chat, 'send', QUESTION);
    await chat.finished();
    await chat.page.reload();
    await until('the script is there', () => chat.page.evaluate(() => Boolean(window.natter?.identify)));
    await call(chat, 'identify', { userId: 'mary' });
    await chat.open();
    await visible(chat.composer);
    assert.equal(await chat.questions.count(), 0);
  });
});

describe('a visitor who is logged out', () => {
  const clean = async (chat) => {
    await equals('no question is shown', () => chat.questions.count(), 0);
    assert.equal(await chat.answers.count(), 0);
    assert.equal(await chat.composer.inputValue(), '');
    assert.deepEqual(await chat.stored(), { cookies: [] });
  };

  it('leaves nothing: not in this tab, not in others, not on the next page', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', script(LISTEN)));
    await call(chat, 'identify', { userId: 'ada' });
    await chat.open();
    await chat.ask(QUESTION);
    await chat.finished();
    const other = await visitor.open(chat.page.url());
    await other.open();
    await visible(other.answer);
    await chat.composer.fill('Half a secret');
    await call(chat, 'logout');
    await clean(chat);
    await clean(other);
    assert.deepEqual(await heard(chat, 'logout'), [null]);
    await chat.page.reload();
    await chat.open();
    await visible(chat.composer);
    await clean(chat);
  });

  it('hears no more of an answer that was being written, here or there', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('slow'));
    await chat.open();
    await chat.ask('Tell me everything.');
    await until('it has begun', () => chat.text(), (text) => text.length > 20);
    const other = await visitor.open(chat.page.url());
    await other.open();
    await until('the other tab follows', () => other.text(), (text) => text.length > 20);
    await call(chat, 'logout');
    await clean(chat);
    await clean(other);
    // The next visitor's question is answered in a conversation of its own.
    const created = chat.page.waitForRequest(/\/sessions$/);
    await chat.ask('Who am I?');
    await created;
    await until('it is answered', () => chat.text(), (text) => text.length > 20);
    await equals('with one question', () => chat.questions.count(), 1);
  });

  it('is gone although the chat was not loaded, and although the page is left at once', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    await chat.ask(QUESTION);
    await chat.finished();
    const other = await visitor.open(chat.page.url());
    await other.open();
    await visible(other.answer);
    // Before the loader looks for the earlier conversation.
    await chat.page.goto(world.page('plain', script(`window.natter = window.natter || []; natter.push(['logout']);`)));
    await until('the script is there', () => chat.page.evaluate(() => Boolean(window.natter?.logout)));
    await clean(other);
    await chat.open();
    await visible(chat.composer);
    await clean(chat);
  });

  it('takes a question along that was asked while the conversation was being opened', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    let release;
    const held = new Promise((done) => (release = done));
    await visitor.context.route(/\/sessions$/, async (route) => {
      await held;
      await route.continue();
    });
    await chat.ask(QUESTION);
    await equals('it is on its way', () => chat.questions.count(), 1);
    const created = chat.page.waitForResponse(/\/sessions$/);
    await call(chat, 'logout');
    release();
    await created;
    await chat.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await clean(chat);
  });
});

describe('a page hears', () => {
  it('of a conversation in the documented words', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('terms', script(LISTEN)));
    await chat.open();
    await chat.accept();
    await chat.ask(QUESTION);
    await chat.finished();
    await chat.button('Close chat').click();
    await equals('all of it', () => chat.page.evaluate(() => window.heard.map(([name]) => name)),
      ['ready', 'open', 'consent', 'message', 'session', 'answer', 'close']);
    assert.deepEqual(await heard(chat, 'consent'), ['accepted']);
    assert.deepEqual(await heard(chat, 'message'), [QUESTION]);
    const [session] = await heard(chat, 'session');
    assert.match(session, /^ses_/);
    assert.match((await heard(chat, 'answer'))[0], /^msg_/);
    await call(chat, 'send', QUESTION);
    await equals('an answer that nobody saw is counted', () => heard(chat, 'unread'), [1]);
    await chat.open();
    await equals('until it is seen', () => heard(chat, 'unread'), [1, 0]);
  });

  it('that the consent was withdrawn, and that the conversation was deleted only where it was', async (t) => {
    for (const [slug, ways, told] of [
      ['terms', ['Withdraw consent', 'Withdraw consent'], [['consent', 'accepted'], ['consent', 'withdrawn']]],
      ['terms', ['Withdraw consent', 'Withdraw and delete'], [['consent', 'accepted'], ['consent', 'withdrawn'], ['reset', '']]],
      ['plain', ['Delete conversation', 'Delete conversation'], [['reset', '']]],
    ]) {
      const visitor = await world.visitor(t);
      const chat = await visitor.open(world.page(slug, script(LISTEN)));
      await chat.open();
      if (slug === 'terms') await chat.accept();
      await chat.ask(QUESTION);
      await chat.finished();
      await chat.choose('Your data');
      await chat.panel.getByRole('dialog').getByRole('button', { name: ways[0] }).click();
      await chat.resetModal.getByRole('button', { name: ways[1] }).click();
      await equals(`${ways[1]}: it is told`, () => chat.page.evaluate(() => window.heard.filter(([name]) => name === 'consent' || name === 'reset')), told);
    }
  });

  it('of a reset by the menu and from the list', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', script(LISTEN)));
    await chat.open();
    await chat.ask(QUESTION);
    await chat.finished();
    await chat.choose('Reset chat');
    await chat.button('Yes, reset').click();
    await equals('it is told', () => heard(chat, 'reset'), ['']);
    await chat.ask(QUESTION);
    await chat.finished();
    await chat.choose('Your conversations');
    await chat.button(`Delete “${QUESTION}”`).click();
    await chat.button('Delete conversation').click();
    await equals('it is told', () => heard(chat, 'reset'), ['', '']);
  });

  it('nothing more from a listener that was taken away', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain'));
    await visible(chat.bubble);
    await chat.page.evaluate(() => {
      window.count = 0;
      const listener = () => window.count++;
      natter.on('open', listener);
      return natter.open().then(() => { natter.off('open', listener); natter.close(); return natter.open(); });
    });
    assert.equal(await chat.page.evaluate(() => window.count), 1);
  });
});
