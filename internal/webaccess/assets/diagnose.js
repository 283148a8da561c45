// Goes the ways in to the plane, one after the other, with this browser, and
// says which is blocked. Sentences are in the page.
const { host, port, scheme } = document.documentElement.dataset;
const patientMs = 8000;
const slowMs = 200; // what makes typing feel slow
const skewMs = 45000; // what codes of authenticator apps stand

const say = (way, verdict, cause, found = '') => {
  const node = document.getElementById(`way-${way}`);
  node.dataset.verdict = verdict;
  for (const b of node.querySelectorAll('[data-for]')) b.hidden = b.dataset.for !== verdict;
  for (const p of node.querySelectorAll('[data-cause]')) p.hidden = p.dataset.cause !== cause;
  node.querySelector('.found').textContent = found;
  return verdict;
};

async function page() {
  try {
    const sent = performance.now();
    const answer = await fetch('now', { cache: 'no-store', signal: AbortSignal.timeout(patientMs) });
    const took = performance.now() - sent;
    const is = answer.ok ? await answer.json().catch(() => null) : null;
    return { reached: true, now: is?.now, took, detail: `HTTP ${answer.status}` };
  } catch (e) {
    return { reached: false, detail: String(e.message) };
  }
}

// stream sends words through a WebSocket and wants them back.
function stream() {
  return new Promise((resolve) => {
    const url = new URL('probe', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url.href);
    let sent;
    const done = (cause, ms) => { clearTimeout(late); socket.close(); resolve({ cause, ms }); };
    const late = setTimeout(() => done(sent ? 'silent' : 'closed'), patientMs);
    socket.onopen = () => { sent = performance.now(); socket.send('tamachi'); };
    socket.onmessage = (e) => done(e.data === 'tamachi' ? '' : 'silent', performance.now() - sent);
    socket.onclose = () => done(sent ? 'silent' : 'closed');
  });
}

async function go() {
  document.documentElement.dataset.status = 'trying';
  document.querySelector('#status [data-for]').hidden = true;
  for (const li of document.querySelectorAll('li')) say(li.id.slice(4), 'trying');
  const verdicts = [];
  const tell = (...is) => verdicts.push(say(...is));
  const first = await page();
  tell('port', first.reached ? 'open' : 'blocked', first.reached ? '' : 'lost', first.reached ? `${host}:${port}` : first.detail);
  if (!first.reached) {
    for (const way of ['certificate', 'page', 'stream', 'delay', 'clock']) tell(way, 'unknown');
  } else {
    const safe = scheme === 'https';
    const here = !safe && window.isSecureContext; // on this machine itself: there is no certificate, and no need for one
    document.getElementById('way-certificate').hidden = here;
    if (!here) tell('certificate', safe ? 'open' : 'poor', safe ? '' : 'plain', scheme);
    tell('page', first.now ? 'open' : 'blocked', first.now ? '' : 'stranger', first.detail);
    const ws = await stream();
    tell('stream', ws.cause ? 'blocked' : 'open', ws.cause);
    if (ws.cause) tell('delay', 'unknown');
    else tell('delay', ws.ms < slowMs ? 'open' : 'poor', ws.ms < slowMs ? '' : 'slow', `${Math.round(ws.ms)} ms`);
    const second = await page(); // the first one paid for the connection
    if (!second.now) tell('clock', 'unknown');
    else {
      const skew = Date.now() - second.took / 2 - second.now;
      const good = Math.abs(skew) < skewMs;
      tell('clock', good ? 'open' : 'blocked', good ? '' : 'skew', `${skew < 0 ? '−' : '+'}${(Math.abs(skew) / 1000).toFixed(1)} s`);
    }
  }
  const fine = verdicts.every((v) => v === 'open');
  document.querySelector('#status [data-for]').hidden = !fine;
  document.documentElement.dataset.status = fine ? 'fine' : 'blocked';
}

for (const td of document.querySelectorAll('td[data-text]')) td.textContent = td.dataset.text.replaceAll('{host}', host).replaceAll('{port}', port);
document.getElementById('agent').textContent = navigator.userAgent;
document.getElementById('again').addEventListener('click', go);
document.getElementById('print').addEventListener('click', () => print());
go();
