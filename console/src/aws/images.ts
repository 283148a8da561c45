import { DescribeWorkspaceBundlesCommand, DescribeWorkspaceImagesCommand, type WorkspaceBundle, type WorkspaceImage } from '@aws-sdk/client-workspaces';
import { client } from './workspaces';

// images lists the account's own images, the newest first.
export async function images(): Promise<WorkspaceImage[]> {
  const all: WorkspaceImage[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client().send(new DescribeWorkspaceImagesCommand({ NextToken }));
    all.push(...page.Images ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return all.sort((a, b) => Number(b.Created ?? 0) - Number(a.Created ?? 0));
}

// bundles are those of some ids, whosever they are, and the account's own.
export async function bundles(ids: string[]): Promise<WorkspaceBundle[]> {
  const all: WorkspaceBundle[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client().send(new DescribeWorkspaceBundlesCommand({ NextToken }));
    all.push(...page.Bundles ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  const others = ids.filter((id) => !all.some((b) => b.BundleId === id));
  for (let i = 0; i < others.length; i += 25) {
    all.push(...(await client().send(new DescribeWorkspaceBundlesCommand({ BundleIds: others.slice(i, i + 25) }))).Bundles ?? []);
  }
  return all;
}
