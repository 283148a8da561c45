import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { made, type Made } from '../aws/cloudtrail';
import { alarms, desktopOf, offences, type Alarm } from '../aws/cloudwatch';
import { maintenance, requests, said, type Maintenance } from '../aws/desk';
import { desktops, type Desktop } from '../aws/workspaces';
import { Cli } from '../parts/Cli';
import { ahead, useLive, type Live } from '../parts/live';
import { follow, href } from '../parts/route';
import { Shown } from '../parts/Shown';
import { State, when } from '../parts/State';
import { useText } from '../text';

const broken = (d: Desktop) => d.State === 'ERROR' || d.State === 'UNHEALTHY';
const used = (d: Desktop) => d.use?.ConnectionState === 'CONNECTED';
const shown = 10; // rows of each list

// begin has what home looks at on its way before the page is made.
export function begin() {
  for (const [key, fetch] of Object.entries({ desktops, alarms, requests, made, offences, maintenance })) ahead(key, fetch);
}

// Home is what wants to be seen first: what waits for the reader, what is in
// use, what is broken, what rings.
export default function Home() {
  const t = useText();
  const fleet = useLive('desktops', desktops);
  const bells = useLive('alarms', alarms);
  const asked = useLive('requests', requests);
  const news = useLive('made', made);
  const often = useLive('offences', offences);
  const works = useLive('maintenance', maintenance);
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{t.pages.home}</Header>
      <ColumnLayout columns={3} minColumnWidth={150}>
        <Count head={t.home.mine} live={asked} of={(a) => a.Requests.filter((r) => r.Mine).length} to="approvals?waits=mine" />
        <Count head={t.home.desktops} live={fleet} of={(all) => all.length} to="desktops" />
        <Count head={t.home.inUse} live={fleet} of={(all) => all.filter(used).length} to="desktops?use=CONNECTED" />
        <Count head={t.home.created} live={news} of={(all) => all.length} to="events?by=EventName&value=CreateWorkspaces&hours=168" />
        <Count head={t.home.inError} live={fleet} of={(all) => all.filter(broken).length} to="desktops?state=ERROR" />
        <Count head={t.home.alarms} live={bells} of={(all) => all.filter(ringing).length} to="alarms?state=ALARM" />
      </ColumnLayout>
      <ColumnLayout columns={2} minColumnWidth={320}>
        <Container header={<Header variant="h2">{t.home.mine}</Header>}>
          <Shown live={asked} empty={(a) => !a.Requests.some((r) => r.Mine)} none={t.home.nothingMine}>
            {(a) => (
              <ul className="lines">
                {a.Requests.filter((r) => r.Mine).slice(0, shown).map((r) => (
                  <li key={r.RequestId}><Link href={href(`approvals?request=${r.RequestId}`)} onFollow={follow}>{said(r.Title)}</Link> {r.Person ?? r.By.split('/').pop()}, {t.home.until(when(r.ExpiresAt * 1000))}</li>
                ))}
              </ul>
            )}
          </Shown>
        </Container>
        <Container header={<Header variant="h2">{t.home.ringing}</Header>}>
          <Shown live={bells} empty={(all) => !all.some(ringing)} none={t.home.silent}>
            {(all) => <Bells of={all.filter(ringing)} often={often.data ?? {}} fleet={fleet.data ?? []} />}
          </Shown>
        </Container>
        <Container header={<Header variant="h2">{t.home.broken}</Header>}>
          <Shown live={fleet} empty={(all) => !all.some(broken)} none={t.home.allWell}>
            {(all) => <Lines of={all.filter(broken)} />}
          </Shown>
        </Container>
        <Container header={<Header variant="h2">{t.home.recent}</Header>}>
          <Shown live={fleet} empty={(all) => !all.some(lastUse)} none={t.home.nobody}>
            {(all) => <Lines of={all.filter(lastUse).sort((a, b) => lastUse(b) - lastUse(a))} />}
          </Shown>
        </Container>
        <Container header={<Header variant="h2">{t.home.created}</Header>}>
          <Shown live={news} empty={(all) => !all.length} none={t.home.noneCreated}>{(all) => <News of={all} />}</Shown>
        </Container>
        <Container header={<Header variant="h2">{t.home.maintenance}</Header>}>
          <Shown live={works} empty={(all) => !all.length} none={t.home.noMaintenance}>{(all) => <Works of={all} fleet={fleet.data} />}</Shown>
        </Container>
      </ColumnLayout>
      <Cli
        commands={[
          'aws workspaces describe-workspaces', 'aws workspaces describe-workspaces-connection-status', 'aws cloudwatch describe-alarms --state-value ALARM',
          'aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=CreateWorkspaces', 'tamachi approval list', 'tamachi morning',
        ]}
      />
    </SpaceBetween>
  );
}

// Bells are alarms in ALARM, the most frequent first, each with whom it is about.
function Bells({ of, often, fleet }: { of: Alarm[]; often: Record<string, number>; fleet: Desktop[] }) {
  const t = useText();
  const times = (a: Alarm) => often[a.AlarmName ?? ''] ?? 0;
  return (
    <ul className="lines">
      {[...of].sort((a, b) => times(b) - times(a)).slice(0, shown).map((a) => {
        const id = desktopOf(a);
        return (
          <li key={a.AlarmArn}>
            <State is={a.StateValue} /> <Link href={href(`alarms?alarm=${encodeURIComponent(a.AlarmName ?? '')}`)} onFollow={follow}>{a.AlarmName}</Link>{' '}
            {id && <Link href={href(`desktops/${id}`)} onFollow={follow}>{fleet.find((d) => d.WorkspaceId === id)?.UserName ?? id}</Link>}{' '}
            {times(a) > 1 && <b>{t.alarm.times(times(a))}</b>}
            <Box variant="small" display="block">{a.StateReason}</Box>
          </li>
        );
      })}
    </ul>
  );
}

function News({ of }: { of: Made[] }) {
  const t = useText();
  return (
    <ul className="lines">
      {of.slice(0, shown).map((m) => <li key={m.id}><Link href={href(`desktops/${m.id}`)} onFollow={follow}>{m.user} ({m.id})</Link> {when(m.at)}, {t.desktop.by} {m.by}</li>)}
    </ul>
  );
}

// Works leaves out what is about desktops of a mode that nobody has.
function Works({ of, fleet }: { of: Maintenance[]; fleet?: Desktop[] }) {
  const t = useText();
  const many = (m: Maintenance) => fleet?.filter((d) => d.DirectoryId === m.DirectoryId && d.WorkspaceProperties?.RunningMode === m.RunningMode).length;
  const rows = of.filter((m) => !m.RunningMode || many(m) !== 0).slice(0, shown);
  if (!rows.length) return <>{t.home.noMaintenance}</>;
  return (
    <ul className="lines">
      {rows.map((m, i) => <li key={i}>{when(m.From * 1000)} – {when(m.To * 1000)}: {m.Name} {m.RunningMode && t.home.maintained(m.RunningMode, many(m) ?? 0)}</li>)}
    </ul>
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
    <ul className="lines">
      {of.slice(0, shown).map((d) => (
        <li key={d.WorkspaceId}>
          <State is={d.State} />{' '}
          <Link href={href(`desktops/${d.WorkspaceId}`)} onFollow={follow}>{d.UserName} ({d.WorkspaceId})</Link>{' '}
          {used(d) ? t.home.now : when(d.use?.LastKnownUserConnectionTimestamp)}
          {d.ErrorMessage && <Box variant="small" display="block">{d.ErrorMessage}</Box>}
        </li>
      ))}
    </ul>
  );
}
