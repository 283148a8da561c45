import { useRef, useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { given, propose, run, type Report, type Values, type Wish } from '../aws/desk';
import { useText } from '../text';
import { Cli, word } from './Cli';
import type { Outcome } from './Plan';
import { go } from './route';
import { meant, Said, type Names } from './Said';
import { deskless, Trouble } from './Shown';
import { when } from './State';

// lineOf is the same duty at a terminal.
export const lineOf = (duty: string, values: Values, fix?: string) =>
  ['tamachi', duty, ...values.map(([name, value]) => (name === 'of' ? word(value) : value === 'true' ? `--${name}` : `--${name} ${word(value)}`)), ...fix === undefined ? [] : [`--fix ${fix}`.trim()]].join(' ');

// planned has a duty make its plan, and goes on to the plan's page; where there is
// nothing to change, it tells why.
export async function planned(duty: string, values: Values, reason: string): Promise<Outcome> {
  const r = await propose(duty, values, { Reason: reason });
  if (r.PlanId) go(`plans/${r.PlanId}`);
  return { done: 0, refused: [], said: r.PlanId ? undefined : r.Text };
}

// useDuty has a duty done when told to.
export function useDuty() {
  const [busy, setBusy] = useState('');
  const [report, setReport] = useState<Report>();
  const [error, setError] = useState<Error>();
  const latest = useRef(0);
  const start = async (what: string, work: () => Promise<Report>) => {
    const mine = ++latest.current;
    setBusy(what);
    setError(undefined);
    setReport(undefined);
    try {
      const r = await work();
      if (mine !== latest.current) return;
      if (r.PlanId) return go(`plans/${r.PlanId}`);
      setReport(r);
    } catch (e) {
      if (mine === latest.current) setError(e as Error);
    } finally {
      if (mine === latest.current) setBusy('');
    }
  };
  return {
    busy, report, error,
    look: (duty: string, values: Values) => start('look', () => run(duty, given(values))),
    plan: (duty: string, values: Values, wish: Wish) => start(wish.Fix ?? 'plan', () => propose(duty, given(values), wish)),
    forget: () => { latest.current++; setBusy(''); setReport(undefined); setError(undefined); },
  };
}

// told is an answer about what was asked for, not a failure to fetch one.
const told = (e: Error) => ['ValidationException', 'InvalidResourceStateException'].includes(e.name) && !deskless.test(e.message);

// Found is what a duty said, or why it said nothing, with who was meant.
export function Found({ of: d, names, again, retry }: { of: ReturnType<typeof useDuty>; names?: Names; again?: () => void; retry?: (name: string) => void }) {
  const t = useText();
  const near = retry ? meant(d.report?.Text ?? d.error?.message ?? '') : [];
  return (
    <SpaceBetween size="m">
      {d.busy && <LiveRegion><StatusIndicator type="loading">{t.duty.busy}</StatusIndicator></LiveRegion>}
      {d.error && (told(d.error) ? <Alert type="warning">{d.error.message}</Alert> : <Trouble error={d.error} again={again} />)}
      {d.report && (
        <div data-report={d.report.Found ? 'found' : 'none'}>
          <LiveRegion><StatusIndicator type={d.report.Found ? 'warning' : 'info'}>{d.report.Found ? t.duty.found(when(d.report.At * 1000)) : t.duty.none(when(d.report.At * 1000))}</StatusIndicator></LiveRegion>
          <Said text={d.report.Text} names={names} />
        </div>
      )}
      {near.length > 0 && (
        <SpaceBetween direction="horizontal" size="xs">
          <Box padding={{ top: 'xxs' }}>{t.duty.meant}</Box>
          {near.map((n) => <Button key={n} data-near={n} onClick={() => retry?.(n)}>{n}</Button>)}
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

// Fixes make plans of what would put it right.
export function Fixes({ duty, values, words, of: d }: { duty: string; values: Values; words: string[]; of: ReturnType<typeof useDuty> }) {
  const t = useText();
  const [reason, setReason] = useState('');
  return (
    <SpaceBetween size="s">
      <Box variant="h3">{t.duty.fix}</Box>
      <Box>{t.duty.fixHow}</Box>
      <FormField label={t.duty.reason}><Input name="reason" value={reason} onChange={(e) => setReason(e.detail.value)} /></FormField>
      <ul className="fixes">
        {words.map((w) => (
          <li key={w} data-fix={w || 'fix'}>
            <Button loading={d.busy === (w || 'plan')} disabled={!!d.busy} loadingText={t.duty.busy} onClick={() => d.plan(duty, values, { Fix: w, Reason: reason })}>{t.duty.fixes[w || duty] ?? w}</Button>
            <pre className="cli">{lineOf(duty, given(values), w)}</pre>
          </li>
        ))}
      </ul>
    </SpaceBetween>
  );
}

// Commands are the line of what was asked for, or of what will be.
export const Commands = ({ of: d, duty, values }: { of: ReturnType<typeof useDuty>; duty: string; values: Values }) => <Cli commands={[d.report?.Command ?? lineOf(duty, given(values))]} open />;
