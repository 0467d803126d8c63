// @ts-check
// The script of the operators' pages: what changes comes over a stream as plain trees (src/web/console/desk/tree.ts) and is built
// with createElement. Without it everything works by forms and reloading.
import { beep, hands } from './desk-hands.js';
import { $, all, build, desk, doc, json, ref, say } from './desk-page.js';

const skew = Number(desk.dataset.now) - Date.now(); // our clock may be wrong
const now = () => Date.now() + skew;
const title = doc.title;
const drafts = new Map(); // what was being written when its field went away
const drawn = new Map(); // JSON of the parts as they were built last
/** @type {EventSource | undefined} */
let stream;
let last = desk.dataset.last;
let heard = Date.now();

const calls = (li) => li.closest('[data-group=waiting]') || li.classList.contains('calls');
/** References of chats in which somebody has to do something. */
const calling = new Set(
  all('.row')
    .filter(calls)
    .map((li) => li.id.slice(4)),
);

/** Puts a part in the place of the one with its id; what is being typed, chosen or open in it stays. */
function swap(tree) {
  const { id } = tree[1];
  const json = JSON.stringify(tree);
  const old = $(id);
  if (old && drawn.get(id) === json) return;
  drawn.set(id, json);
  const built = /** @type {any} */ (build(tree));
  const at = doc.activeElement?.id;
  for (const e of old ? all('[id]', old) : []) {
    const next = built.querySelector(`#${CSS.escape(e.id)}`);
    if (e.tagName === 'TEXTAREA' && e.value) drafts.set(e.id, e.value);
    if (next && e.tagName === 'DETAILS') next.open = e.open;
    if (next && e.matches('input, select') && e.id === at) next.value = e.value;
  }
  for (const e of all('textarea', built)) e.value = drafts.get(e.id) || '';
  if (old) old.replaceWith(built);
  else desk.append(built);
  if (at && doc.activeElement?.id !== at) $(at)?.focus({ preventScroll: true });
  dress(built);
}

/** What only a script can add: the reader's clock, a search field, the end of a talk in view. */
function dress(root) {
  for (const e of all('time[data-clock]', root)) {
    const at = new Date(Number(e.dataset.clock));
    const day = at.toDateString() === new Date().toDateString() ? undefined : /** @type {const} */ ('short');
    const shown = day ? { day: /** @type {const} */ ('numeric'), month: day } : {};
    e.textContent = at.toLocaleString(doc.documentElement.lang, {
      ...shown,
      hour: '2-digit',
      minute: '2-digit',
    });
  }
  for (const e of all('.search', root)) e.hidden = false;
  const lines = root.querySelector('#lines');
  if (lines) lines.scrollTop = lines.scrollHeight;
}

function tick() {
  for (const e of all('time[data-since]')) {
    const m = Math.max(0, Math.floor((now() - Number(e.dataset.since)) / 6e4));
    const h = Math.floor(m / 60);
    const word = m < 1 ? 'now' : h < 1 ? 'minutes' : h < 24 ? 'hours' : 'days';
    const text = say(
      `time.${word}`,
      word === 'days' ? { d: Math.floor(h / 24), h: h % 24 } : { h, m: m % 60 },
    );
    if (e.textContent !== text) e.textContent = text;
  }
}

function countdown() {
  const undo = $('undo');
  if (!undo) return;
  const left = Math.ceil((Number(undo.dataset.until) - now()) / 1000);
  undo.querySelector('.rest').textContent = say('seconds', { s: Math.max(0, left) });
  if (left <= 0) (undo.closest('.undo') || undo).remove();
}

function count() {
  for (const ul of all('[data-group]')) {
    ul.closest('.group').querySelector('.count').textContent = String(ul.children.length);
  }
  doc.title = calling.size ? `(${calling.size}) ${title}` : title;
}

let moved = -1000; // when the rows shifted last

/** A chat takes its place in the queue. */
function place({ row, group, sort, calls: wants, tree }) {
  const old = $(`row-${row}`);
  const focused = old?.contains(doc.activeElement);
  const was = calling.has(row);
  if (wants) calling.add(row);
  else calling.delete(row);
  if (!tree) old?.remove();
  else {
    const li = /** @type {any} */ (build(tree));
    const ul = doc.querySelector(`[data-group=${group}]`);
    old?.remove();
    const next = [...(ul?.children || [])].find((o) => Number(/** @type {any} */ (o).dataset.sort) > sort);
    ul?.insertBefore(li, next || null);
    if (focused) li.querySelector('a').focus({ preventScroll: true });
  }
  if (group === 'waiting' || was) moved = performance.now();
  count();
  if (!wants || was || (row === ref() && doc.hasFocus())) return;
  $('live').textContent = say(group === 'mine' ? 'live.wrote' : 'live.new', { ref: row });
  beep();
}

function addLine(tree) {
  const lines = $('lines');
  if (!lines) return;
  const old = $(tree[1].id);
  const end = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 80;
  const li = /** @type {any} */ (build(tree));
  if (old) old.replaceWith(li);
  else lines.append(li);
  const top = lines.scrollTop;
  dress(li);
  lines.scrollTop = end ? lines.scrollHeight : top;
}

/** Whether the state of the first number is older than that of the second (or than what the stream has brought). */
function older(id, than = last) {
  const [run, number] = id.split('-');
  const [newest, reached] = than.split('-');
  return run === newest && Number(number) < Number(reached);
}

let pressed = false; // a finger or button of the mouse is down
/** @type {(() => void)[]} */
let held = [];
/** Changes the page, but nothing under a finger that is down: what it pressed would be gone before it is up. */
function change(act) {
  if (pressed) held.push(act);
  else act();
}

function lift() {
  pressed = false;
  const acts = held;
  held = [];
  for (const act of acts) act();
}

/** @param {any[]} news see src/web/console/desk/news.ts */
function apply(news) {
  for (const item of news) {
    if (item.anew) void anew();
    else if (item.line) addLine(item.line);
    else if (item.row) place(item);
    else if (item.mode !== $('chat').dataset.mode) void anew();
    else for (const part of item.parts) swap(part);
  }
}

/** The session is over: what people wrote must not stay on the screen. */
function out() {
  stream?.close();
  desk.replaceChildren();
  location.replace('/console/sign-in');
}

/** @type {{ id: string, news: any[] }[] | undefined} What the stream brings while everything is read anew. */
let meanwhile;
async function anew() {
  if (meanwhile) return;
  meanwhile = [];
  const r = await fetch(location.pathname, { headers: json }).catch(() => null);
  const came = meanwhile;
  meanwhile = undefined;
  if (r?.status === 401) return out();
  if (r?.status === 404) return location.replace('/console/queue');
  const found = r?.ok ? await r.json().catch(() => null) : null;
  if (!found) return;
  change(() => {
    show(found);
    for (const { id, news } of came) if (older(found.last, id)) apply(news);
  });
}

/** Everything as it was read anew. */
function show(found) {
  if (!older(found.last)) last = found.last;
  swap(found.queue);
  if (found.chat) swap(found.chat);
  if (found.side) swap(found.side);
  else if (found.chat) $('side')?.remove();
  calling.clear();
  for (const li of all('.row').filter(calls)) calling.add(li.id.slice(4));
  count();
}

function connect() {
  stream?.close();
  const es = new EventSource(`/console/events?${new URLSearchParams({ chat: ref(), last })}`);
  stream = es;
  heard = Date.now();
  const on = (name, act) =>
    es.addEventListener(name, (e) => {
      if (es !== stream) return;
      heard = Date.now();
      $('offline').hidden = true;
      act?.(e);
    });
  on('hello');
  on('ping');
  on('over', out);
  on('news', (e) => {
    const news = JSON.parse(e.data);
    last = e.lastEventId || last;
    meanwhile?.push({ id: last, news });
    change(() => apply(news));
  });
  es.addEventListener('error', () => {
    setTimeout(() => {
      if (es === stream && es.readyState !== 1) $('offline').hidden = false;
    }, 4000);
    if (es.readyState === 2) setTimeout(() => es === stream && void anew().then(connect), 3000);
  });
}

function wake() {
  if (!doc.hidden && Date.now() - heard > 45000) connect();
}

function notify(text) {
  $('notice').textContent = text || '';
  $('notice').hidden = !text;
}

doc.addEventListener('click', (e) => {
  // Rows that shift under the pointer: it was meant for another chat. From the keyboard `detail` is 0.
  const button = /** @type {any} */ (e.target).closest('.row button');
  if (button && e.detail > 0 && performance.now() - moved < 500) e.preventDefault();
});
doc.addEventListener('submit', (e) => {
  const form = /** @type {any} */ (e.target);
  if (form.dataset.live === undefined) return;
  e.preventDefault();
  void send(form);
});

async function send(form) {
  if (form.dataset.busy) return;
  form.dataset.busy = '1';
  const field = form.querySelector('textarea');
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  const r = await fetch(form.getAttribute('action'), { method: 'POST', body, headers: json }).catch(
    () => null,
  );
  delete form.dataset.busy;
  if (r?.status === 401) return out();
  const answer = r ? await r.json().catch(() => ({})) : {};
  notify(r?.ok ? '' : answer.notice || say('live.failed'));
  if (!r?.ok) return r && anew();
  if (field) {
    // Only what was sent; somebody may have gone on writing.
    if (field.value === body.get('text')) field.value = '';
    drafts.delete(field.id);
  }
  if (!answer.news) return anew();
  // The stream may have brought what came after it already.
  change(() => older(answer.last) || apply(answer.news));
}

// The click comes right after; where the end is not seen (a drag out of the window), the page does not wait for ever.
let end = 0;
doc.addEventListener('pointerdown', () => {
  pressed = true;
  clearTimeout(end);
  end = setTimeout(lift, 3000);
});
for (const over of ['pointerup', 'pointercancel'])
  doc.addEventListener(over, () => {
    clearTimeout(end);
    end = setTimeout(lift);
  });
doc.addEventListener('visibilitychange', wake);
addEventListener('online', connect);
addEventListener('pagehide', () => stream?.close());

// On a phone the chat fills the screen; what is above it can be reached.
if (ref() && matchMedia('(max-width: 56rem)').matches) $('chat').scrollIntoView();
dress(desk);
tick();
count();
countdown();
setInterval(() => {
  tick();
  wake();
}, 10000);
setInterval(countdown, 500);
hands(out);
connect();
