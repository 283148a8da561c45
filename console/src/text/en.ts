// The words of the console in English; ja.ts has the same in Japanese.
export const text = {
  title: 'Tamachi console',
  skip: 'Skip to the content',
  menu: 'Pages',
  account: 'Account',
  region: 'Region',
  signOut: 'Sign out',
  otherLanguage: '日本語',
  pages: { home: 'Home', desktops: 'Desktops', nodes: 'Nodes', events: 'Event history', alarms: 'Alarms', people: 'People' },
  signIn: {
    head: 'Sign in',
    how: 'How to sign in',
    byKey: 'Access key', byPerson: 'Directory user',
    key: 'Access key ID', secret: 'Secret access key', token: 'Session token', optional: 'optional',
    region: 'Region',
    kept: 'What you enter stays in this tab and is forgotten when you close it.',
    go: 'Sign in',
    wrong: 'These credentials were refused.',
    code: 'Registration code', user: 'User name', password: 'Password', oneTime: 'Code of your authenticator app', role: 'Role',
  },
  state: {
    loading: 'Loading', refresh: 'Refresh', again: 'Try again',
    denied: 'You are not allowed to see this', failed: 'This could not be fetched', stale: 'What you see is from before.',
    over: 'Your credentials are no longer valid. Sign in again.',
    none: 'Nothing here', noMatch: 'Nothing matches', clear: 'Clear the filter', unknown: 'unknown', away: 'The plane does not answer.',
    noPage: 'There is no such page.',
  },
  cli: { head: 'The same with the AWS CLI', copy: 'Copy', copied: 'Copied', notCopied: 'Could not be copied' },
  home: {
    desktops: 'Desktops', inUse: 'In use', inError: 'In error', alarms: 'Alarms', nodesLost: 'Nodes not connected', all: 'All',
    broken: 'Desktops that need attention', allWell: 'No desktop needs attention.',
    ringing: 'Alarms in ALARM', silent: 'No alarm is in ALARM.',
    recent: 'Used last', nobody: 'Nobody has used a desktop yet.', now: 'now',
  },
  desktop: {
    search: 'Find by anything: user, ID, name, address, bundle', state: 'State', any: 'Any state', running: 'Running mode', found: (n: number, of: number) => `${n} of ${of}`,
    id: 'WorkSpace ID', user: 'User', computer: 'Computer name', bundle: 'Bundle', address: 'IP address', mode: 'Running mode', used: 'Last used',
    directory: 'Directory', connected: 'connected', never: 'never', compute: 'Compute type', error: 'Error',
    none: 'There are no desktops.',
  },
};

export type Text = typeof text;
