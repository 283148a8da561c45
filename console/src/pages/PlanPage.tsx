import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Link from '@cloudscape-design/components/link';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { apply, plan, plans, said, type Step, type Whole } from '../aws/desk';
import { Cli } from '../parts/Cli';
import { Diff } from '../parts/Diff';
import { Everybody } from '../parts/Everybody';
import { Facts } from '../parts/Facts';
import { List } from '../parts/List';
import { useLive } from '../parts/live';
import { Plan } from '../parts/Plan';
import { follow, href, useAddress } from '../parts/route';
import { Shown } from '../parts/Shown';
import { State, when } from '../parts/State';
import { lasting, Undo } from '../parts/Undo';
import { Vote } from '../parts/Vote';
import { useText, type Text } from '../text';
import { standing } from './Plans';

const personal = ['joiner', 'mover', 'leaver'];
const often = 1_000; // while it is being applied
const fewLines = 20; // of the AWS CLI

// PlanPage is one plan: what it would change, who agreed, how far it is.
export default function PlanPage() {
  const t = useText();
  const { path } = useAddress();
  const id = path.split('/')[1] ?? '';
  const live = useLive(`plan ${id}`, () => plan(id), (d) => (d?.Plan.Running ? often : undefined));
  const [asking, setAsking] = useState(false);
  const [undoing, setUndoing] = useState(false);
  const d = live.data;
  const lasts = d && lasting(d, t);
  const hindrance = d && hindered(d, t);
  return (
    <SpaceBetween size="l">
      <BreadcrumbGroup items={[{ text: t.pages.plans, href: href('plans') }, { text: id, href: href(`plans/${id}`) }]} onFollow={follow} ariaLabel={t.trail} />
      <Header
        variant="h1" description={d?.Plan.Reason}
        actions={d && (
          <SpaceBetween direction="horizontal" size="xs">
            {d.Plan.Begun && <Button data-do="undo" disabled={!!lasts} disabledReason={lasts} onClick={() => setUndoing(true)}>{t.undo.go}</Button>}
            {d.Plan.Done !== d.Plan.Steps && <Button data-do="apply" variant="primary" disabled={!!hindrance} disabledReason={hindrance} onClick={() => setAsking(true)}>{asks(d) ? t.desk.ask : d.Plan.Begun ? t.desk.goOn : t.desk.apply}</Button>}
          </SpaceBetween>
        )}
      >{d ? `${d.Plan.Duty}: ${id}` : id}</Header>
      <Container header={<Header variant="h2">{t.desk.facts}</Header>}><Shown live={live}>{(d) => <About of={d} />}</Shown></Container>
      {d?.Request && <Vote of={d.Request} changed={live.refresh} />}
      {d?.Notes?.map((n, i) => <Alert key={i} type="info">{said(n)}</Alert>)}
      {d && personal.includes(d.Plan.Duty) && <Link href={href(`feed?duty=${d.Plan.Duty}`)} onFollow={follow}>{t.feed.again}</Link>}
      {d && personal.includes(d.Plan.Duty) && <Everybody of={d.Steps ?? []} live={live} />}
      {d && <Steps of={d.Steps ?? []} live={live} />}
      {d?.Events && (
        <Container header={<Header variant="h2">{t.desk.record}</Header>}>
          <ol className="timeline">{d.Events.map((e, i) => <li key={i}><time>{when(e.At * 1000)}</time> {t.desk.kinds[e.Kind] ?? e.Kind} {noted(e, t)} – {e.By}</li>)}</ol>
        </Container>
      )}
      <Cli commands={[`tamachi plan show ${id} --cli`, `tamachi plan apply ${id}`, ...d?.Plan.Done ? [`tamachi plan undo ${id}`] : [], ...(d?.Steps ?? []).slice(0, fewLines).flatMap((s) => s.Cli ?? [])]} />
      {undoing && d && <Undo of={d} close={() => setUndoing(false)} />}
      {asking && d && <Apply of={d} close={() => { setAsking(false); live.refresh(); }} />}
    </SpaceBetween>
  );
}

// asks tells of a plan that somebody must agree to, and nobody was asked about.
const asks = (d?: Whole) => !!d?.Approvers?.length;

// Apply asks whether it is meant, by the number of steps where volumes are
// destroyed, and begins; a plan that others must agree to, it asks them about.
function Apply({ of: d, close }: { of: Whole; close: () => void }) {
  const t = useText();
  const { PlanId: id, Steps, Done } = d.Plan;
  const open = Steps - Done;
  const [typed, setTyped] = useState('');
  const sure = asks(d) || !d.Steps?.some((s) => s.State !== 'DONE' && /Terminate|Rebuild|Restore|Migrate/.test(s.Action));
  const begin = async () => {
    try {
      await apply(id);
      return { done: open, refused: [] };
    } catch (e) {
      const { Request: r } = await plan(id);
      if (!asks(d) || r?.State !== 'PENDING') throw e;
      return { done: 0, refused: [], said: t.desk.wasAsked(r.Asked?.join(', ') ?? '') };
    }
  };
  return (
    <Plan
      head={t.desk.applyAsk(open)} loss={asks(d) ? t.desk.askHow : t.desk.applyHow} commands={[`tamachi plan apply ${id}`]} apply={begin} close={close}
      act={asks(d) ? t.desk.ask : undefined} hindrance={sure || typed.trim() === String(open) ? undefined : t.desk.confirm(open)}
    >
      <ul className="plan">{losses(d.Steps ?? []).map((l) => <li key={l}>{t.doctor.lost}: {l}</li>)}</ul>
      {!sure && <FormField label={t.desk.confirm(open)} stretch><Input name="confirm" inputMode="numeric" value={typed} onChange={(e) => setTyped(e.detail.value)} /></FormField>}
    </Plan>
  );
}

// hindered says why a plan cannot be applied here and now.
function hindered({ Plan: p, Request: r, Elsewhere }: Whole, t: Text): string | undefined {
  if (Elsewhere) return Elsewhere;
  if (p.Running) return t.desk.states.RUNNING;
  if (p.Done === p.Steps) return t.desk.states.DONE;
  if (r?.State === 'PENDING') return t.desk.waitsFor(r.Asked?.join(', ') ?? '');
  return r?.State === 'REJECTED' ? t.desk.states.REJECTED : undefined;
}

const losses = (steps: Step[]) => [...new Set(steps.map((s) => said(s.Lost)).filter(Boolean))];

function About({ of: { Plan: p, Places, Steps, Request: r, Elsewhere, Approvers, Window, OpensAt } }: { of: Whole }) {
  const t = useText();
  return (
    <SpaceBetween size="m">
      {Elsewhere && <Alert type="info">{Elsewhere}</Alert>}
      {!!Approvers?.length && <Alert type="info">{t.desk.mustAgree(Approvers.join(', '))}</Alert>}
      {OpensAt && !p.Running && <Alert type="info">{t.desk.opens(when(OpensAt * 1000))}</Alert>}
      <Facts
        of={[
          [t.desk.state, <State is={Approvers?.length ? 'UNASKED' : standing(p)} say={t.desk.states} />], [t.desk.made, when(p.MadeAt * 1000)], [t.desk.by, p.By],
          [t.desk.places, Places?.map((at) => `${at.Account} ${at.Region} ${at.Role ?? ''}`).join(', ')],
          [t.desk.request, r && <Link href={href(`approvals?request=${r.RequestId}`)} onFollow={follow}>{r.RequestId} {t.desk.states[r.State] ?? r.State}</Link>],
          [t.desk.window, Window],
          [t.desk.undoes, p.Undoes && <Link href={href(`plans/${p.Undoes}`)} onFollow={follow}>{p.Undoes}</Link>],
          [t.undo.by, p.Begun && <TakenBack id={p.PlanId} />],
        ]}
      />
      <ProgressBar
        value={p.Steps ? (100 * p.Done) / p.Steps : 100} label={t.desk.progress} additionalInfo={[t.desk.counts(p.Done, p.Steps, p.Failed), awaited(Steps ?? [], t)].filter(Boolean).join(' ')}
        status={p.Running || p.Done < p.Steps ? 'in-progress' : 'success'} resultText={t.desk.states.DONE}
      />
    </SpaceBetween>
  );
}

// noted is the note of an event in the reader's words.
function noted({ Kind, Note = '' }: { Kind: string; Note?: string }, t: Text): string {
  if (Kind === 'asked') return ''; // its kind says where
  const [, done, of] = /^(\d+) of (\d+) done$/.exec(Note) ?? [];
  return done && of ? t.desk.counts(Number(done), Number(of), 0) : Note;
}

const namedMost = 3; // of what is waited for

// awaited names what is waited for, and how the account shows it.
function awaited(steps: Step[], t: Text): string {
  const all = steps.filter((s) => s.Now).map((s) => `${s.Owner ?? s.Resource} (${s.Now?.replace(/^the desktop is /, '')})`);
  return all.length ? t.desk.awaits(all.slice(0, namedMost).join(', '), Math.max(0, all.length - namedMost)) : '';
}

// TakenBack are the plans that take this one back.
function TakenBack({ id }: { id: string }) {
  const those = useLive('plans', plans).data?.filter((p) => p.Undoes === id) ?? [];
  return those.length ? those.map((p) => <div key={p.PlanId}><Link href={href(`plans/${p.PlanId}`)} onFollow={follow}>{p.PlanId}</Link></div>) : '–';
}

function Steps({ of, live }: { of: Step[]; live: { error?: Error; refresh: () => void } }) {
  const t = useText();
  return (
    <List
      live={{ data: of, error: live.error, refresh: live.refresh }} head={t.desk.steps} sub id="Number" search={t.desk.searchSteps} none={t.desk.noSteps}
      choices={[{ name: 'step', label: t.desk.state, any: t.desk.anyState, of: (s) => s.State || 'WAITING', say: (v) => t.desk.progresses[v] ?? v }]}
      columns={[
        { id: 'n', header: t.desk.n, cell: (s) => s.Number },
        { id: 'resource', header: t.desk.resource, isRowHeader: true, cell: (s) => <>{/^ws-/.test(s.Resource) ? <Link href={href(`desktops/${s.Resource}`)} onFollow={follow}>{s.Resource}</Link> : s.Resource} {s.Owner}</> },
        { id: 'what', header: t.desk.what, cell: (s) => <>{said(s.What)}{s.Why && <div><small>{said(s.Why)}</small></div>}{s.Lost && <div className="lost">{t.doctor.lost}: {said(s.Lost)}</div>}</> },
        { id: 'diff', header: t.desk.diff, cell: (s) => <Diff step={s} /> },
        { id: 'undo', header: t.desk.undo, cell: (s) => (s.UndoInput ? t.desk.yes : t.desk.no) },
        { id: 'state', header: t.desk.state, minWidth: 130, cell: (s) => <><State is={s.State || 'WAITING'} say={t.desk.progresses} /> {s.Note ?? s.Now}</> },
      ]}
    />
  );
}
