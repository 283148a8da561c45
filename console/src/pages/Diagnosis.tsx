import { useEffect } from 'react';
import Autosuggest from '@cloudscape-design/components/autosuggest';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Values } from '../aws/desk';
import type { Desktop } from '../aws/workspaces';
import { Commands, Fixes, Found, useDuty } from '../parts/Duty';
import { namesOf, useFleet } from '../parts/names';
import { put, useAddress } from '../parts/route';
import { symptoms, type Field } from '../parts/symptoms';
import { useText } from '../text';

// Diagnosis finds out why something does not work: a symptom, whom it is about,
// and what the duty says of it. What was chosen is in the address.
export default function Diagnosis() {
  const t = useText();
  const { query } = useAddress();
  const name = query.get('symptom') ?? 'login';
  const of = symptoms[name] ?? symptoms.login!;
  const duty = `diagnose ${symptoms[name] ? name : 'login'}`;
  const fleet = useFleet();
  const d = useDuty();
  const values: Values = of.fields.map((f) => [f.name, query.get(f.name) ?? '']);
  const lacking = of.fields.some((f) => f.must && !query.get(f.name)?.trim());
  const look = () => { if (!lacking) void d.look(duty, trimmed(values)); };
  const retry = (meant: string) => {
    const who = of.fields.find((f) => f.who)!.name;
    put(who, meant);
    void d.look(duty, trimmed(values.map(([n, v]) => [n, n === who ? meant : v])));
  };
  useEffect(d.forget, [name]); // what was found is of another symptom
  const options = Object.keys(symptoms).map((s) => ({ value: s, label: t.duty.symptoms[s]![0], description: t.duty.symptoms[s]![1] }));
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.duty.diagnosisHow}>{t.pages.diagnosis}</Header>
      <Container>
        <form onSubmit={(e) => { e.preventDefault(); look(); }}>
          <SpaceBetween size="m">
            <FormField label={t.duty.symptom}>
              <Select data-choice="symptom" options={options} selectedOption={options.find((o) => o.value === name) ?? options[0]!} onChange={(e) => put('symptom', e.detail.selectedOption.value ?? '')} />
            </FormField>
            {of.fields.map((f) => <Entry key={name + f.name} of={f} value={query.get(f.name) ?? ''} fleet={fleet} />)}
            <Button data-do="look" variant="primary" formAction="submit" disabled={lacking} disabledReason={t.duty.lacking} loading={d.busy === 'look'} loadingText={t.duty.busy}>{t.duty.look}</Button>
          </SpaceBetween>
        </form>
      </Container>
      {(d.busy || d.report || d.error) && (
        <Container header={<Header variant="h2">{t.duty.findings}</Header>}>
          <SpaceBetween size="l">
            <Found of={d} names={namesOf(fleet)} again={look} retry={retry} />
            {d.report && of.fixes && <Fixes duty={duty} values={trimmed(values).filter(([n]) => n !== 'verify')} words={of.fixes} of={d} />}
          </SpaceBetween>
        </Container>
      )}
      <Commands of={d} duty={duty} values={values} />
    </SpaceBetween>
  );
}

const trimmed = (of: Values): Values => of.map(([name, value]) => [name, value.trim()]);

// Entry is one option; a user or a desktop is offered from those that there are.
function Entry({ of: f, value, fleet }: { of: Field; value: string; fleet: Desktop[] }) {
  const t = useText();
  const [label, how] = t.duty.fields[f.name] ?? [f.name, ''];
  const set = (v: string) => put(f.name, v);
  if (f.yes) return <Checkbox checked={value === 'true'} onChange={(e) => set(e.detail.checked ? 'true' : '')}>{label}</Checkbox>;
  if (f.oneOf) {
    const options = [{ value: '', label: t.duty.notSaid }, ...f.oneOf.map((v) => ({ value: v, label: v }))];
    return <FormField label={label} description={how}><Select data-choice={f.name} options={options} selectedOption={options.find((o) => o.value === value) ?? options[0]!} onChange={(e) => set(e.detail.selectedOption.value ?? '')} /></FormField>;
  }
  return (
    <FormField label={label} description={how}>
      {f.who
        ? <Autosuggest
          name={f.name} value={value} enteredTextLabel={(v) => t.duty.use(v)} virtualScroll empty={t.state.noMatch}
          options={fleet.map((d) => ({ value: d.UserName ?? '', label: d.UserName, description: d.WorkspaceId, tags: [d.State ?? ''] }))}
          onChange={(e) => set(e.detail.value)} onSelect={(e) => set(e.detail.value)}
        />
        : <Input name={f.name} value={value} onChange={(e) => set(e.detail.value)} />}
    </FormField>
  );
}
