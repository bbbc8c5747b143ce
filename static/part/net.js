// The app's requests, and one connection for all tabs of a site: a browser opens only six to a server, and each answer would
// take one in every tab. The tab that reads an answer holds a lock and hands the bytes on; the others read along, and wait for
// the lock: when it becomes free in mid-answer, because the tab was closed or lost its connection, the next one reads on.
//
// A tab that joins in mid-answer asks for what came so far. Where there are no locks, or nobody answers, it opens a stream of
// its own: then there is one more connection, and nothing is lost.

// How long to wait for what came so far, and for a stream that says nothing: the server's heartbeat comes every 15 s.
const PATIENCE = 600;
const SILENCE = 40_000;

// What the app is told about a stream, besides how a request ended (its HTTP status, 0 when no answer came): its first bytes,
// more of them, or that the place is asked for where it has to go on. The app's word on bytes is whether it wants more.
const NEW = 1;
const MORE = 2;
const PLACE = 3;

// What tabs say to each other, besides NEW and MORE: who has the beginning, and here it is.
const ASK = 4;
const ALL = 5;

// Gives what the app calls: `fetch` and `stream`, whose outcome goes to `tell`, and `drop`, which ends the stream.
export const netOf = (api) => {
  const send = (method, path, headers, token, body, signal) => {
    if (token) headers.authorization = `Bearer ${token}`;
    if (body) headers['content-type'] = 'application/json';
    return fetch(api + path, { method, headers, body, signal, cache: 'no-store', credentials: 'omit' });
  };
  const outcome = async (response) => {
    const head = (name) => response.headers.get(name) ?? undefined;
    return [response.status, await response.text(), head('retry-after'), head('x-should-retry')];
  };

  // The stream of this tab.
  let mine;
  const drop = () => {
    if (!mine) return;
    const { channel, controller, release, timer } = mine;
    mine = undefined;
    clearTimeout(timer);
    channel?.close();
    release?.();
    controller.abort();
  };
  const finish = (it, result) => {
    if (mine === it) drop();
    it.tell(it.number, ...result);
  };
  const watch = (it) => {
    clearTimeout(it.timer);
    // What is read ends by itself, what is read along does not.
    it.timer = setTimeout(() => (it.along ? finish(it, [0]) : it.controller.abort()), SILENCE);
  };
  const post = (it, kind, portions) => it.channel?.postMessage([it.session, kind, portions]);

  const read = async (it, place, body) => {
    watch(it);
    if (!place) it.read = [];
    let result = [0];
    try {
      const headers = { accept: 'text/event-stream' };
      if (place) headers['last-event-id'] = place;
      const response = await send(it.method, it.path, headers, it.token, body, it.controller.signal);
      if (response.ok && response.status !== 204) {
        const reader = response.body.getReader();
        for (let kind = NEW, portion; !(portion = await reader.read()).done; kind = MORE) {
          watch(it);
          it.read?.push(portion.value);
          post(it, kind, [portion.value]);
          it.tell(it.number, kind, portion.value);
        }
        result = [response.status];
      } else result = await outcome(response);
    } catch {}
    finish(it, result);
  };
  // Reads what nobody reads for this tab any more: the lock is here, or the beginning never came.
  const alone = (it, leads) => {
    if (mine !== it || !it.along || (it.begun && !leads)) return;
    it.along = false;
    read(it, it.tell(it.number, PLACE));
  };
  // Waits for the lock of the conversation's stream. Whether there is such a thing.
  const queue = (it) => {
    try {
      it.channel = new BroadcastChannel(`natter:stream:${it.session}`);
    } catch {
      return false;
    }
    it.channel.onmessage = ({ data: [session, kind, portions] }) => {
      if (session !== it.session || mine !== it) return;
      if (kind === ASK) {
        if (it.read) post(it, ALL, it.read);
        return;
      }
      if (!it.along || (kind === ALL) === Boolean(it.begun)) return;
      it.begun = true;
      watch(it);
      let more = kind === MORE;
      for (const portion of portions) {
        const wanted = it.tell(it.number, more ? MORE : NEW, portion);
        more = true;
        if (!wanted) return drop();
      }
    };
    const hold = () =>
      mine === it &&
      new Promise((release) => {
        it.release = release;
        alone(it, true);
      });
    // One that is given up is refused, which is nobody's fault.
    navigator.locks?.request(`natter:${it.session}`, { signal: it.controller.signal }, hold).catch(() => {});
    return navigator.locks;
  };

  return {
    drop,
    async fetch(tell, number, method, path, token, body) {
      let result = [0];
      try {
        result = await outcome(await send(method, path, { accept: 'application/json' }, token, body));
      } catch {}
      tell(number, ...result);
    },
    // Opens a stream, or reads along where another tab has it open.
    stream(tell, number, method, path, token, body, session, place) {
      drop();
      const it = (mine = { tell, number, method, path, token, session, controller: new AbortController() });
      if (queue(it) && !body) {
        it.along = true;
        watch(it);
        post(it, ASK);
        setTimeout(alone, PATIENCE, it);
      } else read(it, place, body);
    },
  };
};
