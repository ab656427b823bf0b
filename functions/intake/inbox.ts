import { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import { mostUploadRows, uploadBytes } from '../../domain/uploads/upload-limits.ts';
import { s3Client } from '../shared/documents.ts';
import { collectFile } from './read-order-file.ts';
import { InvalidFile, tooLarge } from './readers/invalid-file.ts';

/** A file as sent: its bytes, and the mode that the sender set in the object's metadata. */
export type InboxFile = { bytes: Buffer; mode?: string | undefined };

type Location = { bucket: string; key: string; versionId: string };

/** True for the answer that an object, or this version of it, is not there. */
export const isGone = (error: unknown): boolean =>
  error instanceof NoSuchKey || (error instanceof Error && error.name === 'NoSuchVersion');

/**
 * The bucket that partners drop files into. Throws InvalidFile for a file that was removed or is too large, by default for any
 * desk: a file that was taken once can be read again whatever is configured by then.
 */
export const inbox = (s3 = s3Client(), mostBytes = uploadBytes(mostUploadRows)) => ({
  read: async ({ bucket, key, versionId }: Location): Promise<InboxFile> => {
    try {
      const { Body, ContentLength, Metadata } = await s3.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId && { VersionId: versionId }) }),
      );
      if (!(Body instanceof Readable)) throw new TypeError('S3 answers with a stream');
      if ((ContentLength ?? 0) > mostBytes) {
        Body.destroy();
        throw tooLarge(ContentLength ?? 0, mostBytes);
      }
      return { bytes: await collectFile(Body, mostBytes), mode: Metadata?.mode };
    } catch (error) {
      throw isGone(error) ? new InvalidFile('FILE_GONE') : error;
    }
  },
});

export type Inbox = ReturnType<typeof inbox>;
