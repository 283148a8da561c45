import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Session } from '../session';
import { settings } from './client';

// whoIs proves credentials, and says whose they are.
export async function whoIs(s: Session): Promise<Session> {
  const out = await new STSClient(settings(s)).send(new GetCallerIdentityCommand({}));
  return { ...s, account: out.Account ?? '', arn: out.Arn ?? '' };
}
