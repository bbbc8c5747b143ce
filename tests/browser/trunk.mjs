// What `cargo xtask trunk` asks of the development page, served by Trunk against a running demo:
//   node tests/browser/trunk.mjs ADDRESS FILE
// A question is answered on it, and it reloads when FILE is saved.

import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

import { Chat } from './chat.mjs';
import { until, visible } from './expect.mjs';
import { chromiumBinary } from './processes.mjs';

const [address, file] = process.argv.slice(2);

/** Long enough for a build of the widget. */
const BUILD_MS = 300_000;

const browser = await chromium.launch({ executablePath: chromiumBinary(), args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage();
  await page.goto(address);
  const chat = new Chat(page);
  await visible(chat.terms);
  await chat.accept();
  await chat.ask('How long does shipping take?');
  await until('the answer', () => chat.finished(), (text) => /days/.test(text));

  // A reloaded page does not know this any more.
  await page.evaluate(() => (window.before = true));
  writeFileSync(file, readFileSync(file));
  const reloaded = () => page.evaluate(() => window.before === undefined).catch(() => false);
  await until('a reload', reloaded, Boolean, BUILD_MS);
  await visible(chat.answer);
} finally {
  await browser.close();
}
