// The pages in `pages/`: websites that are not made for a chat. Each file is one; its title says what it does, and
// docs/hostile-pages.md has the same list. Those in `pages/living/` do something while the chat is there.

import { readFileSync, readdirSync } from 'node:fs';

const FOLDER = new URL('pages/', import.meta.url);
const TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(10);
const XHTML = { 'content-type': 'application/xhtml+xml; charset=utf-8' };

const list = (folder) => readdirSync(new URL(folder, FOLDER)).filter((file) => file.endsWith('.html')).map((file) => file.slice(0, -5)).sort();

/** Names of all pages on which the chat is as anywhere. */
export const names = list('.');

/** Names of the others. */
export const living = list('living/').map((name) => `living/${name}`);

const source = (name) => readFileSync(new URL(`${name}.html`, FOLDER), 'utf8');

/** What a page does, in words. */
export const title = (name) => /<title>(.*)<\/title>/.exec(source(name))[1].replace('&lt;', '<').replace('&gt;', '>');

/** The table of all pages, as it stands in docs/hostile-pages.md. */
export const table = () => [...names, ...living].map((name) => `| ${title(name)} | \`${name}.html\` |`).join('\n');

/**
 * Puts a page up and gives its address. `bare` leaves the chat out, `headers` may hold a policy, `values` fills further
 * placeholders or replaces ours.
 */
export async function host(world, name, { bare = false, slug = 'terms', headers = {}, values = {} } = {}) {
  const { site, server: { api } } = world;
  const nothing = site.add('', { 'content-type': 'text/javascript' });
  const filled = {
    api,
    site: site.origin,
    text: TEXT,
    loader: bare ? nothing : `${api}/w/${slug}.js`,
    other: bare ? nothing : `${api}/w/plain.js`,
    ...values,
  };
  if (/{{bundle}}/.test(source(name)) && !filled.bundle) {
    const script = bare ? '' : await (await fetch(filled.loader)).text();
    filled.bundle = site.add(`var ours = 1;\n${script}\n;ours = 2;`, { 'content-type': 'text/javascript' });
  }
  if (/{{inner}}/.test(source(name))) filled.inner ??= await host(world, 'plain', { bare, slug });
  const page = source(name).replace(/{{(\w+)}}/g, (_, key) => filled[key]);
  return site.add(page, { ...(name.includes('xhtml') && XHTML), ...headers });
}

/** Takes what the install doctor reports in the server's place, and gives the list of it. */
export async function hearReports(context) {
  const reports = [];
  await context.route(/\/v1\/public\/widgets\/[^/]+\/reports$/, (route) => {
    reports.push(route.request().postDataJSON());
    return route.fulfill({ status: 202, headers: { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' } });
  });
  return reports;
}

/** Has every page and frame of a profile note layout shifts before anything of it runs, those apart that follow a visitor's input at once: they count for nobody. */
export const observeShifts = (context) =>
  context.addInitScript(() => {
    const shifts = [];
    Object.defineProperty(window, Symbol.for('shifts'), { value: shifts });
    new PerformanceObserver((list) => {
      // Nodes within a shadow root are not named; their places are.
      const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
      const moved = ({ previousRect, currentRect }) => ` from ${place(previousRect)} to ${place(currentRect)}`;
      for (const { value, hadRecentInput, sources } of list.getEntries()) if (!hadRecentInput) shifts.push(`${value}: ${sources.map(moved)}`);
    }).observe({ type: 'layout-shift', buffered: true });
  });

/** What has moved on a page and in its frames. */
export const shiftsOf = async (page) => {
  const all = await Promise.all(page.frames().map((frame) => frame.evaluate(() => window[Symbol.for('shifts')])));
  return all.flat();
};
