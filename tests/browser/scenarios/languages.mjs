// Languages: which one a visitor gets, that everything is said in it, and switching while one writes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe } from 'node:test';

import { equals, hidden, says, until, visible } from '../expect.mjs';
import { act, complete, reader } from '../marked.mjs';
import { it, world } from '../world.mjs';

const language = (chat) => chat.panel.getAttribute('lang');

describe('a visitor’s language', () => {
  it('is that of the browser, and its texts are fetched beside the app; English costs no request', async (t) => {
    for (const [locale, wanted, placeholder] of [
      ['de-AT', ['de'], 'Nachricht schreiben …'],
      ['en-GB', [], 'Type message here..'],
    ]) {
      const visitor = await world.visitor(t, { locale });
      const fetched = [];
      visitor.context.on('request', (request) => fetched.push(request.url()));
      const chat = await visitor.open(world.page('plain'));
      await chat.open();
      await visible(chat.composer);
      assert.equal(await chat.composer.getAttribute('placeholder'), placeholder);
      const texts = fetched.flatMap((url) => /assets\/([\w-]+)-[0-9a-f]{8}\.txt$/.exec(url)?.[1] ?? []);
      assert.deepEqual(texts, wanted);
    }
  });

  it('is found by its region, its script or an older name', async (t) => {
    for (const [locale, wanted] of [
      ['zh-TW', 'zh-Hant'], ['zh-CN', 'zh-Hans'], ['pt-AO', 'pt'], ['pt-BR', 'pt-BR'], ['sr-Latn-RS', 'sr-Latn'],
      ['no', 'nb'], ['iw', 'he'], ['es-419', 'es'], ['tlh', 'en'], ['not a tag', 'en'],
    ]) {
      const visitor = await world.visitor(t);
      const chat = await visitor.open(world.page('plain', { tag: `data-natter-locale="${locale}"` }));
      await chat.open();
      await equals(locale, () => language(chat), wanted);
      assert.equal(await chat.panel.getAttribute('dir'), wanted === 'he' ? 'rtl' : 'ltr');
    }
  });

  it('is the page’s wish before the browser’s, and the owner’s where no other is allowed', async (t) => {
    const visitor = await world.visitor(t, { locale: 'de-DE' });
    const wished = await visitor.open(world.page('plain', { tag: 'data-natter-locale="it"' }));
    await wished.open();
    await equals('the page wishes for Italian', () => language(wished), 'it');
    const fixed = await visitor.open(world.page('french'));
    await fixed.open();
    await equals('the owner allows French', () => language(fixed), 'fr');
    const both = await visitor.open(world.page('french', { tag: 'data-natter-locale="it"' }));
    await both.open();
    await equals('the page knows better', () => language(both), 'it');
  });

  it('gives way to English when its texts cannot be had or are late, and the chat waits for nobody', async (t) => {
    const visitor = await world.visitor(t, { locale: 'de-DE' });
    visitor.expect(/ERR_FAILED/);
    await visitor.context.route('**/assets/de-*.txt', (route) => route.abort());
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    await visible(chat.composer);
    assert.equal(await language(chat), 'en');

    let release;
    const late = new Promise((done) => (release = done));
    const slow = await world.visitor(t, { locale: 'de-DE' });
    await slow.context.route('**/assets/de-*.txt', async (route) => {
      await late;
      await route.continue();
    });
    const english = await slow.open(world.page('plain'));
    await english.open();
    await english.composer.fill('A draft');
    assert.equal(await language(english), 'en');
    release();
    await equals('German comes late', () => language(english), 'de');
    assert.equal(await english.composer.inputValue(), 'A draft');
  });

  it('reaches the frame that stands in for the panel, and the full page', async (t) => {
    const { api } = world.server;
    const visitor = await world.visitor(t, { locale: 'uk-UA' });
    visitor.expect(/Content Security Policy/);
    const chat = await visitor.open(world.page('plain', {}, {
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${api}; connect-src ${api}; frame-src ${api}`,
    }));
    await chat.bubble.click();
    await equals('the frame speaks Ukrainian', () => language(chat.framed), 'uk');
    await chat.page.evaluate(() => window.natter.setLocale('fa'));
    await equals('and then Persian', () => language(chat.framed), 'fa');
    const page = await visitor.open(`${api}/c/plain`);
    await equals('the page speaks Ukrainian', () => language(page), 'uk');
    assert.equal(await page.page.getAttribute('html', 'lang'), 'uk');
  });
});

describe('switching the language', () => {
  it('changes every text in place and keeps conversation, draft and a comment that is being written', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    await chat.ask('When do you open?');
    const answer = await chat.finished();
    await chat.answer.getByRole('button', { name: 'Not helpful' }).click();
    await chat.answer.locator('textarea').fill('It was too short.');
    await chat.composer.fill('And on Sunday');
    const conversation = await chat.conversation();
    const node = await chat.answer.elementHandle();

    await chat.page.evaluate(() => window.natter.setLocale('ar'));
    await equals('it is Arabic', () => language(chat), 'ar');
    assert.equal(await chat.panel.getAttribute('dir'), 'rtl');
    await says(chat.panel, /مفيد|المصادر/);
    await says(chat.panel, /الإجابات مكتوبة بالذكاء الاصطناعي/);
    assert.deepEqual(await chat.conversation(), conversation);
    assert.ok(await node.evaluate((message) => message.isConnected), 'the message is the same element');
    assert.equal(await chat.composer.inputValue(), 'And on Sunday');
    assert.equal(await chat.answer.locator('textarea').inputValue(), 'It was too short.');
    assert.equal(await chat.answer.locator('textarea').getAttribute('placeholder'), 'ما الذي لم يكن صحيحًا؟ (اختياري)');

    // Of two wishes the later one holds, whichever texts come first.
    let release;
    const late = new Promise((done) => (release = done));
    await visitor.context.route('**/assets/de-*.txt', async (route) => {
      await late;
      await route.continue();
    });
    const german = chat.page.evaluate(() => window.natter.setLocale('de'));
    await chat.page.evaluate(() => window.natter.setLocale('en'));
    release();
    await german;
    assert.equal(await language(chat), 'en');
    assert.equal(await chat.text(), answer);
    await visible(chat.button('Send message'));
  });

  it('changes the counter’s plural and what a notice says', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('pictured', { tag: 'data-natter-locale="pl"' }));
    await chat.open();
    for (const [length, words] of [[99, 'Pozostał 1 znak'], [98, 'Pozostały 2 znaki'], [95, 'Pozostało 5 znaków'], [102, 'O 2 znaki za dużo']]) {
      await chat.composer.fill('x'.repeat(length));
      await says(chat.panel, new RegExp(words));
    }
    await chat.page.evaluate(() => window.natter.setLocale('fa'));
    await says(chat.panel, /۲ نویسه بیش از حد/);
    await visitor.context.setOffline(true);
    await says(chat.panel, /شما آفلاین هستید/);
    await chat.page.evaluate(() => window.natter.setLocale('en'));
    await says(chat.panel, /You are offline/);
  });
});

describe('a message', () => {
  it('is written in its own direction, whatever the panel’s is', async (t) => {
    const visitor = await world.visitor(t);
    const directions = (chat) =>
      chat.panel.locator('[part~="message"] > [dir="auto"]').evaluateAll((all) => all.map((one) => getComputedStyle(one).direction));
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    await chat.ask('متى تفتحون؟ When do you open?');
    await chat.finished();
    assert.deepEqual(await directions(chat), ['rtl', 'ltr']);
    const arabic = await visitor.open(world.page('quick', { tag: 'data-natter-locale="ar"' }));
    await arabic.open();
    await equals('the placeholder is set as the panel is', () => arabic.composer.evaluate((field) => getComputedStyle(field).direction), 'rtl');
    await arabic.composer.fill('When do you open?');
    assert.equal(await arabic.composer.evaluate((field) => getComputedStyle(field).direction), 'ltr');
    await arabic.composer.press('Enter');
    await visible(arabic.questions);
    assert.deepEqual((await directions(arabic))[0], 'ltr');
  });
});

describe('the server', () => {
  it('speaks the visitor’s language on its pages and in transcripts, and the chatbot’s in the loader', async (t) => {
    const { api } = world.server;
    const page = async (wish, slug = 'plain') => (await fetch(`${api}/c/${slug}`, { headers: { 'accept-language': wish } })).text();
    assert.match(await page('de-CH, en;q=0.5'), /<html lang="de" dir="ltr">[^]*Der Chat konnte nicht geladen werden/);
    assert.match(await page('ar'), /<html lang="ar" dir="rtl">/);
    assert.match(await page('tlh, *'), /<html lang="en" dir="ltr">[^]*could not be loaded/);
    assert.match(await page('de', 'french'), /<html lang="fr" dir="ltr">/);
    assert.match(await (await fetch(`${api}/w/french.js`)).text(), /Le chat ne peut pas être affiché sur cette page/);

    const visitor = await world.visitor(t, { locale: 'de-DE' });
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    await chat.ask('When do you open?');
    await visible(act(chat, 'menu'));
    await until('it is answered', () => chat.text(), (text) => /6:30/.test(text));
    await hidden(chat.panel.locator('[part~="stop"]'));
    await act(chat, 'menu').click();
    const [download] = await Promise.all([chat.page.waitForEvent('download'), act(chat, 'download').click()]);
    assert.match(readFileSync(await download.path(), 'utf8'), /^Unterhaltung mit Assistant plain\n\n\[[^\]]*\] Sie:/);
  });
});

describe('every text of the chat', () => {
  const answered = (chat) => hidden(chat.panel.locator('.stop'));

  it('comes from the catalogue, and who writes the answers is said beside them, from the terms to the end', async (t) => {
    const visitor = await reader(t);
    const chat = await visitor.open(world.page('terms'));
    await chat.open();
    await visible(chat.terms);
    await complete(chat, 'terms');
    await act(chat, 'decline').click();
    await visible(act(chat, 'reconsider'));
    await complete(chat, 'declined');
    await act(chat, 'reconsider').click();
    await act(chat, 'accept').click();
    await visible(chat.composer);
    await complete(chat, 'nothing asked yet');
    await chat.ask('When do you open?');
    await until('it is answered', () => chat.answers.count());
    await answered(chat);
    await visible(act(chat, 'down'));
    await complete(chat, 'answered');
    await act(chat, 'down').click();
    await visible(chat.answer.locator('textarea'));
    await complete(chat, 'comment');
    await chat.answer.locator('textarea').fill('Too short.');
    await chat.answer.locator('.comment .btn').click();
    await says(chat.answer, /⟦Danke/);
    await complete(chat, 'commented');
    await act(chat, 'menu').click();
    await visible(chat.menu);
    await complete(chat, 'menu');
    await act(chat, 'reset').click();
    await visible(chat.resetModal);
    await complete(chat, 'reset');
    await chat.page.keyboard.press('Escape');
    await chat.ask('What is the capital of Mongolia?');
    await visible(act(chat, 'contact'));
    await complete(chat, 'not answered');
    await act(chat, 'contact').click();
    await visible(chat.contactForm);
    await chat.contactForm.locator('.btn.primary').click();
    await says(chat.contactForm, /⟦Bitte geben/);
    await complete(chat, 'contact form');
    await chat.contactForm.locator('[name=email]').fill('ada@example.org');
    await chat.contactForm.locator('.btn.primary').click();
    await says(chat.contactForm, /⟦Bitte setzen/);
    await chat.contactForm.locator('[name=agree]').check();
    await chat.contactForm.locator('.btn.primary').click();
    await says(chat.notice, /⟦Vielen Dank/);
    await complete(chat, 'contact left');
    await chat.composer.fill('1'.repeat(8_010));
    await says(chat.panel, /⟦10 Zeichen zu viel⟧/);
    await complete(chat, 'too long');
    await visitor.context.setOffline(true);
    await chat.ask('Are you open on Sunday?');
    await says(chat.panel, /⟦Wird gesendet, sobald/);
    await complete(chat, 'offline');
    await visitor.context.setOffline(false);
    await equals('it is sent', () => chat.answers.count(), 3);
    await answered(chat);
    await act(chat, 'menu').click();
    await act(chat, 'finish').click();
    await visible(act(chat, 'anew'));
    await complete(chat, 'ended');
  });

  it('is there when things go wrong', async (t) => {
    const visitor = await reader(t);
    visitor.expect(/blocked by CORS policy/, /ERR_FAILED/, /status of 4/, /status of 5/);
    for (const [slug, words] of [
      ['down', /⟦Diese Antwort konnte nicht|⟦Der Chat-Server/],
      ['cut', /⟦Diese Antwort/],
      ['busy', /⟦/],
    ]) {
      const chat = await visitor.open(world.page(slug));
      await chat.open();
      await chat.ask('Are you there?');
      await says(chat.panel.locator('[part~="assistant"] .status'), words);
      await answered(chat);
      await complete(chat, slug);
    }
    const stalled = await visitor.open(world.page('stalled'));
    await stalled.open();
    await stalled.ask('Tell me everything.');
    await until('it stalls', () => stalled.text(), (text) => text.includes('t5'));
    await complete(stalled, 'streaming');
    await act(stalled, 'stop').click();
    await says(stalled.answer, /⟦Sie haben diese Antwort angehalten/);
    await complete(stalled, 'stopped');
    const refused = await visitor.open(world.strange('plain'));
    await refused.open();
    await says(refused.panel, /⟦Diese Website darf/);
    await complete(refused, 'refused');
    const choice = await visitor.open(world.page('bread'));
    await choice.open();
    await visible(act(choice, 'pick'));
    await complete(choice, 'choice');
    await visitor.context.route('**/v1/widget/handshake', () => {});
    const waiting = await visitor.open(world.page('plain'));
    await waiting.open();
    await says(waiting.panel, /⟦Verbindung wird hergestellt/);
    await complete(waiting, 'connecting');
  });
});

describe('the panel on a narrow phone', () => {
  it('has room for the words of every kind of script', async (t) => {
    for (const locale of ['de', 'fi', 'el', 'ru', 'ja', 'th', 'hi', 'ar', 'he']) {
      const visitor = await world.visitor(t, { locale, viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true });
      const chat = await visitor.open(world.page('terms'));
      await chat.open();
      await equals('the language', () => language(chat), locale);
      const wide = () =>
        chat.panel.evaluate((panel) =>
          [...panel.querySelectorAll('button, section, .fine, .modal, .head')]
            .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
            .map((element) => `${element.className}: ${element.textContent}`),
        );
      await visible(chat.terms);
      assert.deepEqual(await wide(), [], `${locale}: terms`);
      await act(chat, 'accept').click();
      await chat.ask('What is the capital of Mongolia?');
      await visible(act(chat, 'contact'));
      assert.deepEqual(await wide(), [], `${locale}: conversation`);
      await act(chat, 'menu').click();
      await visible(chat.menu);
      assert.deepEqual(await wide(), [], `${locale}: menu`);
      await act(chat, 'reset').click();
      await visible(chat.resetModal);
      assert.deepEqual(await wide(), [], `${locale}: reset`);
      assert.equal(await chat.overflows(), false, locale);
    }
  });
});
