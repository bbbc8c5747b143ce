// Answers with everything that Markdown can bring into one: how they are drawn, on every kind of screen.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { accessible } from '../axe.mjs';
import { equals, focused, until, visible } from '../expect.mjs';
import { markdown } from '../fixtures/answer.mjs';
import { it, world } from '../world.mjs';

const LOOKS = {
  'in light': { tag: 'data-natter-theme="light"' },
  'in dark': { tag: 'data-natter-theme="dark"', colorScheme: 'dark' },
  'on a phone': { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true },
  'in a panel from right to left': { tag: 'data-natter-locale="ar"', rtl: true },
  'at 400 % zoom': { viewport: { width: 320, height: 256 } },
};

async function drawn(t, { tag, rtl, ...options } = {}) {
  const visitor = await world.visitor(t, options);
  const chat = await visitor.open(world.page('echoed', { tag }));
  await chat.open();
  await chat.ask(markdown(`${world.site.origin}/icon.svg`));
  await visible(chat.answer.locator('.tools'));
  await equals('it is whole', () => chat.answer.locator('a[href]').count(), 2);
  return { visitor, chat, words: chat.answer.locator('[dir="auto"]').first() };
}

/** How far something is scrolled sideways, and how far it could be. */
const sideways = (locator) => locator.evaluate((node) => [Math.abs(Math.round(node.scrollLeft)), node.scrollWidth - node.clientWidth]);

for (const [how, look] of Object.entries(LOOKS)) {
  describe(`an answer with everything ${how}`, () => {
    it('is drawn within the panel, scrolls what is wider within itself by keyboard, and axe finds nothing', async (t) => {
      const { chat, words } = await drawn(t, look);
      await accessible(chat.page, how);
      assert.equal(await chat.overflows(), false);
      const log = chat.panel.getByRole('log');
      assert.deepEqual(await sideways(log), [0, 0], 'the log does not scroll sideways');
      const outside = await words.evaluate((words) => {
        const { left, right } = words.getBoundingClientRect();
        const beyond = (node) => {
          const box = node.getBoundingClientRect();
          return box.right > right + 1 || box.left < left - 1;
        };
        return [...words.querySelectorAll('*')].filter((node) => !node.closest('pre, .table') && beyond(node)).map((node) => node.outerHTML.slice(0, 80));
      });
      assert.deepEqual(outside, []);
      for (const place of [words.locator('pre'), words.locator('.table')]) {
        const [, room] = await sideways(place);
        assert.ok(room > 20, `${place} is wider than it can be: ${room}`);
        await place.focus();
        await focused(place);
        for (let step = 0; step < 3; step += 1) await chat.page.keyboard.press('ArrowRight');
        await until(`${place} scrolls`, () => sideways(place), ([at]) => at > 20);
        assert.equal(await log.evaluate((log) => log.scrollLeft), 0);
      }
    });

    it('keeps its words whole, its lists in steps and its own direction', async (t) => {
      const { chat, words } = await drawn(t, look);
      // A word of a table that has room is not broken, while one that has none cannot make the table endless.
      const cells = await words.locator('th, td').evaluateAll((cells) =>
        cells.map((cell) => {
          const range = document.createRange();
          range.selectNodeContents(cell);
          const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
          return [cell.textContent, lines, Math.round(cell.getBoundingClientRect().width)];
        }),
      );
      assert.equal(cells.length, 18);
      for (const [text, lines, width] of cells) {
        if (/^\S{1,12}$/.test(text)) assert.equal(lines, 1, `${text} is broken into ${lines}`);
        assert.ok(width <= 241, `${text} is ${width} wide`);
      }
      const starts = await words.locator('ol > li, ol ul > li').evaluateAll((items) =>
        items.map((item) => {
          const range = document.createRange();
          range.selectNodeContents(item.firstChild);
          return Math.round(range.getBoundingClientRect().left);
        }),
      );
      const [first, second, hand, machine, slowly, third] = starts;
      assert.deepEqual([second, third, machine], [first, first, hand]);
      assert.ok(hand > first && slowly > machine, starts.join(' '));
      const arabic = words.locator('p').filter({ hasText: 'العمل' });
      const [left, right] = await arabic.evaluate((p) => {
        const range = document.createRange();
        range.selectNodeContents(p);
        const [box, text] = [p.getBoundingClientRect(), range.getBoundingClientRect()];
        return [text.left - box.left, box.right - text.right];
      });
      assert.ok(right < 2 && left > right - 1, `Arabic stands at the right: ${left} ${right}`);
      assert.equal(await words.evaluate((node) => getComputedStyle(node).direction), 'ltr');
      if (look.rtl) assert.equal(await chat.panel.getAttribute('dir'), 'rtl');
      const tags = await words.locator(':scope > *').evaluateAll((nodes) => nodes.map((node) => node.className || node.localName));
      assert.deepEqual(tags, ['h3', 'p', 'ol', 'ul', 'code', 'table', 'blockquote', 'p', 'p', 'p', 'hr', 'h4', 'p']);
    });
  });
}

describe('an answer with everything', () => {
  it('names the language of its code beside the button that copies it, and neither covers the code', async (t) => {
    const { words } = await drawn(t);
    const [label, top, bottom, code] = await words.locator('.code').evaluate((node) => {
      const range = document.createRange();
      range.selectNodeContents(node.querySelector('code'));
      const [box, button] = [node, node.querySelector('button')].map((one) => one.getBoundingClientRect());
      return [getComputedStyle(node, '::before').content, button.top - box.top, button.bottom, range.getBoundingClientRect().top];
    });
    assert.equal(label, '"rust"');
    assert.ok(top >= 0, `the button is within the frame: ${top}`);
    assert.ok(bottom <= code, `the code begins below it: ${bottom} ${code}`);
  });

  it('opens its links in another tab that knows nothing of the page', async (t) => {
    const { visitor, chat } = await drawn(t);
    await visitor.context.route('https://bread.example/**', (route) => route.fulfill({ contentType: 'text/html', body: '<title>Bread</title>' }));
    for (const link of await chat.answer.getByRole('link').all()) {
      assert.equal(await link.getAttribute('target'), '_blank');
      assert.match(await link.getAttribute('rel'), /noopener/);
    }
    const [tab] = await Promise.all([visitor.context.waitForEvent('page'), chat.answer.getByRole('link', { name: 'recipe' }).click()]);
    await until('it is open', () => tab.title(), (title) => title === 'Bread');
    assert.equal(await tab.evaluate(() => window.opener), null);
  });

  it('makes no link of an address that would run something, and no element of HTML', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('echoed'));
    await chat.open();
    await chat.ask('[a](javascript:alert(1)) [b](data:text/html,x) <img src=x onerror="throw 1"> <b>bold</b> ![p](javascript:1)');
    await visible(chat.answer.locator('.tools'));
    assert.deepEqual(await chat.answer.locator('[dir="auto"]').first().locator('a, img, b, [data-src]').count(), 0);
    assert.match(await chat.text(), /<b>bold<\/b>/);
  });
});
