import { useState } from 'react';
import { fetched } from './parts/fetched';
import { session } from './session';

const Desk = fetched(() => import('./Desk'), () => null);
const SignIn = fetched(() => import('./pages/SignIn'), () => null);

// ahead fetches what is shown first at a path, beside the words and not after them;
// what does not come is fetched again when it is shown, and says why.
export async function ahead(path: string): Promise<unknown> {
  if (!session()) return SignIn.ahead();
  const home = path === '' ? import('./pages/Home').then((m) => m.begin()) : undefined;
  const frame = Desk.ahead().then(() => import('./Desk')).then((m) => m.pageAt(path)?.ahead());
  return Promise.allSettled([home, frame]);
}

// App is the desk for who is signed in, else the way in.
export function App() {
  const [who, setWho] = useState(session);
  return who ? <Desk /> : <SignIn entered={() => setWho(session())} />;
}
