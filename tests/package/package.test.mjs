// The npm package as people get it: packed, installed, type-checked, imported on a server, and shown in a browser.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

import { Chat } from '../browser/chat.mjs';
import { writeApplyFile } from '../browser/chatbots.mjs';
import { equals, hidden, until, visible } from '../browser/expect.mjs';
import { apply, chromiumBinary, startProvider, startServer, temporaryFolder } from '../browser/processes.mjs';
import { reactModules } from './react.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = temporaryFolder();
const modules = join(folder, 'node_modules');

const run = (command, args, options = {}) => {
  const done = spawnSync(command, args, { cwd: folder, encoding: 'utf8', ...options });
  assert.equal(done.status, 0, `${command} ${args.join(' ')}\n${done.stdout}${done.stderr}`);
  return done.stdout;
};

before(() => {
  const packed = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: join(root, 'npm') }));
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--legacy-peer-deps', join(folder, packed[0].filename)]);
  // What a customer's project has besides, from the lock file of ours.
  mkdirSync(join(modules, '@types'), { recursive: true });
  for (const name of ['react', 'react-dom', 'scheduler', '@types/react', 'csstype'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
});

test('the tarball has what the package promises and nothing else', () => {
  const files = readdirSync(join(modules, 'natter-chat')).sort();
  assert.deepEqual(files, ['README.md', 'index.d.ts', 'index.js', 'package.json', 'react.d.ts', 'react.js', 'wire.d.ts']);
  const { version } = JSON.parse(readFileSync(join(modules, 'natter-chat/package.json'), 'utf8'));
  assert.match(readFileSync(join(root, 'Cargo.toml'), 'utf8'), new RegExp(`^version = "${version}"$`, 'm'), 'it has the version of the workspace');
});

test('its types say what fits and what does not', () => {
  copyFileSync(new URL('sample.tsx', import.meta.url), join(folder, 'sample.tsx'));
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--jsx', 'react-jsx', '--lib', 'es2022,dom', '--types', 'react', 'sample.tsx'];
  run('node', [join(root, 'node_modules/typescript/bin/tsc'), ...options]);
});

test('it is imported on a server without a page', () => {
  const program = `import { load } from 'natter-chat'; import { NatterChat } from 'natter-chat/react';
    import { createElement } from 'react'; import { renderToString } from 'react-dom/server';
    console.log(renderToString(createElement(NatterChat, { host: 'https://chat.example', slug: 'shop', inline: true })));
    await load({ host: 'https://chat.example', slug: 'shop' }).catch((error) => console.log(error.message));`;
  const printed = run('node', ['--input-type=module', '--eval', program]);
  assert.match(printed, /^<natter-chat slug="shop" inline=""><\/natter-chat>\n.*needs a page/);
});

test('in a browser', { timeout: 120_000 }, async (t) => {
  const { imports, modules: react } = reactModules(root);
  const map = { ...imports, 'natter-chat': '/npm/index.js', 'natter-chat/react': '/npm/react.js' };
  const pages = new Map();
  const site = createServer((request, response) => {
    const path = new URL(request.url, 'http://x').pathname;
    const script = react.get(path) ?? (path.startsWith('/npm/') && readFileSync(join(modules, 'natter-chat', path.slice(5)), 'utf8'));
    response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html', ...pages.get(path)?.headers });
    response.end(script || pages.get(path)?.html || '');
  });
  await new Promise((done) => site.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${site.address().port}`;
  const provider = await startProvider();
  const data = temporaryFolder();
  apply(writeApplyFile(data, { site: origin, provider: provider.base }), data);
  const server = await startServer(data);
  const browser = await chromium.launch({ executablePath: chromiumBinary(), args: ['--no-sandbox', '--disable-gpu'] });
  t.after(async () => {
    await browser.close();
    await Promise.all([server.program.stop(), provider.program.stop()]);
    site.closeAllConnections();
    site.close();
  });

  const open = async (t, script, headers = {}) => {
    const path = `/${pages.size}.html`;
    const nonce = 'n0nce';
    pages.set(path, { headers, html: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Package</title><link rel="icon" href="data:,"><body><main id="app"></main>
      <script type="importmap" nonce="${nonce}">${JSON.stringify({ imports: map })}</script>
      <script type="module" nonce="${nonce}">const host = '${server.api}';${script}</script></body></html>` });
    const context = await browser.newContext();
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    t.after(async () => {
      await context.close();
      assert.deepEqual(errors, []);
    });
    await page.goto(origin + path);
    return new Chat(page);
  };
  const chats = (chat) => chat.page.locator('natter-chat').count();

  await t.test('load() gives one chat however often it is called, and another one after it was destroyed', async (t) => {
    const chat = await open(t, `
      import { load } from 'natter-chat';
      const options = { host, slug: 'plain', theme: 'dark' };
      const both = await Promise.all([load(options), load({ src: host + '/w/plain.js' })]);
      window.same = both[0] === both[1] && both[0] === await load(options);
      window.again = () => load(options).then((api) => api.open());
      await both[0].open({ message: 'When do you open?' });`);
    assert.match(await chat.finished(), /6:30/);
    assert.equal(await chat.panel.getAttribute('data-theme'), 'dark');
    assert.deepEqual([await chat.page.evaluate(() => window.same), await chats(chat)], [true, 1]);
    await chat.page.evaluate(() => window.natter.destroy());
    assert.equal(await chats(chat), 0);
    await chat.page.evaluate(() => window.again());
    await visible(chat.answer);
    assert.equal(await chats(chat), 1);
  });

  await t.test('it works under a strict policy with Trusted Types', async (t) => {
    const chat = await open(t, `import { load } from 'natter-chat'; (await load({ host, slug: 'plain' })).open();`, {
      'content-security-policy': `default-src 'none'; img-src data:; script-src 'self' 'nonce-n0nce' ${server.api} 'wasm-unsafe-eval'; connect-src ${server.api}; require-trusted-types-for 'script'`,
    });
    await visible(chat.composer);
  });

  const app = (element) => `
    import { createElement as h, StrictMode, useState } from 'react';
    import { createRoot } from 'react-dom/client';
    import { NatterChat } from 'natter-chat/react';
    window.heard = [];
    function App() {
      const [props, set] = useState({ shown: true });
      window.set = (more) => set((now) => ({ ...now, ...more }));
      return props.shown && ${element};
    }
    createRoot(document.getElementById('app')).render(h(StrictMode, null, h(App)));`;

  await t.test('the component shows its bubble in strict mode once, follows its props, and takes it away', async (t) => {
    const chat = await open(t, app(`h(NatterChat, { host, slug: 'plain', theme: props.theme, identity: props.identity, onMessage: (text) => heard.push(text), onIdentify: (user) => heard.push(user), onLogout: () => heard.push('gone') })`));
    await visible(chat.bubble);
    assert.equal(await chats(chat), 1);
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    await chat.page.evaluate(() => window.set({ theme: 'dark' }));
    await equals('it is dark', () => chat.panel.getAttribute('data-theme'), 'dark');
    await chat.page.evaluate(() => window.set({ shown: false }));
    await equals('it is gone', () => chats(chat), 0);
    await chat.page.evaluate(() => window.set({ shown: true }));
    await visible(chat.bubble);
    await chat.open();
    await visible(chat.answer);
    assert.deepEqual(await chat.page.evaluate(() => window.heard), ['When do you open?']);
    await chat.page.evaluate(() => window.set({ identity: null }));
    assert.equal(await chat.questions.count(), 1);
  });

  await t.test('the component shows the chat where it stands, and nothing is left of it', async (t) => {
    const chat = await open(t, app(`h(NatterChat, { host, slug: 'plain', inline: true, style: { height: 500 } }, h('b', { slot: 'header' }, 'Our head'))`));
    await visible(chat.composer);
    await visible(chat.page.getByText('Our head'));
    assert.deepEqual([await chats(chat), await chat.bubble.count()], [1, 0]);
    await chat.page.evaluate(() => window.set({ shown: false }));
    await equals('it is gone', () => chats(chat), 0);
    await until('so is the object', () => chat.page.evaluate(() => window.natter === undefined));
    await hidden(chat.panel);
    await chat.page.evaluate(() => window.set({ shown: true }));
    await visible(chat.composer);
    assert.equal(await chats(chat), 1);
  });
});

after(() => setImmediate(() => process.exit()));
