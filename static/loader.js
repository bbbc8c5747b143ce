// The loader: all that a page gets from its one tag. It paints the bubble and does nothing else, no request and nothing
// stored, until a visitor turns to the bubble; then it fetches the app and `app/host.js`, which mounts it here.
//
// The server puts a JSON object in the place of __NATTER_BOOT__ (see `Boot` in `shared/src/page.rs`).
(() => {
  const boot = __NATTER_BOOT__;
  const { slug, color, icon } = boot;
  const doc = document;
  const bots = window.natter?.bots || {};
  if (bots[slug]) return;

  // A classic script knows itself while it runs, however it was inserted; one that a bundler took in does not.
  const script = doc.currentScript || doc.querySelector(`script[src*="/w/${slug}."]`);
  const data = script?.dataset || {};
  const api = data.natterApi || boot.api || new URL(script.src).origin;

  // --- The bubble ---

  const tag = 'natter-chat';
  if (!customElements.get(tag)) customElements.define(tag, class extends HTMLElement {});
  const make = (name, attributes) => {
    const element = doc.createElement(name);
    // Only what stands here: a page may have added to every object.
    for (const key of Object.keys(attributes)) element.setAttribute(key, attributes[key]);
    return element;
  };
  // What is none of the known kinds of popover is a manual one: nothing shows or hides it but the line below.
  const host = make(tag, { popover: 1 });
  const root = host.attachShadow({ mode: 'open' });
  // Inline and important: no rule of the page can hide, move or restyle the element.
  host.style.cssText = [
    'all:initial',
    'display:block',
    'position:fixed',
    'z-index:var(--natter-z,2147483000)',
    '',
  ].join('!important;');

  const bubble = make('button', {
    part: 'bubble',
    'aria-label': boot.label,
    'aria-haspopup': 'dialog',
    'aria-expanded': false,
  });
  // Where a failure is told; it leads to the page of the chat.
  const note = make('a', { part: 'note', target: '_blank', 'aria-live': 'assertive' });
  root.append(bubble, note);

  // White on the colour, unless it is so bright that dark can be read better.
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.substr(at, 2), 16) ** 2.2);
  const [y, x] = (data.natterPosition || boot.position).split('-');
  const style = new CSSStyleSheet();
  style.replaceSync(
    `[part=bubble],[part=note]{position:fixed;${x}:var(--natter-offset-x,20px);${y}:var(--natter-offset-y,20px)}` +
      `[part=bubble]{padding:16px;border:0;border-radius:50%;background:var(--natter-accent,${color});color:var(--natter-accent-ink,#${2 * red + 7 * green + blue > 350000 ? 111 : 'fff'});cursor:pointer;box-shadow:0 4px 16px #0004}` +
      `[part=bubble]:before{content:"";display:block;width:24px;height:24px;scale:1.15;background:currentColor;clip-path:path("${icon || 'M4 3h16q2 0 2 2v10q0 2-2 2h-8l-6 5v-5H4q-2 0-2-2V5q0-2 2-2z'}");forced-color-adjust:none}` +
      '[part=bubble]:focus-visible{outline:3px solid;box-shadow:0 0 0 6px #fff}' +
      '[part=bubble][aria-busy=true]:before{opacity:.3;transition:1s}' +
      `[part=note]{margin-${y}:68px;max-width:240px;padding:10px;border-radius:10px;background:#222;color:#fff;font:14px/1.4 system-ui}[part=note]:empty{scale:0}` +
      `@media(max-width:639px){[part=bubble]${boot.mobile ? '[aria-expanded=true]' : ''}{display:none}}` +
      '@media print{:host *{display:none}}',
  );
  root.adoptedStyleSheets = [style];

  // --- Its place ---

  let moves = 50;
  const place = () => {
    // A page may swap its body; one that takes the element away again and again at once is left alone.
    if (!host.isConnected && moves-- > 0) {
      doc.body.append(host);
      setTimeout(() => (moves = 50), 9999);
      // A transform, a filter or the like on the body or the root would hold it like a cage: above everything, in the
      // top layer, there are none. Only then, since nothing of the page's could lie over it there.
      requestAnimationFrame(() => host.offsetParent && host.showPopover?.());
    }
    for (const node of [doc.documentElement, doc.body]) watcher.observe(node, { childList: true });
  };
  const watcher = new MutationObserver(() => doc.body && place());
  if (doc.readyState == 'loading') doc.addEventListener('DOMContentLoaded', place);
  else place();

  // --- The app ---

  let loading;
  let tries = 0;
  const refusals = [];
  const load = () =>
    (loading ||= (async () => {
      // A module that failed to load is remembered by its address.
      const again = tries++ ? '?' + tries : '';
      doc.addEventListener('securitypolicyviolation', (event) => refusals.push(event));
      // Whatever a page has put in the place of `fetch` and `Promise`: a failure is `app/host.js`'s to judge.
      const files = Promise.all([
        import(api + boot.glue + again),
        Promise.resolve(api + boot.wasm + again).then(fetch),
      ]).catch((error) => error);
      return (await import(api + boot.host + again)).default(boot, api, data, host, root, bubble, files, refusals);
    })());
  const preload = () => tries || load().catch(() => (loading = 0));
  // Calls the app as soon as it is there; whether that went well.
  const call = async (...command) => {
    note.textContent = '';
    bubble.ariaBusy = true;
    try {
      await (await load())(...command);
      return true;
    } catch {
      loading = 0;
      note.href = `${api}/c/${slug}`;
      note.textContent = boot.failed;
      return false;
    } finally {
      bubble.ariaBusy = false;
    }
  };

  // --- What the page can do ---

  const self = {
    bots,
    get: (other) => bots[other],
    on: (event, listener) => host.addEventListener('natter:' + event, listener),
    off: (event, listener) => host.removeEventListener('natter:' + event, listener),
    push: ([method, ...values]) => self[method](...values),
    close: () => loading && call('close'),
    destroy() {
      watcher.disconnect();
      moves = 0;
      host.remove();
      if (loading) call('destroy');
      delete bots[slug];
      if (window.natter == self) window.natter = Object.values(bots)[0];
    },
  };
  for (const method of ['open', 'toggle', 'send', 'prefill', 'setLocale']) self[method] = (...values) => call(method, ...values);
  bubble.onclick = () => self.toggle();
  // A finger enters, too, when it touches.
  bubble.onpointerenter = bubble.onfocus = preload;

  bots[slug] = self;
  const before = window.natter;
  if (!before?.bots) {
    window.natter = self;
    before?.forEach?.(self.push);
  }
  if (boot.open) self.open();
  else
    setTimeout(() => {
      // Where storage is refused, reading it throws.
      try {
        localStorage[`natter:${api}:${boot.chatbotId}`] && preload();
      } catch {}
    }, 999);
})();
