// What is measured beside ours: two widgets as npm has them (tests/bench/peers), on the same page, served compressed as ours is.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { brotliCompressSync, constants } from 'node:zlib';

const FOLDER = new URL('peers/node_modules/', import.meta.url);

/** A text's size as brotli at its best. */
export const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });

/** Serves their files, compressed once. */
export async function shelf() {
  const kept = new Map();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://shelf');
    try {
      if (!kept.has(pathname)) kept.set(pathname, brotli(await readFile(new URL(`.${pathname}`, FOLDER))));
      const headers = { 'content-type': 'text/javascript', 'content-encoding': 'br', 'access-control-allow-origin': '*' };
      response.writeHead(200, headers).end(kept.get(pathname));
    } catch {
      // A peer's call to its own server, which is not here: a refusal at once costs it nothing.
      response.writeHead(404, { 'content-type': 'application/json', 'access-control-allow-origin': '*' }).end('{}');
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const stop = () => new Promise((done) => (server.closeAllConnections(), server.close(done)));
  return { origin: `http://127.0.0.1:${server.address().port}`, stop };
}

const page = (tag) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Somebody's website</title><link rel="icon" href="data:,"></head>
<body><main><h1>Somebody's website</h1><p>${'The quick brown fox jumps over the lazy dog. '.repeat(20)}</p></main>${tag}</body></html>`;

/**
 * The peers: the page that has each, and where its parts are. What is `seen` stands for the bubble; `press` opens it, and
 * one without it is always open; `usable` is the field to write in.
 */
export const peers = (origin) => ({
  'deep-chat 2.4.2': {
    html: page(`<deep-chat></deep-chat><script type="module" src="${origin}/deep-chat/dist/deepChat.bundle.js"></script>`),
    host: 'deep-chat',
    seen: '#text-input',
    usable: '#text-input',
  },
  'Open Chat Studio 0.6.0': {
    html: page(
      `<open-chat-studio-widget chatbot-id="a" api-base-url="${origin}" button-text="Chat" persistent-session="false"></open-chat-studio-widget>` +
        `<script type="module" src="${origin}/open-chat-studio-widget/dist/open-chat-studio-widget/open-chat-studio-widget.esm.js"></script>`,
    ),
    host: 'open-chat-studio-widget',
    seen: '[class*="chat-btn"]',
    press: '[class*="chat-btn"]',
    usable: 'textarea',
  },
});
