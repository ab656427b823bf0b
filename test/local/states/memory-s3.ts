import * as z from 'zod';
import { type Integration, TaskError } from '../../../local/states/engine.ts';

const place = z.looseObject({ Bucket: z.string(), Key: z.string() });
const listing = z.looseObject({
  Bucket: z.string(),
  Prefix: z.string().default(''),
  ContinuationToken: z.string().default('0'),
});

const pageSize = 2;

/** S3 in memory, as Task states reach it: objects by `bucket/key`, listed two to a page. */
export const memoryS3 = (objects: Record<string, string> = {}) => {
  const integrations: Record<string, Integration> = {
    'arn:aws:states:::aws-sdk:s3:getObject': async (args) => {
      const { Bucket, Key } = place.parse(args);
      const Body = objects[`${Bucket}/${Key}`];
      if (Body === undefined)
        throw new TaskError('S3.NoSuchKeyException', 'The specified key does not exist.');
      return { Body };
    },
    'arn:aws:states:::aws-sdk:s3:listObjectsV2': async (args) => {
      const { Bucket, Prefix, ContinuationToken } = listing.parse(args);
      const keys = Object.keys(objects).filter((key) => key.startsWith(`${Bucket}/${Prefix}`));
      const from = Number(ContinuationToken);
      const Contents = keys.slice(from, from + pageSize).map((key) => ({
        ETag: '"e"',
        Key: key.slice(Bucket.length + 1),
        LastModified: '2026-03-01T00:00:00Z',
        Size: objects[key]?.length ?? 0,
        StorageClass: 'STANDARD',
      }));
      const next = from + pageSize;
      return { Contents, ...(next < keys.length ? { NextContinuationToken: String(next) } : {}) };
    },
    'arn:aws:states:::aws-sdk:s3:putObject': async (args) => {
      const { Bucket, Key, Body } = place.extend({ Body: z.string() }).parse(args);
      if (Bucket === 'forbidden') throw new TaskError('S3.S3Exception', 'Access Denied');
      objects[`${Bucket}/${Key}`] = Body;
      return {};
    },
  };
  return { objects, integrations };
};
