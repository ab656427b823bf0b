import canonicalize from 'canonicalize';
import * as z from 'zod';
import type { Company } from '../../domain/findings/decision.ts';
import { type OrderRecord, type OrderState, paymentStatusOf } from '../../domain/orders/order.ts';
import { statuses } from '../../domain/orders/status.ts';
import { type Payment, paymentNoticeSchema, paymentSchema } from '../../domain/payments/payment.ts';
import { decidePayment } from '../../domain/payments/record-payment.ts';
import { settleDebt } from '../../domain/payments/settle-debt.ts';
import { actorName } from '../../domain/permissions.ts';
import { fitsCurrency, toMinor } from '../../domain/values/money.ts';
import { changeOrder } from '../shared/change-order.ts';
import { company } from '../shared/company.ts';
import { type HttpAnswer, type HttpRequest, httpHandler, parseBody } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { orderResourceSchema } from '../shared/order-resource-schema.ts';
import { orderKey } from '../shared/order-rows.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { HttpProblem, validationFailed } from '../shared/problem.ts';
import { type StockTable, stockTable } from '../shared/stock-table.ts';
import { orderForNotice } from '../shared/visible-order.ts';
import { type OrderWaits, orderWaits } from '../shared/waits.ts';

const recordedSchema = z.object({
  paymentId: z.string(),
  orderNumber: z.string(),
  status: z.enum(statuses),
  paymentStatus: orderResourceSchema.shape.paymentStatus,
});

export const operation = {
  summary: 'Records a payment; for payment providers and finance',
  body: paymentNoticeSchema,
  answers: {
    200: { description: 'The payment is on file already', schema: recordedSchema },
    201: { description: 'The payment is recorded', schema: recordedSchema },
  },
  problems: ['conflict'],
} satisfies Operation;

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  waits: Pick<OrderWaits, 'wake'>;
  stock: Pick<StockTable, 'giveBackToAccount'>;
  company: () => Company;
  now?: () => Date;
};

const readPayment = (value: unknown, { state }: OrderRecord, now: Date): Payment => {
  const { amount, currency, receivedAt, ...notice } = parseBody(paymentNoticeSchema, value);
  if (currency !== state.currency)
    throw validationFailed([
      { code: 'CURRENCY_NOT_ALLOWED', pointer: '#/currency', value: currency, expected: state.currency },
    ]);
  if (!fitsCurrency(amount, currency))
    throw validationFailed([{ code: 'FORMAT_INVALID', pointer: '#/amount', value: amount }]);
  return paymentSchema.parse({
    ...notice,
    amountMinor: toMinor(amount, currency),
    currency,
    receivedAt: receivedAt ?? now.toISOString(),
  });
};

const isSame = (a: Payment, b: Payment): boolean =>
  canonicalize({ ...a, receivedAt: '' }) === canonicalize({ ...b, receivedAt: '' });

const answer = (status: number, state: OrderState, { paymentId }: Payment): HttpAnswer => ({
  status,
  body: {
    paymentId,
    orderNumber: state.orderNumber,
    status: state.status,
    paymentStatus: paymentStatusOf(state),
  },
});

/** POST /v1/orders/{orderNumber}/payments: 201, or 200 when this payment is on file already. */
export const createRecordPayment =
  ({ orders, waits, stock, company, now = () => new Date() }: Deps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const order = await orderForNotice(request, 'payment', orders);
    const { orderNumber } = order.state;
    const payment = readPayment(request.json().value, order, now());
    const actor = actorName(request.principal);
    const decide = (current: OrderRecord) => {
      const known = current.payments.find(({ paymentId }) => paymentId === payment.paymentId);
      if (known && !isSame(known, payment))
        throw new HttpProblem('conflict', { paymentId: payment.paymentId });
      if (known) return undefined;
      const row = {
        pk: orderKey(orderNumber),
        sk: `PAYMENT#${payment.paymentId}`,
        entity: 'PAYMENT',
        ...payment,
      };
      const decision = decidePayment(current, payment, actor, company(), now());
      const settled = settleDebt(current, decision, payment);
      return {
        ...decision,
        facts: { ...decision.facts, ...settled?.facts },
        newRows: [row],
        ...(settled && { also: stock.giveBackToAccount(settled.paid, current.state.currency) }),
      };
    };
    const changed = await changeOrder(orders, orderNumber, decide, now(), order);
    await waits.wake(orderNumber);
    return changed.outcome === 'changed'
      ? answer(201, changed.state, payment)
      : answer(200, changed.order.state, payment);
  };

export const handler = httpHandler((request) => {
  const orders = ordersTable();
  return createRecordPayment({ orders, waits: orderWaits(orders), stock: stockTable(), company })(request);
});
