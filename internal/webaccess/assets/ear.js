// Runs where sound is worked on: makes pieces of 20 ms of what a microphone
// hears, at the 48,000 samples a second that the desktop takes.
const piece = 960;
const step = sampleRate / 48000; // of the device, for each of ours

class Ear extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Int16Array(piece);
    this.filled = 0;
    this.at = 0; // of the next sample, counted from the last one of the block before
    this.last = 0;
  }

  process([[heard]]) {
    if (!heard) return true; // nothing is connected
    for (; this.at < heard.length; this.at += step) {
      const i = Math.floor(this.at);
      const before = i === 0 ? this.last : heard[i - 1];
      const level = before + (heard[i] - before) * (this.at - i);
      this.piece[this.filled++] = Math.max(-1, Math.min(1, level)) * 32767;
      if (this.filled < piece) continue;
      this.port.postMessage(this.piece.buffer, [this.piece.buffer]);
      this.piece = new Int16Array(piece);
      this.filled = 0;
    }
    this.at -= heard.length;
    this.last = heard[heard.length - 1];
    return true;
  }
}
registerProcessor('ear', Ear);
