import { findingSentence } from '../../domain/findings/finding-messages.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { isOrderNumber } from '../../domain/orders/order-number.ts';
import { toDecimal } from '../../domain/values/money.ts';
import { ordersTable } from '../../functions/shared/orders-table.ts';
import { Refusal } from '../refusal.ts';
import type { Target } from '../targets.ts';

/** An order with everything on file about it. Throws Refusal. */
export const showOrder = async ({ dynamodb, tables }: Target, orderNumber: string): Promise<OrderRecord> => {
  if (!isOrderNumber(orderNumber))
    throw new Refusal(`${orderNumber} is not an order number: its form or check digit is wrong.`);
  const record = await ordersTable(dynamodb, () => tables.orders).read(orderNumber);
  if (!record) throw new Refusal(`There is no order ${orderNumber}.`);
  return record;
};

/** The order as lines of text: what it is, what is open, what happened. */
export const describeOrder = ({ state, content, findings, events, mails }: OrderRecord): string => {
  const open = findings.filter((finding) => finding.open);
  return [
    `${state.orderNumber}  ${state.status} since ${state.statusSince}`,
    `  ${state.partnerId}, ${state.customerOrderReference}, ${content.buyer.name}`,
    `  ${content.lines.length} lines, ${toDecimal(state.payableAmount, state.currency)} ${state.currency}, ${state.paymentMethod}`,
    ...open.map(
      (finding) => `  open: ${finding.code} at ${finding.pointer}: ${findingSentence(finding, 'en')}`,
    ),
    ...events.map(
      ({ at, type, actor, from, to }) => `  ${at}  ${type}${to ? ` ${from ?? ''} → ${to}` : ''}  by ${actor}`,
    ),
    ...mails.map(
      ({ template, recipient, state: mailState }) => `  mail ${template} to ${recipient}: ${mailState}`,
    ),
  ].join('\n');
};
