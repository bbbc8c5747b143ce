// What a page's script tells the chat about its page and its visitor. Fetched by `host.js` with the first such command.

// Most bytes of what a page says of itself with each question, as JSON.
const MOST_CONTEXT = 4096;
const bytes = (text) => new Blob([text]).size;

// Who an identity is: the user's id, or the subject of a token. Nothing is verified here, that is the server's part.
const userOf = ({ userId, token }) => {
  if (userId || !token) return String(userId ?? '');
  try {
    return String(JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))).sub);
  } catch {
    return token;
  }
};

// The user that the page named, and what it says of itself, for each chat of the page.
const said = new WeakMap();

const begin = (own) => {
  const { kept, stored, hooks } = own;
  const it = { user: '', context: undefined };
  // A conversation is marked as its user's when it begins.
  it.claim = () => it.user && stored((storage) => storage.setItem(`${kept}:user`, it.user));
  Object.assign(hooks, {
    session: it.claim,
    reset: () => stored((storage) => storage.removeItem(`${kept}:user`)),
    forget() {
      it.user = '';
      it.context = undefined;
    },
    page() {
      if (!it.context) return undefined;
      const { url, title, ...rest } = it.context;
      // Only the place: what follows it may be secret.
      const place = { url: url ?? location.origin + location.pathname, title: title ?? document.title };
      const data = Object.keys(rest).length ? rest : undefined;
      return [{ ...place, data }, { data }].map((all) => JSON.stringify(all)).find((text) => bytes(text) <= MOST_CONTEXT);
    },
  });
  return it;
};

const commands = {
  setTheme({ settings, data, root, app }, it, name) {
    // Kept with the tag, should the app have to be loaded again.
    settings.theme = data.natterTheme = String(name);
    const panel = root.querySelector('[part~=panel]');
    if (panel) panel.dataset.theme = settings.theme;
    app()?.theme?.(settings.theme);
  },

  setContext(own, it, values) {
    const copy = values ? { ...JSON.parse(JSON.stringify(values)) } : undefined;
    if (bytes(JSON.stringify({ data: copy })) > MOST_CONTEXT) throw new Error('context_too_large');
    it.context = copy;
    own.app()?.say?.();
    own.emit('context', copy);
  },

  identify(own, it, who) {
    const { settings, kept, stored, emit, forget, app } = own;
    const { token, userId, userHash, name, email } = who ?? {};
    const user = userOf({ token, userId });
    const before = it.user || stored((storage) => storage.getItem(`${kept}:user`));
    if (before && before !== user) forget();
    it.user = user;
    settings.identity = JSON.stringify({ token, user_id: userId, user_hash: userHash, name, email });
    if (stored((storage) => storage.getItem(kept))) it.claim();
    app()?.identify(settings.identity);
    emit('identify', user);
  },
};

// Does one command of the page.
export default (own, method, ...values) => {
  if (!said.has(own)) said.set(own, begin(own));
  return commands[method]?.(own, said.get(own), ...values);
};
