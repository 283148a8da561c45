// rungs are the repairs of a desktop, the gentlest first.
export const rungs = ['repair', 'restart', 'restore', 'rebuild', 'recreate'];

// Field is an option of a duty; who is asked for by a user or a desktop.
export interface Field {
  name: string;
  who?: boolean;
  must?: boolean;
  oneOf?: string[];
  yes?: boolean; // it is chosen or not
}

// Symptom is a diagnosis: what it asks for, and the plans that it can make. A
// further one is a row here, and one in the plane's table of duties.
export interface Symptom { fields: Field[]; fixes?: string[] }

const of: Field = { name: 'of', who: true, must: true };

export const symptoms: Record<string, Symptom> = {
  login: { fields: [of, { name: 'code' }, { name: 'from' }, { name: 'device', oneOf: ['web', 'windows', 'macos', 'linux', 'ios', 'android', 'chromeos', 'zeroclient'] }] },
  slow: { fields: [of], fixes: ['resize'] },
  desktop: { fields: [of], fixes: rungs },
  path: { fields: [{ name: 'from', who: true, must: true }, { name: 'to', must: true }, { name: 'port' }, { name: 'protocol', oneOf: ['tcp', 'udp', 'icmp'] }, { name: 'verify', yes: true }], fixes: [''] },
  share: { fields: [{ name: 'user', who: true, must: true }, { name: 'path', must: true }] },
  printing: { fields: [{ name: 'user', who: true, must: true }] },
  outage: { fields: [{ name: 'since' }], fixes: [''] },
};
