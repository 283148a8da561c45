import { lazy, Suspense, useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { verbs, type Verb } from '../aws/desk';
import { happened, open, sessions, type DesktopEvent, type Session } from '../aws/tamachi';
import { desktop, type Desktop as Is } from '../aws/workspaces';
import { Change } from '../parts/Change';
import { Cli } from '../parts/Cli';
import { Facts } from '../parts/Facts';
import { useLive } from '../parts/live';
import { follow, href, useAddress } from '../parts/route';
import { Shown, Trouble } from '../parts/Shown';
import { State, when } from '../parts/State';
import { useText } from '../text';

const Doctor = lazy(() => import('../parts/Doctor'));
const Metrics = lazy(() => import('../parts/Metrics'));

// Desktop is one desktop: what it is, how it does, what happened to it.
export default function Desktop() {
  const t = useText();
  const { path } = useAddress();
  const id = path.split('/')[1] ?? '';
  const live = useLive(`desktop ${id}`, async () => ({ is: await desktop(id) }));
  const past = useLive(`past ${id}`, () => happened(id));
  const visits = useLive(`sessions ${id}`, () => sessions(id));
  const [verb, setVerb] = useState<Verb>();
  const [error, setError] = useState<Error>();
  const is = live.data?.is;
  const enter = async () => {
    setError(undefined);
    const tab = window.open('about:blank'); // now, while the click allows it
    if (tab) tab.opener = null;
    try {
      const url = await open(id);
      if (tab) tab.location.replace(url);
      else location.assign(url);
    } catch (e) {
      tab?.close();
      setError(e as Error);
    }
  };
  return (
    <SpaceBetween size="l">
      <BreadcrumbGroup items={[{ text: t.pages.desktops, href: href('desktops') }, { text: id, href: href(`desktops/${id}`) }]} onFollow={follow} ariaLabel={t.trail} />
      <Header
        variant="h1" description={t.desktop.opened}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <ButtonDropdown disabled={!is} items={verbs.map((v) => ({ id: v, text: t.desktop.verbs[v] }))} onItemClick={(e) => setVerb(e.detail.id as Verb)}>{t.desktop.actions}</ButtonDropdown>
            <Button variant="primary" disabled={!is} iconName="external" iconAlign="right" onClick={enter}>{t.desktop.openHere}</Button>
          </SpaceBetween>
        }
      >{is?.UserName ?? id}</Header>
      {error && <Trouble error={error} />}
      <Container header={<Header variant="h2">{t.desktop.facts}</Header>}>
        <Shown live={live} empty={(d) => !d.is} none={<Alert type="info">{t.desktop.noSuch}</Alert>}>{(d) => <About is={d.is!} />}</Shown>
      </Container>
      <Container header={<Header variant="h2" description={t.desktop.lastHours}>{t.desktop.metrics}</Header>}>
        <Suspense fallback={<State is={t.state.loading} />}><Metrics id={id} /></Suspense>
      </Container>
      <Suspense fallback={<State is={t.state.loading} />}><Doctor id={id} user={is?.UserName} /></Suspense>
      <Container header={<Header variant="h2">{t.desktop.timeline}</Header>}>
        <Shown live={past} empty={(all) => !all.length} none={t.desktop.noEvents}>
          {(all) => <ol className="timeline">{all.map((e, i) => <Moment key={i} of={e} />)}</ol>}
        </Shown>
      </Container>
      <Container header={<Header variant="h2" description={t.desktop.sessionsHow}>{t.desktop.sessions}</Header>}>
        <Shown live={visits} empty={(all) => !all.length} none={t.desktop.noSessions}>
          {(all) => <ol className="timeline">{all.map((s) => <Visit key={s.SessionId} of={s} />)}</ol>}
        </Shown>
      </Container>
      <Cli commands={[`aws workspaces describe-workspaces --workspace-ids ${id}`, `tamachi desktop history ${id}`, `tamachi desktop sessions --desktop ${id}`, `tamachi desktop open ${id}`]} />
      {verb && is && <Change verb={verb} desktops={[is]} close={() => { setVerb(undefined); live.refresh(); past.refresh(); }} />}
    </SpaceBetween>
  );
}

function About({ is }: { is: Is }) {
  const t = useText();
  const p = is.WorkspaceProperties;
  return (
    <Facts
      of={[
        [t.desktop.state, <State is={is.State} />], [t.desktop.user, is.UserName], [t.desktop.id, is.WorkspaceId],
        [t.desktop.computer, is.ComputerName], [t.desktop.address, is.IpAddress], [t.desktop.directory, is.DirectoryId],
        [t.desktop.bundle, is.BundleId], [t.desktop.compute, p?.ComputeTypeName], [t.desktop.mode, p?.RunningMode],
        [t.desktop.used, is.use?.ConnectionState === 'CONNECTED' ? t.desktop.connected : when(is.use?.LastKnownUserConnectionTimestamp) || t.desktop.never],
        [t.desktop.error, is.ErrorMessage],
      ]}
    />
  );
}

function Visit({ of: s }: { of: Session }) {
  const t = useText();
  const client = [t.desktop.clients[s.Kind] ?? s.Kind, s.ClientBrowser, s.ClientPlatform, s.ClientIpAddress].filter(Boolean).join(' · ');
  return <li><time>{when(s.StartTime * 1000)}</time> <State is={s.Status} /> {s.UserName ?? s.PrincipalArn} – {client} {s.DurationSeconds !== undefined && t.desktop.lasted(Math.round(s.DurationSeconds / 60))} {s.Reason}</li>;
}

function Moment({ of: e }: { of: DesktopEvent }) {
  const t = useText();
  const what = [e.RunningMode, e.ComputeTypeName, e.ErrorMessage].filter(Boolean).join(' · ');
  return <li><time>{when(e.At * 1000)}</time> <State is={e.State} /> {what} – {t.desktop.by} {e.By ?? t.desktop.itself}</li>;
}
