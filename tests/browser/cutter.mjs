// A network between browser and server that fails where a test wants it to: a proxy that breaks connections off.

import { createServer, request as send } from 'node:http';

export class Cutter {
  #server;
  #streams = new Set();
  /** Breaks an answer's stream off after so many bytes of its body, and 37 more each time; 0 lets it through. */
  after = 0;
  /** Most streams that were open at once. */
  most = 0;
  /** How often it did. */
  cuts = 0;

  /** Starts a proxy for a server. */
  static async start(api) {
    const cutter = new Cutter();
    const { hostname, port } = new URL(api);
    cutter.#server = createServer((incoming, outgoing) => {
      const { method, url, headers } = incoming;
      const upstream = send({ hostname, port, method, path: url, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        if ((answer.headers['content-type'] ?? '').startsWith('text/event-stream')) cutter.#cut(answer, outgoing);
        else answer.pipe(outgoing);
      });
      upstream.on('error', () => outgoing.destroy());
      // A visitor who is gone is gone for the server too.
      outgoing.on('close', () => upstream.destroy());
      incoming.pipe(upstream);
    });
    await new Promise((done) => cutter.#server.listen(0, '127.0.0.1', done));
    cutter.api = `http://127.0.0.1:${cutter.#server.address().port}`;
    return cutter;
  }

  #cut(answer, outgoing) {
    let left = this.after ? this.after + 37 * this.cuts : Infinity;
    this.#streams.add(outgoing);
    this.most = Math.max(this.most, this.open);
    outgoing.on('close', () => this.#streams.delete(outgoing));
    answer.on('data', (bytes) => {
      if (bytes.length < left) {
        left -= bytes.length;
        outgoing.write(bytes);
        return;
      }
      this.cuts += 1;
      answer.destroy();
      // What came so far still arrives, then the connection is reset in the middle of a chunk.
      outgoing.write(bytes.subarray(0, left), () => outgoing.destroy());
    });
    answer.on('end', () => outgoing.end());
    answer.on('error', () => outgoing.destroy());
  }

  /** Breaks off every stream that is open. */
  drop() {
    for (const stream of this.#streams) stream.destroy();
  }

  /** How many streams are open. */
  get open() {
    return this.#streams.size;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(done));
  }
}
