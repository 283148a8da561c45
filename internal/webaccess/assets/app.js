// The desktop page: asks how the desktop is, connects noVNC to its stream, and
// says in plain words how things stand. All sentences are in the page already;
// this file only chooses which one is shown.
import RFB from '../novnc/core/rfb.js';
import { Keys } from './keys.js';

const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const screen = byId('screen');
const clip = byId('clip');
const panel = byId('panel');

const retryMs = 2000;
const maxTries = 5;
const patienceMs = 10000; // for a stream that opens but shows nothing

let rfb = null;
let timer = 0;
let tries = 0;

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
  byId('reconnect').hidden = !['lost', 'busy', 'failed', 'stopped', 'away', 'maintenance', 'address', 'device'].includes(status);
}

function later(step) {
  clearTimeout(timer);
  timer = setTimeout(step, retryMs);
}

// look asks for the desktop's state and connects when it may have a screen.
async function look() {
  clearTimeout(timer);
  let answer;
  try {
    answer = await fetch('state', { cache: 'no-store', signal: AbortSignal.timeout(10000) });
  } catch {
    show('away');
    later(look);
    return;
  }
  if (answer.status === 401 || answer.status === 403) return refused(await why(answer));
  if (answer.status === 404) return show('gone');
  if (!answer.ok) {
    show('away');
    return later(look);
  }
  const { state, full } = await answer.json();
  const status = waiting[state];
  if (status) {
    show(status);
    if (!final.includes(status)) later(look);
    return;
  }
  if (full) return show('busy');
  connect();
}

async function why(answer) {
  try { return reasons[(await answer.json()).reason] ?? 'over'; } catch { return 'over'; }
}

// refused shows why, and asks again where that may pass by itself.
function refused(status) {
  show(status);
  if (status === 'maintenance') later(look);
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
  rfb = new RFB(screen, socket, { shared: true });
  rfb.scaleViewport = true; // for servers that cannot resize, and while they do
  rfb.resizeSession = innerWidth >= 700; // a phone's window is too small for a desktop: it is scaled there
  const giveUp = setTimeout(() => rfb?.disconnect(), patienceMs);
  rfb.addEventListener('connect', () => { clearTimeout(giveUp); tries = 0; show('connected'); rfb.focus(); offer(); });
  rfb.addEventListener('clipboard', (e) => received(e.detail.text));
  rfb.addEventListener('disconnect', () => {
    clearTimeout(giveUp);
    rfb = null;
    if (reason) return refused(reason);
    // The state tells why: stopped, gone, over. If it is none of these the
    // connection itself failed, and after some tries a person decides.
    if (++tries > maxTries) return show('lost');
    show('connecting');
    later(look);
  });
}

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

const keys = new Keys(byId('touchkeys'), (keysym, code) => rfb?.sendKey(keysym, code));
byId('keyboard').addEventListener('click', () => keys.open());
byId('escape').addEventListener('click', () => rfb?.sendKey(0xff1b, 'Escape'));
byId('tab').addEventListener('click', () => rfb?.sendKey(0xff09, 'Tab'));

look();
