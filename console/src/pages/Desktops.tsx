import { useState } from 'react';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { verbs, type Verb } from '../aws/desk';
import { desktops, type Desktop } from '../aws/workspaces';
import { Change } from '../parts/Change';
import { Cli } from '../parts/Cli';
import { List } from '../parts/List';
import { useLive } from '../parts/live';
import { follow, href } from '../parts/route';
import { State, when } from '../parts/State';
import { useText } from '../text';

const day = 86_400_000;

// seen is how long ago somebody used a desktop, roughly: who was cut off in the
// last hour, whom nobody needs any more.
function seen(d: Desktop): string {
  if (d.use?.ConnectionState === 'CONNECTED') return 'now';
  const at = d.use?.LastKnownUserConnectionTimestamp?.getTime();
  if (!at) return 'never';
  const ago = Date.now() - at;
  return ago < day / 24 ? 'hour' : ago < day ? 'day' : ago < 30 * day ? 'month' : 'long';
}

// Desktops finds desktops, and does things to several at once.
export default function Desktops() {
  const t = useText();
  const live = useLive('desktops', desktops);
  const [chosen, setChosen] = useState<Desktop[]>([]);
  const [verb, setVerb] = useState<Verb>();
  const marked = (live.data ?? []).filter((d) => chosen.some((c) => c.WorkspaceId === d.WorkspaceId));
  return (
    <SpaceBetween size="l">
      <List
        live={live} head={t.pages.desktops} id="WorkspaceId" search={t.desktop.search} none={t.desktop.none} chosen={marked} choose={setChosen}
        choices={[
          { name: 'state', label: t.desktop.state, any: t.desktop.any, of: (d) => d.State ?? '' },
          { name: 'mode', label: t.desktop.mode, any: t.desktop.anyMode, of: (d) => d.WorkspaceProperties?.RunningMode ?? '' },
          { name: 'seen', label: t.desktop.used, any: t.desktop.anySeen, of: seen, say: (v) => t.desktop.seen[v] ?? v },
          { name: 'use', label: t.desktop.use, any: t.desktop.anyUse, of: (d) => d.use?.ConnectionState ?? '' },
        ]}
        actions={
          <ButtonDropdown
            disabled={!marked.length} items={verbs.map((id) => ({ id, text: t.desktop.verbs[id] }))}
            onItemClick={(e) => setVerb(e.detail.id as Verb)}
          >{marked.length ? t.desktop.chosen(marked.length) : t.desktop.actions}</ButtonDropdown>
        }
        columns={[
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
      {verb && <Change verb={verb} desktops={marked} close={() => { setVerb(undefined); live.refresh(); }} />}
    </SpaceBetween>
  );
}
