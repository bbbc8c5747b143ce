// The visitor's own conversations: those of this device, and all of a user whom the page has proven. Opened from the menu.

import { memory } from '../part/memory.js';
import { kitOf } from '../part/kit.js';
import { notesOf } from '../part/notes.js';

// Opens the list.
const list = async (own) => {
  const { say, make, adopt, dialog, look, wait, request, reason, failed, panel } = kitOf(own);
  adopt('data', 'css:data.css');
  const notes = notesOf(own);
  const { session, chatbot } = look();
  const identity = own.identity?.();
  const widgets = `/v1/public/widgets/${chatbot}/sessions`;
  // Only who is proven has a list on the server.
  const theirs = async () => {
    if (!identity || !/"(token|user_hash)":/.test(identity)) return [];
    const response = await request('POST', `${widgets}/lookup`, JSON.parse(identity));
    return response.ok ? (await response.json()).sessions : [];
  };
  const known = await theirs();
  // The consent may have been withdrawn on another device.
  const withdrawn = (id) => known.some((other) => other.session_id === id && other.consent_withdrawn);
  const current = (entry) => (withdrawn(entry.session_id) ? { ...entry, status: 'withdrawn' } : entry);
  const mine = notes.all();
  const others = known.filter(({ session_id: id, title }) => title && !mine.some((note) => note.session_id === id));
  if (panel().hidden) return;
  const entries = [...mine, ...others.map((other) => ({ ...other, at: other.updated_at }))].map(current);
  entries.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));

  // What opens a conversation. One that only the server knows is opened by the proof.
  const handle = async (entry) => {
    if (entry.secret) return entry;
    const response = await request('POST', `${widgets}/${entry.session_id}/resume`, JSON.parse(identity));
    if (!response.ok) throw response;
    const { natter } = await response.json();
    return { session_id: entry.session_id, secret: natter.resume_secret, chatbot_id: chatbot };
  };
  const open = async (entry) => {
    if (entry.session_id === session) return close(true);
    try {
      const text = JSON.stringify(await handle(entry));
      const before = look().token;
      close(true);
      own.app().tell('opened', text);
      await wait(() => look().token !== before);
      if (look().session) return;
      // It was deleted meanwhile, or its time is over.
      notes.drop(entry.session_id);
      own.app().tell('failed', '410');
    } catch (response) {
      close();
      failed(response);
    }
  };
  const remove = (entry) => {
    const error = make('p', { class: 'note bad', hidden: true });
    const yes = make('button', { class: 'btn danger', part: 'button', type: 'button', 'data-act': 'delete' }, () => say('privacy_delete'));
    yes.addEventListener('click', async () => {
      yes.disabled = true;
      try {
        const { session_id: id, secret } = await handle(entry);
        const response = await fetch(`${own.api}/v1/public/sessions/${id}.${secret}`, { method: 'DELETE', credentials: 'omit' }).catch(
          () => new Response(null, { status: 503, statusText: 'network' }),
        );
        // What is gone, or cannot be reached with what we have, need not stand in the list.
        if (!response.ok && ![401, 403, 404, 410].includes(response.status)) throw response;
        notes.drop(id);
        own.app().tell('announce', say('privacy_deleted'));
        if (id !== look().session) return list(own);
        own.app().tell('cleared', '');
        own.emit('reset', '');
      } catch (response) {
        yes.disabled = false;
        error.textContent = reason(response);
        error.hidden = false;
        own.app().tell('announce', error.textContent);
      }
    });
    const no = make('button', { class: 'btn cancel', part: 'button', type: 'button', 'data-focus': true, onclick: () => list(own) }, () => say('cancel'));
    dialog(
      'natter-remove',
      make(
        'div',
        { class: 'modal', part: 'dialog' },
        make('h2', { id: 'natter-remove' }, () => say('history_delete', entry.title)),
        make('p', { id: 'natter-remove-text' }, () => say('privacy_sure')),
        error,
        make('div', { class: 'acts' }, yes, no),
      ),
      { role: 'alertdialog', 'aria-describedby': 'natter-remove-text' },
    );
  };

  const when = (at) => new Intl.DateTimeFormat(own.language()[0], { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));
  const state = ({ session_id: id, status }) => {
    if (status === 'withdrawn') return say('privacy_withdrawn');
    if (status === 'finished') return say('history_ended');
    return id === session ? say('history_current') : '';
  };
  const row = (entry) =>
    make(
      'li',
      {},
      make(
        'button',
        {
          class: 'entry',
          part: 'conversation',
          type: 'button',
          'aria-current': entry.session_id === session && 'true',
          // Without consent nothing more can be read or asked; it can be deleted.
          disabled: entry.status === 'withdrawn',
          onclick: () => open(entry),
        },
        make('strong', { dir: 'auto' }, entry.title),
        make('span', {}, () => [when(entry.at), state(entry)].filter(Boolean).join(' · ')),
      ),
      make('button', { class: 'btn small', part: 'button', type: 'button', 'data-act': 'forget', 'aria-label': () => say('history_delete', entry.title), onclick: () => remove(entry) }, () => say('history_remove')),
    );
  const fresh = () => {
    close(true);
    own.app().tell('anew', '');
  };
  const close = dialog(
    'natter-history',
    make(
      'div',
      { class: 'modal data', part: 'dialog' },
      make('h2', { id: 'natter-history', tabindex: -1, 'data-focus': true }, () => say('history_title')),
      make('p', {}, () => (entries.length ? say('history_kept') : say('history_none'))),
      entries.length > 0 && make('ul', { class: 'entries' }, entries.map(row)),
      make(
        'div',
        { class: 'acts' },
        session && make('button', { class: 'btn primary', part: 'button', type: 'button', 'data-act': 'fresh', onclick: fresh }, () => say('ended_new')),
        make('button', { class: 'btn cancel', part: 'button', type: 'button', 'data-act': 'done', onclick: () => close() }, () => say('done')),
      ),
    ),
  );
};

export default list;
