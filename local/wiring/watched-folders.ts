import type { S3 } from '../s3/store.ts';
import type { DeclaredBucket } from './declared-buckets.ts';

/** Files put into `folder` become objects under `keyPrefix` of the bucket whose logical id starts so. */
export type WatchedFolder = { folder: string; bucketLogicalIdPrefix: string; keyPrefix: string };

/** Starts watching; throws when no bucket, or more than one, fits. */
export const watchFolders = async (
  watched: WatchedFolder[],
  { buckets, s3 }: { buckets: DeclaredBucket[]; s3: Pick<S3, 'watchFolder'> },
): Promise<{ close(): Promise<void> }> => {
  const ends: (() => Promise<void>)[] = [];
  for (const { folder, bucketLogicalIdPrefix: prefix, keyPrefix } of watched) {
    const fitting = buckets.filter(({ logicalId }) => logicalId.startsWith(prefix));
    const [bucket] = fitting;
    if (bucket === undefined || fitting.length > 1) {
      throw new Error(
        `The watched folder ${folder} needs one bucket called ${prefix}…; there are ${fitting.length}.`,
      );
    }
    ends.push(await s3.watchFolder(folder, bucket.name, keyPrefix));
  }
  return {
    async close() {
      await Promise.all(ends.map((end) => end()));
    },
  };
};
