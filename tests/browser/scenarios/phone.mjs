// On phones: the panel fills the screen, stays above the keyboard, and "back" closes it.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { equals, focused, hidden, until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

const touch = (width, height) => ({ viewport: { width, height }, hasTouch: true, isMobile: true });
const PHONE = touch(390, 780);

/** Where an element is, in whole pixels. */
const place = async (locator) => {
  const { x, y, width, height } = await locator.boundingBox();
  return [x, y, width, height].map(Math.round);
};

const history = (chat) => chat.page.evaluate(() => ({ length: window.history.length, state: window.history.state }));

describe('the back button of a phone', () => {
  // A page with a router that keeps what it needs in the entry's state, as they all do.
  const router = '<script>history.replaceState({ route: "/shoes", position: 4 }, ""); window.heard = []; addEventListener("popstate", (event) => heard.push(event.state));</script>';

  for (const [how, close] of [
    ['the back button', (chat) => chat.page.goBack()],
    ['its own button', (chat) => chat.button('Close chat').tap()],
    ['a call of the page', (chat) => chat.page.evaluate(() => window.natter.close())],
  ]) {
    it(`finds the page as it was after the panel was closed by ${how}`, async (t) => {
      const visitor = await world.visitor(t, PHONE);
      const chat = await visitor.open(world.page('plain'));
      const before = chat.page.url();
      await chat.page.goto(world.page('plain', { body: router }));
      const url = chat.page.url();
      for (let round = 0; round < 2; round += 1) {
        await chat.bubble.tap();
        await visible(chat.composer);
        // The page's own state is there while the panel is open.
        const { state } = await history(chat);
        assert.deepEqual([state.route, state.position], ['/shoes', 4]);
        await close(chat);
        await hidden(chat.panel);
        await equals('the entry is gone', async () => (await history(chat)).state, { route: '/shoes', position: 4 });
        assert.equal(chat.page.url(), url);
      }
      // A router is told of nothing but the entry that it is at anyway.
      const heard = await chat.page.evaluate(() => window.heard);
      assert.deepEqual(heard, heard.map(() => ({ route: '/shoes', position: 4 })));
      await chat.page.goBack();
      assert.equal(chat.page.url(), before);
    });
  }

  it('goes back to the page’s own entries when the page has moved on below the panel', async (t) => {
    const visitor = await world.visitor(t, PHONE);
    const chat = await visitor.open(world.page('plain', { body: router }));
    await chat.bubble.tap();
    await visible(chat.composer);
    await chat.page.evaluate(() => window.history.pushState({ route: '/hats' }, '', '#hats'));
    await chat.button('Close chat').tap();
    await hidden(chat.panel);
    assert.deepEqual((await history(chat)).state, { route: '/hats' });
    await chat.page.goBack();
    await until('the router hears of it', () => chat.page.evaluate(() => window.heard.length), (count) => count === 1);
  });

  for (const [where, tag, options] of [['where the tag says so', 'data-natter-back="off"', PHONE], ['on a wide screen', '', {}]]) {
    it(`is left alone ${where}`, async (t) => {
      const visitor = await world.visitor(t, options);
      const chat = await visitor.open(world.page('plain', { body: router, tag }));
      const before = await history(chat);
      await chat.open();
      await visible(chat.composer);
      assert.deepEqual(await history(chat), before);
      await chat.button('Close chat').click();
      await hidden(chat.panel);
      assert.deepEqual(await history(chat), before);
    });
  }
});

/** Stands in for the keyboard that headless browsers lack. */
const keyboard = (visitor, width, height) =>
  visitor.context.addInitScript(([width, height]) => {
    const view = Object.assign(new EventTarget(), { width, height, offsetTop: 0, scale: 1 });
    Object.defineProperty(window, 'visualViewport', { value: view });
    window.change = (now) => {
      Object.assign(view, now);
      view.dispatchEvent(new Event('resize'));
    };
  }, [width, height]);

describe('a keyboard on the screen', () => {
  const above = async (chat, top, height) => {
    const [, y, , tall] = await place(chat.composer);
    assert.ok(y >= top && y + tall <= top + height, `the field is at ${y} to ${y + tall}, seen is ${top} to ${top + height}`);
    const [, send, , sendTall] = await place(chat.button('Send message'));
    assert.ok(send >= top && send + sendTall <= top + height, 'the button that sends is seen');
  };

  for (const [how, width, height, seen, top] of [['upright', 390, 780, 400, 60], ['on its side', 780, 360, 170, 30], ['small and upright', 320, 568, 260, 0]]) {
    it(`never hides the field of a phone that is ${how}, in the panel and on the full page`, async (t) => {
      const visitor = await world.visitor(t, touch(width, height));
      await keyboard(visitor, width, height);
      for (const url of [world.page('plain'), `${world.server.api}/c/plain`]) {
        const chat = await visitor.open(url);
        if (url.includes('/c/')) await visible(chat.composer);
        else await chat.bubble.tap();
        await visible(chat.composer);
        await chat.page.evaluate((now) => window.change(now), { height: seen, offsetTop: top });
        assert.deepEqual(await place(chat.panel), [0, top, width, seen]);
        await above(chat, top, seen);
        // Zooming in is no keyboard.
        await chat.page.evaluate((now) => window.change(now), { height: seen / 2, scale: 2 });
        assert.deepEqual(await place(chat.panel), [0, 0, width, height]);
        await chat.page.evaluate((now) => window.change(now), { height, offsetTop: 0, scale: 1 });
        assert.deepEqual(await place(chat.panel), [0, 0, width, height]);
      }
    });
  }
});

/** A finger that goes up or down, until the page has been drawn. */
async function swipe(chat, devtools, x, y, distance) {
  const touch = (type, ...touchPoints) => devtools.send('Input.dispatchTouchEvent', { type, touchPoints });
  await touch('touchStart', { x, y });
  for (let step = 1; step <= 10; step += 1) await touch('touchMove', { x, y: y + (distance * step) / 10 });
  await touch('touchEnd');
  await chat.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

describe('on a phone', () => {
  it('fields have letters of at least 16 px, so that nothing zooms, and a smaller theme does not change that', async (t) => {
    const visitor = await world.visitor(t, PHONE);
    const chat = await visitor.open(world.page('plain', { head: '<style>natter-chat { --natter-font-size: 12px }</style>' }));
    await chat.bubble.tap();
    await chat.ask('What is the capital of Mongolia?');
    await chat.finished();
    await chat.answer.getByRole('button', { name: 'Leave your contact details' }).tap();
    await visible(chat.contactForm);
    const sizes = await chat.panel.evaluate((panel) =>
      [...panel.querySelectorAll('textarea, input:not([type=checkbox])')].map((field) => parseFloat(getComputedStyle(field).fontSize)));
    assert.ok(sizes.length >= 5);
    assert.deepEqual(sizes.filter((size) => size < 16), []);
  });

  it('what is pressed most is 44 px high and wide', async (t) => {
    const visitor = await world.visitor(t, PHONE);
    const chat = await visitor.open(world.page('terms'));
    await chat.bubble.tap();
    const large = async (name) => {
      const box = await chat.button(name).boundingBox();
      assert.ok(box.width >= 44 && box.height >= 44, `${name}: ${box.width} × ${box.height}`);
    };
    for (const name of ['Accept and continue', 'No, thanks', 'Close chat', 'Open in a new tab']) await large(name);
    await chat.accept();
    await visible(chat.composer);
    for (const name of ['When do you open?', 'Send message']) await large(name);
    await chat.ask('When do you open?');
    await chat.finished();
    await large('Menu');
    await chat.button('Menu').tap();
    for (const name of ['Plain text', 'Reset chat']) await large(name);
  });

  it('a finger that moves over the chat does not move the page behind it', async (t) => {
    const visitor = await world.visitor(t, PHONE);
    const chat = await visitor.open(world.page('plain', { body: '<div style="height: 5000px"></div>' }));
    await chat.page.evaluate(() => scrollTo(0, 800));
    await chat.bubble.tap();
    await visible(chat.composer);
    const devtools = await visitor.context.newCDPSession(chat.page);
    for (const part of ['header', 'log', 'composer', 'disclosure']) {
      const box = await chat.panel.locator(`[part~="${part}"]`).first().boundingBox();
      const y = box.y + Math.min(box.height / 2, 300);
      for (const distance of [-150, 150]) await swipe(chat, devtools, box.x + box.width / 2, y, distance);
      assert.equal(await chat.page.evaluate(() => scrollY), 800, part);
    }
    await chat.button('Close chat').tap();
    await hidden(chat.panel);
    await swipe(chat, devtools, 100, 400, -150);
    await until('the page scrolls as before', () => chat.page.evaluate(() => scrollY), (y) => y > 850);
  });

  it('nothing forbids zooming with two fingers', async (t) => {
    const visitor = await world.visitor(t, PHONE);
    const chat = await visitor.open(`${world.server.api}/c/plain`);
    await visible(chat.composer);
    const meta = await chat.page.locator('meta[name="viewport"]').getAttribute('content');
    assert.doesNotMatch(meta, /user-scalable|maximum-scale/);
    const forbidding = await chat.panel.evaluate((panel) =>
      [panel, ...panel.querySelectorAll('*')].map((node) => getComputedStyle(node).touchAction).filter((value) => !/auto|manipulation|pinch-zoom/.test(value)));
    assert.deepEqual(forbidding, []);
  });

  it('the field has the focus when the panel is opened, and the page’s own scrolling is untouched', async (t) => {
    const visitor = await world.visitor(t, PHONE);
    const chat = await visitor.open(world.page('plain'));
    const overflow = () => chat.page.evaluate(() => [document.body, document.documentElement].map((node) => node.style.cssText));
    await chat.bubble.tap();
    await focused(chat.composer);
    assert.deepEqual(await overflow(), ['', '']);
  });
});

describe('from the smallest phone to a tablet', () => {
  for (const [width, height, whole] of [
    [320, 568, true], [360, 640, true], [375, 667, true], [390, 844, true], [430, 932, true], [600, 960, true],
    [568, 320, true], [667, 375, true], [844, 390, true], [768, 1024, false], [1024, 768, false], [1280, 800, false],
  ]) {
    it(`the chat fits a screen of ${width} × ${height}`, async (t) => {
      const visitor = await world.visitor(t, touch(width, height));
      const chat = await visitor.open(world.page('cited'));
      await chat.bubble.tap();
      await chat.ask('When do you open?');
      await chat.finished();
      const [x, y, wide, tall] = await place(chat.panel);
      assert.equal(wide === width && tall === height, whole, `${wide} × ${tall}`);
      assert.ok(x >= 0 && y >= 0 && x + wide <= width && y + tall <= height);
      assert.equal(await chat.overflows(), false);
      for (const part of ['composer', 'header']) {
        const [left, top, w, h] = await place(chat.panel.locator(`[part~="${part}"]`));
        assert.ok(left >= x && top >= y && left + w <= x + wide && top + h <= y + tall, part);
      }
      const [, , , log] = await place(chat.panel.getByRole('log'));
      assert.ok(log >= 90, `the log has ${log} px`);
      await chat.button('Close chat').tap();
      await hidden(chat.panel);
      await chat.bubble.tap({ trial: true });
    });
  }
});
