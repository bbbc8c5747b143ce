// The examples of docs/theming.md to look at: `node tests/browser/gallery.mjs` serves them on one page until it is stopped.
// `node tests/browser/gallery.mjs OUTDIR` takes the pictures of the documentation instead, into docs/images as a rule.

import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { Chat } from './chat.mjs';
import { visible } from './expect.mjs';
import { EXAMPLES, example } from './examples.mjs';
import { world } from './world.mjs';

const MOST = 72 * 1024;
const folder = process.argv[2];

async function serve() {
  const body = '<script>(window.natter = window.natter || []).push(["open"])</script>';
  const frames = EXAMPLES.map((name) => `<figure><figcaption>${name}.css</figcaption><iframe src="${example(name, { body })}" title="${name}"></iframe></figure>`);
  const style = 'body { font: 16px system-ui; display: flex; flex-wrap: wrap; gap: 16px } figure { margin: 0 } iframe { width: 660px; height: 760px; border: 1px solid #ccc }';
  const page = world.site.add(`<!doctype html><html lang="en"><title>Examples</title><style>${style}</style>${frames.join('')}</html>`);
  console.log(`The examples are at ${page}. Press Ctrl+C to stop.`);
  await new Promise(() => {});
}

/** A picture of the panel after one answer, and what `then` does with it. */
async function picture(name, url, question, options, then) {
  const context = await world.browser.newContext({ reducedMotion: 'reduce', viewport: { width: 900, height: 700 }, ...options });
  const page = await context.newPage();
  await page.goto(url);
  const chat = new Chat(page);
  await chat.open();
  const accept = chat.button('Accept and continue');
  await visible(accept.or(chat.composer).first());
  if (await accept.isVisible()) await chat.accept();
  await chat.ask(question);
  await chat.finished();
  await then?.(chat);
  const path = join(folder, `${name}.png`);
  await chat.panel.screenshot({ path });
  await context.close();
  const { size } = statSync(path);
  console.log(`${path}: ${size} bytes`);
  if (size > MOST) throw new Error(`${path} has more than ${MOST} bytes.`);
}

async function pictures() {
  mkdirSync(folder, { recursive: true });
  const question = 'Which size jacket should I order?';
  await picture('light', world.demo.shop, question, { colorScheme: 'light' });
  await picture('dark', world.demo.shop, question, { colorScheme: 'dark' });
  await picture('reasons', world.demo.shop, question, { colorScheme: 'light' }, async (chat) => {
    await chat.answer.getByRole('button', { name: 'Not helpful' }).click();
    await visible(chat.answer.getByLabel('What was wrong? (optional)'));
  });
  await picture('menu', world.demo.shop, question, { colorScheme: 'light' }, async (chat) => {
    await chat.button('Menu').click();
    await visible(chat.button('Reset chat'));
  });
  await picture('data', world.demo.shop, question, { colorScheme: 'light' }, async (chat) => {
    await chat.choose('Your data');
    await visible(chat.panel.getByText('Stored on the server'));
  });
  for (const name of ['editorial']) await picture(name, example(name), 'When do you open?', { colorScheme: 'light' });
  await picture('phone', world.demo.shop, question, { colorScheme: 'light', viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
}

await world.start();
try {
  await (folder ? pictures() : serve());
} finally {
  await world.stop();
}
