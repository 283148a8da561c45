import { session, type Session } from '../session';

// settings are those of every SDK client: the plane that served this page, and
// who is signed in.
export function settings(s: Session | undefined = session()) {
  if (!s) throw new Error('nobody is signed in');
  return {
    region: s.region,
    endpoint: location.origin,
    credentials: { accessKeyId: s.accessKeyId, secretAccessKey: s.secretAccessKey, sessionToken: s.sessionToken },
    maxAttempts: 2,
  };
}

// once makes something at its first use.
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
