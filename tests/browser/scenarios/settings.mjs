// What an owner sets, and what a page may say otherwise.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { equals, hidden, says, visible } from '../expect.mjs';
import { hearReports } from '../hosts.mjs';
import { it, world } from '../world.mjs';

describe('an owner’s settings', () => {
  it('are all honoured', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('dressed'));
    // `open_on_page_load`: nobody has pressed the bubble.
    await visible(chat.composer);
    await says(chat.panel, /A title\s+A subtitle/);
    await says(chat.panel, /Dressed\s+A label/);
    assert.equal(await chat.composer.getAttribute('placeholder'), 'A placeholder');
    assert.doesNotMatch(await chat.panel.innerText(), /Nobody sees this|Powered by/);
    const box = await chat.bubble.boundingBox();
    assert.ok(box.x < 100 && box.y < 100, 'the bubble is at the top left');
    const { color, background } = await chat.panel.evaluate((panel) => {
      const { color, backgroundColor } = getComputedStyle(panel);
      return { color, background: backgroundColor };
    });
    assert.ok(brightness(color) > brightness(background), 'the theme is dark');
    const bubble = await chat.bubble.evaluate((element) => {
      const { color, backgroundColor } = getComputedStyle(element);
      return { color, background: backgroundColor };
    });
    assert.equal(bubble.background, 'rgb(255, 238, 0)');
    assert.ok(brightness(bubble.color) < 100, 'text on a bright colour is dark');
    assert.match(await chat.button('Send message').evaluate((button) => getComputedStyle(button).outlineColor), /rgb\(1, 2, 3\)/);

    await chat.ask('Which colour has the sky?');
    assert.match(await chat.finished(), /blue/);
    assert.equal(await chat.sources.count(), 0);
    assert.equal(await chat.answer.getByRole('button', { name: 'Helpful' }).count(), 0);
    await chat.ask('What is the capital of Mongolia?');
    await equals('there are two answers', () => chat.answers.count(), 2);
    assert.equal(await chat.finished(), 'No idea.');
    assert.equal(await chat.answer.getByRole('button', { name: 'Leave your contact details' }).count(), 0);
    await chat.button('Menu').click();
    await says(chat.panel, /Fetch it/);
    await visible(chat.button('Stop here'));
    // Without the question before it, a reset resets.
    await chat.button('Reset chat').click();
    await equals('all is gone', () => chat.questions.count(), 0);
    assert.equal(await chat.page.evaluate(() => window.ownersScript), undefined, 'the owner’s script did not run');
  });

  it('let the owner’s script run only where the page’s own tag says so', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('dressed', { tag: 'data-allow-custom-js' }));
    await visible(chat.composer);
    await equals('it ran once', () => chat.page.evaluate(() => window.ownersScript), 1);
  });

  it('offer a choice where there is more than one chatbot, in the owner’s order', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('bread'));
    await chat.open();
    const entries = chat.panel.locator('[part~="chatbot"]');
    await equals('both are there', () => entries.allInnerTexts().then((texts) => texts.map((text) => text.split('\n')[0])), ['Confectioner', 'Baker']);
    await entries.first().click();
    await visible(chat.composer);
    await chat.button('Choose another assistant').click();
    await entries.last().click();
    await chat.ask('What is your bread made of?');
    assert.match(await chat.finished(), /rye/);
    await says(chat.panel, /^\s*Baker/);
    await hidden(chat.button('Choose another assistant'));
  });
});

describe('an owner’s icon of the bubble', () => {
  const shape = (chat) => chat.bubble.evaluate((bubble) => getComputedStyle(bubble, ':before').clipPath);

  it('is there at once when it is a plain drawing', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('drawn'));
    await visible(chat.bubble);
    assert.match(await shape(chat), /^path\("M ?2 2/i);
  });

  it('replaces the glyph when a visitor turns to the bubble, and nothing asks for it before', async (t) => {
    const visitor = await world.visitor(t);
    const asked = [];
    visitor.context.on('request', (request) => request.url().endsWith('/icon.svg') && asked.push(request.url()));
    const chat = await visitor.open(world.page('pictured'));
    await visible(chat.bubble);
    await chat.page.waitForLoadState('networkidle');
    assert.deepEqual(asked, []);
    const glyph = await shape(chat);
    await chat.bubble.hover();
    const icon = chat.page.locator('natter-chat [part~="icon"]');
    await visible(icon);
    assert.deepEqual(asked, [`${world.site.origin}/icon.svg`]);
    assert.equal(await chat.bubble.evaluate((bubble) => getComputedStyle(bubble, ':before').display), 'none');
    // While the panel is open the bubble has its arrow.
    await chat.open();
    await hidden(icon);
    assert.notEqual(await shape(chat), glyph);
  });

  it('leaves the glyph where the page’s policy withholds it', async (t) => {
    const { api } = world.server;
    const visitor = await world.visitor(t);
    visitor.expect(/Content Security Policy/, /violates the/);
    const chat = await visitor.open(world.page('pictured', {}, {
      'content-security-policy': `default-src 'none'; img-src data:; script-src ${api} 'wasm-unsafe-eval'; connect-src ${api}`,
    }));
    await chat.open();
    await chat.button('Close chat').click();
    assert.equal(await chat.page.locator('natter-chat [part~="icon"]').count(), 0);
    assert.equal(await chat.bubble.evaluate((bubble) => getComputedStyle(bubble, ':before').display), 'block');
  });
});

describe('an owner’s limit to a message’s length', () => {
  it('is what the counter counts to', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('pictured'));
    await chat.open();
    await chat.composer.fill('x'.repeat(90));
    await says(chat.panel, /10 characters left/);
    await chat.composer.fill('x'.repeat(101));
    await says(chat.panel, /1 character too many/);
    assert.ok(await chat.button('Send message').isDisabled());
  });
});

describe('a theme', () => {
  it('is the panel’s own even where the site is refused', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/blocked by CORS policy/, /ERR_FAILED/, /status of 403/);
    const chat = await visitor.open(world.strange('plain', { tag: 'data-natter-theme="dark"' }));
    await chat.open();
    const background = await chat.panel.evaluate((panel) => getComputedStyle(panel).backgroundColor);
    assert.ok(brightness(background) < 150, background);
  });
});

describe('a page’s own word', () => {
  it('about theme, position and colours goes before the owner’s', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('dressed', {
      tag: 'data-natter-theme="light" data-natter-position="bottom-left"',
      head: '<style>natter-chat { --natter-accent: rgb(9, 8, 7); --natter-accent-ink: rgb(250, 251, 252) }</style>',
    }));
    await visible(chat.composer);
    const { color, background } = await chat.panel.evaluate((panel) => {
      const { color, backgroundColor } = getComputedStyle(panel);
      return { color, background: backgroundColor };
    });
    assert.ok(brightness(color) < brightness(background), 'the theme is light');
    const box = await chat.bubble.boundingBox();
    assert.ok(box.x < 100 && box.y > 500, 'the bubble is at the bottom left');
    const bubble = await chat.bubble.evaluate((element) => getComputedStyle(element).backgroundColor);
    assert.equal(bubble, 'rgb(9, 8, 7)');
  });
});

describe('a page’s own script', () => {
  for (const [where, headers] of [
    ['in the page', () => ({})],
    ['in a frame', (api) => ({ 'content-security-policy': `default-src 'none'; img-src data:; script-src 'unsafe-inline' ${api}; connect-src ${api}; frame-src ${api}` })],
  ]) {
    it(`hears when the chat ${where} is ready, opened and closed, once each`, async (t) => {
      const visitor = await world.visitor(t);
      visitor.expect(/Content Security Policy/, /violates the/, /CompileError/);
      await hearReports(visitor.context);
      const body = '<script>window.heard = []; for (const name of ["ready", "open", "close"]) document.addEventListener("natter:" + name, (event) => heard.push([name, event.target.localName, event.composed]));</script>';
      const chat = await visitor.open(world.page('plain', { body }, headers(world.server.api)));
      const heard = () => chat.page.evaluate(() => window.heard);
      const event = (name) => [name, 'natter-chat', true];
      await chat.bubble.hover();
      await equals('it is ready', heard, [event('ready')]);
      await chat.bubble.click();
      await chat.page.evaluate(() => window.natter.open());
      await equals('it is open', heard, [event('ready'), event('open')]);
      const shown = where === 'in a frame' ? chat.framed : chat;
      await shown.button('Close chat').click();
      await equals('it is closed', heard, ['ready', 'open', 'close'].map(event));
    });
  }
});

const brightness = (color) => color.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
