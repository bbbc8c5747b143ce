// What the loader leaves for later: mounts the app beside the bubble and speaks for it to the page. Where the page's
// policy refuses WebAssembly or our connections, a frame of our own origin takes the app's place; where frames are
// refused as well, the bubble becomes a link to the page of the chat.

import { choose, pause, textsOf } from '../part/locale.js';

// Theming by custom properties: a frame does not inherit them, so they are handed over. All that docs/theming.md names.
const PROPERTIES =
  'accent accent-ink accent-text accent-edge header header-ink visitor visitor-ink surface surface-2 surface-raised ink muted line edge danger danger-ink danger-text tint veil radius radius-message radius-control shadow font font-mono font-size width height offset-x offset-y z'
    .split(' ')
    .map((name) => `--natter-${name}`);

// Where the panel fills the screen, also on a phone that lies on its side; the style sheets have the same.
const PHONE = '(max-width:639px),(max-height:479px) and (pointer:coarse)';

// Style rules for what is added here.
const rules = (position) => {
  const [y, x] = position.split('-');
  return (
    '[part=bubble]:hover{scale:1.06}[part=bubble]:active{scale:.94}' +
    '@media(prefers-reduced-motion:no-preference){[part=bubble]{transition:scale .15s}}' +
    // An arrow while the panel is open.
    '[part=bubble][aria-expanded=true]:before{clip-path:path("m4 8 1.4-1.4L12 13.2l6.6-6.6L20 8l-8 8z")}' +
    '[part=badge]{position:absolute;top:-4px;right:-4px;box-sizing:border-box;min-width:20px;padding:0 6px;border-radius:10px;background:#c8102e;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center}' +
    '[part=badge]:empty{display:none}' +
    `[part=frame]{position:fixed;${x}:var(--natter-offset-x,20px);${y}:calc(var(--natter-offset-y,20px) + 72px);width:min(var(--natter-width,400px),100vw - 2*var(--natter-offset-x,20px));height:min(var(--natter-height,680px),100dvh - var(--natter-offset-y,20px) - 92px);border:0;border-radius:var(--natter-radius,20px);box-shadow:var(--natter-shadow,0 8px 40px #0004);visibility:hidden}` +
    '[part=frame][data-open]{visibility:visible}' +
    `@media${PHONE}{[part=frame]{inset:0;top:var(--n-top,0);width:100%;height:var(--n-height,100%);border-radius:0}}` +
    // The owner's picture; the glyph gives way to it once it is there.
    '[part=icon]{display:block;width:28px;height:28px;margin:-2px;object-fit:contain}' +
    '[part=bubble]:not([aria-expanded=true]):has(img):before,[part=bubble][aria-expanded=true] img{display:none}'
  );
};

// Gives the app, or throws. Called by the loader, again after a failure.
export default async (boot, api, data, host, root, bubble, files, refusals) => {
  let wanted;
  let texts;
  // Chooses a language and fetches its texts, at first beside the app itself.
  const want = (wish) => {
    wanted = choose(wish, boot);
    texts = textsOf(api, wanted[1]);
  };
  want(data.natterLocale);
  // Has the app speak it. Whoever wished for another one meanwhile gets that.
  const speak = async (by, mine = wanted) => {
    const text = await texts;
    if (mine === wanted) by.set_locale(mine[0], text);
  };
  const settings = {
    ...boot,
    api,
    mode: 'bubble',
    locale: wanted[0],
    theme: data.natterTheme || ['light', 'dark', 'auto'][boot.mode],
    position: data.natterPosition || boot.position,
    allowCustomJs: 'allowCustomJs' in data && data.allowCustomJs !== 'false',
  };
  const full = `${api}/c/${boot.slug}`;
  // So that the theme `host` is light or dark as the page is.
  host.style.setProperty('color-scheme', 'inherit', 'important');
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules(settings.position));
  root.adoptedStyleSheets.push(sheet);
  host.style.setProperty('direction', 'ltr', 'important');
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
  icon.onload = () => bubble.prepend(icon);
  if (boot.picture) icon.src = boot.picture;
  const undo = () => {
    expand(false);
    icon.onload = null;
    icon.remove();
    badge.remove();
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
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
  const remember = (now) => {
    const mine = history.state?.natter;
    if (!now) {
      removeEventListener('popstate', back);
      if (mine) history.back();
    } else if (matchMedia(PHONE).matches && data.natterBack !== 'off') {
      if (!mine) history.pushState({ ...history.state, natter: 1 }, '');
      addEventListener('popstate', back);
    }
  };
  const expand = (now) => {
    if (now === shown) return;
    bubble.setAttribute('aria-expanded', now);
    watch(now);
    remember(now);
    callbacks.emit(now ? 'open' : 'close');
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
    },
    emit(name, detail) {
      // The app was refused by the server.
      if (name === 'refused') return consult(detail);
      return host.dispatchEvent(new CustomEvent(`natter:${name}`, { detail, bubbles: true, composed: true }));
    },
  };

  // Says what on the page stands in the way, and how to mend it.
  const consult = (finding, about) =>
    import(api + 'asset:doctor.js')
      .then((doctor) => doctor.default(finding, { api, boot, host, refusals, ...about }))
      .catch(() => {});
  const refused = () =>
    refusals.some(
      ({ disposition, blockedURI }) =>
        disposition !== 'report' && (blockedURI === 'wasm-eval' || blockedURI.startsWith(api)),
    );
  // The files, or the error of the first that failed. Loaders from before an upgrade say of each how it went.
  const fetched = async () => {
    const got = await files;
    if (!got.map) throw got;
    return got.map((file) => {
      if (file.reason) throw file.reason;
      return file.value || file;
    });
  };
  // What hinders the app and would not hinder a frame. This script has come by other means than `fetch`, so the network
  // is there.
  const cause = (error) =>
    refused() ? 'policy' : error.name === 'CompileError' ? 'wasm' : !/native code/.test(fetch) && 'fetch';
  const inPage = async () => {
    const [glue, wasm] = await fetched();
    if (!wasm.ok) throw new Error(`${wasm.status} ${boot.wasm}`);
    // What a script of the page has put in the place of `fetch`.
    if (wasm.bodyUsed || !wasm.body) throw new TypeError('answers cannot be read');
    await glue.default({ module_or_path: wasm });
    const mounted = glue.mount(root, settings, callbacks);
    // Until the texts are there, and when they never come, it speaks English. Nobody waits for them for long.
    await Promise.race([speak(mounted), pause(500)]);
    return mounted;
  };

  let app;
  try {
    app = await inPage();
  } catch (error) {
    // What the page's policy refused is reported in a task of its own.
    await pause(100);
    try {
      const finding = cause(error);
      if (!finding) {
        consult('files', { error });
        throw error;
      }
      try {
        app = await inFrame(settings, root, callbacks, refusals);
      } finally {
        consult(finding, { error, framed: true, frame: app });
      }
    } catch (reason) {
      if (reason === FRAME_REFUSED) asLink(bubble, full);
      undo();
      callbacks.emit('error', String(reason.message || reason));
      throw reason;
    }
  }

  callbacks.emit('ready');
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
    // Another language from now on; without one, what it would have been without the page's wish.
    setLocale(wish) {
      want(wish);
      return speak(app);
    },
    destroy() {
      expand(false);
      app.destroy();
    },
  };
  return (method, ...values) => {
    try {
      (actions[method] || (() => app[method]()))(...values);
    } catch (error) {
      // An app that broke makes way for the next one.
      undo();
      for (const child of [...root.children]) if (!child.part.contains('bubble') && !child.part.contains('note')) child.remove();
      throw error;
    }
  };
};

const FRAME_REFUSED = new Error('The page allows neither the chat nor a frame with it.');

// The app in a frame of our origin, with the same handle as the app itself. It never moves within the page, which would
// load it anew. The conversation's handle is kept in the page's own storage, since a frame's is not the visitor's.
const inFrame = (settings, root, callbacks, refusals) =>
  new Promise((resolve, reject) => {
    const { api, slug, label, locale, position } = settings;
    let { theme } = settings;
    const prefix = `natter:${api}:`;
    const frame = document.createElement('iframe');
    frame.setAttribute('part', 'frame');
    frame.title = label;
    frame.allow = 'microphone; clipboard-write';
    frame.src = `${api}/f/${slug}`;

    const post = (type, ...values) => frame.contentWindow?.postMessage({ natter: type, values }, api);
    const storage = (run) => {
      try {
        return run(localStorage);
      } catch {
        return undefined;
      }
    };
    let open = false;
    const show = (shown) => {
      open = shown;
      frame.toggleAttribute('data-open', shown);
    };
    const destroy = () => {
      removeEventListener('message', hear);
      frame.remove();
    };
    const fail = (reason) => {
      clearTimeout(timer);
      destroy();
      reject(reason);
    };
    let timer = setTimeout(fail, 15_000, FRAME_REFUSED);

    const events = {
      ready() {
        clearTimeout(timer);
      },
      failed: () => fail(FRAME_REFUSED),
      mounted() {
        const call = (method) => (value) => post('call', method, value);
        const close = call('close');
        resolve({
          open: () => {
            // The app in the frame believes itself open from its start and does not say so.
            events.onopen();
            frame.focus();
            post('call', 'open');
          },
          close: () => close(),
          toggle() {
            if (open) this.close();
            else this.open();
          },
          send: call('send'),
          prefill: call('prefill'),
          // The frame fetches its texts by itself.
          set_locale: call('setLocale'),
          destroy,
          // The page's policy may not let it speak to the server.
          report: (report) => post('report', report),
          is_open: () => open,
        });
      },
      onopen() {
        show(true);
        callbacks.onopen();
      },
      onclose(stay) {
        show(false);
        callbacks.onclose(stay);
      },
      onunread: callbacks.onunread,
      emit: callbacks.emit,
      store(key, value) {
        if (!String(key).startsWith(prefix)) return;
        storage((kept) => (value === null ? kept.removeItem(key) : kept.setItem(key, String(value))));
      },
    };
    function hear({ source, origin, data }) {
      if (source !== frame.contentWindow || origin !== api || !Object.hasOwn(events, data?.natter)) return;
      events[data.natter](...data.values);
    }
    addEventListener('message', hear);

    frame.addEventListener('load', async () => {
      const key = prefix + settings.chatbotId;
      const stored = storage((kept) => kept.getItem(key)) ?? null;
      const style = getComputedStyle(root.host);
      if (theme === 'host') theme = { dark: 'dark', 'light dark': 'auto' }[style.colorScheme] || 'light';
      const properties = PROPERTIES.map((name) => [name, style.getPropertyValue(name)]).filter(([, value]) => value);
      post('init', { locale, theme, position, properties, stored: [key, stored] });
      // A page that is ours answers at once; what stands in the place of a refused one never does.
      clearTimeout(timer);
      timer = setTimeout(fail, 4000, FRAME_REFUSED);
      await pause(100);
      if (refusals.some((event) => event.disposition !== 'report' && /^(frame|child)-src/.test(event.effectiveDirective)))
        fail(FRAME_REFUSED);
    });
    root.append(frame);
  });

// Puts a link in the bubble's place.
const asLink = (bubble, href) => {
  const link = document.createElement('a');
  const focused = bubble.getRootNode().activeElement === bubble;
  link.setAttribute('part', 'bubble');
  link.setAttribute('aria-label', bubble.getAttribute('aria-label'));
  link.href = href;
  link.target = '_blank';
  link.rel = 'noopener';
  bubble.replaceWith(link);
  if (focused) link.focus();
};
