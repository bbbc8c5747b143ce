// What takes the app's place where the page's policy does not let it run: a frame of our own origin, or a link. Fetched
// by `host.js` when that happens.

import { pause } from '../part/locale.js';

// Theming by custom properties: a frame does not inherit them, so they are handed over. All that docs/theming.md names.
const PROPERTIES =
  'accent accent-ink accent-text accent-edge header header-ink visitor visitor-ink surface surface-2 surface-raised ink muted line edge danger danger-ink danger-text tint veil radius radius-message radius-control shadow font font-mono font-size width height offset-x offset-y z'
    .split(' ')
    .map((name) => `--natter-${name}`);

const FRAME_REFUSED = new Error('The page allows neither the chat nor a frame with it.');

// Where the panel fills the screen; `host.js` has the same.
const PHONE = '(max-width:639px),(max-height:479px) and (pointer:coarse)';

const rules = (position) => {
  const [y, x] = position.split('-');
  return (
    `[part=frame]{position:fixed;${x}:var(--natter-offset-x,20px);${y}:calc(var(--natter-offset-y,20px) + 72px);width:min(var(--natter-width,400px),100vw - 2*var(--natter-offset-x,20px));height:min(var(--natter-height,680px),100dvh - var(--natter-offset-y,20px) - 92px);border:0;border-radius:var(--natter-radius,20px);box-shadow:var(--natter-shadow,0 8px 40px #0004);visibility:hidden}` +
    '[part=frame][data-open]{visibility:visible}' +
    `@media${PHONE}{[part=frame]{inset:0;top:var(--n-top,0);width:100%;height:var(--n-height,100%);border-radius:0}}` +
    ':host([inline]) [part=frame]{position:absolute;inset:0;width:100%;height:100%;min-height:0;border-radius:var(--natter-radius,20px);box-shadow:none;visibility:visible}'
  );
};

// What hinders the app and would not hinder a frame. This script has come by other means than `fetch`, so the network is
// there.
const cause = (error, { settings, refusals }) => {
  const refused = refusals.some(
    ({ disposition, blockedURI }) =>
      disposition !== 'report' && (blockedURI === 'wasm-eval' || blockedURI.startsWith(settings.api)),
  );
  return refused ? 'policy' : error.name === 'CompileError' || !window.WebAssembly?.instantiate ? 'wasm' : !/native code/.test(fetch) && 'fetch';
};

// Gives the handle of what stands in for the app that failed so. Where frames are refused as well, the bubble becomes a
// link to the page of the chat. Throws where a frame would be of no use.
export default async (error, own) => {
  const { settings, root, callbacks, refusals, bubble, consult, dress } = own;
  // What the page's policy refused before there was somebody to hear it is refused again.
  if (!refusals.length)
    for (const again of [() => fetch(settings.api + settings.wasm), () => import(`${settings.api}${settings.glue}?again`)])
      await (async () => again())().catch(() => {});
  // It is reported in a task of its own.
  await pause(100);
  const finding = cause(error, own);
  if (!finding) {
    consult('files', { error });
    throw error;
  }
  dress(rules(settings.position));
  let frame;
  try {
    frame = await inFrame(settings, root, callbacks, refusals);
    return frame;
  } catch (reason) {
    if (reason === FRAME_REFUSED) asLink(bubble, `${settings.api}/c/${settings.slug}`);
    throw reason;
  } finally {
    consult(finding, { error, framed: true, frame });
  }
};

// The app in a frame of our origin, with the same handle as the app itself. It never moves within the page, which would
// load it anew. The conversation's handle is kept in the page's own storage, since a frame's is not the visitor's.
const inFrame = (settings, root, callbacks, refusals) =>
  new Promise((resolve, reject) => {
    const { api, slug, label, locale, position, mode } = settings;
    const prefix = `natter:${api}:`;
    const frame = document.createElement('iframe');
    frame.setAttribute('part', 'frame');
    frame.title = label;
    frame.allow = 'autoplay; microphone; clipboard-write';
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
    // A frame does not know what the page around goes by: `light`, `dark`, or both as the visitor's system says.
    let { theme } = settings;
    const scheme = () => {
      if (theme !== 'host') return theme;
      let { colorScheme } = getComputedStyle(root.host);
      if (colorScheme === 'normal') colorScheme = document.querySelector('meta[name=color-scheme]')?.content || '';
      if (!colorScheme.includes('dark')) return 'light';
      return colorScheme.includes('light') ? 'auto' : 'dark';
    };
    const watcher = new MutationObserver(() => theme === 'host' && post('theme', scheme()));
    watcher.observe(document.documentElement, { attributes: true });
    // The page's word on itself goes ahead of what a visitor may ask in the frame.
    const say = () => post('page', callbacks.page());
    const destroy = () => {
      removeEventListener('message', hear);
      removeEventListener('blur', say);
      watcher.disconnect();
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
        say();
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
          identify: call('identify'),
          logout: call('logout'),
          theme(name) {
            theme = name;
            post('theme', scheme());
          },
          // The frame fetches its texts by itself.
          set_locale: call('setLocale'),
          say,
          // The page's policy may not let it speak to the server.
          report: (report) => post('report', report),
          destroy,
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
    addEventListener('blur', say);

    frame.addEventListener('load', async () => {
      const key = prefix + settings.chatbotId;
      const stored = storage((kept) => kept.getItem(key)) ?? null;
      const style = getComputedStyle(root.host);
      const properties = PROPERTIES.map((name) => [name, style.getPropertyValue(name)]).filter(([, value]) => value);
      const { identity } = settings;
      // What belongs to it: the list of conversations, and what was typed and not sent.
      const more = storage((kept) => Object.entries(kept).filter(([name]) => name.startsWith(`${key}:`))) ?? [];
      post('init', { locale, theme: scheme(), position, mode, identity, properties, stored: [key, stored], more });
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
