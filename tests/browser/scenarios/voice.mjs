// Speaking instead of writing, and hearing instead of reading. The browser's own speech is another party's: the page puts
// something in its place that does what the test says.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { accessible } from '../axe.mjs';
import { equals, focused, says, until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

const EARS = `
  window.SpeechRecognition = class {
    constructor() { window.ear = this; this.log = window.eared = []; }
    start() { if (window.deaf) throw new Error('deaf'); this.log.push('start ' + this.lang); }
    stop() { this.log.push('stop'); this.onend(); }
    abort() { this.log.push('abort'); this.onerror({ error: 'aborted' }); this.onend(); }
  };
  window.hear = (...said) => window.ear.onresult({ results: said.map((transcript) => [{ transcript }]) });
  window.fail = (error) => { window.ear.onerror({ error }); window.ear.onend(); };`;
const MOUTH = `
  window.spoken = [];
  Object.defineProperty(window, 'speechSynthesis', { configurable: true, value: {
    speak: (part) => window.spoken.push(part),
    cancel: () => { window.silenced = (window.silenced || 0) + 1; window.spoken = []; },
  } });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };`;
const NONE = `
  delete window.SpeechRecognition; delete window.webkitSpeechRecognition;
  Object.defineProperty(window, 'speechSynthesis', { configurable: true, value: undefined });`;

const begin = async (t, { script = EARS + MOUTH, tag, slug = 'voice' } = {}) => {
  const visitor = await world.visitor(t);
  const chat = await visitor.open(world.page(slug, { head: `<script>${script}</script>`, tag }));
  await chat.open();
  await visible(chat.composer);
  return chat;
};
const run = (chat, what, ...values) => chat.page.evaluate(([what, values]) => window[what](...values), [what, values]);
const spoken = (chat) => chat.page.evaluate(() => window.spoken.map(({ text, lang }) => [text, lang]));

describe('a visitor who speaks', () => {
  it('sees the words come into the field, behind what stands there, and sends them', async (t) => {
    const chat = await begin(t);
    await chat.composer.fill('Tell me:');
    await chat.button('Dictate').click();
    await says(chat.panel, /Listening …/);
    assert.equal(await chat.button('Stop dictation').getAttribute('aria-pressed'), 'true');
    await accessible(chat.page, 'it listens');
    await run(chat, 'hear', 'when do');
    await equals('the beginning is there', () => chat.composer.inputValue(), 'Tell me: when do');
    await run(chat, 'hear', 'when do you open', 'on Saturday');
    await equals('and the rest', () => chat.composer.inputValue(), 'Tell me: when do you open on Saturday');
    await chat.button('Stop dictation').click();
    await visible(chat.button('Dictate'));
    await focused(chat.composer);
    await chat.composer.press('Enter');
    assert.match(await chat.finished(), /6:30/);
    assert.deepEqual(await chat.page.evaluate(() => window.eared), ['start en-US', 'stop']);
  });

  it('is heard in the language of the chat', async (t) => {
    const chat = await begin(t, { tag: 'data-natter-locale="de"' });
    await chat.button('Diktieren').click();
    await equals('it listens to German', () => chat.page.evaluate(() => window.eared), ['start de']);
    await chat.page.evaluate(() => window.natter.setLocale('fr'));
    await visible(chat.button('Arrêter la dictée'));
    await says(chat.panel, /À l’écoute/);
  });

  it('stops with Escape, which does not close the chat, by writing, by sending and by closing', async (t) => {
    const chat = await begin(t);
    const listen = async () => {
      await chat.button('Dictate').click();
      await visible(chat.button('Stop dictation'));
      await run(chat, 'hear', 'hello');
    };
    const stopped = async () => {
      await visible(chat.button('Dictate'));
      assert.deepEqual(await chat.page.evaluate(() => window.eared.slice(1)), ['abort']);
    };
    await listen();
    await chat.page.keyboard.press('Escape');
    await stopped();
    await visible(chat.panel);
    await listen();
    await chat.composer.press('x');
    await stopped();
    await chat.composer.fill('');
    await listen();
    await chat.button('Send message').click();
    await stopped();
    await chat.finished();
    // What is heard too late is heard by nobody.
    await run(chat, 'hear', 'too late');
    assert.equal(await chat.composer.inputValue(), '');
    await listen();
    await chat.button('Close chat').click();
    assert.deepEqual(await chat.page.evaluate(() => window.eared.slice(1)), ['abort']);
  });

  for (const [error, words] of [['not-allowed', /microphone is blocked/], ['no-speech', /Nothing was heard/], ['network', /does not work right now/]]) {
    it(`is told why nothing came of it: ${error}`, async (t) => {
      const chat = await begin(t);
      await chat.button('Dictate').click();
      await visible(chat.button('Stop dictation'));
      await run(chat, 'fail', error);
      await says(chat.panel, words);
      await visible(chat.button('Dictate'));
      await accessible(chat.page, 'an error of dictation');
    });
  }

  it('is told when the browser cannot even begin', async (t) => {
    const chat = await begin(t, { script: `${EARS} window.deaf = true` });
    await chat.button('Dictate').click();
    await says(chat.panel, /does not work right now/);
  });
});

describe('a visitor who listens', () => {
  it('hears an answer without its citations, and stops it', async (t) => {
    const chat = await begin(t);
    await chat.ask('When do you open?');
    await chat.finished();
    const read = chat.answer.getByRole('button', { name: 'Read aloud' });
    await read.click();
    const stop = chat.answer.getByRole('button', { name: 'Stop reading aloud' });
    await visible(stop);
    const parts = await spoken(chat);
    assert.ok(parts.every(([, lang]) => lang === 'en-US'), JSON.stringify(parts));
    const text = parts.map(([text]) => text).join(' ');
    assert.match(text, /open from Tuesday to Saturday/);
    assert.doesNotMatch(text, /\d$/, 'no citation is read');
    await accessible(chat.page, 'an answer is read');
    await stop.click();
    await visible(read);
    assert.deepEqual(await spoken(chat), []);
    await read.click();
    await chat.page.evaluate(() => window.spoken.at(-1).onend());
    await visible(read);
  });

  it('hears one answer at a time, and none after closing or logging out', async (t) => {
    const chat = await begin(t);
    for (const question of ['When do you open?', 'When do you open on Saturday?']) {
      await chat.ask(question);
      await until('it is there', () => chat.questions.last().innerText(), (text) => text.includes(question));
      await chat.finished();
    }
    const buttons = chat.answers.getByRole('button', { name: /aloud/ });
    await equals('both can be heard', () => buttons.count(), 2);
    await buttons.first().click();
    await buttons.last().click();
    await equals('the second is heard', () => buttons.evaluateAll((all) => all.map((button) => button.ariaPressed)), ['false', 'true']);
    await chat.button('Dictate').click();
    assert.deepEqual(await spoken(chat), [], 'whoever listens does not hear itself');
    await chat.page.keyboard.press('Escape');
    await buttons.last().click();
    await chat.button('Close chat').click();
    assert.deepEqual(await spoken(chat), []);
    await chat.bubble.click();
    await buttons.first().click();
    await until('it speaks', () => spoken(chat), (parts) => parts.length > 0);
    await chat.page.evaluate(() => window.natter.logout());
    await equals('it is silent', () => spoken(chat), []);
  });

  it('hears an answer of an earlier visit, in the language that it is written in', async (t) => {
    const chat = await begin(t, { tag: 'data-natter-locale="ja"' });
    await chat.ask('When do you open?');
    await chat.finished();
    await chat.page.reload();
    await chat.bubble.click();
    await chat.answer.getByRole('button', { name: '読み上げる' }).click();
    const parts = await until('it speaks', () => spoken(chat), (parts) => parts.length > 0);
    assert.ok(parts.some(([text, lang]) => /Tuesday/.test(text) && lang === 'en'), JSON.stringify(parts));
  });
});

describe('without the owner’s wish or the browser’s speech', () => {
  it('nothing is shown', async (t) => {
    const chat = await begin(t, { script: NONE });
    await chat.ask('When do you open?');
    await chat.finished();
    assert.equal(await chat.button('Dictate').count(), 0);
    assert.equal(await chat.answer.getByRole('button', { name: 'Read aloud' }).count(), 0);
  });

  it('nothing is loaded', async (t) => {
    const visitor = await world.visitor(t);
    const requests = [];
    visitor.context.on('request', (request) => requests.push(request.url()));
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    assert.deepEqual(requests.filter((url) => /voice/.test(url)), []);
  });
});
