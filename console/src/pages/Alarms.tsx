import { useState } from 'react';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Link from '@cloudscape-design/components/link';
import { act, alarms, desktopOf, history, offences, type Alarm } from '../aws/cloudwatch';
import { owners } from '../aws/workspaces';
import { Cli, word } from '../parts/Cli';
import { List } from '../parts/List';
import { useLive } from '../parts/live';
import { follow, href, put, useAddress } from '../parts/route';
import { Shown, Trouble } from '../parts/Shown';
import { State, when } from '../parts/State';
import { useText } from '../text';

// Alarms lists alarms, and what happened to the one that is chosen.
export default function Alarms() {
  const t = useText();
  const { query } = useAddress();
  const bells = useLive('alarms', alarms);
  const often = useLive('offences', offences);
  const ids = [...new Set((bells.data ?? []).map(desktopOf).filter(Boolean))].sort();
  const users = useLive(`owners ${ids}`, () => owners(ids));
  const live = { ...bells, data: bells.data?.map((a) => ({ ...a, times: often.data?.[a.AlarmName ?? ''] ?? 0, desktop: desktopOf(a), user: users.data?.[desktopOf(a)] ?? '' })) };
  const name = query.get('alarm') ?? '';
  const one = live.data?.find((a) => a.AlarmName === name);
  return (
    <SpaceBetween size="l">
      <List
        live={live} head={t.pages.alarms} id="AlarmName" search={t.alarm.search} none={t.alarm.none} one
        chosen={one ? [one] : []} choose={([a]) => put('alarm', a?.AlarmName ?? '')}
        choices={[
          { name: 'state', label: t.alarm.state, any: t.alarm.any, of: (a) => a.StateValue ?? '' },
          { name: 'repeats', label: t.alarm.repeats, any: t.alarm.anyRepeats, of: (a) => (a.times > 1 ? 'repeated' : ''), say: () => t.alarm.repeated },
        ]}
        columns={[
          { id: 'name', header: t.alarm.name, cell: (a) => a.AlarmName, isRowHeader: true },
          { id: 'state', header: t.alarm.state, cell: (a) => <State is={a.StateValue} /> },
          { id: 'desktop', header: t.alarm.about, cell: (a) => a.desktop && <Link href={href(`desktops/${a.desktop}`)} onFollow={follow}>{a.user || a.desktop}</Link> },
          { id: 'times', header: t.alarm.repeats, cell: (a) => (a.times > 1 ? <b>{t.alarm.times(a.times)}</b> : a.times || '') },
          { id: 'since', header: t.alarm.since, cell: (a) => when(a.StateTransitionedTimestamp ?? a.StateUpdatedTimestamp) },
          { id: 'actions', header: t.alarm.actions, cell: (a) => (a.ActionsEnabled ? t.alarm.on : t.alarm.off) },
          { id: 'reason', header: t.alarm.reason, cell: (a) => a.StateReason },
        ]}
      />
      {one ? <Past of={one} changed={live.refresh} /> : <Box color="text-status-inactive">{t.alarm.choose}</Box>}
      <Cli commands={['aws cloudwatch describe-alarms', ...one ? commands(one) : []]} />
    </SpaceBetween>
  );
}

const commands = (a: Alarm) => [
  `aws cloudwatch describe-alarm-history --alarm-name ${word(a.AlarmName ?? '')}`,
  `aws cloudwatch ${a.ActionsEnabled ? 'disable' : 'enable'}-alarm-actions --alarm-names ${word(a.AlarmName ?? '')}`,
];

function Past({ of, changed }: { of: Alarm; changed: () => void }) {
  const t = useText();
  const name = of.AlarmName ?? '';
  const live = useLive(`alarm ${name}`, () => history(name));
  const [error, setError] = useState<Error>();
  const turn = () => {
    setError(undefined);
    act(name, !of.ActionsEnabled).then(() => { changed(); live.refresh(); }, setError);
  };
  return (
    <Container header={<Header variant="h2" actions={<Button onClick={turn}>{of.ActionsEnabled ? t.alarm.turnOff : t.alarm.turnOn}</Button>}>{t.alarm.history}: {name}</Header>}>
      {error && <Trouble error={error} />}
      <Shown live={live} empty={(all) => !all.length} none={t.alarm.noHistory}>
        {(all) => <ol className="timeline">{all.map((h, i) => <li key={i}><time>{when(h.Timestamp)}</time> {h.HistorySummary}</li>)}</ol>}
      </Shown>
    </Container>
  );
}
