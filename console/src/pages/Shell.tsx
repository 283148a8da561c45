import { useEffect, useRef, useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { endSession, startSession } from '../aws/ssm';
import { join, type Channel } from '../parts/channel';
import { Cli } from '../parts/Cli';
import { follow, href, useAddress } from '../parts/route';
import { Trouble } from '../parts/Shown';
import { adopt } from '../parts/styles';
import { useText } from '../text';

type Phase = 'connecting' | 'connected' | 'ended';

// Shell is a session on a node, in a terminal.
export default function Shell() {
  const t = useText();
  const { path } = useAddress();
  const node = path.split('/')[1] ?? '';
  const place = useRef<HTMLDivElement>(null);
  const channel = useRef<Channel>(undefined);
  const [turn, setTurn] = useState(0);
  const [phase, setPhase] = useState<Phase>('connecting');
  const [why, setWhy] = useState('');
  const [error, setError] = useState<Error>();
  useEffect(() => {
    let gone = false;
    let id = '';
    setPhase('connecting');
    setError(undefined);
    setWhy('');
    const restore = adopt();
    const terminal = new Terminal({ screenReaderMode: true, fontFamily: 'ui-monospace, "Noto Sans Mono CJK JP", monospace', fontSize: 14 });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    terminal.open(place.current!);
    fit.fit();
    const seen = new ResizeObserver(() => fit.fit());
    seen.observe(place.current!);
    terminal.onData((text) => channel.current?.type(text));
    terminal.onResize(({ cols, rows }) => channel.current?.resize(cols, rows));
    const over = (said: string, sealed: boolean) => {
      if (gone) return;
      setPhase('ended');
      setWhy(sealed ? t.node.encrypted : said);
      if (sealed) void endSession(id).catch(() => {});
    };
    startSession(node).then((s) => {
      id = s.id;
      if (gone) return void endSession(id).catch(() => {});
      channel.current = join(s, {
        ready: () => {
          setPhase('connected');
          channel.current?.resize(terminal.cols, terminal.rows);
          terminal.focus();
        },
        shows: (output) => terminal.write(output),
        over,
      });
    }, (e: Error) => { if (!gone) { setError(e); setPhase('ended'); } });
    return () => {
      gone = true;
      seen.disconnect();
      channel.current?.close();
      channel.current = undefined;
      if (id) void endSession(id).catch(() => {}); // it may be over already
      terminal.dispose();
      restore();
    };
  }, [node, turn, t]);
  return (
    <SpaceBetween size="m">
      <BreadcrumbGroup items={[{ text: t.pages.nodes, href: href('nodes') }, { text: node, href: href(`nodes/${node}`) }, { text: t.node.shell, href: href(`shell/${node}`) }]} onFollow={follow} ariaLabel={t.trail} />
      <Header
        variant="h1" actions={phase === 'ended'
          ? <Button iconName="refresh" onClick={() => setTurn(turn + 1)}>{t.node.again}</Button>
          : <Button onClick={() => channel.current?.close()} disabled={phase !== 'connected'}>{t.node.end}</Button>}
      >{t.node.shell}: {node}</Header>
      {error && <Trouble error={error} />}
      {!error && phase === 'ended'
        ? <Alert type="info" header={t.node.ended}>{why}</Alert>
        : <StatusIndicator type={phase === 'connected' ? 'success' : 'loading'}>{t.node[phase]}</StatusIndicator>}
      <div ref={place} className="terminal" role="region" aria-label={t.node.terminal} data-phase={phase} />
      <Cli commands={[`aws ssm start-session --target ${node}`]} />
    </SpaceBetween>
  );
}
