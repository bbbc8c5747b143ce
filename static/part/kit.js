// What parts on demand are made with: words, elements, dialogs, requests.

// `own` is what `parts.js` hands to every part.
export const kitOf = (own) => {
  const live = new Set();
  const relabel = () => live.forEach((again) => again());
  own.relabel.add(relabel);
  // What this part has made is gone.
  const forget = () => own.relabel.delete(relabel);

  // A text of the catalogue. In the source it is asked for by its name alone, which the build makes its place and its
  // English. Where a number is counted
  // the text has a form for each kind of number; the usual one comes first, the others begin with their names.
  const say = (at, english, value = '') => {
    const [usual, ...forms] = (own.words[at] || english).split('\t');
    if (typeof value !== 'number') return usual.replace('{}', () => value);
    const language = own.words[at] ? own.language()[1] : 'en';
    const form = new Intl.PluralRules(language).select(value);
    const text = forms.find((other) => other.startsWith(form))?.slice(form.length) ?? usual;
    return text.replace('{}', () => value.toLocaleString(language));
  };

  // An element. Functions among attributes and children give texts that follow the language.
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    const follow = (text, put) => {
      const again = () => put(text());
      again();
      live.add(again);
    };
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
      else if (typeof value === 'function') follow(value, (text) => element.setAttribute(key, text));
      else if (value === true) element.setAttribute(key, '');
      else if (value !== undefined && value !== false && value !== null) element.setAttribute(key, value);
    }
    for (const child of children.flat()) {
      if (typeof child === 'function') {
        const node = document.createTextNode('');
        follow(child, (text) => (node.data = text));
        element.append(node);
      } else if (child || child === 0) element.append(child);
    }
    return element;
  };

  const panel = () => own.root.querySelector('.n');

  // The style rules of a part: `css:name.css` in quotes, which the build puts in. Once for all its uses.
  const adopt = (name, rules) => {
    own.adopted ??= new Set();
    if (own.adopted.has(name)) return;
    own.adopted.add(name);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    own.root.adoptedStyleSheets.push(sheet);
  };

  // A dialog over everything else. Gives what closes it and takes the focus back to where it was, or to the composer.
  // `name` is its heading's id.
  const dialog = (name, element) => {
    own.dismiss?.();
    const before = own.root.activeElement;
    const veil = make('div', { class: 'veil', role: 'dialog', 'aria-modal': 'true', 'aria-labelledby': name }, element);
    const close = (done) => {
      if (own.dismiss !== close) return;
      own.dismiss = undefined;
      live.clear();
      forget();
      veil.remove();
      own.app().tell('covered', '');
      const back = !done && before?.isConnected && before.checkVisibility?.() ? before : own.root.querySelector('.input');
      // What was covered can have the focus again after it is drawn.
      requestAnimationFrame(() => back?.focus());
    };
    veil.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.stopPropagation();
      close();
    });
    own.dismiss = close;
    panel().append(veil);
    own.app().tell('covered', 'yes');
    const first = veil.querySelector('[autofocus]') ?? veil.querySelector('input,textarea,select,button:not(.close)');
    first?.focus();
    return close;
  };

  // The handshake's answer: the chatbots, and the widget's settings.
  const config = () => JSON.parse(own.app().config()).data;

  // What is known of the conversation now: `token`, `session`, `secret` …
  const look = () => JSON.parse(own.app().look());

  // A request to the server, about the conversation where the path begins with `*`. Never throws: a network that is away is
  // a response with status 0.
  const request = async (method, path, body, again = true) => {
    const { token, session } = look();
    const response = await fetch(own.api + path.replace('*', `/v1/public/sessions/${session}`), {
      method,
      credentials: 'omit',
      cache: 'no-store',
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    }).catch(() => new Response(null, { status: 503, statusText: 'network' }));
    if (response.status !== 401 || !again) return response;
    // The token was too old. The app fetches another one.
    own.app().tell('renew', '');
    for (let rest = 50; rest && look().token === token; rest--) await new Promise((done) => setTimeout(done, 100));
    return request(method, path, body, false);
  };

  // Why a request failed, for the visitor.
  const reason = ({ status, statusText }) => {
    if (statusText === 'network') return say('unreachable');
    if (status === 429) return say('rate_limited');
    return status >= 500 ? say('server_error') : say('refused');
  };

  return { say, make, adopt, dialog, config, look, request, reason, panel, forget };
};
