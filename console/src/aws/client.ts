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

// together waits for several answers. Where more than one fails, it says why the
// first of the list did, whichever came first: who may see nothing reads the same
// each time.
export async function together<T extends readonly unknown[] | []>(coming: T) {
  await Promise.allSettled(coming);
  return Promise.all(coming);
}
