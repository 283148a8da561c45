import { useState } from 'react';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { desktops, type Desktop } from '../aws/workspaces';
import { Cli } from '../parts/Cli';
import { useLive } from '../parts/live';
import { follow, href, put, useAddress } from '../parts/route';
import { Trouble } from '../parts/Shown';
import { State, when } from '../parts/State';
import { useText } from '../text';

const perPage = 50;

// holds tells whether every word that is looked for is somewhere in a desktop.
function holds(d: Desktop, words: string[]): boolean {
  const text = JSON.stringify(d).toLowerCase();
  return words.every((w) => text.includes(w));
}

// Desktops finds desktops; what is looked for is in the address.
export default function Desktops() {
  const t = useText();
  const { query } = useAddress();
  const live = useLive('desktops', desktops);
  const [page, setPage] = useState(1);
  const q = query.get('q') ?? '';
  const state = query.get('state') ?? '';
  const use = query.get('use') ?? '';
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const all = live.data ?? [];
  const found = all.filter((d) => (!state || d.State === state) && (!use || d.use?.ConnectionState === use) && holds(d, words));
  const states = [...new Set([...all.map((d) => d.State ?? ''), state])].filter(Boolean).sort();
  const pages = Math.max(1, Math.ceil(found.length / perPage));
  const at = Math.min(page, pages);
  const look = (name: string, value: string) => { put(name, value); setPage(1); };
  return (
    <SpaceBetween size="l">
      {live.error && <Trouble error={live.error} again={live.refresh} stale={live.data !== undefined} />}
      <Table
        variant="full-page" stickyHeader={false} trackBy="WorkspaceId" loading={!live.data && !live.error} loadingText={t.state.loading}
        items={found.slice((at - 1) * perPage, at * perPage)}
        header={<Header variant="h1" counter={`(${t.desktop.found(found.length, all.length)})`} actions={<Button iconName="refresh" ariaLabel={t.state.refresh} onClick={live.refresh} />}>{t.pages.desktops}</Header>}
        filter={
          <div className="filters">
            <TextFilter filteringText={q} filteringPlaceholder={t.desktop.search} filteringAriaLabel={t.desktop.search} onChange={(e) => look('q', e.detail.filteringText)} />
            <Select
              ariaLabel={t.desktop.state} selectedOption={{ value: state, label: state || t.desktop.any }}
              options={[{ value: '', label: t.desktop.any }, ...states.map((s) => ({ value: s, label: s }))]}
              onChange={(e) => look('state', e.detail.selectedOption.value ?? '')}
            />
            {use && <Button iconName="close" iconAlign="right" onClick={() => look('use', '')}>{use}</Button>}
          </div>
        }
        pagination={<Pagination currentPageIndex={at} pagesCount={pages} onChange={(e) => setPage(e.detail.currentPageIndex)} />}
        empty={
          <Box textAlign="center" color="inherit">
            {all.length ? t.state.noMatch : live.error ? t.state.unknown : t.desktop.none}
            {all.length > 0 && <Box padding="s"><Button onClick={() => { look('q', ''); look('state', ''); look('use', ''); }}>{t.state.clear}</Button></Box>}
          </Box>
        }
        columnDefinitions={[
          { id: 'user', header: t.desktop.user, cell: (d) => d.UserName, isRowHeader: true },
          { id: 'id', header: t.desktop.id, cell: (d) => <Link href={href(`desktops/${d.WorkspaceId}`)} onFollow={follow}>{d.WorkspaceId}</Link> },
          { id: 'state', header: t.desktop.state, cell: (d) => <State is={d.State} /> },
          { id: 'computer', header: t.desktop.computer, cell: (d) => d.ComputerName },
          { id: 'mode', header: t.desktop.mode, cell: (d) => d.WorkspaceProperties?.RunningMode },
          { id: 'address', header: t.desktop.address, cell: (d) => d.IpAddress },
          { id: 'used', header: t.desktop.used, cell: (d) => (d.use?.ConnectionState === 'CONNECTED' ? t.desktop.connected : when(d.use?.LastKnownUserConnectionTimestamp)) },
        ]}
      />
      <Cli commands={['aws workspaces describe-workspaces', 'aws workspaces describe-workspaces-connection-status']} />
    </SpaceBetween>
  );
}
