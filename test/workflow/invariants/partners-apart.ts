import type { OrderRecord } from '../../../domain/orders/order.ts';
import { type Desk, nameOf } from './desk-view.ts';

const addressesOf = ({ content }: OrderRecord): string[] =>
  [content.customerEmail, content.partnerEmail, content.invoiceRequest?.email].filter(
    (address) => address !== undefined,
  );

const lists = ({ orders, lists: shown }: Desk): string[] =>
  shown.flatMap(({ partnerId, orderNumbers }) => {
    const own = new Set(
      orders.filter(({ state }) => state.partnerId === partnerId).map(({ state }) => state.orderNumber),
    );
    const seen = new Set(orderNumbers);
    return [
      ...orderNumbers
        .filter((orderNumber) => !own.has(orderNumber))
        .map((orderNumber) => `${partnerId} is shown ${orderNumber}, which is not its own`),
      ...[...own]
        .filter((orderNumber) => !seen.has(orderNumber))
        .map((orderNumber) => `${partnerId} is not shown its own ${orderNumber}`),
    ];
  });

/** Departments get mail about any order; an address of another order's customer or partner gets none. */
const recipients = ({ orders, mails }: Desk): string[] => {
  const parties = new Set(orders.flatMap(addressesOf));
  const own = new Map(orders.map((order) => [order.state.orderNumber, addressesOf(order)]));
  return mails
    .filter(({ subject, recipient }) => {
      const addresses = own.get(subject);
      return addresses && parties.has(recipient) && !addresses.includes(recipient);
    })
    .map((mail) => `${nameOf(mail)} tells ${mail.recipient} of an order that is none of theirs`);
};

/** I6: a partner is shown its own orders, all of them and no others, and nobody is told of an order of somebody else. */
export const partnersApart = (desk: Desk): string[] => [
  ...desk.orders
    .filter(({ state }) => desk.states.get(state.orderNumber)?.orderPartnerId !== state.partnerId)
    .map(
      ({ state }) => `${state.orderNumber} is listed for another partner: ORDER#${state.orderNumber} STATE`,
    ),
  ...lists(desk),
  ...recipients(desk),
];
