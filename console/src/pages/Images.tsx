import { useState } from 'react';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { together } from '../aws/client';
import { imageSeats, type ImageSeat } from '../aws/desk';
import { bundles, images } from '../aws/images';
import { Accept } from '../parts/Accept';
import { Cli } from '../parts/Cli';
import { List } from '../parts/List';
import { useLive } from '../parts/live';
import { Rollout } from '../parts/Rollout';
import { follow, href, put } from '../parts/route';
import { Shown } from '../parts/Shown';
import { State, when } from '../parts/State';
import { useText } from '../text';

// Images shows who is on which image, holds images against the acceptance list,
// and makes plans that bring a new one to desktops.
export default function Images() {
  const t = useText();
  const seats = useLive('seats', imageSeats);
  const used = [...new Set((seats.data ?? []).map((s) => s.BundleId))].sort();
  const all = useLive(`images ${used.join(' ')}`, async () => {
    const [found, places] = await together([images(), bundles(used)]);
    return { images: found, bundles: places };
  });
  const [rolled, setRolled] = useState<string>();
  const on = (id?: string) => (seats.data ?? []).filter((s) => s.ImageId === id && s.Standing === 'current').length;
  const bundleName = (id: string) => all.data?.bundles.find((b) => b.BundleId === id)?.Name;
  const imageName = (id?: string) => all.data?.images.find((i) => i.ImageId === id)?.Name;
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{t.pages.images}</Header>
      <Container
        header={<Header variant="h2" actions={<Button data-do="rollout" disabled={!all.data?.images.length} onClick={() => { all.refresh(); setRolled(''); }}>{t.image.rollout}</Button>}>{t.image.all}</Header>}
      >
        <Shown live={all} empty={(a) => !a.images.length} none={t.image.noImages}>
          {(a) => (
            <ul className="lines">
              {a.images.map((i) => (
                <li key={i.ImageId}>
                  <b>{i.Name}</b> {i.ImageId} <State is={i.State} /> {when(i.Created)} · {t.image.on(on(i.ImageId))}{' '}
                  <Button variant="inline-link" ariaLabel={`${t.image.check}: ${i.Name}`} onClick={() => put('check', i.ImageId ?? '')}>{t.image.check}</Button>{' '}
                  <Button variant="inline-link" ariaLabel={`${t.image.rollout}: ${i.Name}`} onClick={() => { all.refresh(); setRolled(i.ImageId); }}>{t.image.rollout}</Button>
                </li>
              ))}
            </ul>
          )}
        </Shown>
      </Container>
      <Accept />
      <List<ImageSeat>
        live={seats} head={t.image.who} sub id="WorkspaceId" search={t.image.search} none={t.image.none}
        choices={[
          { name: 'standing', label: t.image.standing, any: t.image.anyStanding, of: (s) => s.Standing, say: (v) => t.image.standings[v] ?? v },
          { name: 'image', label: t.image.image, any: t.image.anyImage, of: (s) => s.ImageId ?? '', say: (v) => imageName(v) ?? v },
        ]}
        columns={[
          { id: 'user', header: t.desktop.user, cell: (s) => s.UserName, isRowHeader: true },
          { id: 'id', header: t.desktop.id, cell: (s) => <Link href={href(`desktops/${s.WorkspaceId}`)} onFollow={follow}>{s.WorkspaceId}</Link> },
          { id: 'bundle', header: t.image.bundle, cell: (s) => [bundleName(s.BundleId), s.BundleId].filter(Boolean).join(' ') },
          { id: 'image', header: t.image.image, cell: (s) => [imageName(s.ImageId), s.ImageId].filter(Boolean).join(' ') },
          { id: 'standing', header: t.image.standing, minWidth: 130, cell: (s) => <State is={s.Standing} say={t.image.standings} /> },
        ]}
      />
      <small>{t.image.howKnown}</small>
      <Cli commands={['tamachi image who', 'aws workspaces describe-workspace-images', 'aws workspaces describe-workspace-bundles']} />
      {rolled !== undefined && all.data && <Rollout image={rolled} images={all.data.images} bundles={all.data.bundles} close={() => setRolled(undefined)} />}
    </SpaceBetween>
  );
}
