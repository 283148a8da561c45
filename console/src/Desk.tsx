import { useEffect, useRef, useState } from 'react';
import AppLayout from '@cloudscape-design/components/app-layout';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Alert from '@cloudscape-design/components/alert';
import { fetched, type Fetched } from './parts/fetched';
import { follow, href, useAddress } from './parts/route';
import { Trouble } from './parts/Shown';
import { end, session } from './session';
import { choose, useText, type Text } from './text';

const page = (load: Parameters<typeof fetched<object>>[0]) => fetched(load, (error) => <Waiting error={error} />);

// Waiting is for the code of a page. What does not come is not there any more, as
// when the plane was replaced by a newer one: the whole page is fetched anew.
function Waiting({ error }: { error?: Error }) {
  const t = useText();
  return error ? <Trouble error={error} again={() => location.reload()} /> : <StatusIndicator type="loading">{t.state.loading}</StatusIndicator>;
}

// pages are fetched when they are first shown.
const pages: Record<string, Fetched<object>> = {
  '': page(() => import('./pages/Home')),
  desktops: page(() => import('./pages/Desktops')),
  'desktops/': page(() => import('./pages/Desktop')),
  nodes: page(() => import('./pages/Nodes')),
  'nodes/': page(() => import('./pages/Node')),
  'shell/': page(() => import('./pages/Shell')),
  events: page(() => import('./pages/Events')),
  plans: page(() => import('./pages/Plans')),
  'plans/': page(() => import('./pages/PlanPage')),
  approvals: page(() => import('./pages/Approvals')),
  alarms: page(() => import('./pages/Alarms')),
  cost: page(() => import('./pages/Cost')),
  images: page(() => import('./pages/Images')),
  people: page(() => import('./pages/People')),
  day: page(() => import('./pages/Day')),
  diagnosis: page(() => import('./pages/Diagnosis')),
  feed: page(() => import('./pages/Feed')),
};

const names = (t: Text): [string, string][] => [
  ['', t.pages.home], ['day', t.pages.day], ['diagnosis', t.pages.diagnosis], ['desktops', t.pages.desktops], ['images', t.pages.images], ['nodes', t.pages.nodes], ['events', t.pages.events], ['alarms', t.pages.alarms], ['people', t.pages.people], ['feed', t.pages.feed],
  ['approvals', t.pages.approvals], ['plans', t.pages.plans], ['cost', t.pages.cost],
];

// pageAt is the page of a path, undefined where there is none.
export function pageAt(path: string): Fetched<object> | undefined {
  const [first = '', below] = path.split('/');
  return pages[below ? `${first}/` : first];
}

// Desk is the frame around every page.
export default function Desk() {
  const t = useText();
  const { path } = useAddress();
  const [first = '', below] = path.split('/');
  const Page = pageAt(path);
  const [menu, setMenu] = useState(() => innerWidth > 700);
  const before = useRef(path);
  useEffect(() => {
    const name = names(t).find(([to]) => to === (first === 'shell' ? 'nodes' : first))?.[1];
    document.title = [below, name, t.title].filter(Boolean).join(' – ');
    if (before.current !== path) document.getElementById('content')?.focus({ preventScroll: true }); // who does not see it hears that the page is another
    before.current = path;
  }, [path, t, first, below]);
  return (
    <>
      <a className="skip" href="#content">{t.skip}</a>
      <div id="top"><Top /></div>
      <AppLayout
        headerSelector="#top" toolsHide
        navigationOpen={menu} onNavigationChange={(e) => setMenu(e.detail.open)}
        ariaLabels={{ navigation: t.menu }}
        navigation={
          <SideNavigation
            activeHref={href(first === 'shell' ? 'nodes' : first)} onFollow={(e) => { follow(e); if (innerWidth <= 700) setMenu(false); }}
            items={names(t).map(([to, text]) => ({ type: 'link', text, href: href(to) }))}
          />
        }
        content={
          <div id="content" tabIndex={-1}>
            {Page
              ? <Page key={path} />
              : <Alert type="info">{t.state.noPage}</Alert>}
          </div>
        }
      />
    </>
  );
}

function Top() {
  const t = useText();
  const s = session();
  const [, name = ''] = (s?.arn ?? '').split(/:(?=[^:]*$)/);
  return (
    <TopNavigation
      identity={{ href: href(''), title: t.title, onFollow: follow }}
      utilities={[
        { type: 'button', text: t.otherLanguage, onClick: () => choose(document.documentElement.lang === 'ja' ? 'en' : 'ja') },
        {
          type: 'menu-dropdown', text: name, description: `${t.account} ${s?.account ?? ''} · ${s?.region ?? ''}`, iconName: 'user-profile',
          items: [{ id: 'out', text: t.signOut }], onItemClick: end,
        },
      ]}
    />
  );
}
