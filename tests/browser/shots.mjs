// Pictures of every state, for a person to look at: `node tests/browser/shots.mjs OUTDIR`. It is no test.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { Chat } from './chat.mjs';
import { hidden, says, until, visible } from './expect.mjs';
import { world } from './world.mjs';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node tests/browser/shots.mjs OUTDIR');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const LOOKS = [
  ['light', { colorScheme: 'light', viewport: { width: 1280, height: 800 } }],
  ['dark', { colorScheme: 'dark', viewport: { width: 1280, height: 800 } }],
  ['phone', { colorScheme: 'light', viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }],
];

/** Takes one way's pictures. Nothing is asserted: `visitor.leave` is not waited for. */
async function take(look, options) {
  const context = await world.browser.newContext({ reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(10_000);
  const open = async (url) => {
    const page = await context.newPage();
    await page.goto(url);
    return new Chat(page);
  };
  const shoot = (chat, name) => chat.page.screenshot({ path: join(folder, `${look}-${name}.png`) });
  const theme = `data-natter-theme="${options.colorScheme}"`;

  const chat = await open(world.demo.shop);
  await visible(chat.bubble);
  await shoot(chat, '01-bubble');
  await chat.open();
  await visible(chat.terms);
  await shoot(chat, '02-consent');
  await chat.button('No, thanks').click();
  await visible(chat.button('Read the terms again'));
  await shoot(chat, '03-declined');
  await chat.button('Read the terms again').click();
  await chat.accept();
  await visible(chat.composer);
  await visible(chat.button('How much is shipping to Germany?'));
  await shoot(chat, '04-empty');
  await chat.ask('How long do I have to return something?');
  await until('it has begun', () => chat.text(), (text) => text.length > 60);
  await shoot(chat, '05-streaming');
  await chat.finished();
  await shoot(chat, '06-answer');
  await chat.answer.getByRole('button', { name: 'Not helpful' }).click();
  await visible(chat.answer.getByLabel('What was wrong? (optional)'));
  await shoot(chat, '07-comment');
  await chat.button('Menu').click();
  await visible(chat.button('Reset chat'));
  await shoot(chat, '08-menu');
  await chat.button('Reset chat').click();
  await visible(chat.resetModal);
  await shoot(chat, '09-reset');
  await chat.button('Keep it').click();
  await chat.ask('Which size jacket should I order?');
  await chat.finished();
  await shoot(chat, '10-second-answer');
  await chat.ask('What is the capital of Mongolia?');
  await until('it has the third answer', () => chat.answers.count(), (count) => count === 3);
  await chat.finished();
  await shoot(chat, '11-unanswered');
  await chat.answer.getByRole('button', { name: 'Leave your contact details' }).click();
  await visible(chat.contactForm);
  await shoot(chat, '12-contact');
  await chat.contactForm.getByRole('button', { name: 'Send to Hadder' }).click();
  await says(chat.contactForm, /e-mail address or a telephone/);
  await shoot(chat, '13-contact-error');
  await chat.page.keyboard.press('Escape');
  const [page] = await Promise.all([context.waitForEvent('page'), chat.button('Open in a new tab').click()]);
  const full = new Chat(page);
  await visible(full.answer);
  await shoot(full, '14-full-page');
  await context.setOffline(true);
  await chat.ask('Are you open on Sunday?');
  await says(chat.panel, /when you are back online/);
  await shoot(chat, '15-offline');
  await context.setOffline(false);
  await until('it is answered', () => chat.answers.count(), (count) => count === 4);
  await chat.finished();
  await chat.choose('End conversation');
  await says(chat.panel, /has ended/);
  await shoot(chat, '16-ended');

  const failed = await open(world.page('cut', { tag: theme }));
  await failed.open();
  await visible(failed.composer);
  await shoot(failed, '17-default-colours');
  await failed.ask('Are you there?');
  await failed.finished();
  await shoot(failed, '18-error');
  const stopped = await open(world.page('stalled', { tag: theme }));
  await stopped.open();
  await stopped.ask('Tell me everything.');
  await until('it stalls', () => stopped.text(), (text) => text.includes('t5'));
  await stopped.button('Stop answering').click();
  await hidden(stopped.button('Stop answering'));
  await shoot(stopped, '19-stopped');
  const refused = await open(world.strange('plain', { tag: theme }));
  await refused.open();
  await says(refused.panel, /isn’t allowed/);
  await shoot(refused, '20-wrong-origin');
  const rtl = await open(world.page('cited', { root: 'dir="rtl"', tag: `data-natter-locale="ar" ${theme}` }));
  await rtl.open();
  await rtl.ask('When do you open on Saturday?');
  await rtl.finished();
  await shoot(rtl, '21-rtl');
  const page2 = await open(`${world.demo.api}/c/demo`);
  await visible(page2.panel);
  await shoot(page2, '22-full-page-alone');
  const { api } = world.server;
  const framed = await open(world.page('plain', { tag: theme }, {
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${api}; connect-src ${api}; frame-src ${api}`,
  }));
  await framed.bubble.click();
  await framed.framed.ask('When do you open?');
  await framed.framed.finished();
  await shoot(framed, '23-frame');
  const linked = await open(world.page('plain', { tag: theme }, {
    'content-security-policy': `default-src 'none'; img-src data:; script-src ${api}; connect-src ${api}`,
  }));
  await linked.bubble.click();
  await visible(linked.page.locator('natter-chat').getByRole('link').first());
  await shoot(linked, '24-link');
  const pictured = await open(world.page('pictured', { tag: theme }));
  await pictured.bubble.hover();
  await visible(pictured.page.locator('natter-chat [part~="icon"]'));
  await shoot(pictured, '25-icon');
  await context.close();
}

await world.start();
try {
  for (const [look, options] of LOOKS) await take(look, options);
} finally {
  await world.stop();
}
