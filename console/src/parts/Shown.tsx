import type { ReactNode } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { end } from '../session';
import { useText, type Text } from '../text';
import type { Live } from './live';

const denials = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'AuthorizationError'];
// deskless is what a plane says that serves no desk.
export const deskless = /^This plane serves no desk/;
const overs = ['ExpiredToken', 'ExpiredTokenException', 'UnrecognizedClientException', 'InvalidClientTokenId'];

// Trouble says why something is not there: denied, signed out, or failed.
export function Trouble({ error, again, stale, head }: { error: Error; again?: () => void; stale?: boolean; head?: string }) {
  const t = useText();
  if (overs.includes(error.name)) {
    return <Alert type="warning" action={<Button onClick={end}>{t.signIn.go}</Button>}>{t.state.over}</Alert>;
  }
  if (deskless.test(error.message)) return <Box color="text-status-inactive">{t.state.noDesk}</Box>;
  const denied = denials.includes(error.name);
  return (
    <Alert
      type={denied ? 'warning' : 'error'} header={head ?? (denied ? t.state.denied : t.state.failed)}
      action={again && <Button onClick={again}>{t.state.again}</Button>}
    >
      <span className="answer">{reason(error, t)}</span> {stale && t.state.stale}
    </Alert>
  );
}

// reason is what the plane said, or that it said nothing.
export function reason(error: Error, t: Text): string {
  return error instanceof TypeError || error.name === 'TimeoutError' ? t.state.away : error.message;
}

// Shown is a live thing in its four states: loading, denied or failed, empty,
// and there.
export function Shown<T>({ live, empty, none, children }: {
  live: Live<T>;
  empty?: (data: T) => boolean;
  none?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  const t = useText();
  if (live.data === undefined) {
    if (live.error) return <Trouble error={live.error} again={live.refresh} />;
    return <LiveRegion><StatusIndicator type="loading">{t.state.loading}</StatusIndicator></LiveRegion>;
  }
  return (
    <SpaceBetween size="s">
      {live.error && <Trouble error={live.error} again={live.refresh} stale />}
      {empty?.(live.data) ? <Box color="text-status-inactive">{none ?? t.state.none}</Box> : children(live.data)}
    </SpaceBetween>
  );
}
