import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  type ChecksumAlgorithm,
  type ChecksumType,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  paginateListParts,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { createChecksum } from '../../../local/s3/checksums.ts';
import { type RunningS3, startS3 } from './s3-fixture.ts';

const Bucket = 'documents';
const Key = 'imports/orders.csv';
const fiveMiB = 5 * 1024 * 1024;

const begin = async ({ client }: RunningS3) => {
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/csv', Metadata: { from: 'test' } }),
  );
  const upload = { Bucket, Key, UploadId };
  const send = async (PartNumber: number, Body: Buffer) => {
    const { ETag, ChecksumCRC32 } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
    return { PartNumber, ETag, ChecksumCRC32 };
  };
  const complete = (Parts: { PartNumber: number; ETag: string | undefined }[]) =>
    client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  return { upload, send, complete };
};

describe('a multipart upload', () => {
  test('joins its parts under the combined ETag and raises one event', async () => {
    const running = await startS3();
    const { send, complete } = await begin(running);
    const [first, last] = [Buffer.alloc(fiveMiB, 'a'), Buffer.from('the end')];
    await send(1, Buffer.from('to be replaced'));
    const parts = [await send(1, first), await send(7, last)];
    const completed = await complete(parts);
    const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();
    const expected = `"${md5(Buffer.concat([md5(first), md5(last)])).toString('hex')}-2"`;
    expect(completed).toMatchObject({ ETag: expected, VersionId: expect.any(String) });
    const got = await running.client.send(new GetObjectCommand({ Bucket, Key }));
    expect(got).toMatchObject({ ContentType: 'text/csv', Metadata: { from: 'test' }, ETag: expected });
    const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat([first, last]))).toBe(true);
    await expect
      .poll(() => running.events)
      .toMatchObject([
        { detail: { reason: 'CompleteMultipartUpload', object: { key: Key, size: fiveMiB + 7 } } },
      ]);
    expect(await readdir(join(running.stateDir, 's3', Bucket, 'data'))).toHaveLength(1);
  });

  test('that is completed again, as by a caller who lost the answer, stays what it became', async () => {
    const running = await startS3();
    const { upload, send, complete } = await begin(running);
    const parts = [await send(1, Buffer.from('whole'))];
    const { VersionId, ETag } = await complete(parts);
    await expect(complete(parts)).resolves.toMatchObject({ VersionId, ETag });
    await expect(complete([{ PartNumber: 1, ETag: `"${'0'.repeat(32)}"` }])).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
    await expect(running.client.send(new AbortMultipartUploadCommand(upload))).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
    await expect.poll(() => running.events).toHaveLength(1);
  });

  test('with If-None-Match: * is refused where an object has come meanwhile, and may then be aborted', async () => {
    const running = await startS3();
    const { upload, send } = await begin(running);
    const Parts = [await send(1, Buffer.from('late'))];
    await running.s3.putObject(Bucket, Key, Buffer.from('first'));
    const command = new CompleteMultipartUploadCommand({
      ...upload,
      MultipartUpload: { Parts },
      IfNoneMatch: '*',
    });
    await expect(running.client.send(command)).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await running.client.send(new AbortMultipartUploadCommand(upload));
    expect(await readdir(join(running.stateDir, 's3', Bucket, 'data'))).toHaveLength(1);
  });

  test('whose size is not the one claimed is refused', async () => {
    const running = await startS3();
    const { upload, send } = await begin(running);
    const MultipartUpload = { Parts: [await send(1, Buffer.from('abc'))] };
    const complete = (MpuObjectSize: number) =>
      running.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload, MpuObjectSize }));
    await expect(complete(4)).rejects.toMatchObject({ name: 'InvalidRequest' });
    await complete(3);
  });

  test('survives a restart between its parts', async () => {
    const before = await startS3();
    const { upload, send } = await begin(before);
    const parts = [await send(1, Buffer.alloc(fiveMiB, 'a'))];
    await before.stop();
    const { client } = await startS3({ stateDir: before.stateDir });
    const { ETag, ChecksumCRC32 } = await client.send(
      new UploadPartCommand({ ...upload, PartNumber: 2, Body: 'b' }),
    );
    const Parts = [...parts, { PartNumber: 2, ETag, ChecksumCRC32 }];
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=-2' }));
    expect(await got.Body?.transformToString()).toBe('ab');
  });

  test('leaves nothing behind when aborted', async () => {
    const running = await startS3();
    const { upload, send } = await begin(running);
    await send(1, Buffer.from('a'));
    await running.client.send(new AbortMultipartUploadCommand(upload));
    await expect(send(2, Buffer.from('b'))).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect(await readdir(join(running.stateDir, 's3', Bucket, 'data'))).toEqual([]);
  });

  test('refuses parts it does not have, out of order, or too small', async () => {
    const { send, complete } = await begin(await startS3());
    const parts = [await send(1, Buffer.from('small')), await send(2, Buffer.from('last'))];
    await expect(complete(parts)).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete(parts.toReversed())).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([{ PartNumber: 1, ETag: '"other"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    await expect(complete([...parts, { PartNumber: 3, ETag: '"missing"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    await expect(complete([])).rejects.toMatchObject({ name: 'MalformedXML' });
  });

  test.for([0, 10_001, 1.5])('refuses the part number %s', async (PartNumber) => {
    const { send } = await begin(await startS3());
    await expect(send(PartNumber, Buffer.from('x'))).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('the parts of an upload', () => {
  test('are listed by number, page by page', async () => {
    const running = await startS3();
    const { upload, send } = await begin(running);
    for (const number of [3, 1, 2]) await send(number, Buffer.from(`part ${number}`));
    const seen: unknown[] = [];
    for await (const page of paginateListParts({ client: running.client, pageSize: 2 }, upload)) {
      expect(page).toMatchObject({ Bucket, Key, UploadId: upload.UploadId, StorageClass: 'STANDARD' });
      if (page.Parts) seen.push(page.Parts.map(({ PartNumber, Size }) => [PartNumber, Size]));
    }
    expect(seen).toEqual([
      [
        [1, 6],
        [2, 6],
      ],
      [[3, 6]],
    ]);
  });

  test('may be copied from objects, whole or by range', async () => {
    const running = await startS3();
    const { upload, complete } = await begin(running);
    const source = await running.s3.putObject('scratch', 'source', Buffer.alloc(fiveMiB + 10, 'abcdefghij'));
    const copy = async (PartNumber: number, CopySourceRange?: string) => {
      const command = { ...upload, PartNumber, CopySource: 'scratch/source', CopySourceRange };
      const { CopyPartResult } = await running.client.send(new UploadPartCopyCommand(command));
      return { PartNumber, ETag: CopyPartResult?.ETag };
    };
    await expect(copy(1, 'bytes=0-99999999')).rejects.toMatchObject({ name: 'InvalidArgument' });
    const parts = [await copy(1), await copy(2, 'bytes=2-4')];
    expect(parts[0]?.ETag).toBe(`"${source.etag}"`);
    await complete(parts);
    const got = await running.client.send(new GetObjectCommand({ Bucket, Key, PartNumber: 2 }));
    expect(await got.Body?.transformToString()).toBe('cde');
    expect(got).toMatchObject({
      PartsCount: 2,
      ContentRange: `bytes ${fiveMiB + 10}-${fiveMiB + 12}/${fiveMiB + 13}`,
    });
    await expect(
      running.client.send(new GetObjectCommand({ Bucket, Key, PartNumber: 3 })),
    ).rejects.toMatchObject({ name: 'InvalidPartNumber', $metadata: { httpStatusCode: 416 } });
  });
});

test('open uploads are listed by key, page by page, until they end', async () => {
  const { client } = await startS3();
  const start = async (Key: string) =>
    (await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId;
  const uploads = [await start('a/1'), await start('b'), await start('b'), await start('a/2')];
  const list = (input: object) => client.send(new ListMultipartUploadsCommand({ Bucket, ...input }));
  const seen: (string | undefined)[] = [];
  let markers = {};
  for (let isTruncated = true; isTruncated; ) {
    const page = await list({ MaxUploads: 1, ...markers });
    seen.push(...(page.Uploads ?? []).map(({ UploadId }) => UploadId));
    markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    isTruncated = page.IsTruncated ?? false;
  }
  expect(seen.slice(0, 2)).toEqual([uploads[0], uploads[3]]);
  expect(seen.slice(2).toSorted()).toEqual([uploads[1], uploads[2]].toSorted());
  const grouped = await list({ Delimiter: '/' });
  expect(grouped.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
  expect(grouped.Uploads).toHaveLength(2);
  for (const [index, Key] of ['a/1', 'b', 'b', 'a/2'].entries()) {
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: uploads[index] }));
  }
  expect((await list({})).Uploads ?? []).toEqual([]);
});

describe('the checksum of a multipart object', () => {
  const upload = async (
    { client }: RunningS3,
    begun: { ChecksumAlgorithm?: ChecksumAlgorithm; ChecksumType?: ChecksumType },
    completed: { ChecksumCRC32?: string; ChecksumType?: ChecksumType } = {},
  ) => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...begun }));
    const common = { Bucket, Key, UploadId };
    const { ChecksumAlgorithm } = begun;
    const bodies = [Buffer.alloc(fiveMiB, 'a'), Buffer.from('end')];
    const Parts = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const { $metadata: _, ...part } = await client.send(
        new UploadPartCommand({ ...common, PartNumber, Body, ChecksumAlgorithm }),
      );
      Parts.push({ ...part, PartNumber });
    }
    return client.send(
      new CompleteMultipartUploadCommand({ ...common, MultipartUpload: { Parts }, ...completed }),
    );
  };

  const whole = Buffer.concat([Buffer.alloc(fiveMiB, 'a'), Buffer.from('end')]);

  test.for(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)(
    'is by default that of its parts’ %s',
    async (algorithm) => {
      const running = await startS3();
      const completed = await upload(running, { ChecksumAlgorithm: algorithm });
      const outer = createChecksum(algorithm);
      for (const bytes of [whole.subarray(0, fiveMiB), whole.subarray(fiveMiB)]) {
        const inner = createChecksum(algorithm);
        inner.update(bytes);
        outer.update(Buffer.from(inner.digest(), 'base64'));
      }
      const expected = { [`Checksum${algorithm}`]: `${outer.digest()}-2` };
      expect(completed).toMatchObject({ ChecksumType: 'COMPOSITE', ...expected });
      const attributes = await running.client.send(
        new GetObjectAttributesCommand({
          Bucket,
          Key,
          ObjectAttributes: ['Checksum', 'ObjectParts', 'ObjectSize'],
        }),
      );
      expect(attributes).toMatchObject({
        ObjectSize: whole.length,
        Checksum: expected,
        ObjectParts: {
          TotalPartsCount: 2,
          Parts: [
            { PartNumber: 1, Size: fiveMiB },
            { PartNumber: 2, Size: 3 },
          ],
        },
      });
    },
  );

  test.for(['CRC32', 'CRC32C', 'CRC64NVME'] as const)('may be the %s of the whole', async (algorithm) => {
    const running = await startS3();
    const begun = { ChecksumAlgorithm: algorithm, ChecksumType: 'FULL_OBJECT' as const };
    const completed = await upload(running, begun);
    const checksum = createChecksum(algorithm);
    checksum.update(whole);
    expect(completed).toMatchObject({
      ChecksumType: 'FULL_OBJECT',
      [`Checksum${algorithm}`]: checksum.digest(),
    });
  });

  test('of the whole that is claimed wrong is refused, and the upload stays', async () => {
    const running = await startS3();
    const begun = { ChecksumAlgorithm: 'CRC32' as const, ChecksumType: 'FULL_OBJECT' as const };
    const claimed = { ChecksumType: 'FULL_OBJECT' as const, ChecksumCRC32: 'AAAAAA==' };
    await expect(upload(running, begun, claimed)).rejects.toMatchObject({ name: 'BadDigest' });
    const { Uploads } = await running.client.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(Uploads).toHaveLength(1);
  });

  test.for([
    { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' },
    { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' },
    { ChecksumType: 'FULL_OBJECT' },
  ] as const)('cannot be %o', async (begun) => {
    const running = await startS3();
    await expect(upload(running, begun)).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  test('wants the algorithm it was begun with, and of each part where it is composite', async () => {
    const { client } = await startS3();
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'SHA256' }),
    );
    const common = { Bucket, Key, UploadId };
    const send = (ChecksumAlgorithm: ChecksumAlgorithm) =>
      client.send(new UploadPartCommand({ ...common, PartNumber: 1, Body: 'x', ChecksumAlgorithm }));
    await expect(send('CRC32')).rejects.toMatchObject({ name: 'InvalidRequest' });
    const { ETag } = await send('SHA256');
    const complete = new CompleteMultipartUploadCommand({
      ...common,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    });
    await expect(client.send(complete)).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringContaining('missing for part 1'),
    });
  });
});
