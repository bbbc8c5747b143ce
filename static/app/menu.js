// What can be done with the conversation: the menu, and the question before a reset. Fetched by `part/parts.js` when the
// visitor turns to its button.

import { memory } from '../part/memory.js';
import { formatsOf } from '../part/formats.js';
import { kitOf } from '../part/kit.js';
import { notesOf } from '../part/notes.js';
import { soundOf } from '../part/sound.js';

// Opens the menu.
export default (own) => {
  const kit = kitOf(own);
  const { say, ownsay, make, adopt, cover, dialog, config, look, request, failed, save, panel } = kit;
  adopt('menu', 'css:menu.css');
  // The owner's words, in the visitor's language: it may be another one in a moment.
  const widget = () => config().widget;
  const notes = notesOf(own);
  const now = look();
  const { session, finished } = now;
  // The panel was closed while this was on its way.
  if (panel().hidden) return;
  notes.note(now);

  const download = async (path, name) => {
    close();
    const response = await request('GET', path);
    if (!response.ok) return failed(response);
    save(name, await response.text());
  };
  const end = async () => {
    close();
    const response = await request('POST', '*/finish', {});
    if (look().session !== session) return;
    if (!response.ok) return failed(response);
    notes.note(now, 'finished');
    own.app().tell('finished', '');
  };
  const reset = async () => {
    const response = await request('DELETE', '*');
    // Another tab was faster.
    if (look().session !== session) return;
    if (!response.ok && ![401, 403, 404, 410].includes(response.status)) {
      own.dismiss?.();
      return failed(response);
    }
    notes.drop(session);
    own.app().tell('cleared', '');
    own.emit('reset', '');
  };
  const ask = () => {
    const words = () => widget().reset_modal;
    if (!words().enable_reset_chat_modal) {
      close();
      return reset();
    }
    const yes = make(
      'button',
      { class: 'btn danger', part: 'button', type: 'button', 'data-act': 'delete', onclick: () => ((yes.disabled = true), reset()) },
      () => ownsay('default_reset_yes', words().confirm_reset_chat_button_text),
    );
    const no = make('button', { class: 'btn cancel', part: 'button', type: 'button', 'data-focus': true, onclick: () => keep() }, () =>
      ownsay('default_reset_no', words().cancel_reset_chat_button_text),
    );
    const keep = dialog(
      'natter-reset',
      make(
        'div',
        { class: 'modal', part: 'dialog' },
        make('h2', { id: 'natter-reset' }, () => ownsay('default_reset_title', words().reset_chat_modal_title)),
        make('p', { id: 'natter-reset-text' }, () => ownsay('default_reset_text', words().reset_chat_modal_description)),
        make('div', { class: 'acts' }, yes, no),
      ),
      { role: 'alertdialog', 'aria-describedby': 'natter-reset-text' },
    );
  };

  const item = (act, words, onclick, more) =>
    make('button', { class: 'item', part: 'button', type: 'button', 'data-act': act, onclick, ...more }, words);
  const finish = item('finish', () => ownsay('default_end', widget().header.end_session_label), end, { hidden: finished });
  // While an answer is written there is a button that stops it.
  const stop = panel().querySelector('.stop');
  const watcher = new MutationObserver(() => {
    if (finish.isConnected) watch();
    else watcher.disconnect();
  });
  const watch = () => (finish.disabled = !stop.hidden);
  watcher.observe(stop, { attributes: true });
  watch();
  const sound = soundOf(own);
  const mute = (was) => {
    sound.set(!was);
    close();
  };
  // Wherever contact details can be left at all, whenever else the owner asks for them.
  const contact = session && config().natter?.contact_form;
  const popup = make(
    'div',
    { class: 'popup', part: 'menu', role: 'group', 'aria-label': () => say('menu') },
    session && formatsOf(kit, download),
    sound.offered() &&
      item('sound', () => say('sound'), () => mute(sound.on()), { role: 'switch', 'aria-checked': `${sound.on()}` }),
    // The app opens the form by its name, as below an answer.
    contact && item('contact', () => say('contact_open')),
    session && finish,
    item('history', () => say('history_title'), () => own.part('history')),
    session && item('privacy', () => say('privacy_title'), () => own.part('privacy')),
    session && item('reset', () => say('reset'), ask, { class: 'item bad' }),
  );
  const close = cover('menu', make('div', { class: 'veil clear', onclick: () => close() }), popup);
};
