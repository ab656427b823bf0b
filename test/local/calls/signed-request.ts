import { deriveSigningKey, hmacSha256, sha256Hex, toAmzDate } from '../../../local/http/sigv4.ts';

export type Access = {
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** How far the client's clock is from the cloud's. */
  clockOffsetMs: number;
};

/** What a service answered: the status, and the error's code if it is one. */
export type Answered = { status: number; code: string | undefined };

/** Signs and sends a request to a service whose SDK client is not installed. */
export const sendSigned = async (
  url: string,
  service: string,
  { credentials, clockOffsetMs }: Access,
  {
    path = '/',
    headers = {},
    body = '{}',
  }: { path?: string; headers?: Record<string, string>; body?: string },
): Promise<Answered> => {
  const date = toAmzDate(Date.now() + clockOffsetMs);
  const scope = `${date.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  const signed: Record<string, string> = { ...headers, host: new URL(url).host, 'x-amz-date': date };
  const names = Object.keys(signed).sort();
  const canonical = [
    'POST',
    path.replaceAll('%', '%25'),
    '',
    ...names.map((name) => `${name}:${signed[name]}`),
    '',
    names.join(';'),
    sha256Hex(body),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256Hex(canonical)].join('\n');
  const key = deriveSigningKey(credentials.secretAccessKey, scope);
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    body,
    headers: {
      ...headers,
      'x-amz-date': date,
      authorization:
        `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, ` +
        `SignedHeaders=${names.join(';')}, Signature=${hmacSha256(key, toSign).toString('hex')}`,
    },
  });
  await response.arrayBuffer();
  const code = response.headers.get('x-amzn-errortype') ?? undefined;
  return { status: response.status, code: code?.split('#').at(-1) };
};
