// The page of an invitation: shows whose it is and sets the password, once. All
// sentences are in the page already; this file only chooses which one is shown.
const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const form = byId('form');
const remembered = 'tamachi-registration-code'; // as on the sign-in page
const token = location.hash.slice(1);

function say(status, seconds) {
  root.dataset.status = status;
  for (const span of document.querySelectorAll('#status [data-for]')) {
    span.hidden = span.dataset.for !== status;
  }
  byId('seconds').textContent = seconds ? String(seconds) : '';
}

async function ask(path, body) {
  try {
    const answer = await fetch(path, {
      method: 'POST', cache: 'no-store', signal: AbortSignal.timeout(30000),
      headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    });
    return { ok: answer.ok, ...await answer.json() };
  } catch { return { ok: false, reason: 'away' }; }
}

form.addEventListener('submit', async (e) => {
  e.preventDefault();
  const password = byId('password').value;
  if (password !== byId('again').value) return say('differ');
  say('setting');
  const answer = await ask('accept', { token, password });
  if (!answer.ok) return say(answer.reason, answer.seconds);
  byId('password').value = byId('again').value = '';
  form.hidden = true;
  history.replaceState(null, '', location.pathname); // the link is of no more use
  try { localStorage.setItem(remembered, answer.code); } catch { /* private browsing */ }
  byId('signin').hidden = false;
  say('done');
});

const whose = await ask('guest', { token });
if (whose.ok) {
  byId('user').value = whose.user;
  form.hidden = false;
  say('ready');
} else {
  say(whose.reason, whose.seconds);
}
