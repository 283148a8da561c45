import {
  CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand, DisableAlarmActionsCommand, EnableAlarmActionsCommand,
  GetMetricDataCommand, type AlarmHistoryItem, type CompositeAlarm, type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
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

// Series is what one metric was, the oldest first.
export interface Series {
  name: string;
  points: { x: Date; y: number }[];
}

// measured are metrics of a desktop in the last hours.
export async function measured(id: string, names: string[], hours: number): Promise<Series[]> {
  const end = new Date(Math.ceil(Date.now() / 60_000) * 60_000);
  const out = await client().send(new GetMetricDataCommand({
    StartTime: new Date(end.getTime() - hours * 3_600_000), EndTime: end, ScanBy: 'TimestampAscending',
    MetricDataQueries: names.map((MetricName, i) => ({
      Id: `m${i}`, Label: MetricName,
      MetricStat: { Metric: { Namespace: 'AWS/WorkSpaces', MetricName, Dimensions: [{ Name: 'WorkspaceId', Value: id }] }, Period: 300, Stat: 'Average' },
    })),
  }));
  return (out.MetricDataResults ?? []).map((r) => ({
    name: r.Label ?? '', points: (r.Timestamps ?? []).map((x, i) => ({ x, y: r.Values?.[i] ?? 0 })),
  }));
}

// history is what happened to an alarm, the newest first.
export async function history(name: string): Promise<AlarmHistoryItem[]> {
  const out = await client().send(new DescribeAlarmHistoryCommand({ AlarmName: name, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 50 }));
  return out.AlarmHistoryItems ?? [];
}

export const offenderDays = 7;

const mostPages = 20; // of the history of all alarms

// offences is how often each alarm went to ALARM in the last days.
export async function offences(): Promise<Record<string, number>> {
  const times: Record<string, number> = {};
  let NextToken: string | undefined;
  for (let page = 0; page < mostPages && (page === 0 || NextToken); page++) {
    const out = await client().send(new DescribeAlarmHistoryCommand({
      HistoryItemType: 'StateUpdate', StartDate: new Date(Date.now() - offenderDays * 86_400_000), AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 100, NextToken,
    }));
    for (const h of out.AlarmHistoryItems ?? []) {
      if (h.AlarmName && /"newState":\{[^}]*"stateValue":"ALARM"/.test((h.HistoryData ?? '').replace(/\s/g, ''))) times[h.AlarmName] = (times[h.AlarmName] ?? 0) + 1;
    }
    NextToken = out.NextToken;
  }
  return times;
}

// desktopOf is the desktop that an alarm is about, "" where it names none.
export const desktopOf = (a: Alarm): string => a.Dimensions?.find((d) => d.Name === 'WorkspaceId')?.Value ?? '';

// act turns the actions of an alarm on or off.
export async function act(name: string, on: boolean) {
  const AlarmNames = [name];
  if (on) await client().send(new EnableAlarmActionsCommand({ AlarmNames }));
  else await client().send(new DisableAlarmActionsCommand({ AlarmNames }));
}
