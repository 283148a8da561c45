import { useState, type ReactNode } from 'react';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { attributes, events, type Event } from '../aws/cloudtrail';
import { Cli, word } from '../parts/Cli';
import { List } from '../parts/List';
import { useLive } from '../parts/live';
import { put, useAddress } from '../parts/route';
import { State, when } from '../parts/State';
import { useText } from '../text';

const times = [['1', 'hour'], ['24', 'day'], ['168', 'week'], ['', 'all']] as const;

// Events finds what was called, by whom, on what; the filters are in the address.
export default function Events() {
  const t = useText();
  const { query } = useAddress();
  const by = query.get('by') ?? '';
  const value = query.get('value') ?? '';
  const hours = query.get('hours') ?? '';
  const id = query.get('event') ?? '';
  const [pages, setPages] = useState(1);
  const [more, setMore] = useState(false);
  const live = useLive(`events ${by} ${value} ${hours} ${pages}`, async () => {
    const all: Event[] = [];
    let next: string | undefined;
    for (let i = 0; i < pages && (i === 0 || next); i++) {
      const page = await events(by, value, Number(hours), next);
      all.push(...page.events);
      next = page.next;
    }
    setMore(next !== undefined);
    return all;
  });
  const one = live.data?.find((e) => e.EventId === id);
  const spans = times.map(([v, name]) => ({ value: v, label: t.event[name] }));
  return (
    <SpaceBetween size="l">
      <List
        live={live} head={t.pages.events} id="EventId" search={t.event.find} none={t.event.none} one
        chosen={one ? [one] : []} choose={([e]) => put('event', e?.EventId ?? '')}
        extra={<Looked by={by} value={value} changed={() => setPages(1)}>
          <Select ariaLabel={t.event.since} options={spans} selectedOption={spans.find((s) => s.value === hours) ?? spans[3]!} onChange={(e) => { put('hours', e.detail.selectedOption.value ?? ''); setPages(1); }} />
        </Looked>}
        columns={[
          { id: 'time', header: t.event.time, cell: (e) => when(e.EventTime) },
          { id: 'name', header: t.event.name, cell: (e) => e.EventName, isRowHeader: true },
          { id: 'user', header: t.event.user, cell: (e) => e.Username },
          { id: 'resource', header: t.event.resource, cell: (e) => e.Resources?.map((r) => r.ResourceName).join(', ') },
          { id: 'source', header: t.event.source, cell: (e) => e.EventSource },
          { id: 'error', header: t.event.error, cell: (e) => { const code = errorOf(e); return code && <State is={code} />; } },
        ]}
      />
      {more && <Button onClick={() => setPages(pages + 1)}>{t.event.more}</Button>}
      {one && <Record of={one} />}
      <Cli commands={[`aws cloudtrail lookup-events${by && value ? ` --lookup-attributes AttributeKey=${by},AttributeValue=${word(value)}` : ''}${hours ? ` --start-time "$(date -u -d '${hours} hours ago' +%FT%TZ)"` : ''}`]} />
    </SpaceBetween>
  );
}

// errorOf is the code with which a call was refused.
function errorOf(e: Event): string {
  return /"errorCode":"([^"]+)"/.exec(e.CloudTrailEvent ?? '')?.[1] ?? '';
}

// Looked is what CloudTrail itself looks for: one attribute.
function Looked({ by, value, changed, children }: { by: string; value: string; changed: () => void; children: ReactNode }) {
  const t = useText();
  const [typed, setTyped] = useState(value);
  const [key, setKey] = useState(by);
  const look = () => { put('by', typed ? key : ''); put('value', key ? typed : ''); changed(); };
  const options = ['', ...attributes].map((v) => ({ value: v, label: v || t.event.any }));
  return (
    <form className="filters" onSubmit={(e) => { e.preventDefault(); look(); }}>
      <Select ariaLabel={t.event.by} options={options} selectedOption={options.find((o) => o.value === key)!} onChange={(e) => setKey(e.detail.selectedOption.value ?? '')} />
      <Input ariaLabel={t.event.value} name="value" value={typed} onChange={(e) => setTyped(e.detail.value)} disabled={!key} placeholder={t.event.value} />
      <Button iconName="search">{t.event.find}</Button>
      {children}
    </form>
  );
}

function Record({ of }: { of: Event }) {
  const t = useText();
  const text = pretty(of.CloudTrailEvent ?? '');
  return (
    <Container header={<Header variant="h2" actions={<CopyToClipboard copyButtonText={t.cli.copy} copySuccessText={t.cli.copied} copyErrorText={t.cli.notCopied} textToCopy={text} />}>{t.event.record}: {of.EventName}</Header>}>
      <pre className="record" tabIndex={0}>{text}</pre>
    </Container>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
