// What the desktop plays, by a WebSocket of its own: pieces of 16-bit samples,
// two channels, 48,000 a second. They are played as they come. A piece that is
// too late is left out, so that sound never lags behind the picture.
const rate = 48000;
const lead = 0.08; // seconds between a piece's arrival and its turn, for a network that trembles
const longest = 0.4; // of what waits for its turn
const muted = 'tamachi-muted';
const retryMs = 3000;

export class Sound {
  constructor(button) {
    this.button = button;
    try { this.off = localStorage.getItem(muted) === '1'; } catch { this.off = false; }
    button.addEventListener('click', () => this.toggle());
    // Browsers play nothing before a person has touched the page.
    for (const touch of ['pointerdown', 'keydown']) window.addEventListener(touch, () => this.wake(), { capture: true });
  }

  may(heard) {
    this.allowed = heard;
    if (!heard) this.close();
    this.show();
  }

  show() {
    const state = this.off ? 'off' : this.speaker?.state === 'running' ? 'on' : 'blocked';
    this.button.hidden = !this.allowed;
    this.button.title = this.button.dataset[state];
    this.button.dataset.state = state;
    this.button.setAttribute('aria-pressed', String(state === 'on'));
  }

  wake() {
    if (this.off || !this.socket) return;
    this.speaker ??= this.make();
    if (this.speaker.state === 'suspended') this.speaker.resume().then(() => this.show(), () => {});
  }

  make() {
    const speaker = new AudioContext({ sampleRate: rate, latencyHint: 'interactive' });
    this.out = speaker.createGain();
    this.out.connect(speaker.destination);
    this.turn = 0;
    speaker.addEventListener('statechange', () => this.show());
    return speaker;
  }

  toggle() {
    if (!this.off && this.speaker?.state !== 'running' && this.socket) return this.wake();
    this.off = !this.off;
    try { localStorage.setItem(muted, this.off ? '1' : ''); } catch { /* private browsing */ }
    if (this.off) this.close();
    else { this.open(); this.wake(); }
    this.show();
  }

  open() {
    this.wanted = true;
    if (this.off || !this.allowed || this.socket) return;
    const url = new URL('sound', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url.href);
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', (e) => this.play(e.data));
    socket.addEventListener('close', () => {
      if (this.socket !== socket) return;
      this.socket = null;
      setTimeout(() => { if (this.wanted) this.open(); }, retryMs);
    });
    this.socket = socket;
  }

  close() {
    this.wanted = false;
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  play(data) {
    if (this.speaker?.state !== 'running') return; // it would be late
    const now = this.speaker.currentTime;
    if (this.turn < now) this.turn = now + lead;
    if (this.turn > now + longest) return;
    const samples = new Int16Array(data);
    const piece = this.speaker.createBuffer(2, samples.length / 2, rate);
    for (const side of [0, 1]) {
      const to = piece.getChannelData(side);
      for (let i = 0; i < to.length; i++) to[i] = samples[2 * i + side] / 32768;
    }
    const source = this.speaker.createBufferSource();
    source.buffer = piece;
    source.connect(this.out);
    source.start(this.turn);
    this.turn += piece.duration;
  }
}
