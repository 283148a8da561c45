import { useEffect, useState, type ComponentType, type ReactNode } from 'react';

// Fetched is a component whose code is fetched when it is first shown, or ahead.
export type Fetched<P> = ComponentType<P> & { ahead: () => Promise<unknown> };

// fetched makes one; waiting is what is seen until it is there, or why it does not
// come. It does without Suspense: React keeps what follows a sign of waiting back
// for 300 ms, which is longer than the code takes.
export function fetched<P extends object>(load: () => Promise<{ default: ComponentType<P> }>, waiting: (error?: Error) => ReactNode): Fetched<P> {
  let there: ComponentType<P> | undefined;
  const ahead = async () => { there ??= (await load()).default; };
  function Shown(given: P) {
    const [Page, setPage] = useState(() => there);
    const [error, setError] = useState<Error>();
    useEffect(() => {
      let left = false;
      if (!there) ahead().then(() => { if (!left) setPage(() => there); }, (e) => { if (!left) setError(e); });
      return () => { left = true; };
    }, []);
    return Page ? <Page {...given} /> : waiting(error);
  }
  return Object.assign(Shown, { ahead });
}
