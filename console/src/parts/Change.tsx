import Box from '@cloudscape-design/components/box';
import { change, commands, type Desktop, type Verb } from '../aws/workspaces';
import { useText } from '../text';
import { Plan } from './Plan';

// Change is the plan of doing something to desktops.
export function Change({ verb, desktops, close }: { verb: Verb; desktops: Desktop[]; close: () => void }) {
  const t = useText();
  const ids = desktops.map((d) => d.WorkspaceId ?? '');
  const connected = desktops.filter((d) => d.use?.ConnectionState === 'CONNECTED').length;
  return (
    <Plan head={t.plan[verb]} loss={t.plan[`${verb}Loss`]} commands={commands(verb, ids)} apply={() => change(verb, ids)} close={close}>
      {connected > 0 && verb !== 'start' && <Box color="text-status-error">{t.plan.connected(connected)}</Box>}
      <ul className="plan">{desktops.map((d) => <li key={d.WorkspaceId}>{d.UserName} ({d.WorkspaceId}) {d.State}</li>)}</ul>
    </Plan>
  );
}
