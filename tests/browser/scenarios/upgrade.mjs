// Tags and files from before an upgrade. In mid-traffic a cache has a file of one build, the server gives the others of the next. Such files do not fit
// each other: that is told, never a chat that is half broken, and the next press fetches what fits.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe } from 'node:test';

import { hidden, until, visible } from '../expect.mjs';
import { hearReports, host } from '../hosts.mjs';
import { it, world } from '../world.mjs';

const QUESTION = 'When do you open?';

/** What the loader names, by what it is. */
const named = async () => {
  const loader = await (await fetch(`${world.server.api}/w/plain.js`)).text();
  return Object.fromEntries(['glue', 'wasm', 'host'].map((what) => [what, new RegExp(`"${what}":"([^"]+)"`).exec(loader)[1]]));
};

/** The same file as another build has it: the mark of the build is another one. */
const marked = (text) => {
  const marks = [...text.matchAll(/\bmount([0-9a-f]{4})\b/g)].map((match) => match[1]);
  assert.ok(marks.length > 0, 'there is no mark');
  const other = marks[0] === 'beef' ? 'cafe' : 'beef';
  return text.replaceAll(marks[0], other);
};
const markedModule = (bytes, mark) => {
  const at = bytes.indexOf(mark);
  assert.ok(at > 0, 'the module has no mark');
  const other = Buffer.from(bytes);
  other.write(mark === 'beef' ? 'cafe' : 'beef', at);
  return other;
};

/** Opens a page of a profile whose cache has an earlier `what`; a request that goes around the cache gets today's. */
async function cached(t, what) {
  const { api } = world.server;
  const paths = await named();
  const visitor = await world.visitor(t);
  visitor.expect(/natter/, /LinkError/, /TypeError/);
  const reports = await hearReports(visitor.context);
  const file = Buffer.from(await (await fetch(api + paths[what])).arrayBuffer());
  const glue = await (await fetch(api + paths.glue)).text();
  const [, mark] = /mount([0-9a-f]{4})/.exec(glue);
  const body = what === 'wasm' ? markedModule(file, mark) : marked(file.toString());
  const contentType = what === 'wasm' ? 'application/wasm' : 'text/javascript';
  await visitor.context.route(api + paths[what], (route) => route.fulfill({ body, contentType, headers: { 'access-control-allow-origin': '*' } }));
  const errors = [];
  await visitor.context.exposeFunction('failed', (detail) => errors.push(detail));
  await visitor.context.addInitScript(() => document.addEventListener('natter:error', ({ detail }) => window.failed(detail)));
  const chat = await visitor.open(await host(world, 'plain', { slug: 'plain' }));
  return { visitor, chat, reports, errors };
}

describe('after an upgrade, a browser that has kept', () => {
  for (const [title, what] of [
    ['the script between page and module alone', 'glue'],
    ['the module alone', 'wasm'],
    ['the script that mounts the app alone', 'host'],
  ])
    it(`${title} says that the chat cannot be shown, and the next press shows it`, async (t) => {
      const { chat, reports, errors } = await cached(t, what);
      await visible(chat.bubble);
      await chat.bubble.click();
      await visible(chat.note);
      assert.ok((await chat.note.getAttribute('href')).endsWith('/c/plain'), 'it leads to the full page');
      assert.equal(await chat.panel.count(), 0, 'nothing of a chat is there');
      await until('the page is told', () => errors, ({ length }) => length > 0);
      await until('the owner is told', () => reports, ({ length }) => length > 0);
      assert.deepEqual([...new Set(reports.map(({ reason }) => reason))], ['version']);
      await chat.open();
      await chat.ask(QUESTION);
      assert.match(await chat.finished(), /6:30/);
      assert.equal(await chat.note.count(), 0);
    });

  it('anything of it has a chat again after a reload, when the new loader names the new files', async (t) => {
    const { visitor, chat } = await cached(t, 'glue');
    await visible(chat.bubble);
    await chat.bubble.click();
    await visible(chat.note);
    await visitor.context.unrouteAll();
    await chat.page.reload();
    await chat.open();
    await chat.ask(QUESTION);
    assert.match(await chat.finished(), /6:30/);
  });
});

describe('a loader of an older server', () => {
  // Rendered from the repository's own history, with the names that files had then.
  it('opens a chat that works with the files of today', async (t) => {
    const visitor = await world.visitor(t);
    const loader = readFileSync(new URL('../fixtures/loader-2026-11.js', import.meta.url), 'utf8');
    const address = world.site.add(loader, { 'content-type': 'text/javascript' });
    const html = `<!doctype html><title>Old</title><link rel="icon" href="data:,"><body><script src="${address}" data-natter-api="${world.server.api}"></script>`;
    const chat = await visitor.open(world.site.add(html));
    await chat.open();
    await chat.ask(QUESTION);
    assert.match(await chat.finished(), /6:30/);
    const glyph = await chat.bubble.evaluate((bubble) => getComputedStyle(bubble, ':before').clipPath);
    await chat.button('Close chat').click();
    await hidden(chat.panel);
    assert.notEqual(await chat.bubble.evaluate((bubble) => getComputedStyle(bubble, ':before').clipPath), glyph);
    await chat.page.reload();
    await chat.open();
    await visible(chat.answer);
  });
});
