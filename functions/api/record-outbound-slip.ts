import canonicalize from 'canonicalize';
import * as z from 'zod';
import type { Company } from '../../domain/findings/decision.ts';
import {
  checkOutboundSlip,
  type OutboundSlip,
  outboundSlipSchema,
  type StoredSlip,
} from '../../domain/fulfilment/outbound-slip.ts';
import { decideOutboundSlip, slipStatuses } from '../../domain/fulfilment/record-outbound-slip.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { actorName } from '../../domain/permissions.ts';
import { changeOrder } from '../shared/change-order.ts';
import { company } from '../shared/company.ts';
import { type HttpAnswer, type HttpRequest, httpHandler, parseBody } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { orderKey } from '../shared/order-rows.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { HttpProblem, illegalTransition } from '../shared/problem.ts';
import { orderForNotice } from '../shared/visible-order.ts';
import { type OrderWaits, orderWaits } from '../shared/waits.ts';

const checkedSchema = z.object({
  slipId: z.string(),
  orderNumber: z.string(),
  result: z.enum(['MATCHED', 'MISMATCH']),
  differences: z.array(
    z.object({ pointer: z.string(), slip: z.string().optional(), order: z.string().optional() }),
  ),
});

export const operation = {
  summary: 'Checks the warehouse’s slip against the order; for warehouses',
  body: outboundSlipSchema,
  answers: {
    200: { description: 'The slip is on file already', schema: checkedSchema },
    201: { description: 'The slip is recorded, with every difference', schema: checkedSchema },
  },
  problems: ['conflict', 'illegal-transition'],
} satisfies Operation;

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  waits: Pick<OrderWaits, 'wake'>;
  company: () => Company;
  now?: () => Date;
};

const slipOnFile = ({ slips }: OrderRecord, slip: OutboundSlip): StoredSlip | undefined => {
  const known = slips.find((stored) => stored.slip.slipId === slip.slipId);
  if (known && canonicalize(known.slip) !== canonicalize(slip))
    throw new HttpProblem('conflict', { slipId: slip.slipId });
  return known;
};

/** POST /v1/orders/{orderNumber}/outbound-slips: the slip is checked as it arrives; the answer names every difference. */
export const createRecordOutboundSlip =
  ({ orders, waits, company, now = () => new Date() }: Deps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const order = await orderForNotice(request, 'outbound-slip', orders);
    const { orderNumber } = order.state;
    const slip = parseBody(outboundSlipSchema, request.json().value);
    const check = checkOutboundSlip(slip, order.content);
    const findings = check.outcome === 'MISMATCH' ? check.findings : [];
    const decide = (current: OrderRecord) => {
      if (slipOnFile(current, slip)) return undefined;
      if (!slipStatuses.includes(current.state.status)) throw illegalTransition(current.state.status);
      const stored: StoredSlip = { slip, receivedAt: now().toISOString(), outcome: check.outcome, findings };
      const row = { pk: orderKey(orderNumber), sk: `SLIP#${slip.slipId}`, entity: 'SLIP', ...stored };
      return {
        ...decideOutboundSlip(current, slip, check, actorName(request.principal), company(), now()),
        newRows: [row],
      };
    };
    const changed = await changeOrder(orders, orderNumber, decide, now(), order);
    await waits.wake(orderNumber);
    return {
      status: changed.outcome === 'changed' ? 201 : 200,
      body: {
        slipId: slip.slipId,
        orderNumber,
        result: check.outcome,
        differences: findings.map(({ pointer, value, expected }) => ({
          pointer,
          slip: value,
          order: expected,
        })),
      },
    };
  };

export const handler = httpHandler((request) => {
  const orders = ordersTable();
  return createRecordOutboundSlip({ orders, waits: orderWaits(orders), company })(request);
});
