// The install doctor's half in the browser: when something on a page refuses the widget, it says so once, what it is and
// how to mend it, to the page's developer in the console, to the page in an event, and to the owner by way of the server.
// Fetched by `host.js` only then.

// One time for each chatbot and reason, however often a visitor tries.
const told = new Set();

// Each reason with what is wrong and how to mend it. `natter check` has the same.
const TEXTS = 'list:reasons.txt';

// Whether the page's policy has refused something of ours.
const ours = ({ api }) => (refusal) => refusal.disposition !== 'report' && (refusal.blockedURI === 'wasm-eval' || refusal.blockedURI.startsWith(api));
const isFrame = ({ effectiveDirective }) => /^(frame|child)-src/.test(effectiveDirective);

// What a finding comes to: the names of its texts, of which the last one's is the reason, and what they speak of.
const FINDINGS = {
  policy(about) {
    const { refusals, framed, frame } = about;
    const refused = refusals.filter(ours(about));
    const first = refused.find((refusal) => !isFrame(refusal)) ?? refused[0];
    const directive = first.violatedDirective;
    let name = 'csp_script';
    if (first.blockedURI === 'wasm-eval') name = 'csp_wasm';
    else if (first.effectiveDirective.startsWith('connect')) name = 'csp_connect';
    const names = [[name, { directive, script: first.blockedURI }]];
    const inFrame = framed && !frame && refused.find(isFrame);
    if (inFrame) names.push(['csp_frame', { directive: inFrame.violatedDirective }]);
    return names;
  },
  origin: () => [[origin === 'null' ? 'origin.null' : 'origin']],
  storage: () => [['storage']],
  wasm: ({ error }) => [['wasm', { error: error.message }]],
  fetch: ({ error }) => [['fetch', { error: error.message }]],
  async files({ api, boot, error }) {
    // Silence is an outage, which is nobody's mistake on this page.
    await fetch(api + boot.wasm, { mode: 'no-cors' });
    return [['version.files', { error: error.message }]];
  },
  version: () => [['version']],
};

// What the visitor has instead, where the app itself cannot be there.
const instead = ({ api, framed, frame }, reason) => {
  if (!framed || reason === 'csp_frame') return '';
  if (frame) return ' Until then the chat is shown in a frame of the server.';
  return ` Until then the bubble leads to the full page, since a frame is refused as well; that takes: frame-src ${api}, and ${origin} in the chatbot's origins.`;
};

/** Tells everybody. */
export default async (name, about) => {
  const { api, boot, host, frame } = about;
  const found = await FINDINGS[name](about);
  const [reason] = found.at(-1)[0].split('.');
  const [detail, fix] = [0, 1].map((at) =>
    found.map(([key, values]) => TEXTS[key][at].replace(/{(\w+)}/g, (_, word) => ({ api, origin, slug: boot.slug, ...values })[word])).join('. '),
  );
  const key = boot.slug + reason;
  if (told.has(key)) return;
  told.add(key);
  console.warn(`natter: ${detail}. ${fix}.${instead(about, reason)} [${boot.slug}]`);
  host.dispatchEvent(new CustomEvent('natter:refused', { detail: { reason, fix }, bubbles: true, composed: true }));
  // The server has no word of its own for what one page's scripts do.
  const report = { reason: reason === 'fetch' ? 'other' : reason, detail: detail.slice(0, 300), version: boot.version, page_origin: origin };
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
