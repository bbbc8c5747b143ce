// What stands in answers, parts and dialogs, by the keyboard alone: no test here uses a pointer.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { Chat } from '../chat.mjs';
import { equals, focused, hidden, says, until, visible } from '../expect.mjs';
import { picture } from '../fixtures/picture.mjs';
import { embedding } from '../site.mjs';
import { it, world } from '../world.mjs';

/** Presses Tab until an element has the focus, and then a key. */
async function go(chat, locator, { by = 'Tab', key = 'Enter' } = {}) {
  await visible(locator);
  await until(`${by} leads to ${locator}`, async () => {
    await chat.page.keyboard.press(by);
    return locator.evaluate((element) => element.getRootNode().activeElement === element);
  });
  if (key) await chat.page.keyboard.press(key);
}
const back = { by: 'Shift+Tab' };

/** A visitor who has opened the chat with a key. */
async function begin(t, slug, { head, init } = {}) {
  const visitor = await world.visitor(t);
  if (init) await visitor.context.addInitScript(init);
  const chat = await visitor.open(world.page(slug, { head }));
  await visible(chat.bubble);
  await chat.bubble.focus();
  await chat.page.keyboard.press('Enter');
  return { visitor, chat };
}

/** Asks as one who has the focus in the field. */
async function ask(chat, question) {
  await focused(chat.composer);
  const before = await chat.answers.count();
  await chat.page.keyboard.insertText(question);
  await chat.page.keyboard.press('Enter');
  await equals('an answer has begun', () => chat.answers.count(), before + 1);
  await visible(chat.answer.locator('.tools'));
}

const menu = async (chat, entry) => {
  await go(chat, chat.button('Menu'), back);
  await go(chat, entry);
};
const log = (chat) => chat.panel.getByRole('log');
const dialog = (chat) => chat.panel.getByRole('dialog');
const status = (chat, pattern) => until('it is said', () => chat.panel.getByRole('status').textContent(), (text) => pattern.test(text));

describe('by the keyboard alone, in an answer, a visitor', () => {
  it('has it written again, and words the question anew', async (t) => {
    const { chat } = await begin(t, 'plain');
    await ask(chat, 'When do you opne?');
    await go(chat, chat.button('Answer again'), back);
    await focused(log(chat));
    await visible(chat.button('Answer again'));
    await go(chat, chat.composer, { key: null });
    await go(chat, chat.button('Edit question'), back);
    await focused(chat.composer);
    assert.equal(await chat.composer.inputValue(), 'When do you opne?');
    await chat.page.keyboard.press('Control+A');
    await chat.page.keyboard.insertText('When do you open?');
    await chat.page.keyboard.press('Enter');
    await until('it is answered', () => chat.text(), (text) => /6:30/.test(text));
    await equals('in its place', async () => (await chat.conversation()).length, 2);
    await focused(chat.composer);
  });

  it('says why it was not helpful', async (t) => {
    const { chat } = await begin(t, 'cited');
    await ask(chat, 'When do you open?');
    await go(chat, chat.answer.getByRole('button', { name: 'Not helpful' }), { ...back, key: 'Space' });
    const reason = chat.answer.getByRole('button', { name: 'Hard to understand' });
    await go(chat, reason, { key: 'Space' });
    await equals('it is chosen', () => reason.getAttribute('aria-pressed'), 'true');
    await focused(reason);
    await go(chat, chat.answer.getByRole('button', { name: 'Send' }));
    await says(chat.answer, /thank/i);
    await focused(log(chat));
  });

  it('copies its code, loads its picture and follows its links', async (t) => {
    const { visitor, chat } = await begin(t, 'echoed');
    await visitor.context.route('https://bread.example/**', (route) => route.fulfill({ contentType: 'text/html', body: '<title>Bread</title>' }));
    await ask(chat, `\`\`\`sh\nbake\n\`\`\`\n\n![A loaf](${world.site.origin}/icon.svg)\n\nSee [the recipe](https://bread.example/1).`);
    const [tab] = await Promise.all([visitor.context.waitForEvent('page'), go(chat, chat.answer.getByRole('link', { name: 'the recipe' }), back)]);
    await until('it is open', () => tab.title(), (title) => title === 'Bread');
    await chat.page.bringToFront();
    await go(chat, chat.answer.getByRole('button', { name: 'Load image: A loaf' }), back);
    await focused(chat.answer.getByRole('link', { name: 'A loaf' }));
    const code = chat.answer.locator('.code').getByRole('button', { name: 'Copy' });
    await go(chat, code, back);
    await status(chat, /^Copied$/);
    await focused(code);
  });

  it('has it read aloud, and speaks instead of writing', async (t) => {
    const { chat } = await begin(t, 'voice', {
      head: `<script>
        window.SpeechRecognition = class { constructor() { window.ear = this; } start() {} stop() { this.onend(); } abort() { this.onend(); } };
        window.spoken = [];
        Object.defineProperty(window, 'speechSynthesis', { configurable: true, value: { speak: (part) => spoken.push(part), cancel: () => (spoken.length = 0) } });
        window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
      </script>`,
    });
    await focused(chat.composer);
    await go(chat, chat.button('Dictate'));
    const stop = chat.button('Stop dictation');
    await focused(stop);
    await chat.page.evaluate(() => window.ear.onresult({ results: [[{ transcript: 'When do you open?' }]] }));
    await chat.page.keyboard.press('Enter');
    await focused(chat.composer);
    assert.equal(await chat.composer.inputValue(), 'When do you open?');
    await chat.page.keyboard.press('Enter');
    await visible(chat.answer.locator('.tools'));
    const speak = chat.answer.locator('.speak');
    await go(chat, speak, { ...back, key: 'Space' });
    await until('it is read', () => chat.page.evaluate(() => window.spoken.length));
    assert.equal(await speak.getAttribute('aria-label'), 'Stop reading aloud');
    await focused(speak);
    await chat.page.keyboard.press('Space');
    await equals('it is quiet', () => chat.page.evaluate(() => window.spoken.length), 0);
    await focused(speak);
  });

  it('opens a file that was sent, and is back at it', async (t) => {
    const { chat } = await begin(t, 'files');
    await focused(chat.composer);
    const [chooser] = await Promise.all([chat.page.waitForEvent('filechooser'), go(chat, chat.button('Attach files'), back)]);
    await chooser.setFiles({ name: 'cup.png', mimeType: 'image/png', buffer: picture(64, 48, [200, 30, 30]) });
    await visible(chat.button('Remove cup.png'));
    await equals('it is uploaded', () => chat.panel.getByRole('progressbar').count(), 0);
    await until('the field', async () => {
      await chat.page.keyboard.press('Tab');
      return chat.composer.evaluate((field) => field.getRootNode().activeElement === field);
    });
    await ask(chat, 'Which cup is this?');
    const file = chat.questions.last().locator('[part~="file"]');
    await visible(file.locator('canvas'));
    await go(chat, file, back);
    await visible(chat.panel.getByRole('dialog', { name: 'cup.png' }));
    await chat.page.keyboard.press('Escape');
    await hidden(dialog(chat));
    await focused(file);
  });
});

describe('by the keyboard alone, beside the conversation, a visitor', () => {
  it('goes on with an earlier conversation, and deletes one', async (t) => {
    const { chat } = await begin(t, 'plain');
    const entries = chat.panel.locator('[part~="conversation"]');
    const list = async () => {
      await menu(chat, chat.button('Your conversations'));
      await visible(dialog(chat));
    };
    await ask(chat, 'When do you open?');
    await list();
    await go(chat, chat.button('Start a new conversation'));
    await equals('it is empty', () => chat.questions.count(), 0);
    await ask(chat, 'Do you ship to Norway?');
    await list();
    await go(chat, entries.filter({ hasText: 'When do you open?' }));
    await says(chat.questions, /When do you open/);
    await focused(chat.composer);
    await list();
    await go(chat, chat.button('Delete “Do you ship to Norway?”'));
    await focused(chat.button('Cancel'));
    await go(chat, chat.button('Delete conversation'));
    await equals('one is left', () => entries.count(), 1);
    assert.ok(await dialog(chat).evaluate((node) => node.contains(node.getRootNode().activeElement)), 'the focus is in the list');
    await chat.page.keyboard.press('Escape');
    await hidden(dialog(chat));
    await focused(chat.button('Menu'));
  });

  it('reads the terms that were accepted, saves the receipt and takes the consent back', async (t) => {
    const { chat } = await begin(t, 'terms');
    await visible(chat.terms);
    await go(chat, chat.button('Accept and continue'));
    await ask(chat, 'When do you open?');
    await menu(chat, chat.button('Your data'));
    await visible(dialog(chat));
    await go(chat, dialog(chat).locator('summary'));
    await visible(dialog(chat).getByText('You are talking to a machine.'));
    const [download] = await Promise.all([chat.page.waitForEvent('download'), go(chat, chat.button('Save the receipt'))]);
    assert.equal(download.suggestedFilename(), 'consent.json');
    await go(chat, dialog(chat).getByRole('button', { name: 'Withdraw consent' }));
    await visible(chat.resetModal);
    await go(chat, chat.resetModal.getByRole('button', { name: 'Withdraw consent' }));
    await visible(chat.terms);
    assert.ok(await chat.terms.evaluate((node) => node.contains(node.getRootNode().activeElement)), 'the focus is at the terms');
  });

  it('accepts an invitation', async (t) => {
    const visitor = await world.visitor(t);
    const body = `<a id="first" href="#">A link</a>${'<p>Line by line.</p>'.repeat(200)}`;
    const chat = await visitor.open(world.site.add(embedding(world.server.api, 'inviting', { body }), {}, '/long-keys.html'));
    await visible(chat.bubble);
    await until('it looks', () => chat.page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('/invite-'))));
    await chat.page.locator('#first').focus();
    await chat.page.keyboard.press('End');
    const words = chat.page.locator('natter-chat [part~="invitation-text"]');
    await go(chat, words);
    await visible(chat.panel);
    await focused(chat.composer);
    await hidden(words);
  });

  it('goes to the full page', async (t) => {
    const { visitor, chat } = await begin(t, 'plain');
    await ask(chat, 'When do you open?');
    const [page] = await Promise.all([visitor.context.waitForEvent('page'), go(chat, chat.button('Open in a new tab'), back)]);
    await says(new Chat(page).answer, /6:30/);
  });

  it('turns the sound off and on again', async (t) => {
    const { chat } = await begin(t, 'asking');
    const sound = chat.menu.getByRole('switch', { name: 'Sound for new answers' });
    await ask(chat, 'When do you open?');
    for (const [before, after] of [['true', '1'], ['false', null]]) {
      await go(chat, chat.button('Menu'), back);
      await go(chat, sound, { key: null });
      assert.equal(await sound.getAttribute('aria-checked'), before);
      await chat.page.keyboard.press('Space');
      await hidden(chat.menu);
      await focused(chat.button('Menu'));
      await equals('it is kept', () => chat.page.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith(':mute'))?.[1] ?? null), after);
    }
  });
});
