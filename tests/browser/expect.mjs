// Waiting for what shall be: conditions with a limit, never a time.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

/** How long anything may take before it counts as failed. */
export const PATIENCE_MS = 10_000;
const POLL_MS = 20;

/** Waits until a value satisfies a check, and gives the value. */
export async function until(what, read, check = Boolean, patience = PATIENCE_MS) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await read();
    if (check(value)) return value;
    if (Date.now() > end) assert.fail(`${what}: still ${JSON.stringify(value)} after ${patience} ms`);
    await pause(POLL_MS);
  }
}

/** Waits until a value is what it should be. */
export async function equals(what, read, wanted) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (isDeepStrictEqual(value, wanted)) return;
    if (Date.now() > end) assert.deepEqual(value, wanted, what);
    await pause(POLL_MS);
  }
}

export const visible = (locator) => locator.waitFor({ state: 'visible' });
export const hidden = (locator) => locator.waitFor({ state: 'hidden' });

/** Waits until an element says something. */
export const says = (locator, pattern) =>
  until(`${locator} should say ${pattern}`, () => locator.innerText(), (text) => pattern.test(text));

/** Waits until an element has the focus. */
export const focused = (locator) =>
  until(`${locator} should have the focus`, () =>
    locator.evaluate((element) => element.getRootNode().activeElement === element),
  );
