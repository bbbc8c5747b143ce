// What can be done with what stands in an answer: copying it, loading its pictures, looking at what a citation leads to.
// Fetched by `part/parts.js` when a visitor turns to one of these.

import { kitOf } from '../part/kit.js';

const DONE = 'M5 13l4 4L19 7';
const FAILED = 'M6 6l12 12M18 6L6 18';

// `at` is the button or the citation, `how` the event by which the visitor turned to it.
export default (own, at, how) => {
  if (at.dataset.peek !== undefined) return peek(own, at);
  if (how !== 'click') return;
  if (at.dataset.act === 'image') return load(own, at);
  return copy(own, at);
};

// --- Copying ---

const BLOCKS = 'p,h3,h4,ul,ol,hr,blockquote,.code,.table';

// A text within a line, with the addresses that its links lead to.
const inline = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  const inner = () => [...node.childNodes].map(inline).join('');
  if (node.matches('br')) return '\n';
  if (node.matches('.cite')) return node.closest('.nosources') ? '' : `[${node.textContent}]`;
  if (node.matches('.img')) return `${node.textContent} (${node.dataset.src})`;
  if (node.matches('img')) return node.alt;
  if (!node.matches('a')) return inner();
  const [words, address] = [inner(), node.getAttribute('href')];
  return address.replace(/^(https?:\/\/|\w+:)/, '') === words.replace(/^https?:\/\//, '') ? words : `${words} (${address})`;
};

// Blocks as plain text, with what stands between two of them.
const plain = (node, between = '\n\n') => {
  const texts = [];
  let line = false;
  for (const child of node.childNodes) {
    const apart = child.matches?.(BLOCKS);
    if (apart || !line) texts.push('');
    line = !apart;
    texts.push(texts.pop() + (apart ? block(child) : inline(child)));
  }
  return texts.filter((text) => text.trim()).join(between);
};

const block = (node) => {
  const name = node.className || node.localName;
  const all = (what) => [...node.querySelectorAll(what)];
  if (name === 'hr') return '---';
  if (name === 'code') return node.querySelector('pre').textContent.trimEnd();
  if (name === 'blockquote') return plain(node).replace(/^/gm, '> ');
  if (name === 'table') return all('tr').map((row) => [...row.children].map((cell) => plain(cell)).join('\t')).join('\n');
  if (!/^[uo]l$/.test(name)) return plain(node);
  const item = (entry, index) => {
    const mark = name === 'ul' ? '- ' : `${node.start + index}. `;
    return mark + plain(entry, '\n').replaceAll('\n', `\n${' '.repeat(mark.length)}`);
  };
  return [...node.children].map(item).join('\n');
};

// Puts a text on the clipboard, in the older way where the page's policy or a connection without encryption forbids the
// newer one. Gives whether it is there.
const put = async (own, text) => {
  try {
    // A browser that has to refuse by the page's policy writes an error to the console.
    if (document.featurePolicy?.allowsFeature('clipboard-write') !== false) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // It is not there, or the page is not in front.
  }
  const { make, panel } = kitOf(own);
  const before = own.root.activeElement;
  const focusVisible = !!before?.matches(':focus-visible');
  const field = make('textarea', { class: 'sr', readonly: true });
  field.value = text;
  // Ahead of pages that put something of their own on the clipboard.
  const give = (event) => {
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener('copy', give, true);
  panel().append(field);
  field.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    removeEventListener('copy', give, true);
    field.remove();
    before?.focus({ preventScroll: true, focusVisible });
  }
};

const copy = async (own, button) => {
  const { say, make, adopt, glyph, forget } = kitOf(own);
  adopt('answer', 'css:answer.css');
  const code = button.closest('.code');
  const done = await put(own, code ? code.querySelector('pre').textContent : plain(button.closest('.row').querySelector('.md')));
  own.app().tell('announce', done ? say('copied') : say('copy_failed'));
  button.own ??= button.firstChild;
  button.note?.();
  const note = !done && make('p', { class: 'note bad', part: 'error' }, () => say('copy_failed'));
  if (note) (code ?? button.closest('.foot')).append(note);
  button.replaceChildren(glyph(done ? DONE : FAILED));
  button.classList.toggle('done', done);
  const timer = setTimeout(() => button.note(), 4000);
  button.note = () => {
    clearTimeout(timer);
    button.note = undefined;
    button.classList.remove('done');
    button.replaceChildren(button.own);
    if (note) note.remove();
    forget();
  };
};

// --- Pictures ---

// Puts a picture in its button's place, as a link to itself, which has the focus if the button had it.
const load = (own, button) => {
  const { say, make, adopt, forget } = kitOf(own);
  adopt('answer', 'css:answer.css');
  const { src } = button.dataset;
  const words = button.textContent;
  // Without a description it is called by the end of its address.
  const alt = button.ariaLabel === `${words}: ` ? src.split(/[?#]/)[0].split('/').pop() || src : words;
  const image = make('img', { alt, referrerpolicy: 'no-referrer' });
  const link = make('a', { class: 'picture', part: 'image', href: src, target: '_blank', rel: 'noopener nofollow' }, image);
  const swap = (from, to) => {
    const focusVisible = from.matches(':focus-visible');
    const focus = from.matches(':focus');
    from.replaceWith(to);
    if (focus) to.focus({ preventScroll: true, focusVisible });
  };
  button.note?.();
  image.onerror = () => {
    swap(link, button);
    const note = make('span', { class: 'note bad', part: 'error' }, () => say('image_failed'));
    button.note = () => {
      button.note = undefined;
      note.remove();
      forget();
    };
    button.after(note);
    own.app().tell('announce', say('image_failed'));
  };
  swap(button, link);
  image.src = src;
};

// --- What a citation leads to ---

// Shows title and words of a source beside its number, for as long as the number or they are pointed at, or the number has
// the focus; not after Escape.
const peek = (own, chip) => {
  // It may have been left while this was on its way.
  if (own.peeked === chip || chip.closest('.nosources') || !chip.matches(':hover,:focus')) return;
  own.unpeek?.();
  const { make, adopt, panel } = kitOf(own);
  adopt('answer', 'css:answer.css');
  const [title, ...words] = chip.dataset.peek.split('\n');
  const tip = make(
    'div',
    { class: 'peek', part: 'preview', role: 'tooltip', id: 'natter-peek', dir: 'auto' },
    make('strong', {}, title),
    make('p', {}, words.join('\n')),
  );
  const over = new AbortController();
  const how = { capture: true, passive: true, signal: over.signal };
  let timer;
  const end = () => {
    clearTimeout(timer);
    over.abort();
    own.leave.delete(end);
    tip.remove();
    chip.removeAttribute('aria-describedby');
    own.peeked = own.unpeek = undefined;
  };
  const place = () => {
    const [box, frame, log, text] = [chip, panel(), chip.closest('.scroll'), chip.closest('.md')].map((node) => node?.getBoundingClientRect());
    if (!log || box.bottom < log.top || box.top > log.bottom) return end();
    // A page may have made all of it larger or smaller.
    const scale = frame.width / panel().offsetWidth || 1;
    const set = (name, pixels) => tip.style.setProperty(name, `${pixels / scale}px`);
    const [above, below] = [box.top - log.top, frame.bottom - box.bottom];
    const under = below > 180 * scale || below > above;
    set('left', text.left - frame.left - panel().clientLeft);
    set('width', text.width);
    set(under ? 'top' : 'bottom', 4 + (under ? box.bottom - frame.top : frame.bottom - box.top));
    tip.style.removeProperty(under ? 'bottom' : 'top');
    set('max-height', (under ? below : above) - 12);
  };
  const pointed = () => chip.matches(':hover') || tip.matches(':hover');
  // The way from the number to its words takes a moment.
  const look = () => {
    clearTimeout(timer);
    timer = setTimeout(() => chip.matches(':focus-visible') || pointed() || end(), 300);
  };
  own.peeked = chip;
  own.unpeek = end;
  own.leave.add(end);
  panel().append(tip);
  chip.setAttribute('aria-describedby', 'natter-peek');
  place();
  // The page does not hear of a pointer that goes about within the panel.
  for (const place of [document, own.root]) place.addEventListener('pointerover', look, how);
  own.root.addEventListener('focusout', () => pointed() || end(), how);
  own.root.addEventListener('scroll', place, how);
  addEventListener('resize', place, how);
  own.root.host.addEventListener('natter:close', end, how);
  // Also while the focus is in the page: nothing else has to be moved.
  addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      end();
    },
    { capture: true, signal: over.signal },
  );
};
