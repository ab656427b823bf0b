import type { OrderRecord, StoredFinding } from '../orders/order.ts';
import { isHeldByFault } from '../orders/retry-fault.ts';
import { type Company, type Decision, type MailRequest, toCustomer, toDepartment } from './decision.ts';
import { questionsFor } from './finding-audience.ts';
import { isOpenQuestion } from './findings.ts';

type Asked = Pick<OrderRecord, 'state' | 'content' | 'findings'>;

/** True while mail to an order's customer does not arrive, as far as is known. */
const isOutOfReach = ({ state, findings }: Pick<Asked, 'state' | 'findings'>): boolean =>
  state.contactBounced ||
  findings.some(
    (finding) =>
      isOpenQuestion(finding) && (finding.code === 'CONTACT_BOUNCED' || finding.code === 'EMAIL_INVALID'),
  );

/** Open questions that the desk sees to: those for sales and staff, and the customer's own while mail does not reach it. */
export const questionsForDesk = (order: Pick<Asked, 'state' | 'findings'>): StoredFinding[] =>
  questionsFor(order.findings, 'sales', 'staff', ...(isOutOfReach(order) ? (['customer'] as const) : []));

/**
 * Each is asked what only they can answer: the customer by a link, the desk for sales and staff. Where mail does not reach the
 * customer, its partner has the link in its place, and the desk is asked too.
 */
export const askingMails = (
  order: Asked,
  template: 'clarification' | 'clarification-reminder',
  company: Company,
): MailRequest[] => {
  const { content, findings } = order;
  const { customerEmail, partnerEmail } = content;
  const standIn = partnerEmail === customerEmail ? undefined : partnerEmail;
  const recipient = isOutOfReach(order) ? standIn : customerEmail;
  const asksCustomer = recipient !== undefined && questionsFor(findings, 'customer').length > 0;
  return [
    ...(asksCustomer ? [{ ...toCustomer(content, template), recipient }] : []),
    ...(questionsForDesk(order).length > 0 ? [toDepartment(company, 'desk', template)] : []),
  ];
};

const hourMs = 3_600_000;

/** A step that is run again finds its own event of a moment ago, and does nothing. */
const wasDone = ({ events, content }: OrderRecord, type: string, now: Date): boolean =>
  events.some(
    (event) =>
      event.type === type &&
      now.getTime() - Date.parse(event.at) < (content.terms.clarificationHours * hourMs) / 4,
  );

/** At half the time: those who have not answered are asked again. */
export const decideReminder = (
  order: OrderRecord,
  actor: string,
  company: Company,
  now: Date,
): Decision | undefined => {
  const { state, findings } = order;
  if (state.status !== 'ON_HOLD' || state.cancellation || isHeldByFault(order)) return undefined;
  const codes = findings.filter(isOpenQuestion).map(({ code }) => code);
  if (codes.length === 0 || wasDone(order, 'order.reminded', now)) return undefined;
  return {
    event: { type: 'order.reminded', actor, data: { codes } },
    mails: askingMails(order, 'clarification-reminder', company),
  };
};

/** The customer has answered, was never asked, or never heard: what is open is ours to settle, and no reason to cancel. */
export const waitsForUs = (order: Pick<OrderRecord, 'state' | 'findings'>): boolean =>
  questionsFor(order.findings, 'customer').length === 0 || isOutOfReach(order);

/** After the deadline of an order that waits for us: the desk is told, and has the same time again. */
export const decideEscalation = (
  order: OrderRecord,
  actor: string,
  company: Company,
  now: Date,
): Decision | undefined => {
  if (wasDone(order, 'order.escalated', now)) return undefined;
  const { findings, content } = order;
  const dueAt = new Date(now.getTime() + content.terms.clarificationHours * hourMs).toISOString();
  const codes = findings.filter(isOpenQuestion).map(({ code }) => code);
  return {
    event: { type: 'order.escalated', actor, data: { codes } },
    findings: findings.map((finding) => (isOpenQuestion(finding) ? { ...finding, dueAt } : finding)),
    mails: [toDepartment(company, 'desk', 'clarification-expired', { outcome: 'ESCALATED' })],
  };
};

/** When the open questions of some findings must be answered; undefined when none is due. */
export const earliestDue = (findings: readonly { dueAt?: string | undefined }[]): string | undefined =>
  findings
    .flatMap(({ dueAt }) => dueAt ?? [])
    .toSorted()
    .at(0);
