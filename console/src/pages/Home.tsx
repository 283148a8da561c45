import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { alarms, type Alarm } from '../aws/cloudwatch';
import { desktops, type Desktop } from '../aws/workspaces';
import { Cli } from '../parts/Cli';
import { useLive, type Live } from '../parts/live';
import { follow, href } from '../parts/route';
import { Shown } from '../parts/Shown';
import { State, when } from '../parts/State';
import { useText } from '../text';

const broken = (d: Desktop) => d.State === 'ERROR' || d.State === 'UNHEALTHY';
const used = (d: Desktop) => d.use?.ConnectionState === 'CONNECTED';
const shown = 10; // rows of each list

// Home is what wants to be seen first: what is in use, what is broken, what rings.
export default function Home() {
  const t = useText();
  const fleet = useLive('desktops', desktops);
  const bells = useLive('alarms', alarms);
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{t.pages.home}</Header>
      <ColumnLayout columns={4} minColumnWidth={150}>
        <Count head={t.home.desktops} live={fleet} of={(all) => all.length} to="desktops" />
        <Count head={t.home.inUse} live={fleet} of={(all) => all.filter(used).length} to="desktops?use=CONNECTED" />
        <Count head={t.home.inError} live={fleet} of={(all) => all.filter(broken).length} to="desktops?state=ERROR" />
        <Count head={t.home.alarms} live={bells} of={(all) => all.filter(ringing).length} to="alarms?state=ALARM" />
      </ColumnLayout>
      <ColumnLayout columns={2} minColumnWidth={320}>
        <Container header={<Header variant="h2">{t.home.broken}</Header>}>
          <Shown live={fleet} empty={(all) => !all.some(broken)} none={t.home.allWell}>
            {(all) => <Lines of={all.filter(broken)} />}
          </Shown>
        </Container>
        <Container header={<Header variant="h2">{t.home.ringing}</Header>}>
          <Shown live={bells} empty={(all) => !all.some(ringing)} none={t.home.silent}>
            {(all) => (
              <SpaceBetween size="xs">
                {all.filter(ringing).slice(0, shown).map((a) => (
                  <div key={a.AlarmArn}><State is={a.StateValue} /> <Link href={href(`alarms?alarm=${encodeURIComponent(a.AlarmName ?? '')}`)} onFollow={follow}>{a.AlarmName}</Link> <Box variant="small">{a.StateReason}</Box></div>
                ))}
              </SpaceBetween>
            )}
          </Shown>
        </Container>
      </ColumnLayout>
      <Container header={<Header variant="h2">{t.home.recent}</Header>}>
        <Shown live={fleet} empty={(all) => !all.some(lastUse)} none={t.home.nobody}>
          {(all) => <Lines of={all.filter(lastUse).sort((a, b) => lastUse(b) - lastUse(a))} />}
        </Shown>
      </Container>
      <Cli commands={['aws workspaces describe-workspaces', 'aws workspaces describe-workspaces-connection-status', 'aws cloudwatch describe-alarms --state-value ALARM']} />
    </SpaceBetween>
  );
}

const ringing = (a: Alarm) => a.StateValue === 'ALARM';
const lastUse = (d: Desktop) => (used(d) ? Infinity : d.use?.LastKnownUserConnectionTimestamp?.getTime() ?? 0);

function Count<T>({ head, live, of, to }: { head: string; live: Live<T>; of: (data: T) => number; to: string }) {
  const t = useText();
  return (
    <Container>
      <Box variant="awsui-key-label">{head}</Box>
      {live.data !== undefined
        ? <Link href={href(to)} onFollow={follow} fontSize="display-l" ariaLabel={`${head}: ${of(live.data)}`}>{of(live.data)}</Link>
        : live.error ? <Box variant="awsui-value-large"><span title={live.error.message} aria-label={t.state.unknown}>–</span></Box> : <State is={t.state.loading} />}
    </Container>
  );
}

function Lines({ of }: { of: Desktop[] }) {
  const t = useText();
  return (
    <SpaceBetween size="xs">
      {of.slice(0, shown).map((d) => (
        <div key={d.WorkspaceId}>
          <State is={d.State} />{' '}
          <Link href={href(`desktops/${d.WorkspaceId}`)} onFollow={follow}>{d.UserName} ({d.WorkspaceId})</Link>{' '}
          {used(d) ? t.home.now : when(d.use?.LastKnownUserConnectionTimestamp)}
          {d.ErrorMessage && <Box variant="small">{d.ErrorMessage}</Box>}
        </div>
      ))}
    </SpaceBetween>
  );
}
