import type { OrderContent } from '../../domain/order.ts';
import type { Partner } from '../../domain/partner.ts';
import type { Company } from './mail-model.ts';

/** Where mails to the customer go: the order's contact, else the partner. */
export const customerEmail = (content: OrderContent, partner: Partner): string | undefined =>
  content.buyer.contact.email ?? partner.notifyEmail;

/** Where the invoice goes. */
export const invoiceEmail = (content: OrderContent, partner: Partner): string | undefined =>
  content.invoiceRequest?.email ?? customerEmail(content, partner);

/** Mail goes only to addresses that the order, its partner or the company gave: an intent cannot make us a relay. */
export const isOnFile = (
  recipient: string,
  { content, partner, company }: { content?: OrderContent | undefined; partner: Partner; company: Company },
): boolean =>
  [
    content?.buyer.contact.email,
    content?.invoiceRequest?.email,
    partner.notifyEmail,
    company.deskEmail,
    company.warehouseEmail,
    company.financeEmail,
  ].includes(recipient);
