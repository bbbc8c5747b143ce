// Parts of the app that no plain conversation needs, fetched with their first use.

const PARTS = {
  alert: 'asset:alert.js',
  contact: 'asset:contact.js',
  feedback: 'asset:feedback.js',
  files: 'asset:files.js',
  gone: 'asset:gone.js',
  history: 'asset:history.js',
  menu: 'asset:menu.js',
  privacy: 'asset:privacy.js',
  rating: 'asset:rating.js',
  voice: 'asset:voice.js',
};

// Gives what the app calls when a part of it is asked for. `own` is what a part gets to work with: the app, its place, and
// what is known of the page.
export const partsOf = (own) => {
  const { api } = own;
  own.words = [];
  own.relabel = new Set();
  const relabel = () => own.relabel.forEach((again) => again());
  // What parts that stay do when the conversation is another one, or nobody's.
  own.leave = new Set();
  let learned = 'en';
  // The words of all parts in the visitor's language, once there is a part. What cannot be had is English.
  const learn = async () => {
    const language = own.language()[1];
    if (language === learned) return;
    const response = await fetch(`${api}/assets/${language}-${EDITION}.more.txt`).catch(() => undefined);
    if (language !== own.language()[1]) return learn();
    own.words = response?.ok ? (await response.text()).split('\n') : [];
    learned = language;
    relabel();
  };
  let used = false;
  // The visitor's language is another one now.
  own.relearn = () => used && (own.language()[1] === 'en' ? ((own.words = []), (learned = 'en'), relabel()) : learn());
  const get = (name) => {
    used = true;
    return Promise.all([import(api + PARTS[name]), learn()]);
  };
  const busy = (name, now) => {
    for (const button of own.root.querySelectorAll(`[data-act=${name}]`)) button.ariaBusy = now;
  };
  // Whoever turns to the menu will have it in a moment.
  for (const type of ['pointerover', 'focusin'])
    own.root.addEventListener(type, ({ target }) => target.closest('[data-act=menu]') && get('menu').catch(() => {}));
  // What was typed and not sent is there again after a reload, and on the site's next page.
  const kept = (act) => {
    try {
      return act(own.drafts || sessionStorage, `${own.kept}:draft`);
    } catch {
      return undefined;
    }
  };
  let wrote;
  let draft;
  let timer;
  const keep = () => {
    clearTimeout(timer);
    if (draft) kept((storage, name) => storage.setItem(name, draft));
    else if (draft === '') kept((storage, name) => storage.removeItem(name));
    draft = undefined;
  };
  own.root.addEventListener('input', ({ target, isTrusted }) => {
    // A question that is worded anew is no draft, and what the page fills in none of the visitor's.
    if (!target.matches('.input') || target.closest('[data-edit]') || !((wrote ||= isTrusted) || !target.value)) return;
    draft = target.value;
    clearTimeout(timer);
    timer = setTimeout(keep, draft && 300);
  });
  addEventListener('pagehide', keep);
  // What an earlier page left for the app.
  own.begin = (app) => {
    const text = kept((storage, name) => storage.getItem(name));
    if (text) app.prefill((wrote = text));
    try {
      if (localStorage.getItem(`${own.kept}:history`)) app.tell('past', 'yes');
    } catch {}
  };
  // Opens a part, for the app or for another part.
  return (own.part = async (name, ...values) => {
    // The owner's words came in another language.
    if (name === 'words') return relabel();
    // Nothing of this conversation is to be left.
    if (!name) {
      own.dismiss?.(false);
      return own.leave.forEach((leave) => leave());
    }
    busy(name, true);
    try {
      const [part] = await get(name);
      return await part.default(own, ...values);
    } catch (error) {
      console.error(error);
      own.app().tell('failed', '');
    } finally {
      busy(name, null);
    }
  });
};
