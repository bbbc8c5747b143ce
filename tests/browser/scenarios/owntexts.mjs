// The owner's own texts in the visitor's language.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { equals, says, until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

describe('the owner’s texts', () => {
  it('are in the visitor’s language from the first moment', async (t) => {
    const visitor = await world.visitor(t, { locale: 'de-CH' });
    const chat = await visitor.open(world.page('translated'));
    await chat.open();
    await says(chat.panel, /Guten Tag[^]*Willkommen in der Bäckerei\./);
    assert.doesNotMatch(await chat.panel.innerText(), /Welcome/);
    assert.equal(await chat.composer.getAttribute('placeholder'), 'Ihre Frage');
    // What was not translated is the catalogue's.
    await says(chat.panel, /Wie kann ich Ihnen heute helfen\?/);
  });

  it('follow a switch of the language, and nothing is lost', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('translated'));
    await chat.open();
    await says(chat.panel, /Welcome to the bakery\./);
    await visible(chat.button('When do you open?'));
    await chat.composer.fill('A draft');
    await chat.page.evaluate(() => window.natter.setLocale('de'));
    await says(chat.panel, /Willkommen in der Bäckerei\./);
    assert.equal(await chat.composer.inputValue(), 'A draft');
    await equals('the field', () => chat.composer.getAttribute('placeholder'), 'Ihre Frage');
    await chat.button('Wann ist offen?').click();
    await until('it is asked', () => chat.questions.count(), (count) => count === 1);
    const before = await until('it is answered', () => chat.text(), (text) => /gefunden\./.test(text));
    await chat.page.evaluate(() => window.natter.setLocale('en'));
    await says(chat.panel, /Welcome to the bakery\./);
    await equals('the conversation', () => chat.questions.count(), 1);
    assert.equal(await chat.text(), before);
    await chat.choose('Reset chat');
    await visible(chat.button('Yes, reset'));
    await chat.page.evaluate(() => window.natter.setLocale('de'));
    await visible(chat.button('Weg damit'));
  });
});
