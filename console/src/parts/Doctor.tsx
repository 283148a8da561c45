import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Values } from '../aws/desk';
import { useText } from '../text';
import { Commands, Fixes, Found, useDuty } from './Duty';
import { follow, href } from './route';
import { rungs } from './symptoms';

const duty = 'diagnose desktop';

// Doctor looks into a desktop when told to, shows what is broken, and makes the
// plan of a repair.
export default function Doctor({ id, user }: { id: string; user?: string }) {
  const t = useText();
  const d = useDuty();
  const values: Values = [['of', id]];
  const look = () => d.look(duty, values);
  return (
    <Container
      header={<Header variant="h2" description={t.doctor.how} actions={<Button data-do="diagnose" loading={d.busy === 'look'} loadingText={t.duty.busy} onClick={look}>{t.doctor.look}</Button>}>{t.doctor.head}</Header>}
    >
      <SpaceBetween size="m">
        <Found of={d} again={look} />
        {d.report && <Fixes duty={duty} values={values} words={rungs} of={d} />}
        <SpaceBetween direction="horizontal" size="m">
          <Link href={href(`diagnosis?symptom=slow&of=${id}`)} onFollow={follow}>{t.duty.symptoms.slow![0]}</Link>
          {user && <Link href={href(`diagnosis?symptom=login&of=${encodeURIComponent(user)}`)} onFollow={follow}>{t.duty.symptoms.login![0]}</Link>}
        </SpaceBetween>
        <Commands of={d} duty={duty} values={values} />
      </SpaceBetween>
    </Container>
  );
}
