// Speaking instead of writing, and hearing instead of reading, with what the browser brings along. Fetched by
// `part/parts.js` when a panel is shown whose owner wants it. Where the browser has neither, nothing is shown.

import { kitOf } from '../part/kit.js';

const MICROPHONE = 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3';
const SPEAKER = 'M11 5L6 9H3v6h3l5 4zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11';
const QUIET = 'M7 7h10v10H7z';

// A language for each script that is not the visitor's own: an answer may be in another one than the panel.
const SCRIPTS = [
  ['Kana', 'ja', /[\u3040-\u30ff]/g],
  ['Hang', 'ko', /[\uac00-\ud7af]/g],
  ['Hani', 'zh', /[\u4e00-\u9fff]/g],
  ['Arab', 'ar', /[\u0600-\u06ff]/g],
  ['Hebr', 'he', /[\u0590-\u05ff]/g],
  ['Cyrl', 'ru', /[\u0400-\u04ff]/g],
  ['Grek', 'el', /[\u0370-\u03ff]/g],
  ['Deva', 'hi', /[\u0900-\u097f]/g],
  ['Thai', 'th', /[\u0e00-\u0e7f]/g],
  ['Latn', 'en', /[a-z\u00c0-\u024f]/gi],
];

// The language to read a text in: the visitor's, unless it is written in another script.
const languageOf = (text, locale) => {
  const count = ([, , letters]) => text.match(letters)?.length ?? 0;
  const [script, language] = SCRIPTS.reduce((most, other) => (count(other) > count(most) ? other : most));
  const own = new Intl.Locale(locale).maximize().script;
  // Japanese and Chinese are written in several scripts.
  const mine = own === script || { Jpan: /Kana|Hani/, Kore: /Hang/, Hans: /Hani/, Hant: /Hani/ }[own]?.test(script);
  return mine ? locale : language;
};

// What of an answer can be heard: no citations, buttons or code.
const heard = (answer) => {
  const copy = answer.cloneNode(true);
  copy.querySelectorAll('.cite,button,pre').forEach((node) => node.remove());
  copy.querySelectorAll('p,li,h3,h4,tr').forEach((block) => block.append('\n'));
  copy.querySelectorAll('td,th').forEach((cell) => cell.append(', '));
  return copy.textContent;
};

// Begins with the first call; those after it change nothing.
export default (own) => {
  own.voice ??= begin(own) ?? true;
};

const begin = (own) => {
  const { adopt, panel } = kitOf(own);
  const form = panel()?.querySelector('.composer');
  if (!form) return;
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  if (Recognition || window.speechSynthesis) adopt('voice', 'css:voice.css');
  const quiet = window.speechSynthesis ? reading(own, panel().querySelector('.log')) : () => {};
  // Whoever listens must not hear itself.
  const deaf = Recognition ? dictation(own, Recognition, form, quiet) : () => {};
  const end = () => {
    deaf();
    quiet();
  };
  own.leave.add(end);
  // Nothing listens or speaks in a panel that was closed.
  own.root.host.addEventListener('natter:close', end);
  addEventListener('pagehide', end);
};

// Gives what ends it.
const dictation = (own, Recognition, form, quiet) => {
  const { say, make, glyph, panel } = kitOf(own);
  const field = form.querySelector('.input');
  let running;
  const label = () => (running ? say('voice_stop') : say('voice_dictate'));
  const button = make('button', { class: 'ib dictate', part: 'dictate', type: 'button', onclick: () => (running ? running.stop() : start()) }, glyph(MICROPHONE));
  const told = make('p', { class: 'note hearing', hidden: true });
  const show = (text = '', bad = false) => {
    told.textContent = text;
    told.hidden = !text;
    told.classList.toggle('bad', bad);
    if (text) own.app().tell('announce', told.textContent);
    name();
  };
  const name = () => {
    button.setAttribute('aria-pressed', !!running);
    for (const attribute of ['aria-label', 'title']) button.setAttribute(attribute, label());
  };
  name();
  own.relabel.add(() => {
    name();
    if (running) told.textContent = say('voice_listening');
  });
  form.prepend(told);
  form.querySelector('[type=submit]').before(button);
  const start = () => {
    quiet();
    const mine = (running = new Recognition());
    const before = field.value.trim();
    let trouble;
    mine.lang = own.language()[0];
    mine.interimResults = true;
    mine.onresult = ({ results }) => {
      if (running !== mine) return;
      const text = [...results].map(([best]) => best.transcript.trim()).join(' ');
      own.app().prefill(before ? `${before} ${text}` : text);
    };
    mine.onerror = ({ error }) => {
      trouble = /not-allowed$/.test(error) ? say('voice_denied') : error === 'no-speech' ? say('voice_silence') : error === 'aborted' ? '' : say('voice_failed');
    };
    mine.onend = () => {
      if (running !== mine) return;
      running = undefined;
      show(trouble, true);
      field.focus();
    };
    try {
      mine.start();
      show(say('voice_listening'));
    } catch {
      running = undefined;
      show(say('voice_failed'), true);
    }
  };
  // What was heard stays; what is still to come does not.
  const end = () => {
    const was = running;
    running = undefined;
    was?.abort();
    show();
  };
  // Whoever writes or sends has done with speaking.
  // What is heard comes into the field without a key.
  field.addEventListener('input', ({ isTrusted }) => isTrusted && (running || !told.hidden) && end());
  form.addEventListener('click', ({ target }) => running && target.closest('[type=submit]') && end(), true);
  panel().addEventListener(
    'keydown',
    (event) => {
      if (!running || event.key !== 'Escape' || event.isComposing) return;
      event.stopPropagation();
      end();
    },
    true,
  );
  return end;
};

// Gives what ends it.
const reading = (own, log) => {
  const { say, make, glyph } = kitOf(own);
  const speech = window.speechSynthesis;
  // The message that is read.
  let row;
  const label = (button) => {
    const on = button.closest('.row') === row;
    button.setAttribute('aria-pressed', on);
    for (const attribute of ['aria-label', 'title']) button.setAttribute(attribute, on ? say('voice_quiet') : say('voice_read'));
    button.replaceChildren(glyph(on ? QUIET : SPEAKER));
  };
  const all = () => log.querySelectorAll('.speak').forEach(label);
  own.relabel.add(all);
  const end = () => {
    if (!row) return;
    row = undefined;
    speech.cancel();
    all();
  };
  const read = (mine) => {
    const again = mine === row;
    end();
    if (again) return;
    row = mine;
    const text = heard(mine.querySelector('.md'));
    const lang = languageOf(text, own.language()[0]);
    // Browsers give up in the middle of a long text: a sentence at a time.
    const sentences = text.match(/[^.!?。！？।\n]+[.!?。！？।]*/g)?.filter((sentence) => sentence.trim()) ?? [];
    sentences.forEach((sentence, index) => {
      const part = new SpeechSynthesisUtterance(sentence.trim());
      part.lang = lang;
      part.onerror = () => row === mine && end();
      if (index === sentences.length - 1) part.onend = () => row === mine && end();
      speech.speak(part);
    });
    if (!sentences.length) row = undefined;
    all();
  };
  const offer = (tools) => {
    if (tools.querySelector('.speak') || !tools.closest('.ai')) return;
    const button = make('button', { class: 'ib speak', type: 'button', onclick: () => read(button.closest('.row')) });
    tools.querySelector('time').before(button);
    label(button);
  };
  // What stands below a message is drawn anew when it changes. While an answer grows, nothing here looks at it.
  new MutationObserver((changes) => {
    if (row && !row.isConnected) end();
    for (const { target, addedNodes } of changes)
      if (target.className === 'foot') for (const node of addedNodes) if (node.className === 'tools') offer(node);
  }).observe(log, { childList: true, subtree: true });
  log.querySelectorAll('.tools').forEach(offer);
  return end;
};
