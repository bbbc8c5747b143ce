// The install doctor's half in the browser: when something on a page refuses the widget, it says so once, what it is and
// how to mend it, to the page's developer in the console, to the page in an event, and to the owner by way of the server.
// Fetched by `host.js` only then. Its texts are for whoever builds the site, so they are English.

// One time for each chatbot and reason, however often a visitor tries.
const told = new Set();

/** Each gives the reason's name, what is wrong, and how to mend it. */
const FINDINGS = {
  policy({ api, refusals }) {
    const { blockedURI, effectiveDirective, violatedDirective } = refusals.find(
      (refusal) => refusal.disposition !== 'report' && (refusal.blockedURI === 'wasm-eval' || refusal.blockedURI.startsWith(api)),
    );
    const what = (name) => `This page's Content-Security-Policy refuses ${name} (${violatedDirective})`;
    if (blockedURI === 'wasm-eval')
      return ['csp_wasm', what('WebAssembly'), `Add to the policy: script-src ${api} 'wasm-unsafe-eval'`];
    if (effectiveDirective.startsWith('connect'))
      return ['csp_connect', what(`connections to ${api}`), `Add to the policy: connect-src ${api}`];
    return ['csp_script', what(blockedURI), `Add to the policy: script-src ${api} 'wasm-unsafe-eval'`];
  },
  origin() {
    if (origin === 'null')
      return [
        'origin',
        'This page has no origin, so the chatbot cannot allow it: it is in a sandboxed frame, or a file opened from disk',
        `Add "allow-same-origin" to the frame's sandbox attribute, or open the page over https`,
      ];
    return ['origin', `The chatbot does not allow pages of ${origin}`, `Add to the chatbot's settings: origins = ["${origin}"]`];
  },
  storage: () => [
    'storage',
    'This page may not use localStorage, by the settings of the browser, a sandbox or a script of the page. The chat works, but a conversation is forgotten when the page is left',
    'Allow the site to keep data; in a sandboxed frame, add "allow-same-origin"',
  ],
  wasm: ({ error }) => [
    'wasm',
    `WebAssembly cannot be compiled on this page: ${error.message}`,
    'Leave window.WebAssembly as it is, and deliver the files of the server unchanged',
  ],
  fetch: ({ error }) => [
    'fetch',
    `A script of this page has replaced window.fetch, and what stands there now does not work for us: ${error.message}`,
    `Let that script pass on requests to other origins as they are, and read answers from response.clone()`,
  ],
  async files({ api, boot, error }) {
    // Silence is an outage, which is nobody's mistake on this page.
    await fetch(api + boot.wasm, { mode: 'no-cors' });
    return [
      'version',
      `The server is there, but this page does not get its files: ${error.message}. The script is a copy of another version, or something between holds them back`,
      `Load the script from ${api}/w/${boot.slug}.js itself, and let ${api}/assets/ through unchanged`,
    ];
  },
  version: () => [
    'version',
    'The server no longer speaks to a script of this version',
    'Load the script from the server itself instead of a copy, and empty the caches in between',
  ],
};

// What the visitor has instead, where the app itself cannot be there.
const instead = ({ api, framed, frame }) => {
  if (!framed) return '';
  if (frame) return ' Until then the chat is shown in a frame of the server.';
  return ` Until then the bubble leads to the full page, since a frame is refused as well; that takes: frame-src ${api}, and ${origin} in the chatbot's origins.`;
};

/** Tells everybody. */
export default async (name, about) => {
  const { api, boot, host, frame } = about;
  const [reason, detail, fix] = await FINDINGS[name](about);
  const key = boot.slug + reason;
  if (told.has(key)) return;
  told.add(key);
  console.warn(`natter: ${detail}. ${fix}.${instead(about)} [${boot.slug}]`);
  host.dispatchEvent(new CustomEvent('natter:refused', { detail: { reason, fix }, bubbles: true, composed: true }));
  // The server has no word of its own for what one page's scripts do.
  const report = { reason: reason === 'fetch' ? 'other' : reason, detail: detail.slice(0, 300), page_origin: origin };
  if (frame) return frame.report(report);
  // A page that is refused may not read the answer, and nobody wants it: without CORS the console stays quiet.
  await fetch(`${api}/v1/public/widgets/${boot.slug}/reports`, {
    method: 'POST',
    mode: 'no-cors',
    keepalive: true,
    credentials: 'omit',
    body: JSON.stringify(report),
  });
};
