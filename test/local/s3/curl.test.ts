import { execFile, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, test } from 'vitest';
import { credentials, startS3, temporaryFolder } from './s3-fixture.ts';

const Bucket = 'documents';
const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** The status, headers and body that curl was given. */
const curl = async (...args: string[]) => {
  const { stdout } = await promisify(execFile)('curl', ['--silent', '--include', ...args]);
  const [head = '', ...body] = stdout.replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, '').split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body: body.join('\r\n\r\n') };
};

const signed = (...args: string[]) =>
  curl(
    '--aws-sigv4',
    'aws:amz:us-east-1:s3',
    '--user',
    `${credentials.accessKeyId}:${credentials.secretAccessKey}`,
    // Curl before 8 does not send it by itself, and S3 wants it.
    '--header',
    'x-amz-content-sha256: UNSIGNED-PAYLOAD',
    ...args,
  );

const start = async () => {
  const running = await startS3();
  const folder = await temporaryFolder();
  const read = async (Key: string) => {
    const got = await running.client.send(new GetObjectCommand({ Bucket, Key }));
    return { ...got, text: await got.Body?.transformToString() };
  };
  return { ...running, folder, read };
};

describe.skipIf(!hasCurl)('curl', () => {
  test('uploads by a presigned PUT, a large file too', async () => {
    const { url: endpoint, folder, read } = await start();
    const signer = new S3Client({
      endpoint,
      region: 'us-east-1',
      credentials,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    const file = join(folder, 'big.csv');
    await writeFile(file, 'order,sku\n'.repeat(300_000));
    const url = await getSignedUrl(signer, new PutObjectCommand({ Bucket, Key: 'inbox/big file.csv' }));
    expect(await curl('--upload-file', file, '--header', 'Content-Type: text/csv', url)).toMatchObject({
      status: 200,
    });
    const text = await readFile(file, 'utf8');
    expect(await read('inbox/big file.csv')).toMatchObject({ text, ContentType: 'text/csv' });
    const tampered = url.replace('big%20file', 'other');
    const refused = await curl('--upload-file', file, tampered);
    expect(refused).toMatchObject({ status: 403, body: expect.stringContaining('SignatureDoesNotMatch') });
  });

  test('without a length is told that one is needed', async () => {
    const { url: endpoint } = await start();
    const signer = new S3Client({
      endpoint,
      region: 'us-east-1',
      credentials,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    const url = await getSignedUrl(signer, new PutObjectCommand({ Bucket, Key: 'k' }));
    const response = await curl(
      '--request',
      'PUT',
      '--header',
      'Transfer-Encoding: chunked',
      '--data',
      'x',
      url,
    );
    expect(response).toMatchObject({ status: 411, body: expect.stringContaining('MissingContentLength') });
  });

  test('uploads by a presigned POST form', async () => {
    const { client, folder, read } = await start();
    const { url, fields } = await createPresignedPost(client, {
      Bucket,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: S3's own placeholder
      Key: 'inbox/${filename}',
      Conditions: [
        ['content-length-range', 1, 20],
        ['starts-with', '$Content-Type', 'text/'],
      ],
      Fields: { success_action_status: '201' },
    });
    const post = async (name: string, content: string, type = 'text/csv') => {
      await writeFile(join(folder, name), content);
      const form = Object.entries(fields).flatMap(([field, value]) => ['--form-string', `${field}=${value}`]);
      const file = `file=@${join(folder, name)}`;
      return curl(...form, '--form-string', `Content-Type=${type}`, '--form', file, url);
    };
    const stored = await post('orders.csv', 'order,sku\n');
    expect(stored).toMatchObject({
      status: 201,
      body: expect.stringContaining('<Key>inbox/orders.csv</Key>'),
    });
    expect(await read('inbox/orders.csv')).toMatchObject({ text: 'order,sku\n', ContentType: 'text/csv' });
    const tooLong = await post('long.csv', 'x'.repeat(21));
    expect(tooLong).toMatchObject({ status: 400, body: expect.stringContaining('EntityTooLarge') });
    const wrongType = await post('page.html', '<p>', 'image/png');
    expect(wrongType).toMatchObject({
      status: 403,
      body: expect.stringContaining('Policy Condition failed'),
    });
  });

  test('reads a range by a presigned GET', async () => {
    const { client, s3 } = await start();
    await s3.putObject(Bucket, 'k', Buffer.from('abcdefghij'));
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'k' }));
    const response = await curl('--range', '2-4', url);
    expect(response).toMatchObject({ status: 206, body: 'cde' });
    expect(response.head).toContain('content-range: bytes 2-4/10');
    expect(await curl('--range', '10-', url)).toMatchObject({ status: 416 });
    expect(await curl('--head', url)).toMatchObject({ status: 403 });
  });

  test('signs its requests itself', async () => {
    const { url, read } = await start();
    expect(
      await signed('--request', 'PUT', '--data-binary', 'hello', `${url}/${Bucket}/a%20b`),
    ).toMatchObject({
      status: 200,
    });
    expect(await read('a b')).toMatchObject({ text: 'hello' });
    const listed = await signed(`${url}/${Bucket}?list-type=2&prefix=a`);
    expect(listed).toMatchObject({ status: 200, body: expect.stringContaining('<Key>a b</Key>') });
    expect(await signed(`${url}/`)).toMatchObject({
      body: expect.stringContaining('<Name>documents</Name>'),
    });
    const stranger = await signed('--user', `${credentials.accessKeyId}:guess`, `${url}/${Bucket}/a%20b`);
    expect(stranger).toMatchObject({ status: 403, body: expect.stringContaining('SignatureDoesNotMatch') });
    expect(await curl(`${url}/${Bucket}/a%20b`)).toMatchObject({ status: 403 });
  });
});
