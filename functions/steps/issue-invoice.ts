import { dayIn } from '../../domain/calendar.ts';
import { type Company, type Decision, toCustomer } from '../../domain/decision.ts';
import type { OrderRecord } from '../../domain/order.ts';
import { formatInvoiceNumber } from '../../domain/order-number.ts';
import { invoiceFont } from '../invoice/invoice-font.ts';
import type { InvoiceInput } from '../invoice/invoice-model.ts';
import { renderInvoice } from '../invoice/render-invoice.ts';
import { changeOrder } from '../shared/change-order.ts';
import { Fatal, Retryable } from '../shared/classify-error.ts';
import { company } from '../shared/company.ts';
import { type DocumentsBucket, documentsBucket } from '../shared/documents.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { orderInput, workflowActor } from '../shared/step-input.ts';

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change' | 'nextNumbers'>;
  documents: Pick<DocumentsBucket, 'put'>;
  render: (invoice: InvoiceInput) => Promise<Buffer>;
  company: () => Company;
  now?: () => Date;
};

const recipientOf = ({ content }: OrderRecord) => {
  const mail = toCustomer(content, 'invoice-issued');
  return { ...mail, recipient: content.invoiceRequest?.email ?? mail.recipient };
};

/**
 * Gives the order its one invoice number, then stores the document and mails it. The number is on file before the
 * document is made, so a repeat after a crash makes the same invoice again.
 */
export const createIssueInvoice = ({ orders, documents, render, company, now = () => new Date() }: Deps) => {
  const numbered = async (order: OrderRecord): Promise<OrderRecord> => {
    if (order.state.invoice) return order;
    const { orderNumber } = order.state;
    const day = dayIn(company().timeZone, now());
    const invoiceNumber = formatInvoiceNumber(day, await orders.nextNumbers(`INVOICE#${day}`));
    const invoice = {
      invoiceNumber,
      issuedAt: now().toISOString(),
      documentKey: `orders/${orderNumber}/${invoiceNumber}.pdf`,
    };
    const decide = ({ state }: OrderRecord): Decision | undefined =>
      state.invoice
        ? undefined
        : {
            event: { type: 'invoice.numbered', actor: workflowActor, data: { invoiceNumber } },
            facts: { invoice },
          };
    await changeOrder(orders, orderNumber, decide, now(), order);
    const after = await orders.read(orderNumber);
    if (!after?.state.invoice) throw new Retryable(`invoice number of ${orderNumber} not on file`);
    return after;
  };

  const decideIssued = ({ events, state, content, ...rest }: OrderRecord): Decision | undefined =>
    events.some(({ type }) => type === 'invoice.issued')
      ? undefined
      : {
          event: {
            type: 'invoice.issued',
            actor: workflowActor,
            data: { invoiceNumber: state.invoice?.invoiceNumber },
          },
          mails: [recipientOf({ events, state, content, ...rest })],
        };

  return async ({ orderNumber }: { orderNumber: string }) => {
    const read = await orders.read(orderNumber);
    if (!read) throw new Fatal(`no order ${orderNumber}`);
    const order = await numbered(read);
    const { invoice } = order.state;
    if (!invoice) throw new Fatal(`no invoice number for ${orderNumber}`);
    if (!order.events.some(({ type }) => type === 'invoice.issued')) {
      await documents.put(
        invoice.documentKey,
        await render({ order, ...invoice, company: company() }),
        'application/pdf',
      );
      await changeOrder(orders, orderNumber, decideIssued, now(), order);
    }
    return {
      outcome: 'issued',
      invoiceNumber: invoice.invoiceNumber,
      deliveryTimeoutSeconds: order.content.terms.autoCompleteDays * 86_400,
    };
  };
};

export const handler = stepHandler(orderInput, async (input) =>
  createIssueInvoice({
    orders: ordersTable(),
    documents: documentsBucket(),
    render: async (invoice) => renderInvoice({ ...invoice, font: await invoiceFont() }),
    company,
  })(input),
);
