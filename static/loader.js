// The loader: all that a page gets from its one tag. It paints the bubble and does nothing else, no request and nothing
// stored, until a visitor turns to the bubble; then it fetches the app and `app/host.js`, which mounts it here.
//
// The server puts a JSON object in the place of __NATTER_BOOT__ (see `Boot` in `shared/src/page.rs`).
(() => {
  const boot = __NATTER_BOOT__;
  const { slug } = boot;
  const doc = document;

  // A classic script knows itself while it runs, however it was inserted; a module and one that a bundler took in do not.
  const script = doc.currentScript || doc.querySelector(`[src*="/w/${slug}."],[src*="/w/${boot.chatbotId}."]`);

  const start = () => {
    const before = window.natter;
    const bots = before?.bots || {};
    if (bots[slug]) return;
    const data = script?.dataset || {};
    const api = data.natterApi || boot.api || new URL(script.src).origin;
    const kept = `natter:${api}:${boot.chatbotId}`;

    // --- The bubble ---

    // Only what stands here: a page may have added to every object.
    const make = (name, values, ...children) => {
      const element = Object.assign(doc.createElement(name), values);
      element.append(...children);
      return element;
    };
    // A page may have written the element itself, or chosen one that the chat shall fill.
    const given = doc.querySelector(`natter-chat[slug="${slug}"]`);
    const spot = doc.querySelector(data.natterInline);
    const host = given || make('natter-chat');
    const inline = host.toggleAttribute('inline', spot || host.hasAttribute('inline'));
    const root = host.shadowRoot || host.attachShadow({ mode: 'open' });
    if (!inline) {
      // Nothing shows or hides it but `place`.
      host.popover = 'manual';
      // Inline and important: no rule of the page can hide, move or restyle the element.
      host.style.cssText =
        'all:initial!important;display:block!important;position:fixed!important;z-index:var(--natter-z,2147483000)!important';
    }

    const bubble = make(
      'button',
      { part: 'bubble', ariaLabel: boot.label, ariaExpanded: false },
      make('slot', { name: 'launcher-icon' }, make('i')),
    );
    // Where a failure is told; it leads to the page of the chat.
    const note = make('a', { part: 'note', role: 'alert', target: '_blank', href: `${api}/c/${slug}` }, boot.failed);

    const [y, x] = (data.natterPosition || boot.position).split('-');
    const style = new CSSStyleSheet();
    style.replaceSync(
      ':host{display:block;height:100%}' +
        `[part=bubble],[part=note]{position:fixed;${x}:var(--natter-offset-x,20px);${y}:var(--natter-offset-y,20px)}` +
        // The outline shows where colours are the visitor's own, which replace even one that cannot be seen.
        `[part=bubble]{padding:16px;outline:1px solid #0000;border:0;border-radius:50%;background:var(--natter-accent,${boot.color});color:var(--natter-accent-ink,#${boot.ink});box-shadow:0 4px 16px #0004}` +
        `[part=bubble] i{display:block;border:12px solid;clip-path:path("${boot.icon || 'M4 3h16q2 0 2 2v10q0 2-2 2h-8l-6 5v-5H4q-2 0-2-2V5q0-2 2-2z'}")}` +
        '[part=bubble]:focus-visible{outline:3px solid;box-shadow:0 0 0 6px #fff}' +
        '[aria-busy=true] i{opacity:.3;transition:1s}' +
        `[part=note]{margin-${y}:68px;padding:16px;border-radius:16px;background:#000;color:#fff;width:240px;font:16px system-ui}` +
        '@media print{:host *{display:none}}' +
        (boot.style || ''),
    );
    root.adoptedStyleSheets = [style];

    // --- The app ---

    let loading;
    let gone;
    let tries = 0;
    const waiting = [];
    const load = () =>
      (loading ||= (async () => {
        // A module that failed to load is remembered by its address.
        const again = tries++ ? '?' + tries : '';
        // Whatever a page has put in the place of `fetch` and `Promise`: a failure is `app/host.js`'s to judge.
        const files = (async () => Promise.all([import(api + boot.glue + again), fetch(api + boot.wasm + again)]))().catch(
          (error) => error,
        );
        return (await import(api + boot.host + again)).default(boot, api, data, host, root, bubble, files, [], waiting);
      })());
    const preload = () => tries || load().catch(() => (loading = 0));
    // Calls the app as soon as it is there; whether that went well.
    const call = async (...command) => {
      try {
        note.remove();
        bubble.ariaBusy = true;
        await (await load())(...command);
        return true;
      } catch {
        loading = 0;
        root.append(note);
        return false;
      } finally {
        bubble.ariaBusy = false;
      }
    };
    // Does something if there is an earlier conversation. Where storage is refused, reading it throws.
    const earlier = (act) => {
      try {
        localStorage[kept] && act();
      } catch {}
    };

    // --- Its place ---

    let moves = 50;
    const place = () => {
      if (!given) (spot || doc.body).append(host);
      // A transform, a filter or the like on the body or the root would hold it like a cage: above everything, in the
      // top layer, there are none. Only then, since nothing of the page's could lie over it there.
      inline || requestAnimationFrame(() => host.offsetParent && host.showPopover?.());
    };
    // A page may swap its body; one that takes the element away again and again at once is left alone.
    const watcher = new MutationObserver(() => {
      if (host.isConnected || !doc.body || moves-- < 1) return;
      setTimeout(() => moves++, 9999);
      if (given || spot) {
        self.destroy();
        start();
      } else place();
    });
    watcher.observe(doc, { childList: true, subtree: true });
    place();
    // What stands in the page is there to be seen: it is loaded when it can be.
    if (inline) new IntersectionObserver(([entry]) => gone || (entry.isIntersecting && call('close'))).observe(host);
    else root.append(bubble);

    // --- What the page can do ---

    const self = {
      bots,
      waiting,
      version: boot.version,
      on: (event, listener) => host.addEventListener('natter:' + event, listener),
      off: (event, listener) => host.removeEventListener('natter:' + event, listener),
      get: (other) => bots[other],
      push: ([method, ...values]) => self[method]?.(...values),
      destroy() {
        watcher.disconnect();
        // Nothing is loaded any more for one who waited for it.
        gone = ++tries;
        if (loading) call('destroy');
        given ? root.replaceChildren() : host.remove();
        delete bots[slug];
        if (window.natter == self) window.natter = Object.values(bots)[0];
      },
    };
    // The first ones are worth loading the app for, the others wait until it is there.
    'open,toggle,send,prefill,close,setLocale,setTheme,setContext,identify,logout'.split(',').map(
      (method, at) =>
        (self[method] = (...values) => {
          // At once, since a page that logs somebody out may go away at once. Other tabs hear of it.
          if (at > 8) earlier(() => (localStorage[kept] = ''));
          return at < 4 || loading ? call(method, ...values) : waiting.push([method, ...values]);
        }),
    );
    bubble.onclick = () => self.toggle();
    // A finger enters, too, when it touches.
    bubble.onpointerenter = bubble.onfocus = preload;

    bots[slug] = self;
    if (!before?.bots) {
      window.natter = self;
      before?.forEach?.(self.push);
    }
    if (boot.open) self.open();
    // A page that is loaded anew with an open panel finds an entry of the one before; the app knows what to do with it.
    else setTimeout(() => (history.state?.natter ? preload() : earlier(preload)), 999);
  };
  if (doc.readyState == 'loading') doc.addEventListener('DOMContentLoaded', start);
  else start();
})();
