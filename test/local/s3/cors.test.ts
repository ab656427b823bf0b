import { expect, test } from 'vitest';
import { startS3 } from './s3-fixture.ts';

const cors = [
  {
    origins: ['https://*.example.com', 'http://localhost:8080'],
    methods: ['GET', 'PUT'],
    headers: ['x-amz-*', 'Content-Type'],
    exposed: ['ETag'],
    maxAgeSeconds: 3000,
  },
  { origins: ['*'], methods: ['GET'], headers: [], exposed: [] },
];

const start = () =>
  startS3({
    buckets: [
      { name: 'pictures', eventBridge: false, cors },
      { name: 'closed', eventBridge: false },
    ],
  });

const preflight = (url: string, bucket: string, origin: string, method: string, headers?: string) =>
  fetch(`${url}/${bucket}/some/key`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      ...(headers === undefined ? {} : { 'access-control-request-headers': headers }),
    },
  });

test('a preflight is answered by the first rule that lets the call pass', async () => {
  const { url } = await start();
  const response = await preflight(
    url,
    'pictures',
    'https://shop.example.com',
    'PUT',
    'Content-Type, X-Amz-Meta-A',
  );
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'access-control-allow-origin': 'https://shop.example.com',
    'access-control-allow-methods': 'GET, PUT',
    'access-control-allow-headers': 'content-type, x-amz-meta-a',
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'ETag',
    'access-control-max-age': '3000',
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  });
  const open = await preflight(url, 'pictures', 'https://elsewhere.example.org', 'GET');
  expect(open.headers.get('access-control-allow-origin')).toBe('*');
  expect(open.headers.has('access-control-allow-credentials')).toBe(false);
});

test.for([
  { name: 'another method', origin: 'https://shop.example.com', method: 'DELETE', says: 'not whitelisted' },
  {
    name: 'another origin',
    origin: 'https://example.com.evil.example',
    method: 'PUT',
    says: 'not whitelisted',
  },
  { name: 'another port', origin: 'http://localhost:80801', method: 'PUT', says: 'not whitelisted' },
  {
    name: 'a header no rule names',
    origin: 'https://shop.example.com',
    method: 'PUT',
    headers: 'authorization',
    says: 'not whitelisted',
  },
  {
    name: 'a bucket without rules',
    bucket: 'closed',
    origin: 'https://shop.example.com',
    method: 'GET',
    says: 'CORS is not enabled',
  },
])('a preflight for $name is refused', async ({ origin, method, headers, says, bucket = 'pictures' }) => {
  const { url } = await start();
  const response = await preflight(url, bucket, origin, method, headers);
  expect(response.status).toBe(403);
  const text = await response.text();
  expect(text).toContain('<Code>AccessForbidden</Code>');
  expect(text).toContain(says);
});

test('an answer carries what the browser needs to hand it over, a refusal too', async () => {
  const { url } = await start();
  const response = await fetch(`${url}/pictures/some/key`, { headers: { origin: 'http://localhost:8080' } });
  expect(response.status).toBe(403);
  expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:8080');
  const plain = await fetch(`${url}/closed/key`, { headers: { origin: 'http://localhost:8080' } });
  expect(plain.headers.has('access-control-allow-origin')).toBe(false);
});
