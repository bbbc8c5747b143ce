// Every function of the chat by the keyboard alone, and where the focus is meanwhile.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { equals, focused, hidden, says, until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

/** Presses Tab until an element has the focus. */
async function tabTo(chat, locator, key = 'Tab') {
  await until(`${key} leads to ${locator}`, async () => {
    await chat.page.keyboard.press(key);
    return locator.evaluate((element) => element.getRootNode().activeElement === element);
  });
}

/** Asks as one who has the focus in the field. */
async function ask(chat, question) {
  await focused(chat.composer);
  await chat.page.keyboard.type(question);
  await chat.page.keyboard.press('Enter');
}

describe('by the keyboard alone, a visitor', () => {
  const begin = async (t, slug) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page(slug));
    await visible(chat.bubble);
    await chat.bubble.focus();
    await chat.page.keyboard.press('Enter');
    return chat;
  };

  it('asks a suggested question, and goes between log and field with F6', async (t) => {
    const chat = await begin(t, 'long');
    const { keyboard } = chat.page;
    await focused(chat.composer);
    await tabTo(chat, chat.button('When do you open?'), 'Shift+Tab');
    await keyboard.press('Enter');
    // What was pressed is gone; the focus is where the answer comes.
    const log = chat.panel.getByRole('log');
    await focused(log);
    await chat.finished();
    await keyboard.press('F6');
    await focused(chat.composer);
    await keyboard.press('F6');
    await focused(log);
    const top = () => log.evaluate((log) => Math.round(log.scrollTop));
    await keyboard.press('PageUp');
    await until('a page back', top, (top) => top < -50);
    await keyboard.press('PageDown');
    await equals('at the end again', top, 0);
    await keyboard.press('F6');
    await focused(chat.composer);
  });

  it('stops an answer', async (t) => {
    const chat = await begin(t, 'stalled');
    await ask(chat, 'Tell me everything.');
    await until('it stalls', () => chat.text(), (text) => text.includes('t5'));
    await tabTo(chat, chat.button('Stop answering'));
    await chat.page.keyboard.press('Enter');
    await says(chat.answer, /stopped/i);
  });

  it('tries again', async (t) => {
    const chat = await begin(t, 'onceagain');
    await ask(chat, 'Are you there?');
    const retry = chat.answer.getByRole('button', { name: 'Try again' });
    await visible(retry);
    await until('it can be pressed', () => retry.isEnabled());
    await tabTo(chat, retry, 'Shift+Tab');
    await chat.page.keyboard.press('Enter');
    await until('it is answered', () => chat.text(), (text) => text.length > 3);
    await focused(chat.panel.getByRole('log'));
  });

  it('follows a citation and a source, rates, comments and copies', async (t) => {
    const chat = await begin(t, 'cited');
    const { keyboard } = chat.page;
    await ask(chat, 'When do you open?');
    await chat.finished();
    await tabTo(chat, chat.answer.locator('a[part~="citation"]').first(), 'Shift+Tab');
    await tabTo(chat, chat.sources.first());
    await tabTo(chat, chat.answer.getByRole('button', { name: 'Copy' }));
    const down = chat.answer.getByRole('button', { name: 'Not helpful' });
    await tabTo(chat, down);
    await keyboard.press('Space');
    const comment = chat.answer.getByLabel('What was wrong? (optional)');
    await visible(comment);
    await tabTo(chat, comment);
    await keyboard.type('The hours are wrong.');
    await tabTo(chat, chat.answer.getByRole('button', { name: 'Send' }));
    await keyboard.press('Enter');
    await says(chat.answer, /thank/i);
    await focused(chat.panel.getByRole('log'));
  });

  it('leaves contact details, is told what is missing, and is back at the offer afterwards', async (t) => {
    const chat = await begin(t, 'plain');
    const { keyboard } = chat.page;
    await ask(chat, 'What is the capital of Mongolia?');
    await chat.finished();
    const offer = chat.answer.getByRole('button', { name: 'Leave your contact details' });
    await tabTo(chat, offer, 'Shift+Tab');
    await keyboard.press('Enter');
    await focused(chat.contactForm.getByRole('textbox').first());
    await keyboard.press('Enter');
    await says(chat.contactForm, /e-mail address or a telephone/);
    await keyboard.press('Escape');
    await hidden(chat.contactForm);
    await focused(offer);
  });

  it('downloads, ends the conversation and begins another', async (t) => {
    const chat = await begin(t, 'plain');
    const { keyboard } = chat.page;
    await ask(chat, 'When do you open?');
    await chat.finished();
    await tabTo(chat, chat.button('Menu'), 'Shift+Tab');
    await keyboard.press('Enter');
    await focused(chat.button('Plain text'));
    const [download] = await Promise.all([chat.page.waitForEvent('download'), keyboard.press('Enter')]);
    assert.match(download.suggestedFilename(), /\.txt$/);
    await focused(chat.button('Menu'));
    await keyboard.press('Enter');
    const end = chat.menu.getByRole('button', { name: 'End Chat Session' });
    await tabTo(chat, end);
    await keyboard.press('Enter');
    await says(chat.panel, /has ended/);
    await keyboard.press('Enter');
    await focused(chat.composer);
  });

  it('is at the way on as soon as it has ended, also where frames come late', async (t) => {
    const visitor = await world.visitor(t);
    await visitor.context.addInitScript(() => {
      const real = requestAnimationFrame.bind(window);
      const late = (frames, run) => real(frames ? () => late(frames - 1, run) : run);
      window.requestAnimationFrame = (run) => late(30, run);
    });
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    await chat.button('Menu').press('Enter');
    const end = chat.menu.getByRole('button', { name: 'End Chat Session' });
    await visible(end);
    await end.press('Enter');
    await says(chat.panel, /has ended/);
    const anew = chat.button('Start a new conversation');
    assert.ok(await anew.evaluate((button) => button.getRootNode().activeElement === button));
    // The same when it is opened again.
    await chat.page.keyboard.press('Escape');
    await hidden(chat.panel);
    await chat.bubble.press('Enter');
    await focused(anew);
  });

  it('chooses a chatbot, goes back and chooses the other', async (t) => {
    const chat = await begin(t, 'bread');
    const { keyboard } = chat.page;
    const entries = chat.panel.locator('[part~="chatbot"]');
    await visible(entries.first());
    await tabTo(chat, entries.first());
    await keyboard.press('Enter');
    await focused(chat.composer);
    await tabTo(chat, chat.button('Choose another assistant'), 'Shift+Tab');
    await keyboard.press('Enter');
    await visible(entries.last());
    await tabTo(chat, entries.last());
    await keyboard.press('Enter');
    await focused(chat.composer);
    await keyboard.press('Escape');
    await hidden(chat.panel);
    await focused(chat.bubble);
  });

  it('sees where the focus is, wherever Tab leads', async (t) => {
    const chat = await begin(t, 'cited');
    const { keyboard } = chat.page;
    await ask(chat, 'When do you open?');
    await chat.finished();
    const seen = new Set();
    for (let step = 0; step < 20; step += 1) {
      await keyboard.press('Shift+Tab');
      const place = await chat.panel.evaluate((panel) => {
        const node = panel.getRootNode().activeElement;
        if (!node || !panel.contains(node)) return null;
        const field = node.closest('form') ?? node;
        const { outlineStyle, outlineWidth } = getComputedStyle(node);
        const marked = (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || getComputedStyle(field).boxShadow !== 'none';
        const box = node.getBoundingClientRect();
        const top = panel.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return { name: node.getAttribute('aria-label') || node.textContent.slice(0, 30), marked, covered: !(node.contains(top) || top?.contains(node)) };
      });
      if (!place) break;
      seen.add(place.name);
      assert.ok(place.marked, `${place.name} shows that it has the focus`);
      assert.ok(!place.covered, `${place.name} is not covered`);
    }
    assert.ok(seen.size >= 8, [...seen].join(', '));
  });
});
