// A few words beside the bubble, at the owner's wish: `Invitation` in `shared/src/page.rs` says when. The loader of a chatbot
// with invitations ends with a line that fetches this; no other page hears of it.

import { choose } from '../part/locale.js';

const STYLE =
  '[part=invitation]{--edge:calc(var(--natter-offset-x,20px) + 68px);position:fixed;display:flex;align-items:flex-start;box-sizing:border-box;width:max-content;max-width:min(280px,100vw - var(--edge) - 12px);border:1px solid #0002;border-radius:16px;background:#fff;color:#1b1b1f;font:15px/1.4 var(--natter-font,system-ui,sans-serif);box-shadow:0 4px 20px #0003}' +
  ':where([part=invitation]) button{all:unset;box-sizing:border-box;cursor:pointer}' +
  '[part=invitation] button:focus-visible{outline:3px solid;outline-offset:-3px;border-radius:14px}' +
  '[part=invitation-text]{min-height:44px;padding:11px 0 11px 16px;overflow-wrap:anywhere;text-align:start}' +
  '[part=invitation-close]{flex:none;display:grid;place-items:center;width:44px;height:44px;font-size:20px;line-height:1;opacity:.7}' +
  '[part=invitation-close]:hover{opacity:1}' +
  '[part=invitation][data-theme=dark]{background:#26262b;color:#f4f4f5;border-color:#fff3}' +
  '@media(prefers-color-scheme:dark){[part=invitation][data-theme=auto]{background:#26262b;color:#f4f4f5;border-color:#fff3}}' +
  // Not above what a phone shows: in one band with the bubble.
  '@media(max-width:639px){[part=invitation]{font-size:14px}}' +
  '@media(prefers-reduced-motion:no-preference){[part=invitation]{animation:invitation .3s}}' +
  '@keyframes invitation{from{opacity:0;translate:0 8px}}';

const say = (at, english, words) => words[at] || english;

// The words for a visitor, and their language.
const wordsFor = ({ text, texts = {} }, boot, wish) => {
  const tags = wish ? [wish] : boot.fixed ? [boot.locale] : navigator.languages;
  for (const tag of tags) {
    let names = [];
    try {
      const { language, script, region } = new Intl.Locale(tag).maximize();
      names = [tag, `${language}-${region}`, `${language}-${script}`, language];
      for (const name of names) {
        const found = Object.keys(texts).find((other) => other.toLowerCase() === name.toLowerCase());
        if (found) return [texts[found], found];
      }
      if (language === new Intl.Locale(boot.locale).language) break;
    } catch {
      // No language tag at all.
    }
  }
  return [text, boot.locale];
};

// Whether a path is one of a rule's, where `*` stands for any characters.
const within = (path, pages = []) =>
  !pages.length ||
  pages.some((page) => new RegExp(`^${page.split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(path));

// A short name for an invitation: it is another one when its words are.
const named = ({ text }) => [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.codePointAt(0)) >>> 0, 7).toString(36);

export default async (script, boot) => {
  if (document.readyState === 'loading') await new Promise((done) => document.addEventListener('DOMContentLoaded', done));
  const bot = window.natter?.bots?.[boot.slug];
  if (!bot) return;
  // Which element is this chatbot's, only its own listener tells.
  let host;
  const found = (event) => (host = event.target);
  bot.on('here', found);
  for (const element of document.querySelectorAll('natter-chat')) element.dispatchEvent(new CustomEvent('natter:here'));
  bot.off('here', found);
  const root = host?.shadowRoot;
  const bubble = root?.querySelector('[part=bubble]');
  if (!bubble) return;

  const data = script.dataset;
  const api = data.natterApi || new URL(script.src).origin;
  const kept = `natter:${api}:${boot.chatbotId}`;
  // What was shown when, and what the visitor closed. Where nothing can be kept nobody is invited: it would be again on
  // every page.
  const memory = (name, change) => {
    const storage = window[name];
    const all = JSON.parse(storage.getItem(`${kept}:invited`) || '{}');
    if (change) storage.setItem(`${kept}:invited`, JSON.stringify({ ...all, ...change }));
    return all;
  };
  const fresh = (invitation) => {
    const name = named(invitation);
    const [here, tab] = [memory('localStorage'), memory('sessionStorage')];
    if (tab.closed || here[name] === 'closed') return false;
    if (invitation.once === 'ever') return !here[name];
    if (invitation.once === 'day') return !(Date.now() - here[name] < 864e5);
    return !tab[name];
  };
  const shown = (invitation) => {
    const change = { [named(invitation)]: Date.now() };
    memory(invitation.once === 'day' || invitation.once === 'ever' ? 'localStorage' : 'sessionStorage', change);
  };

  let path = location.pathname;
  // For the first page the browser's own count.
  let since = 0;
  let deepest = 0;
  const ready = new Map();
  let teaser;
  // Puts what is shown into the language that the page wishes for, when that is another one now.
  let reword;
  // What it wished for while there was no app waits in the loader.
  const wish = () => {
    const last = bot.waiting?.findLast(([method]) => method === 'setLocale');
    return last ? last[1] : data.natterLocale;
  };
  // A page of its own within the page begins anew.
  const turn = () => {
    if (path === location.pathname) return;
    path = location.pathname;
    since = performance.now();
    deepest = 0;
    ready.clear();
    teaser?.remove();
    teaser = undefined;
  };
  const scrolled = () => {
    const all = document.documentElement.scrollHeight - innerHeight;
    deepest = Math.max(deepest, all > 0 ? (scrollY / all) * 100 : 100);
  };
  const holds = ({ pages, after = 0, scroll = 0, returning }) =>
    within(path, pages) &&
    performance.now() - since >= after * 1000 &&
    deepest >= scroll - 0.5 &&
    (returning === undefined || returning === Boolean(localStorage.getItem(kept)));

  const leave = () => {
    clearInterval(clock);
    removeEventListener('scroll', look);
    bot.off('open', leave);
    teaser?.remove();
    teaser = undefined;
  };
  const look = () => {
    try {
      turn();
      reword?.();
      scrolled();
      if (window.natter?.bots?.[boot.slug] !== bot) return leave();
      if (!host.isConnected || teaser || document.hidden) return;
      if (bubble.ariaExpanded === 'true' || !bubble.checkVisibility()) return;
      const now = performance.now();
      for (const invitation of boot.invite) {
        if (!holds(invitation)) {
          ready.delete(invitation);
          continue;
        }
        if (!ready.has(invitation)) ready.set(invitation, now);
        if (now - ready.get(invitation) < (invitation.delay ?? 0) * 1000 || !fresh(invitation)) continue;
        shown(invitation);
        show(invitation);
        return;
      }
    } catch {
      // Nothing can be kept.
      leave();
    }
  };

  const show = async (invitation) => {
    const mine = (teaser = document.createElement('div'));
    const make = (name, values) => Object.assign(document.createElement(name), values);
    const part = (element, name) => (element.setAttribute('part', name), element);
    part(mine, 'invitation').setAttribute('role', 'complementary');
    mine.ariaLabel = boot.label;
    mine.dataset.theme = data.natterTheme || ['light', 'dark', 'auto'][boot.mode];
    const open = part(make('button', { type: 'button', dir: 'auto' }), 'invitation-text');
    // Read once the reader is through with what it says: never in the middle of it.
    const said = make('span', { role: 'status' });
    open.append(said);
    open.onclick = () => {
      leave();
      bot.open();
    };
    const close = part(make('button', { type: 'button', textContent: '×' }), 'invitation-close');
    const dismiss = () => {
      const inside = mine.contains(root.activeElement);
      leave();
      memory('localStorage', { [named(invitation)]: 'closed' });
      memory('sessionStorage', { closed: 1 });
      if (inside) bubble.focus();
    };
    close.onclick = dismiss;
    mine.onkeydown = (event) => {
      if (event.key === 'Escape') dismiss();
    };
    let spoken;
    // Says it in the language of the moment, and shows it when that is there.
    const speak = async () => {
      const wanted = wish();
      const mark = (spoken = [wanted]);
      const [text, language] = wordsFor(invitation, boot, wanted);
      const [, known] = choose(wanted, boot);
      const more = known === 'en' ? '' : await fetch(`${api}/assets/${known}-${EDITION}.more.txt`).then((answer) => (answer.ok ? answer.text() : ''), () => '');
      if (teaser !== mine || spoken !== mark) return;
      close.ariaLabel = say('dismiss', more.split('\n'));
      open.lang = language;
      if (!mine.isConnected) {
        const [y, x] = (data.natterPosition || boot.position).split('-');
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`${STYLE}[part=invitation]{${x}:var(--edge);${y}:var(--natter-offset-y,20px)}`);
        root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
        mine.append(open, close);
        bubble.after(mine);
      }
      // A region that is filled after it came is one that is read.
      requestAnimationFrame(() => spoken === mark && (said.textContent = text));
    };
    reword = () => teaser === mine && spoken[0] !== wish() && speak();
    await speak();
  };

  const clock = setInterval(look, 1000);
  addEventListener('scroll', look, { passive: true });
  // Whoever is in the chat needs no invitation any more.
  bot.on('open', leave);
  look();
};
