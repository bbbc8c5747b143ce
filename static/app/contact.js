// The form for contact details: below an answer, from the menu, or before the first question. Fetched by `part/parts.js`
// with its first use. The server checks the same and has the last word; what it refuses is told at the field as well.

import { kitOf } from '../part/kit.js';
import { memory } from '../part/memory.js';

// What each type of a field takes, as the server does: the type of its input, and its most characters.
const KINDS = {
  text: ['text', 200],
  email: ['email', 254],
  phone: ['tel', 40],
  number: ['number', 40],
  date: ['date', 10],
  url: ['url', 2000],
  textarea: [, 4000],
};
// What a browser may know about the visitor.
const KNOWN = { name: 'name', email: 'email', phone: 'tel', company: 'organization', url: 'url' };

const digits = (text) => text.replace(/\D/g, '').length;

// Opens the form.
export default async (own) => {
  const { say, make, adopt, dialog, config, look, wait, request, reason } = kitOf(own);
  const kept = `${own.kept}:contact`;
  const { chatbot: id, gated: gate, session } = look();
  // Opened before the first question, which waits for it.
  const gated = gate && !session;
  const left = memory((storage) => storage.getItem(kept));
  // Whoever left something on this device is not held up again.
  if (gated && left) return own.app().tell('passed', '');
  adopt('form', 'css:form.css');
  const { chatbots, natter } = config();
  const words = chatbots.find(({ chatbot_id }) => chatbot_id === id).lead_capture ?? {};
  const made = natter?.contact_form?.fields ?? [];
  const built = !made.length;

  // Why a field's content will not do, as a function that says it in the language of the day.
  const judge = ({ key, type, required }, input) => {
    if (type === 'checkbox') return required && !input.checked && (() => say('form_required'));
    const value = input.value.trim();
    if (input.validity.badInput) return type === 'number' || type === 'date' ? () => say('form_invalid') : undefined;
    if (!value && built && key === 'email' && !entry('phone')) return () => say('contact_missing');
    if (!value) return required && (() => say('form_required'));
    if (type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return () => say('form_email');
    if (type === 'phone' && digits(value) < 5) return () => say('form_phone');
    if (type === 'url' && !/^https?:\/\/[^\s/]/i.test(value)) return () => say('form_url');
  };
  // A code of the server, as our own judgement would word it.
  const worded = ({ type }, code) => {
    if (code === 'required') return () => say('form_required');
    if (type === 'email') return () => say('form_email');
    if (type === 'phone') return () => say('form_phone');
    if (type === 'url') return () => say('form_url');
    return () => say('form_invalid');
  };

  const rows = [];
  const entry = (key) => rows.find((row) => row.field.key === key)?.input.value.trim();
  // A field with its label, and below it what is wrong. The visitor's consent is one without a key, which no field of an
  // owner can be.
  const row = (field, label) => {
    const { key, type = 'text', required } = field;
    const name = `natter-${key}`;
    const about = { class: 'field', name: key || 'agree', 'aria-describedby': name, required };
    const [kind, usual] = KINDS[type] ?? [];
    const most = field.max_length ?? usual;
    let input;
    if (type === 'checkbox') input = make('input', { ...about, class: undefined, type });
    else if (type === 'select')
      input = make(
        'select',
        about,
        make('option', { value: '' }, () => say('form_choose')),
        field.options.map((option) => make('option', { value: option }, option)),
      );
    else if (type === 'textarea') input = make('textarea', { ...about, maxlength: most, rows: 2, dir: 'auto' });
    else
      input = make('input', {
        ...about,
        type: kind,
        maxlength: type === 'number' || type === 'date' ? undefined : most,
        step: type === 'number' && 'any',
        autocomplete: KNOWN[key] ?? KNOWN[type] ?? 'off',
        dir: type === 'text' && 'auto',
      });
    const title = make('span', { dir: 'auto' }, label, !built && !required && key && make('i', {}, ' (', () => say('form_optional'), ')'));
    const it = { field: { ...field, type }, input, wrong: undefined };
    const note = make('p', { class: 'note bad', id: name, part: 'error', hidden: true }, () => it.wrong?.() ?? '');
    it.put = (wrong) => {
      it.wrong = wrong || undefined;
      note.hidden = !wrong;
      note.firstChild.data = wrong ? wrong() : '';
      if (wrong) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
      return wrong;
    };
    // What was wrong is looked at again while it is mended.
    input.addEventListener('input', () => it.wrong && it.put(judge(it.field, input)));
    rows.push(it);
    return make('div', {}, type === 'checkbox' ? make('label', { class: 'tick' }, input, title) : make('label', {}, title, input), note);
  };
  // Shows what is wrong, and goes to the first of it. Whether something is.
  const blame = (of) => {
    const wrong = rows.filter((it) => it.put(of(it)));
    wrong[0]?.input.focus();
    return wrong.length > 0;
  };

  const error = make('p', { class: 'note bad', part: 'error', hidden: true });
  const complain = (text) => {
    error.textContent = text;
    error.hidden = !text;
    own.app().tell('announce', text);
  };

  // Sends it. There must be a conversation: before the first question, that question begins it.
  const save = async (contact) => {
    if (gated && !look().session) {
      own.app().tell('passed', '');
      await wait(() => look().session, 150);
    }
    return request('POST', '*/contact-handoffs', contact);
  };
  const submit = async () => {
    // Not disabled while it is sent: that would take the focus from it.
    if (send.ariaDisabled) return;
    complain('');
    if (blame(({ field, input }) => (field.agree ? !input.checked && (() => say('contact_unticked')) : judge(field, input)))) return;
    const values = rows.filter(({ field }) => !field.agree).flatMap(({ field, input }) => {
      const value = field.type === 'checkbox' ? input.checked && 'true' : input.value.trim();
      return value ? [[field.key, value]] : [];
    });
    const fields = Object.fromEntries(values);
    send.ariaDisabled = true;
    const response = await save({ ...(built ? fields : { fields }), consent_accepted: true });
    send.ariaDisabled = null;
    if (!response.ok) {
      const problem = await response.json().catch(() => ({}));
      const errors = problem.errors ?? (problem.field ? [{ field: problem.field.split('.').at(-1), code: 'invalid' }] : []);
      if (blame(({ field }) => {
        const found = errors.find((one) => one.field === field.key);
        return found && worded(field, found.code);
      })) return;
      return complain(reason(response));
    }
    memory((storage) => storage.setItem(kept, new Date().toISOString()));
    own.app().tell('contacted', '');
    // What offered the form is about to go.
    close(true);
  };
  const send = make('button', { class: 'btn primary', part: 'button', onclick: () => submit() }, () => words.submit_button_text || say('contact_send'));
  // Before the first question the form can be passed over unless the owner needs something of it.
  const needed = gated && made.some(({ required }) => required);
  const skip = () => {
    close(true);
    own.app().tell('passed', '');
  };
  const day = () => new Date(left).toLocaleDateString(own.language()[0]);
  const form = make(
    'form',
    { class: 'modal form', part: 'dialog contact', novalidate: true },
    make('h2', { id: 'natter-contact' }, () => words.form_title || say('contact_title')),
    (built || words.form_subtitle) && make('p', {}, () => words.form_subtitle || say('contact_subtitle')),
    left && make('p', { class: 'note' }, () => say('contact_left', day())),
    built
      ? [
          row({ key: 'name' }, () => say('contact_name')),
          row({ key: 'email', type: 'email' }, () => say('contact_email')),
          row({ key: 'phone', type: 'phone' }, () => say('contact_phone')),
          row({ key: 'message', type: 'textarea', max_length: 2000 }, () => say('contact_message')),
        ]
      : made.map((field) => row(field, field.label)),
    row({ key: '', type: 'checkbox', agree: true }, () => say('contact_consent')),
    error,
    make(
      'div',
      { class: 'acts' },
      send,
      gated && !needed && make('button', { class: 'btn', part: 'button', type: 'button', onclick: skip }, () => say('contact_skip')),
      make('button', { class: 'btn cancel', part: 'button', type: 'button', onclick: () => close() }, () => say('cancel')),
    ),
  );
  const close = dialog('natter-contact', form);
};
