// What is stored of the conversation and until when, the receipt of the consent, and their end. Opened from the menu.

import { memory } from '../part/memory.js';
import { formatsOf } from '../part/formats.js';
import { kitOf } from '../part/kit.js';
import { notesOf } from '../part/notes.js';

// What the page is told.
const WITHDRAWN = ['consent', 'withdrawn'];
const DELETED = ['reset', ''];

// Opens the panel.
const show = async (own) => {
  const kit = kitOf(own);
  const { say, make, adopt, dialog, look, request, failed, reason, save, panel } = kit;
  adopt('data', 'css:data.css');
  const notes = notesOf(own);
  const now = look();
  const { session } = now;
  const answer = await request('GET', '*/privacy');
  if (panel().hidden || look().session !== session) return;
  if (!answer.ok) {
    own.dismiss?.();
    return failed(answer);
  }
  const { stored, retention_days: days, kept_until: until, consent } = await answer.json();
  const written = (at, how) => new Intl.DateTimeFormat(own.language()[0], { dateStyle: 'long', ...how }).format(new Date(at));
  const date = (at) => written(at, { timeStyle: 'short' });

  // Asks before something that cannot be undone, and does it.
  const ask = (title, text, ...choices) => {
    const error = make('p', { class: 'note bad', hidden: true });
    const buttons = choices.map(([kind, words, act, events, status]) =>
      make(
        'button',
        {
          class: `btn ${kind}`,
          part: 'button',
          type: 'button',
          'data-act': kind === 'danger' ? 'delete' : 'withdraw-only',
          onclick: async () => {
            buttons.forEach((button) => (button.disabled = true));
            const response = await act();
            // Another tab was faster.
            if (look().session !== session) return;
            if (response.ok || [404, 410].includes(response.status)) {
              if (status) notes.note(now, status);
              else notes.drop(session);
              own.app().tell('cleared', '');
              events.forEach((event) => own.emit(...event));
              return own.app().tell('announce', status ? say('privacy_withdrawn') : say('privacy_deleted'));
            }
            buttons.forEach((button) => (button.disabled = false));
            error.textContent = reason(response);
            error.hidden = false;
            own.app().tell('announce', error.textContent);
          },
        },
        words,
      ),
    );
    dialog(
      'natter-sure',
      make(
        'div',
        { class: 'modal', part: 'dialog' },
        make('h2', { id: 'natter-sure' }, title),
        make('p', { id: 'natter-sure-text' }, text),
        error,
        make('div', { class: 'acts' }, buttons, make('button', { class: 'btn cancel', part: 'button', type: 'button', 'data-focus': true, onclick: () => show(own) }, () => say('cancel'))),
      ),
      { role: 'alertdialog', 'aria-describedby': 'natter-sure-text' },
    );
  };
  const remove = () => ask(() => say('privacy_delete'), () => say('privacy_sure'), ['danger', () => say('privacy_delete'), () => request('DELETE', '*'), [DELETED]]);
  const withdraw = () =>
    ask(
      () => say('privacy_withdraw'),
      () => say('privacy_withdraw_sure'),
      ['', () => say('privacy_withdraw'), () => request('POST', '*/consent/withdraw', {}), [WITHDRAWN], 'withdrawn'],
      ['danger', () => say('privacy_withdraw_delete'), () => request('POST', '*/consent/withdraw', { delete: true }), [WITHDRAWN, DELETED]],
    );
  const fetchFile = async (path, name) => {
    const response = await request('GET', path);
    if (response.ok) return save(name, await response.text());
    close();
    failed(response);
  };

  const facts = [
    () => say('privacy_messages', `${stored.messages.toLocaleString(own.language()[0])}`),
    stored.ratings && (() => say('privacy_ratings', `${stored.ratings.toLocaleString(own.language()[0])}`)),
    stored.attachments && (() => say('privacy_files', `${stored.attachments.toLocaleString(own.language()[0])}`)),
    stored.contact && (() => say('privacy_contact')),
    stored.identity && (() => say('privacy_user', stored.identity.name || stored.identity.user_id || stored.identity.email)),
    stored.ip_address && (() => say('privacy_address')),
    stored.origin && (() => say('privacy_origin', stored.origin)),
    stored.locale && (() => say('privacy_language', new Intl.DisplayNames(own.language()[0], { type: 'language' }).of(stored.locale))),
    () => say('privacy_since', date(stored.created_at)),
    () => (days && until ? say('privacy_until', written(until)) : say('privacy_forever')),
  ].filter(Boolean);
  const button = (act, words, onclick, kind = '') => make('button', { class: `btn ${kind}`, part: 'button', type: 'button', 'data-act': act, onclick }, words);
  const close = dialog(
    'natter-privacy',
    make(
      'div',
      { class: 'modal data', part: 'dialog' },
      make('h2', { id: 'natter-privacy', tabindex: -1, 'data-focus': true }, () => say('privacy_title')),
      make('h3', {}, () => say('privacy_server')),
      make('ul', {}, facts.map((fact) => make('li', {}, fact))),
      formatsOf(kit, fetchFile),
      consent && make('h3', {}, () => say('privacy_consent')),
      consent && make(
        'ul',
        {},
        make('li', {}, () => say('privacy_accepted', date(consent.accepted_at))),
        consent.hash && make('li', {}, () => say('privacy_hash'), ' ', make('code', { dir: 'ltr' }, consent.hash)),
        consent.withdrawn_at && make('li', {}, () => say('privacy_withdrawn'), ' ', () => date(consent.withdrawn_at)),
      ),
      consent?.text && make('details', {}, make('summary', {}, () => say('privacy_terms')), make('div', { class: 'terms', part: 'terms', dir: 'auto' }, consent.text)),
      consent && make(
        'div',
        { class: 'acts' },
        button('receipt', () => say('privacy_receipt'), () => fetchFile('*/consent-receipt', 'consent.json'), 'small'),
        !consent.withdrawn_at && button('withdraw', () => say('privacy_withdraw'), withdraw, 'small'),
      ),
      make('h3', {}, () => say('privacy_browser')),
      make('p', {}, () => say('privacy_here')),
      make('div', { class: 'acts' }, button('remove', () => say('privacy_delete'), remove, 'danger'), button('done', () => say('done'), () => close(), 'cancel')),
    ),
  );
};

export default show;
