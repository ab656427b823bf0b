import type { UndeliveredReason } from '../../domain/customers/contacts.ts';
import type { Company } from '../../domain/findings/decision.ts';
import { decideContactBounced } from '../../domain/orders/contact-bounced.ts';
import { isOrderNumber } from '../../domain/orders/order-number.ts';
import { changeOrder } from '../shared/change-order.ts';
import { company } from '../shared/company.ts';
import { logger } from '../shared/logger.ts';
import { type MailOutbox, mailOutbox } from '../shared/mail-outbox.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { workflowActor } from '../shared/step-input.ts';
import { type MailFeedback, mailFeedbackSchema } from './mail-feedback.ts';

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change' | 'markContact'>;
  outbox: Pick<MailOutbox, 'markFeedback'>;
  company: () => Company;
  now?: () => Date;
};

/** What a report means for the address; undefined when it says nothing of it. */
const reasonOf = (feedback: MailFeedback): UndeliveredReason | undefined => {
  if (feedback.eventType === 'Complaint')
    return feedback.complaint.complaintFeedbackType === 'not-spam' ? undefined : 'COMPLAINED';
  return feedback.bounce.bounceType === 'Permanent' ? 'BOUNCED' : undefined;
};

const toldAt = (feedback: MailFeedback): string =>
  new Date(
    (feedback.eventType === 'Complaint' ? feedback.complaint : feedback.bounce).timestamp,
  ).toISOString();

/**
 * Stores what SES reports of a mail: the address that mail does not arrive at, the mail that did not, and what follows for its
 * order. Each is written once however often and in whatever order reports come.
 */
export const createRecordMailFeedback =
  ({ orders, outbox, company, now = () => new Date() }: Deps) =>
  async (feedback: MailFeedback) => {
    const { recipient, messageId, about } = feedback.mail;
    const reason = reasonOf(feedback);
    if (!reason) {
      logger.info('mail feedback passed over', { messageId, type: feedback.eventType, ...about });
      return { outcome: 'passed over' };
    }
    const mark = { reason, at: toldAt(feedback) };
    await orders.markContact(recipient, { ...mark, ...(about && { subject: about.subject }) });
    if (!about) return { outcome: 'marked' };
    await outbox.markFeedback({ ...about, recipient }, mark);
    if (isOrderNumber(about.subject)) {
      const undelivered = { ...about, recipient, reason };
      await changeOrder(
        orders,
        about.subject,
        (order) => decideContactBounced(order, undelivered, workflowActor, company()),
        now(),
      );
    }
    logger.warn('mail came back', { messageId, reason, ...about });
    return { outcome: 'recorded' };
  };

export const handler = stepHandler(mailFeedbackSchema, (feedback) =>
  createRecordMailFeedback({ orders: ordersTable(), outbox: mailOutbox(), company })(feedback),
);
