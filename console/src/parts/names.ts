import { alarms } from '../aws/cloudwatch';
import { desktops, type Desktop } from '../aws/workspaces';
import { useLive } from './live';
import type { Names } from './Said';

const seldom = () => 60_000;

// useFleet is every desktop, for who types a name; without the right to see them
// there are none to offer.
export const useFleet = (): Desktop[] => useLive('fleet', desktops, seldom).data ?? [];

// namesOf are the pages of desktops by who uses them.
export function namesOf(fleet: Desktop[]): Names {
  const all: Names = new Map();
  for (const d of fleet) {
    const user = d.UserName ?? '';
    all.set(user, all.has(user) ? `desktops?q=${encodeURIComponent(user)}` : `desktops/${d.WorkspaceId}`);
  }
  return all;
}

// useNames are those and the alarms.
export function useNames(): Names {
  const all = namesOf(useFleet());
  for (const a of useLive('alarms', alarms, seldom).data ?? []) all.set(a.AlarmName ?? '', `alarms?alarm=${encodeURIComponent(a.AlarmName ?? '')}`);
  return all;
}
