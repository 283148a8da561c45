import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { run } from '../aws/desk';
import { Cli } from '../parts/Cli';
import { Fixes, Found, useDuty } from '../parts/Duty';
import { useLive } from '../parts/live';
import { useNames } from '../parts/names';
import { put, useAddress } from '../parts/route';
import { Said } from '../parts/Said';
import { Shown } from '../parts/Shown';
import { when } from '../parts/State';
import { useText } from '../text';

const seldom = () => 300_000; // the whole account is read

// Day is what the morning and the evening look at, worst first.
export default function Day() {
  const t = useText();
  const duty = useAddress().query.get('part') === 'evening' ? 'evening' : 'morning';
  const live = useLive(duty, () => run(duty, []), seldom);
  const names = useNames();
  const d = useDuty();
  const options = ['morning', 'evening'].map((id) => ({ id, text: t.duty.parts[id]! }));
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.duty.dayHow[duty]} actions={<Button iconName="refresh" ariaLabel={t.state.refresh} onClick={live.refresh} />}>{t.pages.day}</Header>
      <SegmentedControl label={t.duty.part} options={options} selectedId={duty} onChange={(e) => put('part', e.detail.selectedId === 'evening' ? 'evening' : '')} />
      <Container header={<Header variant="h2">{t.duty.parts[duty]}</Header>}>
        <Shown live={live}>
          {(r) => (
            <div data-report={r.Found ? 'found' : 'none'}>
              <StatusIndicator type={r.Found ? 'warning' : 'info'}>{r.Found ? t.duty.found(when(r.At * 1000)) : t.duty.none(when(r.At * 1000))}</StatusIndicator>
              <Said text={r.Text} names={names} />
            </div>
          )}
        </Shown>
      </Container>
      {duty === 'morning' && live.data && (
        <Container>
          <SpaceBetween size="m">
            <Fixes duty="morning" values={[]} words={['']} of={d} />
            <Found of={d} names={names} />
          </SpaceBetween>
        </Container>
      )}
      <Cli commands={[`tamachi ${duty}`, ...duty === 'evening' ? ["tamachi evening --hand-over --note '…' --to NAME"] : []]} />
    </SpaceBetween>
  );
}
