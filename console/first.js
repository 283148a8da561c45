const frame = ['/src/Desk.tsx', '/src/pages/Home.tsx'];
const entry = '/src/main.tsx';

// reach adds to a set what modules import without waiting, and what those do.
function reach(id, infoOf, into) {
  if (into.has(id)) return into;
  into.add(id);
  for (const next of infoOf(id)?.importedIds ?? []) reach(next, infoOf, into);
  return into;
}

// first puts what the frame and home need into one file: fewer requests, and
// each can be asked for by the page itself.
export function first(root) {
  let chosen;
  return (id, context) => {
    if (!chosen) {
      const infoOf = (m) => context.getModuleInfo(m);
      const there = reach(root + entry, infoOf, new Set());
      chosen = new Set();
      for (const f of frame) reach(root + f, infoOf, chosen);
      for (const i of there) chosen.delete(i);
    }
    return chosen.has(id) ? 'first' : null;
  };
}

// needed are the files of the frame and home, with what these import.
function needed(bundle) {
  const all = new Set();
  const take = (file) => {
    if (all.has(file) || !bundle[file]) return;
    all.add(file);
    for (const next of bundle[file].imports ?? []) take(next);
  };
  for (const c of Object.values(bundle)) if (frame.some((f) => c.facadeModuleId?.endsWith(f))) take(c.fileName);
  return all;
}

// preloads has the page ask for those files while the entry is still on its way.
export function preloads() {
  return {
    name: 'preloads',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const scripts = [...needed(bundle)].filter((f) => !html.includes(f));
        return [...scripts, ...Object.keys(bundle).filter((f) => /\/first-[^/]*\.css$/.test(f))].map((f) => ({
          tag: 'link', injectTo: 'head',
          attrs: f.endsWith('.js') ? { rel: 'modulepreload', crossorigin: true, href: `/_tamachi/console/${f}` } : { rel: 'preload', as: 'style', crossorigin: true, href: `/_tamachi/console/${f}` },
        }));
      },
    },
  };
}
