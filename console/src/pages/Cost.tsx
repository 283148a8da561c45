import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { costs, plans, said, type Costs, type Plan } from '../aws/desk';
import { Cli } from '../parts/Cli';
import { Facts } from '../parts/Facts';
import { useLive } from '../parts/live';
import { follow, href, put, useAddress } from '../parts/route';
import { Shown } from '../parts/Shown';
import { State, when } from '../parts/State';
import { useText } from '../text';
import { standing } from './Plans';

const sweep = 'cost sweep';
const pace = () => 60_000; // every desktop is read anew
const hours = (seconds: number) => (seconds / 3600).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
const money = (amount?: string, currency = '') => (amount === undefined ? '–' : `${Number(amount).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${currency}`);

// Cost is this month so far: hours and cost by running mode, from when on the
// other mode is cheaper, and what sweeps propose and have saved.
export default function Cost() {
  const t = useText();
  const system = useAddress().query.get('os') ?? '';
  const live = useLive(`cost ${system}`, () => costs(system), pace);
  const made = useLive('plans', plans);
  return (
    <SpaceBetween size="l">
      <Header variant="h1" actions={<Button iconName="refresh" ariaLabel={t.state.refresh} onClick={live.refresh} />}>{t.pages.cost}</Header>
      {live.error?.name === 'ResourceNotFoundException' && <Button onClick={() => put('os', '')}>{t.state.clear}</Button>}
      <Shown live={live}>{(c) => <Month of={c} system={system} />}</Shown>
      <Container header={<Header variant="h2">{t.cost.sweep}</Header>}>
        <Shown live={made} empty={(all) => !all.some(swept)} none={t.cost.noSweep}>{(all) => <Newest of={all.find(swept)!} />}</Shown>
      </Container>
      <Cli commands={['tamachi cost sweep', 'tamachi cost ledger', 'tamachi desktop hours']} />
    </SpaceBetween>
  );
}

const swept = (p: Plan) => p.Duty === sweep;

function Month({ of: c, system }: { of: Costs; system: string }) {
  const t = useText();
  const systems = [{ value: '', label: t.cost.noSystem }, ...(c.Systems ?? []).map((value) => ({ value, label: value }))];
  return (
    <SpaceBetween size="l">
      {c.Unpriced && <Alert type="info">{said(c.Unpriced)}</Alert>}
      {!!c.Untold && <Alert type="info">{t.cost.untold(c.Untold)}</Alert>}
      {!!c.Missing?.length && <Alert type="warning" header={t.cost.missing}><ul className="lines">{c.Missing.map((m) => <li key={m}>{m}</li>)}</ul></Alert>}
      {!!c.Systems?.length && (
        <FormField label={t.cost.system}>
          <Select data-choice="os" options={systems} selectedOption={systems.find((s) => s.value === system) ?? systems[0]!} onChange={(e) => put('os', e.detail.selectedOption.value ?? '')} />
        </FormField>
      )}
      <Container header={<Header variant="h2" description={t.cost.until(when(c.At * 1000))}>{t.cost.month(c.Month)}</Header>}>
        <table className="sums">
          <thead><tr><th scope="col">{t.desktop.mode}</th><th scope="col">{t.cost.desktops}</th><th scope="col">{t.cost.hours}</th><th scope="col">{t.cost.cost}</th></tr></thead>
          <tbody>
            {c.Modes.map((m) => (
              <tr key={m.RunningMode}>
                <th scope="row"><Link href={href(`desktops?mode=${m.RunningMode}`)} onFollow={follow}>{m.RunningMode}</Link></th>
                <td>{m.Desktops}</td><td>{hours(m.RunningSeconds)}</td><td>{money(m.Cost, c.Currency)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot><tr><th scope="row">{t.cost.sum}</th><td>{c.Modes.reduce((n, m) => n + m.Desktops, 0)}</td><td>{hours(c.RunningSeconds)}</td><td>{money(c.Cost, c.Currency)}</td></tr></tfoot>
        </table>
        {c.Cost !== undefined && <Box variant="small" display="block">{t.cost.fees} {t.cost.from(c.Prices ?? [])}</Box>}
      </Container>
      <Container header={<Header variant="h2" description={t.cost.evenHow}>{t.cost.even}</Header>}>
        {c.BreakEvens?.length
          ? <ul className="lines">{c.BreakEvens.map((e, i) => <li key={i}><b>{t.cost.evenAt(Number(e.Hours))}</b> {e.ComputeTypeName}, {e.OperatingSystem}, {e.RootVolumeSizeGib}+{e.UserVolumeSizeGib} GB ({t.cost.many(e.Desktops)})</li>)}</ul>
          : <Box color="text-status-inactive">{t.cost.noEven}</Box>}
      </Container>
      <Container header={<Header variant="h2" description={t.cost.savedHow}>{t.cost.saved}</Header>}>
        {c.Unanswered?.map((u) => <Alert key={u} type="warning">{u}</Alert>)}
        {c.Changes === 0 && <Box color="text-status-inactive">{t.cost.noChanges}</Box>}
        {!!c.Changes && <Box>{t.cost.changes(c.Changes)} {!c.Savings?.length && t.cost.unsaved}</Box>}
        {c.Savings?.map((s) => <Facts key={s.Currency} of={[[t.cost.promised, money(s.Promised, s.Currency)], [t.cost.realised, money(s.Realised, s.Currency)]]} />)}
      </Container>
    </SpaceBetween>
  );
}

function Newest({ of: p }: { of: Plan }) {
  const t = useText();
  return (
    <Facts
      of={[
        [t.desk.plan, <Link href={href(`plans/${p.PlanId}`)} onFollow={follow}>{p.PlanId}</Link>], [t.desk.made, when(p.MadeAt * 1000)],
        [t.desk.state, <State is={standing(p)} say={t.desk.states} />], [t.desk.done, `${p.Done} / ${p.Steps}`],
        [t.cost.more, <Link href={href(`plans?duty=${encodeURIComponent(sweep)}`)} onFollow={follow}>{t.cost.allPlans}</Link>],
      ]}
    />
  );
}
