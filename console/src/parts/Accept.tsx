import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { checkImage, said, type ImageCheck } from '../aws/desk';
import { useText } from '../text';
import { Cli, word } from './Cli';
import { put, useAddress } from './route';
import { Trouble } from './Shown';
import { when } from './State';

// Accept holds an image against the acceptance list when told to. Which one is in
// the address.
export function Accept() {
  const t = useText();
  const { query } = useAddress();
  const subject = query.get('check') ?? '';
  const [master, setMaster] = useState('');
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<{ of: string; check: ImageCheck }>();
  const [error, setError] = useState<Error>();
  const look = () => {
    setBusy(true);
    setError(undefined);
    checkImage(subject.trim(), master.trim()).then((check) => setFound({ of: subject, check }), setError).finally(() => setBusy(false));
  };
  const line = ['tamachi image check', word(subject.trim() || 'IMAGE'), ...master.trim() ? [`--master ${word(master.trim())}`] : []].join(' ');
  return (
    <Container header={<Header variant="h2" description={t.image.checkHow}>{t.image.checkHead}</Header>}>
      <SpaceBetween size="m">
        <form onSubmit={(e) => { e.preventDefault(); if (subject.trim() && !busy) look(); }}>
          <SpaceBetween size="s">
            <FormField label={t.image.subject}><Input name="subject" value={subject} placeholder="wsi-... ws-... mi-..." onChange={(e) => put('check', e.detail.value)} /></FormField>
            <FormField label={<>{t.image.master} <i>({t.image.optional})</i></>} description={t.image.masterHow}><Input name="master" value={master} placeholder="ws-... mi-..." onChange={(e) => setMaster(e.detail.value)} /></FormField>
            <Button data-do="check" formAction="submit" loading={busy} loadingText={t.image.checking} disabled={!subject.trim()}>{t.image.check}</Button>
          </SpaceBetween>
        </form>
        {busy && <LiveRegion><StatusIndicator type="loading">{t.image.checking}</StatusIndicator></LiveRegion>}
        {error && <LiveRegion><Trouble error={error} again={look} /></LiveRegion>}
        {found && found.of === subject ? <Found of={found.check} /> : !busy && !error && <Box color="text-status-inactive">{t.image.notYet}</Box>}
        <Cli commands={[line]} />
      </SpaceBetween>
    </Container>
  );
}

function Found({ of: c }: { of: ImageCheck }) {
  const t = useText();
  const items = c.Items ?? [];
  const missing = items.filter((i) => !i.Ok).length;
  return (
    <SpaceBetween size="s">
      <LiveRegion>
        <StatusIndicator type={!items.length ? 'info' : c.Accepted ? 'success' : 'error'}>{!items.length ? t.image.noItems : c.Accepted ? t.image.accepted : t.image.notAccepted(missing)}</StatusIndicator>
      </LiveRegion>
      <Box variant="small">{t.image.checkedOn(c.Master ?? c.NodeId ?? '', when(c.At * 1000))}</Box>
      {c.Unprobed && <Alert type="warning" header={t.image.unprobed}>{c.Unprobed}</Alert>}
      <ul className="findings" data-accepted={c.Accepted}>
        {items.map((i, n) => (
          <li key={n}>
            <StatusIndicator type={i.Ok ? 'success' : 'error'}>{i.Ok ? t.image.ok : t.image.bad}</StatusIndicator> <b>{i.Kind} {i.Name !== i.Kind && i.Name}</b>: {said(i.Evidence)}
            {i.Next && <div>{t.image.next}: <pre className="cli">{i.Next}</pre></div>}
          </li>
        ))}
      </ul>
    </SpaceBetween>
  );
}
