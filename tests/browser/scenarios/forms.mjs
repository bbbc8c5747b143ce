// What a visitor fills in: contact details, what was wrong with an answer, how it was; and what may be asked next.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { accessible } from '../axe.mjs';
import { equals, focused, hidden, says, until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

/** The chat of a chatbot, opened on a page that embeds it. */
async function opened(t, slug, options) {
  const visitor = await world.visitor(t, options);
  const chat = await visitor.open(world.page(slug));
  await chat.open();
  await visible(chat.composer);
  return { visitor, chat };
}

const UNKNOWN = 'What is the capital of Mongolia?';
const offer = (chat) => chat.answer.getByRole('button', { name: 'Leave your contact details' });

/** The form below an answer that the content did not give. */
async function form(t, options) {
  const { visitor, chat } = await opened(t, 'asking', options);
  await chat.ask(UNKNOWN);
  await chat.finished();
  await offer(chat).click();
  await visible(chat.contactForm);
  return { visitor, chat, form: chat.contactForm };
}

/** What a page sends to an address that ends so, as objects. */
const sent = (chat, end) => {
  const bodies = [];
  chat.page.on('request', (request) => request.url().endsWith(end) && request.method() === 'POST' && bodies.push(request.postDataJSON()));
  return bodies;
};

/** The error that a field names as its description. */
const wrong = (field) =>
  field.evaluate((input) => {
    const note = input.getRootNode().getElementById(input.getAttribute('aria-describedby'));
    return [input.getAttribute('aria-invalid'), note.hidden ? '' : note.textContent];
  });

describe('an owner’s own form', () => {
  it('says at each field what is wrong with it, and goes to the first', async (t) => {
    const { chat, form: box } = await form(t);
    await says(box, /Tell us who you are/);
    const company = box.getByLabel('Company');
    await focused(company);
    const send = box.getByRole('button', { name: 'Off it goes' });
    await box.getByLabel('Telephone').fill('12');
    await box.getByLabel('Website').fill('nowhere');
    await send.click();
    await focused(company);
    assert.deepEqual(await wrong(company), ['true', 'Please fill this in.']);
    assert.deepEqual(await wrong(box.getByLabel('Work e-mail')), ['true', 'Please fill this in.']);
    assert.deepEqual(await wrong(box.getByLabel('How many are you?')), ['true', 'Please fill this in.']);
    assert.deepEqual(await wrong(box.getByLabel('Telephone')), ['true', 'Please enter a telephone number.']);
    assert.deepEqual(await wrong(box.getByLabel('Website')), ['true', 'Please enter a web address that begins with https://']);
    assert.deepEqual(await wrong(box.getByLabel('I have read the rules')), ['true', 'Please fill this in.']);
    assert.deepEqual(await wrong(box.getByLabel('What is it about?')), [null, '']);
    await accessible(chat.page, 'own form with errors');
    // What is mended is no longer complained about.
    await company.fill('ACME');
    assert.deepEqual(await wrong(company), [null, '']);
    await box.getByLabel('Work e-mail').fill('ada@');
    assert.deepEqual(await wrong(box.getByLabel('Work e-mail')), ['true', 'Please enter an e-mail address.']);
    await send.click();
    await focused(box.getByLabel('Work e-mail'));
  });

  it('sends what was entered under the owner’s keys, and is remembered on this device', async (t) => {
    const { visitor, chat, form: box } = await form(t);
    const bodies = sent(chat, '/contact-handoffs');
    await box.getByLabel('Company').fill('ACME');
    await box.getByLabel('Work e-mail').fill('ada@acme.example');
    await box.getByLabel('How many are you?').selectOption('Some');
    await box.getByLabel('Seats').fill('12');
    await box.getByLabel('From').fill('2028-02-29');
    await box.getByLabel('I have read the rules').check();
    await box.getByLabel('I agree to be contacted').check();
    await box.getByRole('button', { name: 'Off it goes' }).click();
    await hidden(box);
    await says(chat.notice, /Thank you/);
    assert.deepEqual(bodies, [
      {
        fields: { company: 'ACME', email: 'ada@acme.example', size: 'Some', seats: '12', from: '2028-02-29', rules: 'true' },
        consent_accepted: true,
      },
    ]);
    await hidden(offer(chat));
    // Another conversation, another form, which says that there was one.
    const again = await visitor.open(chat.page.url());
    await again.page.evaluate(() => localStorage.removeItem(Object.keys(localStorage).find((key) => key.endsWith(':asking'))));
    await again.page.reload();
    await again.open();
    await again.ask(UNKNOWN);
    await again.finished();
    await offer(again).click();
    await says(again.contactForm, /You left your contact details here on \d/);
    await again.page.keyboard.press('Escape');
    await again.page.evaluate(() => window.natter.logout());
    const left = () => again.page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('contact')));
    await equals('nothing of it is left', left, []);
  });

  it('shows at its field what the server refuses', async (t) => {
    const { visitor, chat, form: box } = await form(t);
    visitor.expect(/status of 400/);
    await box.getByLabel('Company').fill('ACME');
    await box.getByLabel('Work e-mail').fill('ada@acme.example');
    await box.getByLabel('How many are you?').selectOption('Some');
    // More than one would guess from its type: only the server knows.
    await box.getByLabel('Telephone').evaluate((input) => input.removeAttribute('maxlength'));
    await box.getByLabel('Telephone').fill('1'.repeat(41));
    await box.getByLabel('I have read the rules').check();
    await box.getByLabel('I agree to be contacted').check();
    await box.getByRole('button', { name: 'Off it goes' }).click();
    await focused(box.getByLabel('Telephone'));
    assert.deepEqual(await wrong(box.getByLabel('Telephone')), ['true', 'Please enter a telephone number.']);
    assert.equal(await box.getByLabel('Company').inputValue(), 'ACME');
    await says(chat.panel, /Tell us who you are/);
  });

  it('changes its own words with the language, and keeps what was entered and what is wrong', async (t) => {
    const { chat, form: box } = await form(t);
    await box.getByLabel('Company').fill('ACME');
    await box.getByRole('button', { name: 'Off it goes' }).click();
    const mail = box.getByLabel('Work e-mail');
    await chat.page.evaluate(() => window.natter.setLocale('de'));
    await until('it says so in German', () => wrong(mail), ([, text]) => text === 'Bitte füllen Sie dieses Feld aus.');
    assert.equal(await box.getByLabel('Company').inputValue(), 'ACME');
    await says(box, /Telephone \(optional\)/);
  });

  it('can be filled in with the keyboard alone, and the focus stays within it', async (t) => {
    const { chat, form: box } = await form(t);
    const { keyboard } = chat.page;
    await focused(box.getByLabel('Company'));
    await keyboard.press('Shift+Tab');
    await focused(box.getByRole('button', { name: 'Cancel' }));
    await keyboard.press('Tab');
    await keyboard.type('ACME');
    await keyboard.press('Enter');
    await focused(box.getByLabel('Work e-mail'));
    await keyboard.press('Escape');
    await hidden(box);
    await focused(offer(chat));
  });
});

describe('a form before the first question', () => {
  it('keeps the question until it was filled in, and then saves both', async (t) => {
    const { chat } = await opened(t, 'strict');
    const created = sent(chat, '/sessions');
    const bodies = sent(chat, '/contact-handoffs');
    await chat.ask('When do you open?');
    const box = chat.contactForm;
    await visible(box);
    await focused(box.getByLabel('E-mail'));
    assert.equal(await box.getByRole('button', { name: 'Continue without' }).count(), 0);
    // Who does not want to has asked nothing, and nothing was made of it.
    await chat.page.keyboard.press('Escape');
    await hidden(box);
    assert.equal(await chat.composer.inputValue(), 'When do you open?');
    assert.equal(await chat.questions.count(), 0);
    assert.deepEqual(created, []);
    await chat.composer.press('Enter');
    await box.getByLabel('E-mail').fill('ada@acme.example');
    await box.getByLabel('I agree to be contacted').check();
    await box.getByRole('button', { name: 'Send' }).click();
    await hidden(box);
    assert.match(await chat.finished(), /6:30 to 13:00/);
    assert.equal(await chat.questions.count(), 1);
    assert.equal(created.length, 1);
    assert.deepEqual(bodies, [{ fields: { email: 'ada@acme.example' }, consent_accepted: true }]);
    // Not again on this device.
    await chat.choose('Reset chat');
    await chat.button('Yes, reset').click();
    await equals('all is gone', () => chat.questions.count(), 0);
    await chat.page.reload();
    await chat.open();
    await chat.ask('When do you open?');
    assert.match(await chat.finished(), /6:30 to 13:00/);
  });

  it('can be passed over where the owner needs nothing of it', async (t) => {
    const { chat } = await opened(t, 'kind');
    const bodies = sent(chat, '/contact-handoffs');
    await chat.ask('When do you open?');
    await visible(chat.contactForm);
    await accessible(chat.page, 'form before the chat');
    await chat.contactForm.getByRole('button', { name: 'Continue without' }).click();
    await hidden(chat.contactForm);
    assert.match(await chat.finished(), /6:30 to 13:00/);
    assert.deepEqual(bodies, []);
  });
});

describe('a thumb that goes down', () => {
  const box = (chat) => chat.answer.getByLabel('What was wrong? (optional)');
  const down = async (chat) => {
    await chat.ask('When do you open?');
    await chat.finished();
    await chat.answer.getByRole('button', { name: 'Not helpful' }).click();
    await visible(box(chat));
  };

  it('offers reasons, of which one holds, and takes a comment beside it', async (t) => {
    const { chat } = await opened(t, 'plain');
    const bodies = sent(chat, '/feedback');
    await down(chat);
    await accessible(chat.page, 'reasons');
    const reason = (name) => chat.answer.getByRole('button', { name, exact: true });
    await reason('Not true').click();
    await equals('it is pressed', () => reason('Not true').getAttribute('aria-pressed'), 'true');
    await reason('Something is missing').click();
    assert.equal(await reason('Not true').getAttribute('aria-pressed'), 'false');
    await box(chat).fill('Sunday!');
    await chat.answer.getByRole('button', { name: 'Send' }).click();
    await says(chat.answer, /Thank you for telling us/);
    await equals('all was told', () => bodies.map(({ rating, reason, comment }) => [rating, reason, comment]), [
      ['down', undefined, undefined],
      ['down', 'wrong', undefined],
      ['down', 'incomplete', undefined],
      ['down', 'incomplete', 'Sunday!'],
    ]);
    await hidden(box(chat));
  });

  it('takes its question back when the thumb goes up or something else is asked, unless something was written', async (t) => {
    const { chat } = await opened(t, 'plain');
    await down(chat);
    const first = chat.answers.first();
    await first.getByRole('button', { name: 'Helpful', exact: true }).click();
    await equals('it is gone', () => first.locator('textarea').count(), 0);
    await first.getByRole('button', { name: 'Not helpful' }).click();
    await visible(box(chat));
    await chat.ask('Do you ship to Norway?');
    await chat.finished();
    await equals('it is gone', () => first.locator('textarea').count(), 0);
    await chat.answer.getByRole('button', { name: 'Not helpful' }).click();
    await box(chat).fill('I meant Sweden.');
    await chat.ask('When do you open?');
    await equals('there are three answers', () => chat.answers.count(), 3);
    await chat.finished();
    assert.equal(await chat.answers.nth(1).locator('textarea').inputValue(), 'I meant Sweden.');
  });

  it('does not take what was written for an answer that another one takes the place of', async (t) => {
    const { chat } = await opened(t, 'plain');
    await down(chat);
    await box(chat).fill('Too short.');
    await chat.answer.getByRole('button', { name: 'Answer again' }).click();
    await equals('it is gone', () => chat.answer.locator('textarea').count(), 0);
  });

  it('says that a comment could not be sent, and keeps it', async (t) => {
    const { visitor, chat } = await opened(t, 'plain');
    visitor.expect(/ERR_FAILED|Failed to fetch/);
    await down(chat);
    await box(chat).fill('Too short.');
    await visitor.context.route('**/feedback', (route) => route.abort());
    await chat.answer.getByRole('button', { name: 'Send' }).click();
    await visible(chat.answer.getByRole('alert'));
    assert.equal(await box(chat).inputValue(), 'Too short.');
  });
});

describe('the end of a conversation', () => {
  const ended = async (chat) => {
    await chat.ask('When do you open?');
    await chat.finished();
    await chat.choose('End Chat Session');
    await says(chat.panel, /has ended/);
  };

  it('is rated with stars that have names, and with a comment', async (t) => {
    const { chat } = await opened(t, 'asking');
    const bodies = sent(chat, '/rating');
    await ended(chat);
    const stars = chat.panel.getByRole('group', { name: 'How was this conversation?' });
    await visible(stars);
    await accessible(chat.page, 'stars');
    // Whoever comes back to it by the keyboard is at the way on.
    await chat.page.keyboard.press('Escape');
    await chat.bubble.press('Enter');
    await focused(chat.button('Start a new conversation'));
    assert.deepEqual(await stars.getByRole('radio').evaluateAll((all) => all.map((star) => star.getAttribute('aria-label'))), [
      'Very bad', 'Bad', 'All right', 'Good', 'Very good',
    ]);
    await stars.getByTitle('Good', { exact: true }).click();
    const comment = chat.panel.getByLabel('Anything to add? (optional)');
    await comment.fill('Quick!');
    await accessible(chat.page, 'stars with a comment');
    await chat.panel.locator('[part~=rating]').getByRole('button', { name: 'Send' }).click();
    await says(chat.panel, /Thank you for your rating/);
    assert.deepEqual(bodies, [{ rating: 4 }, { rating: 4, comment: 'Quick!' }]);
    // It is nothing of the next conversation.
    await chat.button('Start a new conversation').click();
    await hidden(chat.panel.locator('[part~=rating]'));
    await ended(chat);
    await visible(stars);
    await equals('no star is chosen', () => stars.getByRole('radio', { checked: true }).count(), 0);
  });

  it('is rated with the keyboard alone', async (t) => {
    const { chat } = await opened(t, 'asking');
    const bodies = sent(chat, '/rating');
    await ended(chat);
    const stars = chat.panel.getByRole('group', { name: 'How was this conversation?' });
    await visible(stars);
    await focused(chat.button('Start a new conversation'));
    await chat.page.keyboard.press('Shift+Tab');
    await chat.page.keyboard.press('Space');
    await chat.page.keyboard.press('ArrowLeft');
    await equals('the fourth is chosen in the end', () => bodies.map(({ rating }) => rating), [5, 4]);
    await chat.page.keyboard.press('Tab');
    await focused(chat.panel.getByLabel('Anything to add? (optional)'));
  });

  it('is not rated where the owner does not want to know', async (t) => {
    const { chat } = await opened(t, 'plain');
    const asked = [];
    chat.page.on('request', (request) => request.url().includes('/rating') && asked.push(request.url()));
    await ended(chat);
    await focused(chat.button('Start a new conversation'));
    assert.equal(await chat.panel.getByRole('radio').count(), 0);
    assert.deepEqual(asked, []);
  });
});

describe('what may be asked next', () => {
  const next = (chat) => chat.answer.getByRole('group', { name: 'Suggested questions' }).getByRole('button');

  it('stands below the newest answer, asks when it is pressed, and goes when something else is asked', async (t) => {
    const { chat } = await opened(t, 'asking');
    await chat.ask('When do you open?');
    await chat.finished();
    await visible(next(chat).first());
    await accessible(chat.page, 'what may be asked next');
    const words = await next(chat).allInnerTexts();
    assert.ok(words.length <= 3 && words.includes('Do you ship to Norway?'), words);
    assert.ok(!words.includes('When do you open?'), 'it was asked');
    // It is there again after a reload.
    await chat.page.reload();
    await chat.open();
    await chat.answer.getByRole('button', { name: 'Do you ship to Norway?' }).click();
    await equals('there are two answers', () => chat.answers.count(), 2);
    assert.match(await chat.finished(), /9 euros/);
    assert.deepEqual((await chat.conversation())[2], ['visitor', 'Do you ship to Norway?']);
    assert.equal(await chat.answers.first().getByRole('group', { name: 'Suggested questions' }).count(), 0);
    await chat.choose('End Chat Session');
    await says(chat.panel, /has ended/);
    await equals('nothing may be asked any more', () => next(chat).count(), 0);
  });
});
