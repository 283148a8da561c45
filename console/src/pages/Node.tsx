import Alert from '@cloudscape-design/components/alert';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { node, programs } from '../aws/ssm';
import { Cli } from '../parts/Cli';
import { Facts } from '../parts/Facts';
import { List } from '../parts/List';
import { useLive } from '../parts/live';
import { follow, go, href, useAddress } from '../parts/route';
import { Run } from '../parts/Run';
import { Shown } from '../parts/Shown';
import { State, when } from '../parts/State';
import { useText } from '../text';

// Node is one managed node: what it is, what it runs, and a way in.
export default function Node() {
  const t = useText();
  const { path } = useAddress();
  const id = path.split('/')[1] ?? '';
  const live = useLive(`node ${id}`, async () => ({ is: await node(id) }));
  const software = useLive(`software ${id}`, () => programs(id));
  return (
    <SpaceBetween size="l">
      <BreadcrumbGroup items={[{ text: t.pages.nodes, href: href('nodes') }, { text: id, href: href(`nodes/${id}`) }]} onFollow={follow} ariaLabel={t.trail} />
      <Header variant="h1" actions={<Button data-do="shell" variant="primary" onClick={() => go(`shell/${id}`)}>{t.node.shell}</Button>}>{live.data?.is?.ComputerName ?? id}</Header>
      <Container header={<Header variant="h2">{t.node.facts}</Header>}>
        <Shown live={live} empty={(d) => !d.is} none={<Alert type="info">{t.node.none}</Alert>}>
          {({ is }) => (
            <Facts
              of={[
                [t.node.id, is?.InstanceId], [t.node.state, <State is={is?.PingStatus} />], [t.node.platform, `${is?.PlatformName ?? ''} ${is?.PlatformVersion ?? ''}`],
                [t.node.address, is?.IPAddress], [t.node.agent, is?.AgentVersion], [t.node.seen, when(is?.LastPingDateTime)],
              ]}
            />
          )}
        </Shown>
      </Container>
      <Run nodes={[id]} />
      <List
        live={software} head={t.node.inventory} id="name" search={t.node.software} none={t.node.noInventory}
        columns={[
          { id: 'name', header: t.node.software, cell: (p) => p.name, isRowHeader: true },
          { id: 'version', header: t.node.version, cell: (p) => p.version },
        ]}
      />
      <Cli commands={[`aws ssm describe-instance-information --filters Key=InstanceIds,Values=${id}`, `aws ssm list-inventory-entries --instance-id ${id} --type-name AWS:Application`, `aws ssm start-session --target ${id}`]} />
    </SpaceBetween>
  );
}
