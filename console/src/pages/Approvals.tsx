import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { requests, said, type Request } from '../aws/desk';
import { Cli } from '../parts/Cli';
import { List } from '../parts/List';
import { useLive } from '../parts/live';
import { put, useAddress } from '../parts/route';
import { State, when } from '../parts/State';
import { Vote } from '../parts/Vote';
import { useText } from '../text';

// Approvals lists what people are asked to agree to, and takes votes.
export default function Approvals() {
  const t = useText();
  const { query } = useAddress();
  const all = useLive('requests', requests);
  const live = { data: all.data?.Requests, error: all.error, refresh: all.refresh };
  const id = query.get('request') ?? '';
  const one = live.data?.find((r) => r.RequestId === id);
  const whose = (r: Request) => (r.Mine ? 'mine' : '');
  return (
    <SpaceBetween size="l">
      {all.data && !all.data.Person && <Alert type="info">{t.desk.stranger}</Alert>}
      <List
        live={live} head={t.pages.approvals} id="RequestId" search={t.desk.searchRequests} none={t.desk.noRequests} one
        chosen={one ? [one] : []} choose={([r]) => put('request', r?.RequestId ?? '')}
        choices={[
          { name: 'waits', label: t.desk.waits, any: t.desk.anyone, of: whose, say: () => t.desk.mine },
          { name: 'state', label: t.desk.state, any: t.desk.anyState, of: (r) => r.State, say: (v) => t.desk.states[v] ?? v },
        ]}
        columns={[
          { id: 'title', header: t.desk.what, cell: (r) => said(r.Title), isRowHeader: true },
          { id: 'state', header: t.desk.state, cell: (r) => <State is={r.State} say={t.desk.states} /> },
          { id: 'waits', header: t.desk.waits, cell: (r) => (r.Mine ? <b>{t.desk.mine}</b> : r.Asked?.join(', ')) },
          { id: 'by', header: t.desk.by, cell: (r) => r.Person ?? r.By.split('/').pop() },
          { id: 'reason', header: t.desk.reason, cell: (r) => r.Reason },
          { id: 'until', header: t.desk.until, cell: (r) => when(r.ExpiresAt * 1000) },
          { id: 'id', header: t.desk.request, cell: (r) => r.RequestId },
        ]}
      />
      {one ? <Vote key={one.RequestId} of={one} changed={all.refresh} /> : <Box color="text-status-inactive">{t.desk.choose}</Box>}
      <Cli commands={['tamachi approval list']} />
    </SpaceBetween>
  );
}
