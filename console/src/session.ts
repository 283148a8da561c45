// A session is who works here: credentials, and what they stand for. It lies in
// sessionStorage, which ends with the tab, and in memory; nowhere else.
export interface Session {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  region: string;
  account: string;
  arn: string;
  expires?: number; // milliseconds; undefined for a long-term key
}

const key = 'tamachi-console';

let current: Session | undefined = read();

function read(): Session | undefined {
  try {
    const kept = sessionStorage.getItem(key);
    const s = kept ? (JSON.parse(kept) as Session) : undefined;
    return s && (!s.expires || s.expires > Date.now()) ? s : undefined;
  } catch {
    return undefined;
  }
}

export const session = () => current;

// begin keeps a session until the tab is closed or end is called.
export function begin(s: Session) {
  current = s;
  sessionStorage.setItem(key, JSON.stringify(s));
}

// end forgets it, and everything that was fetched with it.
export function end() {
  sessionStorage.removeItem(key);
  current = undefined;
  location.assign(import.meta.env.BASE_URL);
}
