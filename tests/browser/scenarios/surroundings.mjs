// Pages that go on living around the chat: navigation that leaves the document in place, the browser's own memory of a
// page, dialogs, workers, paper.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe } from 'node:test';
import { chromium } from 'playwright-core';

import { Chat } from '../chat.mjs';
import { equals, hidden, says, until, visible } from '../expect.mjs';
import { hearReports, host, observeShifts, shiftsOf, table } from '../hosts.mjs';
import { chromiumBinary } from '../processes.mjs';
import { Visitor, it, world } from '../world.mjs';

const WORKER = `
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => event.respondWith((async () => {
  const cache = await caches.open('everything');
  const kept = await cache.match(event.request);
  if (kept) return kept;
  const answer = await fetch(event.request);
  cache.put(event.request, answer.clone()).catch(() => {});
  return answer;
})()));`;

const talk = async (chat) => {
  await chat.open();
  await chat.ask('When do you open?');
  assert.match(await chat.finished(), /6:30/);
  return chat.conversation();
};

/** How many bubbles can be seen. */
const bubbles = (chat) => chat.page.locator('natter-chat [part~="bubble"]').count();

describe('Turbo', () => {
  const open = async (t) => {
    const visitor = await world.visitor(t);
    await observeShifts(visitor.context);
    return visitor.open(await host(world, 'living/turbo', { slug: 'plain' }));
  };
  const visit = (chat, url, options) =>
    chat.page.evaluate(
      ([url, options]) => new Promise((done) => { addEventListener('turbo:load', () => done(), { once: true }); Turbo.visit(url, options); }),
      [url, options],
    );

  it('follows a link, and the panel stays open with its conversation and what was typed', async (t) => {
    const chat = await open(t);
    const said = await talk(chat);
    await chat.composer.fill('And on');
    await visit(chat, '?other');
    assert.deepEqual(await chat.conversation(), said);
    assert.equal(await chat.composer.inputValue(), 'And on');
    await chat.ask('Do you ship to Norway?');
    assert.match(await chat.finished(), /9 euros/);
    assert.equal(await bubbles(chat), 1);
    assert.deepEqual(await shiftsOf(chat.page), [], 'layout shifts');
  });

  it('goes back to a copy of a page that had the bubble in it, and there is one bubble that works', async (t) => {
    const chat = await open(t);
    await visible(chat.bubble);
    await visit(chat, '?other');
    await Promise.all([
      chat.page.evaluate(() => new Promise((done) => addEventListener('turbo:load', () => done(), { once: true }))),
      chat.page.evaluate(() => history.back()),
    ]);
    await equals('one bubble', () => bubbles(chat), 1);
    await talk(chat);
  });

  it('morphs the page, and the panel stays open with its conversation', async (t) => {
    const chat = await open(t);
    const said = await talk(chat);
    await visit(chat, chat.page.url(), { action: 'replace' });
    assert.deepEqual(await chat.conversation(), said);
    await chat.ask('Do you ship to Norway?');
    assert.match(await chat.finished(), /9 euros/);
    assert.deepEqual(await shiftsOf(chat.page), [], 'layout shifts');
  });
});

describe('a page that is one application', () => {
  it('swaps its body all day long and keeps its bubble', async (t) => {
    const visitor = await world.visitor(t);
    const page = await visitor.context.newPage();
    await page.clock.install();
    await page.goto(await host(world, 'plain', { slug: 'plain' }));
    const chat = new Chat(page);
    await visible(chat.bubble);
    for (let visits = 0; visits < 120; visits += 1) {
      await page.evaluate((visits) => {
        history.pushState({}, '', `?${visits}`);
        document.documentElement.replaceChild(document.createElement('body'), document.body);
      }, visits);
      await page.clock.runFor(1000);
    }
    await visible(chat.bubble);
    assert.equal(await page.locator('natter-chat').count(), 1);
  });

  it('takes the element away again and again, and is left alone in the end', async (t) => {
    const visitor = await world.visitor(t);
    const page = await visitor.context.newPage();
    await page.clock.install();
    await page.goto(await host(world, 'plain', { slug: 'plain' }));
    await visible(new Chat(page).bubble);
    const put = await page.evaluate(async () => {
      let put = 0;
      new MutationObserver(() => {
        const chat = document.querySelector('natter-chat');
        if (chat) put += 1;
        chat?.remove();
      }).observe(document.body, { childList: true });
      document.querySelector('natter-chat').remove();
      for (let turn = 0; turn < 500; turn += 1) await null;
      return put;
    });
    assert.ok(put <= 51, `it came back ${put} times`);
    assert.equal(await page.locator('natter-chat').count(), 0);
  });
});

describe('going away and coming back', () => {
  it('finds the conversation after the page was left and loaded again', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(await host(world, 'plain', { slug: 'plain' }));
    const said = await talk(chat);
    await chat.page.goto(await host(world, 'css-bootstrap', { slug: 'plain' }));
    await chat.page.goBack();
    await chat.open();
    await visible(chat.answer);
    assert.deepEqual(await chat.conversation(), said);
  });

  it('finds the page in the browser’s memory as it was, with a chat that goes on', async (t) => {
    const browser = await chromium.launch({
      executablePath: chromiumBinary(), args: ['--no-sandbox', '--disable-gpu'], ignoreDefaultArgs: ['--disable-back-forward-cache'],
    });
    t.after(() => browser.close());
    const visitor = new Visitor(await browser.newContext({ reducedMotion: 'reduce' }));
    t.after(() => visitor.leave());
    const chat = await visitor.open(await host(world, 'plain', { slug: 'plain' }));
    await chat.page.evaluate(() => addEventListener('pageshow', ({ persisted }) => (window.cameBack = persisted)));
    const said = await talk(chat);
    await chat.page.goto(await host(world, 'css-bootstrap', { slug: 'plain' }));
    await chat.page.goBack({ waitUntil: 'commit' });
    await equals('it came from memory', () => chat.page.evaluate(() => window.cameBack), true);
    assert.deepEqual(await chat.conversation(), said);
    await chat.ask('Do you ship to Norway?');
    assert.match(await chat.finished(), /9 euros/);
  });
});

describe('a modal dialog of the page', () => {
  it('is not disturbed, and the chat is there when it is closed', async (t) => {
    const visitor = await world.visitor(t);
    await observeShifts(visitor.context);
    const chat = await visitor.open(await host(world, 'living/modal', { slug: 'plain' }));
    const yes = chat.page.getByRole('button', { name: 'Yes' });
    await yes.focus();
    await chat.page.evaluate(() => window.natter?.open ?? new Promise((done) => document.querySelector('script[async]').addEventListener('load', done)));
    await visible(chat.bubble);
    assert.equal(await yes.evaluate((button) => button === document.activeElement), true);
    await yes.click();
    await talk(chat);
    assert.deepEqual(await shiftsOf(chat.page), [], 'layout shifts');
  });
});

describe('a page that forbids copying', () => {
  it('lets a visitor cut and paste in the chat', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(await host(world, 'page-events', { slug: 'plain' }));
    await chat.open();
    await chat.composer.fill('When do you open?');
    await chat.composer.press('Control+a');
    await chat.composer.press('Control+x');
    assert.equal(await chat.composer.inputValue(), '');
    await chat.composer.press('Control+v');
    assert.equal(await chat.composer.inputValue(), 'When do you open?');
  });
});

describe('a service worker that keeps everything', () => {
  it('does not keep the conversation from going on, here and after a reload', async (t) => {
    const worker = world.site.add(WORKER, { 'content-type': 'text/javascript' });
    const visitor = await world.visitor(t);
    await observeShifts(visitor.context);
    const chat = await visitor.open(await host(world, 'living/worker', { slug: 'plain', values: { worker } }));
    await chat.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      while (!navigator.serviceWorker.controller) await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
    });
    await chat.page.reload();
    const said = await talk(chat);
    await chat.page.reload();
    await chat.open();
    await visible(chat.answer);
    assert.deepEqual(await chat.conversation(), said);
    await chat.ask('Do you ship to Norway?');
    assert.match(await chat.finished(), /9 euros/);
    await chat.choose('Reset chat');
    await chat.button('Yes, reset').click();
    await until('it is empty', () => chat.questions.count(), (count) => count === 0);
    assert.deepEqual(await shiftsOf(chat.page), [], 'layout shifts');
  });
});

describe('a page without an origin', () => {
  it('is told by the chat that it cannot be allowed, and why in the console', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/blocked by CORS policy/, /ERR_FAILED/, /status of 403/);
    const reports = await hearReports(visitor.context);
    await observeShifts(visitor.context);
    const page = await visitor.context.newPage();
    const warnings = [];
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    await page.goto(await host(world, 'living/sandboxed', { slug: 'plain' }));
    const chat = new Chat(page, page.frameLocator('#inner'));
    chat.bubble = chat.place.locator('[part~="bubble"]');
    await chat.open();
    await says(chat.panel, /The chat server refused/);
    assert.ok(!(await chat.panel.innerText()).includes(world.site.origin), 'an origin is named that would not help');
    await until('the developer is told', () => warnings, ({ length }) => length > 0);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], /^natter: .*allow-same-origin/);
    await until('the owner is told', () => reports, ({ length }) => length > 0);
    assert.deepEqual(reports.map(({ reason }) => reason), ['origin']);
    assert.deepEqual(await shiftsOf(page), [], 'layout shifts');
  });
});

describe('on paper and enlarged', () => {
  it('is not printed', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(await host(world, 'plain', { slug: 'plain' }));
    await talk(chat);
    await chat.page.emulateMedia({ media: 'print' });
    await hidden(chat.bubble);
    await hidden(chat.panel);
    await chat.page.emulateMedia({ media: 'screen' });
    await visible(chat.panel);
  });

  for (const zoom of [2, 4]) {
    it(`at ${zoom * 100} % the panel is whole on the screen and can be used`, async (t) => {
      const size = { width: 1280 / zoom, height: 720 / zoom };
      const visitor = await world.visitor(t, { viewport: size, deviceScaleFactor: zoom });
      const chat = await visitor.open(await host(world, 'plain', { slug: 'plain' }));
      await talk(chat);
      const box = await chat.panel.boundingBox();
      assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height, JSON.stringify(box));
      const field = await chat.composer.boundingBox();
      assert.ok(field.y + field.height <= size.height && field.height >= 20, JSON.stringify(field));
      assert.equal(await chat.overflows(), false);
      await chat.button('Close chat').click();
      await hidden(chat.panel);
    });
  }
});

describe('docs/hostile-pages.md', () => {
  it('lists every page of this suite', () => {
    const docs = readFileSync(new URL('../../../docs/hostile-pages.md', import.meta.url), 'utf8');
    assert.ok(docs.includes(table()), `it should have these lines:\n${table()}`);
  });
});
