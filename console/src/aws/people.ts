import { DescribeDirectoriesCommand, DirectoryServiceClient, type DirectoryDescription } from '@aws-sdk/client-directory-service';
import { once, settings, together } from './client';
import { call } from './signed';

const client = once(() => new DirectoryServiceClient(settings()));

export type { DirectoryDescription };

// directories lists every directory.
export async function directories(): Promise<DirectoryDescription[]> {
  const all: DirectoryDescription[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client().send(new DescribeDirectoriesCommand({ NextToken }));
    all.push(...page.DirectoryDescriptions ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
}

// Person is a user of a directory; what DescribeUser alone tells is optional.
export interface Person {
  SAMAccountName: string;
  GivenName?: string;
  Surname?: string;
  Enabled?: boolean;
  SID?: string;
  EmailAddress?: string;
  DistinguishedName?: string;
  UserPrincipalName?: string;
}

const data = <T>(directory: string, path: string, input: object) =>
  call<T>('ds-data', `${path}?DirectoryId=${encodeURIComponent(directory)}`, input);

// people lists the users of a directory.
export async function people(directory: string): Promise<Person[]> {
  const all: Person[] = [];
  let NextToken: string | undefined;
  do {
    const page = await data<{ Users?: Person[]; NextToken?: string }>(directory, '/Users/ListUsers', { NextToken, MaxResults: 250 });
    all.push(...page.Users ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
}

// person is one user with the groups that they are in.
export async function person(directory: string, name: string): Promise<Person & { groups: string[] }> {
  const [user, member] = await together([
    data<Person>(directory, '/Users/DescribeUser', { SAMAccountName: name }),
    data<{ Groups?: { SAMAccountName: string }[] }>(directory, '/GroupMemberships/ListGroupsForMember', { SAMAccountName: name }),
  ]);
  return { ...user, groups: (member.Groups ?? []).map((g) => g.SAMAccountName) };
}

// disable lets a user in nowhere any more.
export const disable = (directory: string, name: string) => data(directory, '/Users/DisableUser', { SAMAccountName: name });
