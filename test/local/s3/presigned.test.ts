import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, test } from 'vitest';
import { credentials, type RunningS3, startS3 } from './s3-fixture.ts';

const Bucket = 'documents';
const longAgo = new Date(Date.now() - 3_600_000);

describe('a presigned GET', () => {
  const signGet = (
    { client }: RunningS3,
    input: { ResponseContentDisposition?: string } = {},
    options: { expiresIn?: number; signingDate?: Date } = {},
  ) => getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'slip ü.pdf', ...input }), options);

  const start = async () => {
    const running = await startS3();
    await running.s3.putObject(Bucket, 'slip ü.pdf', Buffer.from('%PDF'), { contentType: 'application/pdf' });
    return running;
  };

  test('reads the object, with the overrides it was signed with', async () => {
    const running = await start();
    const response = await fetch(await signGet(running, { ResponseContentDisposition: 'inline' }));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toBe('inline');
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(await response.text()).toBe('%PDF');
  });

  test.for([
    {
      name: 'expired',
      change: (url: string) => url,
      options: { signingDate: longAgo, expiresIn: 60 },
      code: 'AccessDenied',
    },
    {
      name: 'changed',
      change: (url: string) => url.replace('slip', 'flip'),
      options: {},
      code: 'SignatureDoesNotMatch',
    },
    {
      name: 'given a longer life',
      change: (url: string) => url.replace('X-Amz-Expires=900', 'X-Amz-Expires=9000'),
      options: {},
      code: 'SignatureDoesNotMatch',
    },
    {
      name: 'of an unknown key',
      change: (url: string) => url.replace('LOCALTEST', 'STRANGER'),
      options: {},
      code: 'InvalidAccessKeyId',
    },
    {
      name: 'without a signature',
      change: (url: string) => url.replace(/&X-Amz-Signature=\w+/, ''),
      options: {},
      code: 'AuthorizationQueryParametersError',
    },
    {
      name: 'stripped of its query',
      change: (url: string) => url.replace(/\?.*/, ''),
      options: {},
      code: 'AccessDenied',
    },
    {
      name: 'given an override',
      change: (url: string) => `${url}&response-content-type=text/html`,
      options: {},
      code: 'SignatureDoesNotMatch',
    },
  ])('$name is refused', async ({ change, options, code }) => {
    const running = await start();
    const response = await fetch(change(await signGet(running, {}, options)));
    expect(await response.text()).toContain(`<Code>${code}</Code>`);
    expect(response.ok).toBe(false);
  });

  test('refuses another method, and x-amz headers that were not signed', async () => {
    const running = await start();
    const url = await signGet(running);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    const response = await fetch(url, { headers: { 'x-amz-checksum-mode': 'ENABLED', 'x-amz-meta-a': '1' } });
    expect(await response.text()).toContain('HeadersNotSigned');
  });
});

describe('a presigned PUT', () => {
  const command = new PutObjectCommand({ Bucket, Key: 'k', Metadata: { from: 'link' } });
  const upload = (url: string) =>
    fetch(url, { method: 'PUT', body: 'hello', headers: { 'content-type': 'text/plain' } });

  test('stores the body that comes with it', async () => {
    const { client, url: endpoint } = await startS3();
    const signer = new S3Client({
      endpoint,
      region: 'us-east-1',
      credentials,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    const response = await upload(await getSignedUrl(signer, command));
    expect([response.status, await response.text()]).toEqual([200, '']);
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({ Metadata: { from: 'link' }, ContentType: 'text/plain' });
  });

  test('keeps to the checksum it was signed with: by the SDK’s default, that of an empty body', async () => {
    const { client } = await startS3();
    const response = await upload(await getSignedUrl(client, command));
    expect(await response.text()).toContain('BadDigest');
  });
});

describe('a presigned POST', () => {
  const key = 'inbox/acme/orders.csv';

  const post = async (
    running: RunningS3,
    change: (form: FormData) => void = () => undefined,
    content: string | Uint8Array<ArrayBuffer> = 'order,sku\n',
  ) => {
    const { url, fields } = await createPresignedPost(running.client, {
      Bucket,
      Key: key,
      Conditions: [
        ['content-length-range', 1, 100],
        ['starts-with', '$Content-Type', 'text/'],
        { 'x-amz-meta-partner': 'acme' },
      ],
      Fields: { 'x-amz-meta-partner': 'acme' },
    });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('Content-Type', 'text/csv');
    change(form);
    if (!form.has('file')) form.set('file', new Blob([content]), 'orders.csv');
    return fetch(url, { method: 'POST', body: form });
  };

  test('stores the file with the fields that the policy allows', async () => {
    const running = await startS3();
    const response = await post(running);
    expect([response.status, await response.text()]).toEqual([204, '']);
    const got = await running.client.send(new GetObjectCommand({ Bucket, Key: key }));
    expect(await got.Body?.transformToString()).toBe('order,sku\n');
    expect(got).toMatchObject({ ContentType: 'text/csv', Metadata: { partner: 'acme' } });
    await expect
      .poll(() => running.events)
      .toMatchObject([{ detail: { reason: 'POST Object', object: { key } } }]);
  });

  test('answers the status and document that a field asks for', async () => {
    const running = await startS3();
    const { url, fields } = await createPresignedPost(running.client, {
      Bucket,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: S3's own placeholder
      Key: 'inbox/${filename}',
      Fields: { success_action_status: '201' },
    });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob(['x']), '$& 订单.csv');
    const response = await fetch(url, { method: 'POST', body: form });
    expect(response.status).toBe(201);
    expect(await response.text()).toContain('<Key>inbox/$&amp; 订单.csv</Key>');
  });

  test.for([
    {
      name: 'another key',
      change: (form: FormData) => form.set('key', 'inbox/other/x'),
      status: 403,
      code: 'AccessDenied',
    },
    {
      name: 'another type',
      change: (form: FormData) => form.set('Content-Type', 'image/png'),
      status: 403,
      code: 'AccessDenied',
    },
    {
      name: 'a missing field',
      change: (form: FormData) => form.delete('x-amz-meta-partner'),
      status: 403,
      code: 'AccessDenied',
    },
    {
      name: 'an extra field',
      change: (form: FormData) => form.set('x-amz-meta-more', '1'),
      status: 403,
      code: 'Extra input fields',
    },
    {
      name: 'no policy',
      change: (form: FormData) => form.delete('Policy'),
      status: 403,
      code: 'AccessDenied',
    },
    {
      name: 'a policy of one’s own',
      change: (form: FormData) => form.set('Policy', 'e30='),
      status: 403,
      code: 'SignatureDoesNotMatch',
    },
    {
      name: 'a signature of one’s own',
      change: (form: FormData) => form.set('X-Amz-Signature', 'f'.repeat(64)),
      status: 403,
      code: 'SignatureDoesNotMatch',
    },
    {
      name: 'no key',
      change: (form: FormData) => form.delete('key'),
      status: 400,
      code: 'Bucket POST must contain a field named',
    },
    {
      name: 'a credential for another service',
      change: (form: FormData) =>
        form.set('X-Amz-Credential', String(form.get('X-Amz-Credential')).replace('/s3/', '/ses/')),
      status: 400,
      code: 'InvalidArgument',
    },
    {
      name: 'a credential of another day',
      change: (form: FormData) => form.set('X-Amz-Date', '20200101T000000Z'),
      status: 400,
      code: 'InvalidArgument',
    },
    {
      name: 'a file too large',
      change: (form: FormData) => form.set('file', new Blob(['x'.repeat(101)])),
      status: 400,
      code: 'EntityTooLarge',
    },
    {
      name: 'a file far too large',
      change: (form: FormData) => form.set('file', new Blob(['x'.repeat(3_000_000)])),
      status: 400,
      code: 'EntityTooLarge',
    },
    {
      name: 'a file too small',
      change: (form: FormData) => form.set('file', new Blob([''])),
      status: 400,
      code: 'EntityTooSmall',
    },
    {
      name: 'fields too large',
      change: (form: FormData) => form.set('x-ignore-a', 'x'.repeat(30_000)),
      status: 400,
      code: 'MaxPostPreDataLengthExceeded',
    },
  ])('with $name is refused', async ({ change, status, code }) => {
    const running = await startS3();
    const response = await post(running, change);
    expect(await response.text()).toContain(code);
    expect(response.status).toBe(status);
    await expect(running.client.send(new HeadObjectCommand({ Bucket, Key: key }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  test('verifies a checksum among its fields', async () => {
    const running = await startS3();
    const send = async (checksum: string) => {
      const Fields = {
        'x-amz-checksum-crc32': checksum,
        'x-amz-meta-from': 'form',
        tagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>',
      };
      const { url, fields } = await createPresignedPost(running.client, { Bucket, Key: key, Fields });
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      form.set('file', new Blob(['abc']));
      return fetch(url, { method: 'POST', body: form });
    };
    expect(await (await send('AAAAAA==')).text()).toContain('<Code>BadDigest</Code>');
    expect((await send('NSRBwg==')).status).toBe(204);
    const got = await running.client.send(
      new HeadObjectCommand({ Bucket, Key: key, ChecksumMode: 'ENABLED' }),
    );
    expect(got).toMatchObject({ ChecksumCRC32: 'NSRBwg==', Metadata: { from: 'form' }, TagCount: 1 });
  });

  test('is refused once its policy has expired', async () => {
    const running = await startS3();
    const clock = { now: () => Date.now() + 3_601_000, setTimer: () => () => undefined };
    const later = await startS3({ clock });
    const { fields } = await createPresignedPost(running.client, { Bucket, Key: key });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob(['x']));
    const response = await fetch(`${later.url}/${Bucket}`, { method: 'POST', body: form });
    expect(await response.text()).toContain('Policy expired');
  });

  test('takes a binary file that contains what looks like its own boundary', async () => {
    const running = await startS3();
    const content = new Uint8Array(Buffer.from('\r\n--\r\n------formdata\r\n\r\n--'));
    const response = await post(running, () => undefined, content);
    expect(response.status).toBe(204);
    const got = await running.client.send(new GetObjectCommand({ Bucket, Key: key }));
    expect(await got.Body?.transformToByteArray()).toEqual(content);
  });
});
