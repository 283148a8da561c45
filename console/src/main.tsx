import { createRoot } from 'react-dom/client';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import { applyMode, Mode } from './parts/mode';
import { ahead, App } from './App';
import { language, load, Words } from './text';
import './base.css';

const l = language();
const [{ text, parts }] = await Promise.all([load(l), ahead(location.pathname.slice(import.meta.env.BASE_URL.length)).catch(() => {})]);
document.documentElement.lang = l;
document.title = text.title;
applyMode(matchMedia('(prefers-color-scheme: dark)').matches ? Mode.Dark : Mode.Light);

createRoot(document.getElementById('root')!).render(
  <I18nProvider locale={l} messages={parts}>
    <Words value={text}><App /></Words>
  </I18nProvider>,
);
