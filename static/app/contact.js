// The form for contact details, opened where an answer offers it. Fetched by `part/parts.js` with its first use.

import { kitOf } from '../part/kit.js';

// Opens the form.
export default (own) => {
  const { say, make, adopt, dialog, config, look, request, reason } = kitOf(own);
  adopt('form', 'css:form.css');
  const { chatbot: id } = look();
  const chatbot = config().chatbots.find(({ chatbot_id }) => chatbot_id === id);
  const words = chatbot.lead_capture ?? {};
  const field = (name, kind, label) => {
    const area = kind === 'area';
    const input = make(area ? 'textarea' : 'input', {
      class: 'field',
      name,
      maxlength: area ? 2000 : 200,
      rows: area && 2,
      type: !area && kind,
      autocomplete: !area && name,
    });
    return make('label', {}, make('span', {}, label), input);
  };
  const error = make('p', { class: 'note bad', hidden: true });
  const complain = (text) => {
    error.textContent = text;
    error.hidden = !text;
    own.app().tell('announce', text);
  };
  const send = make('button', { class: 'btn primary', part: 'button', onclick: () => submit() }, () => words.submit_button_text || say('contact_send'));
  const agree = make('input', { type: 'checkbox', name: 'agree' });
  const submit = async () => {
    const value = (name) => form.querySelector(`[name=${name}]`).value.trim() || undefined;
    const contact = { name: value('name'), email: value('email'), phone: value('tel'), message: value('message'), consent_accepted: agree.checked };
    if (!contact.email && !contact.phone) return complain(say('contact_missing'));
    if (!agree.checked) return complain(say('contact_unticked'));
    send.disabled = true;
    const response = await request('POST', '*/contact-handoffs', contact);
    send.disabled = false;
    if (!response.ok) return complain(reason(response));
    own.app().tell('contacted', '');
    // What offered the form is about to go.
    close(true);
  };
  const form = make(
    'form',
    { class: 'modal form', part: 'dialog contact', novalidate: true },
    make('h2', { id: 'natter-contact' }, () => words.form_title || say('contact_title')),
    make('p', {}, () => words.form_subtitle || say('contact_subtitle')),
    field('name', 'text', () => say('contact_name')),
    field('email', 'email', () => say('contact_email')),
    field('tel', 'tel', () => say('contact_phone')),
    field('message', 'area', () => say('contact_message')),
    make('label', { class: 'tick' }, agree, make('span', {}, () => say('contact_consent'))),
    error,
    make('div', { class: 'acts' }, send, make('button', { class: 'btn cancel', part: 'button', type: 'button', onclick: () => close() }, () => say('cancel'))),
  );
  const close = dialog('natter-contact', form);
};
