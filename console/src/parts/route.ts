import { useSyncExternalStore } from 'react';

const base = import.meta.env.BASE_URL;
const moved = 'tamachi-moved';

function listen(changed: () => void) {
  addEventListener('popstate', changed);
  addEventListener(moved, changed);
  return () => {
    removeEventListener('popstate', changed);
    removeEventListener(moved, changed);
  };
}

// useAddress is where the page is: the path below the console's, and the query.
export function useAddress(): { path: string; query: URLSearchParams } {
  const at = useSyncExternalStore(listen, () => location.pathname + location.search);
  const url = new URL(at, location.origin);
  return { path: url.pathname.slice(base.length), query: url.searchParams };
}

export const href = (path: string) => base + path;

// go moves to another page.
export function go(path: string) {
  history.pushState(null, '', href(path));
  dispatchEvent(new Event(moved));
  scrollTo(0, 0);
}

// put keeps a filter in the address, without a step back of its own.
export function put(name: string, value: string) {
  const url = new URL(location.href);
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
  history.replaceState(null, '', url);
  dispatchEvent(new Event(moved));
}

// follow makes a Cloudscape link move within the page.
export function follow(e: { preventDefault: () => void; detail: { href?: string; external?: boolean } }) {
  const to = e.detail.href;
  if (!to?.startsWith(base) || e.detail.external) return;
  e.preventDefault();
  go(to.slice(base.length));
}
