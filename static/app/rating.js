// How a conversation was, asked when the visitor has ended it and the owner wants to know. Fetched by `part/parts.js` then.

import { kitOf } from '../part/kit.js';

// Asks above the button that begins a new conversation.
export default (own) => {
  const { say, make, adopt, request, reason, forget } = kitOf(own);
  const ended = own.root.querySelector('.ended');
  if (!ended || ended.querySelector('.csat')) return;
  adopt('rating', 'css:rating.css');
  // Sent one after the other: of two ratings the later one is to hold.
  let last = Promise.resolve();
  const store = (comment) => (last = last.then(() => request('POST', '*/rating', { rating: chosen(), comment })));
  const chosen = () => Number(form.querySelector(':checked')?.value);
  // Stars with names: to a screen reader they are a choice of five words.
  const star = (value, label) => {
    const input = make('input', { type: 'radio', name: 'csat', value, 'aria-label': label, onchange: () => rated() });
    const shape = make('span', { class: 'star', 'aria-hidden': 'true' });
    const words = make('span', { class: 'word', 'aria-hidden': 'true' }, label);
    return make('label', { title: label, part: 'star' }, input, shape, words);
  };
  const error = make('p', { class: 'note bad', part: 'error', role: 'alert', hidden: true });
  const judge = (response) => {
    error.textContent = response.ok ? '' : reason(response);
    error.hidden = response.ok;
    return response.ok;
  };
  const rated = async () => {
    more.hidden = false;
    judge(await store());
  };
  const submit = async () => {
    // Not disabled while it is sent: that would take the focus from it.
    if (send.ariaDisabled) return;
    send.ariaDisabled = true;
    const good = judge(await store(field.value.trim() || undefined));
    send.ariaDisabled = null;
    if (!good) return;
    const thanks = make('p', { class: 'thanks', tabindex: '-1' }, () => say('csat_thanks'));
    const inside = form.contains(own.root.activeElement);
    form.replaceWith(thanks);
    if (inside) thanks.focus();
    else own.app().tell('announce', say('csat_thanks'));
  };
  const field = make('textarea', {
    class: 'field',
    rows: 2,
    maxlength: 2000,
    dir: 'auto',
    placeholder: () => say('csat_comment'),
    'aria-label': () => say('csat_comment'),
  });
  const send = make('button', { class: 'btn small', part: 'button', onclick: () => submit() }, () => say('comment_send'));
  const more = make('div', { class: 'more', hidden: true }, field, send);
  const form = make(
    'form',
    {},
    make(
      'fieldset',
      {},
      make('legend', {}, () => say('csat_title')),
      make(
        'div',
        { class: 'stars' },
        star(1, () => say('csat_one')),
        star(2, () => say('csat_two')),
        star(3, () => say('csat_three')),
        star(4, () => say('csat_four')),
        star(5, () => say('csat_five')),
      ),
    ),
    error,
    more,
  );
  const card = make('div', { class: 'csat', part: 'rating' }, form);
  ended.prepend(card);
  own.app().tell('announce', say('csat_title'));
  // It belongs to the conversation that has ended, not to the next one.
  const watcher = new MutationObserver(() => {
    if (!ended.hidden) return;
    watcher.disconnect();
    card.remove();
    forget();
  });
  watcher.observe(ended, { attributes: true, attributeFilter: ['hidden'] });
};
