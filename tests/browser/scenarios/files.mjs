// Files that go with a message: choosing, dropping, pasting, uploading, sending, and seeing them again.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { readFile } from 'node:fs/promises';

import { accessible } from '../axe.mjs';
import { Chat } from '../chat.mjs';
import { equals, focused, hidden, says, until, visible } from '../expect.mjs';
import { picture } from '../fixtures/picture.mjs';
import { it, world } from '../world.mjs';

const UPLOADS = '**/v1/public/sessions/*/attachments';

const red = { name: 'cup.png', mimeType: 'image/png', buffer: picture(64, 48, [200, 30, 30]) };
const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('The cup is blue.') };

const begin = async (t, parts, headers) => {
  const visitor = await world.visitor(t);
  const chat = await visitor.open(world.page('files', parts, headers));
  await chat.open();
  await visible(chat.button('Attach files'));
  return { visitor, chat };
};
const choose = (chat, ...files) => chat.panel.locator('input[type=file]').setInputFiles(files);
const staged = (chat) => chat.panel.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
const sent = (chat) => chat.questions.last().locator('[part~="file"]');
/** Waits until the upload is over: what is going on has a bar. */
const uploaded = (chat) => equals('nothing is uploaded', () => staged(chat).getByRole('progressbar').count(), 0);
/** Keeps uploads on their way until what it gives is called. */
const hold = async (visitor) => {
  let release;
  const held = new Promise((done) => (release = done));
  await visitor.context.route(UPLOADS, async (route) => {
    await held;
    await route.continue();
  });
  return release;
};
/** The colour in the middle of a picture that is shown. */
const colour = (place) =>
  until(`${place} should show a picture`, () =>
    place.evaluate((element) => {
      const canvas = element.querySelector('canvas');
      return canvas && [...canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data];
    }),
  );
/** Gives files to the panel as a mouse or the clipboard would. */
const give = (chat, type, files) =>
  chat.composer.evaluate(
    (field, [type, files]) => {
      const data = new DataTransfer();
      for (const { name, mimeType, bytes } of files) data.items.add(new File([new Uint8Array(bytes)], name, { type: mimeType }));
      const init = { bubbles: true, composed: true, cancelable: true };
      const event =
        type === 'paste' ? new ClipboardEvent(type, { ...init, clipboardData: data }) : new DragEvent(type, { ...init, dataTransfer: data });
      field.dispatchEvent(event);
    },
    [type, files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: [...buffer] }))],
  );

describe('a visitor', () => {
  it('sends a picture and a text with a question, and sees them after a reload and on the full page', async (t) => {
    const { visitor, chat } = await begin(t);
    await choose(chat, red, notes);
    await uploaded(chat);
    assert.deepEqual((await colour(staged(chat).first())).slice(0, 3), [200, 30, 30]);
    await accessible(chat.page, 'files are attached');
    await chat.ask('Which cup is this?');
    assert.match(await chat.finished(), /clay/);
    await equals('nothing is left above the field', () => staged(chat).count(), 0);
    const look = async (chat) => {
      await equals('both are there', () => sent(chat).count(), 2);
      assert.deepEqual((await colour(sent(chat).first())).slice(0, 3), [200, 30, 30]);
      await says(sent(chat).last(), /notes\.txt/);
      const [download] = await Promise.all([chat.page.waitForEvent('download'), sent(chat).last().click()]);
      assert.equal(download.suggestedFilename(), 'notes.txt');
      assert.equal(await readFile(await download.path(), 'utf8'), 'The cup is blue.');
    };
    await look(chat);
    await accessible(chat.page, 'files were sent');
    await chat.page.reload();
    await chat.open();
    await look(chat);
    const [page] = await Promise.all([visitor.context.waitForEvent('page'), chat.button('Open in a new tab').click()]);
    await look(new Chat(page));
  });

  it('sends a picture without words, and finds the conversation by its name', async (t) => {
    const { chat } = await begin(t);
    const send = chat.panel.locator('[part~="send"]');
    assert.ok(await send.isDisabled());
    await choose(chat, red);
    await uploaded(chat);
    assert.ok(await send.isEnabled());
    await staged(chat).getByRole('button', { name: 'Remove cup.png' }).click();
    await equals('there is nothing to send', () => send.isDisabled(), true);
    await choose(chat, red);
    await uploaded(chat);
    await chat.composer.fill('Half a');
    await chat.composer.fill('');
    await equals('there is something to send', () => send.isEnabled(), true);
    await chat.composer.press('Enter');
    await chat.finished();
    await equals('nothing is left to send', () => send.isDisabled(), true);
    await equals('only the picture is shown', () => chat.questions.first().locator('[dir="auto"]').first().isVisible(), false);
    const look = async () => assert.deepEqual((await colour(sent(chat))).slice(0, 3), [200, 30, 30]);
    await look();
    await accessible(chat.page, 'a picture was sent without words');
    await chat.page.reload();
    await chat.open();
    await look();
    await chat.choose('Your conversations');
    await says(chat.panel.locator('[part~="conversation"]'), /^cup\.png/);
  });

  it('sees what was sent, though the owner takes no files any more', async (t) => {
    const { visitor, chat } = await begin(t);
    await choose(chat, red, notes);
    await uploaded(chat);
    await chat.ask('Which cup is this?');
    await chat.finished();
    await visitor.context.route('**/v1/widget/handshake', async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      delete body.data.natter.attachments;
      await route.fulfill({ response, json: body });
    });
    const look = async (chat) => {
      await equals('both are there', () => sent(chat).count(), 2);
      assert.deepEqual((await colour(sent(chat).first())).slice(0, 3), [200, 30, 30]);
      await hidden(chat.button('Attach files'));
      await give(chat, 'dragenter', [notes]);
      await give(chat, 'paste', [red]);
      assert.equal(await staged(chat).count(), 0);
      await hidden(chat.panel.locator('[part~="drop"]'));
    };
    await chat.page.reload();
    await chat.open();
    await look(chat);
    const [page] = await Promise.all([visitor.context.waitForEvent('page'), chat.button('Open in a new tab').click()]);
    await look(new Chat(page));
  });

  it('waits for a picture that is sent without words before it is there', async (t) => {
    const { visitor, chat } = await begin(t);
    const release = await hold(visitor);
    await choose(chat, red);
    await equals('there is something to send', () => chat.panel.locator('[part~="send"]').isEnabled(), true);
    await chat.composer.press('Enter');
    await says(chat.panel, /as soon as/);
    assert.equal(await chat.questions.count(), 0);
    release();
    await chat.finished();
    await equals('it was sent', () => sent(chat).count(), 1);
  });

  it('looks at a picture in full, and is back at it afterwards', async (t) => {
    const { chat } = await begin(t);
    await choose(chat, red);
    await uploaded(chat);
    await chat.ask('Which cup is this?');
    await chat.finished();
    await colour(sent(chat));
    await sent(chat).click();
    const shown = chat.panel.getByRole('dialog', { name: 'cup.png' });
    await colour(shown);
    await accessible(chat.page, 'a picture is shown');
    const [download] = await Promise.all([chat.page.waitForEvent('download'), shown.getByRole('button', { name: 'Download' }).click()]);
    assert.deepEqual(await readFile(await download.path()), red.buffer);
    await chat.page.keyboard.press('Escape');
    await hidden(shown);
    await focused(sent(chat));
  });

  it('drops files on the panel, which says so, and pastes a picture', async (t) => {
    const { chat } = await begin(t);
    const target = chat.panel.locator('[part~="drop"]');
    await give(chat, 'dragenter', [notes]);
    await says(target, /Drop files here/);
    await give(chat, 'dragleave', [notes]);
    await hidden(target);
    await give(chat, 'dragover', [notes]);
    await give(chat, 'drop', [notes]);
    await hidden(target);
    await focused(chat.composer);
    await give(chat, 'paste', [red]);
    await equals('both are there', () => staged(chat).count(), 2);
    await uploaded(chat);
    await chat.ask('Which cup is this?');
    await chat.finished();
    await equals('both are sent', () => sent(chat).count(), 2);
  });

  it('is told what is too large, too many or of another kind before anything is uploaded', async (t) => {
    const { visitor, chat } = await begin(t);
    let uploads = 0;
    visitor.context.on('request', (request) => (uploads += /\/attachments$/.test(request.url()) && request.method() === 'POST'));
    await choose(chat, { ...red, buffer: Buffer.alloc(200_001) });
    await says(chat.panel, /A file may have at most 200 kB\./);
    await choose(chat, { name: 'song.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('la') });
    await says(chat.panel, /This type of file is not accepted\. Accepted: PNG, PDF, TXT\./);
    assert.equal(uploads, 0);
    await choose(chat, notes, { ...notes, name: 'second.txt' }, { ...notes, name: 'third.txt' });
    await says(chat.panel, /Files with one message: at most 2\./);
    await equals('two were taken', () => staged(chat).count(), 2);
    await accessible(chat.page, 'a file was refused');
  });

  it('is told what the server refuses, beside the file', async (t) => {
    const { visitor, chat } = await begin(t);
    visitor.expect(/415|413|409/);
    // It calls itself a picture and is none.
    await choose(chat, { ...red, buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') });
    await says(staged(chat), /This type of file is not accepted/);
    await staged(chat).getByRole('button', { name: 'Remove cup.png' }).click();
    await equals('it is gone', () => staged(chat).count(), 0);
    for (const [status, words] of [[413, /at most 200 kB/], [409, /no room for more files/]]) {
      await visitor.context.route(UPLOADS, (route) => route.fulfill({ status, headers: { 'access-control-allow-origin': '*' }, json: {} }));
      await choose(chat, notes);
      await says(staged(chat), words);
      await staged(chat).getByRole('button', { name: 'Remove notes.txt' }).click();
      await visitor.context.unroute(UPLOADS);
    }
    // The message goes without it.
    await chat.ask('Which cup is this?');
    await chat.finished();
    await equals('no file was sent', () => sent(chat).count(), 0);
  });

  it('sends at once, and the message goes when its file is there', async (t) => {
    const { visitor, chat } = await begin(t);
    const release = await hold(visitor);
    await choose(chat, notes);
    await visible(staged(chat).getByRole('progressbar'));
    await chat.ask('Which cup is this?');
    await says(chat.panel, /sent as soon as the files are uploaded/);
    assert.equal(await chat.questions.count(), 0);
    release();
    await equals('it is sent once', () => chat.questions.count(), 1);
    assert.match(await chat.finished(), /clay/);
    await equals('with its file', () => sent(chat).count(), 1);
  });

  it('cancels an upload, removes what was uploaded, and tries again what failed', async (t) => {
    const { visitor, chat } = await begin(t);
    visitor.expect(/ERR_FAILED|Failed to load/);
    let begun;
    const uploading = new Promise((done) => (begun = done));
    await visitor.context.route(UPLOADS, () => begun());
    await choose(chat, notes);
    await uploading;
    const stopped = chat.page.waitForEvent('requestfailed', (request) => request.url().endsWith('/attachments'));
    await staged(chat).getByRole('button', { name: 'Remove notes.txt' }).click();
    await stopped;
    await equals('it is gone', () => staged(chat).count(), 0);
    await focused(chat.button('Attach files'));
    await visitor.context.unroute(UPLOADS);
    await visitor.context.route(UPLOADS, (route) => route.abort('failed'));
    await choose(chat, red);
    await says(staged(chat), /can’t be reached/);
    await visitor.context.unroute(UPLOADS);
    await staged(chat).getByRole('button', { name: 'Try again: cup.png' }).click();
    await hidden(staged(chat).getByRole('button', { name: 'Try again: cup.png' }));
    await uploaded(chat);
    const removed = chat.page.waitForResponse((response) => response.request().method() === 'DELETE');
    await staged(chat).getByRole('button', { name: 'Remove cup.png' }).click();
    assert.equal((await removed).status(), 204);
    await chat.ask('Which cup is this?');
    await chat.finished();
    await equals('nothing was sent with it', () => sent(chat).count(), 0);
  });

  it('offline, keeps files with the message, which is sent once with them', async (t) => {
    const { visitor, chat } = await begin(t);
    visitor.expect(/ERR_INTERNET_DISCONNECTED|Failed to load/);
    await choose(chat, red);
    await uploaded(chat);
    await visitor.context.setOffline(true);
    await chat.ask('Which cup is this?');
    await says(chat.panel, /when you are back online/);
    await visitor.context.setOffline(false);
    assert.match(await chat.finished(), /clay/);
    await equals('one question', () => chat.questions.count(), 1);
    await chat.page.reload();
    await chat.open();
    await equals('with its file', () => sent(chat).count(), 1);
  });

  it('who stops a message before it is sent has its file back', async (t) => {
    const { visitor, chat } = await begin(t);
    visitor.expect(/ERR_INTERNET_DISCONNECTED|Failed to load/);
    await choose(chat, notes);
    await uploaded(chat);
    await visitor.context.setOffline(true);
    await chat.ask('Which cup is this?');
    await equals('it is in the log', () => chat.questions.count(), 1);
    await equals('and not above the field', () => staged(chat).count(), 0);
    await chat.button('Stop answering').click();
    await equals('it is back', () => staged(chat).count(), 1);
    await visitor.context.setOffline(false);
    await chat.panel.locator('[part~="send"]').click();
    await chat.finished();
    await equals('with its file', () => sent(chat).count(), 1);
  });

  it('keeps what is attached when the menu is opened, and given up with Escape or with the panel', async (t) => {
    const { chat } = await begin(t);
    await choose(chat, notes);
    await uploaded(chat);
    await chat.button('Menu').click();
    await visible(chat.menu);
    await chat.button('Menu').press('Escape');
    await hidden(chat.menu);
    assert.equal(await staged(chat).count(), 1);
    await chat.button('Menu').click();
    await visible(chat.menu);
    await chat.page.evaluate(() => window.natter.close());
    await hidden(chat.panel);
    await chat.open();
    assert.equal(await staged(chat).count(), 1);
  });

  it('who logs out leaves no file behind', async (t) => {
    const { chat } = await begin(t);
    await choose(chat, notes);
    await uploaded(chat);
    await chat.page.evaluate(() => window.natter.logout());
    await equals('nothing is left', () => staged(chat).count(), 0);
    await chat.ask('Which cup is this?');
    await chat.finished();
    await equals('nothing was sent with it', () => sent(chat).count(), 0);
  });

  it('attaches and removes by the keyboard alone, in a language that is switched meanwhile', async (t) => {
    const { chat } = await begin(t);
    const { keyboard } = chat.page;
    await visible(chat.button('Attach files'));
    // Heard from before the key, which is not held up while the browser gets ready to tell.
    const chosen = chat.page.waitForEvent('filechooser');
    await chat.composer.focus();
    await keyboard.press('Tab');
    await focused(chat.button('Attach files'));
    await keyboard.press('Enter');
    await (await chosen).setFiles([notes]);
    await uploaded(chat);
    await chat.page.evaluate(() => window.natter.setLocale('de'));
    await visible(chat.button('Dateien anhängen'));
    const remove = chat.button('notes.txt entfernen');
    await keyboard.press('Shift+Tab');
    await keyboard.press('Shift+Tab');
    await focused(remove);
    await keyboard.press('Enter');
    await hidden(remove);
    await focused(chat.button('Dateien anhängen'));
  });
});

describe('files', () => {
  it('are offered only where the owner takes them, and nothing is loaded for them elsewhere', async (t) => {
    const visitor = await world.visitor(t);
    const requests = [];
    visitor.context.on('request', (request) => requests.push(request.url()));
    const chat = await visitor.open(world.page('plain'));
    await chat.open();
    await chat.ask('When do you open?');
    await chat.finished();
    assert.equal(await chat.button('Attach files').count(), 0);
    assert.deepEqual(requests.filter((url) => /files/.test(url)), []);
  });

  it('are uploaded and shown under the strictest policy, which is never violated', async (t) => {
    const { api } = world.server;
    const { chat } = await begin(t, {}, {
      'content-security-policy': `default-src 'none'; img-src data:; require-trusted-types-for 'script'; script-src ${api} 'wasm-unsafe-eval'; connect-src ${api}`,
    });
    await choose(chat, red);
    await uploaded(chat);
    await chat.ask('Which cup is this?');
    await chat.finished();
    await colour(sent(chat));
    await sent(chat).click();
    await colour(chat.panel.getByRole('dialog', { name: 'cup.png' }));
  });

  it('are sent from a frame too', async (t) => {
    const { api } = world.server;
    const visitor = await world.visitor(t);
    visitor.expect(/Content Security Policy/, /violates the document's/, /Refused to/, /CompileError/, /natter/i);
    const outside = await visitor.open(world.page('files', {}, {
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${api}; connect-src ${api}; frame-src ${api}`,
    }));
    await outside.bubble.click();
    const chat = outside.framed;
    await visible(chat.button('Attach files'));
    await choose(chat, red);
    await uploaded(chat);
    await chat.ask('Which cup is this?');
    await chat.finished();
    await colour(sent(chat));
  });
});
