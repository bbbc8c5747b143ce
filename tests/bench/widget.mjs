// The widget half of `cargo xtask bench`: what a visitor with a slow phone waits for, on a page of little else, in Chromium at a
// quarter of this machine's speed, and what two other widgets make the same visitor wait for. Every visit is a fresh browser
// profile; the kinds of visit take turns, and medians are printed. A report, never a test: nothing fails when a goal is missed.

import { chromium } from 'playwright-core';

import { writeApplyFile } from '../browser/chatbots.mjs';
import { apply, chromiumBinary, startProvider, startServer, temporaryFolder } from '../browser/processes.mjs';
import { Site, embedding } from '../browser/site.mjs';
import { fastAnswer, longLog } from './frames.mjs';
import { brotli, peers, shelf } from './peers.mjs';

const ROUNDS = 7;
const SLOWDOWN = 4;
// The preset "Fast 4G" of Chromium's tools: 9 Mbit/s less a tenth, and 60 ms for each request on an open connection.
const FAST_4G = { offline: false, latency: 60, downloadThroughput: 1_012_500, uploadThroughput: 168_750 };
const QUIET_MS = 1500;
const PATIENCE_MS = 20_000;
const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

// Where the parts of ours are: what is painted first, what opens it, and what can be used then.
const OURS = {
  host: 'natter-chat',
  seen: '[part~="bubble"]',
  press: '[part~="bubble"]',
  usable: '[part~="consent"] button, textarea[part~="input"]',
};

// Runs in the page before anything else: keeps what the browser reports about itself, and looks at every frame.
function watch({ host, seen: first, press, usable: wanted }) {
  const seen = (window.bench = { blocked: 0, shifted: 0 });
  const observe = (type, see) =>
    new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({ type, buffered: true });
  observe('longtask', ({ duration }) => (seen.blocked += duration - 50));
  observe('layout-shift', ({ value }) => (seen.shifted += value));
  observe('paint', ({ startTime }) => (seen.firstPaint ??= startTime));

  // A frame's callback runs before it is painted, the next task after that.
  const painted = (run) => requestAnimationFrame(() => setTimeout(run));
  const root = () => document.querySelector(host)?.shadowRoot;
  const shown = (element) => element?.checkVisibility({ visibilityProperty: true }) && !element.disabled;
  const look = (found, done) => {
    const again = () => (found() ? painted(() => done(performance.now())) : requestAnimationFrame(again));
    again();
  };
  look(() => root()?.querySelector(first)?.getBoundingClientRect().width, (now) => (seen.bubble = now));

  /** Clicks the bubble, and tells how long it took until something can be answered or asked. */
  window.clicked = () =>
    new Promise((done) => {
      const start = performance.now();
      look(() => [...(root()?.querySelectorAll(wanted) ?? [])].some(shown), (now) => done(now - start));
      root().querySelector(press).click();
    });
  /** Whether the hidden app is there. */
  window.mounted = () => Boolean(root()?.querySelector('[part~="panel"]'));
}

// The least that can stand in the loader's place: a script of its length that paints a bubble and can do nothing else.
const idle = (length) => {
  const script = `const paint = () => {
    const host = document.createElement('natter-chat');
    const bubble = document.createElement('button');
    bubble.setAttribute('part', 'bubble');
    bubble.style.cssText = 'position:fixed;right:20px;bottom:20px;width:56px;height:56px;border-radius:50%';
    host.attachShadow({ mode: 'open' }).append(bubble);
    document.body.append(host);
  };
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', paint);
  else paint();`;
  return `${script}//${'x'.repeat(Math.max(0, length - script.length - 2))}`;
};

/** How long a fixed piece of work takes in a page, for comparison with another machine. */
const work = () => {
  const start = performance.now();
  let sum = 0;
  for (let i = 0; i < 2e7; i++) sum = (sum + i * i) | 0;
  return performance.now() - start + 0 * sum;
};

/** One visit. `weigh` is a list for the addresses of scripts and modules, with what each weighs. */
async function visit(browser, { url, network, hover, click, parts = OURS, weigh }) {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    await context.addInitScript(watch, parts);
    const page = await context.newPage();
    if (weigh) {
      page.on('response', async (response) => {
        if (/script|wasm/.test(response.headers()['content-type'])) weigh.push(response.body().then((body) => brotli(body).length));
      });
    }
    const tools = await context.newCDPSession(page);
    await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    if (network) {
      await tools.send('Network.enable');
      await tools.send('Network.emulateNetworkConditions', network);
    }
    await page.goto(url, { waitUntil: 'load' });
    await page.waitForFunction(() => window.bench.bubble);
    await page.waitForTimeout(QUIET_MS);
    const loaded = await page.evaluate(() => ({ ...window.bench }));
    if (weigh) loaded.before = await sum(weigh);
    let opened;
    if (hover) {
      await page.locator('natter-chat [part~="bubble"]').hover();
      await page.waitForFunction(() => window.mounted());
      await page.waitForTimeout(QUIET_MS);
    }
    if (click) opened = await page.evaluate(() => window.clicked());
    const { shifted } = await page.evaluate(() => ({ ...window.bench }));
    if (weigh) loaded.whole = await sum(weigh);
    return { ...loaded, shifted, opened, work: await page.evaluate(work) };
  } finally {
    await context.close();
  }
}

const sum = async (weights) => (await Promise.all(weights)).reduce((one, other) => one + other, 0);
const median = (figures) => figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)];

function row(name, figure, goal, reference = '') {
  const word = goal === undefined ? '' : figure <= goal ? 'met' : 'MISSED';
  const number = name.includes('shift') ? figure.toFixed(3) : figure.toFixed(0);
  const wanted = goal === undefined ? '' : `<= ${goal}`;
  console.log(`${name.padEnd(44)}${number.padStart(9)}${String(reference).padStart(11)}  ${wanted.padEnd(10)}${word}`.trimEnd());
}

/** The table that stands beside the peers' figures. */
function beside(columns) {
  const rows = [
    ['first load, bytes of brotli', 'before'],
    ['all to chat, bytes of brotli', 'whole'],
    ['bubble or field painted', 'bubble'],
    ['main thread blocked while loading', 'blocked'],
    ['click to interactive, local', 'opened'],
    ['click to interactive, fast 4G', 'opened4g'],
  ];
  const line = (cells) => console.log(cells.map((cell, at) => (at ? cell.padStart(24) : cell.padEnd(36))).join('').trimEnd());
  line(['', ...Object.keys(columns)]);
  const cell = (figure) => (figure === undefined ? '(always open)' : Math.round(figure).toLocaleString('en'));
  for (const [name, key] of rows) line([name, ...Object.values(columns).map((column) => cell(column[key]))]);
}

const data = temporaryFolder();
const site = await Site.start();
const provider = await startProvider();
apply(writeApplyFile(data, { site: site.origin, provider: provider.base }), data);
const server = await startServer(data);
const store = await shelf();
const browser = await chromium.launch({ executablePath: chromiumBinary(), args: ARGUMENTS });
try {
  const tag = `${server.api}/w/terms.js`;
  const loader = await (await fetch(tag)).text();
  const page = embedding(server.api, 'terms');
  const script = site.add(idle(loader.length), { 'content-type': 'text/javascript' });
  const url = site.add(page);
  const kinds = {
    idle: { url: site.add(page.replace(tag, script)) },
    cold: { url, click: true },
    preloaded: { url, hover: true, click: true },
    fast4g: { url, network: FAST_4G, click: true },
  };
  const others = peers(store.origin);
  for (const [name, { html, ...parts }] of Object.entries(others)) {
    const there = { url: site.add(html), parts, click: Boolean(parts.press) };
    kinds[name] = there;
    kinds[`${name} fast4g`] = { ...there, network: FAST_4G };
  }
  const visits = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
  // The first visit of a browser pays for the browser's own start. What is loaded is weighed apart from the clock.
  const weights = {};
  for (const kind of ['cold', ...Object.keys(others)]) weights[kind] = await visit(browser, { ...kinds[kind], weigh: [] });
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind in kinds) visits[kind].push(await visit(browser, kinds[kind]));
  }
  const of = (kind, what) => median(visits[kind].map((visit) => visit[what]));
  const ours = [...visits.cold, ...visits.preloaded];
  const loads = (what) => median(ours.map((visit) => visit[what]));
  const all = Object.values(visits).flat();

  console.log(
    `\nWidget. A plain page in Chromium ${browser.version()} at ${SLOWDOWN}x CPU slowdown, in milliseconds, medians of ${ROUNDS} visits.\n` +
      `A loop that only counts takes ${median(all.map((visit) => visit.work)).toFixed(0)} ms here. "Idle" is the same page with a script of the same length that only paints a bubble.\n`,
  );
  console.log(`${''.padEnd(44)}${'with'.padStart(9)}${'idle'.padStart(11)}  goal`);
  row('page painted first', loads('firstPaint'), undefined, of('idle', 'firstPaint').toFixed(0));
  row('bubble painted, from the start of the visit', loads('bubble'), 100, of('idle', 'bubble').toFixed(0));
  row('main thread blocked while loading', loads('blocked'), 0, of('idle', 'blocked').toFixed(0));
  row('layout shift', Math.max(...ours.map((visit) => visit.shifted)), 0, of('idle', 'shifted').toFixed(3));
  row('click to interactive, nothing loaded, local', of('cold', 'opened'), 130);
  row('click to interactive, preloaded by hover', of('preloaded', 'opened'), 45);
  row('click to interactive, nothing loaded, fast 4G', of('fast4g', 'opened'), 240);
  row('bytes before the visitor acts', weights.cold.before, 1800);
  row('bytes to chat, in all', weights.cold.whole, 75_000);

  console.log('\nBeside others, in the same run. Theirs is all loaded before the click, ours with the click (local, 4G).\n');
  const columns = { Natter: { ...weights.cold, bubble: loads('bubble'), blocked: loads('blocked'), opened: of('cold', 'opened'), opened4g: of('fast4g', 'opened') } };
  for (const name in others) {
    const opened = others[name].press ? [of(name, 'opened'), of(`${name} fast4g`, 'opened')] : [];
    columns[name] = { ...weights[name], bubble: of(name, 'bubble'), blocked: of(name, 'blocked'), opened: opened[0], opened4g: opened[1] };
  }
  beside(columns);

  const own = async (run, slug) => {
    const context = await browser.newContext();
    try {
      return await run(context, site.add(embedding(server.api, slug)));
    } finally {
      await context.close();
    }
  };
  console.log('\nThe longest time that the page\'s thread was busy, at this machine\'s own speed, in milliseconds.\n');
  const log = await own(longLog, 'plain');
  row(`opening a conversation of ${log.shown} messages`, log.opened);
  row('scrolling through it', log.scrolled, 50);
  row('an answer at 200 tokens a second', await own(fastAnswer, 'swift'), 16);
} finally {
  await browser.close();
  await Promise.all([server.program.stop(), provider.program?.stop(), site.stop(), store.stop()]);
}
