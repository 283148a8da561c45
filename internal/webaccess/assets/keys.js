// The keyboard of a phone does not send keys, it edits a text field. This turns
// the edits of a hidden field into key presses (X11 keysyms, RFC 6143 section
// 7.5.4): what was added is typed, what was removed is erased.
const filler = '_'.repeat(40); // something to erase, or Backspace makes no event

const keysymOf = (char) => {
  const code = char.codePointAt(0);
  if (char === '\n') return 0xff0d;
  if (char === '\t') return 0xff09;
  return code < 0x100 ? code : 0x01000000 + code;
};

export class Keys {
  constructor(field, press) {
    this.field = field;
    this.press = press;
    this.composing = false;
    this.reset();
    field.addEventListener('compositionstart', () => { this.composing = true; });
    field.addEventListener('compositionend', () => { this.composing = false; this.read(); });
    field.addEventListener('input', () => { if (!this.composing) this.read(); });
  }

  open() {
    this.reset();
    this.field.focus();
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
