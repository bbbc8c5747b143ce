// Parts of the app that no plain conversation needs, fetched with their first use.

const PARTS = {
  alert: 'asset:alert.js',
  contact: 'asset:contact.js',
  feedback: 'asset:feedback.js',
  rating: 'asset:rating.js',
};

// Gives what the app calls when a part of it is asked for. `own` is what a part gets to work with: the app, its place, and
// what is known of the page.
export const partsOf = (own) => {
  const { api } = own;
  own.words = [];
  own.relabel = new Set();
  let learned = 'en';
  // The words of all parts in the visitor's language, once there is a part. What cannot be had is English.
  const learn = async () => {
    const language = own.language()[1];
    if (language === learned) return;
    const response = await fetch(`${api}/assets/${language}-${EDITION}.more.txt`).catch(() => undefined);
    if (language !== own.language()[1]) return learn();
    own.words = response?.ok ? (await response.text()).split('\n') : [];
    learned = language;
    for (const again of own.relabel) again();
  };
  let used = false;
  // The visitor's language is another one now.
  own.relearn = () => used && (own.language()[1] === 'en' ? ((own.words = []), (learned = 'en'), own.relabel.forEach((again) => again())) : learn());
  return async (name, ...values) => {
    // What lies over the chat is to go.
    if (!name) return own.dismiss?.();
    try {
      used = true;
      const [part] = await Promise.all([import(api + PARTS[name]), learn()]);
      return await part.default(own, ...values);
    } catch (error) {
      console.error(error);
      own.app().tell('failed', '');
    }
  };
};
