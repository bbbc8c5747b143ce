// Pages that are hostile to what is put into them, most of them without meaning it: each file of `pages/` is one. The
// chat looks and works there as it does on a plain page, and leaves nothing behind.

import assert from 'node:assert/strict';
import { before, describe } from 'node:test';

import { Chat } from '../chat.mjs';
import { equals, hidden, until, visible } from '../expect.mjs';
import { hearReports, host, names, observeShifts, shiftsOf, title } from '../hosts.mjs';
import { it, world } from '../world.mjs';

// Where the chat comes in a frame of its own server, since the page takes away what it needs.
const IN_A_FRAME = new Set(['script-fetch-consumed', 'script-fetch-refusing', 'script-fetch-polyfilled']);

const INHERITED = [
  'color', 'fontFamily', 'fontSize', 'fontStyle', 'fontVariant', 'fontWeight', 'fontStretch', 'lineHeight', 'letterSpacing',
  'wordSpacing', 'textTransform', 'textAlign', 'textIndent', 'textShadow', 'whiteSpace', 'direction', 'writingMode', 'cursor',
  'visibility', 'userSelect', 'pointerEvents', 'quotes', 'tabSize', 'hyphens',
];
const OWN = ['backgroundColor', 'opacity', 'display', 'borderTopWidth', 'paddingTop', 'boxShadow', 'float', 'zoom'];

const looks = (locator) =>
  locator.evaluate((element, properties) => {
    const style = getComputedStyle(element);
    return properties.map((name) => `${name}: ${style[name]}`);
  }, [...INHERITED, ...OWN]);

/** Where a part is and how it looks. */
const seen = async (locator) => ({ box: await locator.boundingBox(), looks: await looks(locator) });

const near = (what, { box: here, looks: these }, { box: there, looks: those }) => {
  assert.ok(here, `${what} has no place`);
  for (const side of ['x', 'y', 'width', 'height']) {
    assert.ok(Math.abs(here[side] - there[side]) <= 1, `${what} is at ${JSON.stringify(here)} instead of ${JSON.stringify(there)}`);
  }
  assert.deepEqual(these, those, what);
};

// A frame has the panel's shadow.
const without = (view, property) => ({ ...view, looks: view.looks.filter((look) => !look.startsWith(property)) });

/** Uses the chat as a visitor does, and gives what it looked like on the way. */
async function use(chat, page) {
  const views = {};
  const view = async (name, locator) => (views[name] = await seen(locator));
  await visible(chat.bubble);
  const { box } = await seen(chat.bubble);
  await chat.bubble.click();
  await visible(chat.terms);
  await page.mouse.move(1, 1);
  await view('bubble', chat.bubble);
  views.bubble.box = box;
  await view('panel', chat.panel);
  await view('terms', chat.terms);
  await chat.accept();
  await visible(chat.composer);
  await chat.composer.pressSequentially('When do you open?');
  await view('composer', chat.composer);
  await chat.composer.press('Enter');
  assert.match(await chat.finished(), /6:30/);
  await view('question', chat.questions.last());
  await view('answer', chat.answer);
  await chat.answer.locator('[dir="auto"]').first().click({ clickCount: 3, position: { x: 20, y: 10 } });
  assert.match(await chat.answer.evaluate((answer) => String(answer.getRootNode().getSelection())), /bakery/, 'an answer can be selected');
  await chat.button('Close chat').click();
  await hidden(chat.panel);
  await equals('the bubble says so', () => chat.bubble.getAttribute('aria-expanded'), 'false');
  await chat.bubble.evaluate(() => (window.natter.get('terms') ?? window.natter).open());
  await visible(chat.panel);
  return views;
}

/** The page in which the chat is: by itself, or in a frame of the page. */
const chatOf = (page, name) => {
  const place = name.startsWith('frame-') ? page.frameLocator('#inner') : page;
  const chat = new Chat(page, place);
  // Of two chats whichever was loaded first is the first one in the page.
  const element = name === 'tag-two-chatbots' ? place.locator('natter-chat', { has: page.locator('[part~="bubble"][aria-label*="terms"]') }) : place.locator('natter-chat').first();
  chat.bubble = element.locator('[part~="bubble"]');
  if (name === 'tag-two-chatbots') chat.panel = element.locator('[part~="panel"]');
  return IN_A_FRAME.has(name) ? Object.assign(chat.framed, { bubble: chat.bubble }) : chat;
};

async function load(t, name, options) {
  const visitor = await world.visitor(t, { viewport: { width: 1280, height: 720 } });
  await observeShifts(visitor.context);
  await hearReports(visitor.context);
  const page = await visitor.context.newPage();
  let url = await host(world, name, options);
  if (name === 'frame-third-party') url = url.replace('127.0.0.1', 'localhost');
  await page.goto(url, { waitUntil: 'load' });
  return page;
}

const globals = (page) => page.evaluate(() => Object.getOwnPropertyNames(window).sort());

describe('a page with', { concurrency: 3 }, () => {
  let plain;
  before(async () => {
    const context = await world.browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    await page.goto(await host(world, 'plain'));
    plain = await use(chatOf(page, 'plain'), page);
    await context.close();
  });

  for (const name of names) {
    it(`${title(name)} (${name}.html) has the chat that every page has, and nothing moves`, async (t) => {
      const page = await load(t, name);
      const here = await use(chatOf(page, name), page);
      for (const part of Object.keys(plain)) {
        const [one, other] = IN_A_FRAME.has(name) && part === 'panel' ? [without(here[part], 'boxShadow'), without(plain[part], 'boxShadow')] : [here[part], plain[part]];
        near(part, one, other);
      }
      assert.deepEqual(await shiftsOf(page), [], 'layout shifts');
    });
  }

  it('a script that opens the chat: nothing moves while it is loaded, without the grace that follows a visitor’s click', async (t) => {
    const page = await load(t, 'plain', { slug: 'plain' });
    const chat = chatOf(page, 'plain');
    await visible(chat.bubble);
    await page.evaluate(() => window.natter.open());
    await visible(chat.composer);
    await page.evaluate(() => window.natter.send('When do you open?'));
    assert.match(await chat.finished(), /6:30/);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    assert.deepEqual(await shiftsOf(page), []);
  });

  for (const name of ['plain', 'frame-sandboxed', 'frame-third-party']) {
    it(`${title(name)}: what moves would be seen`, async (t) => {
      const page = await load(t, name, { bare: true });
      const { [name === 'plain' ? 0 : 1]: inner } = page.frames();
      await inner.waitForLoadState();
      await inner.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
      await inner.evaluate(() => document.body.prepend(Object.assign(document.createElement('pre'), { textContent: '\n'.repeat(9) })));
      await until('it is noted', () => shiftsOf(page), ({ length }) => length > 0);
    });
  }

  for (const name of ['plain', 'tag-module', 'tag-two-chatbots']) {
    it(`${title(name)} has one more global afterwards, and no other`, async (t) => {
      const before = await globals(await load(t, name, { bare: true }));
      const page = await load(t, name);
      await use(chatOf(page, name), page);
      assert.deepEqual((await globals(page)).filter((global) => !before.includes(global)), ['natter']);
    });
  }
});
