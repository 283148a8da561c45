import { call } from './signed';

const ours = <T>(operation: string, input: object, signal?: AbortSignal) => call<T>('tamachi', `Tamachi.${operation}`, input, signal);

// DesktopEvent is a change of a desktop; moments are in seconds.
export interface DesktopEvent {
  At: number;
  State?: string;
  ErrorCode?: string;
  ErrorMessage?: string;
  By?: string;
  RunningMode?: string;
  ComputeTypeName?: string;
}

// happened is what happened to a desktop, the newest first.
export async function happened(id: string): Promise<DesktopEvent[]> {
  const out = await ours<{ Events?: DesktopEvent[] }>('DescribeDesktopHistory', { WorkspaceId: id });
  return (out.Events ?? []).reverse();
}

// Session is a display stream of a desktop; moments are in seconds.
export interface Session {
  SessionId: string;
  Kind: string;
  Status: string;
  UserName?: string;
  PrincipalArn?: string;
  ClientIpAddress?: string;
  ClientPlatform?: string;
  ClientBrowser?: string;
  StartTime: number;
  DurationSeconds?: number;
  Reason?: string;
}

// sessions are the last ones of a desktop, the newest first.
export async function sessions(WorkspaceId: string): Promise<Session[]> {
  return (await ours<{ Sessions?: Session[] }>('ListDesktopSessions', { WorkspaceId, MaxResults: 20 })).Sessions ?? [];
}

// open returns an address that opens a desktop once.
export async function open(id: string): Promise<string> {
  const { Url } = await ours<{ Url: string }>('OpenDesktop', { WorkspaceId: id });
  const url = new URL(Url);
  return url.pathname + url.search; // on the host by which this page came
}

// News is what is new of a command since the token.
export interface News {
  Output?: { InstanceId: string; Step: string; Stream: string; Offset: number; Data: string }[];
  Ended?: { InstanceId: string; Status: string; ResponseCode?: number }[];
  Status?: string;
  Done?: boolean;
  NextToken?: string;
}

// follow waits some seconds for what is new of a command.
export const follow = (CommandId: string, NextToken: string | undefined, signal: AbortSignal) =>
  ours<News>('FollowCommand', { CommandId, NextToken }, signal);
