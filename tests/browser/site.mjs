// A website of somebody else: pages that a test writes, on an origin of their own.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const LOREM = 'The quick brown fox jumps over the lazy dog. '.repeat(20);

// An owner's icon of the bubble.
const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="red"/></svg>';

/** A page that embeds a chat with its one tag. */
export function embedding(api, slug, { head = '', body = '', root = '', tag = '' } = {}) {
  return `<!doctype html>
<html lang="en" ${root}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Somebody's website</title><link rel="icon" href="data:,">${head}</head>
<body><main><h1>Somebody's website</h1>${body}<p>${LOREM}</p></main>
<script src="${api}/w/${slug}.js" async ${tag}></script>
</body></html>`;
}

// Style sheets and scripts of other people that pages really load, as npm has them.
const LIBRARIES = ['bootstrap', 'tailwindcss', 'zone.js', '@hotwired/turbo'];
const KINDS = { css: 'text/css', js: 'text/javascript' };

async function library(path) {
  const name = LIBRARIES.find((name) => path.startsWith(`${name}/`));
  if (!name || path.includes('..')) return undefined;
  const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  return { text: await readFile(join(folder, path.slice(name.length + 1)), 'utf8'), kind: KINDS[path.split('.').at(-1)] };
}

export class Site {
  #pages = new Map();
  #server;

  static async start() {
    const site = new Site();
    site.#server = createServer((request, response) => site.#answer(request, response));
    await new Promise((done) => site.#server.listen(0, '127.0.0.1', done));
    site.origin = `http://127.0.0.1:${site.#server.address().port}`;
    return site;
  }

  #answer(request, response) {
    const path = request.url.split('?')[0];
    if (path.startsWith('/lib/')) return this.#lend(path.slice(5), response);
    if (path === '/icon.svg') return response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(ICON);
    const page = this.#pages.get(path);
    if (!page) return response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such page.');
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(page.html);
  }

  async #lend(path, response) {
    const file = await library(path).catch(() => undefined);
    if (!file) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': file.kind }).end(file.text);
  }

  /** Puts a page up and gives its address. */
  add(html, headers = {}, path = `/${this.#pages.size + 1}.html`) {
    this.#pages.set(path, { html, headers });
    return this.origin + path;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(done));
  }
}
