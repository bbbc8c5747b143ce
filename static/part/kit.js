// What parts on demand are made with: words, elements, dialogs, requests.

// `own` is what `parts.js` hands to every part.
export const kitOf = (own) => {
  // Nodes whose text follows the language, with what puts it in.
  const live = new Map();
  const relabel = () => live.forEach((texts) => texts.forEach((again) => again()));
  // What this part has made is gone.
  const forget = () => own.relabel.delete(relabel);

  // A text of the catalogue. In the source it is asked for by its name alone, which the build makes its place and its
  // English. Where a number is counted the text has a form for each kind of number; the usual one comes first, the others
  // begin with their names.
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
    const follow = (node, text, put) => {
      const again = () => put(text());
      again();
      live.set(node, [...(live.get(node) ?? []), again]);
      own.relabel.add(relabel);
    };
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
      else if (typeof value === 'function') follow(element, value, (text) => element.setAttribute(key, text));
      else if (value === true) element.setAttribute(key, '');
      else if (value !== undefined && value !== false && value !== null) element.setAttribute(key, value);
    }
    for (const child of children.flat()) {
      if (typeof child === 'function') {
        const node = document.createTextNode('');
        follow(node, child, (text) => (node.data = text));
        element.append(node);
      } else if (child || child === 0) element.append(child);
    }
    return element;
  };

  const panel = () => own.root.querySelector('.n');

  // An icon, as path data of 24 × 24.
  const glyph = (path) => {
    const [svg, line] = ['svg', 'path'].map((name) => document.createElementNS('http://www.w3.org/2000/svg', name));
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    line.setAttribute('d', path);
    svg.append(line);
    return svg;
  };

  // The style rules of a part: `css:name.css` in quotes, which the build puts in. Once for all its uses.
  const adopt = (name, rules) => {
    own.adopted ??= new Set();
    if (own.adopted.has(name)) return;
    own.adopted.add(name);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    // Ahead of the owner's rules, which may change them.
    own.root.adoptedStyleSheets = [sheet, ...own.root.adoptedStyleSheets];
  };

  // Lays elements over the chat; `how` is `menu` while what lies below can be reached. Gives what closes it: the focus goes
  // back to where it was, with `true` to the composer, with `false` nowhere.
  const cover = (how, ...elements) => {
    adopt('dialog', 'css:dialog.css');
    // What opens from something like it goes back to where that was opened.
    const before = own.dismiss ? own.before : own.root.activeElement;
    own.dismiss?.(false);
    own.before = before;
    const close = (done) => {
      if (own.dismiss !== close) return;
      own.dismiss = undefined;
      // What was made for the next dialog stays.
      for (const node of live.keys()) if (elements.some((element) => element.contains(node))) live.delete(node);
      if (!live.size) forget();
      for (const element of elements) element.remove();
      own.app().tell('covered', '');
      if (done === false) return;
      const back = !done && before?.isConnected && before.checkVisibility?.() ? before : own.root.querySelector('.input');
      // At once, before another key is pressed. Not if something else has it by now.
      own.root.querySelector(':focus') || back?.focus();
    };
    for (const element of elements)
      element.addEventListener('keydown', (event) => {
        if (event.key !== 'Escape' || event.isComposing) return;
        event.stopPropagation();
        close();
      });
    own.dismiss = close;
    panel().append(...elements);
    own.app().tell('covered', how);
    const find = (what) => elements.map((element) => element.querySelector(what)).find(Boolean);
    (find('[data-focus]') ?? find('input,textarea,select,button:not(.close)'))?.focus();
    return close;
  };

  // A dialog over everything else. `name` is its heading's id, `more` are further attributes.
  const dialog = (name, element, more) =>
    cover('dialog', make('div', { class: 'veil', role: 'dialog', 'aria-modal': 'true', 'aria-labelledby': name, ...more }, element));

  // The handshake's answer: the chatbots, and the widget's settings.
  const config = () => JSON.parse(own.app().config()).data;

  // What is known of the conversation now: `token`, `session`, `secret` …
  const look = () => JSON.parse(own.app().look());

  // Waits until something is true, for some tenths of a second.
  const wait = async (done, tenths = 50) => {
    for (let rest = tenths; rest && !done(); rest--) await new Promise((next) => setTimeout(next, 100));
    return done();
  };

  // A token was too old. The app fetches another one.
  const renew = (token) => {
    own.app().tell('renew', '');
    return wait(() => look().token !== token);
  };

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
    await renew(token);
    return request(method, path, body, false);
  };

  // Has the app say that a request failed.
  const failed = ({ status, statusText }) => own.app().tell('failed', statusText === 'network' ? '0' : `${status}`);

  // An owner's text, which is translated as long as it is the one that owners begin with. Named as `say`'s are.
  const ownsay = (at, english, text) => (text === english ? say(at, english) : text);

  // Gives the visitor a file.
  const save = (name, content) => {
    const href = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
    make('a', { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  };

  // Why a request failed, for the visitor.
  const reason = ({ status, statusText }) => {
    if (statusText === 'network') return say('unreachable');
    if (status === 429) return say('rate_limited');
    return status >= 500 ? say('server_error') : say('refused');
  };

  return { say, ownsay, make, glyph, adopt, cover, dialog, config, look, wait, renew, request, failed, reason, save, panel, forget };
};
