import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

// licences writes licences.txt: the texts of the packages of which something is
// in the build, as each of them asks for.
export function licences() {
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const packages = new Map();
      for (const chunk of Object.values(bundle)) {
        for (const file of Object.keys(chunk.modules ?? {})) {
          const home = packageOf(file);
          if (home) packages.set(home, true);
        }
      }
      const texts = [...packages.keys()].map(text).sort();
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts.join('\n\n') });
    },
  };
}

// packageOf is the folder of the npm package that a file belongs to.
function packageOf(file) {
  const path = file.replace(/^\0/, '').replace(/\?.*$/, '');
  if (!path.includes('/node_modules/')) return undefined;
  for (let dir = dirname(path); dir.includes('/node_modules/'); dir = dirname(dir)) {
    const manifest = join(dir, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version) return dir;
  }
  return undefined;
}

function text(dir) {
  const { name, version, license } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
  const files = readdirSync(dir).filter((f) => /^(licen[cs]e|notice)/i.test(f)).sort();
  const words = files.map((f) => readFileSync(join(dir, f), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...words].join('\n\n');
}
