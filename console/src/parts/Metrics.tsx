import Grid from '@cloudscape-design/components/grid';
import LineChart from '@cloudscape-design/components/line-chart';
import { measured, type Series } from '../aws/cloudwatch';
import { useText } from '../text';
import { useLive } from './live';
import { Shown } from './Shown';

const hours = 3;
const percent = ['CPUUsage', 'MemoryUsage', 'RootVolumeDiskUsage', 'UserVolumeDiskUsage'];
const latency = ['InSessionLatency'];

// Metrics draws how a desktop did in the last hours.
export default function Metrics({ id }: { id: string }) {
  const t = useText();
  const live = useLive(`metrics ${id}`, () => measured(id, [...percent, ...latency], hours));
  const none = (all: Series[]) => all.every((s) => !s.points.length);
  return (
    <Shown live={live} empty={none} none={t.desktop.noMetrics}>
      {(all) => (
        <Grid gridDefinition={[{ colspan: { default: 12, s: 8 } }, { colspan: { default: 12, s: 4 } }]}>
          <Graph of={all.filter((s) => percent.includes(s.name))} unit="%" top={100} />
          <Graph of={all.filter((s) => latency.includes(s.name))} unit="ms" />
        </Grid>
      )}
    </Shown>
  );
}

function Graph({ of, unit, top }: { of: Series[]; unit: string; top?: number }) {
  const t = useText();
  const now = Date.now();
  const clock = (d: Date) => d.toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' });
  return (
    <LineChart
      series={of.map((s) => ({ title: s.name, type: 'line', data: s.points, valueFormatter: (y: number) => `${Math.round(y * 10) / 10} ${unit}` }))}
      xDomain={[new Date(now - hours * 3_600_000), new Date(now)]} yDomain={top ? [0, top] : undefined} xScaleType="time" height={200}
      yTitle={unit} ariaLabel={of.map((s) => s.name).join(', ')} hideFilter i18nStrings={{ xTickFormatter: clock }}
      empty={t.desktop.noMetrics} noMatch={t.state.noMatch}
    />
  );
}
