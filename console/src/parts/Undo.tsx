import { useState } from 'react';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Textarea from '@cloudscape-design/components/textarea';
import { said, type Step, type Whole } from '../aws/desk';
import { useText, type Text } from '../text';
import { word } from './Cli';
import { lineOf, planned } from './Duty';
import { Plan } from './Plan';

const touched = (s: Step) => s.Changed || s.State === 'ASKED'; // what the account took before the apply was broken off too
const back = (s: Step) => touched(s) && !!s.UndoInput;
const gone = (s: Step) => touched(s) && !s.UndoInput;

// lasting says why nothing of a plan can be taken back.
export function lasting({ Plan: p, Steps = [], Elsewhere }: Whole, t: Text): string | undefined {
  if (Elsewhere) return Elsewhere;
  if (p.Running) return t.desk.states.RUNNING;
  if (Steps.some(back)) return undefined;
  return Steps.some(gone) ? t.undo.noWay : t.undo.nothing;
}

// Undo shows what of a plan can be taken back and what cannot, asks why, and makes
// the plan of it: the last first.
export function Undo({ of: d, close }: { of: Whole; close: () => void }) {
  const t = useText();
  const [reason, setReason] = useState('');
  const steps = [...(d.Steps ?? [])].reverse();
  const [takes, leaves] = [steps.filter(back), steps.filter(gone)];
  const why = reason.trim();
  const duty = 'plan undo';
  const values: [string, string][] = [['of', d.Plan.PlanId]];
  return (
    <Plan
      head={t.undo.head(takes.length)} loss={t.undo.how} act={t.change.make} close={close}
      commands={[`${lineOf(duty, values)}${why ? ` --reason ${word(why)}` : ''}`]} apply={() => planned(duty, values, why)}
    >
      <Steps of={takes} name="takes" />
      {leaves.length > 0 && <><Box color="text-status-error">{t.undo.leaves(leaves.length)}</Box><Steps of={leaves} name="leaves" /></>}
      <FormField label={t.change.reason} description={t.change.reasonKept} stretch>
        <Textarea name="reason" value={reason} onChange={(e) => setReason(e.detail.value)} rows={2} />
      </FormField>
    </Plan>
  );
}

const Steps = ({ of, name }: { of: Step[]; name: string }) => (
  <ul className="plan" data-undo={name}>{of.map((s) => <li key={s.Number}>{s.Owner} {s.Resource}: {said(s.What)}</li>)}</ul>
);
