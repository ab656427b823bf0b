import * as z from 'zod';
import type { JsonValue } from '../../json.ts';

/** Calls a service in the name of an execution, by the key of its integration. */
export type CallService = (integration: string, args: JsonValue) => Promise<JsonValue>;

export const s3Integrations = {
  getObject: 'arn:aws:states:::aws-sdk:s3:getObject',
  listObjectsV2: 'arn:aws:states:::aws-sdk:s3:listObjectsV2',
  putObject: 'arn:aws:states:::aws-sdk:s3:putObject',
} as const;

const objectSchema = z.record(z.string(), z.custom<JsonValue>());
const bodySchema = z.looseObject({ Body: z.string().default('') });
const pageSchema = z.looseObject({
  Contents: z
    .array(
      z.looseObject({
        ETag: z.string(),
        Key: z.string(),
        LastModified: z.union([z.string(), z.number()]),
        Size: z.number(),
        StorageClass: z.string().default('STANDARD'),
      }),
    )
    .default([]),
  NextContinuationToken: z.string().optional(),
});

/** The text of an object. */
export const readObject = async (call: CallService, args: JsonValue): Promise<string> =>
  bodySchema.parse(await call(s3Integrations.getObject, args)).Body;

const epochSeconds = (time: string | number): number =>
  typeof time === 'number' ? time : Date.parse(time) / 1000;

/** Every object that the arguments name, page after page, in the form of a Map's items. */
export async function* listObjects(
  call: CallService,
  args: JsonValue,
): AsyncGenerator<Record<string, JsonValue> & { Key: string }> {
  let token: string | undefined;
  do {
    const asked = { ...objectSchema.parse(args), ...(token && { ContinuationToken: token }) };
    const page = pageSchema.parse(await call(s3Integrations.listObjectsV2, asked));
    for (const { ETag, Key, LastModified, Size, StorageClass } of page.Contents) {
      yield { Etag: ETag, Key, LastModified: epochSeconds(LastModified), Size, StorageClass };
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

/** Writes an object of JSON text. */
export const writeObject = async (
  call: CallService,
  Bucket: string,
  Key: string,
  Body: string,
): Promise<void> => {
  await call(s3Integrations.putObject, { Bucket, Key, Body, ContentType: 'application/json' });
};
