import { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import { s3Client } from '../shared/documents.ts';
import { collectFile } from './read-order-file.ts';
import { InvalidFile, tooLarge } from './readers/invalid-file.ts';
import { limits } from './readers/limits.ts';

/** A file as sent: its bytes, and the mode that the sender set in the object's metadata. */
export type InboxFile = { bytes: Buffer; mode?: string | undefined };

type Location = { bucket: string; key: string; versionId: string };

/** True for the answer that an object, or this version of it, is not there. */
export const isGone = (error: unknown): boolean =>
  error instanceof NoSuchKey || (error instanceof Error && error.name === 'NoSuchVersion');

/** The bucket that partners drop files into. Throws InvalidFile for a file that is too large or was removed. */
export const inbox = (s3 = s3Client()) => ({
  read: async ({ bucket, key, versionId }: Location): Promise<InboxFile> => {
    try {
      const { Body, ContentLength, Metadata } = await s3.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId && { VersionId: versionId }) }),
      );
      if (!(Body instanceof Readable)) throw new TypeError('S3 answers with a stream');
      if ((ContentLength ?? 0) > limits.fileBytes) {
        Body.destroy();
        throw tooLarge(ContentLength ?? 0);
      }
      return { bytes: await collectFile(Body), mode: Metadata?.mode };
    } catch (error) {
      throw isGone(error) ? new InvalidFile('FILE_GONE') : error;
    }
  },
});

export type Inbox = ReturnType<typeof inbox>;
