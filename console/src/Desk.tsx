import { lazy, Suspense, useEffect, useRef, useState, type ComponentType } from 'react';
import AppLayout from '@cloudscape-design/components/app-layout';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Alert from '@cloudscape-design/components/alert';
import { follow, href, useAddress } from './parts/route';
import { end, session } from './session';
import { choose, useText, type Text } from './text';

// pages are fetched when they are first shown.
const pages: Record<string, ComponentType> = {
  '': lazy(() => import('./pages/Home')),
  desktops: lazy(() => import('./pages/Desktops')),
  'desktops/': lazy(() => import('./pages/Desktop')),
  nodes: lazy(() => import('./pages/Nodes')),
  'nodes/': lazy(() => import('./pages/Node')),
  'shell/': lazy(() => import('./pages/Shell')),
  events: lazy(() => import('./pages/Events')),
  plans: lazy(() => import('./pages/Plans')),
  'plans/': lazy(() => import('./pages/PlanPage')),
  approvals: lazy(() => import('./pages/Approvals')),
  alarms: lazy(() => import('./pages/Alarms')),
  cost: lazy(() => import('./pages/Cost')),
  images: lazy(() => import('./pages/Images')),
  people: lazy(() => import('./pages/People')),
  day: lazy(() => import('./pages/Day')),
  diagnosis: lazy(() => import('./pages/Diagnosis')),
  feed: lazy(() => import('./pages/Feed')),
};

const names = (t: Text): [string, string][] => [
  ['', t.pages.home], ['day', t.pages.day], ['diagnosis', t.pages.diagnosis], ['desktops', t.pages.desktops], ['images', t.pages.images], ['nodes', t.pages.nodes], ['events', t.pages.events], ['alarms', t.pages.alarms], ['people', t.pages.people], ['feed', t.pages.feed],
  ['approvals', t.pages.approvals], ['plans', t.pages.plans], ['cost', t.pages.cost],
];

// Desk is the frame around every page.
export default function Desk() {
  const t = useText();
  const { path } = useAddress();
  const [first = '', below] = path.split('/');
  const Page = pages[below ? `${first}/` : first];
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
              ? <Suspense fallback={<StatusIndicator type="loading">{t.state.loading}</StatusIndicator>}><Page key={path} /></Suspense>
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
