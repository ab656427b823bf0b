import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import * as z from 'zod';
import { env } from './env.ts';

const documentsEnv = env({ DOCUMENTS_BUCKET: z.string() });

let client: S3Client | undefined;

/** The one S3 client of a function. */
export const s3Client = (): S3Client => {
  client ??= new S3Client({});
  return client;
};

/** The documents bucket: original orders, invoices, batches and results of uploads. */
export const documentsBucket = (s3 = s3Client(), bucketName = () => documentsEnv().DOCUMENTS_BUCKET) => ({
  put: async (key: string, body: string | Buffer, contentType: string): Promise<void> => {
    await s3.send(
      new PutObjectCommand({ Bucket: bucketName(), Key: key, Body: body, ContentType: contentType }),
    );
  },

  get: async (key: string): Promise<Buffer> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName(), Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  },

  /** A link that opens the document for some seconds, offered under a file name. */
  link: (key: string, expiresInSeconds: number, fileName: string): Promise<string> =>
    getSignedUrl(
      s3,
      new GetObjectCommand({
        Bucket: bucketName(),
        Key: key,
        ResponseContentDisposition: `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      }),
      { expiresIn: expiresInSeconds },
    ),
});

export type DocumentsBucket = ReturnType<typeof documentsBucket>;
