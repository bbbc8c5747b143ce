// An answer that came while nobody looked: a short tone where the owner wants one and the visitor does not object, and how
// many there are in the page's title until somebody looks. Fetched by `part/parts.js` with the first such answer.

import { memory } from '../part/memory.js';
import { soundOf } from '../part/sound.js';

// Two soft notes, made here: nothing is fetched for them.
const chime = async () => {
  const context = new AudioContext();
  // Where the visitor has not touched the page yet, no browser lets it be heard.
  if (context.state === 'suspended') await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 500))]);
  if (context.state !== 'running') return context.close();
  const volume = context.createGain();
  volume.connect(context.destination);
  const now = context.currentTime;
  volume.gain.setValueAtTime(0, now);
  volume.gain.linearRampToValueAtTime(0.09, now + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, now + 0.45);
  for (const [at, pitch] of [
    [0, 659],
    [0.12, 880],
  ]) {
    const note = context.createOscillator();
    note.frequency.value = pitch;
    note.connect(volume);
    note.start(now + at);
    note.stop(now + 0.5);
    if (at) note.onended = () => context.close();
  }
};

// The title as it was before, for each chat that has changed it.
const changed = new WeakMap();

const count = (own) => own.root.querySelector('[part=badge]')?.textContent ?? '';

const entitle = (own) => {
  const unread = count(own);
  if (!document.hidden || !unread) return;
  const before = changed.get(own);
  const element = document.head.querySelector('title') ?? document.head.appendChild(document.createElement('title'));
  // The page may have changed it meanwhile: then that is what is put back.
  const title = before && element.textContent === before.ours ? before.title : element.textContent;
  const ours = `(${unread}) ${title}`;
  element.textContent = ours;
  changed.set(own, { title, ours, element });
  if (before) return;
  const look = () => {
    if (document.hidden && count(own)) return;
    document.removeEventListener('visibilitychange', look);
    own.root.host.removeEventListener('natter:unread', look);
    const { title, ours, element } = changed.get(own);
    if (element.textContent === ours) element.textContent = title;
    changed.delete(own);
  };
  document.addEventListener('visibilitychange', look);
  own.root.host.addEventListener('natter:unread', look);
};

// An answer came. What the bubble says of it is there a moment later.
export default async (own) => {
  const sound = soundOf(own);
  entitle(own);
  if (sound.offered() && sound.on()) await chime();
};
