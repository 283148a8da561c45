// What this device's microphone hears, by a WebSocket of its own, while the
// button is pressed in: 16-bit samples, one channel, 48,000 a second. It is off
// whenever the page begins, and each time the desktop is lost. Browsers give a
// microphone to pages over TLS and on localhost alone.
const behind = 5 * 1920; // bytes that wait for a slow network: 100 ms

export class Microphone {
  constructor(button) {
    this.button = button;
    this.state = 'off';
    button.addEventListener('click', () => (this.state === 'on' ? this.close() : this.open()));
  }

  may(heard) {
    this.allowed = heard && !!navigator.mediaDevices?.getUserMedia;
    if (!this.allowed) this.close();
    this.show(this.state);
  }

  show(state) {
    this.state = state;
    this.button.hidden = !this.allowed;
    this.button.title = this.button.dataset[state];
    this.button.dataset.state = state;
    this.button.setAttribute('aria-pressed', String(state === 'on'));
  }

  async open() {
    let device;
    try {
      device = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    } catch {
      this.show('refused');
      return;
    }
    this.close();
    const room = new AudioContext({ latencyHint: 'interactive' });
    const url = new URL('microphone', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url.href);
    this.end = () => {
      for (const track of device.getTracks()) track.stop();
      room.close();
      socket.close();
    };
    socket.addEventListener('close', () => { if (this.socket === socket) this.close(); });
    for (const track of device.getTracks()) track.addEventListener('ended', () => this.close());
    this.socket = socket;
    this.show('on');
    try { await room.audioWorklet.addModule(new URL('./ear.js', import.meta.url)); } catch { return this.close(); }
    if (this.socket !== socket) return; // pressed again meanwhile
    const ear = new AudioWorkletNode(room, 'ear', { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit' });
    ear.port.addEventListener('message', ({ data }) => {
      if (socket.readyState === WebSocket.OPEN && socket.bufferedAmount < behind) socket.send(data);
    });
    ear.port.start();
    room.createMediaStreamSource(device).connect(ear);
  }

  close() {
    this.end?.();
    this.end = this.socket = null;
    this.show('off');
  }
}
