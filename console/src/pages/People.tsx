import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { directories, disable, people, person, type DirectoryDescription } from '../aws/people';
import { Cli, word } from '../parts/Cli';
import { Facts } from '../parts/Facts';
import { List } from '../parts/List';
import { useLive } from '../parts/live';
import { Plan } from '../parts/Plan';
import { follow, href, put, useAddress } from '../parts/route';
import { Shown } from '../parts/Shown';
import { State } from '../parts/State';
import { useText } from '../text';

// People shows the users of a directory.
export default function People() {
  const t = useText();
  const { query } = useAddress();
  const live = useLive('directories', directories);
  return (
    <Shown live={live} empty={(all) => !all.length} none={<><Box variant="h1">{t.pages.people}</Box><Alert type="info">{t.person.noDirectory}</Alert></>}>
      {(all) => {
        const at = all.find((d) => d.DirectoryId === query.get('directory')) ?? all[0]!;
        return <Users key={at.DirectoryId} all={all} at={at} />;
      }}
    </Shown>
  );
}

function Users({ all, at }: { all: DirectoryDescription[]; at: DirectoryDescription }) {
  const t = useText();
  const { query } = useAddress();
  const directory = at.DirectoryId ?? '';
  const live = useLive(`people ${directory}`, () => people(directory));
  const name = query.get('user') ?? '';
  const one = live.data?.find((p) => p.SAMAccountName === name);
  const options = all.map((d) => ({ value: d.DirectoryId ?? '', label: d.Name ?? '', description: d.DirectoryId }));
  return (
    <SpaceBetween size="l">
      <List
        live={live} head={t.pages.people} id="SAMAccountName" search={t.person.search} none={t.person.none} one
        chosen={one ? [one] : []} choose={([p]) => put('user', p?.SAMAccountName ?? '')}
        extra={<Select ariaLabel={t.person.directory} options={options} selectedOption={options.find((o) => o.value === directory)!} onChange={(e) => { put('user', ''); put('directory', e.detail.selectedOption.value ?? ''); }} />}
        columns={[
          { id: 'user', header: t.person.user, cell: (p) => p.SAMAccountName, isRowHeader: true },
          { id: 'surname', header: t.person.surname, cell: (p) => p.Surname },
          { id: 'given', header: t.person.given, cell: (p) => p.GivenName },
          { id: 'enabled', header: t.person.enabled, cell: (p) => (p.Enabled ? t.person.on : t.person.off) },
        ]}
      />
      {one ? <Who directory={directory} name={name} changed={live.refresh} /> : <Box color="text-status-inactive">{t.person.choose}</Box>}
      <Cli commands={[`aws ds-data list-users --directory-id ${directory}`, ...one ? [`aws ds-data describe-user --directory-id ${directory} --sam-account-name ${word(name)}`] : []]} />
    </SpaceBetween>
  );
}

function Who({ directory, name, changed }: { directory: string; name: string; changed: () => void }) {
  const t = useText();
  const live = useLive(`person ${directory} ${name}`, () => person(directory, name));
  const [plan, setPlan] = useState(false);
  const off = async () => { await disable(directory, name); return { done: 1, refused: [] }; };
  return (
    <Container header={<Header variant="h2" actions={<Button disabled={!live.data?.Enabled} onClick={() => setPlan(true)}>{t.person.disable}</Button>}>{name}</Header>}>
      <Shown live={live}>
        {(p) => (
          <SpaceBetween size="m">
            <Facts
              of={[
                [t.person.enabled, <State is={p.Enabled ? 'Enabled' : 'Disabled'} />], [t.person.surname, p.Surname], [t.person.given, p.GivenName],
                [t.person.mail, p.EmailAddress], [t.person.groups, p.groups.join(', ') || t.person.noGroups], [t.person.dn, p.DistinguishedName],
              ]}
            />
            <SpaceBetween direction="horizontal" size="m">
              <Link href={href(`desktops?q=${encodeURIComponent(name)}`)} onFollow={follow}>{t.person.desktops}</Link>
              <Link href={href(`events?by=Username&value=${encodeURIComponent(name)}`)} onFollow={follow}>{t.person.history}</Link>
            </SpaceBetween>
          </SpaceBetween>
        )}
      </Shown>
      {plan && (
        <Plan
          head={t.person.disable} loss={t.person.disableAsk} apply={off} close={() => { setPlan(false); live.refresh(); changed(); }}
          commands={[`aws ds-data disable-user --directory-id ${directory} --sam-account-name ${word(name)}`]}
        >{name}</Plan>
      )}
    </Container>
  );
}
