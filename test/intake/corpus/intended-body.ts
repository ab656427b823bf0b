import type { IntendedLine, IntendedOrder } from './intended-orders.ts';

const lineBody = (line: IntendedLine, index: number) => ({
  lineId: String(index + 1),
  ...(line.item.sku && { sku: line.item.sku }),
  ...(line.item.buyerItemCode && { buyerItemId: line.item.buyerItemCode }),
  ...(line.item.gtin && { gtin: line.item.gtin }),
  name: line.name,
  ...(line.specification && { specification: line.specification }),
  quantity: Number(line.quantity),
  unitCode: line.unit.code,
  unitPrice: line.unitPrice,
  ...(line.discountPercent && { discount: { type: 'PERCENT', value: line.discountPercent } }),
  ...(line.remarks && { note: line.remarks }),
});

/** The JSON that an order should become, written out by hand from the contract and not by the code that is tested. */
export const intendedBody = (order: IntendedOrder) => ({
  customerOrderReference: order.reference,
  ...(order.orderDate && { issueDate: `${order.orderDate}T00:00:00+08:00` }),
  ...(order.orderType && { orderType: order.orderType.code }),
  currency: 'CNY',
  buyer: {
    ...(order.customerId && { customerId: order.customerId }),
    name: order.customerName,
    contact: { name: order.contactName, telephone: order.phone.e164, email: order.email },
  },
  delivery: {
    recipientName: order.contactName,
    telephone: order.phone.e164,
    address: {
      line1: order.address,
      ...(order.place.district && { district: order.place.district }),
      city: order.place.city,
      region: order.place.region,
      postalCode: order.place.postalCode,
      countryCode: 'CN',
    },
    requestedDate: order.requestedDate,
  },
  payment: { method: order.payment.code },
  lines: order.lines.map(lineBody),
  ...(order.metadata && { metadata: order.metadata }),
  ...(order.taxId && {
    invoiceRequest: { titleType: 'ORGANIZATION', title: '示例抬头', taxpayerId: order.taxId },
  }),
});
