// What the widget says when something on a page refuses it: once to the developer, once to the page, once to the owner.

import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { equals, until, visible } from '../expect.mjs';
import { hearReports, host } from '../hosts.mjs';
import { it, world } from '../world.mjs';

const NOISE = [/Content Security Policy/, /violates the/, /Refused to/, /CompileError/, /blocked by CORS/, /ERR_FAILED/, /status of/, /ERR_BLOCKED/];

const policy = (...rules) => ({ 'content-security-policy': ["default-src 'none'", 'img-src data:', ...rules].join('; ') });

/** Opens a page and presses its bubble, and gives what was said of it to whom. */
async function consult(t, url) {
  const visitor = await world.visitor(t);
  visitor.expect(...NOISE);
  const reports = await hearReports(visitor.context);
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
    await agreed(told, 'csp_wasm', `script-src ${api} 'wasm-unsafe-eval'`);
    assert.ok(told.warnings[0].includes(`frame-src ${api}`));
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
