// Puts a Natter chat into a page. Nothing here touches the page before `load` is called, so that it may be imported on
// a server.

const loading = new Map();
let times = 0;

const address = ({ src, host, slug }) => {
  const base = globalThis.document?.baseURI;
  const url = new URL(src ?? `${String(host).replace(/\/+$/, '')}/w/${encodeURIComponent(slug)}.js`, base);
  const name = /\/w\/([^/]+)\.js$/.exec(url.pathname)?.[1];
  if (!name) throw new TypeError('natter-chat: give `host` and `slug`, or a `src` that ends in /w/SLUG.js');
  return { url, slug: slug ?? decodeURIComponent(name) };
};

const ready = () =>
  document.readyState === 'loading' && new Promise((done) => document.addEventListener('DOMContentLoaded', done));

const begin = async (options, url, slug) => {
  // What the loader reads from its tag. It is imported, which a page's Trusted Types do not forbid, and a module does
  // not know its tag; so an element stands for it.
  const tag = document.createElement('natter-tag');
  tag.hidden = true;
  tag.setAttribute('src', url.href);
  tag.dataset.natterApi = options.api ?? url.origin;
  for (const name of ['locale', 'theme', 'position', 'inline'])
    if (options[name] != null) tag.dataset[`natter${name[0].toUpperCase()}${name.slice(1)}`] = options[name];
  if (options.back === false) tag.dataset.natterBack = 'off';
  if (options.allowCustomJs) tag.dataset.allowCustomJs = '';
  for (const old of document.querySelectorAll('natter-tag')) if (old.getAttribute('src') === url.href) old.remove();
  document.head.append(tag);
  // A module runs once for each address; what stands behind the # makes another one of the same file.
  await import(/* webpackIgnore: true */ /* @vite-ignore */ `${url.href}#${++times}`);
  await ready();
  const api = globalThis.natter?.get?.(slug);
  if (!api) throw new Error(`natter-chat: ${url.href} has no chatbot that is called ${slug}`);
  return api;
};

/** Puts the chat into the page, once for each chatbot, and gives what drives it. */
export async function load(options) {
  if (typeof document === 'undefined') throw new Error('natter-chat: load() needs a page; call it in the browser');
  const { url, slug } = address(options);
  await ready();
  const there = globalThis.natter?.get?.(slug);
  if (there) return there;
  if (!loading.has(slug)) loading.set(slug, begin(options, url, slug).finally(() => loading.delete(slug)));
  return loading.get(slug);
}
