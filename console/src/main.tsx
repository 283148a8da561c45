import { createRoot } from 'react-dom/client';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import { applyMode, Mode } from './parts/mode';
import { App } from './App';
import { session } from './session';
import { language, load, Words } from './text';
import './base.css';

// What is shown first is fetched beside the words, not after them.
if (session()) {
  void import('./Desk');
  if (location.pathname === import.meta.env.BASE_URL) void import('./pages/Home');
}
const l = language();
const { text, parts } = await load(l);
document.documentElement.lang = l;
document.title = text.title;
applyMode(matchMedia('(prefers-color-scheme: dark)').matches ? Mode.Dark : Mode.Light);

createRoot(document.getElementById('root')!).render(
  <I18nProvider locale={l} messages={parts}>
    <Words value={text}><App /></Words>
  </I18nProvider>,
);
