import { useEffect, useRef, useState } from 'react';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { cancel, run } from '../aws/ssm';
import { follow } from '../aws/tamachi';
import { useText } from '../text';
import { Cli, word } from './Cli';
import { Trouble } from './Shown';
import { State } from './State';

// Told is what a node has said so far.
interface Told {
  text: string;
  status?: string;
  code?: number;
}

// Run runs a script on nodes, and shows what it writes while it writes it.
export function Run({ nodes }: { nodes: string[] }) {
  const t = useText();
  const [script, setScript] = useState('');
  const [id, setId] = useState('');
  const [on, setOn] = useState<string[]>([]);
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const go = () => {
    setError(undefined);
    setBusy(true);
    run(nodes, script).then((id) => { setOn(nodes); setId(id); }, setError).finally(() => setBusy(false));
  };
  const request = `aws ssm send-command --document-name AWS-RunShellScript --instance-ids ${nodes.join(' ')} --parameters ${word(JSON.stringify({ commands: script.split('\n') }))}`;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" description={nodes.length ? t.node.ask(nodes.length) : t.node.choose}>{t.node.run}</Header>}>
        <SpaceBetween size="m">
          {error && <Trouble error={error} />}
          <FormField label={t.node.script} description={t.node.scriptHow} stretch>
            <Textarea value={script} onChange={(e) => setScript(e.detail.value)} rows={3} spellcheck={false} />
          </FormField>
          <Button data-do="run" variant="primary" disabled={!nodes.length || !script.trim()} loading={busy} loadingText={t.state.loading} onClick={go}>{t.node.go}</Button>
          <Cli commands={[request, `tamachi command follow ${id || 'COMMAND_ID'}`]} />
        </SpaceBetween>
      </Container>
      {id && <Output key={id} id={id} on={on} />}
    </SpaceBetween>
  );
}

function Output({ id, on }: { id: string; on: string[] }) {
  const t = useText();
  const [told, setTold] = useState<Record<string, Told>>({});
  const [status, setStatus] = useState('Pending');
  const [done, setDone] = useState(false);
  const [error, setError] = useState<Error>();
  const decoders = useRef(new Map<string, { decoder: TextDecoder; at: number }>());
  useEffect(() => {
    const stop = new AbortController();
    const listen = async () => {
      let token: string | undefined;
      for (let over = false; !over && !stop.signal.aborted;) {
        const news = await follow(id, token, stop.signal);
        token = news.NextToken ?? token;
        over = !!news.Done;
        setTold((was) => {
          const now = { ...was };
          for (const o of news.Output ?? []) {
            const text = fresh(decoders.current, o);
            now[o.InstanceId] = { ...now[o.InstanceId], text: (now[o.InstanceId]?.text ?? '') + text };
          }
          for (const e of news.Ended ?? []) now[e.InstanceId] = { text: now[e.InstanceId]?.text ?? '', status: e.Status, code: e.ResponseCode };
          return now;
        });
        if (news.Status) setStatus(news.Status);
        setDone(over);
      }
    };
    listen().catch((e: Error) => { if (!stop.signal.aborted) setError(e); });
    return () => stop.abort();
  }, [id]);
  return (
    <Container header={<Header variant="h2" description={id} actions={!done && <Button onClick={() => cancel(id).catch(setError)}>{t.node.cancel}</Button>}>{t.node.running} <State is={status} /></Header>}>
      <SpaceBetween size="m">
        {error && <Trouble error={error} />}
        {on.map((node) => (
          <div key={node}>
            <Box variant="h3">{node} <State is={told[node]?.status ?? 'InProgress'} /> {told[node]?.code !== undefined && `${t.node.exit} ${told[node].code}`}</Box>
            <pre className="record output" role="log" aria-label={node} tabIndex={0}>{told[node]?.text}</pre>
          </div>
        ))}
      </SpaceBetween>
    </Container>
  );
}

// fresh is the text of a piece that was not there before; a character may come
// in two pieces.
function fresh(all: Map<string, { decoder: TextDecoder; at: number }>, o: { InstanceId: string; Step: string; Stream: string; Offset: number; Data: string }): string {
  const key = [o.InstanceId, o.Step, o.Stream].join(' ');
  const d = all.get(key) ?? { decoder: new TextDecoder(), at: 0 };
  all.set(key, d);
  const bytes = Uint8Array.from(atob(o.Data), (c) => c.charCodeAt(0));
  const known = d.at - o.Offset;
  if (known >= bytes.length) return '';
  d.at = o.Offset + bytes.length;
  return d.decoder.decode(bytes.subarray(Math.max(0, known)), { stream: true });
}
