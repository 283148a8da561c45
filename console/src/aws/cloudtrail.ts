import { CloudTrailClient, LookupEventsCommand, type Event, type LookupAttributeKey } from '@aws-sdk/client-cloudtrail';
import { once, settings } from './client';

const client = once(() => new CloudTrailClient(settings()));

export type { Event };

export const attributes: LookupAttributeKey[] = ['EventName', 'Username', 'ResourceName', 'ResourceType', 'EventSource', 'EventId', 'AccessKeyId', 'ReadOnly'];

// events are the last ones since a moment, the newest first, and a token for
// those before them.
export async function events(by: string, value: string, hours: number, NextToken?: string): Promise<{ events: Event[]; next?: string }> {
  const out = await client().send(new LookupEventsCommand({
    LookupAttributes: by && value ? [{ AttributeKey: by as LookupAttributeKey, AttributeValue: value }] : undefined,
    StartTime: hours ? new Date(Date.now() - hours * 3_600_000) : undefined, MaxResults: 50, NextToken,
  }));
  return { events: out.Events ?? [], next: out.NextToken };
}
