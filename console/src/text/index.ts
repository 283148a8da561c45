import { createContext, useContext } from 'react';
import type { Text } from './en';

export type Language = 'ja' | 'en';
export type { Text };

const key = 'tamachi-language';

// language is the one that was chosen here, else the browser's.
export function language(): Language {
  const chosen = localStorage.getItem(key);
  if (chosen === 'ja' || chosen === 'en') return chosen;
  const first = navigator.languages.find((l) => /^(ja|en)\b/.test(l));
  return first?.startsWith('ja') ? 'ja' : 'en';
}

export function choose(l: Language) {
  localStorage.setItem(key, l);
  location.reload();
}

// load fetches the words of a language: ours and Cloudscape's.
export async function load(l: Language) {
  if (l === 'ja') {
    const [own, parts] = await Promise.all([import('./ja'), import('@cloudscape-design/components/i18n/messages/all.ja.json')]);
    return { text: own.text as Text, parts: [parts.default] };
  }
  const [own, parts] = await Promise.all([import('./en'), import('@cloudscape-design/components/i18n/messages/all.en.json')]);
  return { text: own.text, parts: [parts.default] };
}

export const Words = createContext<Text | undefined>(undefined);

// useText is the words of the language that is shown.
export function useText(): Text {
  const t = useContext(Words);
  if (!t) throw new Error('no words');
  return t;
}
