import { randomBytes } from 'node:crypto';
import type { Encryption } from './records.ts';
import { S3Error } from './s3-error.ts';

const header = 'x-amz-server-side-encryption';
const keyHeader = `${header}-aws-kms-key-id`;
const bucketKeyHeader = `${header}-bucket-key-enabled`;

/** What S3 does where a bucket says nothing of encryption. */
const defaultEncryption: Encryption = { algorithm: 'AES256' };

/** How a request wants its object encrypted; as the bucket does by default where it says nothing. */
export const readEncryption = (
  headers: Record<string, string>,
  byDefault: Encryption = defaultEncryption,
): Encryption => {
  const { [header]: asked, [keyHeader]: keyId, [bucketKeyHeader]: bucketKey } = headers;
  if (asked === undefined) return byDefault;
  if (asked === 'AES256') {
    if (keyId === undefined) return { algorithm: 'AES256' };
    throw new S3Error('InvalidArgument', {
      message:
        'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
    });
  }
  if (asked !== 'aws:kms' && asked !== 'aws:kms:dsse') throw new S3Error('InvalidEncryptionAlgorithmError');
  return {
    algorithm: asked,
    keyId: keyId ?? byDefault.keyId,
    isByBucketKey: bucketKey === undefined ? byDefault.isByBucketKey : bucketKey === 'true',
  };
};

export const encryptionHeaders = (encryption: Encryption = defaultEncryption): Record<string, string> => ({
  [header]: encryption.algorithm,
  ...(encryption.keyId === undefined ? {} : { [keyHeader]: encryption.keyId }),
  ...(encryption.isByBucketKey ? { [bucketKeyHeader]: 'true' } : {}),
});

/** The ETag of a body: its MD5, but not where a KMS key encrypts it. */
export const etagOf = (md5: string, encryption: Encryption | undefined): string =>
  encryption?.algorithm.startsWith('aws:kms') ? randomBytes(16).toString('hex') : md5;
