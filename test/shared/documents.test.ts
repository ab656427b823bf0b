import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { classifyError, Retryable } from '../../functions/shared/classify-error.ts';
import { documentsBucket } from '../../functions/shared/documents.ts';

const s3 = mockClient(S3Client);
const documents = documentsBucket(new S3Client({ region: 'us-east-1' }), () => 'documents');
const putNew = () => documents.putNew('a.json', '{}', 'application/json');
const refusal = (name: string, status: number) =>
  new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: status } });

beforeEach(() => {
  s3.reset();
});

describe('a document that is put where none may be yet', () => {
  test('asks S3 to see to it', async () => {
    s3.on(PutObjectCommand).resolves({});
    expect(await putNew()).toBe(true);
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({
      Bucket: 'documents',
      Key: 'a.json',
      IfNoneMatch: '*',
    });
  });

  test('leaves the one that is there', async () => {
    s3.on(PutObjectCommand).rejects(refusal('PreconditionFailed', 412));
    expect(await putNew()).toBe(false);
  });

  test('in a conflict with another write is for the caller to try again', async () => {
    s3.on(PutObjectCommand).rejects(refusal('ConditionalRequestConflict', 409));
    const error = await putNew().catch((thrown: unknown) => thrown);
    expect(classifyError(error)).toBeInstanceOf(Retryable);
  });
});
