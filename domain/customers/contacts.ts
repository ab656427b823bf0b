import * as z from 'zod';
import type { OrderContent } from '../orders/order.ts';

/** Why mail to an address does not arrive: its server turned one away for good, or its owner called one unwanted. */
export const undeliveredReasonSchema = z.enum(['BOUNCED', 'COMPLAINED']);
export type UndeliveredReason = z.infer<typeof undeliveredReasonSchema>;

/** What came back of the last mail to an address that did not arrive. */
export const contactMarkSchema = z.object({
  reason: undeliveredReasonSchema,
  at: z.iso.datetime(),
  /** The order, upload or mail that it was about. */
  subject: z.string().optional(),
});
export type ContactMark = z.infer<typeof contactMarkSchema>;

/** An address that mails about an order go to, and where the order says so. */
export type Contact = { pointer: string; email: string; reachesCustomer: boolean };

type Contacts = Pick<OrderContent, 'buyer' | 'invoiceRequest'> & { customerEmail: string };

/** The addresses of an order, each once: the buyer's own, else the partner's that stands in for it, and the invoice's. */
export const contactsOf = ({ buyer, invoiceRequest, customerEmail }: Contacts): Contact[] => {
  const own = buyer.contact.email;
  const all: Contact[] = [
    own === undefined
      ? { pointer: '#/buyer/contact', email: customerEmail, reachesCustomer: false }
      : { pointer: '#/buyer/contact/email', email: own, reachesCustomer: true },
    { pointer: '#/invoiceRequest/email', email: invoiceRequest?.email ?? '', reachesCustomer: false },
  ];
  return all.filter(
    ({ email }, index) => email !== '' && all.findIndex((other) => other.email === email) === index,
  );
};
