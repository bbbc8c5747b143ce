// The app in a frame, for pages whose own policy does not let it run. The page around speaks first; only it is heard, and
// the server lets only the owner's pages frame this one.

import { choose, pause, textsOf } from '../part/locale.js';
import { looksOf } from '../part/looks.js';
import { netOf } from '../part/net.js';
import { draftOf } from '../part/draft.js';
import { memory } from '../part/memory.js';
import { partsOf } from '../part/parts.js';

const boot = JSON.parse(document.getElementById('natter-boot').textContent);
const api = boot.api || location.origin;
const page = window.parent;
let origin;
let app;
// What the page around says of itself.
let said;

const tell = (type, ...values) => page.postMessage({ natter: type, values }, origin);

// A frame's storage is cut off from the visitor's, where it is allowed at all: what the app keeps goes to the page
// around, and what was kept comes from there.
const kept = new Map();
const standIn = (entries) => {
  for (const [key, value] of entries) if (typeof value === 'string') kept.set(key, value);
  const storage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem(name, text) {
      kept.set(name, text);
      tell('store', name, text);
    },
    removeItem(name) {
      kept.delete(name);
      tell('store', name, null);
    },
  };
  Object.defineProperty(window, 'localStorage', { configurable: true, value: storage });
};

// What the page refuses, told in its stead.
const send = (report) =>
  fetch(`${api}/v1/public/widgets/${boot.slug}/reports`, {
    method: 'POST',
    keepalive: true,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...report, page_origin: origin }),
  }).catch(() => {});
let wanted;
// Who the visitor is, as the page says.
let who;
// Whether the page around shows the frame.
let shown;
// What parts of the app get to work with.
const own = { api, language: () => wanted, app: () => app };

// Speaks a language that the page around chose.
const setLocale = async (wish) => {
  const mine = (wanted = choose(wish, boot));
  const text = await textsOf(api, mine[1]);
  // Of two wishes the later one holds, whichever texts come first.
  if (mine !== wanted) return;
  app.set_locale(mine[0], text);
  own.relearn();
};

const start = async ({ locale, theme, position, mode, identity, properties, stored, more = [] }) => {
  standIn([stored, ...more]);
  who = identity;
  document.documentElement.dataset.theme = theme;
  const host = document.createElement('natter-chat');
  for (const [name, value] of properties) if (name.startsWith('--natter-')) host.style.setProperty(name, value);
  const root = host.attachShadow({ mode: 'open' });
  document.getElementById('natter').append(host);
  Object.assign(own, { root, kept: stored[0], drafts: localStorage, identity: () => who, emit: (...values) => tell('emit', ...values) });
  const callbacks = { page: () => said, parts: partsOf(own), net: netOf(api) };
  shown = mode === 'inline';
  for (const name of ['onopen', 'onunread']) callbacks[name] = (...values) => tell(name, ...values);
  callbacks.emit = (name, detail) => {
    // It is heard here, where the owner's and the visitor's wish is known; the page around counts it in its title.
    if (name === 'answer' && (document.hidden || !shown)) callbacks.parts.open('alert');
    tell('emit', name, detail);
  };
  callbacks.onclose = (...values) => {
    shown = mode === 'inline';
    // For parts, as in the page.
    host.dispatchEvent(new Event('natter:close'));
    tell('onclose', ...values);
  };
  const [glue, wasm] = await Promise.all([import(api + boot.glue), fetch(api + boot.wasm)]);
  if (!wasm.ok) throw new Error(`${wasm.status} ${boot.wasm}`);
  await glue.default({ module_or_path: wasm });
  const settings = { ...boot, api, mode: mode === 'inline' ? mode : 'frame', locale, theme, position, identity };
  app = glue.mount(root, settings, callbacks);
  own.begin(app);
  await Promise.race([setLocale(locale), pause(500)]);
};

const METHODS = ['open', 'close', 'toggle', 'send', 'prefill', 'setLocale', 'identify', 'logout'];

addEventListener('message', async ({ source, origin: from, data }) => {
  if (page === window || source !== page || !data || !Array.isArray(data.values)) return;
  if (data.natter === 'init' && !origin) {
    origin = from;
    tell('ready');
    try {
      await start(data.values[0]);
      tell('mounted');
    } catch (error) {
      console.error(error);
      tell('failed');
    }
  } else if (data.natter === 'report' && from === origin) {
    send(data.values[0]);
  } else if (data.natter === 'call' && from === origin && METHODS.includes(data.values[0])) {
    const [method, value] = data.values;
    // The page has cleared its storage itself.
    if (method === 'logout') kept.clear();
    if (method === 'identify' || method === 'logout') who = value;
    if (method === 'open') shown = true;
    if (method === 'setLocale') setLocale(value);
    else app?.[method](value);
  } else if (data.natter === 'page' && from === origin) {
    [said] = data.values;
  } else if (data.natter === 'theme' && from === origin) {
    const [theme] = data.values;
    document.documentElement.dataset.theme = theme;
    const panel = document.querySelector('natter-chat')?.shadowRoot.querySelector('[part~=panel]');
    if (panel) panel.dataset.theme = theme;
  }
});

export {};
