// What every browser test shares: one browser, the demo, a server with badly behaving providers, and two websites. Each
// test gets a context of its own, whose pages may write no error to the console that the test did not announce.

import assert from 'node:assert/strict';
import { it as test } from 'node:test';
import { chromium } from 'playwright-core';

import { writeApplyFile } from './chatbots.mjs';
import { Chat } from './chat.mjs';
import { PATIENCE_MS } from './expect.mjs';
import { apply, chromiumBinary, natterBinary, providerBinary, startDemo, startProvider, startServer, temporaryFolder } from './processes.mjs';
import { Site, embedding } from './site.mjs';

const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** A test, with an end to all waiting. */
export const it = (name, run) => test(name, { timeout: 60_000 }, run);

class World {
  /** Starts everything; says in one sentence what is missing. */
  async start() {
    const executablePath = chromiumBinary();
    natterBinary();
    providerBinary();
    this.browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    [this.demo, this.site, this.stranger, this.provider] =
      await Promise.all([startDemo(), Site.start(), Site.start(), startProvider()]);
    this.server = await this.ownServer();
    const { status } = await fetch(`${this.demo.api}/w/demo.js`);
    if (status !== 200) throw new Error('The binary has no widget in it. Build it with cargo xtask dist.');
  }

  async stop() {
    await this.browser?.close();
    await Promise.all([this.demo?.program.stop(), this.server?.program.stop(), this.provider?.program.stop()]);
    await Promise.all([this.site?.stop(), this.stranger?.stop()]);
  }

  /** Another server over data of its own, for tests that break it. The test stops it. */
  async ownServer() {
    const data = temporaryFolder();
    apply(writeApplyFile(data, { site: this.site.origin, provider: this.provider.base }), data);
    return { data, ...(await startServer(data)) };
  }

  /** A visitor with a fresh browser profile. `t` is the test, whose end is the visitor's. */
  async visitor(t, options = {}) {
    const context = await this.browser.newContext({ reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    const visitor = new Visitor(context);
    t.after(() => visitor.leave());
    return visitor;
  }

  /** Address of a page that embeds a chatbot of the test server. */
  page(slug, parts, headers) {
    return this.site.add(embedding(this.server.api, slug, parts), headers);
  }

  /** The same on an origin that no chatbot allows. */
  strange(slug, parts) {
    return this.stranger.add(embedding(this.server.api, slug, parts));
  }
}

/** A browser profile and what its pages complained about. */
export class Visitor {
  #context;
  #complaints = [];
  #expected = [];

  constructor(context) {
    this.#context = context;
    context.on('weberror', (error) => this.#complaints.push(`uncaught: ${error.error().stack ?? error.error()}`));
    context.on('console', (message) => {
      if (message.type() === 'error') this.#complaints.push(`${message.text()} (${message.location().url})`);
    });
  }

  get context() {
    return this.#context;
  }

  /** Announces console errors: a refused request writes one, however well it is handled. */
  expect(...patterns) {
    this.#expected.push(...patterns);
  }

  /** Opens a tab with a page and gives its chat. */
  async open(url) {
    const page = await this.#context.newPage();
    await page.goto(url);
    return new Chat(page);
  }

  async leave() {
    await this.#context.close();
    const unexpected = this.#complaints.filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
    assert.deepEqual(unexpected, [], 'the pages wrote errors to the console');
  }
}

export const world = new World();
