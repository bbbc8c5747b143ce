// When contact details are asked for: by the owner's rule, and from the menu whatever the rule says.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { accessible } from '../axe.mjs';
import { equals, focused, hidden, says, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

const KNOWN = 'When do you open?';
const UNKNOWN = 'What is the capital of Mongolia?';
const ENTRY = 'Leave your contact details';

/** The chat of a chatbot, opened on a page that embeds it. */
async function opened(t, slug) {
  const visitor = await world.visitor(t);
  const chat = await visitor.open(world.page(slug));
  await chat.open();
  await visible(chat.composer);
  return chat;
}

/** Asks, and says whether the form is offered below the answer. */
async function offered(chat, question) {
  const answers = await chat.answers.count();
  await chat.ask(question);
  await equals('the next answer', () => chat.answers.count(), answers + 1);
  await chat.finished();
  return (await chat.answer.getByRole('button', { name: ENTRY }).count()) === 1;
}

describe('contact details are asked for', () => {
  it('never by themselves, only from the menu, in the owner’s words', async (t) => {
    const chat = await opened(t, 'never');
    assert.equal(await offered(chat, UNKNOWN), false);
    assert.equal(await offered(chat, 'Can I talk to a human?'), false);
    const { keyboard } = chat.page;
    await chat.button('Menu').press('Enter');
    await visible(chat.menu);
    await chat.button(ENTRY).press('Enter');
    const form = chat.contactForm;
    await visible(form.getByRole('heading', { name: 'Leave us a line' }));
    await visible(form.getByText('We answer within two working days.'));
    await hidden(chat.menu);
    await focused(form.getByLabel('Name'));
    await accessible(chat.page, 'contact form from the menu');
    // Given up, one is where one came from.
    await keyboard.press('Escape');
    await hidden(form);
    await focused(chat.button('Menu'));
    await chat.choose(ENTRY);
    const sent = chat.page.waitForRequest((request) => request.url().endsWith('/contact-handoffs'));
    await form.getByLabel('E-mail').fill('ada@acme.example');
    await form.getByLabel('I agree to be contacted').check();
    await form.getByRole('button', { name: 'Send' }).click();
    assert.deepEqual((await sent).postDataJSON(), { email: 'ada@acme.example', consent_accepted: true });
    await hidden(form);
    await says(chat.notice, /Thank you/);
  });

  it('only when a person is asked for, where that is the rule', async (t) => {
    const chat = await opened(t, 'person');
    assert.equal(await offered(chat, UNKNOWN), false);
    assert.equal(await offered(chat, KNOWN), false);
    assert.equal(await offered(chat, 'Can I talk to a human?'), true);
  });

  it('with the message of the owner’s number, and with no other that is answered', async (t) => {
    const chat = await opened(t, 'second');
    assert.equal(await offered(chat, KNOWN), false);
    assert.equal(await offered(chat, 'Are you open on Saturday?'), true);
    assert.equal(await offered(chat, 'Until when?'), false);
  });

  it('from the menu in the language of the day, and once more after something was left', async (t) => {
    const chat = await opened(t, 'never');
    await offered(chat, KNOWN);
    await chat.page.evaluate(() => window.natter.setLocale('de'));
    await chat.button('Menü').click();
    await chat.button('Kontaktdaten hinterlassen').click();
    await chat.contactForm.getByLabel('Telefon').fill('+49 30 123456');
    await chat.contactForm.getByRole('checkbox').check();
    await chat.contactForm.getByRole('button', { name: 'Senden' }).click();
    await hidden(chat.contactForm);
    await chat.button('Menü').click();
    await chat.button('Kontaktdaten hinterlassen').click();
    await says(chat.contactForm, /\d/);
  });

  it('from the menu also when they were left before and the owner asks before the first question', async (t) => {
    const chat = await opened(t, 'strict');
    await chat.ask(KNOWN);
    await chat.contactForm.getByLabel('E-mail').fill('ada@acme.example');
    await chat.contactForm.getByLabel('I agree to be contacted').check();
    await chat.contactForm.getByRole('button', { name: 'Send' }).click();
    await chat.finished();
    await chat.page.reload();
    await chat.open();
    await visible(chat.answer);
    await chat.choose(ENTRY);
    await says(chat.contactForm, /You left your contact details here on \d/);
    assert.equal(await chat.contactForm.getByRole('button', { name: 'Continue without' }).count(), 0);
  });

  it('nowhere while there is no conversation, and not where nothing may be left', async (t) => {
    const chat = await opened(t, 'person');
    await hidden(chat.button('Menu'));
    const other = await opened(t, 'files');
    await offered(other, KNOWN);
    await other.button('Menu').click();
    await visible(other.button('Reset chat'));
    assert.equal(await other.button(ENTRY).count(), 0);
  });
});
