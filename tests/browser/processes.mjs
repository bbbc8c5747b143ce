// The programs under test: started on free ports with their data in a temporary folder, and stopped whatever happens.

import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// What `cargo xtask test` hands over, and what it means.
const BINARY = ['NATTER_TEST_BINARY', 'the natter binary with the widget in it; cargo xtask dist builds target/dist/natter'];
const PROVIDER = ['NATTER_MOCK_PROVIDER', 'the pretend provider; cargo build --package natter-mock-provider builds it'];
const CHROMIUM = ['NATTER_TEST_CHROMIUM', "Chromium; Debian's package is called chromium", '/usr/bin/chromium'];

function program([name, what, usual]) {
  const path = process.env[name] || usual;
  if (!path) throw new Error(`${name} is not set. Set it to the path of ${what}.`);
  if (!existsSync(path)) throw new Error(`${path} does not exist. Set ${name} to the path of ${what}.`);
  return path;
}

export const natterBinary = () => program(BINARY);
export const providerBinary = () => program(PROVIDER);
export const chromiumBinary = () => program(CHROMIUM);

const START_MS = 30_000;

// What the sites of the tests sign their users' ids with.
const IDENTITY_SECRET = 'the secret of a site that only its server knows';
/** A site's word that a visitor is a user of it. */
export const proofOf = (user) => createHmac('sha256', IDENTITY_SECRET).update(user).digest('hex');

/** The same as a token, as the site's server would sign it for some minutes. */
export function tokenFor(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ exp: Math.floor(Date.now() / 1000) + 600, ...claims })}`;
  return `${body}.${createHmac('sha256', IDENTITY_SECRET).update(body).digest('base64url')}`;
}

const running = new Set();
const folders = new Set();

// Only what this process started, and by its id.
function killAll() {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
process.on('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** A folder that is gone afterwards. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'natter-test-'));
  folders.add(folder);
  return folder;
}

/** A program that runs until it is stopped. */
export class Program {
  #child;
  #name;
  #text = '';
  #problems = '';

  /** Starts it, and waits until its output matches. */
  static async start(path, args, ready) {
    const program = new Program();
    program.#name = path;
    const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: temporaryFolder() });
    program.#child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    child.stderr.on('data', (bytes) => (program.#problems += bytes));
    program.match = await program.#await(ready);
    return program;
  }

  #await(ready) {
    return new Promise((resolve, reject) => {
      const fail = (reason) => {
        clearTimeout(timer);
        reject(new Error(`${this.#name} ${reason}.\n${this.#text}${this.#problems}`));
      };
      const timer = setTimeout(fail, START_MS, `was not ready after ${START_MS} ms`);
      this.#child.once('error', (error) => fail(`could not be started: ${error.message}`));
      this.#child.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
      this.#child.stdout.on('data', (bytes) => {
        this.#text += bytes;
        const match = ready.exec(this.#text);
        if (!match) return;
        clearTimeout(timer);
        resolve(match);
      });
    });
  }

  /** What it wrote to standard error. */
  get problems() {
    return this.#problems;
  }

  /** Ends it, by default in good order, and waits until it is gone. */
  async stop(signal = 'SIGTERM') {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill(signal);
    await gone;
  }
}

/** `natter demo`: its server, its shop and the process. */
export async function startDemo() {
  const args = ['demo', '--listen', '127.0.0.1:0', '--shop-listen', '127.0.0.1:0', '--data', temporaryFolder()];
  const ready = /serves on\s+(\S+)\s+Example shop\s+(\S+)[^]*Press/;
  const program = await Program.start(natterBinary(), args, ready);
  return { api: program.match[1], shop: program.match[2], program };
}

/** Fills a database as an apply file says. Gives what was printed. */
export function apply(file, data) {
  const args = ['apply', file, ...storage(data)];
  const env = { ...process.env, SITE_IDENTITY_SECRET: IDENTITY_SECRET };
  const done = spawnSync(natterBinary(), args, { encoding: 'utf8', cwd: data, env });
  if (done.status !== 0) throw new Error(`natter apply ${file} failed: ${done.stderr}`);
  return done.stdout;
}

/** What `natter admin` prints of a database. */
export function admin(data, ...args) {
  const done = spawnSync(natterBinary(), ['admin', ...args, ...storage(data)], { encoding: 'utf8', cwd: data });
  if (done.status !== 0) throw new Error(`natter admin ${args.join(' ')} failed: ${done.stderr}`);
  return done.stdout;
}

/** `natter serve` over a database that `apply` filled. */
export async function startServer(data, listen = '127.0.0.1:0') {
  const args = ['serve', '--listen', listen, '--log-format', 'text', ...storage(data)];
  const program = await Program.start(natterBinary(), args, /serves on (http:\S+)/);
  return { api: program.match[1], program };
}

const storage = (data) => [
  '--database-url', `sqlite://${join(data, 'natter.db')}`,
  '--secret-file', join(data, 'secret'),
];

/** The pretend provider. */
export async function startProvider() {
  const program = await Program.start(providerBinary(), [], /(http:\S+)/);
  return { base: program.match[1], program };
}
