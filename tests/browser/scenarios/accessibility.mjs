// What docs/accessibility.md promises, other than the keyboard: every state, screen readers, zoom, spacing, forced colours.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { accessible } from '../axe.mjs';
import { equals, focused, hidden, says, until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

/** The states that access.mjs does not go through, and how each is reached. Gives the page to look at. */
const STATES = {
  async 'a choice of chatbots'(visitor, tag) {
    const chat = await visitor.open(world.page('bread', { tag }));
    await chat.open();
    await visible(chat.panel.locator('[part~="chatbot"]').first());
    return chat;
  },
  async 'an answer with citations and sources'(visitor, tag) {
    const chat = await visitor.open(world.page('cited', { tag }));
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    await visible(chat.sources.first());
    return chat;
  },
  async 'an answer that was stopped'(visitor, tag) {
    const chat = await visitor.open(world.page('stalled', { tag }));
    await chat.open();
    await chat.ask('Tell me everything.');
    await until('it stalls', () => chat.text(), (text) => text.includes('t5'));
    await accessible(chat.page, 'while it stalls');
    await chat.button('Stop answering').click();
    await hidden(chat.button('Stop answering'));
    return chat;
  },
  async 'an answer that broke off'(visitor, tag) {
    const chat = await visitor.open(world.page('cut', { tag }));
    await chat.open();
    await chat.ask('Are you there?');
    await visible(chat.answer.getByRole('button', { name: 'Try again' }));
    return chat;
  },
  async 'a message too long'(visitor, tag) {
    const chat = await visitor.open(world.page('pictured', { tag }));
    await chat.open();
    await chat.composer.fill('x'.repeat(101));
    await says(chat.panel, /too many/);
    return chat;
  },
  async 'without a network'(visitor, tag) {
    visitor.expect(/ERR_INTERNET_DISCONNECTED/);
    const chat = await visitor.open(world.page('plain', { tag }));
    await chat.open();
    await visible(chat.composer);
    await visitor.context.setOffline(true);
    await says(chat.panel, /offline/i);
    await chat.ask('When do you open?');
    await visible(chat.questions.last());
    return chat;
  },
  async 'a conversation that is gone'(visitor, tag) {
    visitor.expect(/status of 4\d\d/);
    const chat = await visitor.open(world.page('plain', { tag }));
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    await chat.choose('Reset chat');
    await chat.resetModal.getByRole('button').last().click();
    const other = await visitor.open(`${world.server.api}/c/plain#expand=long-gone`);
    await visible(other.notice);
    return other;
  },
  async 'the frame'(visitor, tag) {
    visitor.expect(/Content Security Policy/, /violates the/, /CompileError/);
    const { api } = world.server;
    const chat = await visitor.open(world.page('plain', { tag }, {
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${api}; connect-src ${api}; frame-src ${api}`,
    }));
    await chat.bubble.click();
    await chat.framed.ask('When do you open?');
    await chat.framed.finished();
    return chat;
  },
  async 'a bright theme in the dark'(visitor) {
    const chat = await visitor.open(world.page('dressed'));
    await visible(chat.composer);
    await chat.ask('Which colour has the sky?');
    await chat.finished();
    return chat;
  },
  async 'a small phone'(visitor, tag) {
    const chat = await visitor.open(world.page('cited', { tag }));
    await chat.page.setViewportSize({ width: 320, height: 568 });
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    return chat;
  },
};

for (const colorScheme of ['light', 'dark']) {
  describe(`axe finds nothing, ${colorScheme}, in`, () => {
    for (const [state, reach] of Object.entries(STATES)) {
      it(state, async (t) => {
        const visitor = await world.visitor(t, { colorScheme });
        const chat = await reach(visitor, `data-natter-theme="${colorScheme}"`);
        await accessible(chat.page, state);
      });
    }
  });
}

describe('a screen reader', () => {
  it('is told an answer once, when it is finished, by a region that was there and empty before', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('quick'));
    await chat.open();
    await visible(chat.composer);
    const region = chat.panel.locator('[role="status"]');
    assert.equal(await region.count(), 1);
    assert.equal(await region.textContent(), '');
    const log = chat.panel.getByRole('log');
    assert.equal(await log.getAttribute('aria-live'), 'off');
    assert.ok(await log.getAttribute('aria-label'));
    await region.evaluate((region) => {
      window.said = [];
      new MutationObserver(() => region.textContent && window.said.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
    });
    await chat.ask('Are you there?');
    const answer = await chat.finished();
    const said = () => chat.page.evaluate(() => window.said);
    const [begun, told, ...more] = await until('it is told', said, (texts) => texts.length > 1);
    assert.equal(begun, 'Answering…');
    assert.ok(told.includes(answer.trim()), told);
    assert.deepEqual(more, []);
  });

  it('knows the names of the panel, the log, the field and every button', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('cited'));
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    assert.equal(await chat.panel.getAttribute('aria-label'), 'Assistant cited');
    const nameless = await chat.panel.evaluate((panel) =>
      [...panel.querySelectorAll('button, a, input, textarea')]
        .filter((node) => !(node.getAttribute('aria-label') || node.textContent || node.labels?.length))
        .map((node) => node.outerHTML));
    assert.deepEqual(nameless, []);
    await equals('the menu is closed', () => chat.button('Menu').getAttribute('aria-expanded'), 'false');
    await chat.button('Menu').click();
    await equals('the menu is open', () => chat.button('Menu').getAttribute('aria-expanded'), 'true');
  });

  it('cannot go below a dialog', async (t) => {
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    await chat.choose('Reset chat');
    await visible(chat.resetModal);
    const reachable = await chat.composer.evaluate((field) => {
      field.focus();
      return field.getRootNode().activeElement === field;
    });
    assert.equal(reachable, false);
    await chat.page.keyboard.press('Escape');
    await hidden(chat.resetModal);
    await chat.composer.focus();
    await focused(chat.composer);
  });
});

/** Everything that can be pressed is 24 px high and wide, other than links within a text. */
const small = (chat) =>
  chat.panel.evaluate((panel) =>
    [...panel.querySelectorAll('button, input, textarea, a:not(p a, li a.cite, [part~=citation])')]
      .filter((node) => node.checkVisibility())
      .map((node) => [node.getAttribute('aria-label') || node.textContent || node.name, (node.closest('label') ?? node).getBoundingClientRect()])
      .filter(([, box]) => box.width < 24 || box.height < 24)
      .map(([name, box]) => `${name}: ${box.width} × ${box.height}`));

/** A conversation with all that belongs to it, and each state that a visitor can bring about, one after the other. */
async function eachState(visitor, look) {
  const chat = await visitor.open(world.demo.shop);
  await chat.open();
  await visible(chat.terms);
  await look(chat, 'terms');
  await chat.accept();
  await visible(chat.composer);
  await look(chat, 'empty');
  await chat.ask('How long do I have to return something?');
  await chat.finished();
  await look(chat, 'answered');
  await chat.answer.getByRole('button', { name: 'Not helpful' }).click();
  await visible(chat.answer.getByLabel('What was wrong? (optional)'));
  await look(chat, 'comment');
  await chat.button('Menu').click();
  await visible(chat.button('Reset chat'));
  await look(chat, 'menu');
  await chat.button('Reset chat').click();
  await visible(chat.resetModal);
  await look(chat, 'reset');
  await chat.button('Keep it').click();
  await chat.ask('What is the capital of Mongolia?');
  await equals('there are two answers', () => chat.answers.count(), 2);
  await chat.finished();
  await chat.answer.getByRole('button', { name: 'Leave your contact details' }).click();
  await visible(chat.contactForm);
  await look(chat, 'contact');
  await chat.page.keyboard.press('Escape');
  await chat.choose('End conversation');
  await says(chat.panel, /has ended/);
  await look(chat, 'ended');
}

describe('in every state', () => {
  it('everything that can be pressed is at least 24 px high and wide', async (t) => {
    const visitor = await world.visitor(t);
    await eachState(visitor, async (chat, state) => assert.deepEqual(await small(chat), [], state));
  });

  it('everything can be read and pressed at 400 %, by scrolling in one direction', async (t) => {
    const visitor = await world.visitor(t, { viewport: { width: 320, height: 256 } });
    await eachState(visitor, async (chat, state) => {
      assert.equal(await chat.overflows(), false, state);
      const controls = await chat.panel.locator('button, textarea, input').filter({ visible: true }).elementHandles();
      assert.ok(controls.length > 0);
      // Terms are read as a whole, not through a slit.
      if (state === 'terms') assert.ok((await chat.panel.locator('[part~="terms"]').boundingBox()).height > 120);
      const dialog = chat.panel.locator('[aria-modal]').filter({ visible: true });
      const menu = state === 'menu';
      for (const control of controls) {
        const within = await control.evaluate((node) => [Boolean(node.closest('[inert]')), Boolean(node.closest('[part~=menu][role=group]'))]);
        if (within[0] || (menu && !within[1])) continue;
        // The way back to the newest message is there only while it is out of sight.
        if (!(await control.isVisible()) || (await control.isDisabled())) continue;
        await control.scrollIntoViewIfNeeded();
        const box = await control.boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= 320.5, `${state}: ${await control.innerText()}`);
        await control.click({ trial: true });
      }
      if (await dialog.count()) assert.ok((await dialog.boundingBox()).height <= 256);
    });
  });

  it('wider spacing of text cuts nothing off', async (t) => {
    const visitor = await world.visitor(t);
    await eachState(visitor, async (chat, state) => {
      const cut = await chat.panel.evaluate(async (panel) => {
        const root = panel.getRootNode();
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }');
        const before = root.adoptedStyleSheets;
        root.adoptedStyleSheets = [...before, sheet];
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        const cut = [...panel.querySelectorAll('*')].filter((node) => node.checkVisibility() && node.innerText?.trim() && !node.matches('.sr, .sr *, .host, textarea, .grow, .mirror')).filter((node) => {
          const { overflowX, overflowY } = getComputedStyle(node);
          const hides = (overflow) => ['hidden', 'clip'].includes(overflow);
          return (hides(overflowX) && node.scrollWidth > node.clientWidth + 1) || (hides(overflowY) && node.scrollHeight > node.clientHeight + 1);
        }).map((node) => `${node.localName}.${node.className}: ${node.innerText.slice(0, 40)}`);
        const { left, right } = panel.getBoundingClientRect();
        for (const node of panel.querySelectorAll('button, p, h2, strong')) {
          if (!node.checkVisibility() || node.closest('.sr')) continue;
          const box = node.getBoundingClientRect();
          if (box.width && (box.left < left - 1 || box.right > right + 1)) cut.push(`beside the panel: ${node.innerText.slice(0, 40)}`);
        }
        root.adoptedStyleSheets = before;
        return cut;
      });
      assert.deepEqual(cut, [], state);
    });
  });
});

describe('with colours of the visitor’s own', () => {
  for (const colorScheme of ['dark', 'light']) it(`the closed bubble has an edge, another one with the focus, and its sign, ${colorScheme}`, async (t) => {
    const visitor = await world.visitor(t, { forcedColors: 'active', colorScheme });
    const chat = await visitor.open(world.page('plain'));
    await visible(chat.bubble);
    const edge = () =>
      chat.bubble.evaluate((bubble) => {
        const { outlineWidth, outlineStyle, outlineColor, backgroundColor } = getComputedStyle(bubble);
        // The browser replaces what cannot be seen by a colour of the visitor's.
        return outlineStyle === 'solid' && !/^rgba.*, 0\)$/.test(outlineColor) && outlineColor !== backgroundColor ? parseFloat(outlineWidth) : 0;
      });
    const before = await edge();
    assert.ok(before >= 1, 'it is seen where it ends');
    await chat.page.keyboard.press('Tab');
    await until('its focus is seen', edge, (now) => now > before);
    const [sign, ground] = await chat.bubble.evaluate((bubble) => {
      const glyph = getComputedStyle(bubble.querySelector('i'));
      return [glyph.forcedColorAdjust === 'auto' && glyph.borderTopColor, getComputedStyle(bubble).backgroundColor];
    });
    assert.notEqual(sign, ground, 'what is on it is seen');
    assert.ok(sign);
  });

  it('buttons, fields and what is pressed can be told apart without ours', async (t) => {
    const visitor = await world.visitor(t, { forcedColors: 'active' });
    const chat = await visitor.open(world.page('cited'));
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    const edges = await chat.panel.evaluate((panel) =>
      [...panel.querySelectorAll('button, textarea.field, [part~=composer], [part~=panel], [part~=visitor] > div[dir]')]
        .filter((node) => node.checkVisibility())
        .map((node) => [node.getAttribute('aria-label') || node.textContent || node.getAttribute('part'), parseFloat(getComputedStyle(node).borderTopWidth)]));
    assert.deepEqual(edges.filter(([, width]) => width < 1), []);
    const helpful = chat.answer.getByRole('button', { name: 'Helpful', exact: true });
    const border = () => helpful.evaluate((node) => parseFloat(getComputedStyle(node).borderTopWidth));
    const before = await border();
    await helpful.click();
    await until('it shows that it is pressed', border, (now) => now > before);
  });
});

describe('motion', () => {
  const moving = (chat) => chat.page.evaluate(() => document.querySelector('natter-chat').shadowRoot.getAnimations().length);

  it('there is none for those who want none', async (t) => {
    const visitor = await world.visitor(t, { reducedMotion: 'reduce' });
    const chat = await visitor.open(world.page('stalled'));
    await chat.open();
    assert.equal(await moving(chat), 0);
    await chat.ask('Tell me everything.');
    await until('it stalls', () => chat.text(), (text) => text.includes('t5'));
    assert.equal(await moving(chat), 0);
  });

  it('there is some for everybody else', async (t) => {
    const visitor = await world.visitor(t, { reducedMotion: 'no-preference' });
    const chat = await visitor.open(world.page('stalled'));
    await chat.open();
    await chat.ask('Tell me everything.');
    await until('it moves', () => moving(chat), (count) => count > 0);
  });
});
