import * as z from 'zod';
import { type UndeliveredReason, undeliveredReasonSchema } from '../customers/contacts.ts';
import { type Company, type Decision, type MailRequest, toDepartment } from '../findings/decision.ts';
import type { MailIntent } from '../mail.ts';
import type { OrderContent, OrderRecord } from './order.ts';

/** A mail about an order that did not arrive, or that its reader called unwanted. */
export type Undelivered = Pick<MailIntent, 'template' | 'event' | 'recipient'> & {
  reason: UndeliveredReason;
};

const contactRoles = ['CUSTOMER', 'PARTNER', 'INVOICE', 'WAREHOUSE', 'FINANCE', 'DESK'] as const;
export const contactRoleSchema = z.enum(contactRoles);
export type ContactRole = z.infer<typeof contactRoleSchema>;

type Departments = Pick<Company, 'warehouseEmail' | 'financeEmail' | 'deskEmail'>;

/** Where a contact of an order is written to; undefined when it has none. */
export const addressOf = (
  role: ContactRole,
  { customerEmail, partnerEmail, invoiceRequest }: OrderContent,
  { warehouseEmail, financeEmail, deskEmail }: Departments,
): string | undefined => {
  switch (role) {
    case 'CUSTOMER':
      return customerEmail;
    case 'PARTNER':
      return partnerEmail;
    case 'INVOICE':
      return invoiceRequest?.email;
    case 'WAREHOUSE':
      return warehouseEmail;
    case 'FINANCE':
      return financeEmail;
    case 'DESK':
      return deskEmail;
    default:
      return role satisfies never;
  }
};

const eventType = 'order.contact_bounced';
const dataSchema = z.object({
  template: z.string(),
  mail: z.string(),
  to: contactRoleSchema,
  reason: undeliveredReasonSchema,
});

/** Who else may be told what a contact was to hear. */
const standIns: Readonly<Partial<Record<ContactRole, readonly ContactRole[]>>> = {
  CUSTOMER: ['PARTNER'],
  INVOICE: ['CUSTOMER', 'PARTNER'],
};

/** Mails of an order that came back before, as its events tell. */
const earlierOf = ({ events }: OrderRecord): z.infer<typeof dataSchema>[] =>
  events.filter(({ type }) => type === eventType).map(({ data }) => dataSchema.parse(data));

/** A customer whose address was corrected, or let pass, may be told of anew. */
const isKnownToFail = (order: OrderRecord, role: ContactRole): boolean =>
  role === 'CUSTOMER' ? order.state.contactBounced : earlierOf(order).some(({ to }) => to === role);

/** The mail once more, to another contact that has not had it. */
const toStandIn = (
  order: OrderRecord,
  { template, event, recipient, reason }: Undelivered,
  to: ContactRole,
  desk: Company,
): { role: ContactRole; mail: MailRequest } | undefined => {
  const copies = order.mails.filter((mail) => mail.template === template && mail.event === event);
  const sent = copies.find((mail) => mail.recipient === recipient);
  if (!sent || reason !== 'BOUNCED') return undefined;
  for (const role of standIns[to] ?? []) {
    const address = addressOf(role, order.content, desk);
    if (!address || isKnownToFail(order, role)) continue;
    return copies.some((mail) => mail.recipient === address)
      ? undefined
      : { role, mail: { template, recipient: address, language: sent.language, data: sent.data } };
  }
  return undefined;
};

/**
 * What follows from a mail that did not arrive: one event, the desk told once of each contact, and the mail sent to another
 * contact of the order that has not had it. Undefined when it is on file, or the address is the order's no longer. Nothing
 * blocks: an order on hold asks elsewhere from now on, and the next one is held by its audit.
 */
export const decideContactBounced = (
  order: OrderRecord,
  undelivered: Undelivered,
  actor: string,
  desk: Company,
): Decision | undefined => {
  const { template, event: mail, recipient, reason } = undelivered;
  const to = contactRoles.find((role) => addressOf(role, order.content, desk) === recipient);
  const isOnFile = earlierOf(order).some(
    (one) => one.template === template && one.mail === mail && one.to === to && one.reason === reason,
  );
  if (to === undefined || isOnFile) return undefined;
  const standIn = toStandIn(order, undelivered, to, desk);
  const told = { to, reason, template, mail, ...(standIn && { sentTo: standIn.role }) };
  const tellsDesk = to !== 'DESK' && !isKnownToFail(order, to);
  return {
    event: { type: eventType, actor, data: told },
    ...(to === 'CUSTOMER' && { facts: { contactBounced: true } }),
    mails: [
      ...(standIn ? [standIn.mail] : []),
      ...(tellsDesk ? [toDepartment(desk, 'desk', 'contact-bounced', told)] : []),
    ],
  };
};
