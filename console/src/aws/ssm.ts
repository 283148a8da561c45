import {
  CancelCommandCommand, DescribeInstanceInformationCommand, ListInventoryEntriesCommand, SendCommandCommand, SSMClient,
  StartSessionCommand, TerminateSessionCommand, type InstanceInformation,
} from '@aws-sdk/client-ssm';
import { once, settings } from './client';

const client = once(() => new SSMClient(settings()));

export type Node = InstanceInformation;

// nodes lists every managed node.
export async function nodes(): Promise<Node[]> {
  const all: Node[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client().send(new DescribeInstanceInformationCommand({ NextToken, MaxResults: 50 }));
    all.push(...page.InstanceInformationList ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
}

// node is one of them, undefined when there is none.
export async function node(id: string): Promise<Node | undefined> {
  const out = await client().send(new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [id] }] }));
  return out.InstanceInformationList?.[0];
}

// Program is a piece of software that a node has reported.
export interface Program {
  name: string;
  version: string;
}

// programs are what a node has reported of its software, the first 500.
export async function programs(id: string): Promise<Program[]> {
  const all: Program[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client().send(new ListInventoryEntriesCommand({ InstanceId: id, TypeName: 'AWS:Application', MaxResults: 50, NextToken }));
    all.push(...(page.Entries ?? []).map((e) => ({ name: e.Name ?? '', version: e.Version ?? '' })));
    NextToken = page.NextToken;
  } while (NextToken && all.length < 500);
  return all;
}

// run begins a shell script on nodes, and returns the command's id.
export async function run(ids: string[], script: string): Promise<string> {
  const out = await client().send(new SendCommandCommand({
    DocumentName: 'AWS-RunShellScript', InstanceIds: ids, Parameters: { commands: script.split('\n') },
  }));
  return out.Command?.CommandId ?? '';
}

export const cancel = (CommandId: string) => client().send(new CancelCommandCommand({ CommandId }));

// Session is a shell that waits for its client.
export interface Session {
  id: string;
  token: string;
  path: string; // of the stream, on the plane
}

export async function startSession(node: string): Promise<Session> {
  const out = await client().send(new StartSessionCommand({ Target: node }));
  const url = new URL(out.StreamUrl ?? '');
  return { id: out.SessionId ?? '', token: out.TokenValue ?? '', path: url.pathname + url.search };
}

export const endSession = (SessionId: string) => client().send(new TerminateSessionCommand({ SessionId }));
