import { type DocumentsBucket, documentsBucket } from '../shared/documents.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { orderResource } from '../shared/order-resource.ts';
import { orderResourceSchema } from '../shared/order-resource-schema.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { visibleOrder } from '../shared/visible-order.ts';

export const operation = {
  summary: 'Reads an order',
  answers: {
    200: { description: 'The order', schema: orderResourceSchema, headers: { ETag: 'Its version' } },
  },
} satisfies Operation;

type Deps = { orders: Pick<OrdersTable, 'read'>; documents: Pick<DocumentsBucket, 'link'> };

const linkSeconds = 900;

/** GET /v1/orders/{orderNumber}: the order, with an ETag of its version and a link to its invoice for 15 minutes. */
export const createReadOrder =
  ({ orders, documents }: Deps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const order = await visibleOrder(request, orders);
    const { invoice, version } = order.state;
    const invoiceUrl =
      invoice && (await documents.link(invoice.documentKey, linkSeconds, `${invoice.invoiceNumber}.pdf`));
    return {
      status: 200,
      body: orderResource(order, request.language, invoiceUrl),
      headers: { ETag: `"${version}"` },
    };
  };

export const handler = httpHandler((request) =>
  createReadOrder({ orders: ordersTable(), documents: documentsBucket() })(request),
);
