// The visitor's own conversations on a device: which are listed, gone on with and deleted, and whose they are; what was
// typed and not sent; and the way back from a page that was loaded anew.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { accessible } from '../axe.mjs';
import { equals, hidden, says, until, visible } from '../expect.mjs';
import { proofOf } from '../processes.mjs';
import { it, world } from '../world.mjs';

const FIRST = 'When do you open?';
const SECOND = 'Do you ship to Norway?';

const dialog = (chat) => chat.panel.getByRole('dialog');
const entries = (chat) => chat.panel.locator('[part~="conversation"]');
const texts = (chat) => chat.panel.locator('[part~="visitor"] > [dir="auto"]').allTextContents();

const list = async (chat) => {
  await chat.choose('Your conversations');
  await visible(dialog(chat));
};

const ask = async (chat, question) => {
  await chat.ask(question);
  await equals('it was asked', async () => (await texts(chat)).includes(question), true);
  await chat.finished();
};

const begin = async (t, { slug = 'plain', ...options } = {}) => {
  const visitor = await world.visitor(t, options);
  const chat = await visitor.open(world.page(slug));
  await chat.open();
  return { visitor, chat };
};

const fresh = async (chat) => {
  await list(chat);
  await chat.button('Start a new conversation').click();
  await equals('it is empty', () => chat.questions.count(), 0);
};

const kept = (chat, end) => chat.page.evaluate((end) => Object.entries(localStorage).find(([key]) => key.endsWith(end))?.[1] ?? null, end);
const handle = async (chat) => JSON.parse(await kept(chat, ':plain'));
const status = async ({ session_id: id, secret }) =>
  (await fetch(`${world.server.api}/v1/public/sessions/${id}.${secret}/privacy`, { headers: { origin: world.site.origin } })).status;

const identify = (chat, user, proof = proofOf(user)) =>
  chat.page.evaluate(([userId, userHash]) => window.natter.identify({ userId, userHash }), [user, proof]);

describe('earlier conversations', () => {
  it('are listed with question, time and state, can be gone on with, and a new one loses nothing', async (t) => {
    const { chat } = await begin(t, { locale: 'en-GB' });
    await ask(chat, FIRST);
    await chat.choose('End Chat Session');
    await chat.button('Start a new conversation').click();
    await ask(chat, SECOND);
    await list(chat);
    const { year } = await chat.page.evaluate(() => ({ year: new Date().getFullYear() }));
    await equals('both are there', async () => (await entries(chat).allInnerTexts()).map((text) => text.split('\n')[0]), [SECOND, FIRST]);
    await says(entries(chat).first(), new RegExp(`\\d+ \\w+ ${year}, \\d\\d:\\d\\d · shown now`));
    await says(entries(chat).last(), /· ended/);
    await accessible(chat.page, 'list');
    await chat.button('Start a new conversation').click();
    await equals('it is empty', () => chat.questions.count(), 0);
    await list(chat);
    await entries(chat).first().click();
    await equals('it is back', () => texts(chat), [SECOND]);
    await ask(chat, 'And to Iceland?');
    assert.equal(await chat.questions.count(), 2);
    await list(chat);
    await entries(chat).filter({ hasText: FIRST }).click();
    await equals('the ended one is shown', () => texts(chat), [FIRST]);
    await says(chat.panel, /has ended/);
    await chat.page.reload();
    await chat.open();
    await equals('also after a reload', () => texts(chat), [FIRST]);
  });

  it('are deleted one by one, on the server too, after a question', async (t) => {
    const { chat } = await begin(t);
    await ask(chat, FIRST);
    const first = await handle(chat);
    await fresh(chat);
    await ask(chat, SECOND);
    await list(chat);
    await chat.button(`Delete “${FIRST}”`).click();
    await says(chat.resetModal, /cannot be undone/);
    await accessible(chat.page, 'delete one');
    await chat.button('Cancel').click();
    await equals('both are there', () => entries(chat).count(), 2);
    assert.equal(await status(first), 200);
    await chat.button(`Delete “${FIRST}”`).click();
    await chat.button('Delete conversation').click();
    await equals('one is left', () => entries(chat).count(), 1);
    assert.equal(await status(first), 404);
    assert.deepEqual(await texts(chat), [SECOND]);
    await chat.button(`Delete “${SECOND}”`).click();
    await chat.button('Delete conversation').click();
    await equals('nothing is shown', () => chat.questions.count(), 0);
    await equals('nothing is stored', () => chat.stored(), { cookies: [] });
  });

  it('are listed though the menu was never opened before they ended', async (t) => {
    const { visitor, chat } = await begin(t);
    visitor.expect(/status of 409/);
    await ask(chat, FIRST);
    const { session_id: id, secret } = await handle(chat);
    // Somebody else ends it: another device, or the owner.
    const ended = await fetch(`${world.server.api}/v1/public/sessions/${id}.${secret}/finish`, { method: 'POST', headers: { origin: world.site.origin, 'content-type': 'application/json' }, body: '{}' });
    assert.equal(ended.status, 200);
    await chat.ask('And on Sunday?');
    await chat.button('Start a new conversation').click();
    await equals('it is empty', () => chat.questions.count(), 0);
    await chat.composer.fill('');
    await list(chat);
    await says(entries(chat), /^When do you open\?[^]*ended/);
    await entries(chat).click();
    await equals('it is back', () => texts(chat), [FIRST]);
  });

  it('are in no list before a question was asked, and never more than twenty', async (t) => {
    const { chat } = await begin(t);
    await visible(chat.composer);
    assert.deepEqual(await chat.stored(), { cookies: [] });
    await hidden(chat.button('Menu'));
    await ask(chat, FIRST);
    await chat.page.evaluate(() => {
      const key = Object.keys(localStorage).find((name) => name.endsWith(':plain'));
      const one = (number) => ({ ...JSON.parse(localStorage[key]), session_id: `ses_${number}`, title: `Question ${number}`, at: new Date(Date.now() - number * 60_000), status: 'open' });
      localStorage[`${key}:history`] = JSON.stringify([...Array(30).keys()].map((number) => one(number + 1)));
    });
    await list(chat);
    assert.equal(await entries(chat).count(), 20);
    await says(entries(chat).first(), /When do you open/);
    // What an earlier week left cannot be opened any more.
    await chat.page.evaluate(() => {
      const key = Object.keys(localStorage).find((name) => name.endsWith(':history'));
      localStorage[key] = localStorage[key].replaceAll(/"at":"\d{4}/g, '"at":"2020');
    });
    await chat.page.keyboard.press('Escape');
    await list(chat);
    assert.equal(await entries(chat).count(), 1);
  });

  it('that are gone are named as gone, and leave the list', async (t) => {
    const { chat } = await begin(t);
    await ask(chat, FIRST);
    const { session_id: id, secret } = await handle(chat);
    await fresh(chat);
    await fetch(`${world.server.api}/v1/public/sessions/${id}.${secret}`, { method: 'DELETE', headers: { origin: world.site.origin } });
    await list(chat);
    await entries(chat).click();
    await says(chat.notice, /no longer available/);
    assert.equal(await kept(chat, ':history'), null);
  });

  it('are forgotten with a log-out and with another user, also in a frame', async (t) => {
    const { api } = world.server;
    const strict = { 'content-security-policy': `default-src 'none'; script-src ${api} 'unsafe-inline'; connect-src ${api}; frame-src ${api}; img-src data:` };
    for (const headers of [{}, strict]) {
      const visitor = await world.visitor(t);
      visitor.expect(/Content Security Policy/, /violates the/, /CompileError/, /status of 4/);
      const page = await visitor.open(world.page('plain', {}, headers));
      const chat = headers === strict ? page.framed : page;
      await page.bubble.click();
      await ask(chat, FIRST);
      await fresh(chat);
      assert.match(await kept(page, ':history'), /When do you open/);
      await page.page.evaluate(() => window.natter.logout());
      await equals('nothing is stored', () => page.stored(), { cookies: [] });
      await hidden(chat.button('Menu'));
      await identify(page, 'ada');
      await ask(chat, SECOND);
      await chat.button('Menu').click();
      await visible(chat.menu);
      assert.doesNotMatch(await kept(page, ':history'), /When do you open/);
      await identify(page, 'grace');
      await equals('nothing is stored', () => page.stored(), { cookies: [] });
    }
  });
});

describe('the conversations of a user', () => {
  it('whom the site has proven are there on every device', async (t) => {
    const one = await begin(t);
    await identify(one.chat, 'mary');
    await ask(one.chat, FIRST);
    const first = await handle(one.chat);
    const two = await begin(t);
    await identify(two.chat, 'mary');
    await ask(two.chat, SECOND);
    await list(two.chat);
    await equals('both are there', async () => (await entries(two.chat).allInnerTexts()).map((text) => text.split('\n')[0]).sort(), [SECOND, FIRST]);
    await entries(two.chat).filter({ hasText: FIRST }).click();
    await equals('it is shown', () => texts(two.chat), [FIRST]);
    await ask(two.chat, 'And on Sunday?');
    await equals('it goes on in both', () => texts(two.chat), [FIRST, 'And on Sunday?']);
    await list(two.chat);
    await two.chat.button(`Delete “${SECOND}”`).click();
    await two.chat.button('Delete conversation').click();
    await equals('one is left', () => entries(two.chat).count(), 1);
    assert.equal(await status(first), 200);
  });

  it('whom the site only names are not', async (t) => {
    const one = await begin(t);
    await identify(one.chat, 'edith');
    await ask(one.chat, FIRST);
    const two = await begin(t);
    const seen = [];
    two.visitor.context.on('request', (request) => /lookup/.test(request.url()) && seen.push(request.url()));
    await two.chat.page.evaluate(() => window.natter.identify({ userId: 'edith' }));
    await ask(two.chat, SECOND);
    await list(two.chat);
    assert.equal(await entries(two.chat).count(), 1);
    assert.deepEqual(seen, []);
  });

  it('are shown after a reload only when the server has said that they are the user’s', async (t) => {
    const { visitor, chat } = await begin(t);
    await identify(chat, 'ada');
    await ask(chat, FIRST);
    let release;
    const held = new Promise((done) => (release = done));
    await visitor.context.route(/\/identity$/, async (route) => {
      await held;
      await route.continue();
    });
    await chat.page.reload();
    await until('the script is there', () => chat.page.evaluate(() => Boolean(window.natter?.identify)));
    await identify(chat, 'ada');
    const asked = chat.page.waitForRequest(/\/identity$/);
    await chat.open();
    await asked;
    await says(chat.panel, /Connecting/);
    assert.equal(await chat.questions.count(), 0);
    assert.doesNotMatch(await chat.panel.evaluate((panel) => panel.textContent), /When do you open\?[^]*6:30/);
    release();
    await equals('it is shown', () => texts(chat), [FIRST]);
  });

  it('are never shown to another one, whatever the page’s storage says', async (t) => {
    const { visitor, chat } = await begin(t);
    visitor.expect(/status of 409/);
    await identify(chat, 'ada');
    await ask(chat, FIRST);
    // As if the page had not noticed that another user has come.
    await chat.page.evaluate(() => Object.keys(localStorage).filter((name) => name.endsWith(':user')).forEach((name) => localStorage.removeItem(name)));
    await chat.page.reload();
    await until('the script is there', () => chat.page.evaluate(() => Boolean(window.natter?.identify)));
    await chat.page.evaluate(() => {
      window.seen = 0;
      new MutationObserver(() => (window.seen += document.querySelector('natter-chat').shadowRoot.querySelectorAll('[part~="visitor"]').length))
        .observe(document.querySelector('natter-chat').shadowRoot, { childList: true, subtree: true });
    });
    await identify(chat, 'grace');
    const refused = chat.page.waitForResponse((response) => response.status() === 409);
    await chat.open();
    await refused;
    await visible(chat.composer);
    assert.equal(await chat.questions.count(), 0);
    assert.equal(await chat.page.evaluate(() => window.seen), 0, 'it was never drawn');
    assert.equal(await kept(chat, ':plain'), null);
    await ask(chat, SECOND);
    assert.deepEqual(await texts(chat), [SECOND]);
  });
});

describe('what was typed and not sent', () => {
  it('is there after a reload and on the next page, and not before anything was typed', async (t) => {
    const { chat } = await begin(t);
    await visible(chat.composer);
    await chat.page.evaluate(() => window.natter.prefill('The page’s'));
    await equals('it is there', () => chat.composer.inputValue(), 'The page’s');
    // What waits to be written is written when the page goes.
    await chat.page.evaluate(() => dispatchEvent(new Event('pagehide')));
    assert.deepEqual(await chat.stored(), { cookies: [] });
    await chat.composer.fill('');
    await chat.composer.pressSequentially('Half a');
    await chat.page.reload();
    await chat.open();
    await equals('it is there', () => chat.composer.inputValue(), 'Half a');
    await chat.page.goto(world.page('plain'));
    await chat.open();
    await equals('it is there', () => chat.composer.inputValue(), 'Half a');
    await ask(chat, FIRST);
    await chat.page.reload();
    await chat.open();
    await visible(chat.answer);
    assert.equal(await chat.composer.inputValue(), '');
    assert.doesNotMatch(JSON.stringify(await chat.stored()), /Half a/);
  });

  it('goes with a log-out and a reset', async (t) => {
    const { chat } = await begin(t);
    for (const end of [() => chat.page.evaluate(() => window.natter.logout()), async () => {
      await chat.choose('Reset chat');
      await chat.button('Yes, reset').click();
    }]) {
      await ask(chat, FIRST);
      await chat.composer.pressSequentially('A secret');
      await until('it is kept', () => chat.stored(), (stored) => JSON.stringify(stored).includes('A secret'));
      await end();
      await equals('nothing is stored', () => chat.stored(), { cookies: [] });
      assert.equal(await chat.composer.inputValue(), '');
    }
  });

  it('is not lost to an edit that is given up, sent, or cut off by a reload', async (t) => {
    const { chat } = await begin(t, { slug: 'quick' });
    await ask(chat, FIRST);
    await chat.composer.pressSequentially('Half a');
    const edit = async () => {
      await chat.button('Edit question').click();
      await equals('the question is there', () => chat.composer.inputValue(), FIRST);
    };
    await edit();
    await chat.page.keyboard.press('Escape');
    await equals('it is back', () => chat.composer.inputValue(), 'Half a');
    await edit();
    await chat.composer.press('End');
    await chat.composer.pressSequentially(' Really?');
    await chat.page.reload();
    await chat.open();
    await visible(chat.answer);
    await equals('it is back', () => chat.composer.inputValue(), 'Half a');
    await edit();
    await chat.composer.fill('Other words');
    await chat.composer.press('Enter');
    await equals('it was sent', () => texts(chat), ['Other words']);
    await equals('it is back', () => chat.composer.inputValue(), 'Half a');
  });
});

describe('a phone', () => {
  const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

  it('whose page is loaded anew with an open chat needs no further "back"', async (t) => {
    const visitor = await world.visitor(t, PHONE);
    const chat = await visitor.open(world.page('plain'));
    const before = chat.page.url();
    await chat.page.goto(world.page('plain'));
    const url = chat.page.url();
    await chat.bubble.tap();
    await chat.ask(FIRST);
    await chat.finished();
    await chat.page.reload();
    const state = () => chat.page.evaluate(() => history.state?.natter ?? null);
    assert.notEqual(await state(), null);
    await equals('the entry is gone', state, null);
    assert.equal(chat.page.url(), url);
    // The chat opens and closes as before.
    await chat.bubble.tap();
    await visible(chat.answer);
    await chat.page.goBack();
    await hidden(chat.panel);
    assert.equal(chat.page.url(), url);
    await chat.page.goBack();
    assert.equal(chat.page.url(), before);
  });

  it('needs none either when nothing was asked before it was loaded anew', async (t) => {
    const visitor = await world.visitor(t, PHONE);
    const chat = await visitor.open(world.page('plain'));
    const before = chat.page.url();
    await chat.page.goto(world.page('plain'));
    await chat.bubble.tap();
    await visible(chat.composer);
    await chat.page.reload();
    const state = () => chat.page.evaluate(() => history.state?.natter ?? null);
    assert.notEqual(await state(), null);
    await equals('the entry is gone', state, null);
    await hidden(chat.panel);
    assert.deepEqual(await chat.stored(), { cookies: [] });
    await chat.page.goBack();
    assert.equal(chat.page.url(), before);
  });

  it('opens the chat at once after such a reload, and "back" closes it', async (t) => {
    const visitor = await world.visitor(t, PHONE);
    const chat = await visitor.open(world.page('plain'));
    await chat.bubble.tap();
    await visible(chat.composer);
    await chat.page.reload();
    await chat.bubble.tap();
    await visible(chat.composer);
    await chat.page.goBack();
    await hidden(chat.panel);
    await equals('the entry is gone', () => chat.page.evaluate(() => history.state?.natter ?? null), null);
  });
});
