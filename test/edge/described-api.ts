import * as z from 'zod';
import { violations } from './json-schema.ts';

const contentSchema = z.record(z.string(), z.object({ schema: z.unknown().optional() }));

export const operationSchema = z.looseObject({
  operationId: z.string(),
  security: z.array(z.unknown()).optional(),
  parameters: z
    .array(z.looseObject({ name: z.string(), in: z.string(), required: z.boolean(), schema: z.unknown() }))
    .default([]),
  requestBody: z.object({ required: z.literal(true), content: contentSchema }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string().min(1), content: contentSchema })),
});

export const documentSchema = z.looseObject({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});
export type ApiDocument = z.infer<typeof documentSchema>;

export type Answered = { status: number; mediaType: string | undefined; text: string };

/** What is wrong with an answer of a path that the API does not have: anything but a problem of 400 to 499. */
const unknownPath = (document: ApiDocument, { status, mediaType, text }: Answered): string[] => {
  if (status < 400 || status >= 500) return [`status ${status} of an unknown path`];
  if (mediaType !== 'application/problem+json') return [`media type ${mediaType}`];
  return violations({ $ref: '#/components/schemas/Problem' }, JSON.parse(text), document);
};

/** How an answer differs from what the document says that the route answers; `path` is the route's, undefined for none. */
export const undescribed = (
  document: ApiDocument,
  method: string,
  path: string | undefined,
  answer: Answered,
): string[] => {
  const operation = document.paths[path ?? '']?.[method.toLowerCase()];
  if (!operation) return unknownPath(document, answer);
  const response = operation.responses[answer.status];
  if (!response) return [`status ${answer.status} is not described`];
  const content = response.content[answer.mediaType ?? ''];
  if (!content) return [`media type ${answer.mediaType} of ${answer.status} is not described`];
  return content.schema === undefined ? [] : violations(content.schema, JSON.parse(answer.text), document);
};
