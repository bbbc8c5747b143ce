// Nothing bypasses the catalogue in what is fetched on demand: the menu's dialogs, files, voice, forms, stars, invitations,
// and where the chat is in a frame or on a page of its own. languages.mjs goes through the conversation itself.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { Chat } from '../chat.mjs';
import { equals, hidden, says, until, visible } from '../expect.mjs';
import { picture } from '../fixtures/picture.mjs';
import { act, complete, reader, unmarked } from '../marked.mjs';
import { embedding } from '../site.mjs';
import { it, world } from '../world.mjs';

const FIRST = 'When do you open?';
const dialog = (chat) => chat.panel.getByRole('dialog');

async function begin(t, slug, { head, headers } = {}) {
  const visitor = await reader(t);
  const chat = await visitor.open(world.page(slug, { head }, headers));
  await chat.open();
  return { visitor, chat };
}

const ask = async (chat, question) => {
  const before = await chat.answers.count();
  await chat.ask(question);
  await equals('it is answered', () => chat.answers.count(), before + 1);
  await hidden(chat.panel.locator('.stop'));
  await visible(chat.answer.locator('.tools'));
};
const open = async (chat, entry) => {
  await act(chat, 'menu').click();
  await act(chat, entry).click();
};

describe('every text of what is fetched on demand comes from the catalogue', () => {
  it('your data, the consent and taking it back', async (t) => {
    const { chat } = await begin(t, 'terms');
    await act(chat, 'accept').click();
    await ask(chat, FIRST);
    await open(chat, 'privacy');
    await says(dialog(chat), /⟦Ihre Daten⟧/);
    const hash = await dialog(chat).locator('code').allTextContents();
    await complete(chat, 'your data', hash);
    await dialog(chat).getByRole('button', { name: 'Einwilligung' }).click();
    await visible(chat.resetModal);
    await complete(chat, 'withdraw');
  });

  it('your conversations, and deleting one', async (t) => {
    const { chat } = await begin(t, 'plain');
    await ask(chat, FIRST);
    await open(chat, 'history');
    await says(dialog(chat), /⟦/);
    await complete(chat, 'your conversations');
    await act(chat, 'forget').click();
    await visible(chat.resetModal);
    await complete(chat, 'delete one');
  });

  it('files: chosen, refused, sent and shown', async (t) => {
    const { chat } = await begin(t, 'files');
    const field = chat.panel.locator('input[type=file]');
    await field.waitFor({ state: 'attached' });
    await field.setInputFiles({ name: 'song.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('la') });
    await says(chat.panel, /⟦Dieser Dateityp|⟦Diese Art|PNG, PDF, TXT/);
    await complete(chat, 'refused');
    await field.setInputFiles({ name: 'cup.png', mimeType: 'image/png', buffer: picture(64, 48, [200, 30, 30]) });
    await visible(chat.panel.locator('[part~="file"]'));
    await equals('it is uploaded', () => chat.panel.getByRole('progressbar').count(), 0);
    const theirs = ['cup.png'];
    await complete(chat, 'attached', theirs);
    await ask(chat, 'Which cup is this?');
    await visible(chat.questions.last().locator('canvas'));
    await complete(chat, 'sent', theirs);
    await chat.questions.last().locator('[part~="file"]').click();
    await visible(dialog(chat));
    await complete(chat, 'shown', theirs);
  });

  it('voice: listening, failing and reading aloud', async (t) => {
    const { chat } = await begin(t, 'voice', {
      head: `<script>
        window.SpeechRecognition = class { constructor() { window.ear = this; } start() {} stop() { this.onend(); } abort() { this.onend(); } };
        Object.defineProperty(window, 'speechSynthesis', { configurable: true, value: { speak() {}, cancel() {} } });
        window.SpeechSynthesisUtterance = class {};
      </script>`,
    });
    const dictate = chat.panel.locator('[part~="dictate"]');
    await dictate.click();
    await says(chat.panel, /⟦[^⟧]*…⟧/);
    await complete(chat, 'listening');
    for (const error of ['not-allowed', 'no-speech', 'network']) {
      await chat.page.evaluate((error) => {
        window.ear.onerror({ error });
        window.ear.onend();
      }, error);
      await visible(chat.panel.locator('.hearing.bad'));
      await complete(chat, error);
      await dictate.click();
    }
    await dictate.click();
    await ask(chat, FIRST);
    await chat.answer.locator('.speak').click();
    await complete(chat, 'reading aloud');
  });

  it('the owner’s form and its mistakes, reasons, stars and thanks', async (t) => {
    const { chat } = await begin(t, 'asking');
    // What this owner has written.
    const theirs = [
      'Tell us who you are', 'Off it goes', 'Company', 'Work e-mail', 'Telephone', 'How many are you?', 'Just me', 'Some', 'Many',
      'Website', 'Seats', 'From', 'What is it about?', 'I have read the rules',
    ];
    await ask(chat, 'What is the capital of Mongolia?');
    await act(chat, 'contact').click();
    await visible(chat.contactForm);
    await complete(chat, 'form', theirs);
    await chat.contactForm.locator('.btn.primary').click();
    await visible(chat.contactForm.locator('[part~="error"]').filter({ visible: true }).first());
    await complete(chat, 'form with mistakes', theirs);
    await chat.page.keyboard.press('Escape');
    await act(chat, 'down').click();
    await visible(chat.panel.locator('[part~="reason"]').first());
    await complete(chat, 'reasons');
    await open(chat, 'finish');
    await visible(chat.panel.locator('[part~="rating"]'));
    await complete(chat, 'stars');
    await chat.panel.locator('[part~="star"]').nth(3).click();
    await chat.panel.locator('[part~="rating"] .btn').click();
    await says(chat.panel.locator('.thanks'), /⟦/);
    await complete(chat, 'rated');
  });

  it('the notice while a question is edited, what is copied or not, pictures and previews', async (t) => {
    const { chat } = await begin(t, 'echoed');
    await chat.page.evaluate(() => {
      document.execCommand = () => false;
      navigator.clipboard.writeText = () => Promise.reject(new Error());
    });
    await ask(chat, '```sh\nbake\n```\n\n![A loaf](data-that-is-no-picture) ![](https://127.0.0.1:1/x.png)');
    await complete(chat, 'an answer with code and a picture');
    for (const button of await chat.answer.locator('[data-act="copy"]').all()) await button.click();
    await equals('both are told', () => chat.answer.locator('[part~="error"]').count(), 2);
    await complete(chat, 'not copied');
    await act(chat, 'edit').click();
    await says(chat.notice, /⟦Sie bearbeiten/);
    await complete(chat, 'editing');
    const { chat: cited } = await begin(t, 'plain');
    await ask(cited, FIRST);
    await cited.answer.locator('[part~="citation"]').first().hover();
    await visible(cited.panel.locator('[part~="preview"]'));
    await complete(cited, 'preview');
  });

  it('an invitation', async (t) => {
    const visitor = await reader(t);
    const chat = await visitor.open(world.site.add(embedding(world.server.api, 'inviting', { body: '<p>Line by line.</p>'.repeat(200) }), {}, '/long-catalogue.html'));
    const invitation = chat.page.locator('natter-chat [part~="invitation"]');
    await until('it comes', async () => {
      await chat.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight * Math.random()));
      return (await invitation.count()) > 0;
    });
    const theirs = ['Did you like what you read?', 'Schließen'];
    assert.deepEqual(await unmarked(invitation, theirs), []);
  });

  it('the frame that stands in for the panel, and the full page', async (t) => {
    const { api } = world.server;
    const visitor = await reader(t);
    visitor.expect(/Content Security Policy/);
    const outer = await visitor.open(world.page('plain', {}, {
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${api}; connect-src ${api}; frame-src ${api}`,
    }));
    await outer.bubble.click();
    const frame = outer.page.locator('natter-chat iframe');
    const page = await visitor.open(`${api}/c/plain`);
    for (const [chat, tab] of [[page, page], [outer.framed, outer]]) {
      await tab.page.bringToFront();
      await visible(chat.composer);
      await equals('it is marked', () => chat.panel.locator('[part~="disclosure"]').innerText().then((text) => text.includes('⟦')), true);
      await ask(chat, FIRST);
      await complete(chat, 'answered');
      await act(chat, 'menu').click();
      await visible(act(chat, 'privacy'));
      await complete(chat, 'menu');
    }
    assert.match(await frame.getAttribute('title'), /plain/);
    assert.ok(page instanceof Chat);
  });
});
