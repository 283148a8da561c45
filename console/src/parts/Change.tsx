import { useState } from 'react';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import Textarea from '@cloudscape-design/components/textarea';
import { type Values, type Verb } from '../aws/desk';
import type { Desktop } from '../aws/workspaces';
import { useText } from '../text';
import { word } from './Cli';
import { lineOf, planned } from './Duty';
import { Plan } from './Plan';

const destroys: Verb[] = ['restore', 'rebuild', 'terminate'];
const disturbs: Verb[] = ['stop', 'reboot', ...destroys];
const hours = [1, 2, 4, 8, 24];

// Change asks why, and makes the plan of doing something to desktops; the plan's
// own page shows it, and applies it.
export function Change({ verb, desktops, close }: { verb: Verb; desktops: Desktop[]; close: () => void }) {
  const t = useText();
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState(60);
  const ids = desktops.map((d) => d.WorkspaceId ?? '');
  const connected = desktops.filter((d) => d.use?.ConnectionState === 'CONNECTED').length;
  const needed = destroys.includes(verb);
  const stops = verb === 'auto-stop';
  const options = hours.map((h) => ({ value: String(60 * h), label: t.change.hours(h) }));
  const why = reason.trim();
  const duty = `desktop ${verb}`;
  const values: Values = [...ids.map((id) => ['of', id] as [string, string]), ...stops ? [['minutes', String(minutes)] as [string, string]] : []];
  const line = `${lineOf(duty, values)}${why ? ` --reason ${word(why)}` : ''} --apply`;
  return (
    <Plan
      head={t.change.head(t.desktop.verbs[verb]!, desktops.length)} loss={t.change.how} commands={[line]} apply={() => planned(duty, values, why)} close={close}
      act={t.change.make} hindrance={needed && !why ? t.change.reasonNeeded : undefined}
    >
      {connected > 0 && disturbs.includes(verb) && <Box color="text-status-error">{t.change.connected(connected)}</Box>}
      <ul className="plan">{desktops.map((d) => <li key={d.WorkspaceId}>{d.UserName} ({d.WorkspaceId}) {d.State}</li>)}</ul>
      {stops && (
        <FormField label={t.change.minutes}>
          <Select data-choice="minutes" options={options} selectedOption={options.find((o) => o.value === String(minutes)) ?? null} onChange={(e) => setMinutes(Number(e.detail.selectedOption.value))} />
        </FormField>
      )}
      <FormField label={t.change.reason} description={needed ? t.change.reasonNeeded : t.change.reasonKept} stretch>
        <Textarea name="reason" value={reason} onChange={(e) => setReason(e.detail.value)} rows={2} ariaRequired={needed} />
      </FormField>
    </Plan>
  );
}
