import { useState, type FormEvent } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { begin, type Session } from '../session';
import { choose, useText } from '../text';

// SignIn takes an access key, and asks the plane whose it is.
export default function SignIn({ entered }: { entered: () => void }) {
  const t = useText();
  const [s, setS] = useState<Session>({ accessKeyId: '', secretAccessKey: '', region: 'ap-northeast-1', account: '', arn: '' });
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const enter = async (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    setWrong('');
    try {
      const { whoIs } = await import('../aws/sts');
      begin(await whoIs({ ...s, accessKeyId: s.accessKeyId.trim(), secretAccessKey: s.secretAccessKey.trim(), sessionToken: s.sessionToken?.trim() || undefined }));
      entered();
    } catch (e) {
      setWrong((e as Error).message);
      setBusy(false);
    }
  };
  const field = (name: 'accessKeyId' | 'secretAccessKey' | 'sessionToken' | 'region', label: string, secret: boolean, note?: string) => (
    <FormField label={note ? <>{label} <i>– {note}</i></> : label}>
      <Input
        name={name} value={s[name] ?? ''} type={secret ? 'password' : 'text'} autoComplete={false} spellcheck={false}
        onChange={(e) => setS({ ...s, [name]: e.detail.value })}
      />
    </FormField>
  );
  return (
    <main className="lonely">
      <SpaceBetween size="l">
        <Box float="right"><Button variant="inline-link" onClick={() => choose(document.documentElement.lang === 'ja' ? 'en' : 'ja')}>{t.otherLanguage}</Button></Box>
        <Box variant="h1">{t.title}</Box>
        <form onSubmit={enter}>
          <Form actions={<Button variant="primary" loading={busy} loadingText={t.state.loading}>{t.signIn.go}</Button>}>
            <Container header={<Header variant="h2" description={t.signIn.kept}>{t.signIn.head}</Header>}>
              <SpaceBetween size="m">
                {wrong && <Alert type="error" header={t.signIn.wrong}>{wrong}</Alert>}
                {field('accessKeyId', t.signIn.key, false)}
                {field('secretAccessKey', t.signIn.secret, true)}
                {field('sessionToken', t.signIn.token, true, t.signIn.optional)}
                {field('region', t.signIn.region, false)}
              </SpaceBetween>
            </Container>
          </Form>
        </form>
      </SpaceBetween>
    </main>
  );
}
