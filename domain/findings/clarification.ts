import type { OrderRecord } from '../orders/order.ts';
import { isHeldByFault } from '../orders/retry-fault.ts';
import { type Company, type Decision, type MailRequest, toCustomer, toDepartment } from './decision.ts';
import { questionsFor } from './finding-audience.ts';
import { isOpenQuestion } from './findings.ts';

type Asked = Pick<OrderRecord, 'content' | 'findings'>;

/** Each is asked what only they can answer: the customer by a link, the desk for sales and staff. */
export const askingMails = (
  { content, findings }: Asked,
  template: 'clarification' | 'clarification-reminder',
  company: Company,
): MailRequest[] => [
  ...(questionsFor(findings, 'customer').length > 0 ? [toCustomer(content, template)] : []),
  ...(questionsFor(findings, 'sales', 'staff').length > 0 ? [toDepartment(company, 'desk', template)] : []),
];

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

/** The customer has answered, or was never asked: what is open is ours to settle, and no reason to cancel. */
export const waitsForUs = ({ findings }: Pick<OrderRecord, 'findings'>): boolean =>
  questionsFor(findings, 'customer').length === 0;

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
