import { type Company, type Decision, toCustomer } from '../../domain/findings/decision.ts';
import type { OrderRecord, OrderState } from '../../domain/orders/order.ts';
import { invoiceNumberOf } from '../../domain/orders/order-number.ts';
import { invoiceFont } from '../invoice/invoice-font.ts';
import type { InvoiceInput } from '../invoice/invoice-model.ts';
import { renderInvoice } from '../invoice/render-invoice.ts';
import { changeOrder } from '../shared/change-order.ts';
import { Fatal } from '../shared/classify-error.ts';
import { company } from '../shared/company.ts';
import { type DocumentsBucket, documentsBucket } from '../shared/documents.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { orderInput, workflowActor } from '../shared/step-input.ts';

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  documents: Pick<DocumentsBucket, 'put'>;
  render: (invoice: InvoiceInput) => Promise<Buffer>;
  company: () => Company;
  now?: () => Date;
};

const decideInvoice = ({ content }: OrderRecord, invoice: NonNullable<OrderState['invoice']>): Decision => {
  const mail = toCustomer(content, 'invoice-issued');
  return {
    event: { type: 'invoice.issued', actor: workflowActor, data: { invoiceNumber: invoice.invoiceNumber } },
    facts: { invoice },
    mails: [{ ...mail, recipient: content.invoiceRequest?.email ?? mail.recipient }],
  };
};

/**
 * Issues the order's one invoice: document stored, then number, event and mail in one transaction. The number follows
 * from the order's, so a repeat after a crash makes the same document again.
 */
export const createIssueInvoice =
  ({ orders, documents, render, company, now = () => new Date() }: Deps) =>
  async ({ orderNumber }: { orderNumber: string }) => {
    const order = await orders.read(orderNumber);
    if (!order) throw new Fatal(`no order ${orderNumber}`);
    const invoiceNumber = invoiceNumberOf(orderNumber);
    if (!order.state.invoice) {
      const documentKey = `orders/${orderNumber}/${invoiceNumber}.pdf`;
      const invoice = { invoiceNumber, issuedAt: now().toISOString(), documentKey };
      await documents.put(
        documentKey,
        await render({ order, ...invoice, company: company() }),
        'application/pdf',
      );
      const decide = (current: OrderRecord) =>
        current.state.invoice ? undefined : decideInvoice(current, invoice);
      await changeOrder(orders, orderNumber, decide, now(), order);
    }
    const deliveryTimeoutSeconds = order.content.terms.autoCompleteDays * 86_400;
    return { outcome: 'issued', invoiceNumber, deliveryTimeoutSeconds };
  };

export const handler = stepHandler(orderInput, async (input) =>
  createIssueInvoice({
    orders: ordersTable(),
    documents: documentsBucket(),
    render: async (invoice) => renderInvoice({ ...invoice, font: await invoiceFont() }),
    company,
  })(input),
);
