import * as z from 'zod';
import { dimensions, orderCounter } from '../../domain/orders/order-statistics.ts';
import { mayView } from '../../domain/permissions.ts';
import { dayIn, plusDays } from '../../domain/values/calendar.ts';
import { env } from '../shared/env.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import { parseQuery } from '../shared/list-query.ts';
import type { Operation } from '../shared/operation.ts';
import { type OrderLists, orderLists } from '../shared/order-lists.ts';
import { HttpProblem } from '../shared/problem.ts';

export const querySchema = z.strictObject({
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
  by: z.enum(dimensions).default('status'),
});

export const answerSchema = z.object({
  from: z.iso.date(),
  until: z.iso.date(),
  by: z.enum(dimensions),
  /** Orders have the status that they had then. */
  asOf: z.iso.datetime(),
  orders: z.int(),
  counts: z.array(z.object({ value: z.string(), orders: z.int() })),
});

export const operation = {
  summary: 'Counts the orders of some days by one dimension; for staff',
  query: querySchema,
  answers: { 200: { description: 'How many there are of each', schema: answerSchema } },
} satisfies Operation;

const maxDays = 92;
/** About 120,000 orders: more would take longer than a caller waits. */
const maxReads = 60;

const tooMuch = (name: string, detail: string): HttpProblem =>
  new HttpProblem('invalid-parameter', { parameters: [{ name, detail }] });

const daysBetween = (from: string, until: string): string[] => {
  const days: string[] = [];
  for (let day = from; day <= until && days.length <= maxDays; day = plusDays(day, 1)) days.push(day);
  return days;
};

type Deps = { lists: Pick<OrderLists, 'eachOfDay'>; timeZone: () => string; now?: () => Date };

/**
 * GET /desk/statistics: how many orders came in on these days of the company's (both included, the last 31 unless told),
 * by one dimension, as they stand now. Counted from the orders themselves, so there is nothing that could drift apart.
 */
export const createCountOrders =
  ({ lists, timeZone, now = () => new Date() }: Deps) =>
  async ({ principal, query }: HttpRequest): Promise<HttpAnswer> => {
    if (!mayView(principal, 'statistics')) throw new HttpProblem('forbidden');
    const asked = parseQuery(querySchema, query);
    const at = now();
    const until = asked.until ?? dayIn(timeZone(), at);
    const from = asked.from ?? plusDays(until, -30);
    const days = daysBetween(from, until);
    if (days.length > maxDays) throw tooMuch('from', `at most ${maxDays} days`);
    const counter = orderCounter(asked.by, days);
    let reads = 0;
    for (const day of days) {
      for await (const orders of lists.eachOfDay(day)) {
        if (++reads > maxReads + days.length) throw tooMuch('from', 'too many orders: ask for fewer days');
        for (const order of orders) counter.add(order);
      }
    }
    return {
      status: 200,
      body: { from, until, by: asked.by, asOf: at.toISOString(), ...counter.result() } satisfies z.infer<
        typeof answerSchema
      >,
    };
  };

const timeZoneEnv = env({ COMPANY_TIME_ZONE: z.string() });

export const handler = httpHandler((request) =>
  createCountOrders({ lists: orderLists(), timeZone: () => timeZoneEnv().COMPANY_TIME_ZONE })(request),
);
