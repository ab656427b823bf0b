import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { s3Client } from '../../shared/documents.ts';
import { isGone } from '../inbox.ts';
import { xlsxMediaType } from '../media-types.ts';
import type { AttachedFile } from './attached-files.ts';

/** Beyond this a mail is not read: no two files of the size that one may have are in it. */
export const maxMailBytes = 25 * 1024 * 1024;
export const maxHeadBytes = 256 * 1024;

type Location = { bucket: string; key: string; versionId: string };

/** A mail as it lies in the bucket; of one that is too large, only its beginning. */
export type StoredMail = { sizeBytes: number; bytes: Buffer };

const collect = async (body: Readable, mostBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const part = Buffer.from(chunk);
    chunks.push(part);
    size += part.length;
    if (size >= mostBytes) break; // ends the stream
  }
  return Buffer.concat(chunks).subarray(0, mostBytes);
};

const mediaTypeOf = (name: string): string => {
  if (/\.xlsx$/i.test(name)) return xlsxMediaType;
  return /\.csv$/i.test(name) ? 'text/csv' : 'application/octet-stream';
};

const isRefusedWrite = (error: unknown): boolean =>
  error instanceof Error && error.name === 'PreconditionFailed';

/** The bucket that mails come into, and the inbox that their spreadsheets go to. */
export const mailBucket = (s3 = s3Client()) => ({
  /** Undefined when it was removed. */
  read: async ({ bucket, key, versionId }: Location): Promise<StoredMail | undefined> => {
    try {
      const { Body, ContentLength: sizeBytes = 0 } = await s3.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId && { VersionId: versionId }) }),
      );
      if (!(Body instanceof Readable)) throw new TypeError('S3 answers with a stream');
      return {
        sizeBytes,
        bytes: await collect(Body, sizeBytes > maxMailBytes ? maxHeadBytes : maxMailBytes),
      };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  },

  /** Puts a file into the inbox unless it is there already: a repeat makes no second version, and so no second upload. */
  handIn: async (
    bucket: string,
    key: string,
    { name, bytes }: AttachedFile,
    metadata: Record<string, string>,
  ): Promise<void> => {
    try {
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: bytes,
          ContentType: mediaTypeOf(name),
          Metadata: metadata,
          IfNoneMatch: '*',
        }),
      );
    } catch (error) {
      if (!isRefusedWrite(error)) throw error;
    }
  },

  /** Marks a mail for the rule of the bucket that forgets refused ones. */
  markRefused: async ({ bucket, key, versionId }: Location): Promise<void> => {
    await s3.send(
      new PutObjectTaggingCommand({
        Bucket: bucket,
        Key: key,
        ...(versionId && { VersionId: versionId }),
        Tagging: { TagSet: [{ Key: 'outcome', Value: 'refused' }] },
      }),
    );
  },
});

export type MailBucket = ReturnType<typeof mailBucket>;
