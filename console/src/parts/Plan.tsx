import { useEffect, useRef, useState, type ReactNode } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import LiveRegion from '@cloudscape-design/components/live-region';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useText } from '../text';
import { Cli } from './Cli';
import { Trouble } from './Shown';

// Outcome is what became of a plan: how many were taken, and who was refused why.
export interface Outcome {
  done: number;
  refused: string[];
  said?: string; // what else came of it
}

// Plan shows what is about to be done, to what, and what is lost by it; does it
// when told to; and says what became of it.
export function Plan({ head, loss, children, commands, apply, close, act, hindrance }: {
  head: string;
  loss: string;
  children?: ReactNode;
  commands: string[];
  apply: () => Promise<Outcome>;
  close: () => void;
  act?: string; // what the button says
  hindrance?: string; // why it cannot be pressed yet
}) {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const [error, setError] = useState<Error>();
  const last = useRef<ButtonProps.Ref>(null);
  useEffect(() => { if (outcome) last.current?.focus(); }, [outcome]); // the button that was pressed is gone
  const go = async () => {
    setBusy(true);
    setError(undefined);
    try {
      setOutcome(await apply());
    } catch (e) {
      setError(e as Error);
    }
    setBusy(false);
  };
  return (
    <Modal
      visible onDismiss={close} header={head} closeAriaLabel={t.plan.close}
      footer={
        <Box float="right">
          {outcome
            ? <Button ref={last} variant="primary" onClick={close}>{t.plan.close}</Button>
            : <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" onClick={close}>{t.plan.cancel}</Button>
              <Button data-do="go" variant="primary" loading={busy} loadingText={t.state.loading} disabled={!!hindrance} disabledReason={hindrance} onClick={go}>{act ?? t.plan.apply}</Button>
            </SpaceBetween>}
        </Box>
      }
    >
      <SpaceBetween size="m">
        {error && <LiveRegion><Trouble error={error} head={t.plan.refused} /></LiveRegion>}
        {outcome?.said && <Alert type="info"><span className="answer">{outcome.said}</span></Alert>}
        {outcome && outcome.done > 0 && <Alert type="success">{t.plan.done(outcome.done)}</Alert>}
        {outcome && outcome.refused.length > 0 && <Alert type="error" header={t.plan.refused}>{outcome.refused.map((r) => <div key={r}>{r}</div>)}</Alert>}
        {!outcome && <SpaceBetween size="s"><Box>{loss}</Box>{children}</SpaceBetween>}
        <Cli commands={commands} open />
      </SpaceBetween>
    </Modal>
  );
}
