// Asking and answering: keys, quick questions, stopping, failures of providers, contact, and the end of a conversation.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { Chat } from '../chat.mjs';
import { equals, focused, hidden, says, until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

/** The chat of a chatbot, opened on a page that embeds it. */
async function opened(t, slug) {
  const visitor = await world.visitor(t);
  const chat = await visitor.open(world.page(slug));
  await chat.open();
  await visible(chat.composer);
  return { visitor, chat };
}

describe('asking', () => {
  it('begins with a click on a suggested question, and the suggestions go', async (t) => {
    const { chat } = await opened(t, 'plain');
    await chat.button('When do you open?').click();
    assert.match(await chat.finished(), /6:30 to 13:00/);
    assert.deepEqual((await chat.conversation())[0], ['visitor', 'When do you open?']);
    await hidden(chat.button('When do you open?'));
    // What was not asked yet may be asked next, below the answer.
    await equals('there is one place for it', () => chat.button('Do you ship to Norway?').count(), 1);
    await visible(chat.answer.getByRole('button', { name: 'Do you ship to Norway?' }));
  });

  it('sends with Enter, breaks the line with Shift and Enter, and sends nothing that is empty', async (t) => {
    const { chat } = await opened(t, 'plain');
    assert.ok(await chat.button('Send message').isDisabled());
    await chat.composer.press('Enter');
    await chat.composer.pressSequentially('When do');
    await chat.composer.press('Shift+Enter');
    await chat.composer.pressSequentially('you open?');
    assert.equal(await chat.composer.inputValue(), 'When do\nyou open?');
    assert.equal(await chat.questions.count(), 0);
    await chat.composer.press('Enter');
    await chat.finished();
    assert.deepEqual((await chat.conversation()).map(([author]) => author), ['visitor', 'assistant']);
    assert.equal((await chat.conversation())[0][1], 'When do\nyou open?');
    assert.equal(await chat.composer.inputValue(), '');
    await focused(chat.composer);
  });

  it('does not take the Enter that ends an input method’s composition for sending', async (t) => {
    const { chat } = await opened(t, 'plain');
    await chat.composer.fill('にほん');
    // Real browsers say it in one of these two ways; headless Chromium takes no keys while it composes.
    for (const how of [{ isComposing: true }, { keyCode: 229 }]) {
      const taken = await chat.composer.evaluate((field, how) => {
        const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true, cancelable: true, ...how });
        field.dispatchEvent(event);
        return event.defaultPrevented;
      }, how);
      assert.equal(taken, false);
    }
    assert.equal(await chat.composer.inputValue(), 'にほん');
    assert.equal(await chat.questions.count(), 0);
    await chat.composer.press('Enter');
    await chat.finished();
    assert.equal((await chat.conversation())[0][1], 'にほん');
  });

  it('says how much too long a message is, and does not send it', async (t) => {
    const { chat } = await opened(t, 'plain');
    await chat.composer.fill('x'.repeat(8_003));
    await says(chat.panel, /3 characters too many/);
    assert.ok(await chat.button('Send message').isDisabled());
    await chat.composer.press('Enter');
    assert.equal(await chat.questions.count(), 0);
  });

  it('takes a question from the site’s own script into the conversation', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain'));
    await visible(chat.bubble);
    assert.equal(await chat.page.evaluate(() => window.natter.open({ message: 'When do you open?' })), true);
    assert.match(await chat.finished(), /6:30 to 13:00/);
  });

  it('keeps a question of the site’s own script back until the terms are accepted, and sends it then', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('terms'));
    await visible(chat.bubble);
    await chat.page.evaluate(() => window.natter.open({ target: 'widget', message: 'When do you open?' }));
    await chat.accept();
    assert.match(await chat.finished(), /6:30 to 13:00/);
    assert.deepEqual((await chat.conversation())[0], ['visitor', 'When do you open?']);
  });

  it('keeps what the visitor wrote as text, whatever it looks like', async (t) => {
    const { chat } = await opened(t, 'plain');
    const nasty = '<img src=x onerror="throw 1"> **not bold** [link](javascript:alert(1))';
    await chat.ask(nasty);
    await chat.finished();
    assert.equal((await chat.conversation())[0][1], nasty);
    assert.equal(await chat.questions.locator('img, a, strong').count(), 0);
  });
});

describe('stopping an answer', () => {
  it('keeps the text so far, here and on the server, and the next question is answered', async (t) => {
    const { visitor, chat } = await opened(t, 'stalled');
    const page = visitor.context.waitForEvent('response', (response) => response.url().endsWith('/sessions'));
    await chat.ask('Tell me everything.');
    const session = await (await page).json();
    await until('five words have come', () => chat.text(), (text) => text.trim() === 't1 t2 t3 t4 t5');
    await chat.button('Stop answering').click();
    await says(chat.answer, /You stopped this answer/);
    assert.equal((await chat.finished()).trim(), 't1 t2 t3 t4 t5');
    const response = await fetch(`${world.server.api}/v1/public/sessions/${session.session_id}/transcript?format=json`, {
      headers: { origin: world.site.origin, authorization: `Bearer ${session.natter.token}` },
    });
    const { messages } = await response.json();
    assert.deepEqual([messages[1].text.trim(), messages[1].status], ['t1 t2 t3 t4 t5', 'stopped']);
    await chat.ask('And now?');
    await equals('there are two answers', () => chat.answers.count(), 2);
    await until('words come again', () => chat.text(), (text) => text.startsWith('t1'));
    await chat.button('Stop answering').click();
    await chat.finished();
  });
});

describe('a provider that fails', () => {
  for (const [slug, how, sentence] of [
    ['down', 'is broken', /could not be written/],
    ['busy', 'has had too many requests', /could not be written/],
    ['cut', 'breaks off in mid-answer', /could not be written/],
  ]) {
    it(`is explained in plain words when it ${how}, without a word of its own`, async (t) => {
      const { chat } = await opened(t, slug);
      await chat.ask('Are you there?');
      await chat.finished();
      await says(chat.answer, sentence);
      await visible(chat.answer.getByRole('button', { name: /^Try again/ }));
      const said = await chat.panel.innerText();
      assert.doesNotMatch(said, /planted|mock|upstream|http|\b500\b|\b429\b|JSON/i);
      await until('screen readers hear it', () => chat.panel.getByRole('status').textContent(), (text) => sentence.test(text));
    });
  }

  it('keeps what had come before it broke off', async (t) => {
    const { chat } = await opened(t, 'cut');
    await chat.ask('Are you there?');
    assert.match(await chat.finished(), /^t1 t2 /);
  });

  it('lets the visitor try again only after the time that it asked for', async (t) => {
    const { chat } = await opened(t, 'busy');
    await chat.ask('Are you there?');
    await chat.finished();
    const retry = chat.answer.getByRole('button', { name: /Try again in \d s/ });
    await visible(retry);
    assert.ok(await retry.isDisabled());
    await visible(chat.answer.getByRole('button', { name: 'Try again', exact: true }));
    assert.ok(await chat.answer.getByRole('button', { name: 'Try again', exact: true }).isEnabled());
  });

  it('answers at the second attempt, in the place of the first', async (t) => {
    const { chat } = await opened(t, 'once');
    await chat.ask('When do you open?');
    await chat.finished();
    await chat.answer.getByRole('button', { name: 'Try again' }).click();
    await until('there is an answer', () => chat.text(), (text) => text.includes('6:30'));
    await chat.finished();
    assert.deepEqual((await chat.conversation()).map(([author]) => author), ['visitor', 'assistant']);
    await hidden(chat.answer.getByRole('button', { name: 'Try again' }));
    assert.match(await chat.sources.first().innerText(), /Opening hours/);
  });
});

describe('the box that asks what was wrong', () => {
  it('goes when the next answer comes, but not with what was written into it', async (t) => {
    const { chat } = await opened(t, 'plain');
    await chat.ask('When do you open?');
    await chat.finished();
    const first = chat.answers.first();
    const box = first.getByLabel('What was wrong? (optional)');
    await first.getByRole('button', { name: 'Not helpful' }).click();
    await visible(box);
    await chat.ask('Do you ship to Norway?');
    await hidden(box);
    await equals('there are two answers', () => chat.answers.count(), 2);
    await chat.finished();
    await first.getByRole('button', { name: 'Not helpful' }).click();
    await box.fill('Half a thought');
    await chat.ask('When do you open?');
    await equals('there are three answers', () => chat.answers.count(), 3);
    await chat.finished();
    assert.equal(await box.inputValue(), 'Half a thought');
  });
});

describe('a question that the content does not answer', () => {
  it('leads to the contact form, which is checked, saved and thanked for', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.demo.shop);
    await chat.open();
    await chat.accept();
    await chat.ask('What is the capital of Mongolia?');
    assert.match(await chat.finished(), /can't find that on our pages/);
    assert.equal(await chat.sources.count(), 0);
    await chat.answer.getByRole('button', { name: 'Leave your contact details' }).click();
    const form = chat.contactForm;
    await says(form, /Shall we get back to you/);
    await focused(form.getByLabel('Name'));
    const send = form.getByRole('button', { name: 'Send to Hadder' });
    await send.click();
    await says(form, /enter an e-mail address or a telephone number/);
    await form.getByLabel('Name').fill('Nuala Byrne');
    await form.getByLabel('E-mail').fill('nuala@example.com');
    await form.getByLabel('Message').fill('The capital, please.');
    await send.click();
    await says(form, /tick the box/);
    await form.getByLabel(/I agree/).check();
    const [response] = await Promise.all([
      chat.page.waitForResponse((response) => response.url().endsWith('/contact-handoffs')),
      send.click(),
    ]);
    assert.equal(response.status(), 201);
    await hidden(form);
    await says(chat.notice, /Thank you/);
    await focused(chat.composer);
    await hidden(chat.answer.getByRole('button', { name: 'Leave your contact details' }));
  });

  it('offers the form again after a reload and on the full page, until it was used', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.demo.shop);
    const offer = (chat) => chat.answer.getByRole('button', { name: 'Leave your contact details' });
    await chat.open();
    await chat.accept();
    await chat.ask('What is the capital of Mongolia?');
    await chat.finished();
    await chat.page.reload();
    await chat.open();
    await visible(offer(chat));
    const [page] = await Promise.all([visitor.context.waitForEvent('page'), chat.button('Open in a new tab').click()]);
    const full = new Chat(page);
    await offer(full).click();
    await full.contactForm.getByLabel('E-mail').fill('nuala@example.com');
    await full.contactForm.getByLabel(/I agree/).check();
    await full.contactForm.getByRole('button', { name: 'Send to Hadder' }).click();
    await says(full.notice, /Thank you/);
    await chat.page.reload();
    await chat.open();
    await visible(chat.answer);
    await hidden(offer(chat));
  });

  it('can be given up with Escape, and nothing is sent', async (t) => {
    const { visitor, chat } = await opened(t, 'plain');
    const sent = [];
    visitor.context.on('request', (request) => request.url().includes('contact-handoffs') && sent.push(request.url()));
    await chat.ask('What is the capital of Mongolia?');
    await chat.finished();
    await chat.answer.getByRole('button', { name: 'Leave your contact details' }).click();
    await visible(chat.contactForm);
    await chat.page.keyboard.press('Escape');
    await hidden(chat.contactForm);
    await visible(chat.panel);
    assert.deepEqual(sent, []);
  });
});

describe('ending a conversation', () => {
  it('takes no more questions, and a new one can be begun', async (t) => {
    const { visitor, chat } = await opened(t, 'quick');
    const sessions = new Set();
    visitor.context.on('request', (request) => {
      const [, session] = /sessions\/(ses_\w+)\/messages/.exec(request.url()) ?? [];
      if (session) sessions.add(session);
    });
    await chat.ask('Are you there?');
    await chat.finished();
    await chat.choose('End Chat Session');
    await says(chat.panel, /This conversation has ended/);
    await hidden(chat.composer);
    await focused(chat.button('Start a new conversation'));
    await chat.page.reload();
    await chat.open();
    await says(chat.panel, /This conversation has ended/);
    await chat.button('Start a new conversation').click();
    await visible(chat.composer);
    await equals('nothing is left of the old conversation', () => chat.questions.count(), 0);
    await chat.ask('Are you there?');
    await chat.finished();
    assert.equal(sessions.size, 2);
  });
});
