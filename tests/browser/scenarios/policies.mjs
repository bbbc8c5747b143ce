// Pages with a Content Security Policy: in the page, else in a frame, else as a link.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { says, until, visible } from '../expect.mjs';
import { hearReports, host } from '../hosts.mjs';
import { it, world } from '../world.mjs';

const policy = (...rules) => ({
  'content-security-policy': ["default-src 'none'", 'img-src data:', "require-trusted-types-for 'script'", ...rules].join('; '),
});

const REFUSED = [/Content Security Policy/, /violates the document's/, /Refused to/, /CompileError/];

describe('a page whose policy allows the chat and nothing else', () => {
  it('has the chat in the page, and its policy is never violated', async (t) => {
    const { api } = world.server;
    const visitor = await world.visitor(t);
    const chat = await visitor.open(world.page('terms', {}, policy(`script-src ${api} 'wasm-unsafe-eval'`, `connect-src ${api}`)));
    await chat.open();
    await chat.accept();
    await chat.ask('When do you open?');
    assert.match(await chat.finished(), /6:30/);
    await chat.answer.getByRole('button', { name: 'Not helpful' }).click();
    const { text } = await chat.download('Plain text');
    assert.match(text, /6:30/);
    await chat.choose('Reset chat');
    await chat.button('Yes, reset').click();
    await visible(chat.terms);
    assert.equal(await chat.page.locator('natter-chat iframe').count(), 0);
  });
});

// Each of these is written down in docs/hostile-pages.md, to be copied from there.
describe('the smallest policy', () => {
  const nonce = 'bm9uY2U';
  const minimal = {
    'with the server’s address': (api) => [{}, `script-src ${api} 'wasm-unsafe-eval'`],
    'with a nonce': () => [{ nonce }, `script-src 'nonce-${nonce}' 'wasm-unsafe-eval'`],
    'with a nonce and strict-dynamic': () => [{ nonce }, `script-src 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'`],
  };
  for (const [how, make] of Object.entries(minimal)) {
    it(`${how} is enough for everything, with Trusted Types, without a violation`, async (t) => {
      const { api } = world.server;
      const [{ nonce }, scripts] = make(api);
      const visitor = await world.visitor(t);
      await visitor.context.addInitScript(() => {
        window.violations = [];
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => window.violations.push([effectiveDirective, blockedURI]));
      });
      const rules = ["default-src 'none'", 'img-src data:', scripts, `connect-src ${api}`, "require-trusted-types-for 'script'", "trusted-types 'none'", "base-uri 'none'", "form-action 'none'"];
      const loader = nonce ? `${api}/w/terms.js" nonce="${nonce}` : `${api}/w/terms.js`;
      const chat = await visitor.open(await host(world, 'tag-in-head', { values: { loader }, headers: { 'content-security-policy': rules.join('; ') } }));
      await chat.open();
      await chat.accept();
      await chat.ask('When do you open?');
      assert.match(await chat.finished(), /6:30/);
      await chat.download('Plain text');
      assert.deepEqual(await chat.page.evaluate(() => window.violations), []);
      assert.equal(await chat.page.locator('natter-chat iframe').count(), 0);
    });
  }

  it('of a page that wants the frame alone needs neither WebAssembly nor our connections', async (t) => {
    const { api } = world.server;
    const visitor = await world.visitor(t);
    visitor.expect(...REFUSED);
    await hearReports(visitor.context);
    const rules = ["default-src 'none'", `script-src ${api}`, `frame-src ${api}`, "require-trusted-types-for 'script'", "trusted-types 'none'"];
    const chat = await visitor.open(await host(world, 'plain', { slug: 'plain', headers: { 'content-security-policy': rules.join('; ') } }));
    await chat.bubble.click();
    await chat.framed.ask('When do you open?');
    assert.match(await chat.framed.finished(), /6:30/);
  });

  it('that only reports refuses nothing', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/Content Security Policy/);
    const reports = await hearReports(visitor.context);
    const chat = await visitor.open(await host(world, 'plain', { slug: 'plain', headers: { 'content-security-policy-report-only': "default-src 'none'" } }));
    await chat.open();
    await chat.ask('When do you open?');
    assert.match(await chat.finished(), /6:30/);
    assert.equal(await chat.page.locator('natter-chat iframe').count(), 0);
    assert.deepEqual(reports, []);
  });
});

describe('a page whose policy does not allow WebAssembly', () => {
  const open = async (t, ...rules) => {
    const { api } = world.server;
    const visitor = await world.visitor(t);
    visitor.expect(...REFUSED);
    await hearReports(visitor.context);
    return visitor.open(world.page('plain', {}, policy(`script-src ${api}`, `connect-src ${api}`, ...rules)));
  };

  it('has the same chat in a frame, which it opens, closes and asks', async (t) => {
    const chat = await open(t, `frame-src ${world.server.api}`);
    await chat.bubble.click();
    const { framed } = chat;
    await framed.ask('When do you open?');
    assert.match(await framed.finished(), /6:30/);
    assert.equal(await chat.bubble.getAttribute('aria-expanded'), 'true');
    await framed.button('Close chat').click();
    await until('the bubble says so', () => chat.bubble.getAttribute('aria-expanded'), (value) => value === 'false');
    await until('the frame is out of sight', () => chat.page.locator('natter-chat iframe').isVisible(), (shown) => !shown);
    await chat.bubble.click();
    await visible(framed.composer);
  });

  it('has it there in the same size, place, type and colours', async (t) => {
    const head = '<style>natter-chat { --natter-width: 360px; --natter-height: 500px; --natter-radius: 3px; --natter-surface: rgb(1, 2, 3); --natter-line: rgb(4, 5, 6) }</style>';
    const { api } = world.server;
    const visitor = await world.visitor(t);
    visitor.expect(...REFUSED);
    await hearReports(visitor.context);
    const look = (chat) =>
      chat.composer.evaluate((field) => {
        const composer = field.closest('form');
        const panel = field.closest('[part~="panel"]');
        return [getComputedStyle(field).font, getComputedStyle(composer).borderColor, getComputedStyle(panel).backgroundColor, getComputedStyle(panel).font];
      });
    const plain = await visitor.open(world.page('plain', { head }));
    await plain.open();
    const chat = await visitor.open(world.page('plain', { head }, {
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${api}; connect-src ${api}; frame-src ${api}`,
    }));
    await chat.bubble.click();
    await visible(chat.framed.composer);
    assert.deepEqual(await look(chat.framed), await look(plain));
    const frame = chat.page.locator('natter-chat iframe');
    assert.deepEqual(await frame.boundingBox(), await plain.panel.boundingBox());
    const corner = (element) => getComputedStyle(element).borderTopLeftRadius;
    assert.equal(await frame.evaluate(corner), await plain.panel.evaluate(corner));
  });

  it('keeps the conversation there after a reload', async (t) => {
    const chat = await open(t, `frame-src ${world.server.api}`);
    await chat.bubble.click();
    await chat.framed.ask('When do you open?');
    await chat.framed.finished();
    const before = await chat.framed.conversation();
    await chat.page.reload();
    await chat.bubble.click();
    await visible(chat.framed.answer);
    assert.deepEqual(await chat.framed.conversation(), before);
  });

  it('has a link to the full page where it does not allow frames either', async (t) => {
    const chat = await open(t, "frame-src 'none'");
    await chat.bubble.click();
    const link = chat.page.locator('natter-chat').getByRole('link', { name: 'Assistant plain' });
    await visible(link);
    assert.equal(await link.getAttribute('href'), `${world.server.api}/c/plain`);
    const [page] = await Promise.all([chat.page.context().waitForEvent('page'), link.click()]);
    await says(page.locator('[part~="panel"]'), /Good morning!/);
  });
});

describe('a frame of the chat', () => {
  it('is refused to pages that are not the owner’s', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/frame-ancestors/, /ERR_BLOCKED_BY_RESPONSE/, /chrome-error/);
    const page = await visitor.context.newPage();
    await page.goto(world.stranger.add(`<!doctype html><title>Thief</title><link rel="icon" href="data:,"><iframe src="${world.server.api}/f/plain"></iframe>`));
    await until('nothing of it is shown', () => page.frames()[1]?.url(), (url) => url !== undefined && !url.startsWith(world.server.api));
  });

  it('answers no page that is not around it', async (t) => {
    const visitor = await world.visitor(t);
    // Only a page by itself has an icon; a frame never asks for one.
    visitor.expect(/favicon\.ico/);
    const page = await visitor.context.newPage();
    await page.goto(`${world.server.api}/f/plain`);
    await page.evaluate(() => postMessage({ natter: 'init', values: [{ properties: [], stored: [] }] }, '*'));
    await page.evaluate(() => new Promise((done) => { addEventListener('message', done, { once: true }); postMessage({}, '*'); }));
    assert.equal(await page.locator('natter-chat').count(), 0);
  });
});
