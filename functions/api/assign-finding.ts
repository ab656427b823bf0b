import * as z from 'zod';
import type { Decision } from '../../domain/findings/decision.ts';
import { findingIdOf } from '../../domain/findings/finding-id.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { actorName, mayAssign } from '../../domain/permissions.ts';
import { oneLine } from '../../domain/submissions/text-schema.ts';
import { changeOrder } from '../shared/change-order.ts';
import { findingByNumber, findingOfPath } from '../shared/finding-of-path.ts';
import { deskFindingAnswerSchema, deskFindingResource } from '../shared/finding-resource.ts';
import { type HttpAnswer, type HttpRequest, httpHandler, parseBody } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { HttpProblem } from '../shared/problem.ts';

/** The user name of who sees to it; null gives it back to all. */
export const bodySchema = z.strictObject({ assignee: oneLine(128).nullable() });

export const answerSchema = deskFindingAnswerSchema;

export const operation = {
  summary: 'Says who sees to a finding; for staff',
  body: bodySchema,
  answers: { 200: { description: 'The finding', schema: answerSchema } },
  problems: ['conflict'],
} satisfies Operation;

type Deps = { orders: Pick<OrdersTable, 'read' | 'change'>; now?: () => Date };

const decideAssignment = (
  order: OrderRecord,
  number: number,
  assignee: string | null,
  actor: string,
): Decision | undefined => {
  const { findings, state } = order;
  const { assignee: before, ...finding } = findingByNumber(order, number);
  const findingId = findingIdOf(state.orderNumber, finding);
  if (!finding.open) throw new HttpProblem('conflict', { findingId, findingStatus: 'RESOLVED' });
  if ((before ?? null) === assignee) return undefined;
  const assigned = { ...finding, ...(assignee !== null && { assignee }) };
  return {
    event: {
      type: 'order.finding_assigned',
      actor,
      data: { findingId, before: before ?? null, after: assignee },
    },
    findings: findings.map((one) => (one.number === number ? assigned : one)),
  };
};

/** POST /desk/findings/{findingId}/assignment: who sees to a finding. */
export const createAssignFinding =
  ({ orders, now = () => new Date() }: Deps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const { order, finding } = await findingOfPath(request, orders);
    if (!mayAssign(request.principal)) throw new HttpProblem('forbidden');
    const { assignee } = parseBody(bodySchema, request.json().value);
    const decide = (current: OrderRecord) =>
      decideAssignment(current, finding.number, assignee, actorName(request.principal));
    await changeOrder(orders, order.state.orderNumber, decide, now(), order);
    const after = (await orders.read(order.state.orderNumber)) ?? order;
    return {
      status: 200,
      body: deskFindingResource(order.state, findingByNumber(after, finding.number), request.language),
    };
  };

export const handler = httpHandler((request) => createAssignFinding({ orders: ordersTable() })(request));
