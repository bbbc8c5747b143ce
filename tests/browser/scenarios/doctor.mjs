// What the widget says when something on a page refuses it: once to the developer, once to the page, once to the owner.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { equals, until, visible } from '../expect.mjs';
import { hearReports, host } from '../hosts.mjs';
import { admin } from '../processes.mjs';
import { it, world } from '../world.mjs';

const NOISE = [/Content Security Policy/, /violates the/, /Refused to/, /CompileError/, /blocked by CORS/, /ERR_FAILED/, /status of/, /ERR_BLOCKED/];

const policy = (...rules) => ({ 'content-security-policy': ["default-src 'none'", 'img-src data:', ...rules].join('; ') });

/** Opens a page and presses its bubble, and gives what was said of it to whom. `before` has the browser's profile first. */
async function consult(t, url, before = () => {}) {
  const visitor = await world.visitor(t);
  visitor.expect(...NOISE);
  const reports = await hearReports(visitor.context);
  await before(visitor);
  const warnings = [];
  const events = [];
  // The browser has warnings of its own, as for a message to a frame that was refused.
  visitor.context.on('console', (message) => message.text().startsWith('natter') && warnings.push(message.text()));
  await visitor.context.exposeFunction('toldOf', (detail) => events.push(detail));
  await visitor.context.addInitScript(() => {
    document.addEventListener('natter:refused', ({ detail }) => window.toldOf(detail));
  });
  const chat = await visitor.open(await url);
  await visible(chat.bubble);
  await chat.bubble.click();
  return { chat, reports, warnings, events };
}

/** Waits until everybody was told the same, and nobody twice. */
async function agreed({ reports, warnings, events }, reason, fix) {
  await until('the owner is told', () => reports, ({ length }) => length > 0);
  // What the scripts of one page do has no word of its own on the server.
  assert.deepEqual(reports.map((report) => report.reason), [reason === 'fetch' ? 'other' : reason]);
  assert.ok(reports[0].detail.length <= 300);
  const [, version] = /"version":"([^"]+)"/.exec(await (await fetch(`${world.server.api}/w/plain.js`)).text());
  assert.equal(reports[0].version, version, 'the script’s version');
  await equals('the page is told', () => events.map((event) => event.reason), [reason]);
  assert.ok(events[0].fix.includes(fix), events[0].fix);
  assert.equal(warnings.length, 1, warnings.join('\n'));
  assert.match(warnings[0], /^natter: /);
  assert.ok(warnings[0].includes(fix), warnings[0]);
  assert.ok(warnings[0].includes(reports[0].detail));
}

const strict = (...rules) => host(world, 'plain', { slug: 'plain', headers: policy(...rules) });

describe('the install doctor', () => {
  it('says which source the policy lacks for WebAssembly, and the chat comes in a frame', async (t) => {
    const { api } = world.server;
    const told = await consult(t, strict(`script-src ${api}`, `connect-src ${api}`, `frame-src ${api}`));
    await visible(told.chat.framed.composer);
    await agreed(told, 'csp_wasm', `script-src ${api} 'wasm-unsafe-eval'`);
  });

  it('says that connections are refused, which the frame tells the server since the page cannot', async (t) => {
    const { api } = world.server;
    const told = await consult(t, strict(`script-src ${api} 'wasm-unsafe-eval'`, `frame-src ${api}`));
    await visible(told.chat.framed.composer);
    await agreed(told, 'csp_connect', `connect-src ${api}`);
    assert.equal(told.reports[0].page_origin, world.site.origin);
  });

  it('says that frames are refused as well, and the bubble is a link', async (t) => {
    const { api } = world.server;
    const told = await consult(t, strict(`script-src ${api}`, `connect-src ${api}`, "frame-src 'none'"));
    await visible(told.chat.page.locator('natter-chat').getByRole('link', { name: 'Assistant plain' }));
    await agreed(told, 'csp_frame', `script-src ${api} 'wasm-unsafe-eval'`);
    assert.ok(told.events[0].fix.includes(`frame-src ${api}`));
  });

  it('says that a further script is refused, and the chat comes in a frame', async (t) => {
    const { api } = world.server;
    const loader = await (await fetch(`${api}/w/plain.js`)).text();
    const [, start] = /"host":"([^"]+)"/.exec(loader);
    const later = (await (await fetch(api + start)).text()).match(/\/assets\/(doctor|stand-in)-\w+\.js/g);
    const scripts = ['/w/plain.js', start, ...later].map((path) => api + path);
    const told = await consult(t, strict(`script-src ${scripts.join(' ')} 'wasm-unsafe-eval'`, `connect-src ${api}`, `frame-src ${api}`));
    await visible(told.chat.framed.composer);
    await agreed(told, 'csp_script', `script-src ${api}`);
    assert.match(told.reports[0].detail, /natter-\w+\.js/);
  });

  for (const [title, broken] of [
    ['is broken', () => (WebAssembly.instantiate = WebAssembly.instantiateStreaming = () => Promise.reject(new WebAssembly.CompileError('out of order')))],
    ['was taken away', () => delete window.WebAssembly],
  ])
    it(`says that WebAssembly ${title}, and the chat comes in a frame`, async (t) => {
      const url = await host(world, 'plain', { slug: 'plain' });
      const here = `if (!location.pathname.startsWith('/f/')) (${broken})()`;
      const told = await consult(t, url, ({ context }) => context.addInitScript(here));
      await visible(told.chat.framed.composer);
      await agreed(told, 'wasm', 'Leave window.WebAssembly as it is');
    });

  it('says that the server no longer speaks to a script of this version', async (t) => {
    const old = async (route) => route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), version: 3 }) });
    const told = await consult(t, host(world, 'plain', { slug: 'plain' }), ({ context }) => context.route('**/v1/widget/handshake', old));
    await agreed(told, 'version', 'Load the script from the server itself');
  });

  it('says which origin the chatbot must allow', async (t) => {
    const told = await consult(t, world.strange('plain'));
    await agreed(told, 'origin', `origins = ["${world.stranger.origin}"]`);
  });

  it('says once that nothing can be kept, while the chat works', async (t) => {
    const told = await consult(t, host(world, 'storage-refused', { slug: 'plain' }));
    await agreed(told, 'storage', 'Allow the site to keep data');
    await told.chat.ask('When do you open?');
    assert.match(await told.chat.finished(), /6:30/);
  });

  it('says that a script has broken fetch, and the chat comes in a frame', async (t) => {
    const told = await consult(t, host(world, 'script-fetch-refusing', { slug: 'plain' }));
    await visible(told.chat.framed.composer);
    await agreed(told, 'fetch', 'response.clone()');
  });

  it('says that the script is of another version where its files are gone', async (t) => {
    const old = await (await fetch(`${world.server.api}/w/plain.js`)).text();
    const bundle = world.site.add(old.replace(/(natter-)[0-9a-f]{16}(\.wasm)/, '$1gone$2'), { 'content-type': 'text/javascript' });
    const values = { bundle };
    const told = await consult(t, host(world, 'tag-combined', { slug: 'plain', values }));
    await agreed(told, 'version', 'Load the script from');
    await visible(told.chat.note);
  });

  it('is not fetched where nothing is wrong, and nobody is told anything', async (t) => {
    const visitor = await world.visitor(t);
    const reports = await hearReports(visitor.context);
    const asked = [];
    const said = [];
    visitor.context.on('request', (request) => asked.push(request.url()));
    visitor.context.on('console', (message) => said.push(message.text()));
    const chat = await visitor.open(await host(world, 'plain', { slug: 'plain' }));
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    assert.deepEqual(asked.filter((url) => /doctor/.test(url)), []);
    assert.deepEqual([reports, said], [[], []]);
  });

  it('says nothing of an outage', async (t) => {
    const server = await world.ownServer();
    t.after(() => server.program.stop());
    const loader = `${server.api}/w/plain.js`;
    const visitor = await world.visitor(t);
    visitor.expect(/ERR_CONNECTION_REFUSED/);
    const warnings = [];
    visitor.context.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    const chat = await visitor.open(await host(world, 'script-fetch-wrapped', { values: { loader } }));
    await visible(chat.bubble);
    await server.program.stop('SIGKILL');
    await chat.bubble.click();
    await visible(chat.note);
    assert.deepEqual(warnings, []);
    assert.equal(await chat.bubble.evaluate((bubble) => bubble.localName), 'button');
    assert.equal(await chat.page.locator('natter-chat iframe').count(), 0);
  });
});

describe('what the install doctor found', () => {
  it('reaches the owner by the real server, from the page or through the frame', async (t) => {
    const server = await world.ownServer();
    t.after(() => server.program.stop());
    const { api, data } = server;
    const visitor = await world.visitor(t);
    visitor.expect(...NOISE);
    const page = (...rules) => host(world, 'plain', { values: { loader: `${api}/w/plain.js` }, headers: policy(...rules) });
    const press = async (url) => {
      const chat = await visitor.open(await url);
      await chat.bubble.click();
      return chat;
    };
    const listed = () => admin(data, 'reports', '--days', '1').split('\n').filter((line) => line.includes(' plain '));
    const found = (reason, detail) => until(`${reason} is listed`, listed, (lines) => lines.some((line) => line.includes(` ${world.site.origin} ${reason} 1 `) && line.includes(detail)));
    // The frame speaks to the server.
    const framed = await press(page(`script-src ${api} 'wasm-unsafe-eval'`, `frame-src ${api}`));
    await visible(framed.framed.composer);
    await found('csp_connect', `connections to ${api} (connect-src)`);
    // The page does.
    await press(page(`script-src ${api}`, `connect-src ${api}`, "frame-src 'none'"));
    await found('csp_frame', 'WebAssembly (script-src)');
    await press(host(world, 'storage-refused', { values: { loader: `${api}/w/plain.js` } }));
    await found('storage', 'localStorage');
    // Where both are refused nobody can tell the owner.
    const before = listed().length;
    const alone = await press(page(`script-src ${api} 'wasm-unsafe-eval'`, "frame-src 'none'"));
    await visible(alone.page.locator('natter-chat').getByRole('link', { name: 'Assistant plain' }));
    assert.equal(listed().length, before);
  });
});
