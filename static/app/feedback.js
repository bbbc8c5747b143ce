// What was wrong with an answer: asked below it after a thumb went down. Fetched by `part/parts.js` with the first one.

import { kitOf } from '../part/kit.js';

// Asks below the answer that the app names.
export default (own) => {
  const { say, make, adopt, look, request, reason, forget } = kitOf(own);
  const { line, message } = look();
  const row = own.root.querySelector(`.row[data-key="${line}"]`);
  if (!row || row.querySelector('.comment')) return;
  adopt('feedback', 'css:feedback.css');
  let chosen;
  const store = (comment) =>
    request('POST', '*/feedback', { message_id: message, rating: 'down', reason: chosen, comment });
  const chip = (word, label) => {
    const button = make(
      'button',
      { class: 'chip', part: 'reason', type: 'button', 'aria-pressed': 'false', onclick: () => choose(word, button) },
      label,
    );
    return button;
  };
  // Known at once, whether or not a comment follows. Pressing it again takes it back.
  const choose = (word, button) => {
    chosen = chosen === word ? undefined : word;
    for (const one of chips.children) one.setAttribute('aria-pressed', chosen !== undefined && one === button);
    store();
  };
  const chips = make(
    'div',
    { class: 'reasons', role: 'group', 'aria-label': () => say('reason_title') },
    chip('wrong', () => say('reason_wrong')),
    chip('incomplete', () => say('reason_incomplete')),
    chip('unclear', () => say('reason_unclear')),
    chip('off_topic', () => say('reason_off_topic')),
    chip('unsafe', () => say('reason_unsafe')),
    chip('other', () => say('reason_other')),
  );
  const field = make('textarea', {
    class: 'field',
    rows: 2,
    maxlength: 2000,
    dir: 'auto',
    placeholder: () => say('comment_label'),
    'aria-label': () => say('comment_label'),
  });
  const error = make('p', { class: 'note bad', part: 'error', role: 'alert', hidden: true });
  const send = make('button', { class: 'btn small', part: 'button', onclick: () => submit() }, () => say('comment_send'));
  const form = make('form', { class: 'comment', part: 'feedback' }, chips, field, error, send);
  const over = (thanked) => {
    watcher.disconnect();
    // Who was writing here reads on in the log.
    if (form.contains(own.root.activeElement)) own.root.querySelector('.scroll')?.focus();
    form.remove();
    // Thanks follow the language for as long as they are there.
    if (!thanked) forget();
  };
  const submit = async () => {
    // Not disabled while it is sent: that would take the focus from it.
    if (send.ariaDisabled) return;
    const comment = field.value.trim();
    if (comment || chosen) {
      send.ariaDisabled = true;
      const response = await store(comment || undefined);
      send.ariaDisabled = null;
      if (!response.ok) {
        error.textContent = reason(response);
        error.hidden = false;
        return;
      }
      own.app().tell('announce', say('comment_thanks'));
      form.after(make('p', { class: 'note' }, () => say('comment_thanks')));
      return over(true);
    }
    over();
  };
  // The box goes when the thumb goes up or something else is asked, unless something was written into it; and with an
  // answer that another one takes the place of.
  const watcher = new MutationObserver(() => {
    const down = row.querySelector('[data-act=down]')?.ariaPressed === 'true';
    const gone = !row.isConnected || !row.querySelector('[data-act=down]');
    if (gone || ((!down || row.nextElementSibling) && !field.value)) over();
  });
  watcher.observe(row, { attributes: true, attributeFilter: ['class'] });
  watcher.observe(row.parentNode, { childList: true });
  row.insertBefore(form, row.lastElementChild);
};
