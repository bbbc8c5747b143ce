// What the package declares by hand is what the script really has: events, attributes of the tag, methods. Read from the
// sources, so that a name that is added there and forgotten here is noticed without a browser.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const within = (folder, end) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extname(entry.name) === end)
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));

const all = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);
const sorted = (names) => [...new Set(names)].sort();
const found = (what, names) => {
  assert.ok(names.length > 3, `${what} are not found any more`);
  return sorted(names);
};

const scripts = [read('static/loader.js'), ...within('static/app', '.js'), ...within('static/part', '.js')].join('\n');
const declared = read('npm/index.d.ts');
const component = read('npm/react.js');
const docs = read('docs/embedding.md');

/** The names that an interface declares. */
const members = (name) => {
  const [, body] = new RegExp(`interface ${name} \\{\n([^]*?)\n\\}`).exec(declared);
  return sorted(all(body, /^ {2}(?:readonly )?(\w+)[?(:<]/gm));
};

/** The first column of the table below a heading of docs/embedding.md. */
const table = (heading) => {
  const section = docs.split(`${heading}\n`)[1].split(/\n##/)[0];
  return sorted(section.split('\n').filter((line) => line.startsWith('| `')).flatMap((line) => all(line.split('|')[1], /`([\w-]+)[^`]*`/g)));
};

// Between invitations of several chats; it does not reach the page.
const INTERNAL = ['here'];

const emitted = () => {
  const calls = all(scripts, /\bemit\(([^;]*?)[,)]/g).flatMap((first) => all(first, /'(\w+)'/g));
  const made = all(scripts, /new CustomEvent\('natter:(\w+)'/g);
  const app = within('widget/src', '.rs').join('\n');
  const told = all(app, /Host::Emit\(\s*"(\w+)"/g);
  const sites = app.match(/Host::Emit\(/g).length;
  // One of them takes it apart.
  assert.equal(told.length, sites - 1, 'an event of the app has a name that is no literal');
  return found('events', [...calls, ...made, ...told]).filter((name) => !INTERNAL.includes(name));
};

test('every event that the script emits is declared, handed to the component’s props, and documented', () => {
  const events = emitted();
  assert.deepEqual(members('NatterEvents'), events, 'NatterEvents of index.d.ts');
  const [, listened] = /const EVENTS = '([^']*)'/.exec(component);
  assert.deepEqual(sorted(listened.split(' ')), events, 'EVENTS of react.js');
  assert.deepEqual(table('### Events'), events, 'the table of docs/embedding.md');
});

test('every attribute of the tag has an option, which the package sets, and is documented', () => {
  const attributes = found('attributes', all(scripts, /\b(?:data|dataset)\.(natter[A-Z]\w*|allowCustomJs)\b/g));
  const option = (name) => name.replace(/^natter(.)/, (_, first) => first.toLowerCase());
  const places = ['host', 'slug', 'src'];
  assert.deepEqual(members('NatterOptions'), sorted([...attributes.map(option), ...places]), 'NatterOptions of index.d.ts');
  const dashed = (name) => `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  assert.deepEqual(table('## Options of the tag'), sorted(attributes.map(dashed)), 'the table of docs/embedding.md');
  const source = read('npm/index.js');
  const [, plain] = /for \(const name of \[([^\]]*)\]\)/.exec(source);
  const set = [...all(plain, /'(\w+)'/g).map((name) => `natter${name[0].toUpperCase()}${name.slice(1)}`), ...all(source, /tag\.dataset\.(\w+) =/g)];
  assert.deepEqual(sorted(set), attributes, 'what index.js sets');
  // The component fills itself instead of an element that is named.
  const [, passed] = /load\(\{([^}]*)\}\)/.exec(component);
  assert.deepEqual(sorted([...all(passed, /(\w+)(?::\s*\w+)?/g), 'inline']), members('NatterOptions'), 'what react.js hands to load');
  const props = sorted(all(read('npm/react.d.ts'), /^ {2}(\w+)\?:/gm));
  assert.deepEqual(members('NatterOptions').filter((name) => !props.includes(name)), [], 'NatterChatProps of react.d.ts');
});

test('every method of the script is declared and documented', () => {
  // What our own scripts look at: the other chats of the page, and commands that wait for the app.
  const internal = ['bots', 'waiting'];
  const loader = read('static/loader.js');
  const [, listed] = /'([\w,]+)'\.split\(','\)\.map/.exec(loader);
  const [, own] = /const self = \{\n([^]*?)\n {4}\};/.exec(loader);
  const methods = found('methods', [...listed.split(','), ...all(own, /^ {6}(\w+)(?:[,:(])/gm)]).filter((name) => !internal.includes(name));
  assert.deepEqual(members('NatterApi'), methods, 'NatterApi of index.d.ts');
  const documented = table('## Driving it from your own script');
  assert.deepEqual(sorted([...documented, 'push']), methods, 'the table of docs/embedding.md');
});

test('what may be refused is declared and documented as the list of reasons has it', () => {
  const keys = read('static/part/reasons.txt').split('\n\n').map((paragraph) => paragraph.split('\n')[0]).filter((line) => !line.startsWith('#'));
  const reasons = found('reasons', keys.map((key) => key.split('.')[0]));
  const [, union] = /type NatterRefusal =\n([^;]*);/.exec(declared);
  assert.deepEqual(sorted(all(union, /'(\w+)'/g)), reasons, 'NatterRefusal of index.d.ts');
  const rows = read('docs/hostile-pages.md').split('## When something is refused')[1].split('\n').filter((line) => line.startsWith('| `'));
  assert.deepEqual(sorted(rows.slice(1).flatMap((row) => all(row, /^\| `(\w+)`/g))), reasons, 'the table of docs/hostile-pages.md');
  // The doctor in the page names each text, and no other.
  const named = all(read('static/app/doctor.js'), /'((?:csp_)?[a-z]+(?:\.[a-z]+)?)'/g).filter((name) => keys.includes(name));
  assert.deepEqual(sorted(named), sorted(keys), 'static/app/doctor.js');
});
