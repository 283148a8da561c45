import { useState, type ReactNode } from 'react';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useText } from '../text';
import type { Live } from './live';
import { put, useAddress } from './route';
import { Trouble } from './Shown';

const perPage = 50;
const narrowest = 120; // of a column on a phone, where lines wrap: a word is not broken into letters

// Choice is a filter of a list: its name in the address, what it is called, the
// word for all, and which value a row has.
export interface Choice<T> {
  name: string;
  label: string;
  any: string;
  of: (row: T) => string;
  say?: (value: string) => string; // for people
}

// List shows rows that can be found by any word in them and by choices; what is
// looked for is in the address. Rows are chosen where chosen is given.
export function List<T>({ live, head, id, search, none, choices = [], columns, chosen, choose, one, actions, extra, sub }: {
  live: Live<T[]>;
  head: string;
  id: keyof T & string;
  search: string;
  none: string;
  choices?: Choice<T>[];
  columns: TableProps.ColumnDefinition<T>[];
  chosen?: T[];
  choose?: (rows: T[]) => void;
  one?: boolean; // a single row at a time
  actions?: ReactNode;
  extra?: ReactNode; // beside the filters
  sub?: boolean; // a list below another heading
}) {
  const t = useText();
  const { query } = useAddress();
  const [page, setPage] = useState(1);
  const q = query.get('q') ?? '';
  const phone = innerWidth <= 700;
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const all = live.data ?? [];
  const found = all.filter((row) => choices.every((c) => !query.get(c.name) || c.of(row) === query.get(c.name)) && holds(row, words));
  const pages = Math.max(1, Math.ceil(found.length / perPage));
  const at = Math.min(page, pages);
  const look = (name: string, value: string) => { put(name, value); setPage(1); };
  const clear = () => ['q', ...choices.map((c) => c.name)].forEach((name) => look(name, ''));
  return (
    <SpaceBetween size="l">
      {live.error && <Trouble error={live.error} again={live.refresh} stale={live.data !== undefined} />}
      <Table
        variant="borderless" trackBy={id} wrapLines={phone || sub} loading={!live.data && !live.error} loadingText={t.state.loading}
        items={found.slice((at - 1) * perPage, at * perPage)} columnDefinitions={phone ? columns.map((c) => ({ minWidth: narrowest, ...c })) : columns}
        selectionType={choose && (one ? 'single' : 'multi')} selectedItems={chosen} onSelectionChange={(e) => choose?.(e.detail.selectedItems)}
        onRowClick={one ? (e) => choose?.([e.detail.item]) : undefined}
        ariaLabels={{ selectionGroupLabel: head, allItemsSelectionLabel: () => head, itemSelectionLabel: (_, row) => String(row[id]) }}
        header={
          <Header variant={sub ? 'h2' : 'h1'} counter={live.data && `(${t.desktop.found(found.length, all.length)})`}
            actions={<SpaceBetween direction="horizontal" size="xs"><Button iconName="refresh" ariaLabel={t.state.refresh} onClick={live.refresh} />{actions}</SpaceBetween>}>
            {head}
          </Header>
        }
        filter={
          <div className="filters">
            <TextFilter filteringText={q} filteringPlaceholder={search} filteringAriaLabel={search} onChange={(e) => look('q', e.detail.filteringText)} />
            {choices.map((c) => <Chooser key={c.name} choice={c} rows={all} value={query.get(c.name) ?? ''} look={look} />)}
            {extra}
          </div>
        }
        pagination={pages > 1 && <Pagination currentPageIndex={at} pagesCount={pages} onChange={(e) => setPage(e.detail.currentPageIndex)} />}
        empty={
          <Box textAlign="center" color="inherit">
            {all.length ? t.state.noMatch : live.error ? t.state.unknown : none}
            {all.length > 0 && <Box padding="s"><Button onClick={clear}>{t.state.clear}</Button></Box>}
          </Box>
        }
      />
    </SpaceBetween>
  );
}

// holds tells whether every word is somewhere in a row.
function holds(row: unknown, words: string[]): boolean {
  if (!words.length) return true;
  const text = JSON.stringify(row).toLowerCase();
  return words.every((w) => text.includes(w));
}

function Chooser<T>({ choice, rows, value, look }: { choice: Choice<T>; rows: T[]; value: string; look: (name: string, value: string) => void }) {
  const say = choice.say ?? ((v: string) => v);
  const values = [...new Set([...rows.map(choice.of), value])].filter(Boolean).sort();
  return (
    <Select
      ariaLabel={choice.label} selectedOption={{ value, label: value ? say(value) : choice.any }} data-choice={choice.name}
      options={[{ value: '', label: choice.any }, ...values.map((v) => ({ value: v, label: say(v) }))]}
      onChange={(e) => look(choice.name, e.detail.selectedOption.value ?? '')}
    />
  );
}
