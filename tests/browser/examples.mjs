// The examples of docs/theming.md: the files in docs/theming/, each on a page of its own with a chat that answers.

import { readFileSync, readdirSync } from 'node:fs';

import { world } from './world.mjs';

const folder = new URL('../../docs/theming/', import.meta.url);

/** Their names, without the ending. */
export const EXAMPLES = readdirSync(folder).filter((name) => name.endsWith('.css')).map((name) => name.slice(0, -4));

/** What an example says about the tag, besides its style sheet. */
const TAGS = { terminal: 'data-natter-theme="dark"', night: 'data-natter-theme="host"' };

/** Puts an example's page up and gives its address. */
export function example(name, { body = '', theme = 'auto' } = {}) {
  const css = readFileSync(new URL(`${name}.css`, folder), 'utf8');
  const tag = TAGS[name] ?? `data-natter-theme="${theme}"`;
  return world.page('cited', { head: `<style>${css}</style>`, body, tag });
}
