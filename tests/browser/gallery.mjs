// The examples of docs/theming.md to look at: `node tests/browser/gallery.mjs` serves them on one page until it is stopped.
// `node tests/browser/gallery.mjs OUTDIR [NAME …]` takes the pictures of the documentation instead, into docs/images as a rule. The
// topic `pictures` of the suite compares those with what it would take.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { EXAMPLES, example } from './examples.mjs';
import { MOST, PICTURES, take } from './pictures.mjs';
import { world } from './world.mjs';

const [folder, ...only] = process.argv.slice(2);

async function serve() {
  const body = '<script>(window.natter = window.natter || []).push(["open"])</script>';
  const frames = EXAMPLES.map((name) => `<figure><figcaption>${name}.css</figcaption><iframe src="${example(name, { body })}" title="${name}"></iframe></figure>`);
  const style = 'body { font: 16px system-ui; display: flex; flex-wrap: wrap; gap: 16px } figure { margin: 0 } iframe { width: 660px; height: 760px; border: 1px solid #ccc }';
  const page = world.site.add(`<!doctype html><html lang="en"><title>Examples</title><style>${style}</style>${frames.join('')}</html>`);
  console.log(`The examples are at ${page}. Press Ctrl+C to stop.`);
  await new Promise(() => {});
}

async function pictures() {
  mkdirSync(folder, { recursive: true });
  for (const name of only.length ? only : Object.keys(PICTURES)) {
    const { bytes } = await take(name, join(folder, `${name}.png`));
    console.log(`${name}.png: ${bytes.length} bytes`);
    if (bytes.length > MOST) throw new Error(`${name}.png has more than ${MOST} bytes.`);
  }
}

await world.start();
try {
  await (folder ? pictures() : serve());
} finally {
  await world.stop();
}
