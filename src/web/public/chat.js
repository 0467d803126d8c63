// @ts-check
// The chat's only script. The page's forms do the same without it. Elements are the ones of message.tsx.
/** @typedef {{id: string, lang: string, parts?: any[], note?: any[], choices?: any[], place?: any, ask?: string, me?: string}} Item */

const KEY = 'chat';
const DAY = 864e5;
const doc = document;
/** @param {string} id @returns {any} */
const $ = (id) => doc.getElementById(id);
/** @param {string} query @returns {any[]} */
const all = (query) => [...doc.querySelectorAll(query)];
const log = $('log');
const field = $('text');
const writing = $('status');
const start = JSON.parse(log.dataset.start);
/** @type {EventSource | undefined} */
let stream;
let heard = 0; // when the stream last gave a sign
let reopened = false; // the next message is the first after a reconnect
let flushing = false;
let keyboard = false;
let words = start.words;
let s = load();

/** 128 random bits as 22 characters. */
function random() {
  const bytes = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)));
  return btoa(bytes).replace(/\+/g, '-').replace(/\//g, '_').slice(0, 22);
}

/** What this tab remembers: t tab id, log, out what is not sent yet, last message id, at last change. */
function fresh() {
  return {
    t: random(),
    lang: start.lang,
    words: start.words,
    log: [start.greeting],
    out: [],
    last: '',
    at: 0,
  };
}

function load() {
  let kept;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEY) || 'null');
  } catch {
    kept = null; // storage is off: the chat works, a reload begins anew
  }
  // The server forgets after a day, and so do we.
  const state = kept && Date.now() - kept.at < DAY ? kept : fresh();
  const { tab, exchange } = start;
  if (!exchange) return state;
  // A form was sent before this script was there: go on from its answer.
  const before = state.t === tab ? state.log : [];
  const said = exchange.said === undefined ? [] : [{ me: exchange.said, id: random(), lang: start.lang }];
  const news = exchange.messages.filter((m) => !before.some((b) => b.id === m.id));
  history.replaceState(null, '', '/');
  return { ...state, t: tab, lang: start.lang, words, log: [...before, ...said, ...news], at: Date.now() };
}

function save() {
  s.at = Date.now();
  s.log.splice(0, s.log.length - 200);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(s));
  } catch {
    return; // see load()
  }
}

/** @param {string} tag @param {object} props @param {...any} kids */
function el(tag, props, ...kids) {
  const e = Object.assign(doc.createElement(tag), props);
  e.append(...kids);
  return e;
}

const text = (parts) => parts.map((p) => (p.tel ? el('a', { href: `tel:${p.tel}`, dir: 'ltr' }, p.text) : p));

function button(name, value, ...kids) {
  const b = el('button', { type: 'submit', name, value }, ...kids);
  b.setAttribute('form', 'tap');
  return b;
}

/** @param {Item} m */
function bubble(m) {
  const mine = m.me !== undefined;
  const b = el('div', { className: `msg ${mine ? 'me' : 'bot'}`, lang: m.lang, tabIndex: -1 });
  b.append(
    el('span', { className: 'sr' }, `${mine ? words.you : 'Hamroh'}: `),
    el('p', { className: 'text', dir: 'auto' }, ...(mine ? [m.me] : text(m.parts))),
  );
  if (mine) {
    b.dataset.id = m.id;
    b.classList.toggle(
      'wait',
      s.out.some((o) => o.id === m.id),
    );
    return b;
  }
  if (m.place) {
    const { name, address, lat, lon } = m.place;
    const at = `${lat.toFixed(5)},${lon.toFixed(5)}`;
    const [a, o] = at.split(',');
    // Android asks which of its map apps to open.
    const href = /Android/.test(navigator.userAgent)
      ? `geo:${at}?q=${at}`
      : `https://www.openstreetmap.org/?mlat=${a}&mlon=${o}#map=17/${a}/${o}`;
    const link = el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, words.map);
    b.append(el('p', { className: 'place' }, el('bdi', {}, name), ' ', el('bdi', {}, address), ' ', link));
  }
  if (m.note) b.append(el('p', { className: 'note', dir: 'auto' }, ...text(m.note)));
  const choices = m.choices.map((c) => {
    const label = el('bdi', { lang: c.lang || m.lang }, c.label);
    const e = button('data', `${c.data}\t${c.label}`, el('span', { className: 'n' }, c.number), ' ', label);
    if (c.number.startsWith('0')) e.className = 'minor';
    return e;
  });
  if (m.ask && isSecureContext && navigator.geolocation) {
    choices.unshift(
      button('place', '', el('span', { className: 'n' }, '⌖'), ' ', el('bdi', {}, words.location)),
    );
  }
  if (choices.length) b.append(el('div', { className: 'choices' }, ...choices));
  return b;
}

/** @param {Item} m */
function add(m) {
  s.log.push(m);
  const b = bubble(m);
  const old = doc.activeElement;
  log.append(b);
  // What the person did stands on top and the answer under it, so nothing new is scrolled past.
  (all('.me').pop() || b).scrollIntoView({ block: 'start' });
  // From a pressed choice, the keyboard goes on in the answer.
  if (keyboard && m.me === undefined && log.contains(old)) b.focus({ preventScroll: true });
}

function notify(message, again) {
  $('notice').firstElementChild.textContent = message || '';
  $('retry').hidden = !again;
  if (message) all('.me').pop()?.scrollIntoView({ block: 'start' }); // the notice took its place
}

function applyWords() {
  doc.documentElement.lang = s.lang;
  words = s.words;
  for (const e of all('[data-w]')) e.textContent = words[e.dataset.w];
  for (const e of all('[data-l]')) e.setAttribute('aria-label', words[e.dataset.l]);
  field.placeholder = words.field;
}

async function speak(lang) {
  if (lang === s.lang) return;
  const { t } = s;
  const r = await fetch(`/chat/words/${lang}`).catch(() => null);
  if (!r?.ok || s.t !== t) return;
  Object.assign(s, { lang, words: await r.json() });
  save();
  applyWords();
}

function draw() {
  log.replaceChildren(...s.log.map(bubble));
}

/** @returns {Promise<Response | null>} null: no connection */
async function post(path, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 20000);
  const headers = { 'Content-Type': 'application/json' };
  const options = {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    signal: stop.signal,
    keepalive: true,
  };
  const r = await fetch(path, options).catch(() => null);
  clearTimeout(timer);
  return r;
}

function say(input, shown) {
  const id = random();
  s.out.push({ id, ...input });
  add({ id, me: shown, lang: s.lang });
  save();
  notify();
  connect();
  void flush();
}

/** Sends what is waiting, oldest first, each under the id it got when it was written: once, however often we try. */
async function flush() {
  if (flushing || !s.out.length) return;
  flushing = true;
  const { t } = s;
  while (s.out.length && s.t === t) {
    writing.textContent = words.writing;
    const { id } = s.out[0];
    const r = await post('/chat/say', { t, ...s.out[0] });
    if (s.t !== t) break;
    if (!r || r.status === 429 || r.status > 499) {
      const code = r ? (await r.json().catch(() => ({}))).error : '';
      notify(code === 'too_fast' ? words.slow : code === 'full' ? words.full : words.offline, true);
      writing.textContent = '';
      setTimeout(flush, 1000 * (Number(r?.headers.get('Retry-After')) || 5));
      break;
    }
    s.out.shift();
    save();
    const b = log.querySelector(`[data-id="${id}"]`);
    if (b) b.classList.toggle('wait', !r.ok);
    const cut = r.ok && (await r.json()).cut;
    notify(r.ok ? cut && words.cut : words.refused);
    if (!r.ok) writing.textContent = '';
    // No answer and no sign of life: the stream may have died unnoticed. A person's silence is no fault.
    const since = performance.now();
    setTimeout(() => {
      if (s.t === t && heard < since) connect(true);
      writing.textContent = '';
    }, 10000);
  }
  flushing = false;
}

/** @param {Item} m */
function receive(m) {
  const prev = s.log[s.log.length - 1];
  const body = (x) => JSON.stringify({ ...x, id: 0 });
  // A second copy has the id of the first; after a restart of the server only its content tells.
  const copy = s.log.some((x) => x.id === m.id) || (reopened && prev && body(prev) === body(m));
  reopened = false;
  s.last = m.id;
  if (!copy) {
    add(m);
    void speak(m.lang);
  }
  save();
  writing.textContent = '';
  void post('/chat/seen', { t: s.t, ids: [m.id] });
}

function connect(force = false) {
  if (stream && stream.readyState !== 2 && !force) return;
  stream?.close();
  const es = new EventSource(`/chat/stream?t=${s.t}&last=${s.last}`);
  stream = es;
  heard = performance.now();
  let opened = false;
  const on = (name, act) =>
    es.addEventListener(name, (e) => {
      heard = performance.now();
      if (es === stream) act(e);
    });
  on('open', () => {
    reopened = reopened || opened || force;
    opened = true;
    if (!s.out.length) notify();
    void flush();
  });
  on('ping', () => {});
  on('message', (e) => receive(JSON.parse(e.data)));
  on('clear', (e) => {
    if (e.data === 'forgotten') return clear();
    s.log = [];
    draw();
    notify();
    save();
  });
  on('error', () => {
    // A connection that comes back by itself is nobody's worry.
    setTimeout(() => es === stream && es.readyState !== 1 && notify(words.offline, true), 4000);
    if (es.readyState === 2) setTimeout(() => es === stream && connect(true), 5000);
  });
}

/** Quick-hide: everything is gone at once, and the page says nothing. */
function clear(tell = false) {
  stream?.close();
  stream = undefined;
  if (tell && s.at) void post('/chat/clear', { t: s.t });
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // see load()
  }
  s = fresh();
  flushing = false;
  field.value = writing.textContent = '';
  log.replaceChildren();
  notify();
  applyWords();
  doc.body.className = 'blank';
  $('start').hidden = false;
  $('start').focus();
}

doc.addEventListener('submit', (e) => {
  const b = /** @type {any} */ (e.submitter);
  if (!b) return; // an old browser: the form goes the old way, and load() takes up the answer
  e.preventDefault();
  $('more').open = false;
  if (b.name === 'clear') return clear(true);
  if (b.name === 'place') return locate();
  if (b.name) {
    const [value, label] = b.value.split('\t');
    return b.name === 'data' ? say({ data: value }, label) : say({ text: value }, b.textContent);
  }
  const typed = field.value.trim();
  field.value = '';
  if (typed) say({ text: typed }, typed);
});

function locate() {
  const { t } = s;
  navigator.geolocation.getCurrentPosition(
    // About 100 m: near enough for the way to a clinic, too far for a door.
    ({ coords }) =>
      s.t === t &&
      say({ lat: +coords.latitude.toFixed(3), lon: +coords.longitude.toFixed(3) }, words.location_sent),
    () => s.t === t && notify(words.location_failed),
    { timeout: 15000 },
  );
}

let escaped = -DAY;
doc.addEventListener('keydown', (e) => {
  keyboard = true;
  if (e.key !== 'Escape') return;
  $('more').open = false;
  if (e.timeStamp - escaped < 1000) clear(true);
  escaped = e.timeStamp;
});
doc.addEventListener('pointerdown', () => {
  keyboard = false;
});
$('retry').onclick = () => {
  connect(true);
  void flush();
};
$('start').onclick = () => {
  doc.body.className = '';
  $('start').hidden = true;
  draw();
  field.focus();
};
function wake() {
  if (stream && !doc.hidden && performance.now() - heard > 45000) connect(true);
}
setInterval(wake, 10000);
doc.addEventListener('visibilitychange', wake);
addEventListener('online', () => {
  if (stream) connect(true);
});

const staff = $('staff');
if (staff) {
  staff.open = localStorage.staff !== 'seen';
  staff.ontoggle = () => {
    localStorage.staff = staff.open ? '' : 'seen';
  };
}
for (const e of all('#check, .again')) e.remove();
for (const e of all('input[name=t]')) e.value = s.t;
draw();
if (s.at) {
  applyWords();
  save();
  connect();
  void flush();
  log.lastElementChild?.scrollIntoView({ block: 'start' });
}
