// Reading while an answer is written: the log stays where a visitor reads, and follows who is at its end.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { equals, focused, hidden, until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

const scroller = (chat) => chat.panel.getByRole('log');
/** How far the end of the log is below what is seen. */
const below = (chat) => scroller(chat).evaluate((log) => Math.abs(Math.round(log.scrollTop)));
const words = async (chat) => (await chat.text()).split(' ').length;
const grows = async (chat, by) => {
  const before = await words(chat);
  await until('it grows', () => words(chat), (count) => count >= before + by);
};
/** Where the first question is on the screen. */
const place = async (chat) => Math.round((await chat.questions.first().boundingBox()).y);

/** A conversation that is longer than the panel, with an answer that is being written. */
async function reading(t, options) {
  const visitor = await world.visitor(t, options);
  const chat = await visitor.open(world.page('long'));
  await chat.open();
  await chat.ask(`Tell me everything.\n${'And more.\n'.repeat(30)}`);
  await until('it has begun', () => words(chat), (count) => count > 5);
  return chat;
}

describe('whoever reads further up while an answer is written', () => {
  for (const [how, options] of [['at a desk', {}], ['on a phone', { viewport: { width: 390, height: 640 }, hasTouch: true, isMobile: true }]]) {
    it(`is left alone, sees a way to the end, and is there when it was pressed: ${how}`, async (t) => {
      const chat = await reading(t, options);
      const newest = chat.button('Jump to the newest message');
      await hidden(newest);
      if (options.isMobile) await scroller(chat).evaluate((log) => log.scrollBy(0, -400));
      else {
        await scroller(chat).hover();
        await chat.page.mouse.wheel(0, -400);
      }
      await until('it is scrolled', () => below(chat), (pixels) => pixels > 300);
      await visible(newest);
      const top = await place(chat);
      await grows(chat, 120);
      assert.ok(Math.abs((await place(chat)) - top) <= 1, 'nothing has moved');
      await visible(newest);
      await newest.click();
      await equals('it is at the end', () => below(chat), 0);
      await hidden(newest);
      await focused(scroller(chat));
      // And follows from now on.
      await grows(chat, 40);
      assert.equal(await below(chat), 0);
    });
  }

  it('goes to the end by the keyboard, and on with it from there', async (t) => {
    const chat = await reading(t);
    const { keyboard } = chat.page;
    await keyboard.press('F6');
    await focused(scroller(chat));
    await keyboard.press('PageUp');
    const newest = chat.button('Jump to the newest message');
    await visible(newest);
    await until('Tab leads to it', async () => {
      await keyboard.press('Tab');
      return newest.evaluate((button) => button.getRootNode().activeElement === button);
    });
    await keyboard.press('Enter');
    await equals('it is at the end', () => below(chat), 0);
    await focused(scroller(chat));
    await keyboard.press('Home');
    await until('the beginning', () => below(chat), (pixels) => pixels > 300);
  });
});

describe('whoever is at the end', () => {
  it('follows the answer to its last word', async (t) => {
    const chat = await reading(t);
    for (let step = 0; step < 5; step += 1) {
      await grows(chat, 20);
      assert.equal(await below(chat), 0);
    }
    await chat.finished();
    assert.equal(await below(chat), 0);
    const [end, log] = [await chat.answer.boundingBox(), await scroller(chat).boundingBox()];
    assert.ok(end.y + end.height <= log.y + log.height, 'its end is in view');
    await hidden(chat.button('Jump to the newest message'));
  });
});
