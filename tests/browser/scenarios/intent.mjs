// Nothing before intent: what a page pays, asks for and keeps before a visitor turns to the bubble, and as long as nobody
// has agreed to anything.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { Chat } from '../chat.mjs';
import { equals, hidden, until, visible } from '../expect.mjs';
import { host } from '../hosts.mjs';
import { it, world } from '../world.mjs';

// Notes whoever reads or writes anything that stays in the browser, before a script of the page runs. Written as the
// browser has it, so that a page's own layer over it is seen through.
const spy = () => {
  const noted = [];
  Object.defineProperty(window, Symbol.for('noted'), { value: noted });
  const wrap = (owner, name, kind) => {
    const real = owner?.[name];
    if (!real) return;
    Object.defineProperty(owner, name, {
      value(...values) {
        noted.push(`${kind} ${name}`);
        return Reflect.apply(real, this, values);
      },
    });
  };
  for (const name of ['setItem', 'removeItem', 'clear']) wrap(Storage.prototype, name, 'write');
  wrap(Storage.prototype, 'getItem', 'read');
  for (const name of ['open', 'deleteDatabase']) wrap(window.IDBFactory?.prototype, name, 'write');
  for (const name of ['open', 'delete', 'match', 'has']) wrap(window.CacheStorage?.prototype, name, 'write');
  wrap(window.ServiceWorkerContainer?.prototype, 'register', 'write');
  wrap(window.CookieStore?.prototype, 'set', 'write');
  wrap(window, 'fetch', 'load');
  for (const name of ['localStorage', 'sessionStorage']) {
    const real = Object.getOwnPropertyDescriptor(window, name).get;
    Object.defineProperty(window, name, {
      get() {
        const storage = Reflect.apply(real, window, []);
        return new Proxy(storage, {
          get(target, key) {
            const value = target[key];
            if (typeof value === 'function') return value.bind(target);
            noted.push(`read ${name}`);
            return value;
          },
          set(target, key, value) {
            noted.push(`write ${name}`);
            target[key] = value;
            return true;
          },
        });
      },
    });
  }
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  Object.defineProperty(Document.prototype, 'cookie', {
    get() {
      noted.push('read cookie');
      return cookie.get.call(this);
    },
    set(value) {
      noted.push('write cookie');
      cookie.set.call(this, value);
    },
  });
};

/** What there is in the browser, as the browser itself says. */
const kept = (page) =>
  page.evaluate(async () => ({
    local: window.localStorage.length,
    session: window.sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
const NOTHING = { local: 0, session: 0, databases: 0, caches: 0, workers: 0 };

async function arrive(t, { slug = 'plain', context } = {}) {
  const visitor = context ? { context } : await world.visitor(t);
  const page = await visitor.context.newPage();
  const asked = [];
  visitor.context.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  const sockets = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  await page.addInitScript(spy);
  await page.clock.install();
  const url = await host(world, 'plain', { slug });
  await page.goto(url);
  const chat = new Chat(page);
  await visible(chat.bubble);
  const noted = () => page.evaluate(() => [...window[Symbol.for('noted')]]);
  return { visitor, page, chat, asked, sockets, noted, first: [`GET ${new URL(url).pathname}`, `GET /w/${slug}.js`] };
}

describe('before a visitor turns to the bubble', () => {
  it('a page has asked for the one script, kept nothing and looked once for an earlier conversation, for ever', async (t) => {
    const { visitor, page, asked, sockets, noted, first } = await arrive(t);
    await page.mouse.move(200, 200);
    await page.mouse.wheel(0, 400);
    await page.locator('main').click();
    await page.keyboard.press('PageDown');
    await page.clock.runFor('30:00');
    assert.deepEqual(asked, first);
    assert.deepEqual(sockets, []);
    assert.deepEqual(await noted(), ['read localStorage']);
    assert.deepEqual(await kept(page), NOTHING);
    assert.deepEqual(await visitor.context.cookies(), []);
  });

  it('a visitor who has been here before is known by one look, and what was kept stays as it was', async (t) => {
    const visitor = await world.visitor(t);
    const earlier = await visitor.open(await host(world, 'plain', { slug: 'plain' }));
    await earlier.open();
    await earlier.ask('When do you open?');
    await earlier.finished();
    const before = await earlier.stored();
    await earlier.page.close();
    const { page, asked, noted } = await arrive(t, { context: visitor.context });
    assert.equal(asked.filter((request) => !/GET \/(w\/|\d)/.test(request)).length, 0, 'nothing at once');
    await page.clock.runFor(1000);
    await until('then the app comes', () => asked, (all) => all.some((request) => /handshake/.test(request)));
    await equals('the conversation is there', () => page.locator('[part~="message"]').count(), 2);
    const all = await noted();
    assert.deepEqual(all.slice(0, all.indexOf('load fetch')), ['read localStorage'], 'one look, before anything is loaded');
    assert.equal(asked.some((request) => /\/sessions$/.test(request)), false);
    assert.deepEqual(await new Chat(page).stored(), before);
  });
});

describe('pointing at the bubble', () => {
  it('loads the app, keeps nothing and begins no conversation', async (t) => {
    const { visitor, page, chat, asked, noted } = await arrive(t);
    await chat.bubble.hover();
    await until('the app is there', () => asked, (all) => all.some((request) => request === 'POST /v1/widget/handshake'));
    await page.mouse.move(1, 1);
    await page.clock.runFor('10:00');
    assert.equal(await chat.panel.isVisible(), false);
    assert.deepEqual((await noted()).filter((note) => note.startsWith('write')), []);
    assert.deepEqual(await kept(page), NOTHING);
    assert.deepEqual(await visitor.context.cookies(), []);
    assert.equal(asked.some((request) => /\/v1\/public\//.test(request)), false, asked.join('\n'));
  });
});

describe('opening the chat and declining the terms', () => {
  it('keeps nothing here and creates nothing on the server', async (t) => {
    const { visitor, page, chat, asked, noted } = await arrive(t, { slug: 'terms' });
    await chat.open();
    await visible(chat.terms);
    await chat.button('No, thanks').click();
    await hidden(chat.composer);
    await chat.button('Close chat').click();
    await hidden(chat.panel);
    await page.clock.runFor('10:00');
    assert.deepEqual((await noted()).filter((note) => note.startsWith('write')), []);
    assert.deepEqual(await kept(page), NOTHING);
    assert.deepEqual(await visitor.context.cookies(), []);
    const posted = asked.filter((request) => !request.startsWith('GET '));
    assert.deepEqual([...new Set(posted)].filter((request) => request !== 'OPTIONS /v1/widget/handshake'), ['POST /v1/widget/handshake']);
  });
});
