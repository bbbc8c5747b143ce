// The page of the chat: the same app as the panel, on a page of its own.

import { choose, pause, textsOf } from '../part/locale.js';
import { looksOf } from '../part/looks.js';
import { netOf } from '../part/net.js';
import { draftOf } from '../part/draft.js';
import { memory } from '../part/memory.js';
import { partsOf } from '../part/parts.js';

const boot = JSON.parse(document.getElementById('natter-boot').textContent);
const api = boot.api || location.origin;
const theme = ['light', 'dark', 'auto'][boot.mode];
document.documentElement.dataset.theme = theme;

// A token is good for one use; it is out of the address bar before anything else happens.
const expand = new URLSearchParams(location.hash.slice(1)).get('expand');
if (expand !== null) history.replaceState(history.state, '', location.pathname + location.search);
const ask = new URLSearchParams(location.search).get('q');

const place = document.getElementById('natter');
const root = document.createElement('natter-chat').attachShadow({ mode: 'open' });
const title = document.title;
const callbacks = {
  onopen() {},
  onclose() {},
  onunread(count) {
    document.title = count ? `(${count}) ${title}` : title;
  },
  emit(name, detail) {
    if (name === 'answer' && document.hidden) callbacks.parts.open('alert');
    root.host.dispatchEvent(new CustomEvent(`natter:${name}`, { detail, bubbles: true, composed: true }));
  },
};

// Keeps the page within what is seen of it, above a keyboard on the screen; not while a visitor has zoomed in.
const view = window.visualViewport;
const fit = () => {
  const fits = view.scale < 1.1;
  root.host.style.setProperty('--n-top', fits ? `${view.offsetTop}px` : '');
  root.host.style.setProperty('--n-height', fits ? `${view.height}px` : '');
};

const start = async () => {
  const wanted = choose(null, boot);
  const [locale, language] = wanted;
  const texts = textsOf(api, language);
  const [glue, wasm] = await Promise.all([import(api + boot.glue), fetch(api + boot.wasm)]);
  if (!wasm.ok) throw new Error(`${wasm.status} ${boot.wasm}`);
  await glue.default({ module_or_path: wasm });
  // The page shows the app as soon as it is mounted: not in one language and then in another, if that can be helped.
  await Promise.race([texts, pause(500)]);
  place.append(root.host);
  const settings = { ...boot, api, mode: 'page', theme, locale, expand, ask };
  // The element holds the app: one that nobody holds is collected, and takes the panel out of the page.
  const own = { api, settings, root, kept: `natter:${api}:${boot.chatbotId}`, emit: callbacks.emit, language: () => wanted, app: () => app };
  callbacks.parts = partsOf(own);
  callbacks.net = netOf(api);
  const app = (root.host.app = glue.mount(root, settings, callbacks));
  if (!ask) own.begin(app);
  texts.then((text) => app.set_locale(locale, text));
  for (const type of ['resize', 'scroll']) view.addEventListener(type, fit);
};

try {
  await start();
  document.getElementById('wait').remove();
} catch (error) {
  root.host.remove();
  document.body.dataset.state = typeof WebAssembly === 'object' ? 'failed' : 'unsupported';
  document.getElementById('again').addEventListener('click', () => location.reload());
  console.error(error);
}

export {};
