import { lazy, Suspense, useState } from 'react';
import { session } from './session';

const Desk = lazy(() => import('./Desk'));
const SignIn = lazy(() => import('./pages/SignIn'));

// App is the desk for who is signed in, else the way in.
export function App() {
  const [who, setWho] = useState(session);
  return <Suspense>{who ? <Desk /> : <SignIn entered={() => setWho(session())} />}</Suspense>;
}
