// Two chatbots on one page: two chats that know nothing of each other.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { Chat } from '../chat.mjs';
import { equals, hidden, until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

/** The chat of one chatbot among several. */
const chatOf = (page, slug) => {
  const element = page.locator('natter-chat', { has: page.locator(`[part~="bubble"][aria-label*="${slug}"]`) });
  const chat = new Chat(page, element);
  chat.bubble = element.locator('[part~="bubble"]');
  return chat;
};

describe('two chatbots on one page', () => {
  it('are open and answer at once, each with its own conversation, storage and draft, also after a reload', async (t) => {
    const visitor = await world.visitor(t, { viewport: { width: 1280, height: 800 } });
    const { api } = world.server;
    const body = `<script src="${api}/w/long.js" async data-natter-position="bottom-left"></script>`;
    const { page } = await visitor.open(world.page('slow', { body }));
    const chats = { slow: chatOf(page, 'slow'), long: chatOf(page, 'long') };
    const both = (run) => Promise.all(Object.entries(chats).map(([slug, chat]) => run(chat, slug)));
    const kept = () => page.evaluate(() => Object.fromEntries(Object.entries(localStorage).filter(([key]) => /:(slow|long)$/.test(key))));

    await chats.slow.open();
    await chats.long.open();
    // One after the other, since there is one keyboard; the longer answer first.
    await chats.long.ask('What does long say?');
    await chats.slow.ask('What does slow say?');
    await visible(chats.slow.button('Stop answering'));
    assert.deepEqual(await Promise.all(Object.values(chats).map((chat) => chat.button('Stop answering').isVisible())), [true, true], 'both answer at once');
    await both((chat) => until('it is answered', () => chat.button('Stop answering').isVisible(), (now) => !now, 30_000));
    const said = await both((chat) => chat.conversation());
    for (const [at, slug] of Object.keys(chats).entries()) {
      assert.equal(said[at].length, 2);
      assert.deepEqual(said[at][0], ['visitor', `What does ${slug} say?`]);
    }
    // Their answers have as many words as their models write.
    assert.deepEqual(said.map(([, [, text]]) => text.split(/\s+/).length > 200), [false, true]);
    const handles = await kept();
    assert.deepEqual(Object.keys(handles).map((key) => key.replace(/.*:/, '')).sort(), ['long', 'slow']);
    assert.equal(new Set(Object.values(handles).map((text) => JSON.parse(text).session_id)).size, 2, 'two sessions');

    for (const [slug, chat] of Object.entries(chats)) await chat.composer.fill(`Unsent of ${slug}`);
    await page.reload();
    await chats.slow.open();
    await chats.long.open();
    await both((chat) => visible(chat.answer));
    assert.deepEqual(await both((chat) => chat.conversation()), said);
    await both((chat, slug) => equals('the draft', () => chat.composer.inputValue(), `Unsent of ${slug}`));
    assert.deepEqual(await kept(), handles);

    // What ends in one goes on in the other.
    await page.evaluate(() => window.natter.get('slow').logout());
    await equals('one is empty', () => chats.slow.questions.count(), 0);
    assert.equal(await chats.long.questions.count(), 1);
    assert.equal(await chats.long.composer.inputValue(), 'Unsent of long');
    await chats.slow.button('Close chat').click();
    await hidden(chats.slow.panel);
    await visible(chats.long.panel);
  });
});
