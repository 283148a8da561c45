import type { Step } from '../aws/desk';

// Diff shows what a step changes: each field as it is, and as it would be.
// Where there is no way back nothing is known of what was, and only what is asked
// for is shown.
export function Diff({ step }: { step: Step }) {
  const to = flat(step.Input);
  const from = step.UndoInput ? flat(step.UndoInput) : undefined;
  const rows = [...to].filter(([name, value]) => !/^was\b/.test(name) && (!from || from.get(name) !== value));
  return (
    <dl className="diff">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name.replace(/^want\./, '')}</dt>
          <dd>{from?.has(name) && <><del>{from.get(name)}</del> → </>}<ins>{value}</ins></dd>
        </div>
      ))}
    </dl>
  );
}

// flat is every field of a JSON text by its path.
function flat(json?: string): Map<string, string> {
  const out = new Map<string, string>();
  const walk = (path: string, v: unknown) => {
    if (v !== null && typeof v === 'object') {
      for (const [k, below] of Object.entries(v)) walk(path ? `${path}.${k}` : k, below);
    } else if (path) {
      out.set(path, String(v));
    }
  };
  try {
    walk('', JSON.parse(json ?? '{}'));
  } catch { /* shown as nothing */ }
  return out;
}
