// The pictures of the documentation show the chat as it is: each can still be taken, looks about as the one that is kept, and
// is shown somewhere.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';
import { fileURLToPath } from 'node:url';

import { MOST, PICTURES, sizeOf, take } from '../pictures.mjs';
import { temporaryFolder } from '../processes.mjs';
import { it, world } from '../world.mjs';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
const images = join(docs, 'images');
const kept = readdirSync(images).sort();

// How far two pictures may be apart, in shades of 256 on average: fonts and hours differ, another colour or layout is more.
const APART = 14;

/** How far two pictures are apart when both are made very small. */
async function difference(one, other) {
  const page = await world.browser.newPage();
  try {
    return await page.evaluate(async (sources) => {
      const [a, b] = await Promise.all(sources.map(async (source) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = new OffscreenCanvas(16, 24);
        const context = canvas.getContext('2d');
        context.imageSmoothingQuality = 'high';
        context.drawImage(image, 0, 0, 16, 24);
        return context.getImageData(0, 0, 16, 24).data;
      }));
      return a.reduce((sum, value, at) => sum + Math.abs(value - b[at]), 0) / a.length;
    }, [one, other].map((bytes) => `data:image/png;base64,${bytes.toString('base64')}`));
  } finally {
    await page.close();
  }
}

describe('the pictures of the documentation', () => {
  it('are those that can be taken, small, and each is shown by a document, which shows no other', () => {
    assert.deepEqual(kept, Object.keys(PICTURES).map((name) => `${name}.png`).sort());
    for (const file of kept) assert.ok(statSync(join(images, file)).size <= MOST, `${file} has more than ${MOST} bytes`);
    const texts = readdirSync(docs).filter((name) => name.endsWith('.md')).map((name) => readFileSync(join(docs, name), 'utf8'));
    const shown = texts.flatMap((text) => [...text.matchAll(/\(images\/([^)]+)\)/g)].map((match) => match[1]));
    assert.deepEqual([...new Set(shown)].sort(), kept);
  });

  const folder = temporaryFolder();
  for (const name of Object.keys(PICTURES))
    it(`${name}.png is what a visitor sees`, async () => {
      const { bytes, words } = await take(name, join(folder, `${name}.png`));
      const before = readFileSync(join(images, `${name}.png`));
      assert.doesNotMatch(words, /127\.0\.0\.1|localhost/);
      const hint = 'take it anew: node tests/browser/gallery.mjs docs/images';
      assert.deepEqual(sizeOf(bytes), sizeOf(before), `another size; ${hint}`);
      const apart = await difference(bytes, before);
      assert.ok(apart <= APART, `${apart.toFixed(1)} apart; ${hint}`);
    });
});
