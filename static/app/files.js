// Files for a message: chosen, dropped or pasted, uploaded before it is sent, and shown with those that were sent. Fetched
// by `part/parts.js` when a panel is shown whose owner takes files. Pictures are painted on a canvas: a page's policy may
// forbid pictures from everywhere, and no address has to be given back.

import { kitOf } from '../part/kit.js';

const CLIP = 'M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.5 17a1.7 1.7 0 0 1-2.4-2.4L14 8';
const PAPER = 'M6 3h8l4 4v14H6zM14 3v4h4';
const CROSS = 'M6 6l12 12M18 6L6 18';
const AGAIN = 'M5 12a7 7 0 1 0 2.5-5.4M5 4v4h4';

// What any browser paints.
const PICTURE = /^image\/(png|jpeg|gif|webp)$/;
// Browsers' names for what the server finds in the bytes.
const NAMES = { 'image/heic': 'image/heif', 'audio/wav': 'audio/x-wav', 'application/x-zip-compressed': 'application/zip', 'application/json': 'text/plain' };
// What ends so is text, and chosen as such.
const TEXT = '.txt,.csv,.md,.json,.log';

// Begins with the first call; those after it see what has changed.
export default (own) => (own.files ??= begin(own))?.();

const begin = (own) => {
  const { say, make, glyph, adopt, config, look, wait, renew, request, reason, save: give, panel } = kitOf(own);
  const taken = config().natter?.attachments;
  // An owner who takes none any more has taken those that are shown.
  const rules = taken ?? { media_types: [], max_files: 0 };
  const form = panel()?.querySelector('.composer');
  if (!form) return undefined;
  adopt('files', 'css:files.css');
  const tell = (what, value = '') => own.app().tell(what, value);
  const submit = form.querySelector('[type=submit]');
  const log = panel().querySelector('.log');
  // What is to go with the next message; what is known of files, by their ids, with the bytes of those from here.
  let staged = [];
  const known = new Map();
  // Whether the message waits for its files.
  let held = false;

  const size = (bytes) => {
    const [unit, by] = bytes < 1e6 ? ['kilobyte', 1e3] : ['megabyte', 1e6];
    const most = { style: 'unit', unit, maximumFractionDigits: bytes < 1e7 ? 1 : 0 };
    return new Intl.NumberFormat(own.language()[0], most).format(Math.max(bytes / by, 0.1));
  };
  // The types as people know them: `PDF`, `DOCX`.
  const kinds = () => {
    const short = (type) =>
      /wordprocessing|msword/.test(type) ? 'Word' : /sheet|excel/.test(type) ? 'Excel' : /presentation|powerpoint/.test(type) ? 'PowerPoint' : type === 'text/plain' ? 'TXT' : type.split(/[/.-]/).at(-1).toUpperCase();
    return [...new Set(rules.media_types.map(short))].join(', ');
  };
  const told = make('p', { class: 'note bad', hidden: true });
  const complain = (text) => {
    told.textContent = text;
    told.hidden = !text;
    if (text) tell('announce', text);
  };
  const waits = make('p', { class: 'note', hidden: true }, () => say('files_wait'));
  const list = make('ul', { class: 'staged', 'aria-label': () => say('files_list') });
  const input = make('input', {
    type: 'file',
    hidden: true,
    multiple: rules.max_files > 1,
    accept: rules.media_types.join() + (rules.media_types.includes('text/plain') ? `,${TEXT}` : ''),
    onchange() {
      add([...input.files]);
      // The same file may be chosen again.
      input.value = '';
    },
  });
  const label = () => say('files_add');
  const clip = make('button', { class: 'ib attach', part: 'attach', type: 'button', 'aria-label': label, title: label, onclick: () => input.click() }, glyph(CLIP));
  const box = make('div', { class: 'stage' }, list, told, waits);
  if (taken) {
    form.prepend(box);
    // Always before the microphone, whichever of the two came first.
    (form.querySelector('.dictate') ?? submit).before(input, clip);
  }

  // --- What is staged ---

  const hand = () => {
    const ids = staged.flatMap(({ view }) => view?.attachment_id ?? []);
    tell('files', ids.length ? JSON.stringify(ids) : '');
  };
  const drop = (item) => {
    item.gone = true;
    item.call?.abort();
    item.row.remove();
    staged = staged.filter((other) => other !== item);
  };
  // The one picture or sign of a file, then what is known of it, then what can be done.
  const stage = (item) => {
    const { name, type, bytes, file } = item;
    const remove = () => say('files_remove', name);
    const retry = () => `${say('retry')}: ${name}`;
    item.bar = make('progress', { max: 1, value: 0, 'aria-label': name });
    item.state = make('span', { class: 'size' }, size(bytes));
    item.retry = make('button', { class: 'ib', type: 'button', hidden: true, 'aria-label': retry, title: retry, onclick: () => upload(item) }, glyph(AGAIN));
    const sign = make('span', { class: 'sign' }, glyph(PAPER));
    item.row = make(
      'li',
      { class: 'file', part: 'file' },
      sign,
      make('span', { class: 'what' }, make('span', { class: 'named', title: name, dir: 'auto' }, name), item.state, item.bar),
      item.retry,
      make('button', { class: 'ib', type: 'button', 'aria-label': remove, title: remove, onclick: () => take(item) }, glyph(CROSS)),
    );
    list.append(item.row);
    staged.push(item);
    if (file && PICTURE.test(type)) paint(file, 96, name).then((canvas) => sign.replaceChildren(canvas), () => {});
  };
  // The visitor thinks better of a file.
  const take = (item) => {
    const next = staged[staged.indexOf(item) + 1] ?? staged.at(-2);
    drop(item);
    if (item.view) {
      hand();
      request('DELETE', `*/attachments/${item.view.attachment_id}`);
    }
    complain('');
    (next?.row.querySelector('button:last-child') ?? clip).focus();
    go();
  };
  const add = (files) => {
    complain('');
    for (const file of files) {
      const type = NAMES[file.type] ?? file.type;
      const text = /^text\/(?!html|xml)/.test(type) && rules.media_types.includes('text/plain');
      if (staged.length >= rules.max_files) return complain(say('files_many', rules.max_files.toLocaleString(own.language()[0])));
      if (file.size > rules.max_bytes) complain(say('files_large', size(rules.max_bytes)));
      // A type that the browser does not know is the server's to find out.
      else if (type && !text && !rules.media_types.includes(type)) complain(say('files_type', kinds()));
      else {
        const item = { file, name: file.name || 'file', type, bytes: file.size };
        stage(item);
        upload(item);
      }
    }
  };

  // --- Uploading ---

  // The conversation, which may have to be opened first: nothing was sent before.
  const session = async () => {
    if (look().session) return true;
    tell('begin');
    return wait(() => look().session);
  };
  const fail = (item, text, again) => {
    if (item.gone) return;
    item.failed = true;
    item.row.classList.add('bad');
    item.state.textContent = text;
    item.bar.hidden = true;
    item.retry.hidden = !again;
    tell('announce', `${item.name}: ${text}`);
    go();
  };
  const upload = async (item, again = true) => {
    item.failed = false;
    item.row.classList.remove('bad');
    item.state.textContent = size(item.bytes);
    item.bar.hidden = false;
    item.bar.value = 0;
    // What was pressed is about to go.
    if (!item.retry.hidden) item.row.lastChild.focus();
    item.retry.hidden = true;
    const found = await session();
    if (item.gone) return;
    if (!found) return fail(item, say('unreachable'), true);
    const { token, session: id } = look();
    const call = (item.call = new XMLHttpRequest());
    call.open('POST', `${own.api}/v1/public/sessions/${id}/attachments`);
    call.setRequestHeader('authorization', `Bearer ${token}`);
    call.setRequestHeader('content-type', 'application/octet-stream');
    call.setRequestHeader('x-file-name', encodeURIComponent(item.name));
    call.upload.onprogress = ({ loaded, total }) => (item.bar.value = total ? loaded / total : 0);
    call.onerror = () => fail(item, say('unreachable'), true);
    call.onload = async () => {
      const { status, response } = call;
      if (item.gone) return;
      if (status === 401 && again) {
        await renew(token);
        return item.gone || upload(item, false);
      }
      if (status === 413) return fail(item, say('files_large', size(rules.max_bytes)));
      if (status === 415) return fail(item, say('files_type', kinds()));
      if (status === 409) return fail(item, say('files_full'));
      if (status !== 201) return fail(item, reason({ status }), status > 403);
      item.view = JSON.parse(response);
      item.bar.hidden = true;
      known.set(item.view.attachment_id, { ...item.view, file: item.file });
      hand();
      tell('announce', say('files_ready', item.name));
      go();
    };
    call.send(item.file);
  };

  // --- Sending ---

  // A file may be sent without words: the app itself knows only of those.
  const field = form.querySelector('.input');
  const enable = () => {
    if (!field.value.trim() && submit.disabled === staged.length > 0) submit.disabled = !staged.length;
  };
  new MutationObserver(enable).observe(submit, { attributeFilter: ['disabled'] });
  new MutationObserver(enable).observe(list, { childList: true });
  const busy = () => staged.some(({ view, failed }) => !view && !failed);
  const hold = (now) => {
    held = now;
    waits.hidden = !now;
  };
  // The message goes once nothing is on its way, unless a file failed: then the visitor decides.
  const go = () => {
    if (!held || busy()) return;
    hold(false);
    if (!staged.some(({ failed }) => failed)) submit.click();
  };
  form.addEventListener(
    'click',
    (event) => {
      if (!event.target.closest('[type=submit]') || !busy()) return;
      event.preventDefault();
      event.stopPropagation();
      if (!held) tell('announce', say('files_wait'));
      hold(true);
    },
    true,
  );

  // --- Dropping and pasting ---

  const over = make('div', { class: 'drop', part: 'drop', hidden: true }, glyph(CLIP), make('strong', {}, () => say('files_drop')));
  panel().append(over);
  const takes = (event) => taken && event.dataTransfer?.types.includes('Files') && form.checkVisibility() && !panel().querySelector('[inert]');
  for (const name of ['dragenter', 'dragover'])
    panel().addEventListener(name, (event) => {
      if (!takes(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      over.hidden = false;
    });
  panel().addEventListener('dragleave', ({ relatedTarget }) => {
    if (!relatedTarget || !panel().contains(relatedTarget)) over.hidden = true;
  });
  panel().addEventListener('drop', (event) => {
    over.hidden = true;
    if (!takes(event)) return;
    event.preventDefault();
    add([...event.dataTransfer.files]);
    form.querySelector('.input').focus();
  });
  form.addEventListener('paste', (event) => {
    const { files, types } = event.clipboardData;
    // Programs for texts put a picture of the text beside it.
    if (!taken || !files.length || types.includes('text/plain')) return;
    event.preventDefault();
    add([...files]);
  });

  // --- What was sent ---

  const paint = async (blob, most, name) => {
    const bitmap = await createImageBitmap(blob);
    const scale = Math.min(1, most / Math.max(bitmap.width, bitmap.height));
    const canvas = make('canvas', { role: 'img', 'aria-label': name, width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) });
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return canvas;
  };
  const fetched = async ({ file, url }) => {
    if (file) return file;
    const response = await request('GET', url);
    if (!response.ok) throw new Error(reason(response));
    return response.blob();
  };
  const save = async (view) => give(view.name, await fetched(view));
  const show = async (view) => {
    const { name } = view;
    const { make, dialog, say } = kitOf(own);
    const canvas = await paint(await fetched(view), 2000, name);
    const close = dialog(
      'natter-file',
      make(
        'div',
        { class: 'modal shown', part: 'dialog file' },
        make('h2', { id: 'natter-file', dir: 'auto' }, name),
        canvas,
        make(
          'div',
          { class: 'acts' },
          make('button', { class: 'btn primary', part: 'button', type: 'button', onclick: () => open(save, view) }, () => say('files_save')),
          make('button', { class: 'btn', part: 'button', type: 'button', onclick: () => close() }, () => say('dismiss')),
        ),
      ),
    );
  };
  const open = (what, view) => what(view).catch(() => tell('failed'));
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      const view = known.get(target.dataset.file);
      fetched(view)
        .then((blob) => paint(blob, 480, view.name))
        .then((canvas) => {
          target.className = 'shot';
          target.replaceChildren(canvas);
        })
        .catch(() => {});
    }
  });
  // Learns what is not known yet: from the handshake, which brings the conversation along, or else from its transcript.
  let learning;
  const learn = async (id) => {
    const note = (messages) => messages?.forEach(({ attachments }) => attachments?.forEach((view) => known.has(view.attachment_id) || known.set(view.attachment_id, view)));
    if (!known.has(id)) note(config().natter?.session?.messages);
    if (known.has(id)) return;
    learning ??= request('GET', '*/transcript?format=json').then(async (response) => {
      learning = undefined;
      if (response.ok) note((await response.json()).messages);
    });
    await learning;
  };
  const dress = async (place) => {
    const ids = JSON.parse(place.dataset.files);
    delete place.dataset.files;
    for (const id of ids) {
      await learn(id);
      if (known.has(id)) place.append(chip(known.get(id)));
    }
  };
  const chip = (view) => {
    const { attachment_id: id, name, media_type: type, bytes } = view;
    const picture = PICTURE.test(type);
    const button = make(
      'button',
      { class: 'file', part: 'file', type: 'button', title: name, 'data-file': id, onclick: () => open(picture ? show : save, view) },
      make('span', { class: 'sign' }, glyph(PAPER)),
      make('span', { class: 'what' }, !picture && make('span', { class: 'sr' }, () => `${say('files_save')}: `), make('span', { class: 'named', dir: 'auto' }, name), make('span', { class: 'size' }, size(bytes))),
    );
    if (picture) seen.observe(button);
    return button;
  };
  const sync = () => {
    log.querySelectorAll('[data-files]').forEach(dress);
    // What the app has no more was sent; what it has again comes from a message that was taken back.
    const ids = JSON.parse(look().files || '[]');
    for (const item of staged) if (item.view && !ids.includes(item.view.attachment_id)) drop(item);
    for (const id of ids) {
      const view = known.get(id);
      if (!view || staged.some((item) => item.view?.attachment_id === id)) continue;
      const item = { view, file: view.file, name: view.name, type: view.media_type, bytes: view.bytes };
      stage(item);
      item.bar.hidden = true;
    }
    if (!staged.length) complain('');
  };
  new MutationObserver(sync).observe(log, { childList: true });
  own.leave.add(() => {
    staged.forEach(drop);
    known.clear();
    hold(false);
    complain('');
  });
  return sync;
};
