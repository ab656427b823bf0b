import * as z from 'zod';
import type { ProblemType } from './problem.ts';

/** An answer of JSON by its schema, or of a file by its media type. */
type Answer = { description: string; headers?: Readonly<Record<string, string>> } & (
  | { schema: z.ZodType }
  | { mediaType: string }
);

/**
 * What a route of the API takes and answers, exported as `operation` beside its handler; GET /v1/openapi.json is made of
 * them. Problems that any route may have, by its kind, need no naming: see build/openapi.ts.
 */
export type Operation = {
  summary: string;
  /** Schema of the query, a strict object; without one the route ignores what is asked. */
  query?: z.ZodType;
  body?: z.ZodType;
  /** Media types of files that it takes, instead of JSON or beside it. */
  files?: readonly string[];
  /** Request headers that the route needs, and what for. */
  headers?: Readonly<Record<string, string>>;
  /** Parameters of the path beside those of `pathParameters`, and what they name. */
  path?: Readonly<Record<string, string>>;
  /** True for a link: whoever has it needs no other credential, and sees pages unless JSON is asked for. */
  isLink?: boolean;
  answers: Readonly<Record<number, Answer>>;
  problems?: readonly ProblemType[];
};

/** What the parameters of paths name, for all routes that have them. */
export const pathParameters: Readonly<Record<string, string>> = {
  orderNumber: 'Our number of the order',
  uploadId: 'Id of the upload',
  shipmentId: 'Id of the parcel, as the warehouse gave it',
  findingId: 'Id of the finding',
  ruleName: 'Name of the rules: areas, discounts, orderTypes or promotions',
  token: 'What the link holds',
};

/** A page of a list: the next one is asked for with its cursor. */
export const nextCursorSchema = z.string().optional();
