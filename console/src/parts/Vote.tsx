import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { decide, said, type Request } from '../aws/desk';
import { useText } from '../text';
import { Cli } from './Cli';
import { Facts } from './Facts';
import { follow, href } from './route';
import { Trouble } from './Shown';
import { State, when } from './State';

// Vote shows a request: who asks for what and why, who has agreed, who is asked;
// and takes the vote of whom it waits for.
export function Vote({ of: r, changed }: { of: Request; changed: () => void }) {
  const t = useText();
  return (
    <Container header={<Header variant="h2" description={said(r.Title)}>{t.desk.request} {r.RequestId}</Header>}>
      <SpaceBetween size="m">
        <Facts
          of={[
            [t.desk.state, <State is={r.State} say={t.desk.states} />], [t.desk.by, r.Person ?? r.By], [t.desk.made, when(r.MadeAt * 1000)], [t.desk.until, when(r.ExpiresAt * 1000)],
            [t.desk.about, r.PlanId && <Link href={href(`plans/${r.PlanId}`)} onFollow={follow}>{r.Subject}</Link>],
            [t.desk.forWhom, r.For?.join(', ')], [t.desk.reason, r.Reason],
          ]}
        />
        <ol className="stages">
          {r.Stages?.map((s, i) => (
            <li key={i} aria-current={r.State === 'PENDING' && i === r.Stage ? 'step' : undefined}>
              <b>{t.desk.stage(i + 1)} {s.Name}</b> – {t.desk.need(s.Need)} {s.Of?.join(', ')}
              <ul>{r.Votes?.filter((v) => v.Stage === i).map((v) => (
                <li key={v.Person}>{v.Agree ? t.desk.agreed : t.desk.refused}: {v.Person}, {when(v.At * 1000)} ({v.Via}) {v.Reason}</li>
              ))}</ul>
            </li>
          ))}
        </ol>
        {r.Evidence && <ExpandableSection headerText={t.desk.evidence}><pre className="record">{pretty(r.Evidence)}</pre></ExpandableSection>}
        {r.Mine ? <Decide of={r} changed={changed} /> : r.State === 'PENDING' && <Alert type="info">{t.desk.waitsFor(r.Asked?.join(', ') ?? '')}</Alert>}
        <Cli commands={[`tamachi approval show ${r.RequestId}`, `tamachi approval approve ${r.RequestId}`, `tamachi approval reject ${r.RequestId} --reason '...'`]} />
      </SpaceBetween>
    </Container>
  );
}

function Decide({ of: r, changed }: { of: Request; changed: () => void }) {
  const t = useText();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState<'yes' | 'no'>();
  const [error, setError] = useState<Error>();
  const vote = (agree: boolean) => {
    setBusy(agree ? 'yes' : 'no');
    setError(undefined);
    decide(r.RequestId, agree, reason.trim()).then(changed, setError).finally(() => setBusy(undefined));
  };
  return (
    <SpaceBetween size="s">
      {error && <LiveRegion><Trouble error={error} /></LiveRegion>}
      <FormField label={t.desk.why} description={t.desk.whyHow} stretch>
        <Textarea name="reason" value={reason} onChange={(e) => setReason(e.detail.value)} rows={2} />
      </FormField>
      <SpaceBetween direction="horizontal" size="xs">
        <Button data-do="approve" variant="primary" loading={busy === 'yes'} loadingText={t.state.loading} disabled={busy === 'no'} onClick={() => vote(true)}>{t.desk.approve}</Button>
        <Button data-do="reject" loading={busy === 'no'} loadingText={t.state.loading} disabled={busy === 'yes' || !reason.trim()} disabledReason={t.desk.whyHow} onClick={() => vote(false)}>{t.desk.reject}</Button>
      </SpaceBetween>
    </SpaceBetween>
  );
}

// pretty writes JSON over lines; what is none stays.
export function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
