// Looks for words that bypass the catalogue: the German texts are each put within brackets, and whatever the chat shows or
// says without them is nobody's translation.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { world } from './world.mjs';

/** A part of the panel by what a press on it does: its name is in another language. */
export const act = (chat, name) => chat.panel.locator(`[data-act="${name}"]`).filter({ visible: true }).first();

const marked = (file, more) => {
  const source = readFileSync(new URL('../../widget/src/i18n/mod.rs', import.meta.url), 'utf8');
  const [, names] = /^catalogue! \{\n([^]*?)^\}/m.exec(source);
  const list = [...names.matchAll(/^ {4}([a-z_]+),$/gm)].map(([, name]) => name);
  const mark = (text) => `⟦${text}⟧`;
  return file.split('\n').map((line, at) => {
    if (!more && (['lang', 'dir'].includes(list[at]) || (at >= list.length && (at - list.length) % 2 === 0))) return line;
    const [usual, ...forms] = line.split('\t');
    return [mark(usual), ...forms.map((form) => form.replace(/^(zero|one|two|few|many)(.*)$/, (_, name, text) => name + mark(text)))].join('\t');
  }).join('\n');
};

/** A visitor to whom all that is in the catalogue is marked. */
export async function reader(t, options) {
  const visitor = await world.visitor(t, { locale: 'de-DE', ...options });
  await visitor.context.route('**/assets/de-*.txt', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: marked(await response.text(), route.request().url().includes('.more.')) });
  });
  return visitor;
}

/** What is said or shown without a mark, shown or not. What owners and visitors write is theirs; `theirs` is more of that. */
export const unmarked = (place, theirs = []) =>
  place.evaluate((place, theirs) => {
    const found = [];
    const look = (element, what, text) => {
      // An answer that is read aloud, and the title of a source, stand behind words of ours.
      let rest = text ?? '';
      if (element.closest('.live, .cite')) rest = rest.replace(/^⟦[^⟧]+⟧[^]*$/u, '');
      // A text may stand within another.
      for (let depth = 0; depth < 2; depth += 1) rest = rest.replace(/⟦[^⟦⟧]*⟧/gu, '');
      // Sizes are written by the browser in the visitor's way.
      rest = rest.replace(/^[\d.,]+\s[kM]?B$/u, '');
      for (const one of theirs) rest = rest.replaceAll(one, '');
      if (/\p{L}/u.test(rest)) found.push(`${element.className}${what}: ${text}`);
    };
    for (const element of [place, ...place.querySelectorAll('*')]) {
      if (!element.closest('[dir="auto"], .agent, .source, .mirror, style')) {
        for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) look(element, '', node.data);
      }
      if (element.closest('.source') || element === place) continue;
      for (const name of ['aria-label', 'aria-description', 'placeholder', 'alt', ...(element.closest('.cite') ? [] : ['title'])]) look(element, `[${name}]`, element.getAttribute(name));
    }
    return found;
  }, theirs);

/** Fails where something is not in the catalogue, or where the words about the answers' author are not in the panel. */
export async function complete(chat, state, theirs) {
  assert.deepEqual(await unmarked(chat.panel, theirs), [], state);
  const words = chat.panel.locator('[part~="disclosure"]').getByText('⟦Antworten stammen von einer KI. Prüfen Sie, was wichtig ist.⟧');
  assert.ok(await words.isVisible(), `${state}: disclosure`);
  const [box, panel] = [await words.boundingBox(), await chat.panel.boundingBox()];
  assert.ok(box.y > panel.y + panel.height / 2 && box.y + box.height <= panel.y + panel.height, `${state}: disclosure at the panel's end`);
}
