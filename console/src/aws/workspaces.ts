import {
  DescribeWorkspacesCommand, DescribeWorkspacesConnectionStatusCommand, RebootWorkspacesCommand, RebuildWorkspacesCommand,
  StartWorkspacesCommand, StopWorkspacesCommand, WorkSpacesClient,
  type Workspace, type WorkspaceConnectionStatus,
} from '@aws-sdk/client-workspaces';
import type { Outcome } from '../parts/Plan';
import { once, settings } from './client';

const client = once(() => new WorkSpacesClient(settings()));

// Desktop is a WorkSpace and how it is used.
export type Desktop = Workspace & { use?: WorkspaceConnectionStatus };

// desktops lists every desktop.
export async function desktops(): Promise<Desktop[]> {
  const [all, used] = await Promise.all([workspaces(), connections()]);
  return all.map((w) => ({ ...w, use: used.get(w.WorkspaceId ?? '') }));
}

async function workspaces(): Promise<Workspace[]> {
  const all: Workspace[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client().send(new DescribeWorkspacesCommand({ NextToken, Limit: 25 }));
    all.push(...page.Workspaces ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
}

async function connections(): Promise<Map<string, WorkspaceConnectionStatus>> {
  const all = new Map<string, WorkspaceConnectionStatus>();
  let NextToken: string | undefined;
  do {
    const page = await client().send(new DescribeWorkspacesConnectionStatusCommand({ NextToken }));
    for (const c of page.WorkspacesConnectionStatus ?? []) all.set(c.WorkspaceId ?? '', c);
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
}

// owners are the users of some desktops, by its id.
export async function owners(ids: string[]): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (let i = 0; i < ids.length; i += most) {
    const { Workspaces = [] } = await client().send(new DescribeWorkspacesCommand({ WorkspaceIds: ids.slice(i, i + most) }));
    for (const w of Workspaces) all[w.WorkspaceId ?? ''] = w.UserName ?? '';
  }
  return all;
}

// desktop is one desktop, undefined when there is none.
export async function desktop(id: string): Promise<Desktop | undefined> {
  const [found, used] = await Promise.all([
    client().send(new DescribeWorkspacesCommand({ WorkspaceIds: [id] })),
    client().send(new DescribeWorkspacesConnectionStatusCommand({ WorkspaceIds: [id] })),
  ]);
  const w = found.Workspaces?.[0];
  return w && { ...w, use: used.WorkspacesConnectionStatus?.[0] };
}

// Verb is what can be done to desktops.
export type Verb = 'start' | 'stop' | 'reboot' | 'rebuild';

export const verbs: Verb[] = ['start', 'stop', 'reboot', 'rebuild'];

const most = 25; // desktops in a call; one in a call to rebuild

// change does something to desktops, and says of which it was refused.
export async function change(verb: Verb, ids: string[]): Promise<Outcome> {
  const out: Outcome = { done: 0, refused: [] };
  const each = verb === 'rebuild' ? 1 : most;
  for (let i = 0; i < ids.length; i += each) {
    const some = ids.slice(i, i + each);
    const list = some.map((WorkspaceId) => ({ WorkspaceId }));
    const { FailedRequests = [] } = await {
      start: () => client().send(new StartWorkspacesCommand({ StartWorkspaceRequests: list })),
      stop: () => client().send(new StopWorkspacesCommand({ StopWorkspaceRequests: list })),
      reboot: () => client().send(new RebootWorkspacesCommand({ RebootWorkspaceRequests: list })),
      rebuild: () => client().send(new RebuildWorkspacesCommand({ RebuildWorkspaceRequests: list })),
    }[verb]();
    out.done += some.length - FailedRequests.length;
    out.refused.push(...FailedRequests.map((f) => `${f.WorkspaceId}: ${f.ErrorMessage ?? f.ErrorCode}`));
  }
  return out;
}

// commands are those of the AWS CLI that do the same.
export function commands(verb: Verb, ids: string[]): string[] {
  const each = verb === 'rebuild' ? 1 : most;
  const lines = [];
  for (let i = 0; i < ids.length; i += each) {
    lines.push(`aws workspaces ${verb}-workspaces --${verb}-workspace-requests ${ids.slice(i, i + each).map((id) => `WorkspaceId=${id}`).join(' ')}`);
  }
  return lines;
}
