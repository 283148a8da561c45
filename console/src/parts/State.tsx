import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

const kinds: Record<string, StatusIndicatorProps.Type> = {
  AVAILABLE: 'success', OK: 'success', Online: 'success', Success: 'success', Enabled: 'success', Active: 'success', CONNECTED: 'success',
  STOPPED: 'stopped', SUSPENDED: 'stopped', Disabled: 'stopped', Cancelled: 'stopped', DISCONNECTED: 'stopped',
  ERROR: 'error', UNHEALTHY: 'error', ALARM: 'error', Failed: 'error', TimedOut: 'error', IMPAIRED: 'error',
  DONE: 'success', APPROVED: 'success', READY: 'pending', UNASKED: 'pending', WAITING: 'pending', REJECTED: 'error', FAILED: 'error', KEPT: 'error', EXPIRED: 'stopped', SKIPPED: 'stopped', UNDONE: 'stopped',
  current: 'success', earlier: 'warning', unclear: 'pending',
  BEGUN: 'in-progress', ASKED: 'in-progress',
  ConnectionLost: 'warning', Inactive: 'warning', INSUFFICIENT_DATA: 'pending', Pending: 'pending', PENDING: 'in-progress',
};

// State is a state with its sign; AWS's own word for it is kept, ours is said.
export function State({ is = '', say }: { is?: string; say?: Record<string, string> }) {
  return <StatusIndicator type={kinds[is] ?? (/ING$|^InProgress$|^Cancelling$/.test(is) ? 'in-progress' : 'info')}>{say?.[is] ?? is}</StatusIndicator>;
}

// when is a moment as the reader's language and clock write it.
export function when(d?: Date | string | number): string {
  return d === undefined ? '' : new Date(d).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'medium' });
}
