import { useState } from 'react';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { act, alarms, history, type Alarm } from '../aws/cloudwatch';
import { Cli, word } from '../parts/Cli';
import { List } from '../parts/List';
import { useLive } from '../parts/live';
import { put, useAddress } from '../parts/route';
import { Shown, Trouble } from '../parts/Shown';
import { State, when } from '../parts/State';
import { useText } from '../text';

// Alarms lists alarms, and what happened to the one that is chosen.
export default function Alarms() {
  const t = useText();
  const { query } = useAddress();
  const live = useLive('alarms', alarms);
  const name = query.get('alarm') ?? '';
  const one = live.data?.find((a) => a.AlarmName === name);
  return (
    <SpaceBetween size="l">
      <List
        live={live} head={t.pages.alarms} id="AlarmName" search={t.alarm.search} none={t.alarm.none} one
        chosen={one ? [one] : []} choose={([a]) => put('alarm', a?.AlarmName ?? '')}
        choices={[{ name: 'state', label: t.alarm.state, any: t.alarm.any, of: (a) => a.StateValue ?? '' }]}
        columns={[
          { id: 'name', header: t.alarm.name, cell: (a) => a.AlarmName, isRowHeader: true },
          { id: 'state', header: t.alarm.state, cell: (a) => <State is={a.StateValue} /> },
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
