import type { HttpResponse } from '../http/serve.ts';
import type { Bucket } from './bucket.ts';
import { ownerOf } from './list-objects.ts';
import type { BucketRequest } from './s3-request.ts';
import { xmlResponse } from './xml-body.ts';

/** HeadBucket. */
export const headBucket = async (region: string): Promise<HttpResponse> => ({
  status: 200,
  headers: { 'x-amz-bucket-region': region },
});

/** GetBucketLocation: the oldest region answers an empty constraint. */
export const getLocation = async (region: string): Promise<HttpResponse> =>
  xmlResponse('LocationConstraint', region === 'us-east-1' ? '' : region);

/** GetBucketVersioning: no status where versions were never kept. */
export const getVersioning = async ({ bucket }: BucketRequest): Promise<HttpResponse> =>
  xmlResponse('VersioningConfiguration', { Status: bucket.spec.versioning });

/** ListBuckets: all that the templates declare, made when the account was. */
export const listBuckets = async (
  buckets: ReadonlyMap<string, Bucket>,
  { accountId, region, query }: { accountId: string; region: string; query: URLSearchParams },
): Promise<HttpResponse> => {
  const prefix = query.get('prefix') ?? '';
  const names = [...buckets.keys()].filter((name) => name.startsWith(prefix)).sort();
  return xmlResponse('ListAllMyBucketsResult', {
    Owner: ownerOf(accountId),
    Buckets: {
      Bucket: names.map((Name) => ({
        Name,
        CreationDate: new Date(0).toISOString(),
        BucketRegion: region,
      })),
    },
    ...(prefix === '' ? {} : { Prefix: prefix }),
  });
};
