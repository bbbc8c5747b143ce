// Parts of the app that no plain conversation needs, fetched with their first use.

const PARTS = {
  alert: 'asset:alert.js',
  answer: 'asset:answer.js',
  contact: 'asset:contact.js',
  feedback: 'asset:feedback.js',
  files: 'asset:files.js',
  gone: 'asset:gone.js',
  history: 'asset:history.js',
  menu: 'asset:menu.js',
  privacy: 'asset:privacy.js',
  rating: 'asset:rating.js',
  script: 'asset:script.js',
  voice: 'asset:voice.js',
};

// Gives what the app calls, when a part of it is asked for and afterwards. `own` is what a part gets to work with: the app,
// its place, and what is known of the page.
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
    const response = language !== 'en' && (await fetch(`${api}/assets/${language}-${EDITION}.more.txt`).catch(() => undefined));
    if (language !== own.language()[1]) return learn();
    own.words = response?.ok ? (await response.text()).split('\n') : [];
    learned = language;
    relabel();
  };
  let used = false;
  // The visitor's language is another one now.
  own.relearn = () => used && learn();
  const get = (name) => {
    used = true;
    return Promise.all([import(api + PARTS[name]), learn()]);
  };
  const busy = (name, now) => {
    for (const button of own.root.querySelectorAll(`[data-act=${name}]`)) button.ariaBusy = now;
  };
  // Whoever turns to the menu will have it in a moment. What stands in an answer is a part's alone; that it is there before
  // a button is pressed matters to browsers that let only the press itself copy.
  for (const type of ['pointerover', 'focusin', 'click'])
    own.root.addEventListener(type, ({ target }) => {
      if (target.closest('[data-act=menu]')) get('menu').catch(() => {});
      const at = target.closest('[data-act=copy],[data-act=image],[data-peek]');
      if (at && type === 'click') own.part('answer', at, type);
      else if (at) get('answer').then(([part]) => part.default(own, at, type), () => {});
    });
  // A conversation that is left for a new one stands in the visitor's list, though the menu was never opened.
  own.root.addEventListener('click', ({ target }) => target.closest('[data-act=anew]') && own.part('gone', JSON.parse(own.app().look())), true);
  const redraft = draftOf(own);
  // What an earlier page left for the app.
  own.begin = (app) => {
    redraft(app);
    if (memory((storage) => storage.getItem(`${own.kept}:history`))) app.tell('past', 'yes');
  };
  // Opens a part, for the app or for another part.
  own.part = async (name, ...values) => {
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
  };
  return {
    open: own.part,
    ...looksOf(own),
    // What lies over the chat is to go.
    dismiss: () => own.dismiss?.(),
    // Nothing of this conversation is to be left.
    leave() {
      own.dismiss?.(false);
      own.leave.forEach((leave) => leave());
    },
    // The owner's words came in another language.
    relabel,
  };
};
