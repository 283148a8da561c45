import { useState, type FormEvent } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { enter, Refused } from '../person';
import { begin, type Session } from '../session';
import { choose, useText, type Text } from '../text';

type Way = 'key' | 'person';
type Typed = Record<'accessKeyId' | 'secretAccessKey' | 'sessionToken' | 'region' | 'code' | 'user' | 'password' | 'oneTime' | 'role', string>;

const keep = 'tamachi-door'; // registration code and role, which are no secrets

// remembered is what the address or the last sign-in says of the way in.
function remembered(): { way: Way; code: string; role: string } {
  const query = new URLSearchParams(location.search);
  let last: { code?: string; role?: string } = {};
  try {
    last = JSON.parse(localStorage.getItem(keep) ?? '{}');
  } catch { /* somebody else's */ }
  const code = query.get('code') ?? last.code ?? '';
  const role = query.get('role') ?? last.role ?? '';
  return { way: code || role ? 'person' : 'key', code, role };
}

// SignIn takes an access key, or the password of a person who may have a role,
// and asks the plane whose credentials they are.
export default function SignIn({ entered }: { entered: () => void }) {
  const t = useText();
  const [before] = useState(remembered);
  const [way, setWay] = useState<Way>(before.way);
  const [typed, setTyped] = useState<Typed>({
    accessKeyId: '', secretAccessKey: '', sessionToken: '', region: 'ap-northeast-1', code: before.code, user: '', password: '', oneTime: '', role: before.role,
  });
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    setWrong('');
    try {
      const given = way === 'key' ? key(typed) : await enter(typed);
      const { whoIs } = await import('../aws/sts');
      begin(await whoIs(given));
      if (way === 'person') localStorage.setItem(keep, JSON.stringify({ code: typed.code, role: typed.role }));
      entered();
    } catch (e) {
      setWrong(why(e as Error, t));
      setBusy(false);
    }
  };
  const field = (name: keyof Typed, label: string, o: { secret?: boolean; optional?: boolean; how?: string } = {}) => (
    <FormField label={o.optional ? <>{label} <i>– {t.signIn.optional}</i></> : label} description={o.how}>
      <Input
        name={name} value={typed[name]} type={o.secret ? 'password' : 'text'} autoComplete={false} spellcheck={false}
        onChange={(e) => setTyped({ ...typed, [name]: e.detail.value })}
      />
    </FormField>
  );
  return (
    <main className="lonely">
      <SpaceBetween size="l">
        <Box float="right"><Button variant="inline-link" onClick={() => choose(document.documentElement.lang === 'ja' ? 'en' : 'ja')}>{t.otherLanguage}</Button></Box>
        <Box variant="h1">{t.title}</Box>
        <form onSubmit={submit}>
          <Form actions={<Button variant="primary" loading={busy} loadingText={t.state.loading}>{t.signIn.go}</Button>}>
            <Container header={<Header variant="h2" description={t.signIn.kept}>{t.signIn.head}</Header>}>
              <SpaceBetween size="m">
                <SegmentedControl
                  label={t.signIn.how} selectedId={way} onChange={(e) => { setWay(e.detail.selectedId as Way); setWrong(''); }}
                  options={[{ id: 'key', text: t.signIn.byKey }, { id: 'person', text: t.signIn.byPerson }]}
                />
                {wrong && <Alert type="error" header={t.signIn.wrong}>{wrong}</Alert>}
                {way === 'key'
                  ? <SpaceBetween size="m">{field('accessKeyId', t.signIn.key)}{field('secretAccessKey', t.signIn.secret, { secret: true })}
                    {field('sessionToken', t.signIn.token, { secret: true, optional: true })}{field('region', t.signIn.region)}</SpaceBetween>
                  : <SpaceBetween size="m">{field('code', t.signIn.code)}{field('user', t.signIn.user)}{field('password', t.signIn.password, { secret: true })}
                    {field('oneTime', t.signIn.oneTime, { optional: true })}{field('role', t.signIn.role, { how: t.signIn.roleHow })}</SpaceBetween>}
              </SpaceBetween>
            </Container>
          </Form>
        </form>
      </SpaceBetween>
    </main>
  );
}

function key(typed: Typed): Session {
  return {
    accessKeyId: typed.accessKeyId.trim(), secretAccessKey: typed.secretAccessKey.trim(), sessionToken: typed.sessionToken.trim() || undefined,
    region: typed.region.trim(), account: '', arn: '',
  };
}

function why(e: Error, t: Text): string {
  if (e instanceof Refused) return t.signIn.refused[e.why] ?? e.why;
  return e instanceof TypeError ? t.state.away : e.message;
}
