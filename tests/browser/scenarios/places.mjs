// Where the chat stands: in each corner, as a part of the page, and with pieces of the page in it.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { accessible } from '../axe.mjs';
import { equals, hidden, says, until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

const QUESTION = 'When do you open?';
const WIDE = { width: 1000, height: 700 };

/** A page without a chat of its own, with whatever is given. */
const page = (body, { head = '', headers, root = '' } = {}) =>
  world.site.add(`<!doctype html><html lang="en" ${root}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Place</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`, headers);
const tag = (slug = 'plain', attributes = '') => `<script src="${world.server.api}/w/${slug}.js" async ${attributes}></script>`;
const inline = (attributes = '', inside = '') => `<natter-chat inline slug="plain" ${attributes}>${inside}</natter-chat>`;

describe('in a corner', () => {
  for (const [direction, locale] of [['ltr', 'en'], ['rtl', 'ar']])
    for (const y of ['top', 'bottom'])
      for (const x of ['left', 'right'])
        it(`at the ${y} ${x}, ${direction}, stand the bubble, its badge and the panel, all to be seen`, async (t) => {
          const visitor = await world.visitor(t, { viewport: WIDE });
          const chat = await visitor.open(world.page('plain', { root: `dir="${direction}"`, tag: `data-natter-position="${y}-${x}" data-natter-locale="${locale}"` }));
          const near = async (locator, across, along) => {
            const box = await locator.boundingBox();
            const right = WIDE.width - box.x - box.width;
            const bottom = WIDE.height - box.y - box.height;
            assert.ok(box.x >= 0 && box.y >= 0 && right >= 0 && bottom >= 0, `all of it is on the screen: ${JSON.stringify(box)}`);
            assert.ok((x === 'left' ? box.x : right) <= across, `${x}: ${JSON.stringify(box)}`);
            assert.ok((y === 'top' ? box.y : bottom) <= along, `${y}: ${JSON.stringify(box)}`);
            return box;
          };
          const bubble = await near(chat.bubble, 20, 20);
          await chat.page.evaluate((question) => window.natter.send(question), QUESTION);
          const badge = chat.page.locator('natter-chat [part~="badge"]');
          await says(badge, /^1$/);
          await near(badge, 60, 60);
          await chat.open();
          const panel = await near(chat.panel, 20, 92);
          assert.equal(await chat.panel.getAttribute('dir'), direction);
          const apart = y === 'top' ? panel.y - bubble.y - bubble.height : bubble.y - panel.y - panel.height;
          assert.ok(apart >= 0, `the panel leaves the bubble free: ${apart}`);
          assert.ok(!(await chat.overflows()));
        });
});

describe('as a part of the page', () => {
  const box = (locator) => locator.boundingBox();

  it('the chat fills its element, without a bubble, grows with it and leaves the focus alone', async (t) => {
    const visitor = await world.visitor(t, { viewport: WIDE });
    const chat = await visitor.open(page(`<main><h1>Help</h1><input autofocus aria-label="Search">${inline()}</main>${tag()}`, { head: '<style>natter-chat { height: 500px } main { width: 600px }</style>' }));
    await visible(chat.composer);
    const element = chat.page.locator('natter-chat');
    assert.deepEqual(await box(chat.panel), await box(element));
    assert.equal((await box(element)).height, 500);
    const field = await box(chat.composer.locator('xpath=ancestor::form'));
    assert.ok(field.x - (await box(element)).x >= 8, 'the field keeps its distance from the edge');
    assert.equal(await chat.bubble.count(), 0);
    assert.equal(await chat.button('Close chat').count(), 0);
    assert.equal(await chat.page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Search');
    await chat.ask(QUESTION);
    assert.match(await chat.finished(), /6:30/);
    await chat.page.evaluate(() => { document.querySelector('main').style.width = '340px'; document.querySelector('natter-chat').style.height = '640px'; });
    await equals('it has grown', async () => { const { width, height } = await box(chat.panel); return [width, height]; }, [340, 640]);
    // Nothing closes it.
    await chat.page.evaluate(() => window.natter.close());
    await chat.composer.press('Escape');
    await visible(chat.panel);
    await accessible(chat.page);
  });

  it('it is loaded when it comes into view, and nothing moves then', async (t) => {
    const visitor = await world.visitor(t, { viewport: WIDE });
    const asked = [];
    visitor.context.on('request', (request) => request.url().startsWith(world.server.api) && asked.push(new URL(request.url()).pathname));
    const chat = await visitor.open(page(`<div style="height: 3000px">Far above</div>${inline('style="height: 480px"')}<p>Below</p>${tag()}`));
    await until('the script is there', () => chat.page.evaluate(() => Boolean(window.natter?.bots)));
    await chat.page.waitForLoadState('networkidle');
    assert.deepEqual(asked, ['/w/plain.js']);
    assert.deepEqual(await chat.stored(), { cookies: [] });
    await chat.page.evaluate(() => {
      window.shifts = 0;
      // What moves within the chat has no node that a page may see.
      const ofThePage = (entry) => entry.sources.some(({ node }) => node && node.localName !== 'natter-chat');
      new PerformanceObserver((list) => (window.shifts += list.getEntries().filter(ofThePage).length)).observe({ type: 'layout-shift', buffered: true });
    });
    await chat.page.locator('p').scrollIntoViewIfNeeded();
    await visible(chat.composer);
    assert.equal(await chat.page.evaluate(() => window.shifts), 0);
  });

  it('it loads nothing for a page that took it away before', async (t) => {
    const visitor = await world.visitor(t, { viewport: WIDE });
    const asked = [];
    visitor.context.on('request', (request) => request.url().startsWith(world.server.api) && asked.push(new URL(request.url()).pathname));
    const chat = await visitor.open(page(`<div style="height: 3000px">Far above</div>${inline('style="height: 480px"')}<p>Below</p>${tag()}`));
    await until('the script is there', () => chat.page.evaluate(() => Boolean(window.natter?.bots)));
    await chat.page.evaluate(() => window.natter.destroy());
    await chat.page.locator('p').scrollIntoViewIfNeeded();
    await chat.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.deepEqual(asked, ['/w/plain.js']);
  });

  it('it fills whatever element the tag names', async (t) => {
    const visitor = await world.visitor(t, { viewport: WIDE });
    const chat = await visitor.open(page(`${tag('plain', 'data-natter-inline="#help"')}<main><div id="help" style="width: 420px; height: 450px"></div></main>`));
    await visible(chat.composer);
    assert.deepEqual(await box(chat.panel), await box(chat.page.locator('#help')));
    assert.equal(await chat.bubble.count(), 0);
  });

  it('it has the bubble where the tag names nothing that is there', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(page(tag('plain', 'data-natter-inline="#nowhere"')));
    await visible(chat.bubble);
  });

  it('it is in a frame where the page does not let it run, as large', async (t) => {
    const { api } = world.server;
    const visitor = await world.visitor(t, { viewport: WIDE });
    visitor.expect(/Content Security Policy/, /violates the/, /CompileError/);
    const headers = { 'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${api}; connect-src ${api}; frame-src ${api}` };
    const chat = await visitor.open(page(`${inline('style="height: 500px"')}${tag()}`, { headers }));
    const { framed } = chat;
    await visible(framed.composer);
    const frame = chat.page.locator('natter-chat iframe');
    assert.deepEqual(await box(frame), await box(chat.page.locator('natter-chat')));
    await framed.ask(QUESTION);
    assert.match(await framed.finished(), /6:30/);
    assert.equal(await framed.button('Close chat').count(), 0);
  });

  it('it says so when it cannot be loaded, and leads to the full page', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/ERR_FAILED/);
    await visitor.context.route(/\.wasm/, (route) => route.abort());
    const chat = await visitor.open(page(`${inline('style="height: 500px"')}${tag()}`));
    await says(chat.note, /cannot be shown/);
    assert.equal(await chat.note.getAttribute('href'), `${world.server.api}/c/plain`);
  });

  it('the bubble takes over when the element goes, and an element that comes with the next page is filled', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(page(`<main>${inline('style="height: 400px"')}</main>${tag()}`));
    await visible(chat.composer);
    await chat.ask(QUESTION);
    await chat.finished();
    await chat.page.evaluate(() => document.querySelector('natter-chat').remove());
    await chat.open();
    await visible(chat.answer);
    // As a router of a single page does it.
    await chat.page.evaluate((src) => {
      window.natter.destroy();
      const next = document.createElement('natter-chat');
      for (const [name, value] of [['inline', ''], ['slug', 'plain'], ['style', 'height: 400px']]) next.setAttribute(name, value);
      document.querySelector('main').append(next);
      document.body.append(Object.assign(document.createElement('script'), { src }));
    }, `${world.server.api}/w/plain.js`);
    await visible(chat.answer);
    assert.equal(await chat.bubble.count(), 0);
  });
});

describe('pieces of the page', () => {
  const slots = '<b slot="launcher-icon">?</b><b slot="header">Our own head</b>';

  it('stand in the bubble and in the head of the panel', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(page(`<natter-chat slug="plain">${slots}</natter-chat>${tag()}`));
    await visible(chat.bubble);
    await visible(chat.page.getByText('?', { exact: true }));
    assert.equal(await chat.bubble.locator('i').isVisible(), false);
    await chat.open();
    await hidden(chat.page.getByText('?', { exact: true }));
    await visible(chat.page.getByText('Our own head'));
    assert.equal(await chat.panel.locator('[part~="avatar"]').isVisible(), false);
    await chat.button('Close chat').click();
    await visible(chat.page.getByText('?', { exact: true }));
    assert.equal(await chat.page.locator('natter-chat').count(), 1);
  });

  it('may come later, and go', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain'));
    await visible(chat.bubble.locator('i'));
    await chat.page.evaluate(() => {
      const icon = Object.assign(document.createElement('b'), { slot: 'launcher-icon', textContent: '!' });
      document.querySelector('natter-chat').append(icon);
    });
    await visible(chat.page.getByText('!', { exact: true }));
    await hidden(chat.bubble.locator('i'));
    await chat.page.evaluate(() => document.querySelector('natter-chat').replaceChildren());
    await visible(chat.bubble.locator('i'));
  });

  it('are left alone by a chat that is destroyed', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(page(`<natter-chat slug="plain">${slots}</natter-chat>${tag()}`));
    await chat.open();
    await chat.page.evaluate(() => window.natter.destroy());
    assert.deepEqual(await chat.page.locator('natter-chat').evaluate((element) => [element.children.length, element.shadowRoot.children.length]), [2, 0]);
  });
});

describe('two chats of a page', () => {
  it('that begin at once share one instance of the app, and both work', async (t) => {
    const visitor = await world.visitor(t, { viewport: WIDE });
    // Nothing is made of either file before both are there: without sharing there are two instances, each time.
    await visitor.context.addInitScript(() => {
      let release;
      const both = new Promise((done) => (release = done));
      const seen = new Set();
      const { get } = Object.getOwnPropertyDescriptor(Response.prototype, 'body');
      Object.defineProperty(Response.prototype, 'body', {
        configurable: true,
        get() {
          if (this.url.includes('.wasm') && seen.add(this).size === 2) setTimeout(release);
          return get.call(this);
        },
      });
      const begin = WebAssembly.instantiateStreaming;
      window.instances = 0;
      WebAssembly.instantiateStreaming = async (...values) => {
        window.instances += 1;
        await both;
        return begin.apply(WebAssembly, values);
      };
    });
    const chats = ['plain', 'quick'];
    const { page: tab } = await visitor.open(page(tag('plain', 'data-natter-position="bottom-left"') + tag('quick')));
    await until('both are there', () => tab.evaluate(() => Boolean(window.natter?.get?.('plain') && window.natter.get('quick'))));
    await tab.evaluate(([one, other, question]) => {
      window.answers = [];
      for (const slug of [one, other]) window.natter.get(slug).on('answer', () => window.answers.push(slug));
      for (const slug of [one, other]) window.natter.get(slug).send(question);
    }, [...chats, QUESTION]);
    await equals('both have answered', () => tab.evaluate(() => window.answers.sort()), chats);
    assert.equal(await tab.evaluate(() => window.instances), 1);
    for (const slug of chats) {
      await tab.evaluate((slug) => window.natter.get(slug).open(), slug);
      const panel = tab.locator('natter-chat [part~="panel"]').filter({ visible: true });
      await equals('one is open', () => panel.count(), 1);
      await equals('its question is there', () => panel.locator('[part~="visitor"]').count(), 1);
      await tab.evaluate((slug) => window.natter.get(slug).close(), slug);
      await equals('it is closed', () => panel.count(), 0);
    }
  });
});
