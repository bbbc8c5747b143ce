// Runs the browser tests, one after the other in one browser: `node tests/browser/run.mjs [TOPIC …]`. With topics only
// their files run. processes.mjs says which programs it needs and how it is told where they are.

import { readdirSync } from 'node:fs';
import { after } from 'node:test';

import { world } from './world.mjs';

const folder = new URL('scenarios/', import.meta.url);
const all = readdirSync(folder).filter((name) => name.endsWith('.mjs')).map((name) => name.slice(0, -4));
const topics = process.argv.slice(2);
const unknown = topics.filter((topic) => !all.includes(topic));
if (unknown.length > 0) {
  console.error(`There is no topic ${unknown.join(', ')}. Name some of: ${all.join(', ')}.`);
  process.exit(2);
}

try {
  await world.start();
} catch (error) {
  await world.stop();
  console.error(`The browser tests cannot begin. ${error.message}`);
  process.exit(1);
}
after(() => world.stop());
for (const topic of all.filter((name) => topics.length === 0 || topics.includes(name))) {
  await import(new URL(`${topic}.mjs`, folder));
}
