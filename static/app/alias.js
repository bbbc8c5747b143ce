// Behind the tags of our predecessors, `/widget.js` with `data-robo` and `/embed/agent-widget.js` with `data-cid`: reads
// such a tag and fetches the chatbot's own loader. By `import()`, which a page's Trusted Types do not forbid.
(() => {
  const doc = document;
  const script = doc.currentScript || doc.querySelector('script[data-robo],script[data-cid]');
  const { robo, roboLocale, cid } = script.dataset;
  const { origin } = new URL(script.src);
  const name = robo || cid;
  const src = `${origin}/w/${encodeURIComponent(name)}.js`;

  // A module does not know its tag: this stands for it, with what the loader would read there.
  const tag = doc.createElement('natter-tag');
  tag.setAttribute('src', src);
  tag.hidden = true;
  for (const [key, value] of Object.entries(script.dataset)) tag.dataset[key] = value;
  tag.dataset.natterApi = origin;
  if (roboLocale) tag.dataset.natterLocale ||= roboLocale;
  doc.head.append(tag);

  const loaded = import(src);
  if (!robo) return;

  const fail = () => window.dispatchEvent(new Event('owari-robo:starter-error'));
  window.OwariRobo = {
    // Truthy once the request is taken; what becomes of it later is told by the event.
    open({ target, message } = {}) {
      const open = () => {
        const chat = window.natter.get(robo) || window.natter;
        return chat.open({ target, message });
      };
      // Not on a promise's word alone: the loader itself waits for the page to be read.
      const ask = async () => {
        await loaded;
        if (doc.readyState === 'loading') await new Promise((done) => doc.addEventListener('DOMContentLoaded', done));
        return open();
      };
      ask().then((done) => done || fail(), fail);
      return true;
    },
  };
  loaded.catch(fail);
})();
