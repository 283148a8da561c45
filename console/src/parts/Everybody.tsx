import Link from '@cloudscape-design/components/link';
import { said, type Step } from '../aws/desk';
import { useText } from '../text';
import { List } from './List';
import type { Live } from './live';
import { follow, href } from './route';
import { State } from './State';

// Somebody is a person of a plan, and how far it is with them.
interface Somebody { who: string; state: string; steps: Step[] }

// worst is the state of somebody by those of their steps: what went wrong before
// what is on its way, and done only when all is.
const order = ['FAILED', 'KEPT', 'SKIPPED', 'UNDOING', 'UNDONE', 'BEGUN', 'ASKED', 'WAITING', 'DONE'];

function everybody(steps: Step[]): Somebody[] {
  const all = new Map<string, Step[]>();
  for (const s of steps) all.set(s.Owner ?? s.Resource, [...all.get(s.Owner ?? s.Resource) ?? [], s]);
  return [...all].map(([who, of]) => {
    const states = of.map((s) => s.State || 'WAITING');
    const state = order.find((o) => states.includes(o)) ?? 'WAITING';
    return { who, steps: of, state: state === 'WAITING' && states.includes('DONE') ? 'BEGUN' : state };
  });
}

// Everybody shows a plan by the people whom it is about.
export function Everybody({ of, live }: { of: Step[]; live: Live<unknown> }) {
  const t = useText();
  return (
    <List
      live={{ data: everybody(of), error: live.error, refresh: live.refresh }} head={t.feed.people} sub id="who" search={t.feed.search} none={t.desk.noSteps}
      choices={[{ name: 'person', label: t.desk.state, any: t.desk.anyState, of: (p) => p.state, say: (v) => t.desk.progresses[v] ?? v }]}
      columns={[
        { id: 'who', header: t.desk.forWhom, isRowHeader: true, cell: (p) => <Link href={href(`desktops?q=${encodeURIComponent(p.who)}`)} onFollow={follow}>{p.who}</Link> },
        { id: 'state', header: t.desk.state, cell: (p) => <State is={p.state} say={t.desk.progresses} /> },
        { id: 'what', header: t.desk.what, cell: (p) => <ul className="lines">{p.steps.map((s) => <li key={s.Number}>{said(s.What)}{s.State && s.State !== 'DONE' && s.Note ? ` – ${s.Note}` : ''}</li>)}</ul> },
      ]}
    />
  );
}
