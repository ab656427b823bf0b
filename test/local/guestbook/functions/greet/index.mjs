import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const store = new S3Client();

export const handler = async ({ key }) => {
  const { Body } = await store.send(new GetObjectCommand({ Bucket: process.env.UPLOADS, Key: key }));
  const name = (await Body.transformToString()).trim();
  const answer = `answers/${key.split('/').at(-1)}`;
  await store.send(
    new PutObjectCommand({ Bucket: process.env.UPLOADS, Key: answer, Body: `Welcome, ${name}` }),
  );
  return { answer };
};
