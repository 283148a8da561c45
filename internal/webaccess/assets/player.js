// Plays a recording: draws the pictures of a display (RFC 6143, Raw, CopyRect,
// DesktopSize) at their times. It is used by the page of a recording and goes
// into exported files, so it needs nothing else.
const el = (id) => document.getElementById(id);
const stillMs = 2000; // longer than this nothing moves: it may be skipped
const aheadMs = 5000; // how far chunks are loaded before they are needed

export function tell(status) {
  document.documentElement.dataset.status = status;
  for (const span of document.querySelectorAll('#status [data-for]')) span.hidden = span.dataset.for !== status;
}

const clock = (ms) => {
  const s = Math.floor(ms / 1000);
  const two = (n) => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600);
  return `${h ? `${h}:${two(Math.floor(s / 60) % 60)}` : Math.floor(s / 60)}:${two(s % 60)}`;
};

async function messages(packed) {
  const plain = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).arrayBuffer();
  const view = new DataView(plain);
  const list = [];
  for (let at = 0; at + 8 <= plain.byteLength;) {
    const size = view.getUint32(at + 4);
    list.push({ at: view.getUint32(at), data: plain.slice(at + 8, at + 8 + size) });
    at += 8 + size;
  }
  return list;
}

export class Player {
  // load(n) gives some packed chunks from the nth on.
  constructor(canvas, chunks, load, changed) {
    Object.assign(this, { canvas, chunks, load, changed, at: 0, speed: 1, playing: false, skip: true, queue: [], next: 0, turn: 0 });
    this.pen = canvas.getContext('2d', { alpha: false });
    this.end = chunks.at(-1)[2];
  }

  draw(data) {
    const view = new DataView(data);
    let at = 4;
    for (let n = view.getUint16(2); n > 0; n--) {
      const [x, y, w, h] = [0, 2, 4, 6].map((i) => view.getUint16(at + i));
      const code = view.getInt32(at + 8);
      at += 12;
      if (code === 0 && w && h) {
        const words = new Uint32Array(data.slice(at, at + w * h * 4));
        for (let i = 0; i < words.length; i++) words[i] |= 0xff000000;
        this.pen.putImageData(new ImageData(new Uint8ClampedArray(words.buffer), w, h), x, y);
        at += w * h * 4;
      } else if (code === 1) {
        this.pen.drawImage(this.canvas, view.getUint16(at), view.getUint16(at + 2), w, h, x, y, w, h);
        at += 4;
      } else if (code === -223) {
        if (this.canvas.width !== w || this.canvas.height !== h) Object.assign(this.canvas, { width: w, height: h });
      } else if (code === -224) return;
    }
  }

  // fill loads chunks until there is enough to go on with.
  async fill() {
    const turn = this.turn;
    if (this.filling === turn) return;
    this.filling = turn;
    try {
      while (turn === this.turn && this.next < this.chunks.length && (this.queue.at(-1)?.at ?? -1) < this.at + aheadMs * this.speed) {
        const some = await this.load(this.next);
        const read = [];
        for (const packed of some) read.push(...await messages(packed));
        if (turn !== this.turn) return;
        this.queue.push(...read);
        this.next += some.length;
      }
    } finally {
      if (this.filling === turn) this.filling = -1;
    }
  }

  // seek goes to a moment: to the key before it, and on from there.
  async seek(ms) {
    const turn = ++this.turn;
    this.seeking = true;
    this.queue = [];
    this.at = Math.max(0, Math.min(ms, this.end));
    this.next = 0;
    for (let i = 0; i < this.chunks.length && this.chunks[i][1] <= this.at; i++) if (this.chunks[i][0]) this.next = i;
    if (this.chunks[this.next][1] > this.at) this.at = this.chunks[this.next][1]; // there is nothing before
    await this.fill();
    if (turn !== this.turn) return;
    this.seeking = false;
    this.paint();
  }

  paint() {
    while (this.queue.length && this.queue[0].at <= this.at) this.draw(this.queue.shift().data);
    this.changed(this);
  }

  step(now) {
    if (!this.playing) return;
    const took = Math.min(now - (this.last ?? now), 1000);
    this.last = now;
    const dry = this.queue.length === 0 && this.next < this.chunks.length;
    if (!this.seeking && !dry) {
      this.at += took * this.speed;
      if (this.skip && this.queue.length && this.queue[0].at - this.at > stillMs) this.at = this.queue[0].at - stillMs / 4;
      if (this.queue.length === 0 || this.at >= this.end) { this.at = this.end; this.playing = false; }
      this.paint();
    }
    this.fill().catch(() => { this.playing = false; this.changed(this); });
    requestAnimationFrame((t) => this.step(t));
  }

  async play() {
    if (this.playing) return;
    if (this.at >= this.end) await this.seek(0);
    this.playing = true;
    this.last = undefined;
    requestAnimationFrame((t) => this.step(t));
    this.changed(this);
  }

  pause() { this.playing = false; this.changed(this); }
}

// show makes the page's controls work on a recording.
export function show(index, load) {
  const place = el('place');
  const facts = el('facts');
  const values = { desktop: index.desktop, user: index.user || '–', by: index.by.split(/[/:]/).at(-1), when: new Date(index.start).toLocaleString(document.documentElement.lang) };
  facts.textContent = facts.dataset.text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  el('live').hidden = !index.live;
  let held = false;
  const film = new Player(el('film'), index.chunks, load, (p) => {
    el('play').textContent = p.playing ? el('play').dataset.pause : el('play').dataset.play;
    if (!held) place.value = p.at;
    el('time').textContent = `${clock(p.at)} / ${clock(p.end)}`;
  });
  place.max = film.end;
  el('play').addEventListener('click', () => (film.playing ? film.pause() : film.play()));
  place.addEventListener('input', () => { held = true; film.seek(Number(place.value)); });
  place.addEventListener('change', () => { held = false; });
  el('speed').addEventListener('change', (e) => { film.speed = Number(e.target.value); });
  el('idle').addEventListener('change', (e) => { film.skip = e.target.checked; });
  film.seek(0).then(() => tell('ready'), () => tell('away'));
  return film;
}
