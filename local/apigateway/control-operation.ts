import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';

type ControlAnswer = { status: number; value?: JsonValue };
type ControlCall = { ids: string[]; query: URLSearchParams; body: unknown };

/** One operation of API Gateway's own API; the groups of `path` are the call's ids. Throws ServiceError. */
export type ControlOperation = {
  method: string;
  path: RegExp;
  run: (call: ControlCall) => Promise<ControlAnswer>;
};

export const newId = (length: number): string =>
  BigInt(`0x${randomBytes(16).toString('hex')}`)
    .toString(36)
    .slice(0, length);

export const badRequest = (message: string) => new ServiceError('BadRequestException', message);
export const notFound = (message: string) => new ServiceError('NotFoundException', message, 404);
export const conflict = (message: string) => new ServiceError('ConflictException', message, 409);

/** Throws BadRequestException saying what is wrong. */
export const parseBody = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw badRequest(z.prettifyError(parsed.error));
};

/** A page of `limit` items behind `position`. */
export const pageOf = (items: JsonValue[], query: URLSearchParams): JsonValue => {
  const start = Number(query.get('position') ?? 0);
  const end = start + Math.min(500, Number(query.get('limit') ?? 25));
  return { item: items.slice(start, end), ...(end < items.length && { position: String(end) }) };
};

export const plain = (value: object): JsonValue => JSON.parse(JSON.stringify(value));
