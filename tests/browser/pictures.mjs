// The pictures of the documentation: each as a visitor comes to it, from the demo and from the examples of docs/theming.md.

import { readFile } from 'node:fs/promises';

import { Chat } from './chat.mjs';
import { hidden, visible } from './expect.mjs';
import { EXAMPLES, example } from './examples.mjs';
import { picture } from './fixtures/picture.mjs';
import { world } from './world.mjs';

/** Most bytes of a picture. */
export const MOST = 60 * 1024;

const DESK = { viewport: { width: 900, height: 640 } };
const PHONE = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };
const QUESTION = 'Which size jacket should I order?';

const HOURS = 'When do you open?';
const STYLE = '<style>body { font: 16px/1.5 system-ui; margin: 24px 32px; color: #222 } natter-chat[inline] { height: 440px; border: 1px solid #ddd; border-radius: 20px }</style>';

const shop = () => world.demo.shop;

const opened = async (chat) => {
  await chat.bubble.click();
  await accepted(chat);
};
const accepted = async (chat) => {
  const accept = chat.button('Accept and continue');
  await visible(accept.or(chat.composer).first());
  if (await accept.isVisible()) await chat.accept();
};
const answered = (question = QUESTION) => async (chat) => {
  await opened(chat);
  await chat.ask(question);
  await chat.finished();
};

const framed = () => {
  const { api } = world.server;
  return { 'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${api}; connect-src ${api}; frame-src ${api}` };
};

/** Each with where it is, what a visitor does there, and what of the page is shown: the panel unless said. */
export const PICTURES = {
  light: { url: shop, act: answered() },
  dark: { url: shop, act: answered(), colorScheme: 'dark' },
  phone: { url: shop, act: answered(), ...PHONE },
  bubble: { url: shop, act: (chat) => visible(chat.bubble), clip: { x: 420, y: 320, width: 480, height: 300 } },
  terms: { url: shop, act: async (chat) => (await chat.bubble.click(), visible(chat.terms)) },
  reasons: {
    url: shop,
    async act(chat) {
      await answered()(chat);
      await chat.answer.getByRole('button', { name: 'Not helpful' }).click();
      await visible(chat.answer.getByLabel('What was wrong? (optional)'));
    },
  },
  menu: {
    url: shop,
    viewport: { width: 900, height: 600 },
    async act(chat) {
      await answered()(chat);
      await chat.button('Menu').click();
      await visible(chat.button('Reset chat'));
    },
  },
  data: {
    url: shop,
    viewport: { width: 900, height: 780 },
    async act(chat) {
      await answered()(chat);
      await chat.choose('Your data');
      await visible(chat.panel.getByText('Stored on the server'));
    },
  },
  contact: {
    url: shop,
    viewport: { width: 900, height: 800 },
    async act(chat) {
      await answered('What is the capital of Mongolia?')(chat);
      await chat.answer.getByRole('button', { name: 'Leave your contact details' }).click();
      await visible(chat.contactForm);
    },
  },
  attachments: {
    url: shop,
    async act(chat) {
      await answered()(chat);
      await visible(chat.button('Attach files'));
      const files = [{ name: 'torn-seam.png', mimeType: 'image/png', buffer: picture(64, 64, [24, 92, 110]) }];
      await chat.panel.locator('input[type=file]').setInputFiles(files);
      await visible(chat.panel.getByText('torn-seam.png'));
      await hidden(chat.panel.getByRole('progressbar'));
      await chat.composer.fill('Can you mend this?');
    },
  },
  inline: {
    url: () => world.page('cited', { head: STYLE, body: '<natter-chat inline slug="cited"></natter-chat>' }),
    async act(chat) {
      await visible(chat.composer);
      await chat.ask(HOURS);
      await chat.finished();
    },
    viewport: { width: 640, height: 600 },
    clip: { x: 0, y: 0, width: 640, height: 600 },
  },
  frame: {
    url: () => world.page('cited', { head: STYLE }, framed()),
    async act(chat) {
      await chat.bubble.click();
      await chat.framed.ask(HOURS);
      await chat.framed.finished();
    },
    clip: { x: 400, y: 0, width: 500, height: 620 },
    framed: true,
  },
  page: {
    url: () => `${world.demo.api}/c/demo`,
    async act(chat) {
      await accepted(chat);
      await chat.ask(QUESTION);
      await chat.finished();
    },
    viewport: { width: 720, height: 520 },
    clip: { x: 0, y: 0, width: 720, height: 520 },
  },
  ...Object.fromEntries(EXAMPLES.map((name) => [name, { url: () => example(name), act: answered(HOURS) }])),
};

/** Has addresses of this machine named as a site would be. */
const rename = (chat) =>
  chat.panel.evaluate((panel) => {
    const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replace(/(http)?(:\/\/)?127\.0\.0\.1:\d+/g, (_, http) => `${http ? 'https://' : ''}shop.example`);
  });

/** Takes a picture. Gives its bytes and the words that stand on it. */
export async function take(name, path) {
  const { url, act, clip, framed: inFrame, colorScheme = 'light', ...options } = PICTURES[name];
  const context = await world.browser.newContext({ reducedMotion: 'reduce', colorScheme, locale: 'en-US', timezoneId: 'UTC', ...DESK, ...options });
  try {
    context.setDefaultTimeout(10_000);
        const tab = await context.newPage();
    await tab.goto(url());
    const chat = new Chat(tab);
    await act(chat);
    const shown = inFrame ? chat.framed : chat;
    let words = '';
    if (await shown.panel.count()) {
      await rename(shown);
      words = await shown.panel.innerText();
    }
    // The pointer is nowhere.
    await tab.mouse.move(0, 0);
    if (clip) await tab.screenshot({ path, clip });
    else await chat.panel.screenshot({ path });
    return { bytes: await readFile(path), words };
  } finally {
    await context.close();
  }
}

/** Width and height of a PNG. */
export const sizeOf = (bytes) => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
