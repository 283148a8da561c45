import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Autosuggest from '@cloudscape-design/components/autosuggest';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FileUpload from '@cloudscape-design/components/file-upload';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Link from '@cloudscape-design/components/link';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { given, type Values } from '../aws/desk';
import { directories } from '../aws/people';
import { Cli } from '../parts/Cli';
import { Found, lineOf, useDuty } from '../parts/Duty';
import { useLive } from '../parts/live';
import { namesOf, useFleet } from '../parts/names';
import { follow, href, put, useAddress } from '../parts/route';
import { useText } from '../text';

const duties = ['joiner', 'mover', 'leaver'];
const most = 900_000; // bytes of a feed that a call has room for

// kept is the feed until the tab is closed: who comes back from a plan corrects
// it and compares again.
let kept = '';

// read takes a file as people save them: UTF-8, or what Excel in Japan writes.
async function read(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('shift_jis', { fatal: true }).decode(bytes);
  }
}

// Feed compares what the personnel department says with directory and desktops,
// and makes the plan of who comes, moves and goes.
export default function Feed() {
  const t = useText();
  const { query } = useAddress();
  const duty = duties.includes(query.get('duty') ?? '') ? query.get('duty')! : 'joiner';
  const [text, setText] = useState(kept);
  const [files, setFiles] = useState<File[]>([]);
  const [wrong, setWrong] = useState('');
  const [option, setOption] = useState<Record<string, string>>({});
  const all = useLive('directories', directories).data ?? [];
  const fleet = useFleet();
  const d = useDuty();
  const feed = (s: string) => { kept = s; setText(s); setWrong(new Blob([s]).size > most ? t.feed.large : ''); };
  const choose = (some: File[]) => {
    setFiles(some);
    const [file] = some;
    if (!file) return;
    if (file.size > most) return setWrong(t.feed.large);
    read(file).then(feed, () => setWrong(t.feed.encoding));
  };
  const set = (name: string) => (value: string) => setOption({ ...option, [name]: value });
  const values: Values = [
    ...(duty === 'leaver' ? (option.names ?? '').split(/[\s,、]+/).map((n): [string, string] => ['of', n]) : []),
    ['directory', option.directory ?? ''],
    ...(duty === 'joiner' ? [['bundle', option.bundle ?? ''], ['anyway', option.anyway ?? '']] as Values : []),
    ...(duty === 'leaver' ? [['keep-days', option.keep ?? ''], ['terminate', option.terminate ?? '']] as Values : []),
  ];
  const lacking = !text.trim() && !values.some(([name, v]) => name === 'of' && v);
  const compare = () => d.plan(duty, values, { Feed: text, Reason: option.reason });
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.feed.how}>{t.pages.feed}</Header>
      <SegmentedControl label={t.feed.which} options={duties.map((id) => ({ id, text: t.feed.duties[id]! }))} selectedId={duty} onChange={(e) => { d.forget(); put('duty', e.detail.selectedId); }} />
      <Container header={<Header variant="h2" description={t.feed.does[duty]}>{t.feed.duties[duty]}</Header>}>
        <form onSubmit={(e) => { e.preventDefault(); void compare(); }}>
          <SpaceBetween size="m">
            <FormField label={t.feed.file} errorText={wrong}>
              <FileUpload
                value={files} onChange={(e) => choose(e.detail.value)} accept=".csv,.json,text/csv,application/json" constraintText={t.feed.fileHow} showFileSize
                i18nStrings={{ uploadButtonText: () => t.feed.choose, dropzoneText: () => t.feed.drop, removeFileAriaLabel: () => t.feed.remove, limitShowFewer: t.feed.less, limitShowMore: t.feed.more, errorIconAriaLabel: t.event.error }}
              />
            </FormField>
            <FormField label={t.feed.paste} description={t.feed.columns} stretch><Textarea name="feed" rows={8} spellcheck={false} value={text} onChange={(e) => feed(e.detail.value)} placeholder={t.feed.sample} /></FormField>
            {duty === 'leaver' && <FormField label={t.feed.names} description={t.feed.namesHow}><Input name="names" value={option.names ?? ''} onChange={(e) => set('names')(e.detail.value)} /></FormField>}
            {duty === 'joiner' && (
              <FormField label={t.desktop.bundle} description={t.feed.bundleHow}>
                <Autosuggest
                  name="bundle" value={option.bundle ?? ''} enteredTextLabel={t.duty.use} empty={t.state.noMatch} onChange={(e) => set('bundle')(e.detail.value)}
                  options={[...new Set(fleet.map((w) => w.BundleId ?? ''))].sort().map((value) => ({ value }))}
                />
              </FormField>
            )}
            {all.length > 1 && <Directory all={all.map((a) => ({ value: a.DirectoryId ?? '', label: a.Name ?? '', description: a.DirectoryId }))} value={option.directory} set={set('directory')} />}
            {duty === 'leaver' && <FormField label={t.feed.keep} description={t.feed.keepHow}><Input name="keep" type="number" value={option.keep ?? ''} onChange={(e) => set('keep')(e.detail.value)} /></FormField>}
            {duty === 'leaver' && <Checkbox checked={!!option.terminate} onChange={(e) => set('terminate')(e.detail.checked ? 'true' : '')}>{t.feed.terminate}</Checkbox>}
            {duty === 'joiner' && <Checkbox checked={!!option.anyway} onChange={(e) => set('anyway')(e.detail.checked ? 'true' : '')}>{t.feed.anyway}</Checkbox>}
            <FormField label={t.duty.reason}><Input name="reason" value={option.reason ?? ''} onChange={(e) => set('reason')(e.detail.value)} /></FormField>
            <Button data-do="compare" variant="primary" formAction="submit" disabled={lacking || !!wrong} disabledReason={wrong || t.feed.lacking} loading={!!d.busy} loadingText={t.duty.busy}>{t.feed.compare}</Button>
          </SpaceBetween>
        </form>
      </Container>
      {(d.busy || d.error || d.report) && (
        <Container header={<Header variant="h2">{t.feed.result}</Header>}>
          <SpaceBetween size="m">
            {d.report && <Alert type="info">{t.feed.noPlan}</Alert>}
            <Found of={d} names={namesOf(fleet)} again={compare} />
          </SpaceBetween>
        </Container>
      )}
      <Link href={href(`plans?duty=${duty}`)} onFollow={follow}>{t.feed.plans}</Link>
      <Cli commands={[`${lineOf(duty, given(values))}${text.trim() ? ' --hr people.csv' : ''}`]} />
    </SpaceBetween>
  );
}

function Directory({ all, value, set }: { all: { value: string; label: string }[]; value?: string; set: (v: string) => void }) {
  const t = useText();
  return <FormField label={t.person.directory}><Select options={all} selectedOption={all.find((o) => o.value === value) ?? null} placeholder={t.feed.which} onChange={(e) => set(e.detail.selectedOption.value ?? '')} /></FormField>;
}
