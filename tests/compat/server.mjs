// A server for the compatibility tests: chatbots whose provider behaves in one way each, and a key.

import { apply, startProvider, startServer, temporaryFolder } from '../browser/processes.mjs';
import { writeApplyFile } from '../browser/chatbots.mjs';

/** An origin that the chatbots allow. No page is ever fetched from it. */
export const ORIGIN = 'http://127.0.0.1:1';

/** Starts it; `stop` ends it. */
export async function start() {
  const provider = await startProvider();
  const data = temporaryFolder();
  const printed = apply(writeApplyFile(data, { site: ORIGIN, provider: provider.base }), data);
  const server = await startServer(data);
  return {
    api: server.api,
    key: /nt_live_\S+/.exec(printed)[0],
    async stop() {
      await Promise.all([server.program.stop(), provider.program.stop()]);
    },
  };
}
