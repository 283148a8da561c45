import { useState } from 'react';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { nodes, type Node } from '../aws/ssm';
import { Cli } from '../parts/Cli';
import { List } from '../parts/List';
import { useLive } from '../parts/live';
import { follow, go, href } from '../parts/route';
import { Run } from '../parts/Run';
import { State, when } from '../parts/State';
import { useText } from '../text';

// Nodes lists managed nodes, and runs a script on those that are chosen.
export default function Nodes() {
  const t = useText();
  const live = useLive('nodes', nodes);
  const [chosen, setChosen] = useState<Node[]>([]);
  const marked = (live.data ?? []).filter((n) => chosen.some((c) => c.InstanceId === n.InstanceId));
  return (
    <SpaceBetween size="l">
      <List
        live={live} head={t.pages.nodes} id="InstanceId" search={t.node.search} none={t.node.none} chosen={marked} choose={setChosen}
        choices={[
          { name: 'state', label: t.node.state, any: t.desktop.any, of: (n) => n.PingStatus ?? '' },
          { name: 'platform', label: t.node.platform, any: t.node.anyPlatform, of: (n) => n.PlatformName ?? '' },
        ]}
        actions={<Button disabled={marked.length !== 1} onClick={() => go(`shell/${marked[0]!.InstanceId}`)}>{t.node.shell}</Button>}
        columns={[
          { id: 'id', header: t.node.id, isRowHeader: true, cell: (n) => <Link href={href(`nodes/${n.InstanceId}`)} onFollow={follow}>{n.InstanceId}</Link> },
          { id: 'name', header: t.node.name, cell: (n) => n.ComputerName },
          { id: 'state', header: t.node.state, cell: (n) => <State is={n.PingStatus} /> },
          { id: 'platform', header: t.node.platform, cell: (n) => `${n.PlatformName ?? ''} ${n.PlatformVersion ?? ''}` },
          { id: 'address', header: t.node.address, cell: (n) => n.IPAddress },
          { id: 'agent', header: t.node.agent, cell: (n) => n.AgentVersion },
          { id: 'seen', header: t.node.seen, cell: (n) => when(n.LastPingDateTime) },
        ]}
      />
      <Run nodes={marked.map((n) => n.InstanceId ?? '')} />
      <Cli commands={['aws ssm describe-instance-information']} />
    </SpaceBetween>
  );
}
