// What an owner sets, and what a page may say otherwise.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { equals, hidden, says, visible } from '../expect.mjs';
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

const brightness = (color) => color.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
