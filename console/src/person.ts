import type { Session } from './session';

// Wish is what a person of a directory gives to get a role.
export interface Wish {
  code: string;
  user: string;
  password: string;
  oneTime: string;
  role: string;
}

// Refused is why somebody was not let in, as the plane names it.
export class Refused extends Error {
  constructor(readonly why: string, readonly seconds = 0) { super(why); }
}

// enter proves a person and gets credentials of a role, which are good for an
// hour; they come in the answer and nothing keeps them but this tab.
export async function enter(wish: Wish): Promise<Session> {
  const answer = await fetch('/_tamachi/desktop/role', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(wish) });
  const out = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(out.reason ?? 'away', out.seconds);
  return { ...out, account: '', arn: '' };
}
