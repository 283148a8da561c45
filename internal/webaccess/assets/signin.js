// The sign-in page: proves a person, lists their desktops, and goes straight to
// the desktop when there is one. All sentences are in the page already; this
// file only chooses which one is shown.
import { account } from './account.js';
import { factor } from './factor.js';
import { clock, fill, offers, sure, wish } from './own.js';

const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const form = byId('form');
const remembered = 'tamachi-registration-code';

function say(status, seconds) {
  root.dataset.status = status;
  for (const span of document.querySelectorAll('#status [data-for]')) {
    span.hidden = span.dataset.for !== status;
  }
  byId('seconds').textContent = seconds ? String(seconds) : '';
}

function ask(method, path, body) {
  return fetch(path, {
    method, cache: 'no-store', signal: AbortSignal.timeout(30000),
    headers: body ? { 'Content-Type': 'application/json' } : {}, body: body && JSON.stringify(body),
  });
}

async function reason(answer) {
  try { return await answer.json(); } catch { return { reason: 'away' }; }
}

form.addEventListener('submit', async (e) => {
  e.preventDefault();
  say('checking');
  const given = {
    code: byId('code').value.trim(), user: byId('user').value.trim(), password: byId('password').value,
    oneTime: byId('onetime').value.replace(/\s/g, ''),
  };
  let answer;
  try { answer = await ask('POST', 'sign-in', given); } catch { return say('away'); }
  if (answer.ok) return entered(given);
  const why = await reason(answer);
  if (why.reason === 'stale') return own.stale(given);
  if (why.reason === 'enrol') return page.enrol(given);
  say(why.reason, why.seconds);
  const half = why.reason === 'code' || why.reason === 'wrongcode'; // the password is right
  second(half);
  if (half) return;
  byId('password').value = '';
  byId('password').focus();
});

// entered goes on when a person was let in; one who was in already is told so.
async function entered(given, status) {
  byId('password').value = '';
  second(false);
  if (given) try { localStorage.setItem(remembered, given.code); } catch { /* private browsing */ }
  await choose(Boolean(given));
  if (!given && root.dataset.status === 'chosen') say(status);
}

// shown shows one part of the page, and no other.
const parts = [form, byId('desktops'), ...document.querySelectorAll('form#change, form#enrol')];
function shown(part) {
  for (const p of parts) p.hidden = p !== part;
}

const page = {
  ask, reason, say, shown, done: entered, left: () => leave('over'), back: (typed) => (typed ? leave('ready') : choose(false)),
};
page.enrol = factor(page);
const own = account(page);

// second asks for the code of the second factor, or no more.
function second(wanted) {
  const field = byId('onetime');
  byId('second').hidden = !wanted;
  field.required = wanted;
  field.value = '';
  if (wanted) field.focus();
}
for (const id of ['code', 'user', 'password']) byId(id).addEventListener('input', () => second(false));

// choose shows the desktops; straight goes on to the only one. What somebody who
// is not signed in has typed while the page asks for the first time stays.
async function choose(straight, first) {
  let answer;
  try { answer = await ask('GET', 'mine'); } catch { return say('away'); }
  if (answer.status === 401) return first ? say('ready') : leave(straight ? 'over' : 'ready');
  if (!answer.ok) return say('away');
  const { desktops } = await answer.json();
  if (straight && desktops.length === 1) return open(desktops[0].id);
  shown(byId('desktops'));
  byId('none').hidden = desktops.length > 0;
  byId('list').replaceChildren(...desktops.map(item));
  say('chosen');
}

function item(desktop) {
  const li = byId('item').content.cloneNode(true).firstElementChild;
  li.dataset.id = desktop.id;
  li.querySelector('.name').textContent = desktop.name || desktop.id;
  const state = li.querySelector(`[data-for="${CSS.escape(desktop.state)}"]`) ?? li.querySelector('[data-for="other"]');
  state.hidden = false;
  li.querySelector('.open').addEventListener('click', () => open(desktop.id));
  const stops = li.querySelector('.stops');
  stops.hidden = !desktop.stopsAt;
  if (desktop.stopsAt) fill(stops, { when: clock(desktop.stopsAt), minutes: desktop.minutes });
  for (const button of li.querySelectorAll('[data-wish]')) {
    const what = button.dataset.wish;
    button.hidden = !desktop.may.includes(what);
    button.addEventListener('click', async () => {
      if (what !== 'extend' && !await sure(what)) return;
      if (!await wish(desktop.id, what)) say('notnow');
      else choose(false);
    });
  }
  offers(li.querySelector('.choices'), desktop, () => choose(false), () => say('notnow'));
  return li;
}

async function open(id) {
  say('opening');
  let answer;
  try { answer = await ask('POST', `mine/${id}`); } catch { return say('away'); }
  if (answer.ok) return location.assign(`workspace/${id}/`);
  if (answer.status === 401) return leave('over');
  say((await reason(answer)).reason);
}

function leave(status) {
  byId('password').value = '';
  shown(form);
  say(status);
}

byId('signout').addEventListener('click', async () => {
  try { await ask('POST', 'sign-out'); } catch { return say('away'); }
  leave('ready');
});

try { byId('code').value = localStorage.getItem(remembered) ?? ''; } catch { /* private browsing */ }
// Who is signed in already chooses at once. The form is of use from then on, not
// before: its answer and this one would cross.
choose(false, true).finally(() => { byId('enter').disabled = false; });
