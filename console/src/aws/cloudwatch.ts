import { CloudWatchClient, DescribeAlarmsCommand, type CompositeAlarm, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { once, settings } from './client';

const client = once(() => new CloudWatchClient(settings()));

export type Alarm = MetricAlarm & CompositeAlarm;

// alarms lists every alarm, of both kinds.
export async function alarms(): Promise<Alarm[]> {
  const all: Alarm[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client().send(new DescribeAlarmsCommand({ NextToken, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
    all.push(...page.MetricAlarms ?? [], ...page.CompositeAlarms ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
}
