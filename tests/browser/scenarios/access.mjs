// Anybody, on any page: without a mouse, on a small screen, with a screen reader, from right to left, on hostile pages.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { accessible } from '../axe.mjs';
import { equals, focused, hidden, says, until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

describe('without a mouse', () => {
  it('a visitor opens the chat, accepts, asks, resets and closes it', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.demo.shop);
    const { keyboard } = chat.page;
    await visible(chat.bubble);
    // Straight to the bubble: the shop has many links before it.
    await chat.page.evaluate(() => document.querySelector('footer a:last-of-type').focus());
    await until('Tab leads to the bubble', async () => {
      await keyboard.press('Tab');
      return chat.bubble.evaluate((bubble) => bubble.getRootNode().activeElement === bubble);
    });
    await keyboard.press('Enter');
    await focused(chat.terms.getByRole('heading'));
    await tabTo(chat, chat.button('Accept and continue'));
    await keyboard.press('Space');
    await focused(chat.composer);
    await keyboard.type('Are you open on Sunday?');
    await keyboard.press('Enter');
    await chat.finished();
    await focused(chat.composer);
    await tabTo(chat, chat.button('Menu'), 'Shift+Tab');
    await keyboard.press('Enter');
    await focused(chat.button('Plain text'));
    await tabTo(chat, chat.button('Reset chat'));
    await keyboard.press('Enter');
    await focused(chat.button('Keep it'));
    // The focus goes round within the question, forwards and backwards.
    for (const key of ['Tab', 'Tab', 'Tab', 'Shift+Tab', 'Shift+Tab']) {
      await keyboard.press(key);
      assert.ok(await withinOrNone(chat.resetModal), `after ${key} the focus is in the question`);
    }
    await keyboard.press('Escape');
    await hidden(chat.resetModal);
    await focused(chat.button('Menu'));
    await keyboard.press('Enter');
    await tabTo(chat, chat.button('Reset chat'));
    await keyboard.press('Enter');
    await tabTo(chat, chat.button('Delete and start over'));
    await keyboard.press('Enter');
    await focused(chat.terms.getByRole('heading'));
    await keyboard.press('Escape');
    await hidden(chat.panel);
    await focused(chat.bubble);
    assert.equal(await chat.bubble.getAttribute('aria-expanded'), 'false');
  });

  it('the panel traps nobody: Tab leads on to the page and back', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', { body: '<a id="before" href="#">A link of the page</a>' }));
    await chat.open();
    await focused(chat.composer);
    await until('the focus leaves the panel', async () => {
      await chat.page.keyboard.press('Shift+Tab');
      return chat.page.evaluate(() => document.activeElement.id === 'before');
    });
  });

  it('keys typed into the chat do not reach shortcuts of the page', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', {
      body: '<script>window.keys = []; for (const name of ["keydown", "keyup", "keypress"]) addEventListener(name, (event) => keys.push(event.key));</script>',
    }));
    await chat.open();
    await chat.composer.pressSequentially('s/k');
    assert.deepEqual(await chat.page.evaluate(() => window.keys), []);
  });
});

/** Presses Tab until an element has the focus. */
async function tabTo(chat, locator, key = 'Tab') {
  await until(`${key} leads to ${locator}`, async () => {
    await chat.page.keyboard.press(key);
    return locator.evaluate((element) => element.getRootNode().activeElement === element);
  });
}

/** Whether the focus is inside an element, or on nothing of the page, as between the last and the first of its ends. */
const withinOrNone = (locator) =>
  locator.evaluate((element) => {
    const { activeElement } = element.getRootNode();
    return element.contains(activeElement) || (!activeElement && document.activeElement === document.body);
  });

describe('on a phone whose keyboard covers a part of the screen', () => {
  it('the panel stays within what is left, and is whole again without the keyboard', async (t) => {
    const visitor = await world.visitor(t, { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
    await visitor.context.addInitScript(() => {
      // Headless browsers have no keyboard on the screen.
      const view = Object.assign(new EventTarget(), { width: 390, height: 780, offsetTop: 0, scale: 1 });
      Object.defineProperty(window, 'visualViewport', { value: view });
    });
    const chat = await visitor.open(world.page('plain'));
    const change = (view) =>
      chat.page.evaluate((view) => {
        Object.assign(window.visualViewport, view);
        window.visualViewport.dispatchEvent(new Event('resize'));
      }, view);
    const place = async () => {
      const { y, height } = await chat.panel.boundingBox();
      return [y, height];
    };
    await chat.bubble.tap();
    await inView(chat, chat.composer);
    await change({ height: 400, offsetTop: 60 });
    assert.deepEqual(await place(), [60, 400]);
    const composer = await chat.composer.boundingBox();
    assert.ok(composer.y + composer.height < 460, 'the composer is above the keyboard');
    // Zooming in is no keyboard.
    await change({ height: 300, scale: 2 });
    assert.deepEqual(await place(), [0, 780]);
    await change({ height: 400, scale: 1 });
    await chat.button('Close chat').tap();
    const fitted = () => chat.page.evaluate(() => document.querySelector('natter-chat').style.cssText.includes('--n-height'));
    assert.equal(await fitted(), false);
    await change({ height: 500 });
    assert.equal(await fitted(), false, 'a closed panel listens to nothing');
  });
});

describe('on a screen 320 pixels wide', () => {
  it('the panel fits, the composer is in view, and nothing scrolls sideways', async (t) => {
    const visitor = await world.visitor(t, { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true });
    const chat = await visitor.open(world.demo.shop);
    await chat.bubble.tap();
    await visible(chat.button('Accept and continue'));
    await inView(chat, chat.button('Accept and continue'));
    await inView(chat, chat.button('No, thanks'));
    await chat.button('Accept and continue').tap();
    await chat.ask('How much is shipping to Germany?');
    await chat.finished();
    await inView(chat, chat.composer);
    await inView(chat, chat.button('Close chat'));
    await inView(chat, chat.button('Menu'));
    assert.equal(await chat.overflows(), false);
    assert.deepEqual(await sideways(chat), []);
    await chat.button('Menu').tap();
    await inView(chat, chat.button('Reset chat'));
    await chat.button('Reset chat').tap();
    await inView(chat, chat.button('Delete and start over'));
    await inView(chat, chat.button('Keep it'));
    await chat.button('Keep it').tap();
    await chat.button('Close chat').tap();
    await inView(chat, chat.bubble);
  });

  it('the full page fits as well', async (t) => {
    const visitor = await world.visitor(t, { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true });
    const chat = await visitor.open(`${world.demo.api}/c/demo`);
    await chat.button('Accept and continue').tap();
    await chat.ask('Which size jacket should I order?');
    await chat.finished();
    await inView(chat, chat.composer);
    assert.equal(await chat.overflows(), false);
    assert.deepEqual(await sideways(chat), []);
  });
});

/** Waits until an element lies wholly within the screen and can be hit. */
async function inView(chat, locator) {
  const { width, height } = chat.page.viewportSize();
  await visible(locator);
  await until(`${locator} is in view`, async () => {
    const box = await locator.boundingBox();
    return box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width + 0.5 && box.y + box.height <= height + 0.5;
  });
  await locator.click({ trial: true });
}

/** What stands out of the panel at its side, other than what scrolls by itself. */
const sideways = (chat) =>
  chat.panel.evaluate((panel) => {
    const { left, right } = panel.getBoundingClientRect();
    const scrolls = (node) => {
      for (let at = node.parentElement; at && at !== panel; at = at.parentElement) {
        if (['auto', 'scroll'].includes(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth) return at.matches('[tabindex]');
      }
      return false;
    };
    return [...panel.querySelectorAll('*')]
      .filter((node) => node.checkVisibility() && !scrolls(node))
      .filter((node) => {
        const box = node.getBoundingClientRect();
        return box.width > 1 && (box.left < left - 0.5 || box.right > right + 0.5);
      })
      .map((node) => `${node.localName}.${node.getAttribute('class')}`);
  });

for (const colorScheme of ['light', 'dark']) {
  describe(`axe, ${colorScheme}`, () => {
    it('finds nothing on the shop page in any state of the chat', async (t) => {
      const visitor = await world.visitor(t, { colorScheme });
      const chat = await visitor.open(world.demo.shop);
      const { page } = chat;
      await visible(chat.bubble);
      await accessible(page, 'closed');
      await chat.open();
      await visible(chat.terms);
      await accessible(page, 'consent');
      await chat.button('No, thanks').click();
      await accessible(page, 'declined');
      await chat.button('Read the terms again').click();
      await chat.accept();
      await visible(chat.composer);
      await accessible(page, 'empty');
      await chat.ask('How long do I have to return something?');
      await visible(chat.answer);
      await accessible(page, 'streaming');
      await chat.finished();
      await accessible(page, 'answered');
      await chat.answer.getByRole('button', { name: 'Not helpful' }).click();
      await visible(chat.answer.getByLabel('What was wrong? (optional)'));
      await accessible(page, 'comment');
      await chat.button('Menu').click();
      await accessible(page, 'menu');
      await chat.button('Reset chat').click();
      await visible(chat.resetModal);
      await accessible(page, 'reset question');
      await chat.button('Keep it').click();
      await chat.ask('What is the capital of Mongolia?');
      await equals('there are two answers', () => chat.answers.count(), 2);
      await chat.finished();
      await accessible(page, 'unanswered');
      await chat.answer.getByRole('button', { name: 'Leave your contact details' }).click();
      await chat.contactForm.getByRole('button', { name: 'Send to Hadder' }).click();
      await accessible(page, 'contact form with an error');
      await page.keyboard.press('Escape');
      await chat.choose('End conversation');
      await says(chat.panel, /has ended/);
      await accessible(page, 'ended');
    });

    it('finds nothing on the full page', async (t) => {
      const visitor = await world.visitor(t, { colorScheme });
      const chat = await visitor.open(`${world.demo.api}/c/demo`);
      await visible(chat.terms);
      await accessible(chat.page, 'consent');
      await chat.accept();
      await chat.ask('Which size jacket should I order?');
      await chat.finished();
      await accessible(chat.page, 'answered');
    });

    it('finds nothing where the answer failed, and where the site is refused', async (t) => {
      const visitor = await world.visitor(t, { colorScheme });
      visitor.expect(/blocked by CORS policy/, /ERR_FAILED/, /status of 403/);
      const failed = await visitor.open(world.page('down', { tag: `data-natter-theme="${colorScheme}"` }));
      await failed.open();
      await failed.ask('Are you there?');
      await failed.finished();
      await accessible(failed.page, 'failed');
      const refused = await visitor.open(world.strange('down', { tag: `data-natter-theme="${colorScheme}"` }));
      await refused.open();
      await says(refused.panel, /isn’t allowed/);
      await accessible(refused.page, 'refused');
    });
  });
}

describe('on pages of all kinds', () => {
  it('a page from right to left has the bubble and the panel on the screen, and its own direction stays out', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', { root: 'dir="rtl"' }));
    await inView(chat, chat.bubble);
    await chat.open();
    await inView(chat, chat.composer);
    assert.equal(await chat.panel.evaluate((panel) => getComputedStyle(panel).direction), 'ltr');
    assert.equal(await chat.overflows(), false);
  });

  it('a language written from right to left turns the panel round', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain', { root: 'dir="rtl"', tag: 'data-natter-locale="ar"' }));
    await chat.open();
    await inView(chat, chat.composer);
    assert.equal(await chat.panel.evaluate((panel) => getComputedStyle(panel).direction), 'rtl');
    const send = await chat.panel.locator('[part~="send"]').boundingBox();
    const field = await chat.composer.boundingBox();
    assert.ok(send.x < field.x + field.width / 2, 'the button that sends is on the left');
    await chat.ask('When do you open?');
    await until('the answer', () => chat.text(), (text) => /6:30/.test(text));
    assert.equal(await chat.overflows(), false);
  });

  it('English words keep their marks where they belong in a panel from right to left', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('cited', { tag: 'data-natter-locale="ar"' }));
    await chat.open();
    await visible(chat.composer);
    const wrong = await chat.panel.evaluate((panel) => {
      const place = (node, at) => {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return range.getBoundingClientRect();
      };
      const texts = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
      const wrong = [];
      while (texts.nextNode()) {
        const { data, parentElement } = texts.currentNode;
        if (!/^\w.*[.!?]$/.test(data) || !parentElement.checkVisibility()) continue;
        const [last, before] = [place(texts.currentNode, data.length - 1), place(texts.currentNode, data.length - 2)];
        if (last.top === before.top && last.left < before.left) wrong.push(data);
      }
      return wrong;
    });
    assert.deepEqual(wrong, []);
  });

  for (const [how, head] of [
    ['that sets the root’s font size to 62.5%', '<style>html { font-size: 62.5% }</style>'],
    ['that unsets everything, important', '<style>* { all: unset !important } script, style, title { display: none !important }</style>'],
    ['that hides empty elements and shrinks text', '<style>:empty { display: none !important } * { font-size: 4px; line-height: 1; text-transform: uppercase; letter-spacing: 1em } button { transform: scale(3) }</style>'],
  ]) {
    it(`a page ${how} does not change the chat`, async (t) => {
      const visitor = await world.visitor(t);
      const chat = await visitor.open(world.page('plain', { head }));
      await inView(chat, chat.bubble);
      await chat.open();
      await inView(chat, chat.composer);
      const plain = await visitor.open(world.page('plain'));
      await plain.open();
      // Off the bubble, which grows a little below a pointer.
      for (const { page } of [chat, plain]) await page.mouse.move(1, 1);
      for (const part of ['panel', 'composer', 'bubble']) {
        const [here, there] = [await chat[part].boundingBox(), await plain[part].boundingBox()];
        assert.deepEqual([here.width, here.height], [there.width, there.height], part);
      }
      const font = (chat) => chat.composer.evaluate((field) => {
        const { fontSize, lineHeight, letterSpacing, textTransform } = getComputedStyle(field);
        return { fontSize, lineHeight, letterSpacing, textTransform };
      });
      assert.deepEqual(await font(chat), await font(plain));
      await chat.ask('When do you open?');
      assert.match(await chat.finished(), /6:30/);
    });
  }

  it('a page that swaps its body keeps its bubble', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain'));
    await visible(chat.bubble);
    await chat.page.evaluate(() => document.documentElement.replaceChild(document.createElement('body'), document.body));
    await chat.open();
    await visible(chat.composer);
    assert.equal(await chat.page.locator('natter-chat').count(), 1);
  });
});
