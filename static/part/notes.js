// The visitor's conversations on this device, with what opens them again. Kept below the chat's own name, so that they go
// with a log-out.

// As many, and as long as their secrets are good for.
const MOST = 20;
const WEEK = 7 * 24 * 3600 * 1000;

export const notesOf = (own) => {
  const name = `${own.kept}:history`;
  const all = () => {
    const list = memory((storage) => JSON.parse(storage.getItem(name)).filter(({ session_id: id, at }) => id && Date.parse(at) > Date.now() - WEEK));
    return list ?? [];
  };
  const write = (list) => {
    memory((storage) => (list.length ? storage.setItem(name, JSON.stringify(list.slice(0, MOST))) : storage.removeItem(name)));
    own.app().tell('past', list.length ? 'yes' : '');
  };
  const drop = (session) => write(all().filter(({ session_id: id }) => id !== session));
  // Notes the conversation that is shown, as the app sees it: the newest one.
  const note = ({ session, secret, chatbot, title: asked, at, finished }, status = finished ? 'finished' : 'open') => {
    // A picture may have been sent without words.
    const title = asked || own.root.querySelector('[part~=file][data-file]')?.title;
    if (!session || !title) return;
    const others = all().filter(({ session_id: id }) => id !== session);
    const begun = at ?? new Date().toISOString();
    write([{ session_id: session, secret, chatbot_id: chatbot, title: title.slice(0, 120), at: begun, status }, ...others]);
  };
  return { all, note, drop };
};
