// Drives a real browser for the Go package in this folder. Reads one JSON order
// a line on standard input, carries it out, answers with one JSON line. Ends
// when the input ends. Started as: node driver.mjs '{"chromium":…,"profile":…}'
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const given = JSON.parse(process.argv[2]);
const context = await chromium.launchPersistentContext(given.profile, {
  executablePath: given.chromium,
  headless: true,
  locale: given.locale,
  viewport: { width: given.width, height: given.height },
  ignoreHTTPSErrors: given.insecure,
  isMobile: given.phone,
  hasTouch: given.phone,
  permissions: given.clipboard ? ['clipboard-read', 'clipboard-write'] : [],
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = context.pages()[0] ?? await context.newPage();
page.setDefaultTimeout(given.timeout);
const complaints = [];
let work; // a session that counts the page's work
page.on('pageerror', (e) => complaints.push(String(e)));
page.on('console', (m) => { if (m.type() === 'error') complaints.push(m.text()); });

// A sum over the canvas that changes when a pixel does, and whether there is
// more than one colour on it.
const look = () => {
  const c = document.querySelector('#screen canvas');
  if (!c || !c.width || !c.height) return null;
  const words = new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer);
  let sum = 0;
  let colours = 1;
  for (let i = 0; i < words.length; i++) {
    sum = (Math.imul(sum, 31) + words[i]) | 0;
    if (words[i] !== words[0]) colours = 2;
  }
  return { sum, colours, width: c.width, height: c.height };
};
// Waits for the next key, and then for the first drawing onto the canvas that
// changes a pixel there.
const wait = (ms) => {
  const pen = document.querySelector('#screen canvas').getContext('2d');
  window.__changed = new Promise((resolve, reject) => {
    let pressed;
    setTimeout(() => reject(new Error('no pixel changed')), ms);
    addEventListener('keydown', (e) => { pressed = e.timeStamp; }, { capture: true, once: true });
    pen.drawImage = (...given) => {
      const place = given.slice(-4);
      const words = () => new Uint32Array(pen.getImageData(...place).data.buffer);
      const was = pressed && words();
      CanvasRenderingContext2D.prototype.drawImage.apply(pen, given);
      const now = performance.now();
      if (!was || words().every((word, i) => word === was[i])) return;
      delete pen.drawImage;
      const frame = new MessageChannel(); // its message comes when the frame is made
      frame.port1.onmessage = () => resolve({ drawn_ms: now - pressed, echo_ms: performance.now() - pressed });
      requestAnimationFrame(() => frame.port2.postMessage(0));
    };
  });
};
await page.addInitScript(`window.__look = ${look}; window.__await = ${wait}`);

const orders = {
  async open({ url }) {
    const response = await page.goto(url, { waitUntil: 'commit' });
    return { status: response?.status() ?? 0, url: page.url() };
  },
  async status({ is }) {
    await page.waitForSelector(`html[data-status="${is}"]`);
    return { text: await page.locator(`#status [data-for="${is}"]`).innerText() };
  },
  async pixels() {
    const seen = await page.waitForFunction(() => { const s = window.__look(); return s && s.colours > 1 && s; }, null, { polling: 'raf' });
    return seen.jsonValue();
  },
  // Presses one key and waits until the screen is another: the key's way through
  // page, plane and desktop and the picture's way back. The page counts, from the
  // key's event to where noVNC has drawn the change, and to the end of the frame
  // that shows it.
  async echo({ key }) {
    await page.evaluate((ms) => window.__await(ms), given.timeout);
    await page.keyboard.press(key);
    return page.evaluate(() => window.__changed);
  },
  async type({ text }) { await page.keyboard.type(text, { delay: 5 }); return {}; },
  // Clicks at a place of the screen, counted from its upper left corner.
  async tap({ x, y }) { await page.locator('#screen canvas').click({ position: { x, y } }); return {}; },
  // Writes a word as an input method does: its reading first, then the word.
  async compose({ text, is }) {
    const cdp = await context.newCDPSession(page);
    await cdp.send('Input.imeSetComposition', { text: is, selectionStart: is.length, selectionEnd: is.length });
    await cdp.send('Input.insertText', { text });
    await cdp.detach();
    return {};
  },
  async press({ key }) { await page.keyboard.press(key); return {}; },
  async click({ selector }) { await page.click(selector); return {}; },
  async fill({ selector, text }) { await page.fill(selector, text); return {}; },
  async choose({ selector, text }) { await page.selectOption(selector, text); return {}; },
  async value({ selector, is }) {
    await page.waitForFunction(([s, v]) => document.querySelector(s).value === v, [selector, is]);
    return {};
  },
  async resize({ width, height }) { await page.setViewportSize({ width, height }); return {}; },
  async size({ width, height }) {
    await page.waitForFunction(([w, h]) => { const s = window.__look(); return s && s.width === w && s.height === h; }, [width, height], { polling: 'raf' });
    return {};
  },
  async shown({ selector }) { await page.waitForSelector(selector); return {}; },
  async text({ selector }) { return { text: await page.innerText(selector) }; },
  // Waits until a page's own expression holds.
  async holds({ text }) {
    const late = performance.now() + given.timeout;
    while (!await page.evaluate(`(async () => ${text})()`)) {
      if (performance.now() > late) throw new Error(`waited in vain: ${text}`);
      await new Promise((go) => setTimeout(go, 50));
    }
    return {};
  },
  async lang() { return { text: await page.getAttribute('html', 'lang') }; },
  // How large the desktop may be in this window, as noVNC asks for it.
  async screen() {
    return page.evaluate(() => {
      const r = document.querySelector('#screen').getBoundingClientRect();
      return { width: Math.floor(r.width), height: Math.floor(r.height) };
    });
  },
  async shot({ path }) { await page.screenshot({ path }); return {}; },
  // What axe-core finds wrong with the page for people who do not see it, or use
  // no mouse: by the rules of WCAG 2.1 A and AA, and good practice.
  async axe() {
    if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(readFileSync('node_modules/axe-core/axe.min.js', 'utf8'));
    // What fades in is looked at as it will be; a spinner has no end.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const { violations } = await page.evaluate(() => {
      for (const a of document.getAnimations()) if (a.effect.getComputedTiming().endTime !== Infinity) a.finish();
      return window.axe.run(document, { resultTypes: ['violations'], elementRef: false });
    });
    const wrong = violations.map((v) => ({ ...v, nodes: v.nodes.filter((n) => !theirs(v, n)) })).filter((v) => v.nodes.length);
    return { list: wrong.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 4).map((n) => `${n.target} ${n.html.slice(0, 160)}`).join(' | ')}`) };
  },
  // How many milliseconds the page's main thread has worked since: begun before a
  // page is opened.
  async work({ is }) {
    if (is === 'begin') {
      work = await context.newCDPSession(page);
      await work.send('Performance.enable', { timeDomain: 'threadTicks' });
      return {};
    }
    const { metrics } = await work.send('Performance.getMetrics');
    return { text: String(1000 * metrics.find((m) => m.name === 'TaskDuration').value) };
  },
  async complaints() { return { list: complaints.splice(0) }; },
};

// theirs is what Cloudscape itself puts into the page of a phone.
const theirs = (violation, node) => violation.id === 'aria-allowed-attr' && /^<nav [^>]*aria-orientation/.test(node.html);

const answer = (a) => process.stdout.write(`${JSON.stringify(a)}\n`);
answer({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  const start = performance.now();
  try {
    answer({ ...await orders[order.do](order), ms: performance.now() - start });
  } catch (e) {
    answer({ error: String(e.message ?? e), at: await page.getAttribute('html', 'data-status').catch(() => null) });
  }
}
await context.close();
