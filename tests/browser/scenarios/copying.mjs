// Taking an answer along: what is copied, what says so, and what happens where a page or its connection forbids it.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { equals, focused, hidden, says, until, visible } from '../expect.mjs';
import { markdown } from '../fixtures/answer.mjs';
import { it, world } from '../world.mjs';

const PICTURE = 'https://bread.example/loaf.png';
// All tests share one clipboard: what one copies is no other's.
let copied = 0;
const program = () => `mix --slow\nbake ${(copied += 1)}`;
const fenced = (code) => `\`\`\`sh\n${code}\n\`\`\``;

/** A chat with an answer that says just this. */
async function answered(t, words, { headers, init, permissions = ['clipboard-read', 'clipboard-write'], tag } = {}) {
  const visitor = await world.visitor(t);
  await visitor.context.grantPermissions(permissions);
  if (init) await visitor.context.addInitScript(init);
  const chat = await visitor.open(world.page('echoed', { tag }, headers));
  await chat.open();
  await chat.ask(words);
  await chat.finished();
  await visible(copy(chat));
  return chat;
}

const copy = (chat) => chat.answer.locator('.tools').getByRole('button', { name: 'Copy' });
const copyCode = (chat) => chat.answer.locator('[dir="auto"]').getByRole('button', { name: 'Copy' });
// Also where the page's scripts see none.
const clipboard = (chat) => chat.page.evaluate(() => Object.getOwnPropertyDescriptor(Navigator.prototype, 'clipboard').get.call(navigator).readText());
const heard = (chat, pattern) => until('screen readers hear it', () => chat.panel.getByRole('status').textContent(), (text) => pattern.test(text));
/** Whether a button shows that it is done. */
const done = (button) => button.evaluate((node) => node.classList.contains('done'));

// What a browser that has no clipboard, as on a page without encryption, or that refuses, is like.
const NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined });";
const REFUSING = "if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));";
const NO_COMMAND = 'document.execCommand = () => false;';

describe('a copied answer', () => {
  it('is on the clipboard as a text that keeps lists, tables, code and addresses, and is said to be there', async (t) => {
    const chat = await answered(t, markdown(PICTURE));
    await copy(chat).click();
    await heard(chat, /^Copied$/);
    assert.ok(await done(copy(chat)));
    const text = await clipboard(chat);
    const [head, mix, numbered, bullets, code, table, quote, picture, word, arabic, rule, short, see] = text.split('\n\n');
    assert.equal(head, 'Baking bread');
    assert.equal(mix, 'Mix flour and water, then run mix --slow as the recipe (https://bread.example/recipe) says.');
    assert.equal(numbered, '1. Weigh everything\n2. Knead\n   - by hand\n   - or by machine\n     - slowly\n3. Bake');
    assert.equal(bullets, '- rye\n- wheat');
    assert.match(code, /^fn bake\(minutes: u32\).*\}$/);
    assert.equal(table.split('\n').length, 3);
    assert.match(table, /^Flour\tWater\tSalt\t/);
    assert.equal(quote, '> Patience is the best ingredient.');
    assert.equal(picture, `A loaf (${PICTURE})`);
    assert.match(word, /^Donau/);
    assert.match(arabic, /العمل/);
    assert.deepEqual([rule, short, see], ['---', 'In short', 'See https://bread.example for more.']);
  });

  it('names its citations by their numbers', async (t) => {
    const visitor = await world.visitor(t);
    await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    await copy(chat).click();
    await until('it is copied', () => done(copy(chat)));
    assert.match(await clipboard(chat), /6:30 to 13:00.* ?\[1\]/);
  });

  it('can be its code alone', async (t) => {
    const code = program();
    const chat = await answered(t, `Before.\n\n${fenced(code)}\n\nAfter.`);
    await copyCode(chat).click();
    await heard(chat, /^Copied$/);
    assert.ok(await done(copyCode(chat)));
    assert.equal((await clipboard(chat)).trimEnd(), code);
    assert.equal(await done(copy(chat)), false);
  });

  it('is copied with the keyboard, which keeps the focus, in the visitor’s language', async (t) => {
    const code = program();
    const chat = await answered(t, fenced(code), { init: NO_CLIPBOARD });
    await chat.page.evaluate(() => window.natter.setLocale('de'));
    const german = chat.answer.locator('.tools').getByRole('button', { name: 'Kopieren' });
    await german.focus();
    await chat.page.keyboard.press('Enter');
    await heard(chat, /^Kopiert$/);
    await focused(german);
    assert.equal(await clipboard(chat), code);
  });
});

describe('copying where the page or the connection forbids the newer way', () => {
  for (const [what, options] of [
    ['a policy of the page forbids the clipboard', { headers: { 'permissions-policy': 'clipboard-write=()' }, permissions: ['clipboard-read'] }],
    ['the browser refuses', { init: REFUSING }],
    ['there is no clipboard', { init: NO_CLIPBOARD }],
    ['the page puts its own words on the clipboard', { init: `${REFUSING} addEventListener('copy', (event) => { event.clipboardData.setData('text/plain', 'mine'); event.preventDefault(); });` }],
    ['the page can be selected nowhere', { init: `${REFUSING} addEventListener('selectstart', (event) => event.preventDefault(), true);` }],
  ]) {
    it(`works all the same: ${what}`, async (t) => {
      const code = program();
      const chat = await answered(t, fenced(code), options);
      for (const button of [copyCode(chat), copy(chat)]) {
        await button.click();
        await until('it says so', () => done(button));
        await heard(chat, /^Copied$/);
      }
      assert.equal(await clipboard(chat), code);
      assert.equal(await chat.panel.locator('textarea').count(), 1, 'nothing is left of it');
    });
  }

  it('is said not to have worked where nothing helps, beside the button and to screen readers, and nothing is thrown', async (t) => {
    const chat = await answered(t, fenced(program()), { init: REFUSING + NO_COMMAND });
    for (const button of [copyCode(chat), copy(chat)]) {
      await button.click();
      await heard(chat, /could not be copied/);
      await says(chat.answer.locator('[part~="error"]').last(), /could not be copied/);
      assert.equal(await done(button), false);
    }
    // It works by now.
    await chat.page.evaluate(() => (navigator.clipboard.writeText = async () => {}));
    await copyCode(chat).click();
    await until('it says so', () => done(copyCode(chat)));
    await equals('what was said is gone', () => chat.answer.locator('.code [part~="error"]').count(), 0);
  });

  it('is said not to have worked where the part that copies cannot be had', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/ERR_FAILED/, /Failed to fetch dynamically/);
    await visitor.context.route('**/assets/answer-*', (route) => route.abort());
    const chat = await visitor.open(world.page('quick'));
    await chat.open();
    await chat.ask('Hello');
    await chat.finished();
    await copy(chat).click();
    await visible(chat.notice);
    assert.equal(await done(copy(chat)), false);
  });

  it('works in the frame that stands in for the panel, and on the full page', async (t) => {
    const { api } = world.server;
    const visitor = await world.visitor(t);
    visitor.expect(/Content Security Policy/);
    await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const outer = await visitor.open(world.page('echoed', {}, {
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${api}; connect-src ${api}; frame-src ${api}`,
    }));
    await outer.bubble.click();
    const page = await visitor.open(`${api}/c/echoed`);
    for (const [chat, tab] of [[page, page], [outer.framed, outer]]) {
      await tab.page.bringToFront();
      await visible(chat.composer);
      const code = program();
      await chat.ask(fenced(code));
      await visible(copy(chat));
      await copy(chat).click();
      await until('it says so', () => done(copy(chat)));
      await heard(chat, /^Copied$/);
      assert.equal(await clipboard(tab), code);
    }
  });
});

describe('a picture in an answer', () => {
  const shown = (chat) => chat.answer.locator('[part~="image"]');
  const load = (chat) => chat.answer.getByRole('button', { name: /^Load image/ });

  it('is fetched when it is asked for and not before, and the focus stays at it', async (t) => {
    const chat = await answered(t, `Look:\n\n![A loaf](${world.site.origin}/icon.svg)`);
    const fetched = [];
    chat.page.on('request', (request) => request.url().endsWith('/icon.svg') && fetched.push(request.headers().referer));
    await load(chat).hover();
    await load(chat).focus();
    assert.equal(await shown(chat).count(), 0);
    assert.deepEqual(fetched, []);
    await chat.page.keyboard.press('Enter');
    await focused(shown(chat));
    await until('it is there', () => shown(chat).locator('img').evaluate((image) => image.complete && image.naturalWidth > 0));
    assert.deepEqual(fetched, [''], 'once, and nobody learns from where');
    assert.equal(await chat.answer.getByRole('link', { name: 'A loaf' }).getAttribute('rel'), 'noopener nofollow');
  });

  it('without a description is called by the end of its address', async (t) => {
    const chat = await answered(t, `![](${world.site.origin}/icon.svg?size=2)`);
    await load(chat).click();
    await focused(chat.answer.getByRole('link', { name: 'icon.svg' }));
  });

  it('that cannot be had is said to be so, and can be asked for again', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/404/);
    const chat = await visitor.open(world.page('echoed'));
    await chat.open();
    await chat.ask(`![A loaf](${world.site.origin}/no.png)`);
    await chat.finished();
    await load(chat).focus();
    await chat.page.keyboard.press('Enter');
    await says(chat.answer, /could not be loaded/);
    await heard(chat, /could not be loaded/);
    await focused(load(chat));
    await chat.page.keyboard.press('Enter');
    await says(chat.answer, /could not be loaded/);
    await hidden(shown(chat));
    assert.equal(await chat.answer.locator('[part~="error"]').count(), 1);
  });
});
