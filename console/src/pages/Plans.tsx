import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { plans, type Plan } from '../aws/desk';
import { Cli } from '../parts/Cli';
import { List } from '../parts/List';
import { useLive } from '../parts/live';
import { follow, href } from '../parts/route';
import { State, when } from '../parts/State';
import { useText } from '../text';

// standing is where a plan is, in one word.
export function standing(p: Plan): string {
  if (p.Running) return 'RUNNING';
  if (p.Done === p.Steps) return 'DONE';
  if (p.Failed) return 'FAILED';
  if (p.Begun) return 'STOPPED';
  return p.RequestState === 'PENDING' || p.RequestState === 'REJECTED' || p.RequestState === 'EXPIRED' ? p.RequestState : 'READY';
}

// Plans lists what the duties propose to change, and what became of it.
export default function Plans() {
  const t = useText();
  const live = useLive('plans', plans);
  return (
    <SpaceBetween size="l">
      <List
        live={live} head={t.pages.plans} id="PlanId" search={t.desk.searchPlans} none={t.desk.noPlans}
        choices={[
          { name: 'state', label: t.desk.state, any: t.desk.anyState, of: standing, say: (v) => t.desk.states[v] ?? v },
          { name: 'duty', label: t.desk.duty, any: t.desk.anyDuty, of: (p) => p.Duty },
        ]}
        columns={[
          { id: 'id', header: t.desk.plan, cell: (p) => <Link href={href(`plans/${p.PlanId}`)} onFollow={follow}>{p.PlanId}</Link>, isRowHeader: true },
          { id: 'duty', header: t.desk.duty, cell: (p) => p.Duty },
          { id: 'state', header: t.desk.state, cell: (p) => <State is={standing(p)} say={t.desk.states} /> },
          { id: 'done', header: t.desk.done, cell: (p) => `${p.Done} / ${p.Steps}` },
          { id: 'made', header: t.desk.made, cell: (p) => when(p.MadeAt * 1000) },
          { id: 'reason', header: t.desk.reason, cell: (p) => p.Reason },
          { id: 'by', header: t.desk.by, cell: (p) => p.By.split('/').pop() },
        ]}
      />
      <Cli commands={['tamachi plan list']} />
    </SpaceBetween>
  );
}
