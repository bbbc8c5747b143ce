// The accessibility rules of axe, over the page as it stands, shadow roots and frames included.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails with every violation, naming rule and element. */
export async function accessible(page, state) {
  // By the debugger, so that no policy of the page stands in the way.
  await page.evaluate(`${source}; undefined`);
  const violations = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document);
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help}: ${node.target.flat().join(' ')}: ${node.html.slice(0, 120)}: ${node.any.map((check) => check.message)[0] ?? ''}`),
    );
  });
  assert.deepEqual(violations, [], state);
}
