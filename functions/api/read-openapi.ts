import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { httpHandler } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';

const documentSchema = z.looseObject({ openapi: z.literal('3.1.0') });

export const operation = {
  summary: 'This description of the API',
  answers: { 200: { description: 'OpenAPI 3.1', schema: documentSchema } },
} satisfies Operation;

let document: Promise<z.infer<typeof documentSchema>> | undefined;

const readDocument = async () =>
  documentSchema.parse(JSON.parse(await readFile(join(import.meta.dirname, 'openapi.json'), 'utf8')));

/** GET /v1/openapi.json: the document that build/openapi.ts puts beside the bundle, read once per sandbox. */
export const handler = httpHandler(async () => {
  document ??= readDocument();
  return { status: 200, body: await document };
});
