// Invitations beside the bubble, the panel that closes by itself, and answers that come while nobody looks.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { accessible } from '../axe.mjs';
import { Chat } from '../chat.mjs';
import { equals, focused, hidden, says, until, visible } from '../expect.mjs';
import { embedding } from '../site.mjs';
import { it, world } from '../world.mjs';

const LONG = '<p>Line by line.</p>'.repeat(200);
/** A page of the inviting chatbot at a path of its own. */
const page = (path, parts) => world.site.add(embedding(world.server.api, 'inviting', { body: LONG, ...parts }), {}, path);

const teaser = (chat) => chat.page.locator('natter-chat [part~="invitation"]');
const open = (chat) => teaser(chat).locator('[part~="invitation-text"]');
const close = (chat) => teaser(chat).locator('[part~="invitation-close"]');

/** Opens a page whose clock the test turns. */
async function turned(visitor, url) {
  const page = await visitor.context.newPage();
  await page.clock.install();
  await page.goto(url);
  const chat = new Chat(page);
  await visible(chat.bubble);
  return chat;
}
/** Waits until the script that invites has begun to look. */
const looking = async (chat) => {
  await until('it is there', () => chat.page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('/invite-'))));
};
const scroll = (chat, share) =>
  chat.page.evaluate((share) => scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * share), share);
const kept = (chat) => chat.page.evaluate(() => ({ local: Object.keys(localStorage), tab: Object.keys(sessionStorage) }));

describe('an invitation', () => {
  it('comes when so much was read, takes no focus, can be read by everybody, and opens the chat', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(page('/long-1.html'));
    await visible(chat.bubble);
    await looking(chat);
    await scroll(chat, 0.3);
    assert.deepEqual(await kept(chat), { local: [], tab: [] });
    assert.equal(await teaser(chat).count(), 0);
    await scroll(chat, 0.7);
    await says(teaser(chat), /Did you like what you read\?/);
    assert.equal(await chat.page.evaluate(() => document.activeElement.localName), 'body');
    assert.equal(await open(chat).getByRole('status').count(), 1);
    await accessible(chat.page, 'invitation');
    await open(chat).click();
    await visible(chat.panel);
    await hidden(teaser(chat));
  });

  it('comes once in a tab, and not again to one who closed it', async (t) => {
    const visitor = await world.visitor(t);
    const url = page('/long-2.html');
    const chat = await visitor.open(url);
    await looking(chat);
    await scroll(chat, 1);
    await visible(open(chat));
    await chat.page.reload();
    await looking(chat);
    await scroll(chat, 0);
    await scroll(chat, 1);
    await chat.bubble.hover();
    assert.equal(await teaser(chat).count(), 0);
    // In another tab it comes again, until it is closed.
    const other = await visitor.open(url);
    await looking(other);
    await scroll(other, 1);
    await close(other).focus();
    await other.page.keyboard.press('Enter');
    await hidden(teaser(other));
    await focused(other.bubble);
    const third = await visitor.open(url);
    await looking(third);
    await scroll(third, 1);
    await third.bubble.hover();
    assert.equal(await teaser(third).count(), 0);
    // A log-out leaves nothing of it.
    await until('the app is there', () => third.page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('/host-'))));
    await third.page.evaluate(() => window.natter.logout());
    await equals('nothing is left', () => kept(third), { local: [], tab: [] });
  });

  it('waits for its time, in the visitor’s language, from the right where that is read so', async (t) => {
    const visitor = await world.visitor(t, { locale: 'ar-EG' });
    const chat = await turned(visitor, page('/shoes/1.html'));
    let seconds = 0;
    await until('it comes', async () => {
      await chat.page.clock.runFor(1000);
      seconds += 1;
      return teaser(chat).count();
    });
    assert.ok(seconds >= 24, `after ${seconds} s`);
    await chat.page.clock.resume();
    await says(teaser(chat), /هل أنت غير متأكد من المقاس؟/);
    assert.equal(await open(chat).getAttribute('lang'), 'ar');
    assert.equal(await close(chat).getAttribute('aria-label'), 'إغلاق');
  });

  it('follows the language that the page chooses, before the app is there and afterwards', async (t) => {
    const visitor = await world.visitor(t, { locale: 'en-US' });
    const chat = await turned(visitor, page('/shoes/1.html'));
    const speak = async (locale) => {
      await chat.page.evaluate((locale) => window.natter.setLocale(locale), locale);
      await chat.page.clock.runFor(1000);
    };
    await speak('ar');
    await until('it comes', async () => {
      await chat.page.clock.runFor(1000);
      return teaser(chat).count();
    });
    await chat.page.clock.runFor(100);
    await says(teaser(chat), /هل أنت غير متأكد من المقاس؟/);
    await speak('en');
    await until('it is English', () => chat.page.clock.runFor(50).then(() => close(chat).getAttribute('aria-label')), (label) => label === 'Dismiss');
    await says(teaser(chat), /Not sure/);
    assert.equal(await open(chat).getAttribute('lang'), 'en');
    // With the app there, it is the app that is told.
    const fetched = chat.page.waitForResponse(/\.wasm$/);
    await chat.page.clock.resume();
    await chat.bubble.hover();
    await fetched;
    await chat.page.evaluate(() => window.natter.setLocale('ar'));
    await says(teaser(chat), /هل أنت غير متأكد من المقاس؟/);
    assert.equal(await close(chat).getAttribute('aria-label'), 'إغلاق');
  });

  it('is for its pages alone, also where a page changes its address by itself', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(page('/short-1.html'));
    await looking(chat);
    await scroll(chat, 1);
    assert.equal(await teaser(chat).count(), 0);
    await chat.page.evaluate(() => history.pushState({}, '', '/long-3.html'));
    await scroll(chat, 0);
    await scroll(chat, 1);
    await visible(open(chat));
    await chat.page.evaluate(() => history.pushState({}, '', '/elsewhere.html'));
    await scroll(chat, 0);
    await hidden(teaser(chat));
  });

  it('knows who has had a conversation before', async (t) => {
    const visitor = await world.visitor(t);
    const url = page('/returning-1.html');
    const chat = await visitor.open(url);
    await looking(chat);
    await scroll(chat, 1);
    assert.equal(await teaser(chat).count(), 0);
    await chat.open();
    await chat.ask('Hello?');
    await chat.finished();
    const again = await visitor.open(url);
    await says(teaser(again), /Welcome back!/);
    const once = await visitor.open(url);
    await looking(once);
    await scroll(once, 1);
    assert.equal(await teaser(once).count(), 0);
  });

  it('is not there where nothing can be remembered, and nothing complains', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(
      page('/long-4.html', {
        head: `<script>for (const name of ['localStorage', 'sessionStorage'])
          Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });</script>`,
      }),
    );
    await looking(chat);
    await scroll(chat, 1);
    await chat.bubble.hover();
    assert.equal(await teaser(chat).count(), 0);
  });

  it('covers no more of a phone than the band of the bubble', async (t) => {
    const visitor = await world.visitor(t, { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
    const chat = await visitor.open(page('/long-5.html'));
    await looking(chat);
    await scroll(chat, 1);
    await says(teaser(chat), /Did you like/);
    const [words, bubble] = [await teaser(chat).boundingBox(), await chat.bubble.boundingBox()];
    assert.ok(words.x >= 8 && words.x + words.width <= bubble.x, JSON.stringify({ words, bubble }));
    assert.ok(words.height < 90, `${words.height}`);
    assert.ok(!(await chat.overflows()));
    for (const button of [open(chat), close(chat)]) assert.ok((await button.boundingBox()).height >= 44);
  });

  it('costs a chatbot without any neither a byte nor a request', async (t) => {
    const script = async (slug) => (await fetch(`${world.server.api}/w/${slug}.js`)).text();
    assert.match(await script('inviting'), /\/assets\/invite-/);
    const [plain, template] = [await script('plain'), await script('drawn')];
    for (const text of [plain, template]) assert.doesNotMatch(text, /invite|import\(\(s/);
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain'));
    await visible(chat.bubble);
    const asked = await chat.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    assert.deepEqual(asked, [`${world.server.api}/w/plain.js`]);
  });
});

describe('a panel that closes by itself', () => {
  const begun = async (t) => {
    const visitor = await world.visitor(t);
    const chat = await turned(visitor, world.page('brief'));
    await chat.open();
    await visible(chat.composer);
    await focused(chat.composer);
    return chat;
  };

  it('stays while it has the focus', async (t) => {
    const chat = await begun(t);
    await chat.page.mouse.move(2, 2);
    await chat.page.clock.runFor(120_000);
    assert.ok(await chat.panel.isVisible());
  });

  it('closes once nobody is at it, and leaves the focus where it is', async (t) => {
    const chat = await begun(t);
    await chat.page.evaluate(() => {
      const field = document.body.appendChild(document.createElement('input'));
      field.focus();
    });
    await chat.page.mouse.move(2, 2);
    await chat.page.clock.runFor(70_000);
    await hidden(chat.panel);
    assert.equal(await chat.page.evaluate(() => document.activeElement.localName), 'input');
  });
});

describe('an answer that comes while nobody looks', () => {
  // A tab that is out of sight, and a sound that is counted.
  const pretend = () => {
    window.notes = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...values) {
      window.notes += 1;
      return start.apply(this, values);
    };
    let away = false;
    Object.defineProperty(document, 'hidden', { get: () => away });
    window.leave = (now) => {
      away = now;
      document.dispatchEvent(new Event('visibilitychange'));
    };
  };
  const asked = async (t, slug) => {
    const visitor = await world.visitor(t);
    await visitor.context.addInitScript(pretend);
    const chat = await visitor.open(world.page(slug));
    await chat.open();
    await visible(chat.composer);
    return chat;
  };
  /** The same where the page's policy lets the app run in a frame only. */
  const framed = async (t, slug) => {
    const { api } = world.server;
    const policy = { 'content-security-policy': `default-src 'none'; script-src ${api} 'unsafe-inline'; connect-src ${api}; frame-src ${api}; img-src data:` };
    const visitor = await world.visitor(t);
    visitor.expect(/Content Security Policy/, /violates the/, /CompileError/);
    await visitor.context.addInitScript(pretend);
    const page = await visitor.open(world.page(slug, {}, policy));
    await page.bubble.click();
    await visible(page.framed.composer);
    return page;
  };
  const title = (chat) => chat.page.evaluate(() => document.querySelector('title').textContent);
  const send = (chat, text) => chat.page.evaluate((text) => window.natter.send(text), text);

  it('is counted in the title until somebody looks, and then the title is what it was', async (t) => {
    const chat = await asked(t, 'plain');
    await chat.button('Close chat').click();
    await chat.page.evaluate(() => {
      document.querySelector('title').textContent = ' Somebody’s  title ';
      window.leave(true);
    });
    await send(chat, 'When do you open?');
    await equals('it is counted', () => title(chat), '(1)  Somebody’s  title ');
    await send(chat, 'Do you ship to Norway?');
    await equals('both are counted', () => title(chat), '(2)  Somebody’s  title ');
    await chat.page.evaluate(() => window.leave(false));
    await equals('it is as before', () => title(chat), ' Somebody’s  title ');
    assert.equal(await chat.page.evaluate(() => window.notes), 0, 'this owner wants no sound');
  });

  it('leaves a title alone that the page has changed meanwhile', async (t) => {
    const chat = await asked(t, 'plain');
    await chat.button('Close chat').click();
    await chat.page.evaluate(() => window.leave(true));
    await send(chat, 'When do you open?');
    await until('it is counted', () => title(chat), (text) => text.startsWith('(1)'));
    await chat.page.evaluate(() => {
      document.title = 'Three new mails';
      window.leave(false);
    });
    assert.equal(await title(chat), 'Three new mails');
  });

  it('is heard where the owner wants it, and not by a visitor who has said no', async (t) => {
    const chat = await asked(t, 'asking');
    await chat.ask('When do you open?');
    await chat.finished();
    assert.equal(await chat.page.evaluate(() => window.notes), 0, 'who looks needs no sound');
    await chat.button('Close chat').click();
    await send(chat, 'Do you ship to Norway?');
    await equals('two notes', () => chat.page.evaluate(() => window.notes), 2);
    await chat.page.evaluate(() => window.leave(false));
    await chat.open();
    await chat.button('Menu').click();
    await chat.menu.getByRole('switch', { name: 'Sound for new answers' }).click();
    await chat.button('Close chat').click();
    await chat.page.evaluate(() => window.leave(true));
    await send(chat, 'And to Iceland?');
    await until('it has come', () => title(chat), (text) => text.startsWith('(1)'));
    assert.equal(await chat.page.evaluate(() => window.notes), 2);
  });

  it('is heard in a frame as in the page', async (t) => {
    const chat = await framed(t, 'asking');
    const inside = chat.page.frames().find((frame) => frame.url().startsWith(world.server.api));
    const notes = () => inside.evaluate(() => window.notes);
    await chat.framed.ask('When do you open?');
    await chat.framed.finished();
    assert.equal(await notes(), 0, 'who looks needs no sound');
    await chat.framed.button('Close chat').click();
    await send(chat, 'Do you ship to Norway?');
    await equals('two notes', notes, 2);
    await chat.bubble.click();
    await visible(chat.framed.answer);
    await chat.framed.ask('And on Sunday?');
    await equals('it has come', () => chat.framed.questions.count(), 3);
    await chat.framed.finished();
    assert.equal(await notes(), 2, 'who looks again neither');
    await chat.framed.button('Menu').click();
    await chat.framed.panel.getByRole('switch').click();
    await chat.framed.button('Close chat').click();
    await chat.page.evaluate(() => natter.on('answer', () => (window.come = true)));
    await send(chat, 'And to Iceland?');
    await until('it has come', () => chat.page.evaluate(() => window.come));
    await inside.evaluate(() => new Promise((done) => setTimeout(() => setTimeout(done))));
    assert.equal(await notes(), 2, 'the visitor has said no');
    assert.equal(await chat.page.evaluate(() => window.notes), 0, 'the page itself is silent');
  });
});
