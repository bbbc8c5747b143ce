// What docs/theming.md promises: its examples, every property, every part, light and dark.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe } from 'node:test';
import { inflateSync } from 'node:zlib';

import { accessible } from '../axe.mjs';
import { equals, says, visible } from '../expect.mjs';
import { EXAMPLES, example } from '../examples.mjs';
import { it, world } from '../world.mjs';

const DOCS = readFileSync(new URL('../../../docs/theming.md', import.meta.url), 'utf8');

const APP = new URL('../../../static/app/', import.meta.url);
const ON_DEMAND = readdirSync(APP).filter((name) => name.endsWith('.js')).map((name) => readFileSync(new URL(name, APP), 'utf8'));

/** A computed style of a part. */
const style = (locator, property) => locator.first().evaluate((element, property) => getComputedStyle(element)[property], property);

/** The colour of one pixel of the screen, as red, green and blue. */
async function pixel(page, x, y) {
  const png = await page.screenshot({ clip: { x, y, width: 1, height: 1 } });
  const parts = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return [...inflateSync(Buffer.concat(parts)).subarray(1, 4)];
}

/** What an example makes of the chat: computed styles of parts, and pixels that a person would see. */
const FACTS = {
  brand: {
    styles: [['bubble', 'backgroundColor', 'rgb(242, 182, 50)'], ['header', 'color', 'rgb(42, 30, 0)'], ['suggestion', 'color', 'rgb(122, 86, 0)']],
    header: [242, 182, 50],
    surface: [255, 255, 255],
  },
  editorial: {
    styles: [['panel', 'fontFamily', 'Georgia, "Times New Roman", serif'], ['panel', 'borderRadius', '2px'], ['composer', 'borderRadius', '8px'], ['title', 'fontStyle', 'italic'], ['panel', 'fontSize', '16px']],
    header: [253, 250, 243],
    surface: [253, 250, 243],
  },
  terminal: {
    styles: [['panel', 'colorScheme', 'dark'], ['bubble', 'borderRadius', '6px'], ['panel', 'color', 'rgb(211, 245, 218)']],
    header: [57, 211, 83],
    surface: [5, 9, 10],
  },
  compact: {
    styles: [['panel', 'width', '320px'], ['panel', 'height', '460px'], ['panel', 'fontSize', '13px'], ['avatar', 'display', 'none'], ['bubble', 'padding', '10px'], ['header', 'minHeight', '48px']],
    header: [37, 99, 235],
    surface: [255, 255, 255],
  },
  soft: {
    styles: [['panel', 'borderRadius', '32px'], ['suggestion', 'fontWeight', '650'], ['bubble', 'borderRadius', '22px']],
    header: [241, 238, 255],
    surface: [255, 255, 255],
    visitor: 'rgb(255, 217, 199)',
  },
  night: {
    styles: [['panel', 'backgroundColor', 'rgb(251, 253, 252)'], ['header', 'backgroundColor', 'rgb(15, 107, 92)']],
    header: [15, 107, 92],
    surface: [251, 253, 252],
  },
};

describe('an example of the theming page', () => {
  for (const name of EXAMPLES) {
    it(`${name}.css looks as it says`, async (t) => {
      const visitor = await world.visitor(t, { colorScheme: 'light' });
      const chat = await visitor.open(example(name));
      await chat.open();
      await visible(chat.composer);
      const { styles, header, surface, visitor: bubble } = FACTS[name];
      for (const [part, property, value] of styles) {
        const place = chat.page.locator(`natter-chat [part~="${part}"]`);
        assert.equal(await style(place, property), value, `${property} of ${part}`);
      }
      const { page } = chat;
      const head = await page.locator('natter-chat [part~="header"]').boundingBox();
      const log = await page.locator('natter-chat [part~="log"]').boundingBox();
      assert.deepEqual(await pixel(page, head.x + head.width / 2, head.y + 3), header, 'the head');
      assert.deepEqual(await pixel(page, log.x + 3, log.y + 40), surface, 'the surface');
      await chat.ask('When do you open?');
      await chat.finished();
      const text = chat.questions.last().locator('[dir="auto"]');
      if (bubble) assert.equal(await style(text, 'backgroundColor'), bubble);
      await accessible(page, name);
    });

    it(`${name}.css is legible in the dark`, async (t) => {
      const visitor = await world.visitor(t, { colorScheme: 'dark' });
      const chat = await visitor.open(example(name));
      await chat.page.evaluate(() => document.documentElement.classList.add('night'));
      await chat.open();
      await chat.ask('When do you open?');
      await chat.finished();
      // The page around is none of the chat's business.
      await chat.page.evaluate(() => document.querySelector('main').remove());
      await accessible(chat.page, name);
    });
  }
});

describe('the theme of the page', () => {
  const background = (chat) => style(chat.panel, 'backgroundColor');

  it('is followed at any time', async (t) => {
    const visitor = await world.visitor(t, { colorScheme: 'light' });
    const chat = await visitor.open(example('night'));
    await chat.open();
    assert.equal(await background(chat), 'rgb(251, 253, 252)');
    await chat.page.evaluate(() => document.documentElement.classList.add('night'));
    await equals('it is night', () => background(chat), 'rgb(13, 20, 19)');
    await chat.page.evaluate(() => document.documentElement.classList.remove('night'));
    await equals('it is day', () => background(chat), 'rgb(251, 253, 252)');
  });

  for (const [scheme, system, wanted] of [['dark', 'light', /22, 24, 29/], ['light', 'dark', /255, 255, 255/], ['light dark', 'dark', /22, 24, 29/], ['normal', 'dark', /255, 255, 255/]]) {
    it(`“${scheme}” with a system that is ${system} is understood in the page and in a frame`, async (t) => {
      const visitor = await world.visitor(t, { colorScheme: system });
      visitor.expect(/Content Security Policy/, /violates the/, /CompileError/);
      const { api } = world.server;
      const parts = { head: `<style>:root { color-scheme: ${scheme} }</style>`, tag: 'data-natter-theme="host"' };
      const chat = await visitor.open(world.page('plain', parts));
      await chat.open();
      assert.match(await background(chat), wanted);
      const framed = await visitor.open(world.page('plain', parts, {
        'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${api}; connect-src ${api}; frame-src ${api}`,
      }));
      await framed.bubble.click();
      await visible(framed.framed.composer);
      assert.match(await background(framed.framed), wanted);
    });
  }

  it('“light” and “dark” are kept on a page that is the other', async (t) => {
    const visitor = await world.visitor(t);
    for (const [theme, wanted] of [['light', /255, 255, 255/], ['dark', /22, 24, 29/]]) {
      const chat = await visitor.open(world.page('plain', {
        head: `<style>:root { color-scheme: ${theme === 'light' ? 'dark' : 'light'} }</style>`,
        tag: `data-natter-theme="${theme}"`,
      }));
      await chat.open();
      assert.match(await background(chat), wanted);
    }
  });
});

/** A chat with everything in it that can be themed. */
async function full(visitor) {
  const chat = await visitor.open(world.page('cited'));
  await chat.open();
  await chat.ask('When do you open?');
  await chat.finished();
  // A word of code, which the pretend provider does not write.
  await chat.answer.evaluate((message) => message.querySelector('.md').append(document.createElement('code')));
  // With the colours of danger: of a message that is too long, and of a question over everything.
  await chat.composer.fill('x'.repeat(8001));
  await chat.choose('Reset chat');
  await visible(chat.resetModal);
  return chat;
}

/** Everything that a property could change. */
const looks = (chat) =>
  chat.page.evaluate(() => {
    const watched = ['color', 'backgroundColor', 'borderColor', 'borderRadius', 'boxShadow', 'fontFamily', 'fontSize', 'width', 'height', 'right', 'bottom', 'zIndex', 'outlineColor'];
    const host = document.querySelector('natter-chat');
    return [host, ...host.shadowRoot.querySelectorAll('*')].flatMap((element) => {
      const style = getComputedStyle(element);
      return watched.map((name) => style[name]);
    }).join(' ');
  });

/** A value that a property does not have by default. */
const other = (name) =>
  ({ font: 'cursive', 'font-mono': 'cursive', shadow: '1px 2px 3px red', z: '7' })[name] ??
  (/radius|width|height|offset|size/.test(name) ? '33px' : 'rgb(1, 2, 3)');

describe('every documented property', () => {
  it('changes something that can be seen, and nothing when it is taken away again', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await full(visitor);
    await chat.page.mouse.move(1, 1);
    const names = [...DOCS.matchAll(/^\| `--natter-([a-z0-9-]+)`/gm)].map((match) => match[1]);
    assert.ok(names.length >= 30);
    const set = (name, value) => chat.page.evaluate(([name, value]) => document.querySelector('natter-chat').style.setProperty(name, value), [`--natter-${name}`, value]);
    const before = await looks(chat);
    for (const name of names) {
      await set(name, other(name));
      assert.notEqual(await looks(chat), before, name);
      await set(name, '');
      await equals(`${name} is gone`, async () => (await looks(chat)) === before, true);
    }
  });
});

describe('every documented part', () => {
  it('is there', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/status of 5\d\d/);
    const found = new Set();
    const look = async (chat) => {
      const parts = await chat.page.evaluate(() => [...document.querySelector('natter-chat').shadowRoot.querySelectorAll('[part]')].flatMap((element) => [...element.part]));
      for (const part of parts) found.add(part);
    };
    await look(await full(visitor));
    const failed = await visitor.open(world.page('down'));
    await failed.open();
    await visible(failed.panel.locator('[part~="suggestion"]').first());
    await look(failed);
    await failed.ask('Are you there?');
    await visible(failed.answer.getByRole('button', { name: 'Try again' }));
    await look(failed);
    const pick = await visitor.open(world.page('bread'));
    await pick.open();
    await visible(pick.panel.locator('[part~="chatbot"]').first());
    await look(pick);
    const pictured = await visitor.open(world.page('pictured'));
    await pictured.bubble.hover();
    await visible(pictured.page.locator('natter-chat [part~="icon"]'));
    await look(pictured);
    const table = DOCS.slice(DOCS.indexOf('## Parts')).split('\n').filter((line) => line.startsWith('| `'));
    const documented = table.flatMap((line) => [...line.split('|')[1].matchAll(/`([a-z-]+)`/g)].map((match) => match[1]));
    assert.ok(documented.length > 30);
    // A frame's own part is in the tests of the policies, the note of a failure in those of recovery,
    // another day's name in those of the conversation, files and invitations in their own.
    // What is fetched with its first use is looked at where it is used.
    const later = ON_DEMAND.flatMap((code) => [...code.matchAll(/part: '([a-z -]+)'/g)].flatMap((match) => match[1].split(' ')));
    const missing = documented.filter((part) => !['day', 'files', 'frame', 'invitation', 'invitation-close', 'invitation-text', 'note', ...later].includes(part) && !found.has(part) && !/\.css$/.test(part));
    assert.deepEqual(missing, []);
  });

  it('can be styled by the page, states included', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', {
      head: '<style>natter-chat::part(suggestion):hover { background: rgb(4, 5, 6) } natter-chat::part(send) { border-radius: 3px }</style>',
    }));
    await chat.open();
    const suggestion = chat.button('When do you open?');
    await suggestion.hover();
    await equals('it is dark', () => style(suggestion, 'backgroundColor'), 'rgb(4, 5, 6)');
    assert.equal(await style(chat.button('Send message'), 'borderRadius'), '3px');
    await says(chat.panel, /Good morning/);
  });
});
