// The desktop page: asks how the desktop is, connects noVNC to its stream, and
// says in plain words how things stand. All sentences are in the page already;
// this file only chooses which one is shown.
import RFB from '../novnc/core/rfb.js';
import { Keys } from './keys.js';
import { Microphone } from './microphone.js';
import { Own } from './own.js';
import { Sound } from './sound.js';

const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const screen = byId('screen');
const frame = screen.appendChild(document.createElement('div'));
const clip = byId('clip');
const panel = byId('panel');

const retryMs = 1000; // doubled with each try in vain, up to longestMs
const longestMs = 30000;
const firstMs = 100; // until a desktop that starts is looked at again; doubled up to retryMs
const patienceMs = 10000; // for a stream that opens but shows nothing
const beatMs = 5000; // a network that is gone, and who looks, is noticed by asking

// noVNC asks the desktop for the frame's size until it has exactly that, which
// never comes when a line of text or the zoom leaves half a pixel.
function fit() {
  const { width, height } = screen.getBoundingClientRect();
  frame.style.width = `${Math.floor(width)}px`;
  frame.style.height = `${Math.floor(height)}px`;
}
new ResizeObserver(fit).observe(screen);
fit();

let rfb = null;
let timer = 0;
let tries = 0;
let looks = 0; // at a desktop that starts
let viewOnly = false; // for support: the plane lets nothing through anyhow

// What each WorkSpace state means for this page. Others (AVAILABLE, UNHEALTHY,
// IMPAIRED, UPDATING, maintenance) may have a screen, so connecting is tried.
const waiting = {
  PENDING: 'starting', STARTING: 'starting', REBOOTING: 'starting', REBUILDING: 'starting', RESTORING: 'starting',
  STOPPED: 'stopped', STOPPING: 'stopped', SUSPENDED: 'stopped', ERROR: 'failed',
  TERMINATING: 'gone', TERMINATED: 'gone',
};
const final = ['gone', 'over', 'ended', 'disabled'];

// Why the plane ended a stream, or gives none.
const reasons = {
  MAINTENANCE: 'maintenance', ADDRESS_NOT_ALLOWED: 'address', DEVICE_NOT_ALLOWED: 'device', USER_DISABLED: 'disabled',
  ENDED_BY_ADMIN: 'ended', SESSION_EXPIRED: 'over', TOO_MANY_STREAMS: 'busy',
};

function show(status) {
  root.dataset.status = status;
  for (const span of document.querySelectorAll('#status [data-for]')) {
    span.hidden = span.dataset.for !== status;
  }
  byId('ways').hidden = !['lost', 'away', 'address'].includes(status);
  byId('reconnect').hidden = !['lost', 'busy', 'failed', 'stopped', 'away', 'maintenance', 'address', 'device'].includes(status);
}

function later(step, ms = retryMs) {
  clearTimeout(timer);
  timer = setTimeout(step, ms);
}

// again tries once more, later each time; some chance keeps a thousand pages
// from coming back at once.
function again() {
  const ms = Math.min(longestMs, retryMs * 2 ** Math.min(tries++, 10));
  later(look, ms * (0.75 + Math.random() / 2));
}

const sound = new Sound(byId('sound'));
window.sound = sound; // for who tests it
const microphone = new Microphone(byId('microphone'));
const own = new Own(root.dataset.desktop, () => { tries = 0; look(); });

// ask is how the desktop is, or nothing when the plane cannot be reached.
async function ask() {
  try {
    const answer = await fetch('state', { cache: 'no-store', signal: AbortSignal.timeout(8000) });
    if (answer.ok) return await answer.json();
    if (answer.status === 404) return { refused: 'gone' };
    if (answer.status !== 401 && answer.status !== 403) return null;
    return { refused: reasons[(await answer.json().catch(() => ({}))).reason] ?? 'over' };
  } catch {
    return null;
  }
}

// look connects when the desktop may have a screen, and says why not when not.
async function look() {
  clearTimeout(timer);
  const is = await ask();
  if (!is) {
    show('away');
    return again();
  }
  if (is.refused) return refused(is.refused);
  own.signed = is.signed;
  own.ends(is.endsAt);
  viewOnly = !!is.view;
  may(is);
  own.watched(is);
  const status = waiting[is.state];
  byId('waited').textContent = status === 'starting' ? progress(is) : '';
  if (status) {
    show(status);
    own.refresh();
    if (!final.includes(status)) later(look, status === 'starting' ? Math.min(retryMs, firstMs * 2 ** looks++) : retryMs);
    return;
  }
  looks = 0;
  if (is.full) return show('busy');
  connect();
}

// progress is what is known of a start: how long it lasts, and the step that it
// waits for.
function progress({ waited, step, percent }) {
  return `${waited} s${step ? ` · ${step}${percent ? ` ${percent} %` : ''}` : ''}`;
}

// refused shows why, and asks again where that may pass by itself. Who is
// signed in gets a new session of the desktop when the old one is over.
async function refused(status) {
  show(status);
  if (status === 'maintenance') later(look, 3000);
  if (status === 'over' && await own.enter()) look();
}

function connect() {
  if (rfb) return;
  show('connecting');
  const url = new URL('stream', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  if (navigator.maxTouchPoints > 1) url.searchParams.set('touch', '1'); // an iPad says that it is a Mac
  const socket = new WebSocket(url.href);
  let reason; // why the plane closed it
  socket.addEventListener('close', (e) => { reason = reasons[e.reason]; });
  rfb = new RFB(frame, socket, { shared: true });
  rfb.viewOnly = viewOnly;
  rfb.scaleViewport = true; // for servers that cannot resize, and while they do
  rfb.resizeSession = innerWidth >= 700 && !viewOnly; // a phone's window is too small for a desktop: it is scaled there
  const giveUp = setTimeout(() => rfb?.disconnect(), patienceMs);
  rfb.addEventListener('connect', () => { clearTimeout(giveUp); tries = 0; show('connected'); sound.open(); own.refresh(); compose(keys.composes); offer(); });
  rfb.addEventListener('clipboard', (e) => received(e.detail.text));
  rfb.addEventListener('disconnect', () => {
    clearTimeout(giveUp);
    rfb = null;
    sound.close();
    microphone.close();
    if (reason) return refused(reason);
    // The state tells why: stopped, gone, over. If it is none of these the
    // connection itself failed.
    show(tries ? 'lost' : 'connecting');
    again();
  });
}

// beat notices a network that is gone: a socket alone would take minutes.
async function beat() {
  if (!rfb) return;
  const is = await ask() ?? await ask();
  if (!is) return rfb?.disconnect();
  if (is.refused) return; // the stream ends with its own reason
  own.ends(is.endsAt);
  own.watched(is);
  printed(is.papers);
}
setInterval(beat, beatMs);
window.addEventListener('offline', beat);
window.addEventListener('online', () => { if (!rfb) { tries = 0; look(); } });

// Clipboard. Browsers give it to a page only over TLS or on localhost, and
// reading it only with the visitor's consent; the panel works without.
async function received(text) {
  clip.value = text;
  if (!navigator.clipboard || !document.hasFocus()) return;
  try { await navigator.clipboard.writeText(text); } catch { /* refused: the panel has it */ }
}

async function offer() {
  if (!rfb || !navigator.clipboard?.readText || !document.hasFocus()) return;
  try {
    const consent = await navigator.permissions.query({ name: 'clipboard-read' });
    if (consent.state !== 'granted') return; // do not ask unbidden
    const text = await navigator.clipboard.readText();
    if (text && text !== clip.value) send(text);
  } catch { /* unknown permission in this browser: the panel has it */ }
}

// may shows what of the clipboard is allowed; the plane keeps to it anyhow.
function may({ paste, copy, sound: heard, microphone: hears }) {
  sound.may(heard);
  microphone.may(hears);
  byId('clipboard').hidden = !paste && !copy;
  byId('paste').hidden = !paste;
  byId('copy').hidden = !copy;
  byId('compose').hidden = viewOnly;
}

// printed shows the documents that the desktop has printed, each a download.
function printed(list = []) {
  const node = byId('papers');
  if (node.dataset.shown === JSON.stringify(list)) return;
  node.dataset.shown = JSON.stringify(list);
  node.hidden = list.length === 0;
  node.replaceChildren(node.dataset.text, ...list.map(({ n, title, size }) => {
    const link = document.createElement('a');
    link.href = `paper/${n}`;
    link.download = '';
    link.textContent = `${title} (${size < 1e6 ? `${Math.ceil(size / 1e3)} kB` : `${(size / 1e6).toFixed(1)} MB`})`;
    return link;
  }));
}

function send(text) {
  clip.value = text;
  rfb?.clipboardPasteFrom(text);
}

window.addEventListener('focus', offer);
byId('clipboard').addEventListener('click', (e) => {
  panel.hidden = !panel.hidden;
  e.currentTarget.setAttribute('aria-expanded', String(!panel.hidden));
  if (!panel.hidden) clip.focus();
});
byId('copy').addEventListener('click', async () => {
  try { await navigator.clipboard.writeText(clip.value); } catch { clip.focus(); clip.select(); document.execCommand('copy'); }
});
byId('paste').addEventListener('click', () => { send(clip.value); rfb?.focus(); });
byId('reconnect').addEventListener('click', () => { tries = 0; look(); });
byId('full').addEventListener('click', () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen?.();
  rfb?.focus();
});

const keys = new Keys(byId('touchkeys'), (keysym, code, down) => rfb?.sendKey(keysym, code, down));
byId('keyboard').addEventListener('click', () => keys.open());

// Composing. While it is on, keys go to a field that the input method of this
// device can write to, and what it writes is typed into the desktop.
const composing = 'tamachi-compose';
function compose(on) {
  keys.composes = on;
  byId('compose').setAttribute('aria-pressed', String(on));
  if (rfb) rfb.focusOnClick = !on;
  if (on) keys.open();
  else rfb?.focus();
  try { localStorage.setItem(composing, on ? '1' : ''); } catch { /* private browsing */ }
}
byId('compose').addEventListener('click', () => compose(!keys.composes));
screen.addEventListener('mouseup', () => { if (keys.composes) keys.open(); });
byId('escape').addEventListener('click', () => rfb?.sendKey(0xff1b, 'Escape'));
byId('tab').addEventListener('click', () => rfb?.sendKey(0xff09, 'Tab'));

try { keys.composes = localStorage.getItem(composing) === '1'; } catch { /* private browsing */ }
look();
