import type { OrderRecord } from '../../../domain/orders/order.ts';
import { isLegalTransition, type Status } from '../../../domain/orders/status.ts';
import { coveredAmount, shortfallOf } from '../../../domain/payments/write-off.ts';
import { toleranceOf } from '../../../domain/pricing/tolerance.ts';
import { isPrepaid } from '../../../domain/submissions/order-schema.ts';
import { type Desk, repeated } from './desk-view.ts';

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

const events = ({ state, events: found }: OrderRecord): string[] => {
  const sequences = found.map(({ sequence }) => sequence);
  const isGapless = sequences.every((sequence, index) => sequence === index + 1);
  const broken: string[] = [];
  if (!isGapless || sequences.length !== state.eventCount)
    broken.push(`has events ${sequences.join(', ')}, not 1 to ${state.eventCount}`);
  if (state.version !== state.eventCount)
    broken.push(`is at version ${state.version} after ${state.eventCount} events`);
  let status: Status | undefined;
  for (const { sequence, from, to } of found) {
    if (from !== status && to !== undefined)
      broken.push(`event ${sequence} leaves ${from}, but the order was ${status}`);
    if (from !== undefined && to !== undefined && !isLegalTransition(from, to))
      broken.push(`event ${sequence} goes from ${from} to ${to}`);
    status = to ?? status;
  }
  if (status !== state.status) broken.push(`is ${state.status}, its events end at ${status}`);
  return broken;
};

const money = ({ state, content, payments }: OrderRecord): string[] => {
  const { amounts, lines, pricesIncludeTax, terms } = content;
  const { lineExtensionAmount, allowanceTotal, chargeTotal, taxAmount, taxes, payableAmount } = amounts;
  const equal = (what: string, amount: number, ...others: number[]) =>
    others.every((other) => other === amount) ? [] : [`${what}: ${[amount, ...others].join(' is not ')}`];
  const owed =
    sum(lines.map(({ lineAmountMinor }) => lineAmountMinor)) -
    allowanceTotal +
    chargeTotal +
    (pricesIncludeTax ? 0 : taxAmount);
  const isReleased = !['RECEIVED', 'ON_HOLD', 'PENDING_PAYMENT', 'CANCELLED', 'REJECTED'].includes(
    state.status,
  );
  const isUnpaid =
    isPrepaid(state.paymentMethod) && shortfallOf(state) > toleranceOf(terms, state.payableAmount);
  return [
    ...equal('sum of lines', lineExtensionAmount, sum(lines.map(({ lineAmountMinor }) => lineAmountMinor))),
    ...equal('tax', taxAmount, sum(taxes.map((tax) => tax.taxAmount))),
    ...equal('payable amount', state.payableAmount, payableAmount, owed),
    ...equal('received amount', state.receivedAmount, sum(payments.map(({ amountMinor }) => amountMinor))),
    ...(state.writtenOffAmount > 0 ? equal('paid and written off', coveredAmount(state), owed) : []),
    ...(isReleased && isUnpaid ? [`is ${state.status} with ${state.receivedAmount} of ${owed} paid`] : []),
  ];
};

const parcels = ({ state, content, shipments }: OrderRecord): string[] => {
  const shipped = content.lines.map(
    ({ lineId }) =>
      [
        lineId,
        sum(
          shipments.flatMap(({ lines }) =>
            lines.filter((line) => line.lineId === lineId).map(({ quantity }) => quantity),
          ),
        ),
      ] as const,
  );
  const delivered = shipments.filter(({ events: scans }) => scans.some(({ type }) => type === 'DELIVERED'));
  const { sent, delivered: counted } = state.parcels;
  return [
    ...(sent === shipments.length ? [] : [`counts ${sent} parcels and has ${shipments.length}`]),
    ...(counted === delivered.length
      ? []
      : [`counts ${counted} delivered parcels and has ${delivered.length}`]),
    ...shipped
      .filter(([lineId, quantity]) => (state.shipped[lineId] ?? 0) !== quantity)
      .map(
        ([lineId, quantity]) => `line ${lineId}: ${state.shipped[lineId]} shipped, ${quantity} in parcels`,
      ),
    ...content.lines
      .filter(({ lineId, quantity }) => (state.shipped[lineId] ?? 0) > quantity)
      .map(({ lineId }) => `line ${lineId}: more shipped than ordered`),
  ];
};

const invoice = ({ state, events: found }: OrderRecord, documents: readonly string[]): string[] => {
  const issued = found.filter(({ type }) => type === 'invoice.issued');
  const printed = documents.filter(
    (key) => key.startsWith(`orders/${state.orderNumber}/`) && key.endsWith('.pdf'),
  );
  const { invoiceNumber, documentKey } = state.invoice ?? {};
  if (state.status === 'COMPLETED' && !invoiceNumber) return ['is completed without an invoice'];
  const named = issued.map(({ data }) => String(data.invoiceNumber));
  return [
    ...(named.join() === (invoiceNumber ?? '')
      ? []
      : [`has the invoice ${invoiceNumber}, its events issue ${named.join(' and ') || 'none'}`]),
    ...(!invoiceNumber || printed.join() === documentKey
      ? []
      : [`has the invoice ${documentKey}, its documents are ${printed.join(' and ') || 'none'}`]),
  ];
};

/** I5: events whole and in order, and the same money on lines, order, payments and invoice. */
export const historyIsWhole = ({ orders, documents }: Desk): string[] => [
  ...orders.flatMap((order) =>
    [...events(order), ...money(order), ...parcels(order), ...invoice(order, documents)].map(
      (fault) => `${order.state.orderNumber} ${fault}`,
    ),
  ),
  ...repeated(
    orders.filter(({ state }) => state.invoice),
    ({ state }) => state.invoice?.invoiceNumber ?? '',
  ).map(
    ([number, same]) =>
      `${number} is the invoice of ${same.map(({ state }) => state.orderNumber).join(' and ')}`,
  ),
];
