import * as z from 'zod';
import { readFindingId } from '../../domain/findings/finding-id.ts';
import { type Answer, answerSchema } from '../../domain/findings/questions.ts';
import { actorName } from '../../domain/permissions.ts';
import { type AnswerOrder, createAnswerOrder } from '../shared/answer-order.ts';
import { catalogueTable } from '../shared/catalogue-table.ts';
import { company } from '../shared/company.ts';
import { createEditOrder } from '../shared/edit-order.ts';
import { companyEnv } from '../shared/env.ts';
import { type HttpAnswer, type HttpRequest, httpHandler, parseBody } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { orderResource } from '../shared/order-resource.ts';
import { orderResourceSchema } from '../shared/order-resource-schema.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { partnersTable } from '../shared/partners-table.ts';
import { HttpProblem } from '../shared/problem.ts';
import { stockTable } from '../shared/stock-table.ts';
import { visibleOrder } from '../shared/visible-order.ts';
import { orderWaits } from '../shared/waits.ts';

export const bodySchema = z.strictObject({
  answers: z
    .array(answerSchema.extend({ findingId: z.string().max(60) }))
    .min(1)
    .max(500),
});

export const operation = {
  summary: 'Answers questions about an order',
  body: bodySchema,
  answers: { 200: { description: 'The order', schema: orderResourceSchema } },
  problems: ['conflict', 'illegal-transition', 'not-offered'],
} satisfies Operation;

/** Answers by the numbers of their findings. Throws HttpProblem for one of another order, or a second one to the same. */
export const answersByNumber = (
  { answers }: z.infer<typeof bodySchema>,
  orderNumber: string,
): Map<number, Answer> => {
  const byNumber = new Map<number, Answer>();
  for (const { findingId, ...answer } of answers) {
    const id = readFindingId(findingId);
    if (id?.orderNumber !== orderNumber || byNumber.has(id.number))
      throw new HttpProblem('conflict', { findingId });
    byNumber.set(id.number, answer);
  }
  return byNumber;
};

type Deps = { orders: Pick<OrdersTable, 'read'>; answerOrder: AnswerOrder };

/** POST /v1/orders/{orderNumber}/answers: a partner answers questions of its order, all or some of them. */
export const createAnswerQuestions =
  ({ orders, answerOrder }: Deps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const order = await visibleOrder(request, orders);
    if (request.principal.kind !== 'partner') throw new HttpProblem('forbidden');
    const { orderNumber } = order.state;
    const answers = answersByNumber(parseBody(bodySchema, request.json().value), orderNumber);
    await answerOrder(order, answers, actorName(request.principal));
    const after = (await orders.read(orderNumber)) ?? order;
    return { status: 200, body: orderResource(after, request.language) };
  };

export const handler = httpHandler((request) => {
  const orders = ordersTable();
  const editOrder = createEditOrder({
    catalogue: catalogueTable(),
    partners: partnersTable(),
    stock: stockTable(),
    timeZone: () => companyEnv().COMPANY_TIME_ZONE,
  });
  const answerOrder = createAnswerOrder({ orders, waits: orderWaits(orders), editOrder, company });
  return createAnswerQuestions({ orders, answerOrder })(request);
});
