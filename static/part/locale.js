// Which of our languages a visitor reads, and its texts. What needs it has it copied in when the files are built.

// The edition of the texts, which is a part of their addresses, then the languages.
const [EDITION, ...LANGUAGES] = '__NATTER_LOCALES__'.split(' ');

// The first of some language tags that we have texts for, and the language of those texts. Asked for are the page's wish,
// or else the owner's who allows no other language, or the visitor's browser's.
export const choose = (wish, boot) => {
  const tags = wish ? [wish] : boot.fixed ? [boot.locale] : [...navigator.languages, boot.locale];
  for (const tag of tags) {
    try {
      // Written out, Taiwan's Chinese says what script it is written in.
      const { language, script, region } = new Intl.Locale(tag).maximize();
      for (const name of [`${language}-${region}`, `${language}-${script}`, language])
        if (LANGUAGES.includes(name)) return [tag, name];
    } catch {
      // No language tag at all.
    }
  }
  return [tags[0], 'en'];
};

// A language's texts for the app: nothing for English. What cannot be had is too short, and changes nothing.
export const textsOf = async (api, language) =>
  language === 'en' ? '' : (await fetch(`${api}/assets/${language}-${EDITION}.txt`).catch(() => new Response(0))).text();

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
