// The keyboard of a phone, and an input method for Japanese, do not send keys:
// they edit a text field. This turns the edits of a hidden field into key
// presses (X11 keysyms, RFC 6143 section 7.5.4): what was added is typed, what
// was removed is erased. With a real keyboard, keys that are no text (arrows,
// Ctrl+C) are sent as such.
import { getKeysym } from '../novnc/core/input/util.js';

const filler = '_'.repeat(40); // something to erase, or Backspace makes no event

const keysymOf = (char) => {
  const code = char.codePointAt(0);
  if (char === '\n') return 0xff0d;
  if (char === '\t') return 0xff09;
  return code < 0x100 ? code : 0x01000000 + code;
};

const modifiers = { ctrlKey: 0xffe3, altKey: 0xffe9, shiftKey: 0xffe1, metaKey: 0xffeb };

export class Keys {
  constructor(field, press) {
    this.field = field;
    this.press = press;
    this.composes = false; // an input method is used on purpose
    this.composing = false; // it is in the middle of a word
    this.reset();
    field.addEventListener('keydown', (e) => this.key(e));
    field.addEventListener('compositionstart', () => { this.composing = true; });
    field.addEventListener('compositionend', () => { this.composing = false; this.read(); });
    field.addEventListener('input', () => { if (!this.composing) this.read(); });
  }

  open() {
    this.reset();
    this.field.focus();
  }

  // key sends what is no text; text, and what an input method takes, comes by
  // the field.
  key(e) {
    if (!this.composes || this.composing || e.isComposing || e.keyCode === 229) return;
    const command = e.ctrlKey || e.altKey || e.metaKey;
    if ([...e.key].length === 1 && !command) return;
    const keysym = getKeysym(e);
    if (!keysym || ['Control', 'Alt', 'Shift', 'Meta', 'Process'].includes(e.key)) return;
    e.preventDefault();
    const held = Object.keys(modifiers).filter((name) => e[name]);
    for (const name of held) this.press(modifiers[name], null, true);
    this.press(keysym, e.code);
    for (const name of held.reverse()) this.press(modifiers[name], null, false);
  }

  reset() {
    this.field.value = filler;
    this.last = filler;
    this.field.setSelectionRange?.(filler.length, filler.length);
  }

  read() {
    const now = this.field.value;
    let same = 0;
    while (same < now.length && same < this.last.length && now[same] === this.last[same]) same++;
    for (let i = same; i < this.last.length; i++) this.press(0xff08, 'Backspace');
    for (const char of now.slice(same)) this.press(keysymOf(char));
    this.last = now;
    if (now.length < 10 || now.length > 200) this.reset();
  }
}
