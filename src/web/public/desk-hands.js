// @ts-check
// What an operator's hands do on the pages: keys, sound, the search among ready replies, and that somebody is there at all.
import { $, all, doc, json, ref, say } from './desk-page.js';

let audio;
const sound = $('sound');
let loud = remembered();

function remembered() {
  try {
    return localStorage.getItem('sound') === 'on';
  } catch {
    return false; // storage is off: silent until asked
  }
}

/** A short tone, if somebody wants to hear it. */
export function beep() {
  if (!loud || !audio) return;
  const tone = audio.createOscillator();
  const gain = audio.createGain();
  tone.frequency.value = 660;
  gain.gain.setValueAtTime(0.0001, audio.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.15, audio.currentTime + 0.03);
  gain.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.4);
  tone.connect(gain).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.45);
}

function showSound() {
  sound.textContent = say(loud ? 'sound.on' : 'sound.off');
  sound.setAttribute('aria-pressed', String(loud));
}

sound.onclick = () => {
  loud = !loud;
  try {
    localStorage.setItem('sound', loud ? 'on' : 'off');
  } catch {
    // see remembered()
  }
  showSound();
  touch();
  beep();
};

let out = () => {}; // what to do when the session is over
let here = Date.now();
/** Somebody is there: browsers allow sound from now on, and the session goes on. */
function touch() {
  if (loud) {
    audio ??= new AudioContext();
    void audio.resume();
  }
  if (Date.now() - here < 60000) return;
  here = Date.now();
  void fetch('/console/here', { headers: json }).then(
    (r) => r.status === 401 && out(),
    () => undefined,
  );
}

/** Moves through the queue. */
function move(by) {
  const links = all('.row a').filter((a) => a.checkVisibility());
  const at = links.findIndex((a) => a.closest('.row').contains(doc.activeElement));
  const from = at < 0 ? links.findIndex((a) => a.getAttribute('aria-current')) : at;
  links[
    from < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, from + by))
  ]?.focus();
}

function claim() {
  const row = doc.activeElement?.closest('.row');
  const form = row ? row.querySelector('form') : $('claim')?.form;
  const first = row || ref() ? undefined : doc.querySelector('[data-group=waiting] form');
  /** @type {any} */ (form || first)?.requestSubmit();
}

const field = (id) => {
  const e = $(id);
  for (let d = e?.closest('details'); d; d = d.parentElement.closest('details')) d.open = true;
  e?.focus();
};

const keys = {
  j: () => move(1),
  k: () => move(-1),
  c: claim,
  r: () => field('reply'),
  n: () => field('note'),
  '/': () => field('find'),
  t: () => field('to'),
  b: () => $('release')?.click(),
  x: () => $('close')?.click(),
  z: () => $('undo')?.requestSubmit(),
  '?': () => $('keys').showModal(),
  Escape: () => {
    if ($('pass')?.open) $('pass').open = false;
    else if (ref()) location.assign('/console/queue');
  },
};

doc.addEventListener('keydown', (e) => {
  touch();
  const target = /** @type {any} */ (e.target);
  if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && target.form) {
    e.preventDefault();
    return target.form.requestSubmit();
  }
  if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || $('keys').open) return;
  if (target.matches('input, textarea, select')) {
    if (e.key === 'Escape') target.blur();
    if (target.id === 'find' && e.key === 'Enter') {
      e.preventDefault();
      const li = all('.canned li').find((one) => !one.hidden);
      if (li) li.querySelector('details').open = true;
      li?.querySelector('button').focus();
    }
    return;
  }
  // By the place of the key where the letters are Cyrillic.
  const latin = /^[a-z/?]$/.test(e.key) || e.key === 'Escape';
  const slash = e.code === 'Slash' && (e.shiftKey ? '?' : '/');
  const key = latin ? e.key : slash || e.code.replace(/^Key/, '').toLowerCase();
  const act = keys[/** @type {keyof typeof keys} */ (key)];
  if (!act) return;
  e.preventDefault();
  act();
});

doc.addEventListener('input', (e) => {
  const target = /** @type {any} */ (e.target);
  if (target.id !== 'find') return;
  const wanted = target.value.trim().toLowerCase();
  for (const li of all('.canned li')) li.hidden = !li.textContent.toLowerCase().includes(wanted);
});
doc.addEventListener('pointerdown', touch);

/** Begins. @param {() => void} over the session is over */
export function hands(over) {
  out = over;
  sound.hidden = false;
  $('help').hidden = false;
  $('help').onclick = keys['?'];
  showSound();
}
