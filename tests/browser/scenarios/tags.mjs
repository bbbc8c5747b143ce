// Tags from before: the predecessors' tags, and what pages load by an address that never changes.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { until, visible } from '../expect.mjs';
import { it, world } from '../world.mjs';

const QUESTION = 'When do you open?';

describe('what a page loads by an address that never changes', () => {
  const header = async (path, name) => {
    const response = await fetch(world.server.api + path);
    assert.equal(response.status, 200, path);
    return response.headers.get(name);
  };

  it('may be loaded by any page and is asked for again after minutes', async () => {
    for (const path of ['/w/plain.js', '/widget.js', '/embed/agent-widget.js']) {
      assert.match(await header(path, 'content-type'), /^text\/javascript/);
      assert.equal(await header(path, 'access-control-allow-origin'), '*');
      assert.equal(await header(path, 'cross-origin-resource-policy'), 'cross-origin');
      assert.match(await header(path, 'cache-control'), /max-age=300/);
      const etag = await header(path, 'etag');
      const again = await fetch(world.server.api + path, { headers: { 'if-none-match': etag } });
      assert.equal(again.status, 304, path);
    }
  });

  it('is kept for ever under its own hash, and never under that of another build', async () => {
    const loader = await (await fetch(`${world.server.api}/w/plain.js`)).text();
    const [, now] = /"host":"([^"]+)"/.exec(loader);
    assert.match(await header(now, 'cache-control'), /immutable/);
    const before = now.replace(/-[0-9a-f]{16}/, '-0123456789abcdef');
    assert.equal(await header(before, 'cache-control'), 'no-cache');
    assert.equal((await fetch(`${world.server.api}/assets/nothing-0123456789abcdef.js`)).status, 404);
  });
});

describe('a predecessor’s tag', () => {
  const page = (tag, headers) => world.site.add(`<!doctype html><html><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,"></head><body><main>Shop</main>${tag}</body></html>`, headers);

  it('of Owari opens the chatbot that it names, in its language, by its own function', async (t) => {
    const visitor = await world.visitor(t);
    const { api } = world.server;
    const chat = await visitor.open(page(`<script defer src="${api}/widget.js?v=v1" data-robo="plain" data-robo-version="v1" data-robo-locale="ar" data-robo-host="${api}/"></script>`));
    await visible(chat.bubble);
    assert.ok(await chat.page.evaluate((message) => window.OwariRobo.open({ target: 'widget', message }), QUESTION));
    await visible(chat.panel);
    assert.equal(await chat.panel.getAttribute('dir'), 'rtl');
    await until('the answer', () => chat.text(), (text) => /6:30/.test(text));
    const [full] = await Promise.all([visitor.context.waitForEvent('page'), chat.page.evaluate((message) => window.OwariRobo.open({ target: 'page', message }), QUESTION)]);
    await until('the full page', () => full.url(), (url) => url.startsWith(`${api}/c/plain?q=When`));
  });

  it('of Owari tells of a chat that could not be opened', async (t) => {
    const visitor = await world.visitor(t);
    visitor.expect(/blocked by CORS policy/, /ERR_FAILED/);
    const { api } = world.server;
    const chat = await visitor.open(page(`<script>window.failed = 0; addEventListener('owari-robo:starter-error', () => window.failed++)</script><script src="${api}/widget.js" data-robo="nobody"></script>`));
    await until('it was told', () => chat.page.evaluate(() => window.failed));
    assert.ok(await chat.page.evaluate(() => window.OwariRobo.open()));
    await until('again', () => chat.page.evaluate(() => window.failed > 1));
  });

  it('of Robofy opens the chatbot with that id, under a strict policy too', async (t) => {
    const { api } = world.server;
    const visitor = await world.visitor(t);
    const chat = await visitor.open(page(`<script src="${api}/embed/agent-widget.js" data-pid="1" data-cid="plain"></script>`, {
      'content-security-policy': `default-src 'none'; img-src data:; script-src ${api} 'wasm-unsafe-eval'; connect-src ${api}; require-trusted-types-for 'script'`,
    }));
    await chat.open();
    await chat.ask(QUESTION);
    assert.match(await chat.finished(), /6:30/);
  });
});
