import { useState } from 'react';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import Textarea from '@cloudscape-design/components/textarea';
import type { Values } from '../aws/desk';
import type { bundles, images } from '../aws/images';
import { useText } from '../text';
import { word } from './Cli';
import { lineOf, planned } from './Duty';
import { Plan } from './Plan';

type Of<F extends (...a: never[]) => Promise<unknown[]>> = Awaited<ReturnType<F>>;

// Rollout asks how an image is to come to desktops, and makes the plan of it.
export function Rollout({ image, images: all, bundles: places, close }: { image: string; images: Of<typeof images>; bundles: Of<typeof bundles>; close: () => void }) {
  const t = useText();
  const [said, setSaid] = useState({ image, bundle: '', method: '', canary: '', wave: '25', stop: '3', window: 'off-hours', reason: '' });
  const [anyway, setAnyway] = useState(false);
  const say = (name: keyof typeof said) => (e: { detail: { value: string } }) => setSaid({ ...said, [name]: e.detail.value });
  const choose = (name: keyof typeof said) => (e: { detail: { selectedOption: { value?: string } } }) => setSaid({ ...said, [name]: e.detail.selectedOption.value ?? '' });
  const named = (o: Record<string, string>) => Object.entries(o).map(([value, label]) => ({ value, label }));
  const pick = (name: keyof typeof said, label: string, options: { value: string; label: string }[]) => (
    <FormField label={label} stretch>
      <Select data-choice={name} filteringType={options.length > 10 ? 'auto' : 'none'} options={options} selectedOption={options.find((o) => o.value === said[name]) ?? null} onChange={choose(name)} />
    </FormField>
  );
  const canary = said.canary.split(',').map((s) => s.trim()).filter(Boolean);
  const why = said.reason.trim();
  const duty = 'image rollout';
  const values: Values = [
    ['of', said.image || 'IMAGE'], ['bundle', said.bundle || 'BUNDLE'], ...said.method ? [['how', said.method] as [string, string]] : [], ...canary.map((name): [string, string] => ['canary', name]),
    ['wave', said.wave], ['stop-after', said.stop], ['window', said.window], ...anyway ? [['anyway', 'true'] as [string, string]] : [],
  ];
  const line = `${lineOf(duty, values)}${why ? ` --reason ${word(why)}` : ''} --apply`;
  return (
    <Plan
      head={t.image.rolloutHead} loss={t.change.how} commands={[line]} apply={() => planned(duty, values, why)} close={close} act={t.change.make}
      hindrance={said.image && said.bundle ? undefined : t.image.choose}
    >
      {pick('image', t.image.image, all.map((i) => ({ value: i.ImageId ?? '', label: `${i.Name} (${i.ImageId})` })))}
      {pick('bundle', t.image.bundle, places.map((b) => ({ value: b.BundleId ?? '', label: `${b.Name} (${b.BundleId})` })))}
      {pick('method', t.image.method, named(t.image.methods))}
      <FormField label={t.image.canary} description={t.image.canaryHow} stretch><Input name="canary" value={said.canary} onChange={say('canary')} /></FormField>
      <FormField label={t.image.wave}><Input name="wave" type="number" inputMode="numeric" value={said.wave} onChange={say('wave')} /></FormField>
      <FormField label={t.image.stop}><Input name="stop" type="number" inputMode="numeric" value={said.stop} onChange={say('stop')} /></FormField>
      {pick('window', t.image.window, named(t.image.windows))}
      <Checkbox checked={anyway} onChange={(e) => setAnyway(e.detail.checked)}>{t.image.anyway}</Checkbox>
      <FormField label={t.change.reason} description={t.change.reasonKept} stretch><Textarea name="reason" value={said.reason} onChange={say('reason')} rows={2} /></FormField>
    </Plan>
  );
}
