import { CloudTrailClient, LookupEventsCommand, type Event, type LookupAttributeKey } from '@aws-sdk/client-cloudtrail';
import { once, settings } from './client';

const client = once(() => new CloudTrailClient(settings()));

export type { Event };

export const attributes: LookupAttributeKey[] = ['EventName', 'Username', 'ResourceName', 'ResourceType', 'EventSource', 'EventId', 'AccessKeyId', 'ReadOnly'];

// Made is a desktop that somebody asked for.
export interface Made { id: string; user: string; at: Date; by: string }

export const madeDays = 7;

const mostMade = 200;

// made are the desktops that were asked for in the last days, the newest first,
// as the trail has them: AWS keeps the time of a desktop's making nowhere else.
export async function made(): Promise<Made[]> {
  const all: Made[] = [];
  let next: string | undefined;
  do {
    const page = await events('EventName', 'CreateWorkspaces', 24 * madeDays, next);
    for (const e of page.events) {
      const record = JSON.parse(e.CloudTrailEvent ?? '{}') as { responseElements?: { pendingRequests?: { workspaceId: string; userName: string }[] } };
      for (const r of record.responseElements?.pendingRequests ?? []) all.push({ id: r.workspaceId, user: r.userName, at: e.EventTime ?? new Date(0), by: e.Username ?? '' });
    }
    next = page.next;
  } while (next && all.length < mostMade);
  return all;
}

// events are the last ones since a moment, the newest first, and a token for
// those before them.
export async function events(by: string, value: string, hours: number, NextToken?: string): Promise<{ events: Event[]; next?: string }> {
  const out = await client().send(new LookupEventsCommand({
    LookupAttributes: by && value ? [{ AttributeKey: by as LookupAttributeKey, AttributeValue: value }] : undefined,
    StartTime: hours ? new Date(Date.now() - hours * 3_600_000) : undefined, MaxResults: 50, NextToken,
  }));
  return { events: out.Events ?? [], next: out.NextToken };
}
