// How smooth a conversation is at this machine's own speed: a log of 2,000 messages that is scrolled, and an answer of 200
// tokens a second. Measured is the longest time that the page's thread was busy without a break, drawing included.


const MESSAGES = 2000;

// Runs in the page: a task that follows itself at once. What comes between two of them is work of the page.
function busy() {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let longest = 0;
  let going = true;
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (going) port2.postMessage(0);
  };
  port2.postMessage(0);
  return () => {
    going = false;
    return longest;
  };
}

const chat = (page) => page.locator('natter-chat');

async function ready(page, url) {
  await page.goto(url);
  await page.evaluate(`window.busy = ${busy}`);
}

/** Opens a long conversation and scrolls through it: milliseconds of opening, and of the longest break while scrolling. */
export async function longLog(context, url) {
  // The server keeps what it sends small; the page must bear more.
  await context.route('**/v1/widget/handshake', async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    const session = json.data.natter?.session;
    if (session) session.messages = many(session.messages);
    await route.fulfill({ response, json });
  });
  const page = await context.newPage();
  await ready(page, url);
  await chat(page).locator('[part~="bubble"]').click();
  await chat(page).locator('textarea').fill('When do you open?');
  await page.keyboard.press('Enter');
  await chat(page).locator('[part~="assistant"] [part~="sources"]').first().waitFor();
  await ready(page, url);
  const opened = await page.evaluate(async () => {
    const stop = window.busy();
    const root = () => document.querySelector('natter-chat').shadowRoot;
    root().querySelector('[part~="bubble"]').click();
    const scroll = () => root().querySelector('[role=log]');
    // All of them, however they are drawn.
    while (!scroll() || scroll().querySelectorAll('[part~="message"]').length < 2000) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return stop();
  });
  const scrolled = await page.evaluate(async () => {
    const scroll = document.querySelector('natter-chat').shadowRoot.querySelector('[role=log]');
    await new Promise((done) => setTimeout(done, 1000));
    const stop = window.busy();
    const step = scroll.scrollHeight / 240;
    for (let frame = 0; frame < 240; frame++) {
      scroll.scrollTop -= step;
      await new Promise(requestAnimationFrame);
    }
    return stop();
  });
  const shown = await chat(page).locator('[part~="message"]').count();
  return { opened, scrolled, shown };
}

/** A conversation that was had a thousand times. */
function many([question, answer]) {
  return Array.from({ length: MESSAGES / 2 }, (_, at) => {
    const id = (message, end) => message.id.slice(0, -6) + (2 * at + end).toString(16).padStart(6, '0');
    // Each is a message of its own: what was sent with one key is one message.
    const first = { ...question, id: id(question, 0), client_message_id: undefined };
    return [first, { ...answer, id: id(answer, 1), parent_id: first.id }];
  }).flat();
}

/** Has an answer written at 200 tokens a second: the longest break of the page's thread meanwhile. */
export async function fastAnswer(context, url) {
  const page = await context.newPage();
  await ready(page, url);
  await chat(page).locator('[part~="bubble"]').click();
  await chat(page).locator('textarea').fill('Go on.');
  await page.keyboard.press('Enter');
  await chat(page).locator('[part~="assistant"]').getByText('t20').waitFor();
  await page.evaluate(() => (window.stop = window.busy()));
  await chat(page).locator('[part~="assistant"]').getByText('t800').waitFor();
  return page.evaluate(() => window.stop());
}
