import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { diagnose, said, type Diagnosis } from '../aws/desk';
import type { Verb } from '../aws/workspaces';
import { useText } from '../text';
import { Cli } from './Cli';
import { Trouble } from './Shown';
import { when } from './State';

// here are the rungs that this page can take itself, with a plan.
const here: Record<string, Verb> = { restart: 'reboot', rebuild: 'rebuild' };

// Doctor looks into a desktop when told to, and shows what is broken and what
// each repair would cost.
export default function Doctor({ id, take }: { id: string; take: (verb: Verb) => void }) {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<Diagnosis>();
  const [error, setError] = useState<Error>();
  const look = () => {
    setBusy(true);
    setError(undefined);
    diagnose(id).then(setFound, setError).finally(() => setBusy(false));
  };
  return (
    <Container
      header={<Header variant="h2" description={t.doctor.how} actions={<Button data-do="diagnose" loading={busy} loadingText={t.doctor.looking} onClick={look}>{t.doctor.look}</Button>}>{t.doctor.head}</Header>}
    >
      <SpaceBetween size="m">
        {busy && <LiveRegion><StatusIndicator type="loading">{t.doctor.looking}</StatusIndicator></LiveRegion>}
        {error && <Trouble error={error} again={look} />}
        {found ? <Found of={found} take={take} /> : !busy && !error && <Box color="text-status-inactive">{t.doctor.notYet}</Box>}
        <Cli commands={[`tamachi diagnose desktop ${id}`]} />
      </SpaceBetween>
    </Container>
  );
}

// blind tells of a look that did not see everything.
const blind = (d: Diagnosis) => !!d.Unprobed || !!d.Unanswered?.length;

function Found({ of: d, take }: { of: Diagnosis; take: (verb: Verb) => void }) {
  const t = useText();
  return (
    <SpaceBetween size="m">
      <LiveRegion>{t.doctor.seen(when(d.At * 1000), d.Findings?.length ?? 0)}</LiveRegion>
      {d.Unprobed && <Alert type="warning" header={t.doctor.unprobed}>{d.Unprobed}</Alert>}
      {d.Unanswered?.map((u) => <Alert key={u} type="warning">{u}</Alert>)}
      {!d.Findings?.length
        ? <StatusIndicator type={blind(d) ? 'info' : 'success'}>{blind(d) ? t.doctor.outside : t.doctor.well}</StatusIndicator>
        : <ul className="findings">{d.Findings.map((f, i) => <li key={i}><Badge color={f.Kind === 'suspect' ? 'grey' : 'red'}>{t.doctor.kinds[f.Kind] ?? f.Kind}</Badge> {said(f.Evidence)}</li>)}</ul>}
      <Box variant="h3">{t.doctor.ladder}</Box>
      <ol className="ladder">
        {d.Ladder?.map((r) => {
          const verb = here[r.Name];
          return (
            <li key={r.Name} data-rung={r.Name} aria-current={r.Advised ? 'step' : undefined}>
              <SpaceBetween direction="horizontal" size="xs">
                <b>{t.doctor.rungs[r.Name] ?? r.Name}</b>
                {r.Advised && <Badge color="blue">{t.doctor.advised}</Badge>}
                {verb && <Button variant="inline-link" onClick={() => take(verb)}>{t.doctor.take}</Button>}
              </SpaceBetween>
              <div>{t.doctor.lost}: {said(r.Lost)}</div>
              <pre className="cli">{r.Command}</pre>
            </li>
          );
        })}
      </ol>
    </SpaceBetween>
  );
}
