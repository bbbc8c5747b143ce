// What the loader leaves for later: mounts the app beside the bubble and speaks for it to the page. Where the page's
// policy refuses WebAssembly or our connections, `stand-in.js` puts something else in the app's place.

import { choose, pause, textsOf } from '../part/locale.js';
import { looksOf } from '../part/looks.js';
import { netOf } from '../part/net.js';
import { draftOf } from '../part/draft.js';
import { memory } from '../part/memory.js';
import { partsOf } from '../part/parts.js';

// Where the panel fills the screen, also on a phone that lies on its side; the style sheets have the same.
const PHONE = '(max-width:639px),(max-height:479px) and (pointer:coarse)';

// Style rules for what is added here. The glyph of a loader from before an upgrade is a `:before`.
const rules =
  '[part=bubble]{cursor:pointer}[part=bubble]:hover{scale:1.06}[part=bubble]:active{scale:.94}' +
  '@media(prefers-reduced-motion:no-preference){[part=bubble]{transition:scale .15s}}' +
  // An arrow while the panel is open.
  '[part=bubble][aria-expanded=true]:before{content:"";display:block;width:0;height:0;border:12px solid;clip-path:path("m4 8 1.4-1.4L12 13.2l6.6-6.6L20 8l-8 8z")}' +
  '[part=badge]{position:absolute;top:-4px;right:-4px;box-sizing:border-box;min-width:20px;padding:0 6px;border-radius:10px;background:#c8102e;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center}' +
  '[part=badge]:empty{display:none}' +
  `@media${PHONE}{[part=bubble][aria-expanded=true]{display:none}}` +
  // The owner's picture; the glyph gives way to it once it is there.
  '[part=icon]{display:block;width:28px;height:28px;margin:-2px;object-fit:contain}' +
  '[part=icon]~i,[part=bubble]:not([aria-expanded=true]):has([part=icon]):before,[part=bubble][aria-expanded=true]>:is(slot,img){display:none}' +
  '::slotted([slot=header]){flex:1;min-width:0}' +
  // A part of the page, as large as its element.
  ':host([inline]) .n.inline{position:absolute;inset:0;width:100%;height:100%;min-height:0;border-radius:var(--natter-radius,20px);box-shadow:none}' +
  // The screen may be wide while the element is not.
  ':host([inline]) .n.inline .composer{width:calc(100% - 24px)}' +
  ':host([inline]){position:relative;min-height:320px}';

// Gives the app, or throws. Called by the loader, again after a failure. `waiting` are commands of the page that were no
// reason to load the app.
export default async (boot, api, data, host, root, bubble, files, refusals, waiting = []) => {
  const inline = host.hasAttribute('inline');
  // Kept with the tag, should the app have to be loaded again. Without a wish it is the visitor's language.
  const wish = (locale) => (locale ? (data.natterLocale = locale) : delete data.natterLocale);
  let wanted;
  let texts;
  // Chooses a language and fetches its texts, at first beside the app itself.
  const want = () => {
    wanted = choose(data.natterLocale, boot);
    texts = textsOf(api, wanted[1]);
  };
  // Has the app speak it. Whoever wished for another one meanwhile gets that.
  const speak = async (by, mine = wanted) => {
    const text = await texts;
    if (mine !== wanted) return;
    by.set_locale(mine[0], text);
    own.relearn();
  };
  for (const [method, locale] of waiting) if (method === 'setLocale') wish(locale);
  want();
  const settings = {
    ...boot,
    api,
    mode: inline ? 'inline' : 'bubble',
    locale: wanted[0],
    theme: data.natterTheme || ['light', 'dark', 'auto'][boot.mode],
    position: data.natterPosition || boot.position,
    allowCustomJs: 'allowCustomJs' in data && data.allowCustomJs !== 'false',
    identity: undefined,
  };
  const full = `${api}/c/${boot.slug}`;
  // The conversation's handle is kept under this name, what belongs to it under names that begin with it.
  const kept = `natter:${api}:${boot.chatbotId}`;
  document.addEventListener('securitypolicyviolation', (event) => refusals.push(event));
  // So that the theme `host` is light or dark as the page is.
  host.style.setProperty('color-scheme', 'inherit', 'important');
  const sheet = new CSSStyleSheet();
  const dress = (more) => sheet.replaceSync(rules + more);
  dress('');
  const worn = [...root.adoptedStyleSheets];
  root.adoptedStyleSheets.push(sheet);
  bubble.setAttribute('aria-haspopup', 'dialog');
  if (!inline) host.style.setProperty('direction', 'ltr', 'important');
  // A page that forbids copying means its own words, not a visitor's conversation.
  for (const type of ['copy', 'cut', 'paste', 'contextmenu'])
    root.addEventListener(type, (event) => event.stopPropagation());

  // Whether the panel is shown.
  let shown = false;
  const badge = document.createElement('span');
  badge.setAttribute('part', 'badge');
  badge.setAttribute('aria-hidden', 'true');
  bubble.append(badge);
  const icon = new Image();
  icon.setAttribute('part', 'icon');
  icon.alt = '';
  icon.referrerPolicy = 'no-referrer';
  // One that the network or the page's policy withholds is never shown.
  icon.onload = () => (bubble.querySelector('slot') || bubble).prepend(icon);
  if (boot.picture) icon.src = boot.picture;
  const undo = () => {
    expand(false);
    icon.onload = null;
    icon.remove();
    badge.remove();
    root.adoptedStyleSheets = worn;
    removeEventListener('storage', elsewhere);
  };

  // Keeps a panel that fills the screen within what is seen of it, above a keyboard on the screen.
  const view = window.visualViewport;
  const fit = () => {
    // Not while a visitor has zoomed in: then the visible area is a part of the panel.
    const fits = shown && matchMedia(PHONE).matches && view.scale < 1.1;
    host.style.setProperty('--n-top', fits ? `${view.offsetTop}px` : '');
    host.style.setProperty('--n-height', fits ? `${view.height}px` : '');
  };
  const watch = (now) => {
    shown = now;
    for (const type of ['resize', 'scroll']) view[now ? 'addEventListener' : 'removeEventListener'](type, fit);
    fit();
  };
  // On a phone "back" closes the panel, by an entry with the state and the address of the page's own.
  const back = () => app.close();
  // A page that is loaded anew with an open panel finds the entry of the one before.
  const entry = performance.timeOrigin;
  const left = history.state?.natter;
  const returned = left && left !== entry && new Promise((done) => {
    addEventListener('popstate', done, { once: true });
    history.back();
    setTimeout(done, 500);
  });
  const remember = (now) => {
    const mine = history.state?.natter === entry;
    if (!now) {
      removeEventListener('popstate', back);
      if (mine) history.back();
    } else if (matchMedia(PHONE).matches && data.natterBack !== 'off') {
      if (!mine) history.pushState({ ...history.state, natter: entry }, '');
      addEventListener('popstate', back);
    }
  };
  const expand = (now) => {
    // What is a part of the page is neither opened nor closed.
    if (inline || now === shown) return;
    bubble.setAttribute('aria-expanded', now);
    watch(now);
    remember(now);
    emit(now ? 'open' : 'close');
  };
  let unread = 0;
  const emit = (name, detail) => {
    // The app was refused by the server.
    if (name === 'refused') return consult(detail);
    hooks[name]?.();
    if (name === 'answer' && (document.hidden || !(shown || inline))) callbacks.parts.open('alert');
    return host.dispatchEvent(new CustomEvent(`natter:${name}`, { detail, bubbles: true, composed: true }));
  };
  const callbacks = {
    onopen: () => expand(true),
    onclose(stay) {
      expand(false);
      if (!stay) bubble.focus();
    },
    onunread(count, words) {
      badge.textContent = count > 99 ? '99+' : count || '';
      bubble.setAttribute('aria-label', count ? `${boot.label} (${words})` : boot.label);
      if (count !== unread) emit('unread', (unread = count));
    },
    emit,
    // What the page says of itself, asked for with each question.
    page: () => hooks.page?.(),
  };

  // --- What the page may say, also before there is an app ---

  let app;
  // What `page-api.js` has to say here, once a page's script has made use of it.
  const hooks = {};
  const own = { api, settings, data, root, kept, stored: memory, emit, hooks, forget: () => forget(), app: () => app, language: () => wanted, identity: () => settings.identity };
  callbacks.parts = partsOf(own);
  callbacks.net = netOf(api);
  let more;
  // Not for every visitor: most pages say nothing.
  const say = async (...command) => (await (more ||= import(api + 'asset:page-api.js'))).default(own, ...command);
  // Nothing of one visitor is left for the next. Even without a network.
  const forget = () => {
    hooks.forget?.();
    settings.identity = undefined;
    for (const name of ['localStorage', 'sessionStorage'])
      try {
        for (const key of Object.keys(window[name])) if (key.startsWith(kept)) window[name].removeItem(key);
      } catch {}
    app?.logout();
    emit('logout');
  };
  // A page that logs its user out leaves an empty text, for other tabs and for when the app is loaded.
  const elsewhere = ({ key, newValue }) => key === kept && newValue === '' && forget();
  addEventListener('storage', elsewhere);

  // --- The app ---

  // Says what on the page stands in the way, and how to mend it.
  const consult = (finding, about) =>
    import(api + 'asset:doctor.js')
      .then((doctor) => doctor.default(finding, { api, boot, host, refusals, ...about }))
      .catch(() => {});
  // The files, or the error of the first that failed. Loaders from before an upgrade say of each how it went.
  const fetched = async () => {
    const got = await files;
    if (!got.map) throw got;
    return got.map((file) => {
      if (file.reason) throw file.reason;
      return file.value || file;
    });
  };
  const inPage = async () => {
    const [glue, wasm] = await fetched();
    if (!wasm.ok) throw new Error(`${wasm.status} ${boot.wasm}`);
    // What a script of the page has put in the place of `fetch`.
    if (wasm.bodyUsed || !wasm.body) throw new TypeError('answers cannot be read');
    // Two chats of a page share one instance, also when they begin at once: what comes second gets the first one's.
    await glue.default({ module_or_path: wasm });
    const mounted = glue.mount(root, settings, callbacks);
    // Until the texts are there, and when they never come, it speaks English. Nobody waits for them for long.
    await Promise.race([speak(mounted), pause(500)]);
    return mounted;
  };
  if (memory((storage) => storage.getItem(kept)) === '') forget();
  for (const command of waiting.splice(0))
    if (command[0] === 'logout') forget();
    else if (command[0] !== 'close' && command[0] !== 'setLocale') await say(...command);
  try {
    app = await inPage();
  } catch (error) {
    try {
      const standIn = await import(api + 'asset:stand-in.js').catch(() => {});
      if (!standIn) throw error;
      app = await standIn.default(error, { settings, root, callbacks, refusals, bubble, consult, dress });
    } catch (reason) {
      undo();
      emit('error', String(reason.message || reason));
      throw reason;
    }
  }

  own.begin(app);
  await returned;
  emit('ready');
  try {
    localStorage.length;
  } catch {
    if (origin !== 'null') consult('storage');
  }

  const actions = {
    // Owners and their scripts may bring a question along, and choose where it is asked.
    open({ message, target } = {}) {
      if (target === 'page') {
        window.open(message ? `${full}?q=${encodeURIComponent(message)}` : full, '_blank', 'noopener');
        return;
      }
      app.open();
      if (message) app.send(String(message));
    },
    send: (text) => app.send(String(text)),
    prefill: (text) => app.prefill(String(text)),
    close: () => app.close(),
    toggle: () => app.toggle(),
    logout: forget,
    // Another language from now on. Nobody waits for its texts.
    setLocale(locale) {
      wish(locale);
      want();
      settings.locale = wanted[0];
      speak(app);
    },
    destroy() {
      undo();
      app.destroy();
    },
  };
  const act = async (method, ...values) => {
    // What only says something breaks nothing.
    if (!Object.hasOwn(actions, method)) return say(method, ...values).catch((error) => emit('error', String(error.message)));
    try {
      await actions[method](...values);
    } catch (error) {
      // An app that broke makes way for the next one.
      undo();
      for (const child of [...root.children]) if (!child.part.contains('bubble') && !child.part.contains('note')) child.remove();
      throw error;
    }
  };
  // One after the other: a question that follows a log-out is the next visitor's.
  let last = Promise.resolve();
  return (...command) => (last = last.catch(() => {}).then(() => act(...command)));
};
