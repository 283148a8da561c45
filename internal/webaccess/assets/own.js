// What a person may have done to their own desktop, and what will happen to it
// by itself: the banner and the menu of both pages. Sentences are in the page;
// {when} and {minutes} stand in them for what is filled in here.
const mine = '/_tamachi/desktop/mine';
const soonMs = 15 * 60 * 1000;

const post = (path) => fetch(path, { method: 'POST', cache: 'no-store', signal: AbortSignal.timeout(30000) });
export const clock = (ms) => new Date(ms).toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' });

export function fill(node, values) {
  node.textContent = node.dataset.text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// wish has something done, or chosen; it tells whether it was.
export async function wish(id, what, to = '') {
  try { return (await post(`${mine}/${id}/${what}${to && `?to=${encodeURIComponent(to)}`}`)).ok; } catch { return false; }
}

// offers shows a list for each thing that a person may choose for their desktop.
export function offers(node, desktop, changed, refused) {
  const given = desktop?.offers ?? [];
  const shown = JSON.stringify(given);
  if (node.dataset.shown === shown) return; // somebody may be choosing
  node.dataset.shown = shown;
  node.replaceChildren(...given.map(({ what, now, others }) => {
    const label = document.getElementById('choice').content.cloneNode(true).firstElementChild;
    const list = label.querySelector('select');
    const named = (c) => c.text ?? label.dataset[c.value.toLowerCase()] ?? c.value;
    label.querySelector(`[data-for="${what}"]`).hidden = false;
    list.dataset.choice = what;
    list.replaceChildren(...[now, ...others].map((c) => new Option(named(c), c.value)));
    list.addEventListener('change', async () => {
      const to = others.find((c) => c.value === list.value);
      list.value = now.value; // until it is so
      if (!to || !await sure('change', { to: named(to) })) return;
      if (await wish(desktop.id, what, to.value)) changed(); else refused();
    });
    return label;
  }));
}

// sure asks the person, where something is lost.
export function sure(what, values) {
  const dialog = document.getElementById(`sure-${what}`);
  if (values) fill(dialog.querySelector('[data-text]'), values);
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
    dialog.returnValue = '';
    dialog.showModal();
  });
}

export class Own {
  constructor(id, changed) {
    this.id = id;
    this.banner = document.getElementById('banner');
    for (const what of ['restart', 'rebuild']) {
      document.getElementById(what).addEventListener('click', async () => {
        if (await sure(what) && await wish(id, what)) changed();
      });
    }
    document.getElementById('extend').addEventListener('click', async () => {
      await wish(id, 'extend');
      this.refresh();
    });
    document.getElementById('start').addEventListener('click', async () => {
      if (await this.enter()) changed();
    });
  }

  // refresh asks what may be done; nobody who is not signed in may anything.
  async refresh() {
    if (!this.signed) return;
    let desktop;
    try {
      const answer = await fetch(mine, { cache: 'no-store', signal: AbortSignal.timeout(8000) });
      if (answer.ok) desktop = (await answer.json()).desktops.find((d) => d.id === this.id);
    } catch { /* the next time */ }
    for (const what of ['restart', 'rebuild']) {
      document.getElementById(what).hidden = !desktop?.may.includes(what);
    }
    const choices = document.getElementById('choices');
    choices.hidden = !desktop?.offers;
    offers(choices.querySelector('.choices'), desktop, () => this.refresh(), () => this.refresh());
    document.getElementById('start').hidden = desktop?.state !== 'STOPPED';
    this.stops(desktop);
  }

  stops(desktop) {
    const node = document.getElementById('stops');
    node.hidden = !desktop?.stopsAt;
    if (desktop?.stopsAt) fill(node, { when: clock(desktop.stopsAt), minutes: desktop.minutes });
    document.getElementById('extend').hidden = !desktop?.may.includes('extend');
    this.show();
  }

  // ends tells when the session ends, once that is near.
  ends(at) {
    const node = document.getElementById('ends');
    node.hidden = !at || at - Date.now() > soonMs;
    if (!node.hidden) fill(node, { when: clock(at) });
    this.show();
  }

  // watched tells who looks at this desktop for support, and who records it.
  watched({ watched, recorded }) {
    this.names('watched', watched);
    this.names('recorded', recorded);
    this.show();
  }

  names(id, names = []) {
    const node = document.getElementById(id);
    node.hidden = names.length === 0;
    if (names.length > 0) fill(node, { who: names.join(', ') });
  }

  show() {
    this.banner.hidden = [...this.banner.children].every((c) => c.hidden);
  }

  // enter gets a session of the desktop for who is signed in, which starts it
  // when it is stopped; at most once in some seconds.
  async enter() {
    if (Date.now() - (this.entered ?? 0) < 5000) return false;
    this.entered = Date.now();
    try { return (await post(`${mine}/${this.id}`)).ok; } catch { return false; }
  }
}
