// What a visitor learns of what is stored, takes along, takes back and deletes.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe } from 'node:test';

import { accessible } from '../axe.mjs';
import { equals, focused, hidden, says, until, visible } from '../expect.mjs';
import { proofOf } from '../processes.mjs';
import { it, world } from '../world.mjs';

const TERMS = 'You are talking to a machine.';

/** A visitor with a conversation of one question, and the panel about it. */
async function begin(t, slug = 'terms', options, question = 'When do you open?') {
  const visitor = await world.visitor(t, options);
  const chat = await visitor.open(world.page(slug));
  await chat.open();
  if (slug === 'terms') await chat.accept();
  await chat.ask(question);
  await chat.finished();
  return { visitor, chat, data: chat.panel.getByRole('dialog') };
}

const open = async ({ chat, data }) => {
  await chat.choose('Your data');
  await visible(data);
};

const handle = (chat) => chat.page.evaluate(() => JSON.parse(Object.entries(localStorage).find(([, text]) => text.includes('"secret"'))[1]));

/** What the server says to whoever has the handle. */
const ask = async ({ session_id: id, secret }, path = '') =>
  (await fetch(`${world.server.api}/v1/public/sessions/${id}.${secret}${path}`, { headers: { origin: world.site.origin } })).status;

/** Presses a button and gives the file that comes of it. */
async function file(chat, button) {
  const [download] = await Promise.all([chat.page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

describe('what is stored', () => {
  it('is told with its end, can be taken along in four forms, and can be read by anybody', async (t) => {
    const its = await begin(t);
    const { chat, data } = its;
    await open(its);
    await focused(data.getByRole('heading', { name: 'Your data' }));
    await says(data, /Messages: 2/);
    await says(data, new RegExp(`Website: ${world.site.origin}`));
    await says(data, /Deleted automatically: \w+ \d+, \d{4}/);
    assert.doesNotMatch(await data.innerText(), /IP address|contact details|Ratings/);
    await accessible(chat.page, 'privacy');
    for (const [name, end, words] of [['Plain text', 'txt', /6:30/], ['Markdown', 'md', /6:30/], ['Web page', 'html', /<html/], ['JSON', 'json', /"messages"/]]) {
      const { name: called, text } = await file(chat, data.getByRole('button', { name, exact: true }));
      assert.equal(called, `chat.${end}`);
      assert.match(text, words);
    }
    await data.getByRole('button', { name: 'Back to the chat' }).click();
    await hidden(data);
    await focused(chat.button('Menu'));
  });

  it('is told in the visitor’s language, also when it changes meanwhile', async (t) => {
    const its = await begin(t);
    await open(its);
    await its.chat.page.evaluate(() => window.natter.setLocale('de'));
    await says(its.data, /Ihre Daten[^]*Nachrichten: 2[^]*Wird automatisch gelöscht: \d+\. \w+ \d{4}/);
  });

  it('is reached and left by keyboard alone, and the focus stays within it', async (t) => {
    const its = await begin(t);
    const { chat, data } = its;
    const { keyboard } = chat.page;
    await open(its);
    for (let step = 0; step < 14; step += 1) {
      await keyboard.press('Tab');
      assert.ok(await data.evaluate((node) => node.contains(node.getRootNode().activeElement)), `step ${step}`);
    }
    await keyboard.press('Escape');
    await hidden(data);
    await focused(chat.button('Menu'));
  });
});

describe('the consent', () => {
  it('is shown with its receipt: the text, its hash and the time', async (t) => {
    const its = await begin(t);
    const { chat, data } = its;
    await open(its);
    await says(data, /Given: \w+ \d+, \d{4}[^]*SHA-256\):\s+[0-9a-f]{64}/);
    await hidden(data.getByText(TERMS));
    await data.getByText('Read the terms').click();
    await visible(data.getByText(TERMS));
    const { name, text } = await file(chat, data.getByRole('button', { name: 'Save the receipt' }));
    assert.equal(name, 'consent.json');
    const receipt = JSON.parse(text);
    assert.equal(receipt.text, TERMS);
    assert.match(receipt.hash, /^[0-9a-f]{64}$/);
    assert.ok(Date.parse(receipt.accepted_at) > 0);
  });

  it('is not spoken of where there are no terms', async (t) => {
    const its = await begin(t, 'plain');
    await open(its);
    await says(its.data, /Messages: 2/);
    assert.doesNotMatch(await its.data.innerText(), /consent/i);
  });

  it('that is withdrawn ends the chat until the terms are accepted again, here and in other tabs, and after a reload', async (t) => {
    const its = await begin(t);
    const { visitor, chat, data } = its;
    const other = await visitor.open(chat.page.url());
    await other.open();
    await visible(other.answer);
    const stored = await handle(chat);
    await open(its);
    await data.getByRole('button', { name: 'Withdraw consent' }).click();
    await visible(chat.resetModal);
    await accessible(chat.page, 'withdraw');
    await chat.resetModal.getByRole('button', { name: 'Withdraw consent' }).click();
    for (const tab of [chat, other]) {
      await visible(tab.terms);
      await equals('nothing is shown', () => tab.questions.count(), 0);
    }
    assert.equal(await ask(stored, '/privacy'), 200, 'it was not deleted');
    await chat.page.reload();
    await chat.open();
    await visible(chat.terms);
    // Looking at the list gives no consent, and so does not open it.
    await chat.choose('Your conversations');
    const entry = chat.panel.locator('[part~="conversation"]');
    await says(entry, /Consent withdrawn/);
    assert.ok(await entry.isDisabled());
  });

  it('that is withdrawn on one device is asked for on the others, and taken for given on none', async (t) => {
    const identify = ({ chat }) => chat.page.evaluate((proof) => window.natter.identify({ userId: 'vera', userHash: proof }), proofOf('vera'));
    const entry = ({ chat }) => chat.panel.locator('[part~="conversation"]');
    const one = await begin(t);
    await identify(one);
    const stored = await handle(one.chat);
    const receipt = async () =>
      (await fetch(`${world.server.api}/v1/public/sessions/${stored.session_id}.${stored.secret}/consent-receipt`, { headers: { origin: world.site.origin } })).json();
    const back = async () => {
      const its = await begin(t, 'terms', {}, 'Do you ship to Norway?');
      await identify(its);
      await its.chat.choose('Your conversations');
      await entry(its).filter({ hasText: 'When do you open?' }).click();
      await says(its.chat.questions, /When do you open/);
      return its;
    };
    const [reader, writer] = [await back(), await back()];
    writer.visitor.expect(/status of 400/);
    await open(one);
    await one.data.getByRole('button', { name: 'Withdraw consent' }).click();
    await one.chat.resetModal.getByRole('button', { name: 'Withdraw consent' }).click();
    await visible(one.chat.terms);
    // One reads it again: the terms come first.
    await reader.chat.page.reload();
    await identify(reader);
    await reader.chat.open();
    await visible(reader.chat.terms);
    await hidden(reader.chat.composer);
    await accessible(reader.chat.page, 'withdrawn elsewhere');
    // One goes on as if nothing had happened: what is written waits, and nobody says that the terms were accepted.
    await writer.chat.ask('And on Sunday?');
    await says(writer.chat.terms, /Before we chat/);
    assert.ok((await receipt()).withdrawn_at, 'it was not given by writing');
    await writer.chat.accept();
    await equals('it was asked', () => writer.chat.questions.count(), 2);
    await writer.chat.finished();
    assert.equal((await receipt()).withdrawn_at, undefined);
  });

  it('that was withdrawn on another device cannot be taken for given in the list', async (t) => {
    const identify = ({ chat }) => chat.page.evaluate((proof) => window.natter.identify({ userId: 'vito', userHash: proof }), proofOf('vito'));
    const one = await begin(t);
    await identify(one);
    await open(one);
    await one.data.getByRole('button', { name: 'Withdraw consent' }).click();
    await one.chat.resetModal.getByRole('button', { name: 'Withdraw consent' }).click();
    await visible(one.chat.terms);
    const two = await begin(t);
    await identify(two);
    await two.chat.choose('Your conversations');
    const entry = two.chat.panel.locator('[part~="conversation"]').filter({ hasText: 'Consent withdrawn' });
    await visible(entry);
    assert.ok(await entry.isDisabled());
  });

  it('can be withdrawn with all that was written', async (t) => {
    const its = await begin(t);
    const { chat, data } = its;
    const stored = await handle(chat);
    await open(its);
    await data.getByRole('button', { name: 'Withdraw consent' }).click();
    await chat.resetModal.getByRole('button', { name: 'Withdraw and delete' }).click();
    await visible(chat.terms);
    assert.equal(await ask(stored, '/privacy'), 404);
    await equals('nothing is stored', () => chat.stored(), { cookies: [] });
  });
});

describe('a conversation that is deleted', () => {
  it('is gone from the server, from storage, from the log and from other tabs, after a question', async (t) => {
    const its = await begin(t, 'plain');
    const { visitor, chat, data } = its;
    const other = await visitor.open(chat.page.url());
    await other.open();
    await visible(other.answer);
    await chat.composer.pressSequentially('Half a');
    await until('the draft is kept', () => chat.stored(), (stored) => JSON.stringify(stored).includes('Half a'));
    const stored = await handle(chat);
    await open(its);
    await data.getByRole('button', { name: 'Delete conversation' }).click();
    await says(chat.resetModal, /cannot be undone/);
    await focused(chat.resetModal.getByRole('button', { name: 'Cancel' }));
    await chat.resetModal.getByRole('button', { name: 'Cancel' }).click();
    await visible(data);
    assert.equal(await ask(stored, '/privacy'), 200);
    await data.getByRole('button', { name: 'Delete conversation' }).click();
    await chat.resetModal.getByRole('button', { name: 'Delete conversation' }).click();
    for (const tab of [chat, other]) {
      await equals('nothing is shown', () => tab.questions.count(), 0);
      assert.equal(await tab.answers.count(), 0);
    }
    assert.equal(await ask(stored, '/privacy'), 404);
    assert.equal(await chat.composer.inputValue(), '');
    await equals('nothing is stored', () => chat.stored(), { cookies: [] });
    await hidden(chat.button('Menu'));
  });

  it('stays when the server cannot be reached, and the visitor is told', async (t) => {
    const its = await begin(t, 'plain');
    its.visitor.expect(/ERR_INTERNET_DISCONNECTED/);
    const { chat, data } = its;
    await open(its);
    await data.getByRole('button', { name: 'Delete conversation' }).click();
    await its.visitor.context.setOffline(true);
    const yes = chat.resetModal.getByRole('button', { name: 'Delete conversation' });
    await yes.click();
    await says(chat.resetModal, /can’t be reached/);
    assert.equal(await chat.questions.count(), 1);
    await its.visitor.context.setOffline(false);
    await yes.click();
    await equals('nothing is shown', () => chat.questions.count(), 0);
  });
});

describe('the menu', () => {
  it('is on its way when the pointer or the focus comes to its button, and costs nothing before', async (t) => {
    const visitor = await world.visitor(t);
    const seen = [];
    visitor.context.on('request', (request) => /\/(menu|privacy|history)-/.test(request.url()) && seen.push(request.url()));
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    assert.deepEqual(seen, []);
    await chat.button('Menu').hover();
    await until('it is fetched', () => seen.length, (count) => count === 1);
    await chat.button('Menu').click();
    await visible(chat.menu);
    assert.equal(seen.length, 1);
  });

  it('shows that it is being fetched, and goes with the panel', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    let release;
    const held = new Promise((done) => (release = done));
    await visitor.context.route(/\/assets\/menu-/, async (route) => {
      await held;
      await route.continue();
    });
    await chat.button('Menu').click();
    await equals('it is busy', () => chat.button('Menu').getAttribute('aria-busy'), 'true');
    release();
    await visible(chat.menu);
    await equals('no longer', () => chat.button('Menu').getAttribute('aria-busy'), null);
    await chat.page.evaluate(() => window.natter.close());
    await hidden(chat.panel);
    await chat.open();
    await hidden(chat.menu);
    await equals('it is closed', () => chat.button('Menu').getAttribute('aria-expanded'), 'false');
  });
});
