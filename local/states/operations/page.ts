import * as z from 'zod';
import { ServiceError } from '../../http/service-error.ts';

/** The paging fields of every listing operation. */
export const pageFields = {
  maxResults: z.int().min(0).max(1000).optional(),
  nextToken: z.string().optional(),
};

const defaultPageSize = 100;

/** One page of a list and, if more follow, the token of the next. Throws InvalidToken. */
export const pageOf = <T>(
  items: readonly T[],
  { maxResults, nextToken }: { maxResults?: number | undefined; nextToken?: string | undefined },
): { page: T[]; nextToken: string | undefined } => {
  const from = nextToken === undefined ? 0 : Number(nextToken);
  if (!Number.isInteger(from) || from < 0)
    throw new ServiceError('InvalidToken', `Invalid Token: '${nextToken}'`);
  const until = from + (maxResults || defaultPageSize);
  return { page: items.slice(from, until), nextToken: until < items.length ? String(until) : undefined };
};
