// The chat as a visitor meets it: by roles, names and the documented parts, never by its inner structure.

import { readFile } from 'node:fs/promises';
import { hidden, visible } from './expect.mjs';

export class Chat {
  constructor(page, place = page) {
    this.page = page;
    // Where the app is: the page itself, or the frame that stands in for the panel.
    this.place = place;
    // The bubble belongs to the page either way.
    this.bubble = page.locator('natter-chat [part~="bubble"]');
    this.note = page.locator('natter-chat [part~="note"]');
    this.panel = place.locator('[part~="panel"]');
    this.terms = this.panel.locator('[part~="consent"]');
    this.composer = this.panel.locator('textarea[part~="input"]');
    this.questions = this.panel.locator('[part~="message"][part~="visitor"]');
    this.answers = this.panel.locator('[part~="message"][part~="assistant"]');
    this.answer = this.answers.last();
    this.sources = this.answer.locator('[part~="sources"]').getByRole('link');
    this.notice = this.panel.locator('[part~="notice"]').filter({ visible: true });
    this.resetModal = this.panel.getByRole('alertdialog');
    this.contactForm = this.panel.getByRole('dialog');
    this.menu = this.panel.locator('[part~="menu"]').and(place.getByRole('group'));
  }

  button(name) {
    return this.panel.getByRole('button', { name, exact: true });
  }

  /** The chat in the frame that the page was given instead. */
  get framed() {
    return new Chat(this.page, this.page.frameLocator('natter-chat iframe'));
  }

  async open() {
    await this.bubble.click();
    await visible(this.panel);
  }

  accept() {
    return this.button('Accept and continue').click();
  }

  /** Asks by typing and Enter. */
  async ask(question) {
    await this.composer.fill(question);
    await this.composer.press('Enter');
  }

  /** Waits until the answer is over, and gives its text without what stands below it. */
  async finished() {
    await visible(this.answer);
    await hidden(this.button('Stop answering'));
    // The messages are drawn in the frame after the panel.
    await this.answer.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    return this.text();
  }

  /** The answer's words. */
  text() {
    return this.answer.evaluate((message) => message.querySelector('[dir="auto"]').textContent);
  }

  /** The conversation's words, as pairs of author and text. */
  conversation() {
    return this.panel.locator('[part~="message"]').evaluateAll((messages) =>
      messages.map((message) => [
        message.part.contains('visitor') ? 'visitor' : 'assistant',
        message.querySelector('[dir="auto"]').textContent,
      ]),
    );
  }

  /** Notes every text that the newest answer goes through; read it with `watched`. */
  watch() {
    return this.page.evaluate(() => {
      window.watched = [];
      const look = () => {
        const root = document.querySelector('natter-chat').shadowRoot;
        const answer = [...root.querySelectorAll('[part~="assistant"] > [dir="auto"]')].at(-1);
        const text = answer?.textContent;
        if (text && text !== window.watched.at(-1)) window.watched.push(text);
        requestAnimationFrame(look);
      };
      look();
    });
  }

  watched() {
    return this.page.evaluate(() => window.watched);
  }

  /** Opens the menu and presses an entry. */
  async choose(name) {
    await this.button('Menu').click();
    await this.button(name).click();
  }

  /** Downloads the conversation; gives the file's name and text. */
  async download(format) {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.choose(format)]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
  }

  /** What the site's storage holds, cookies included. */
  async stored() {
    const kept = await this.page.evaluate(() => ({ ...localStorage, ...sessionStorage }));
    return { ...kept, cookies: await this.page.context().cookies() };
  }

  /** Whether something wider than the screen makes the page scroll sideways. */
  overflows() {
    return this.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  }
}
