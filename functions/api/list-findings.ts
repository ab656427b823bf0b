import * as z from 'zod';
import { findingCodeSchema } from '../../domain/findings/finding.ts';
import { mayView } from '../../domain/permissions.ts';
import { deskFindingAnswerSchema, deskFindingResource } from '../shared/finding-resource.ts';
import {
  type FindingsQueue,
  findingsQueueTable,
  isListed,
  type QueueKey,
  queueKeySchema,
} from '../shared/findings-queue.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import { parseQuery, readCursor, writeCursor } from '../shared/list-query.ts';
import type { Operation } from '../shared/operation.ts';
import { HttpProblem } from '../shared/problem.ts';

export const querySchema = z.strictObject({
  status: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['open', 'resolved']))
    .default('open'),
  code: findingCodeSchema.optional(),
  /** A user name; `none` for what nobody sees to. */
  assignee: z.string().min(1).max(128).optional(),
  partner: z.string().min(1).max(64).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().min(1).max(2000).optional(),
});
export const answerSchema = z.object({
  findings: z.array(deskFindingAnswerSchema),
  nextCursor: z.string().optional(),
});

export const operation = {
  summary: 'Lists the questions of held orders, oldest order first; for staff',
  query: querySchema,
  answers: { 200: { description: 'A page of findings', schema: answerSchema } },
} satisfies Operation;

type ListQuery = z.infer<typeof querySchema>;

/** The order before the one that a page ended in, and where in that one. */
const cursorSchema = z.strictObject({
  queue: z.enum(['open', 'resolved']),
  after: queueKeySchema.optional(),
  orderNumber: z.string().max(40).optional(),
  number: z.int().optional(),
});
type Cursor = z.infer<typeof cursorSchema>;

/** A filter is applied after reading: a page may end early, with a cursor to go on from. */
const maxReads = 10;

/** Answered findings of an order that still has open ones stand in the queue of open ones. */
const queuesOf = ({ status }: ListQuery): Cursor['queue'][] =>
  status === 'open' ? ['open'] : ['open', 'resolved'];

type Deps = { queue: FindingsQueue };

/** GET /desk/findings: the questions of held orders, oldest order first, a page at a time. */
export const createListFindings = ({ queue }: Deps) => {
  const page = async (query: ListQuery, start: Cursor, request: HttpRequest) => {
    const findings: ReturnType<typeof deskFindingResource>[] = [];
    let at: Cursor = start;
    for (let reads = 0; reads < maxReads; reads++) {
      const { orders, last } = await queue.next(at.queue, at.after);
      let before: QueueKey | undefined = at.after;
      for (const { key, order } of orders) {
        const from = order.orderNumber === at.orderNumber ? (at.number ?? 0) : 0;
        const listed = order.findings
          .toSorted((a, b) => a.number - b.number)
          .filter((finding) => finding.number > from && isListed(query, order, finding));
        for (const finding of listed) {
          if (findings.length === query.limit) {
            const reached = findings.at(-1);
            const inside = reached?.orderNumber === order.orderNumber;
            const number = inside ? Number(reached?.findingId.split('.').at(-1)) : from;
            return {
              findings,
              next: { queue: at.queue, after: before, orderNumber: order.orderNumber, number },
            };
          }
          findings.push(deskFindingResource(order, finding, request.language));
        }
        before = key;
      }
      const next = last ? queuesOf(query)[queuesOf(query).indexOf(at.queue) + 1] : at.queue;
      if (next === undefined) return { findings };
      at = next === at.queue ? { queue: next, after: before } : { queue: next };
    }
    return { findings, next: at };
  };

  return async (request: HttpRequest): Promise<HttpAnswer> => {
    if (!mayView(request.principal, 'findings')) throw new HttpProblem('forbidden');
    const query = parseQuery(querySchema, request.query);
    const start = query.cursor
      ? readCursor(query.cursor, cursorSchema, ({ queue: name }) => queuesOf(query).includes(name))
      : { queue: 'open' as const };
    const { findings, next } = await page(query, start, request);
    return { status: 200, body: { findings, ...(next && { nextCursor: writeCursor(next) }) } };
  };
};

export const handler = httpHandler((request) => createListFindings({ queue: findingsQueueTable() })(request));
