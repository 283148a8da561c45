import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { settings } from './client';

// call makes one call of a service for which there is no client: target is
// "Tamachi.OpenDesktop" of a service of JSON 1.1, or the path of one of JSON
// over REST, with its query.
export async function call<T>(service: string, target: string, input: object, signal?: AbortSignal): Promise<T> {
  const { region, credentials } = settings();
  const url = new URL(target.startsWith('/') ? target : '/', location.origin);
  const body = JSON.stringify(input);
  const headers: Record<string, string> = { host: url.host, 'content-type': 'application/json' };
  if (!target.startsWith('/')) {
    headers['content-type'] = 'application/x-amz-json-1.1';
    headers['x-amz-target'] = target;
  }
  const signed = await new SignatureV4({ service, region, credentials, sha256: Sha256 }).sign({
    method: 'POST', protocol: url.protocol, hostname: url.hostname, port: Number(url.port) || undefined,
    path: url.pathname, query: Object.fromEntries(url.searchParams), headers, body,
  });
  const { host: _, ...sent } = signed.headers;
  const answer = await fetch(url, { method: 'POST', headers: sent, body, signal });
  const out = await answer.json().catch(() => ({}));
  if (answer.ok) return out as T;
  const error = new Error(out.message ?? out.Message ?? answer.statusText);
  error.name = String(answer.headers.get('x-amzn-errortype') ?? out.__type ?? 'Error').split(':')[0]!.split('#').pop()!;
  throw error;
}
