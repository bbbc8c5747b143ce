// The conversation beyond asking: another answer, other words, previews, times, and what is kept of a draft.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { equals, focused, hidden, says, until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

async function opened(t, slug, options) {
  const visitor = await world.visitor(t, options);
  const chat = await visitor.open(world.page(slug));
  await chat.open();
  await visible(chat.composer);
  return { visitor, chat };
}

const authors = async (chat) => (await chat.conversation()).map(([author]) => author);

describe('another answer', () => {
  it('takes the place of the first, also after a reload and in the transcript', async (t) => {
    const { chat } = await opened(t, 'quick');
    await chat.ask('First');
    await chat.finished();
    const id = await chat.answer.getAttribute('data-key');
    await chat.button('Answer again').click();
    await chat.finished();
    assert.deepEqual(await authors(chat), ['visitor', 'assistant']);
    assert.equal(await chat.answer.getAttribute('data-key'), id, 'in the same place');
    await chat.page.reload();
    await chat.open();
    await visible(chat.answer);
    assert.deepEqual(await authors(chat), ['visitor', 'assistant']);
    const { text } = await chat.download('Plain text');
    assert.equal(text.split('t12').length, 2, text);
  });

  it('is not offered once the conversation has ended', async (t) => {
    const { chat } = await opened(t, 'quick');
    await chat.ask('First');
    await chat.finished();
    await visible(chat.button('Answer again'));
    await chat.choose('End Chat Session');
    await hidden(chat.button('Answer again'));
    await hidden(chat.button('Edit question'));
  });

  it('is offered for the newest answer only', async (t) => {
    const { chat } = await opened(t, 'quick');
    for (const question of ['First', 'Second']) {
      await chat.ask(question);
      await chat.finished();
    }
    assert.equal(await chat.button('Answer again').count(), 1);
    assert.equal(await chat.answer.getByRole('button', { name: 'Answer again' }).count(), 1);
  });
});

describe('a question in other words', () => {
  it('takes the old one’s place with its answer, here and in another tab', async (t) => {
    const { visitor, chat } = await opened(t, 'plain');
    await chat.ask('When do you opne?');
    await chat.finished();
    const other = await visitor.open(world.page('plain'));
    await other.open();
    await equals('the other tab has it', () => authors(other), ['visitor', 'assistant']);
    await chat.page.bringToFront();
    await chat.button('Edit question').click();
    await focused(chat.composer);
    assert.equal(await chat.composer.inputValue(), 'When do you opne?');
    await says(chat.notice, /editing your last question/);
    await chat.ask('When do you open?');
    assert.match(await chat.finished(), /6:30/);
    await hidden(chat.notice);
    const said = async (chat) => (await chat.conversation()).filter(([author]) => author === 'visitor');
    assert.deepEqual(await said(chat), [['visitor', 'When do you open?']]);
    await equals('the other tab follows', () => said(other), [['visitor', 'When do you open?']]);
    await equals('with one answer', () => authors(other), ['visitor', 'assistant']);
  });

  it('is given up with Escape, and then the panel stays', async (t) => {
    const { chat } = await opened(t, 'plain');
    await chat.ask('When do you open?');
    await chat.finished();
    await chat.button('Edit question').click();
    await chat.composer.press('Escape');
    await hidden(chat.notice);
    assert.equal(await chat.composer.inputValue(), '');
    await visible(chat.panel);
  });
});

describe('a citation', () => {
  it('shows title and words of its source to pointer and keyboard, and copies as its number', async (t) => {
    const { chat } = await opened(t, 'plain');
    await chat.ask('When do you open?');
    const words = await chat.finished();
    const chip = chat.answer.locator('[data-peek]').first();
    const preview = () => chip.evaluate((node) => getComputedStyle(node, '::after').content);
    assert.equal(await preview(), 'none');
    await chip.hover();
    await until('the preview', preview, (text) => /6:30/.test(text));
    assert.ok(!words.includes('\n'), words);
    assert.match(words, /1/);
  });
});

describe('times', () => {
  it('stand beside each message in the visitor’s own way, and a day is named when another begins', async (t) => {
    const { chat } = await opened(t, 'quick');
    await chat.ask('Hello');
    await chat.finished();
    const times = await chat.panel.locator('time').evaluateAll((nodes) => nodes.map((node) => [node.textContent, node.dateTime]));
    assert.equal(times.length, 2);
    for (const [shown, exact] of times) {
      assert.match(shown, /\d/);
      assert.ok(Math.abs(Date.parse(exact) - Date.now()) < 600_000, exact);
    }
    assert.equal(await chat.panel.locator('[part~="day"]').count(), 0, 'today needs no name');
    // Two days later.
    await chat.page.clock.install({ time: Date.now() + 2 * 86_400_000 });
    await chat.page.reload();
    await chat.open();
    await equals('the earlier day has its name', () => chat.panel.locator('[part~="day"]').count(), 1);
    await chat.page.evaluate(() => window.natter.setLocale('de'));
    const day = chat.panel.locator('[part~="day"]');
    const name = new Date(times[0][1]).toLocaleDateString('de', { dateStyle: 'full' });
    await equals('it is named in another language', () => day.allTextContents(), [name]);
    await equals('and so are times', () => chat.panel.locator('time').first().textContent(), new Date(times[0][1]).toLocaleTimeString('de', { timeStyle: 'short' }));
    assert.match(await chat.questions.first().innerText(), /Ihre Nachricht/);
  });
});

describe('a long conversation', () => {
  it('is at its end at once, and what is older comes above it without moving it', async (t) => {
    const { visitor, chat } = await opened(t, 'quick');
    await chat.ask('Hello');
    await chat.finished();
    const count = 300;
    const day = 86_400_000;
    await visitor.context.route('**/v1/widget/handshake', async (route) => {
      const response = await route.fetch();
      const json = await response.json();
      const { session } = json.data.natter;
      const [question, answer] = session.messages;
      session.messages = Array.from({ length: count }, (_, at) => {
        const like = at % 2 ? answer : question;
        const id = like.id.slice(0, -6) + at.toString(16).padStart(6, '0');
        // Three days, the last of them two days ago.
        const created_at = new Date(Date.now() - (4 - Math.floor(at / 100)) * day).toISOString();
        return { ...like, id, client_message_id: undefined, parent_id: undefined, text: `Number ${at}.`, created_at };
      });
      await route.fulfill({ response, json });
    });
    // What stands in the log whenever something is put into it.
    await visitor.context.addInitScript(() => {
      window.seen = [];
      const attach = Element.prototype.attachShadow;
      Element.prototype.attachShadow = function (init) {
        const root = attach.call(this, init);
        new MutationObserver(() => {
          const rows = [...root.querySelectorAll('[part~="message"]')];
          const scroll = root.querySelector('.scroll');
          if (rows.length) window.seen.push({ rows: rows.length, newest: rows.at(-1).textContent, top: scroll.scrollTop });
        }).observe(root, { childList: true, subtree: true });
        return root;
      };
    });
    await chat.page.reload();
    await chat.open();
    const rows = chat.panel.locator('[part~="message"]');
    await equals('all are there', () => rows.count(), count);
    const said = await rows.evaluateAll((all) => all.map((row) => row.textContent.match(/Number (\d+)\./)[1]));
    assert.deepEqual(said, Array.from({ length: count }, (_, at) => `${at}`));
    assert.equal(await chat.panel.locator('[part~="day"]').count(), 3, 'each day is named once');
    const seen = await chat.page.evaluate(() => window.seen);
    assert.ok(seen[0].rows < 60, `${seen[0].rows} in the first frame`);
    for (const { newest, top } of seen) {
      assert.match(newest, /Number 299\./);
      assert.equal(top, 0);
    }
    for (let at = 1; at < seen.length; at += 1) assert.ok(seen[at].rows - seen[at - 1].rows < 60, 'no frame adds many');
  });
});
