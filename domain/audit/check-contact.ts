import { contactsOf } from '../customers/contacts.ts';
import type { Finding } from '../findings/finding.ts';
import type { AuditContext } from './context.ts';

/**
 * Mail to the order's addresses arrives, as far as the last ones told (S09). Held where nothing reaches the customer itself;
 * told where an invoice, or the partner in the customer's place, would hear nothing.
 */
export const checkContact = ({
  order,
  contactMarks,
}: Pick<AuditContext, 'order' | 'contactMarks'>): Finding[] =>
  contactsOf(order).flatMap(({ pointer, email, reachesCustomer }): Finding[] => {
    const mark = contactMarks.get(email);
    if (!mark) return [];
    const { reason, at, subject } = mark;
    return [
      {
        severity: reachesCustomer ? 'HOLD' : 'WARNING',
        code: 'CONTACT_BOUNCED',
        pointer,
        evidence: [{ source: 'MAIL', id: subject ?? '', detail: `${reason} ${at}` }],
      },
    ];
  });
