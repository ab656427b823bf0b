import { contactsOf } from '../customers/contacts.ts';
import type { Finding } from '../findings/finding.ts';
import type { AuditContext } from './context.ts';

type Looked = Pick<AuditContext, 'order' | 'contactMarks' | 'deadAddresses'>;

/**
 * Mail to the order's addresses arrives, as far as their domains and the last mails told (S09). Held where nothing reaches the
 * customer itself; told where an invoice, or the partner in the customer's place, would hear nothing.
 */
export const checkContact = ({ order, contactMarks, deadAddresses }: Looked): Finding[] =>
  contactsOf(order).flatMap(({ pointer, email, reachesCustomer }): Finding[] => {
    const severity = reachesCustomer ? 'HOLD' : 'WARNING';
    if (deadAddresses.includes(email)) return [{ severity, code: 'EMAIL_INVALID', pointer }];
    const mark = contactMarks.get(email);
    if (!mark) return [];
    const { reason, at, subject } = mark;
    return [
      {
        severity,
        code: 'CONTACT_BOUNCED',
        pointer,
        evidence: [{ source: 'MAIL', id: subject ?? '', detail: `${reason} ${at}` }],
      },
    ];
  });
