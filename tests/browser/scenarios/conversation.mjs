// The conversation beyond asking: another answer, other words, previews, times, and what is kept of a draft.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { accessible } from '../axe.mjs';
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
  const chips = (chat) => chat.answer.locator('[part~="citation"]');
  const preview = (chat) => chat.panel.locator('[part~="preview"]');
  const asked = async (t, slug, question, options) => {
    const { visitor, chat } = await opened(t, slug, options);
    await chat.ask(question);
    await chat.finished();
    return { visitor, chat };
  };
  /** Puts the focus on the first citation as Tab does. */
  const tabTo = (chat) =>
    until('Tab leads to the citation', async () => {
      await chat.page.keyboard.press('Shift+Tab');
      return chips(chat).first().evaluate((chip) => chip.getRootNode().activeElement === chip);
    });

  it('shows title and words of its source to the pointer, which can go to them, and goes with it', async (t) => {
    const { chat } = await asked(t, 'plain', 'When do you open?');
    const words = await chat.text();
    await chips(chat).first().hover();
    await says(preview(chat), /^Opening hours\n+.*6:30 to 13:00/);
    assert.equal(await chat.text(), words, 'it is no part of the answer');
    const [box, panel] = [await preview(chat).boundingBox(), await chat.panel.boundingBox()];
    assert.ok(box.x >= panel.x && box.x + box.width <= panel.x + panel.width && box.y + box.height <= panel.y + panel.height, 'within the panel');
    await accessible(chat.page, 'a preview');
    await preview(chat).hover();
    // Longer than the time that a pointer has for its way.
    const left = await chat.page.evaluate(() => new Promise((done) => setTimeout(() => done(document.querySelector('natter-chat').shadowRoot.querySelectorAll('[part~=preview]').length), 500)));
    assert.equal(left, 1, 'it stays while it is pointed at');
    await chat.composer.hover();
    await hidden(preview(chat));
  });

  it('shows them to the keyboard too, and to screen readers, until the focus goes on', async (t) => {
    const { chat } = await asked(t, 'plain', 'When do you open?');
    await tabTo(chat);
    await says(preview(chat), /^Opening hours\n/);
    const described = await chips(chat).first().evaluate((chip) => chip.getRootNode().getElementById(chip.getAttribute('aria-describedby')).textContent);
    assert.match(described, /6:30 to 13:00/);
    await chat.page.keyboard.press('Tab');
    await hidden(preview(chat));
  });

  it('shows nothing to one who went on before it could, whose Escape closes the chat', async (t) => {
    const { visitor, chat } = await asked(t, 'plain', 'When do you open?');
    let release;
    const held = new Promise((done) => (release = done));
    await visitor.context.route(/\/assets\/answer.*\.js/, async (route) => {
      await held;
      await route.continue();
    });
    const fetched = chat.page.waitForRequest(/\/assets\/answer.*\.js/);
    await tabTo(chat);
    const part = (await fetched).url();
    await chat.composer.focus();
    release();
    // Whoever waited for it longer has had it before.
    await chat.page.evaluate((part) => import(part).then(() => new Promise(requestAnimationFrame)), part);
    assert.equal(await preview(chat).count(), 0);
    await chat.page.keyboard.press('Escape');
    await hidden(chat.panel);
  });

  for (const [how, begin] of [
    ['from the keyboard', tabTo],
    ['from the page, with the pointer on the number', async (chat) => {
      await chat.page.evaluate(() => document.body.append(Object.assign(document.createElement('input'), { id: 'own' })));
      await chat.page.locator('#own').focus();
      await chips(chat).first().hover();
    }],
  ]) {
    it(`goes with Escape, ${how}, which leaves everything else as it is`, async (t) => {
      const { chat } = await asked(t, 'plain', 'When do you open?');
      await begin(chat);
      await visible(preview(chat));
      const focus = () => chat.page.evaluate(() => document.activeElement.id || document.activeElement.shadowRoot.activeElement.className);
      const before = await focus();
      await chat.page.keyboard.press('Escape');
      await hidden(preview(chat));
      await visible(chat.panel);
      assert.equal(await focus(), before);
    });
  }

  it('whose source has no address is a button, which shows the same to the keyboard and to a finger', async (t) => {
    const { chat } = await asked(t, 'bare', 'What is the bread made of?');
    const chip = chips(chat).first();
    assert.equal(await chip.getAttribute('href'), null);
    await tabTo(chat);
    await says(preview(chat), /^Bread\n+.*rye/);
    await chat.page.keyboard.press('Escape');
    await hidden(preview(chat));
    await chat.page.keyboard.press('Enter');
    await says(preview(chat), /^Bread\n/);
    const { chat: phone } = await asked(t, 'bare', 'What is the bread made of?', { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
    await chips(phone).first().tap();
    await says(preview(phone), /^Bread\n+.*rye/);
    await phone.questions.first().tap();
    await hidden(preview(phone));
  });

  it('takes what it shows along when the log is scrolled, the chat is closed or forgotten', async (t) => {
    const { chat } = await asked(t, 'plain', 'When do you open?');
    for (const go of [
      () => chat.page.evaluate(() => window.natter.close()),
      () => chat.page.evaluate(() => window.natter.logout()),
    ]) {
      await chat.page.evaluate(() => window.natter.open());
      await visible(chat.composer);
      await tabTo(chat);
      await visible(preview(chat));
      await go();
      await equals('it is gone', () => preview(chat).count(), 0);
    }
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
