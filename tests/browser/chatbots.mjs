// The apply file of the tests: one chatbot for each way in which a provider behaves.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Slugs, and the model of the pretend provider that each of them asks: its name says how it answers. */
export const MODELS = {
  slow: 'tokens:150:20',
  long: 'tokens:300:20',
  quick: 'tokens:12:5',
  swift: 'tokens:1000:5',
  cited: 'cite',
  echoed: 'echo',
  down: 'error:500',
  busy: 'error:429',
  cut: 'cut:10',
  stalled: 'stall:5',
  once: 'flaky:500',
  onceagain: 'flaky:500:again',
};

// These quote their content and ask nobody; `terms` wants its terms accepted.
const QUOTING = ['plain', 'terms'];

const read = (name) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

/** Writes the file into a folder and gives its path. */
export function writeApplyFile(folder, { site, provider }) {
  const template = read('chatbot.toml');
  const chatbots = [...Object.keys(MODELS), ...QUOTING].map((slug) => {
    const model = MODELS[slug];
    const answerer = model ? `kind = "openai"\nbase_url = "${provider}"\nmodel = "${model}"` : 'kind = "extractive"';
    const terms = slug === 'terms' ? 'chatbot_privacy_term = "You are talking to a machine."' : '';
    const values = { slug, site, answerer, terms };
    return template.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
  });
  const others = ['others.toml', 'forms.toml', 'contact.toml'].map((name) => read(name).replaceAll('{{site}}', site)).join('');
  const path = join(folder, 'apply.toml');
  writeFileSync(path, read('apply.toml') + chatbots.join('') + others);
  return path;
}
