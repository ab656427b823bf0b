import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { JsonValue } from '../json.ts';

const resultSchema = z.record(z.string(), z.json());

/** What optimized integrations tell of the response besides its fields. */
export const withMetadata = (result: JsonValue, requestId: string = randomUUID()): JsonValue => ({
  ...resultSchema.parse(result),
  SdkHttpMetadata: {
    AllHttpHeaders: { 'x-amzn-RequestId': [requestId] },
    HttpHeaders: { 'x-amzn-RequestId': requestId },
    HttpStatusCode: 200,
  },
  SdkResponseMetadata: { RequestId: requestId },
});
