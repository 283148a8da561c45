import type { ReactNode } from 'react';
import Badge from '@cloudscape-design/components/badge';
import Link from '@cloudscape-design/components/link';
import { follow, href } from './route';

// Names are pages by the words that mean them: users, alarms.
export type Names = Map<string, string>;

const events = /^(?:Add|Associate|Attach|Authorize|Cancel|Copy|Create|Delete|Deregister|Detach|Disable|Disassociate|Enable|Import|Migrate|Modify|Put|Reboot|Rebuild|Register|Remove|Replace|Reset|Restore|Revoke|Send|Set|Start|Stop|Terminate|Update)[A-Z]\w+$/;

// pageOf is where a word leads, if anywhere.
function pageOf(word: string, names: Names): string | undefined {
  if (/^ws-[0-9a-z]{8,}$/.test(word)) return `desktops/${word}`;
  if (/^p-[0-9a-f]{10}$/.test(word)) return `plans/${word}`;
  if (/^a-[0-9a-f]{10}$/.test(word)) return `approvals?request=${word}`;
  if (/^mi-[0-9a-f]{17}$/.test(word)) return `nodes/${word}`;
  return names.get(word) ?? (events.test(word) ? `events?by=EventName&value=${word}&hours=168` : undefined);
}

// linked makes links of the words that lead somewhere.
function linked(text: string, names: Names): ReactNode[] {
  return text.split(/([A-Za-z0-9][A-Za-z0-9._/@-]*[A-Za-z0-9])/).map((word, i) => {
    const to = i % 2 ? pageOf(word, names) : undefined;
    return to ? <Link key={i} href={href(to)} onFollow={follow}>{word}</Link> : word;
  });
}

const command = /(?:^|: )((?:aws|tamachi) [a-z].*)$/;
const stops = new Set(['NO', '不可', 'STOP', '停止']); // the verdicts of diagnoses
const drawn = /[▁▂▃▄▅▆▇█]/;

// Said is what a duty says at a terminal: what it found, each with its evidence
// below it. Columns become words, since a phone has no room for them.
export function Said({ text, names = new Map() }: { text: string; names?: Names }) {
  return (
    <div className="said">
      {blocks(text).map((b, i) => (
        <section key={i}>
          {b.head && <Line text={b.head} names={names} head={b.rest.length > 0} />}
          {b.rest.length > 0 && <ul>{b.rest.map((l, j) => <li key={j}><Line text={l} names={names} /></li>)}</ul>}
        </section>
      ))}
    </div>
  );
}

// blocks are lines at the margin, each with those that are set in below it; what
// is set in further goes on with the line before.
export function blocks(text: string): { head: string; rest: string[] }[] {
  const out: { head: string; rest: string[] }[] = [];
  for (const line of text.split('\n')) {
    const last = out.at(-1);
    if (!line.trim()) continue;
    if (!/^\s/.test(line) || !last) out.push({ head: line.trim(), rest: [] });
    else if (/^ {4}/.test(line) && last.rest.length && !drawn.test(line)) last.rest.push(`${last.rest.pop()} ${line.trim()}`);
    else last.rest.push(line.trim());
  }
  return out;
}

function Line({ text, names, head }: { text: string; names: Names; head?: boolean }) {
  if (drawn.test(text)) return <pre className="cli">{text}</pre>;
  const [, line] = command.exec(text) ?? [];
  if (line) return <>{linked(text.slice(0, text.length - line.length), names)}<pre className="cli">{line}</pre></>;
  const cells = text.split(/\s{2,}/);
  if (head && cells.length === 1) return <b>{linked(text, names)}</b>;
  return <>{cells.map((c, i) => <span key={i} className={cells.length > 1 && i === 0 ? 'first' : undefined}>{cells.length > 1 && stops.has(c) ? <Badge color="red">{c}</Badge> : linked(c, names)} </span>)}</>;
}

const nearest = /(?:closest is|did you mean|近い名前[は:]) ([^;?。\n]+)/;

// meant are the names that a duty takes for the ones that were meant.
export const meant = (text: string): string[] => nearest.exec(text)?.[1]?.split(', ').map((n) => n.trim()).filter(Boolean) ?? [];
