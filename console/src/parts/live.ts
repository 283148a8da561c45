import { useCallback, useEffect, useRef, useState } from 'react';

const quickest = 4_000; // between two looks at what just changed
const slowest = 30_000; // at what stands still
const troubled = 60_000; // while the plane does not answer

// Live is something that is looked at again and again.
export interface Live<T> {
  data?: T;
  error?: Error; // of the last look
  refresh: () => void;
}

const early = new Map<string, Promise<unknown>>();

// ahead begins to fetch what is about to be looked at under a key.
export function ahead(key: string, fetch: () => Promise<unknown>) {
  const coming = fetch();
  coming.catch(() => {}); // who looks is told
  early.set(key, coming);
}

// useLive fetches now and again: soon after a change, ever more rarely while
// nothing changes or the plane fails, and not at all in a tab that nobody sees.
// key says what is fetched; another key begins anew. pace may ask for another
// look sooner, as while something is at work.
export function useLive<T>(key: string, fetch: () => Promise<T>, pace?: (data: T) => number | undefined): Live<T> {
  const [seen, setSeen] = useState<{ key: string; data?: T; error?: Error }>({ key });
  const latest = useRef(fetch);
  latest.current = fetch;
  const paced = useRef(pace);
  paced.current = pace;
  const now = useRef(() => {});
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wait = quickest;
    let before = '';
    let busy = false;
    const look = async () => {
      if (busy || over) return;
      busy = true;
      clearTimeout(timer);
      const began = performance.now();
      try {
        const coming = early.get(key) as Promise<T> | undefined;
        early.delete(key);
        const data = await (coming ?? latest.current());
        const text = JSON.stringify(data) ?? '';
        wait = text === before ? Math.min(wait * 1.5, slowest) : quickest;
        wait = paced.current?.(data) ?? wait;
        if (!over && text !== before) setSeen({ key, data });
        else if (!over) setSeen((s) => (s.error ? { ...s, error: undefined } : s));
        before = text;
      } catch (e) {
        wait = Math.min(wait * 2, troubled);
        if (!over) setSeen((s) => ({ key, data: s.key === key ? s.data : undefined, error: e as Error }));
      }
      busy = false;
      // What takes long is asked rarely: a tenth of the time at most.
      if (!over && !document.hidden) timer = setTimeout(look, Math.max(wait, 10 * (performance.now() - began)));
    };
    const shown = () => { if (!document.hidden) void look(); };
    now.current = () => { wait = quickest; void look(); };
    document.addEventListener('visibilitychange', shown);
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', shown);
    };
  }, [key]);
  const refresh = useCallback(() => now.current(), []);
  return seen.key === key ? { data: seen.data, error: seen.error, refresh } : { refresh };
}
