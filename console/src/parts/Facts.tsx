import type { ReactNode } from 'react';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';

// Facts shows what something is; what is not known is left out.
export function Facts({ of }: { of: [label: string, value: ReactNode][] }) {
  return <KeyValuePairs columns={3} items={of.filter(([, v]) => v !== undefined && v !== false && v !== '').map(([label, value]) => ({ label, value }))} />;
}
