// The page of a recording: asks the plane for its index and its chunks.
import { show, tell } from './player.js';

async function begin() {
  let answer;
  try { answer = await fetch('index', { cache: 'no-store' }); } catch { return tell('away'); }
  if (answer.status === 401) return tell('over');
  if (answer.status === 404) return tell((await answer.text()).includes('deleted') ? 'gone' : 'empty');
  if (!answer.ok) return tell('away');
  const index = await answer.json();
  if (index.chunks.length === 0) return tell('empty');
  window.film = show(index, async (n) => {
    const some = await fetch(`chunks/${n}`, { cache: 'no-store' });
    if (!some.ok) { tell(some.status === 401 ? 'over' : 'away'); throw new Error(`chunk ${n}: ${some.status}`); }
    const bytes = new Uint8Array(await some.arrayBuffer());
    const view = new DataView(bytes.buffer);
    const list = [];
    for (let at = 0; at < bytes.length;) {
      const size = view.getUint32(at);
      list.push(bytes.subarray(at + 4, at + 4 + size));
      at += 4 + size;
    }
    return list;
  });
}
begin();
