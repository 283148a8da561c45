import {
  DescribeWorkspacesCommand, DescribeWorkspacesConnectionStatusCommand, WorkSpacesClient, type Workspace, type WorkspaceConnectionStatus,
} from '@aws-sdk/client-workspaces';
import { once, settings, together } from './client';

// client is that of WorkSpaces.
export const client = once(() => new WorkSpacesClient(settings()));

// Desktop is a WorkSpace and how it is used.
export type Desktop = Workspace & { use?: WorkspaceConnectionStatus };

// desktops lists every desktop.
export async function desktops(): Promise<Desktop[]> {
  const [all, used] = await together([workspaces(), connections()]);
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
  const [found, used] = await together([
    client().send(new DescribeWorkspacesCommand({ WorkspaceIds: [id] })),
    client().send(new DescribeWorkspacesConnectionStatusCommand({ WorkspaceIds: [id] })),
  ]);
  const w = found.Workspaces?.[0];
  return w && { ...w, use: used.WorkspacesConnectionStatus?.[0] };
}

const most = 25; // desktops in a call
