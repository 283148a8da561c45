import {
  DescribeWorkspacesCommand, DescribeWorkspacesConnectionStatusCommand, WorkSpacesClient,
  type Workspace, type WorkspaceConnectionStatus,
} from '@aws-sdk/client-workspaces';
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
