import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type HttpRequest, serve } from '../../../local/http/serve.ts';
import { deriveSigningKey, hmacSha256, sha256Hex, verifySignature } from '../../../local/http/sigv4.ts';

const credentials = { accessKeyId: 'LOCALTEST', secretAccessKey: 'not-a-secret' };
const secretOf = (id: string) => (id === credentials.accessKeyId ? credentials.secretAccessKey : undefined);

/** Sends one call of a real client, and answers the request as it came in. */
const capture = async (send: (endpoint: string) => Promise<unknown>): Promise<HttpRequest> => {
  let seen: HttpRequest | undefined;
  const server = await serve(
    async (request) => {
      seen = request;
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.0' },
        body: '{"stateMachines":[]}',
      };
    },
    { port: 0 },
  );
  onTestFinished(server.close);
  await send(server.url);
  if (!seen) throw new Error('Nothing was sent.');
  return seen;
};

const captureSfn = () =>
  capture((endpoint) => {
    const client = new SFNClient({ endpoint, region: 'us-east-1', credentials });
    return client.send(new ListStateMachinesCommand({ maxResults: 5 }));
  });

const verify = (request: HttpRequest, changes: Partial<HttpRequest> = {}) => {
  const changed = { ...request, ...changes };
  return verifySignature(changed, { secretOf, nowMs: Date.now(), body: changed.body });
};

describe('a request signed by its header', () => {
  test('proves its caller', async () => {
    const request = await captureSfn();
    expect(verify(request)).toMatchObject({ isValid: true, accessKeyId: 'LOCALTEST' });
  });

  test.for([
    { name: 'another body', change: () => ({ body: Buffer.from('{}') }), failure: 'mismatch' },
    { name: 'another method', change: () => ({ method: 'GET' }), failure: 'mismatch' },
    { name: 'another path', change: () => ({ path: '/other' }), failure: 'mismatch' },
    { name: 'another query', change: () => ({ query: new URLSearchParams('a=1') }), failure: 'mismatch' },
    {
      name: 'another operation',
      change: ({ headers }: HttpRequest) => ({ headers: { ...headers, 'x-amz-target': 'x.Delete' } }),
      failure: 'mismatch',
    },
    {
      name: 'another key',
      change: ({ headers }: HttpRequest) => ({
        headers: {
          ...headers,
          authorization: (headers.authorization ?? '').replace('LOCALTEST', 'STRANGER'),
        },
      }),
      failure: 'unknown-key',
    },
    {
      name: 'another day',
      change: ({ headers }: HttpRequest) => ({ headers: { ...headers, 'x-amz-date': '20200101T000000Z' } }),
      failure: 'malformed',
    },
    {
      name: 'no host among what is signed',
      change: ({ headers }: HttpRequest) => ({
        headers: { ...headers, authorization: (headers.authorization ?? '').replace('host;', '') },
      }),
      failure: 'malformed',
    },
    {
      name: 'another scheme',
      change: ({ headers }: HttpRequest) => ({ headers: { ...headers, authorization: 'Bearer x' } }),
      failure: 'malformed',
    },
    { name: 'no signature at all', change: () => ({ headers: {} }), failure: 'missing' },
  ])('with $name is a $failure', async ({ change, failure }) => {
    const request = await captureSfn();
    expect(verify(request, change(request))).toMatchObject({ isValid: false, failure });
  });

  test.for([
    { ageMs: 0, outcome: { isValid: true } },
    { ageMs: 900_000, outcome: { isValid: true } },
    { ageMs: 900_001, outcome: { isValid: false, failure: 'stale' } },
    { ageMs: -900_000, outcome: { isValid: true } },
    { ageMs: -900_001, outcome: { isValid: false, failure: 'premature' } },
  ])('at an age of $ageMs ms is $outcome', async ({ ageMs, outcome }) => {
    const request = await captureSfn();
    const signedAt = (request.headers['x-amz-date'] ?? '').replace(
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
      '$1-$2-$3T$4:$5:$6Z',
    );
    const nowMs = Date.parse(signedAt) + ageMs;
    expect(verifySignature(request, { secretOf, nowMs, body: request.body })).toMatchObject(outcome);
  });

  test.for([
    { scope: { region: 'us-east-1', service: 'states' }, outcome: { isValid: true } },
    { scope: { region: 'eu-west-1', service: 'states' }, outcome: { failure: 'other-region' } },
    { scope: { region: 'us-east-1', service: 'sqs' }, outcome: { failure: 'other-service' } },
  ])('is held against the scope $scope: $outcome', async ({ scope, outcome }) => {
    const request = await captureSfn();
    const options = { secretOf, nowMs: Date.now(), body: request.body, scope };
    expect(verifySignature(request, options)).toMatchObject(outcome);
  });

  test('may have a path that is encoded itself', async () => {
    const path = '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A0%3Afunction%3Aa/invocations';
    const scope = '20260131/us-east-1/lambda/aws4_request';
    const canonicalRequest = [
      'POST',
      path.replaceAll('%', '%25'),
      'a=1&a=2&b=x%20y',
      'host:127.0.0.1',
      'x-amz-date:20260131T120000Z',
      '',
      'host;x-amz-date',
      sha256Hex('{}'),
    ].join('\n');
    const toSign = ['AWS4-HMAC-SHA256', '20260131T120000Z', scope, sha256Hex(canonicalRequest)].join('\n');
    const key = deriveSigningKey(credentials.secretAccessKey, scope);
    const Signature = hmacSha256(key, toSign).toString('hex');
    const authorization = `AWS4-HMAC-SHA256 Credential=LOCALTEST/${scope}, SignedHeaders=host;x-amz-date, Signature=${Signature}`;
    const headers = { host: '127.0.0.1', 'x-amz-date': '20260131T120000Z', authorization };
    const query = new URLSearchParams('b=x%20y&a=2&a=1');
    const request = { method: 'POST', path, query, headers };
    const nowMs = Date.parse('2026-01-31T12:00:00Z');
    const result = verifySignature(request, { secretOf, nowMs, body: Buffer.from('{}') });
    expect(result).toMatchObject({ isValid: true });
  });
});

describe('a presigned request', () => {
  test('is good until it expires', async () => {
    const signingDate = new Date('2026-01-31T12:00:00Z');
    const request = await capture(async (endpoint) => {
      const client = new S3Client({ endpoint, region: 'us-east-1', credentials });
      const command = new GetObjectCommand({ Bucket: 'b', Key: "it's (a) key+*!" });
      await fetch(await getSignedUrl(client, command, { expiresIn: 60, signingDate }));
    });
    const verifyAt = (nowMs: number) => verifySignature(request, { secretOf, nowMs });
    expect(verifyAt(signingDate.getTime() + 60_000)).toMatchObject({ isValid: true });
    expect(verifyAt(signingDate.getTime() + 60_001)).toMatchObject({ isValid: false, failure: 'expired' });
    expect(verifyAt(signingDate.getTime() - 900_001)).toMatchObject({ isValid: false, failure: 'premature' });
  });
});
